//! What a proof was judged on, for whoever explains it: every fact that is about the rule, whether it counts or why it does
//! not, and what is missing. It is looked up once, at the instant of the verdict.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::around::Around;
use super::commands::Commands;
use super::fit::{Fit, Why};
use super::people::People;
use super::{By, Ground, Prover};
use crate::evaluate::World;
use crate::evaluate::moment::Moment;
use crate::evaluate::run::Truth;
use crate::expr::Budget;
use crate::expr::value::Key;
use crate::policy::proof::{Closed, Quorum};
use crate::policy::{Proof, Rule};
use crate::snapshot::facts::{Decision, Evidence, Kind, Record, Statement, folded};

/// The most facts of one rule that are told.
const MOST: usize = 100;

/// What a proof was judged on.
#[derive(Clone, Debug, Default)]
pub struct Proved {
    /// What was given, newest first.
    pub given: Vec<Considered>,
    /// How many more were.
    pub more: usize,
    /// What is missing.
    pub lacking: Vec<Lacking>,
    /// Why a calendar is closed.
    pub shut: Option<Shut>,
}

/// Something that was given, and whether it counts.
#[derive(Clone, Debug)]
pub struct Considered {
    /// What it is.
    pub fact: Fact,
    /// Whether it is among what decides.
    pub counts: bool,
    /// Why it is not, or what else is against it.
    pub why: Option<Why>,
}

/// Something that was given.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A command that was run.
    Evidence(Arc<Evidence>),
    /// What somebody said.
    Statement(Arc<Statement>),
    /// An earlier verdict.
    Record(Arc<Record>),
}

/// People who are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// How many.
    pub count: u32,
    /// Of which roles: any of them.
    pub roles: Vec<Arc<str>>,
    /// Who could, where the policy lists people.
    pub people: Vec<Arc<str>>,
}

/// Why a calendar is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shut {
    /// The reason, where one is given.
    pub reason: Option<Arc<str>>,
    /// A condition closes it, by its index.
    pub condition: Option<usize>,
    /// When it opens next; nothing where a condition closes it, or nobody knows whether one does.
    pub opens: Option<Timestamp>,
    /// Its days never let it open again, as far as anybody looks ahead.
    pub never: bool,
}

impl Fact {
    /// When it is of.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Evidence(one) => one.at,
            Self::Statement(one) => one.at,
            Self::Record(one) => one.at,
        }
    }
}

impl Proved {
    /// What was given in the order of time, and what is missing.
    pub(super) fn of(mut given: Vec<Considered>, lacking: Vec<Lacking>) -> Self {
        given.sort_by_key(|one| one.fact.at());
        given.reverse();
        let more = given.len().saturating_sub(MOST);
        // What decides is told in any case, and then what is newest.
        if more > 0 {
            given.sort_by_key(|one| !one.counts);
            given.truncate(MOST);
            given.sort_by_key(|one| std::cmp::Reverse(one.fact.at()));
        }
        Self {
            given,
            more,
            lacking,
            ..Self::default()
        }
    }
}

