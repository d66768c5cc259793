//! A proof that is no condition, as time goes on: commands that were run, what people said, a calendar. It says what holds
//! at a moment and when that may be another by itself. Never what that does to a verdict.

mod around;
mod commands;
pub mod filed;
mod fit;
mod hours;
pub mod needs;
mod people;
pub mod proved;
mod quorum;
pub mod unclaimed;
mod whom;

use std::sync::Arc;

use super::World;
use super::moment::Moment;
use super::run::Truth;
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Compiled, Fault, Limit, Reason, Tri};
use crate::policy::{Policy, Proof, Rule};
use crate::snapshot::Subject;
use crate::snapshot::facts::Evidence;
use crate::snapshot::layout::Derived;
use crate::verdict::Effect;
use around::Around;
pub use around::DueAt;
pub(super) use around::{due, slots};
use commands::{Commands, Newest};
pub use filed::Filed;
use fit::Asking;
pub use fit::Why;
use hours::Hours;
use people::People;
pub use proved::{Considered, Fact, Lacking, Proved, Shut};
pub use unclaimed::{Named, Unclaimed};

/// What a proof says at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Holds,
    /// It does not, and waiting alone does not help.
    Fails,
    /// It does not yet.
    Pending,
    /// A calendar is closed.
    Closed,
    /// Nobody can tell: a slot without a value.
    Unknown(usize),
    /// Nobody can tell: an expression has no value.
    Unclear,
}

/// What proofs are made with, the same for all rules.
#[derive(Clone, Debug)]
pub(super) struct Ground<'p> {
    pub(super) policy: &'p Policy,
    pub(super) stage: &'p str,
    pub(super) subject: Arc<Subject>,
    pub(super) filed: Arc<Filed>,
}

/// The proof of one rule, or of one of its items.
#[derive(Clone, Debug)]
pub(super) struct Prover<'p> {
    by: By<'p>,
    data: usize,
}

