//! What would become of every rule if something were otherwise from the verdict on: the fold goes on from where it stands
//! with samples and facts that nobody gave. Never what should be otherwise, and never a word of what really is.

pub(super) mod grown;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Fold, Outcome, World};
use crate::expr::value::Value;
use crate::snapshot::facts::{Evidence, Record, Statement};
use crate::verdict::{Cause, Decision};

/// The most samples that are imagined on the way to one instant.
const SAMPLES: i64 = 3_000;

/// What is known beyond a verdict that is no go: from here it can be imagined how it goes on.
#[derive(Debug)]
pub struct Ahead<'p> {
    fold: Fold<'p>,
}

/// What is otherwise from the verdict on. All else is given again as it is, as often as it must be to stay good.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// What slots hold: inputs, and what is told of the stage and the subject.
    pub values: Vec<(usize, Value)>,
    /// The stage is entered again, then. What is said and run is so from then on.
    pub enters: Option<Timestamp>,
    /// Commands that were run. What is asked of their data is so.
    pub evidence: Vec<Arc<Evidence>>,
    /// What people said.
    pub statements: Vec<Arc<Statement>>,
    /// Verdicts on other stages.
    pub records: Vec<Arc<Record>>,
    /// What counters count goes on as it did; otherwise they stay where they are.
    pub grows: bool,
}

/// How it goes on.
#[derive(Clone, Debug)]
pub struct Course<'p> {
    fold: Fold<'p>,
    /// From when on it is otherwise.
    begun: Timestamp,
    /// How far it has come.
    at: Timestamp,
    /// When the last sample was given.
    given: Timestamp,
    /// How far apart samples are, where that matters at all.
    every: Option<SignedDuration>,
    samples: i64,
}

/// What would become of every rule.
#[derive(Debug)]
pub struct Imagined<'p> {
    /// The decision.
    pub decision: Decision,
    /// What would stand against a go.
    pub causes: Vec<Cause>,
    /// What would become of each rule and item.
    pub outcomes: Vec<Outcome<'p>>,
    /// What would be known.
    pub world: World<'p>,
}

impl Wish {
    /// Whether a sample gives something of it at once, where the stage is entered at once if it is. Who gives nothing else
    /// gives the next sample when it is due.
    pub(super) fn gives(&self, at_once: bool) -> bool {
        !self.values.is_empty() || (at_once && self.enters.is_some())
    }
}

impl<'p> Ahead<'p> {
    pub(super) fn of(fold: Fold<'p>) -> Self {
        Self { fold }
    }

    /// The first instant at which anything can be otherwise: just after the verdict.
    #[must_use]
    pub fn done(&self) -> Timestamp {
        let now = self.fold.now();
        now.checked_add(SignedDuration::from_nanos(1))
            .unwrap_or(now)
    }

    /// How far apart samples are, where that matters at all.
    #[must_use]
    pub fn every(&self) -> Option<SignedDuration> {
        self.fold.every()
    }

    /// How it goes on where something is otherwise; nothing where that takes more samples than are imagined.
    #[must_use]
    pub fn course(&self, wish: &Wish) -> Option<Course<'p>> {
        let done = self.done();
        let enters = wish.enters.filter(|at| *at > done);
        let fold = self.fold.otherwise(wish, done, enters.is_none());
        let every = fold.every();
        let mut course = Course {
            fold,
            begun: done,
            at: done,
            given: if wish.gives(enters.is_none()) {
                done
            } else {
                self.fold.newest().unwrap_or(done)
            },
            every,
            samples: 0,
        };
        if let Some(at) = enters {
            course.goes_to(at)?;
            course.again(at);
            course.fold.says(wish, at);
            course.at = at;
        }
        Some(course)
    }
}

impl<'p> Course<'p> {
    /// How many samples were imagined so far.
    #[must_use]
    pub fn samples(&self) -> i64 {
        self.samples
    }

    /// What would become of every rule at an instant, not before the last one that was asked for; nothing where it takes
    /// more samples to get there than are imagined.
    pub fn judged(&mut self, at: Timestamp) -> Option<Imagined<'p>> {
        self.goes_to(at)?;
        Some(self.fold.clone().imagined(at))
    }

    /// The same at the last instant that is asked for, and how many samples were imagined in all.
    #[must_use]
    pub fn ends(mut self, at: Timestamp) -> Option<(Imagined<'p>, i64)> {
        self.goes_to(at)?;
        Some((self.fold.imagined(at), self.samples))
    }

    /// All that is held is given again, as often as it was, up to an instant.
    fn goes_to(&mut self, at: Timestamp) -> Option<()> {
        let Some(every) = self.every.filter(|_| at > self.at) else {
            return Some(());
        };
        let whole = at.duration_since(self.at);
        let apart = every.max(whole.checked_div(i32::try_from(SAMPLES).ok()?)?);
        if self.fold.good().is_some_and(|good| apart > good) {
            return None;
        }
        // What should have come before now does not come any more.
        let missed = self.begun.duration_since(self.given).as_nanos();
        let missed = missed.checked_div(apart.as_nanos())?.max(0);
        let skipped = SignedDuration::from_nanos_i128(apart.as_nanos().checked_mul(missed)?);
        let mut next = self.given.checked_add(skipped).ok()?;
        next = next.checked_add(apart).ok()?;
        while next <= at {
            self.again(next);
            next = next.checked_add(apart).ok()?;
        }
        self.at = at;
        Some(())
    }

    fn again(&mut self, at: Timestamp) {
        self.fold.again(at, self.begun);
        self.samples = self.samples.saturating_add(1);
        self.given = at;
    }
}
