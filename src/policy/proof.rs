//! What proves a rule: a condition, a command that passed, people who said so, or an open calendar. Never judged here.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::calendar::Calendar;
use crate::expr::Compiled;

/// What proves a rule.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A condition that is true.
    Expr(Arc<Compiled>),
    /// The newest record of a command that was run.
    Evidence(Arc<Evidence>),
    /// People who attested it.
    Attest(Arc<Attest>),
    /// People who approved it.
    Approve(Arc<Approve>),
    /// A calendar that is open.
    During(Arc<During>),
}

/// A calendar that must be open.
#[derive(Clone, Debug)]
pub struct During {
    /// The calendar: its periods.
    pub calendar: Arc<Calendar>,
    /// What closes it whatever the time: `deny: [{when: …}]`.
    pub closed: Vec<Closed>,
}

/// A condition under which a calendar is closed.
#[derive(Clone, Debug)]
pub struct Closed {
    /// What closes it where it is true.
    pub condition: Arc<Compiled>,
    /// Why.
    pub reason: Option<Arc<str>>,
}

impl Proof {
    /// The expressions it reads: a condition, what must be true of a record's data, what closes a calendar.
    pub fn expressions(&self) -> impl Iterator<Item = &Arc<Compiled>> {
        let (one, closed) = match self {
            Self::Expr(expr) => (Some(expr), None),
            Self::Evidence(evidence) => (evidence.condition.as_ref(), None),
            Self::During(during) => (None, Some(&during.closed)),
            Self::Attest(_) | Self::Approve(_) => (None, None),
        };
        let closed = closed.into_iter().flatten();
        one.into_iter()
            .chain(closed.map(|closed| &closed.condition))
    }

    /// Whether it rests on what was run or said, which counts from its own instant on.
    #[must_use]
    pub fn is_of_facts(&self) -> bool {
        !matches!(self, Self::Expr(_) | Self::During(_))
    }
}

/// The newest record of a command, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Its id.
    pub id: Arc<str>,
    /// How old it may be.
    pub max_age: Option<SignedDuration>,
    /// It must be of the commit that is rolled out.
    pub same_commit: bool,
    /// The environment it must be of.
    pub environment: Option<Environment>,
    /// The rule is about a record that failed: `status: failed`.
    pub failed: bool,
    /// Only records of runs since the stage was entered count: `since: entry`.
    pub since_entry: bool,
    /// What must be true of the record's data.
    pub condition: Option<Arc<Compiled>>,
}

/// The environment a record must be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The subject's.
    Same,
    /// The one of this name.
    Named(Arc<str>),
}

/// What is asked of people's statements, whether they attest or approve.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// How old a statement may be.
    pub max_age: Option<SignedDuration>,
    /// Nobody of these may make one: names of subject fields, such as `author`, by the slot that says who that is.
    pub not_by: Vec<(Arc<str>, usize)>,
    /// Statements that name no stage count although they were made before the stage was entered: `since: any`.
    pub any_time: bool,
    /// What a statement must fill in.
    pub fields: Vec<Field>,
}

/// A field a statement must fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// What it can be; none: anything that is not empty.
    pub values: Option<Vec<Arc<str>>>,
}

/// So many distinct people who attested the rule.
#[derive(Clone, Debug)]
pub struct Attest {
    /// The role they must have.
    pub role: Option<Arc<str>>,
    /// How many.
    pub count: u32,
    /// What is asked of each statement.
    pub asked: Asked,
}

/// Distinct people who approved the rule.
#[derive(Clone, Debug)]
pub struct Approve {
    /// How many of whom.
    pub quorum: Quorum,
    /// What is asked of each statement.
    pub asked: Asked,
}

/// How many must approve.
#[derive(Clone, Debug)]
pub enum Quorum {
    /// So many of each role; one person fills one role.
    Each(Vec<Arc<str>>, u32),
    /// So many in all, of these roles where any is named.
    Any(Vec<Arc<str>>, u32),
}

/// The time a requirement is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it is counted from.
    pub from: DueFrom,
    /// How long after that; negative: before.
    pub offset: SignedDuration,
}

/// What a due time is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueFrom {
    /// `subject.planned_at`: `T-48h`, `T+1h`.
    Planned,
    /// `stage.entered`: `+24h`.
    Entered,
}
