//! What a proof rests on beside facts and time: when the stage was entered, who is barred, which commit and environment.
//! It changes where samples say so.

use std::sync::Arc;

use jiff::Timestamp;

use crate::evaluate::World;
use crate::evaluate::moment::Moment;
use crate::expr::value::{Missing, Value};
use crate::policy::proof::{Asked, Environment};
use crate::policy::{Due, DueFrom, Proof, Rule};
use crate::snapshot::Layout;
use crate::snapshot::facts::folded;
use crate::snapshot::layout::Context;
use crate::source::hidden::blank;

/// Something that is known, or the slot of what is not.
pub(super) type Known<T> = Result<T, usize>;

/// What a proof rests on beside facts and time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Around {
    /// From when on a statement that names no stage counts, or a command that was run; nothing: whenever that was.
    pub(super) from: Option<Known<Timestamp>>,
    /// Who is barred, by name folded.
    pub(super) barred: Vec<(Arc<str>, Known<String>)>,
    /// The commit that evidence must be of.
    pub(super) commit: Option<Known<Arc<str>>>,
    /// The environment that evidence must be of.
    pub(super) environment: Option<Known<Arc<str>>>,
}

/// When a rule is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueAt {
    /// Never.
    Never,
    /// Then.
    At(Timestamp),
    /// Nobody knows: the slot of what is not known.
    Unknown(usize),
}

impl Around {
    /// What the proof of a rule rests on at a moment.
    pub(super) fn of(rule: &Rule, world: &World<'_>) -> Self {
        let layout = world.layout();
        match &rule.proof {
            Proof::Attest(attest) => Self::people(&attest.asked, world),
            Proof::Approve(approve) => Self::people(&approve.asked, world),
            Proof::Evidence(evidence) => {
                let own = |context| text(world, layout.context(context));
                let commit = evidence.same_commit.then(|| own(Context::SubjectCommit));
                let environment = evidence.environment.as_ref().map(|asked| match asked {
                    Environment::Same => own(Context::SubjectEnvironment),
                    Environment::Named(name) => Ok(Arc::clone(name)),
                });
                let entered = layout.context(Context::StageEntered);
                let entered = || world.entered().ok_or(entered);
                Self {
                    from: evidence.since_entry.then(entered),
                    commit,
                    environment,
                    ..Self::default()
                }
            }
            Proof::Expr(_) | Proof::During(_) => Self::default(),
        }
    }

    fn people(asked: &Asked, world: &World<'_>) -> Self {
        let slot = world.layout().context(Context::StageEntered);
        let entered = match world.value(slot) {
            Value::Timestamp(_) => world.entered().map(Ok),
            // Nobody ever told: whatever was said counts.
            Value::Unknown(Missing::Absent) => None,
            // Somebody told that nobody knows.
            _ => Some(Err(slot)),
        };
        let barred = asked.not_by.iter().map(|(name, slot)| {
            let who = text(world, *slot).map(|who| folded(&who));
            (Arc::clone(name), who)
        });
        Self {
            from: entered.filter(|_| !asked.any_time),
            barred: barred.collect(),
            ..Self::default()
        }
    }

    /// Something that must be known for anything to be said of a command at all, and is not.
    pub(super) fn unknown(&self) -> Option<usize> {
        let from = self.from.iter().filter_map(|known| known.as_ref().err());
        let commit = self.commit.iter().filter_map(|known| known.as_ref().err());
        let environment = self.environment.iter();
        let environment = environment.filter_map(|known| known.as_ref().err());
        from.chain(commit).chain(environment).next().copied()
    }

    /// Somebody who is barred, and nobody knows who it is.
    pub(super) fn unknown_bar(&self) -> Option<usize> {
        let mut bars = self.barred.iter();
        bars.find_map(|(_, who)| who.as_ref().err()).copied()
    }
}

/// A text that is not empty.
fn text(world: &World<'_>, slot: usize) -> Known<Arc<str>> {
    match world.value(slot) {
        Value::String(text) if !blank(text) => Ok(Arc::clone(text)),
        _ => Err(slot),
    }
}

/// The slots that the proof of a rule, or its due time, rests on, beside those of its expressions.
pub(in crate::evaluate) fn slots(rule: &Rule, layout: &Layout) -> Vec<usize> {
    let mut slots = Vec::new();
    let entered = layout.context(Context::StageEntered);
    match &rule.proof {
        Proof::Attest(attest) => people(&attest.asked, entered, &mut slots),
        Proof::Approve(approve) => people(&approve.asked, entered, &mut slots),
        Proof::Evidence(evidence) => {
            if evidence.since_entry {
                slots.push(entered);
            }
            if evidence.same_commit {
                slots.push(layout.context(Context::SubjectCommit));
            }
            if evidence.environment == Some(Environment::Same) {
                slots.push(layout.context(Context::SubjectEnvironment));
            }
        }
        Proof::Expr(_) | Proof::During(_) => {}
    }
    if let Some(due) = rule.due {
        slots.push(from(due, layout));
    }
    slots
}

fn people(asked: &Asked, entered: usize, into: &mut Vec<usize>) {
    if !asked.any_time {
        into.push(entered);
    }
    into.extend(asked.not_by.iter().map(|(_, slot)| *slot));
}

/// The slot that a due time is counted from.
fn from(due: Due, layout: &Layout) -> usize {
    layout.context(match due.from {
        DueFrom::Planned => Context::SubjectPlannedAt,
        DueFrom::Entered => Context::StageEntered,
    })
}

/// When a rule is due, as it is known at a moment.
pub(in crate::evaluate) fn due(rule: &Rule, world: &World<'_>) -> DueAt {
    let Some(due) = rule.due else {
        return DueAt::Never;
    };
    let slot = from(due, world.layout());
    match world.value(slot) {
        Value::Timestamp(at) => at.timestamp().map_or(DueAt::Unknown(slot), |at| {
            DueAt::At(Moment::at(at).plus(due.offset).instant())
        }),
        _ => DueAt::Unknown(slot),
    }
}
