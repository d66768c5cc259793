//! The checkpoints of a requirement: each judged once, at the first sample at or after it, and then for good. Never looks
//! at what the requirement says.

use jiff::Timestamp;

use super::moment::Moment;
use super::run::Truth;
use crate::expr::value::Value;
use crate::policy::Checkpoints;

/// What became of the checkpoints up to a moment.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// The first that has not been judged.
    next: u64,
    met: u64,
    unmet: Option<Check>,
    unknown: Option<Check>,
    /// What the last one that was met was judged on.
    held: Vec<(usize, Value)>,
}

/// A checkpoint that decides.
#[derive(Clone, Debug)]
pub struct Check {
    /// When it was due.
    pub due: Timestamp,
    /// The sample it was judged at; none: there was none in time.
    pub judged: Option<Timestamp>,
    /// What it was judged on, by slot.
    pub values: Vec<(usize, Value)>,
}

/// What all checkpoints together say.
#[derive(Clone, Debug)]
pub enum Checked {
    /// One was false.
    Unmet(Check),
    /// One had no sample in time, or no value.
    Unknown(Check),
    /// One is still to come, or to be judged; when it can be at the earliest, and when all can be met.
    Pending {
        /// The next one.
        due: Timestamp,
        /// The last one, where there is a last one.
        last: Option<Timestamp>,
    },
    /// All were true.
    Met,
}

impl Checks {
    /// How many were true.
    #[must_use]
    pub fn met(&self) -> u64 {
        self.met
    }

    /// What the last one that was true was judged on, by slot.
    #[must_use]
    pub fn held(&self) -> &[(usize, Value)] {
        &self.held
    }

    /// Takes in a sample: `judge` says whether the requirement holds now, and on what.
    pub fn sample(
        &mut self,
        spec: &Checkpoints,
        entered: Moment,
        at: Moment,
        judge: impl FnOnce() -> (Truth, Vec<(usize, Value)>),
    ) {
        let reached = spec.before(at.since(entered), true);
        if reached <= self.next {
            return;
        }
        self.miss(spec, entered, at);
        let due = reached.saturating_sub(self.next);
        if due == 0 {
            return;
        }
        let (truth, values) = judge();
        let check = |values| Check {
            due: instant(spec, entered, self.next),
            judged: Some(at.instant()),
            values,
        };
        match truth {
            Truth::True => {
                self.met = self.met.saturating_add(due);
                self.held = values;
            }
            Truth::False | Truth::Waiting if self.unmet.is_none() => {
                self.unmet = Some(check(values));
            }
            Truth::Unknown if self.unknown.is_none() => self.unknown = Some(check(values)),
            Truth::False | Truth::Waiting | Truth::Unknown => {}
        }
        self.next = reached;
    }

    /// No sample came in time for those whose time is over.
    fn miss(&mut self, spec: &Checkpoints, entered: Moment, now: Moment) {
        let alive = spec.before(
            now.since(entered).saturating_sub(spec.within.as_nanos()),
            false,
        );
        if alive > self.next {
            let check = Check {
                due: instant(spec, entered, self.next),
                judged: None,
                values: Vec::new(),
            };
            self.unknown = self.unknown.take().or(Some(check));
            self.next = alive;
        }
    }

    /// What they say at the end.
    #[must_use]
    pub fn checked(mut self, spec: &Checkpoints, entered: Moment, now: Moment) -> Checked {
        self.miss(spec, entered, now);
        if let Some(check) = self.unmet {
            return Checked::Unmet(check);
        }
        if let Some(check) = self.unknown {
            return Checked::Unknown(check);
        }
        let count = spec.count();
        let outstanding = match count {
            Some(count) => self.next < count,
            // Of those without end all that are due must have been judged, and one at least.
            None => self.next == 0 || spec.before(now.since(entered), true) > self.next,
        };
        if !outstanding {
            return Checked::Met;
        }
        Checked::Pending {
            due: instant(spec, entered, self.next),
            last: count
                .and_then(|count| count.checked_sub(1))
                .map(|last| instant(spec, entered, last)),
        }
    }
}

fn instant(spec: &Checkpoints, entered: Moment, index: u64) -> Timestamp {
    spec.due(index)
        .map_or(Timestamp::MAX, |due| entered.plus(due).instant())
}