#[derive(Clone, Debug)]
enum By<'p> {
    People(Box<People<'p>>),
    Commands(Box<Commands<'p>>),
    Hours(Hours<'p>),
}

impl<'p> Prover<'p> {
    /// The proof of a rule or an item, where that is no condition.
    pub(super) fn of(rule: &'p Rule, ground: &Ground<'p>, key: Option<&Key>) -> Option<Self> {
        let key: Option<Arc<str>> = key.map(|key| Arc::from(key.to_string()));
        let policy = ground.policy;
        let by = match &rule.proof {
            Proof::Expr(_) => return None,
            Proof::During(during) => By::Hours(Hours::new(&during.calendar)),
            Proof::Evidence(asked) => {
                let keyed = ground.filed.evidence(&asked.id);
                let run = keyed.and_then(|keyed| keyed.get(&key));
                let run = run.map(Vec::as_slice).unwrap_or_default();
                let layout = &policy.layout;
                By::Commands(Box::new(Commands::new(asked, layout, &ground.subject, run)))
            }
            Proof::Attest(_) | Proof::Approve(_) => {
                let asking = Asking::of(rule, policy, ground.stage, &ground.subject)?;
                let keyed = ground.filed.statements(asking.kind, &rule.id);
                let said = keyed.and_then(|keyed| keyed.get(&key));
                let said = said.map(Vec::as_slice).unwrap_or_default();
                By::People(Box::new(People::new(asking, said)))
            }
        };
        let data = policy.layout.derived(Derived::Data);
        Some(Self { by, data })
    }

    /// What is asked of the data of these commands is so.
    pub(super) fn grants(&mut self, granted: &[Arc<Evidence>]) {
        if let By::Commands(commands) = &mut self.by {
            commands.grants(granted);
        }
    }

    /// Goes on to a moment, not before the last one.
    pub(super) fn step(&mut self, rule: &Rule, world: &World<'_>, moment: Moment) {
        match &mut self.by {
            By::People(people) => people.step(&Around::of(rule, world), moment),
            By::Commands(commands) => commands.step(&Around::of(rule, world), moment),
            By::Hours(hours) => hours.step(moment),
        }
    }

    /// When it may say something else although nothing is given.
    pub(super) fn wake(&self, moment: Moment) -> Moment {
        match &self.by {
            By::People(people) => people.wake(),
            By::Commands(commands) => commands.wake(moment),
            By::Hours(hours) => hours.wake(),
        }
    }

    /// What it says at the moment it has come to, and the limit in whose way it stands.
    pub(super) fn state(
        &self,
        rule: &Rule,
        world: &mut World<'_>,
        moment: Moment,
        budget: &mut Budget,
    ) -> (State, Option<Limit>) {
        let mut over = None;
        let mut test = |expr: &Compiled, world: &World<'_>| {
            budget.forget();
            let tri = expr.test(world.slots(), budget);
            if let Tri::Unknown(Fault {
                reason: Reason::Limit(limit),
                ..
            }) = tri
            {
                over = over.or(Some(limit));
            }
            Truth::from(tri)
        };
        let state = match (&self.by, &rule.proof) {
            (By::People(people), proof) => people.state(proof),
            (By::Hours(hours), Proof::During(during)) => {
                let shut: Vec<Truth> = during
                    .closed
                    .iter()
                    .map(|closed| test(&closed.condition, world))
                    .collect();
                if !hours.open() || shut.contains(&Truth::True) {
                    State::Closed
                } else if shut.contains(&Truth::Unknown) {
                    State::Unclear
                } else {
                    State::Holds
                }
            }
            (By::Commands(commands), _) => match commands.newest(moment) {
                Newest::Unknown(slot) => State::Unknown(slot),
                Newest::Nothing => State::Pending,
                Newest::Ran { failed, .. } if failed != commands.asked.failed => State::Fails,
                Newest::Ran { data, .. } => match &commands.asked.condition {
                    None => State::Holds,
                    Some(condition) => {
                        let says = data.into_iter().map(|data| {
                            world.set(self.data, data);
                            test(condition, world)
                        });
                        let says: Vec<Truth> = says.collect();
                        world.set(self.data, super::ABSENT);
                        all(&says, rule.effect == Effect::Require)
                    }
                },
            },
            (By::Hours(_), _) => State::Unclear,
        };
        (state, over)
    }

    /// The data of the command that decides, and the slot that expressions read it from.
    pub(super) fn data(&self, moment: Moment) -> Option<(usize, Value)> {
        let By::Commands(commands) = &self.by else {
            return None;
        };
        commands.asked.condition.as_ref()?;
        match commands.newest(moment) {
            Newest::Ran { data, .. } => Some((self.data, data.into_iter().next_back()?)),
            _ => None,
        }
    }
}

/// What commands of one instant say together: the worst of it.
fn all(says: &[Truth], require: bool) -> State {
    let (good, bad) = if require {
        (Truth::True, Truth::False)
    } else {
        (Truth::False, Truth::True)
    };
    let worst = if says.contains(&bad) {
        bad
    } else if says.contains(&Truth::Unknown) {
        Truth::Unknown
    } else {
        good
    };
    match worst {
        Truth::True => State::Holds,
        Truth::False | Truth::Waiting => State::Fails,
        Truth::Unknown => State::Unclear,
    }
}

impl State {
    /// What a condition says.
    pub(super) fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Holds,
            Truth::False => Self::Fails,
            Truth::Waiting => Self::Pending,
            Truth::Unknown => Self::Unclear,
        }
    }

    /// The same for a rule that is due: before that what is not so yet is pending, from it on it is not met.
    pub(super) fn due(self, due: DueAt, moment: Moment, is_expr: bool) -> Self {
        match due {
            DueAt::Never => self,
            DueAt::Unknown(slot) => Self::Unknown(slot),
            DueAt::At(at) => match self {
                Self::Fails if is_expr && Moment::at(at) > moment => Self::Pending,
                Self::Pending if Moment::at(at) <= moment => Self::Fails,
                other => other,
            },
        }
    }

    /// What it is to a rule of an effect.
    pub(super) fn truth(self, effect: Effect) -> Truth {
        match self {
            Self::Holds => Truth::True,
            Self::Unknown(_) | Self::Unclear => Truth::Unknown,
            Self::Pending | Self::Closed if effect == Effect::Require => Truth::Waiting,
            Self::Fails | Self::Pending | Self::Closed => Truth::False,
        }
    }
}
