//! What was promised: a policy that has been checked, typed and compiled, and so cannot be wrong any more.
//!
//! The only way to a [`Policy`] is [`check::check`]. This room never evaluates.

pub mod check;
pub mod checkpoints;
pub mod decode;
pub mod document;
pub mod draft;
pub mod lint;
pub mod process;
pub mod proof;
pub mod template;
pub mod waiver;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::calendar::{Calendar, Lasting};
use crate::expr::value::Value;
use crate::expr::{Compiled, Window};
use crate::snapshot::Layout;
use crate::source::Position;
use crate::verdict::Effect;
pub use checkpoints::{Checkpoints, Times};
pub use process::{After, Duty, Hit, Matrix, Need, Plan, Role, Row};
pub use proof::{Due, DueFrom, During, Proof};
pub use template::Template;
pub use waiver::Waiver;

/// A policy that can be evaluated.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: Arc<str>,
    /// The file it was read from, as it was given.
    pub path: Arc<str>,
    /// SHA-256 of the file, `sha256:…`.
    pub digest: String,
    /// The slots of everything its expressions can read.
    pub layout: Layout,
    /// The parameters in force.
    pub params: BTreeMap<Arc<str>, Value>,
    /// Parameters without a value: neither a default nor a setting. No verdict without them.
    pub unset: Vec<Arc<str>>,
    /// Who there is; none: not listed, anybody can say to have any role.
    pub roles: Option<Vec<Role>>,
    /// How urgent something can be, most urgent first.
    pub severities: Vec<Severity>,
    /// What else asks for people, whatever the verdict.
    pub escalation: Vec<Matrix>,
    /// Where a rollback goes: the first row that applies.
    pub rollback_plan: Vec<Plan>,
    /// What is to be done after a verdict on any stage.
    pub after: After,
    /// When things may be done, by name.
    pub calendars: Vec<Arc<Calendar>>,
    /// The stages in order, abstract ones included.
    pub stages: Vec<Stage>,
    /// The slot of the item of a `for_each`: one past the layout's.
    pub item_slot: usize,
    /// What its expressions look back at, in the order of their slots: the first lies behind the item's.
    pub windows: Vec<Arc<Window>>,
    /// Where its named expressions stand, by the name as expressions write it.
    pub named: Vec<(Arc<str>, Position)>,
}

/// A stage with all its rules, those taken over included.
#[derive(Debug)]
pub struct Stage {
    /// Its name; `default` in a policy without stages.
    pub name: Arc<str>,
    /// Only there to be extended: never judged.
    pub is_abstract: bool,
    /// The share of traffic it may expose, from 0 to 1.
    pub traffic: Option<f64>,
    /// The least time in it.
    pub bake: Option<Lasting>,
    /// The stages that must have gone well first.
    pub needs: Vec<Need>,
    /// The fields of the subject that an audit needs, with their slots.
    pub fields: Vec<(Arc<str>, usize)>,
    /// What is to be done after a verdict on it.
    pub after: After,
    /// Its rules, by effect and id, so that the order written never matters.
    pub rules: Vec<Arc<Rule>>,
    /// Where its name stands.
    pub place: Position,
    /// Where that ends, exclusive.
    pub end: Position,
}

/// A rule that can be evaluated.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the language"
)]
#[derive(Debug)]
pub struct Rule {
    /// Its id.
    pub id: Arc<str>,
    /// The list it stands in.
    pub effect: Effect,
    /// What it is about.
    pub title: Option<Arc<str>>,
    /// The heading it stands under.
    pub group: Option<Arc<str>>,
    /// What proves it.
    pub proof: Proof,
    /// The time it is due.
    pub due: Option<Due>,
    /// Whether a waiver may set it aside.
    pub waivable: bool,
    /// How long it must hold.
    pub hold: Option<Hold>,
    /// The instants it is judged at, where it is not judged now.
    pub at: Option<Checkpoints>,
    /// It applies where all of these are true.
    pub when: Vec<Arc<Compiled>>,
    /// What unknown does.
    pub missing: OnMissing,
    /// Judged and reported, never counted.
    pub watch: bool,
    /// Stays fired until the stage is entered anew.
    pub latch: bool,
    /// An unmet requirement is a hard stop.
    pub on_unmet: bool,
    /// The list it speaks for.
    pub for_each: Option<ForEach>,
    /// The index of its severity.
    pub severity: Option<usize>,
    /// What to do.
    pub action: Option<Arc<str>>,
    /// What to say.
    pub message: Option<Arc<Template>>,
    /// Where the instructions are.
    pub runbook: Option<Arc<str>>,
    /// The rows of the playbook.
    pub cite: Vec<Arc<str>>,
    /// The controls.
    pub controls: Vec<Arc<str>>,
    /// Where the condition stands.
    pub place: Position,
    /// Where it ends, exclusive.
    pub end: Position,
}