impl<'p> Prover<'p> {
    /// What it was judged on at the moment it has come to.
    pub(in crate::evaluate) fn proved(
        &self,
        rule: &'p Rule,
        ground: &Ground<'p>,
        key: Option<&Key>,
        world: &mut World<'_>,
        moment: Moment,
    ) -> Proved {
        let around = Around::of(rule, world);
        let key: Option<Arc<str>> = key.map(|key| Arc::from(key.to_string()));
        match (&self.by, &rule.proof) {
            (By::People(people), proof) => {
                let keyed = ground.filed.statements(people.asking.kind, &rule.id);
                let keyed = keyed.into_iter().flatten();
                let here = keyed.filter(|(of, _)| **of == key || rule.for_each.is_none());
                let mut given = Vec::new();
                let decide: BTreeSet<usize> = people.decide();
                let decide: BTreeSet<*const Statement> = decide
                    .iter()
                    .filter_map(|index| people.said.get(*index).map(Arc::as_ptr))
                    .collect();
                for (of, said) in here {
                    let other = of.as_ref().filter(|_| *of != key);
                    for one in said {
                        let why = match other {
                            Some(item) => Some(Why::Key(Arc::clone(item))),
                            None => against(people, one, &around, moment, &decide),
                        };
                        let takes_back = one.decision == Decision::Withdrawn;
                        given.push(Considered {
                            counts: why.is_none(),
                            fact: Fact::Statement(Arc::clone(one)),
                            why: why.or(takes_back.then_some(Why::TakesBack)),
                        });
                    }
                }
                let missing = people.missing(proof);
                Proved::of(given, lacking(people, proof, &missing, &around))
            }
            (By::Commands(commands), _) => {
                let keyed = ground.filed.evidence(&commands.asked.id);
                let here = keyed.into_iter().flatten();
                let here = here.filter(|(of, _)| **of == key || rule.for_each.is_none());
                let decide = commands.decide(moment);
                let decide: Vec<&Arc<Evidence>> = decide
                    .iter()
                    .filter_map(|index| commands.run.get(*index))
                    .collect();
                let mut given = Vec::new();
                for (of, run) in here {
                    let other = of.as_ref().filter(|_| *of != key);
                    for one in run {
                        let decides = decide.iter().any(|other| Arc::ptr_eq(other, one));
                        let why = match other {
                            Some(item) => Some(Why::Key(Arc::clone(item))),
                            None if decides => self.fails(one, world),
                            None => Some(passed_over(commands, one, moment)),
                        };
                        given.push(Considered {
                            counts: decides,
                            fact: Fact::Evidence(Arc::clone(one)),
                            why,
                        });
                    }
                }
                let none = decide.is_empty() && !commands.asked.failed;
                let lacking = none.then(|| Lacking {
                    count: 1,
                    ..Lacking::default()
                });
                Proved::of(given, lacking.into_iter().collect())
            }
            (By::Hours(hours), Proof::During(during)) => {
                let now = moment.instant();
                let mut budget = Budget::default();
                let mut test = |closed: &Closed| {
                    budget.forget();
                    Truth::from(closed.condition.test(world.slots(), &mut budget))
                };
                let says: Vec<Truth> = during.closed.iter().map(&mut test).collect();
                let shut = says.iter().position(|says| *says == Truth::True);
                // A condition that is not surely false may close it then, too.
                let free = says.iter().all(|says| *says == Truth::False);
                let by = shut.and_then(|index| during.closed.get(index));
                let denied = during.calendar.denied(now);
                let reason = match by {
                    Some(closed) => closed.reason.clone(),
                    None => denied.and_then(|denied| denied.reason.clone()),
                };
                let closed = shut.is_some() || !hours.open();
                let next = during.calendar.next_open(now);
                Proved {
                    shut: closed.then(|| Shut {
                        reason,
                        condition: shut,
                        never: next.is_none(),
                        opens: next.filter(|_| free),
                    }),
                    ..Proved::default()
                }
            }
            (By::Hours(_), _) => Proved::default(),
        }
    }

    /// What is against a command that decides: what is asked of its data.
    fn fails(&self, one: &Evidence, world: &mut World<'_>) -> Option<Why> {
        let By::Commands(commands) = &self.by else {
            return None;
        };
        let condition = commands.asked.condition.as_ref()?;
        if one.passed == commands.asked.failed {
            return None;
        }
        world.set(self.data, one.data.clone());
        let says = Truth::from(condition.test(world.slots(), &mut Budget::default()));
        world.set(self.data, crate::evaluate::ABSENT);
        (says == Truth::False).then_some(Why::Where)
    }
}

/// Why a command that does not decide does not.
fn passed_over(commands: &Commands<'_>, one: &Evidence, moment: Moment) -> Why {
    if let Some(why) = commands.against(one) {
        return why;
    }
    let at = one.at.map_or(Moment::NEVER, Moment::at);
    if at > moment {
        return Why::Later;
    }
    let old = commands.asked.max_age;
    old.filter(|_| commands.old(one, moment))
        .map_or(Why::Newer, Why::Old)
}

/// Why a statement does not count.
fn against(
    people: &People<'_>,
    one: &Arc<Statement>,
    around: &Around,
    moment: Moment,
    decide: &BTreeSet<*const Statement>,
) -> Option<Why> {
    match people.asking.fit(one, around) {
        Fit::No(why) => return Some(why),
        Fit::Unsure(slot) => return Some(Why::Unsure(slot)),
        Fit::Yes => {}
    }
    if let Some(why) = people.asking.not_at(one, moment) {
        return Some(why);
    }
    if decide.contains(&Arc::as_ptr(one)) {
        return None;
    }
    let newer = people.over(&folded(&one.by), one);
    let at = newer.and_then(|newer| Some((newer.decision, newer.at?)));
    Some(match at {
        Some((Decision::Withdrawn, at)) => Why::Withdrawn(at),
        Some((Decision::Rejected, at)) => Why::Rejected(at),
        _ => Why::Newer,
    })
}

/// Who is missing.
fn lacking(people: &People<'_>, proof: &Proof, missing: &[u32], around: &Around) -> Vec<Lacking> {
    let asking = &people.asking;
    let one = |count: u32, roles: &[Arc<str>]| Lacking {
        count,
        roles: roles.to_vec(),
        people: asking.could(roles, around, |who| people.gives(who)),
    };
    let each = match proof {
        Proof::Approve(approve) => matches!(approve.quorum, Quorum::Each(..)),
        _ => false,
    };
    if each && asking.kind == Kind::Approval {
        let wanted = asking.wanted.iter().zip(missing);
        let short = wanted.filter(|(_, count)| **count > 0);
        return short
            .map(|(role, count)| one(*count, std::slice::from_ref(role)))
            .collect();
    }
    let short = missing.iter().filter(|count| **count > 0);
    short.map(|count| one(*count, &asking.wanted)).collect()
}
