//! The fold: a policy and a history to what became of each rule. Total: whatever is missing or wrong in the data is a
//! status, never an error; no clock, no randomness, no text for people.

pub mod builtin;
pub mod conditions;
pub mod decide;
pub mod each;
pub mod fold;
pub mod moment;
pub mod run;
pub mod status;
mod track;
pub mod window;
pub mod world;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::expr::Limit;
use crate::expr::value::{Key, Missing, Value};
use crate::policy::{Policy, Rule, Stage};
use crate::snapshot::History;
use crate::snapshot::layout::Context;
use crate::source::problem::nearest;
use crate::source::{Code, Problem};
use crate::verdict::{Cause, Decision, Status};
pub use conditions::{Condition, Part, conditions};
pub use status::Timing;
pub use world::World;

/// What is asked: which stage, at which instant.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The stage of [`stage`].
    pub stage: &'q Stage,
    /// The stage that was asked for by name, which wins over what the snapshots say.
    pub asked: Option<&'q str>,
    /// The instant the verdict is about.
    pub now: Timestamp,
}

/// What became of a policy's rules.
#[derive(Debug)]
pub struct Judgement<'p> {
    /// The decision.
    pub decision: Decision,
    /// All that stands against a go, worst first.
    pub causes: Vec<Cause>,
    /// What became of each rule and item, built-in ones included, in no particular order.
    pub outcomes: Vec<Outcome<'p>>,
    /// What was known at the instant of the verdict.
    pub world: World<'p>,
    /// What was left out, for people to know.
    pub notices: Vec<Notice>,
}

/// Something that was left out or is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Samples were not used.
    NotUsed(String),
    /// The history begins only then, after the stage was entered.
    BeginsLate {
        /// The first sample.
        first: Timestamp,
        /// The entry.
        entered: Timestamp,
    },
}

/// What became of one rule, or of one item of it.
#[derive(Clone, Debug)]
pub struct Outcome<'p> {
    /// What it is about.
    pub of: Subject<'p>,
    /// What became of it.
    pub status: Status,
    /// What it counts for, if it counts.
    pub weight: Option<(Decision, Cause)>,
    /// When it became so.
    pub timing: Timing,
    /// Why it is unknown, where it is.
    pub doubt: Option<Doubt>,
}

/// What an outcome is about.
#[derive(Clone, Debug)]
pub enum Subject<'p> {
    /// A rule, and the item where it speaks for each.
    Rule(&'p Arc<Rule>, Option<(Key, Value)>),
    /// The stage's least time.
    Bake(SignedDuration),
    /// The traffic the stage may expose.
    Traffic(f64),
}

/// Why an outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The condition has no value now.
    Condition,
    /// Nobody knows whether it applies.
    When,
    /// The list it speaks for is unknown or empty.
    Items,
    /// It is true now, but not known throughout the time it must hold.
    Throughout,
    /// Nobody knows when the stage was entered.
    Entry,
    /// A run-time limit was exceeded.
    Limit(Exceeded),
}

/// A run-time limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit.
    pub limit: Limit,
    /// The `when` that did it; none: the condition itself, or the list it speaks for.
    pub when: Option<usize>,
}

/// The stage to be judged: the one asked for, else the newest sample's, else the only one.
///
/// # Errors
/// `unknown-stage` where there is no such stage that can be judged, `no-stage` where there are several and nobody says
/// which.
pub fn stage<'p>(
    policy: &'p Policy,
    history: &History,
    asked: Option<&str>,
    now: Timestamp,
) -> Result<&'p Stage, Problem> {
    let slot = policy.layout.context(Context::StageName);
    let used = history.select(&policy.layout, now).samples;
    let told = used
        .iter()
        .rev()
        .flat_map(|sample| &sample.values)
        .find(|observed| observed.slot == slot);
    let told_name = told.and_then(|observed| match &observed.value {
        Value::String(name) => Some(name.as_ref()),
        _ => None,
    });
    let names: Vec<&str> = policy.judged().map(|stage| stage.name.as_ref()).collect();
    let there_are = || names.join(", ");
    let mut judged = policy.judged();
    let (first, second) = (judged.next(), judged.next());
    // A policy without stages judges whatever stage a snapshot says it is in.
    let default = policy.stages.len() == 1 && policy.stage("default").is_some();
    if let (Some(only), None, None) = (first, second, asked)
        && (told_name.is_none() || default)
    {
        return Ok(only);
    }
    let Some(name) = asked.or(told_name) else {
        let message = "the policy has several stages and nobody says which to judge";
        let help = format!(
            "give --stage, or `stage.name` in a snapshot: {}",
            there_are()
        );
        return Err(Problem::new(Code::NoStage, message).help(help));
    };
    match policy.stage(name) {
        Some(stage) if !stage.is_abstract => Ok(stage),
        Some(_) => {
            let message = format!("the stage `{name}` is only there to be extended");
            let help = format!("judge one of {}", there_are());
            Err(Problem::new(Code::UnknownStage, message).help(help))
        }
        None => {
            let message = match told.filter(|_| asked.is_none()) {
                Some(observed) => format!(
                    "the newest snapshot is in a stage the policy does not have: `{name}` ({})",
                    history.place(observed.place)
                ),
                None => format!("the policy has no stage `{name}`"),
            };
            let help = nearest(name, names.iter().copied()).map_or_else(
                || format!("there are {}", there_are()),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Problem::new(Code::UnknownStage, message).help(help))
        }
    }
}

/// Judges every rule of a stage at one instant.
#[must_use]
pub fn evaluate<'p>(
    policy: &'p Policy,
    history: &History,
    question: Question<'p>,
) -> Judgement<'p> {
    let selection = history.select(&policy.layout, question.now);
    let folded = fold::fold(policy, &selection.samples, question);
    let mut outcomes = folded.outcomes;
    builtin::outcomes(question, &folded.world, &mut outcomes);
    let (decision, causes) = decide::decide(&outcomes);
    let mut notices: Vec<Notice> = selection.notices.into_iter().map(Notice::NotUsed).collect();
    if let (Some(first), Some(entered)) = (selection.samples.first(), folded.world.entered())
        && first.at > entered
    {
        notices.push(Notice::BeginsLate {
            first: first.at,
            entered,
        });
    }
    Judgement {
        decision,
        causes,
        outcomes,
        world: folded.world,
        notices,
    }
}

impl Judgement<'_> {
    /// Whether a run-time limit stood in the way of a rule that counts.
    #[must_use]
    pub fn limit_exceeded(&self) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome.limit().is_some() && outcome.weight.is_some())
    }
}

impl Outcome<'_> {
    /// The run-time limit that stood in the way.
    #[must_use]
    pub fn limit(&self) -> Option<Exceeded> {
        match self.doubt {
            Some(Doubt::Limit(exceeded)) => Some(exceeded),
            _ => None,
        }
    }
}

/// A value of the world as a text, if it is one.
#[must_use]
pub fn text(world: &World<'_>, context: Context) -> Option<Arc<str>> {
    match world.context(context) {
        Value::String(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

/// An absent value.
pub(crate) const ABSENT: Value = Value::Unknown(Missing::Absent);