/// How long a condition must be true throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// This long.
    For(SignedDuration),
    /// The stage's bake time, in a run that starts no earlier than the stage was entered.
    Bake(Lasting),
}

/// What unknown does to a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMissing {
    /// No-go.
    Block,
    /// Nothing.
    Ignore,
    /// Counts as fired, without latching.
    Fire,
}

impl OnMissing {
    /// How readily unknown stops: more is more readily.
    #[must_use]
    pub fn readiness(self) -> u8 {
        match self {
            Self::Ignore => 0,
            Self::Block => 1,
            Self::Fire => 2,
        }
    }

    /// As a policy writes it; by itself unknown blocks.
    #[must_use]
    pub fn told(self) -> Option<String> {
        match self {
            Self::Ignore => Some("ignore".to_owned()),
            Self::Block => None,
            Self::Fire => Some("fire".to_owned()),
        }
    }
}

/// The list a rule speaks for.
#[derive(Clone, Debug)]
pub struct ForEach {
    /// The items: values of the list, or keys of the map.
    pub items: Items,
}

/// Where the items of a `for_each` come from.
#[derive(Clone, Debug)]
pub enum Items {
    /// An expression over the snapshot.
    Expression(Arc<Compiled>),
    /// Written out.
    Listed(Arc<[Value]>),
}

/// How urgent something is.
#[derive(Clone, Debug)]
pub struct Severity {
    /// Its id.
    pub id: Arc<str>,
    /// The time to answer, counted from when a rule fired.
    pub respond_within: Option<Lasting>,
    /// Whom to tell.
    pub notify: Vec<Arc<str>>,
    /// Whom to tell next, and how long after it fired.
    pub then: Vec<(SignedDuration, Vec<Arc<str>>)>,
}

impl Policy {
    /// The stage of a name, abstract ones included.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name.as_ref() == name)
    }

    /// How many slots its expressions read: those of the layout, the item of a `for_each`, and one for each window.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.item_slot
            .saturating_add(1)
            .saturating_add(self.windows.len())
    }

    /// Whether a stage only says whether a rollback is done: it is nobody's next.
    #[must_use]
    pub fn is_check(&self, stage: &Stage) -> bool {
        let checks = |plan: &Plan| plan.check.as_ref() == Some(&stage.name);
        self.rollback_plan.iter().any(checks)
    }

    /// The stages that can be judged, in order.
    pub fn judged(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| !stage.is_abstract)
    }

    /// The stage that follows this one.
    #[must_use]
    pub fn next(&self, stage: &Stage) -> Option<&Stage> {
        self.judged()
            .skip_while(|other| other.name != stage.name)
            .skip(1)
            .find(|other| !self.is_check(other))
    }
}

impl Stage {
    /// The stage with the rules of this id alone, and nothing else that is asked for in it.
    #[must_use]
    pub fn only(&self, id: &str) -> Self {
        let rules = self.rules.iter().filter(|rule| rule.id.as_ref() == id);
        Self {
            name: Arc::clone(&self.name),
            is_abstract: self.is_abstract,
            traffic: None,
            bake: None,
            needs: Vec::new(),
            fields: Vec::new(),
            after: After::default(),
            rules: rules.cloned().collect(),
            place: self.place,
            end: self.end,
        }
    }
}

impl Rule {
    /// Its condition, where that is what proves it.
    #[must_use]
    pub fn expr(&self) -> Option<&Arc<Compiled>> {
        match &self.proof {
            Proof::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// Every expression that decides something.
    pub fn expressions(&self) -> impl Iterator<Item = &Arc<Compiled>> {
        let items = self.for_each.as_ref().and_then(|each| match &each.items {
            Items::Expression(list) => Some(list),
            Items::Listed(_) => None,
        });
        self.when
            .iter()
            .chain(self.proof.expressions())
            .chain(items)
    }

    /// The same, and those of its message.
    pub fn mentioned(&self) -> impl Iterator<Item = &Arc<Compiled>> {
        let message = self.message.iter();
        let message = message.flat_map(|message| message.expressions());
        self.expressions().chain(message)
    }
}

impl Hold {
    /// How long it is at the shortest: of business time, without the time that is closed.
    #[must_use]
    pub fn at_least(&self) -> SignedDuration {
        match self {
            Self::For(duration) => *duration,
            Self::Bake(bake) => bake.at_least(),
        }
    }
}
