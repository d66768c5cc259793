//! The fold: a policy and a history to what became of each rule. Total: whatever is missing or wrong in the data is a
//! status, never an error; no clock, no randomness, no text for people.

pub mod builtin;
pub mod conditions;
pub mod course;
pub mod decide;
pub mod each;
pub mod fold;
pub mod follow;
pub mod imagine;
pub mod moment;
pub mod proof;
pub mod run;
pub mod status;
pub mod waive;
pub mod window;
pub mod world;

mod ahead;
pub mod asked;
pub mod baseline;
pub mod checks;
mod look;
mod looked;
mod rows;
mod seen;
mod track;

use std::sync::Arc;

use jiff::Timestamp;

use crate::calendar::Lasting;
use crate::expr::Limit;
use crate::expr::value::{Key, Missing, Value};
use crate::policy::{Need, Policy, Rule, Stage, Waiver};
use crate::snapshot::layout::Context;
use crate::snapshot::{Facts, History};
use crate::source::Problem;
use crate::verdict::{Cause, Decision, Status};
pub use baseline::Summary;
pub use conditions::{Condition, Part, conditions};
pub use course::{Course, Leg, Legs};
pub use fold::Fold;
pub use follow::Follows;
pub use imagine::Ahead;
pub use looked::Looked;
pub use proof::{Considered, Fact, Lacking, Proved, Why};
pub use status::{Checkpoint, Timing};
pub use waive::Waiving;
pub use window::Contents;
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
    /// What became of waivers.
    pub waivers: Waiving<'p>,
    /// What follows from the decision.
    pub follows: Follows<'p>,
    /// What was known at the instant of the verdict.
    pub world: World<'p>,
    /// What its windows looked back at.
    pub looked: Looked<'p>,
    /// What was left out, for people to know.
    pub notices: Vec<Notice>,
    /// The facts, in whose files their places lie.
    pub facts: Arc<Facts>,
    /// How it could go on, where it is no go.
    pub ahead: Option<Ahead<'p>>,
}

/// Something that was left out or is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Samples were not used.
    NotUsed(String),
    /// A fact names what no rule asks for.
    Unclaimed(proof::Unclaimed),
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
    /// What the windows of its item say, by slot.
    pub windows: Vec<(usize, Value)>,
    /// What sets it aside, and what it would be without.
    pub waived: Option<(&'p Waiver, Status)>,
    /// What was given for it and what is missing, where it is proved by anything else than a condition.
    pub proved: Option<Proved>,
}

/// What an outcome is about.
#[derive(Clone, Debug)]
pub enum Subject<'p> {
    /// A rule, and the item where it speaks for each.
    Rule(&'p Arc<Rule>, Option<(Key, Value)>),
    /// The stage's least time.
    Bake(&'p Lasting),
    /// The traffic the stage may expose.
    Traffic(f64),
    /// A stage that must have gone well first.
    Needs(&'p Need),
    /// A field of the subject that an audit needs, by name and slot.
    Field(&'p Arc<str>, usize),
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
    /// A checkpoint had no sample in time, or no value at it.
    Checkpoint,
    /// Something about the stage or the subject that it rests on, by slot.
    Slot(usize),
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
    let surveyed = history.survey(&policy.layout, Some(now));
    asked::stage(policy, &surveyed, |place| history.place(place), asked)
}

/// Judges every rule of a stage at one instant.
#[must_use]
pub fn evaluate<'p>(
    policy: &'p Policy,
    history: &History,
    question: Question<'p>,
) -> Judgement<'p> {
    evaluate_with(policy, history, question, &[])
}

/// The same, with what is known of baselines from files of their own.
#[must_use]
pub fn evaluate_with<'p>(
    policy: &'p Policy,
    history: &History,
    question: Question<'p>,
    baselines: &[Summary],
) -> Judgement<'p> {
    evaluate_waiving(policy, history, question, baselines, &[])
}

/// The same, with what is set aside.
#[must_use]
pub fn evaluate_waiving<'p>(
    policy: &'p Policy,
    history: &History,
    question: Question<'p>,
    baselines: &[Summary],
    waivers: &'p [Waiver],
) -> Judgement<'p> {
    let surveyed = history.survey(&policy.layout, Some(question.now));
    let mut fold = Fold::new(policy, surveyed, question, baselines).waiving(waivers);
    rows::fold(&mut fold, &policy.layout, history, question.now);
    fold.finish()
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
