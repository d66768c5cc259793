//! One window over a stream: fed with samples in the order of time, asked for its value at moments that never go back.
//! It never sees a policy, and never holds more than its window needs.
//!
//! What each method computes is defined in `docs/time.md`.

mod calm;
mod contents;
mod extreme;
mod growth;
mod held;
mod kept;
mod line;
mod queue;
mod rank;
mod reach;
mod samples;
mod seen;
mod spread;
mod stack;
mod streak;
mod sum;
mod total;
pub mod trend;

use jiff::SignedDuration;

use super::moment::{Moment, Span};
use crate::expr::value::{Key, Map, Missing, Value};
use crate::expr::window::{Method, Over};
pub use contents::Contents;
use held::Held;
use kept::Kept;
use reach::{Lengths, Reach, Since, seconds};
use samples::Samples;
use seen::Seen;
use streak::Streak;
use total::Amount;

/// The state of one window.
#[derive(Clone, Debug)]
pub struct Looking {
    method: Method,
    /// Whether what is looked at is a whole number, or a map of them.
    whole: bool,
    reach: Reach,
    samples: Samples,
    kept: Kept,
    held: Held,
    streak: Streak,
}

impl Looking {
    /// A window before the first sample. `whole` says that what is looked at is an int or a map of them; `max_age` is the
    /// longest stretch without a known sample that is no hole, none where nothing that is read ages.
    #[must_use]
    pub fn new(method: Method, over: Over, whole: bool, max_age: Option<SignedDuration>) -> Self {
        let reach = match over {
            Over::Last(length) => Reach::Last(Lengths::new(length, max_age)),
            Over::Stage => Reach::Stage(Since::default()),
            Over::Samples => Reach::Samples,
        };
        Self {
            method,
            whole,
            reach,
            samples: Samples::new(max_age.map(Span::of)),
            kept: Kept::new(method, whole),
            held: Held::new(),
            streak: Streak::default(),
        }
    }

    /// For a window over the stage: the earliest entry it will be asked for, none if for no entry at all. What was before
    /// need not be kept. Until this is called, everything is.
    pub fn keep_from(&mut self, earliest: Option<Moment>) {
        if let Reach::Stage(since) = &mut self.reach {
            let earliest = earliest.unwrap_or(Moment::NEVER);
            since.earliest = Some(since.earliest.map_or(earliest, |other| other.max(earliest)));
            while since.log.front().is_some_and(|(at, ..)| *at < earliest) {
                since.log.pop_front();
            }
            self.held.forget(earliest);
        }
    }

    /// Takes in a sample of the inputs that are read, with the value of the expression from then on. It is later than the
    /// one before; one that is not is left out.
    pub fn sample(&mut self, at: Moment, value: &Value) {
        if self.samples.newest.is_some_and(|newest| newest >= at) {
            return;
        }
        if self.method == Method::Streak {
            self.streak.sample(at, value, &self.samples);
        }
        self.samples.see(at);
        self.hold(at, value);
        let seen = self.see(value);
        let Ok(seen) = seen else {
            return;
        };
        match &mut self.reach {
            // Whoever asks at each sample has let go of what left before. Nobody must.
            Reach::Last(lengths) if self.samples.known.is_full() => {
                leave(&mut self.samples, &mut self.kept, at.shifted(lengths.back));
            }
            Reach::Last(_) | Reach::Samples => {}
            Reach::Stage(since) => {
                if since.earliest.is_none_or(|earliest| earliest <= at) {
                    since.log.push_back((at, seen, value.clone()));
                }
                if since.begun.is_none_or(|begun| begun > at) {
                    return;
                }
            }
        }
        self.kept.push(at, seen, value, &self.samples);
        self.samples.push(at, seen);
    }

    /// The sample just taken in is unknown only because a part of what the expression reads is: with another value of the
    /// parts that are known it would not be. To leave it out would take sides: the window is unknown while it is in it.
    pub fn partial(&mut self, at: Moment) {
        self.samples.partial = at;
    }

    /// Whether [`Self::hold`] is to be called whenever the value of the expression may have changed.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(
            self.method,
            Method::Ago | Method::Delta | Method::Increase | Method::Rate
        )
    }

    /// The value the expression has from this moment on: something expired, or a default stands in. At a sample it is
    /// known already.
    pub fn hold(&mut self, at: Moment, value: &Value) {
        if self.holds() {
            self.held.change(at, value);
            match &self.reach {
                Reach::Last(lengths) if self.held.is_full() => {
                    self.held.forget(at.shifted(lengths.back));
                }
                Reach::Last(_) | Reach::Samples => {}
                Reach::Stage(since) => {
                    if let Some(earliest) = since.earliest {
                        self.held.forget(earliest);
                    }
                }
            }
        }
    }

    /// The value at a moment not before anything seen so far, and the entry of the stage as known then.
    pub fn value(&mut self, now: Moment, entered: Option<Moment>) -> Value {
        let value = match self.method {
            Method::Streak => self.streak.value(now, &self.samples),
            _ => self
                .begin(now, entered)
                .and_then(|begin| self.find(begin, now)),
        };
        value.unwrap_or_else(Value::Unknown)
    }

    /// The next moment after this one at which the value could change without a new sample, another value held or another
    /// entry; the end of time if there is none. It may come early, never late.
    #[must_use]
    pub fn next(&self, now: Moment) -> Moment {
        let mut next = Moment::NEVER;
        let mut may = |moment: Option<Moment>| {
            if let Some(moment) = moment.filter(|moment| *moment > now) {
                next = next.min(moment);
            }
        };
        match &self.reach {
            Reach::Last(_) if self.ends_with_newest() || self.method == Method::Streak => {}
            Reach::Last(lengths) => {
                let forth = |at: Moment| at.shifted(lengths.forth);
                let mut known = self.samples.known.items().iter().map(|point| point.at);
                if let Some(oldest) = known.find(|at| forth(*at) > now) {
                    may(Some(forth(oldest)));
                    may(self.samples.max_age.map(|_| oldest.shifted(lengths.hole)));
                }
                may(Some(forth(self.samples.first)));
                may(Some(forth(self.samples.partial).just_after()));
                may(self.held.next(now.shifted(lengths.back)).map(forth));
            }
            Reach::Stage(since) => may(since.entered),
            Reach::Samples => {}
        }
        match self.method {
            Method::Count | Method::Ago => {}
            Method::Streak => may(Streak::opens(&self.samples)),
            _ => may(Some(self.samples.opens)),
        }
        next
    }

    /// What is known of a sample's value, as the method needs it.
    fn see(&self, value: &Value) -> Result<Seen, Missing> {
        match self.method {
            // They keep no samples.
            Method::Ago | Method::Streak => Err(Missing::Absent),
            Method::Count | Method::First => Seen::any(value, self.whole),
            Method::Share | Method::Edges => Seen::truth(value),
            Method::Delta | Method::Increase | Method::Rate if matches!(value, Value::Map(_)) => {
                Ok(Seen::Thing)
            }
            _ => Seen::number(value, self.whole),
        }
    }

    /// Whether the window ends with the newest sample.
    fn ends_with_newest(&self) -> bool {
        matches!(self.method, Method::Rising(_) | Method::Falling(_))
    }

    /// Where the window begins; what was before leaves it.
    fn begin(&mut self, now: Moment, entered: Option<Moment>) -> Result<Moment, Missing> {
        let newest = self.samples.newest.filter(|_| self.ends_with_newest());
        let holds = self.holds();
        match &mut self.reach {
            Reach::Last(lengths) => {
                let end = newest.unwrap_or(now);
                let begin = end.shifted(lengths.back);
                leave(&mut self.samples, &mut self.kept, begin);
                if holds {
                    self.held.forget(begin);
                }
                Ok(begin)
            }
            Reach::Stage(_) => self.begin_stage(now, entered),
            Reach::Samples => Ok(self.samples.first),
        }
    }

    /// Where the stage begins; at another entry than before, the window begins anew.
    fn begin_stage(&mut self, now: Moment, entered: Option<Moment>) -> Result<Moment, Missing> {
        let Reach::Stage(since) = &mut self.reach else {
            return Err(Missing::Absent);
        };
        since.entered = entered;
        let entered = entered.ok_or(Missing::Absent)?;
        if entered > now {
            return Err(Missing::NotEntered);
        }
        if since.earliest.is_some_and(|earliest| entered < earliest) {
            return Err(Missing::Short);
        }
        if since.begun != Some(entered) {
            since.begun = Some(entered);
            self.samples.clear();
            self.kept.clear();
            let from = since.log.partition_point(|(at, ..)| *at < entered);
            for (at, seen, value) in since.log.iter().skip(from) {
                self.kept.push(*at, *seen, value, &self.samples);
                self.samples.push(*at, *seen);
            }
        }
        Ok(entered)
    }

    /// The value of the window from its beginning on.
    fn find(&self, begin: Moment, now: Moment) -> Result<Value, Missing> {
        if self.method == Method::Count {
            return seen::whole(i128::try_from(self.samples.known.len()).unwrap_or(i128::MAX));
        }
        if self.method == Method::Ago {
            return self.held_at(begin).cloned();
        }
        self.samples.cover(begin, now)?;
        match self.method {
            Method::Delta | Method::Increase => self.growth(begin, Amount::value),
            Method::Rate => {
                let seconds = match &self.reach {
                    Reach::Last(lengths) => lengths.seconds,
                    // Up to the newest sample: what is known does not fade with the clock.
                    Reach::Stage(_) | Reach::Samples => {
                        let newest = self.samples.newest.unwrap_or(begin);
                        seconds(newest.since(begin))
                    }
                };
                if seconds > 0.0 {
                    self.growth(begin, |amount| amount.per(seconds))
                } else {
                    Err(Missing::Few)
                }
            }
            Method::Rising(least) => self.trend(begin, true, least),
            Method::Falling(least) => self.trend(begin, false, least),
            method => self.kept.figure(method, &self.samples),
        }
    }

    /// Whether the samples up to the newest go up or down.
    fn trend(&self, begin: Moment, up: bool, least: Option<f64>) -> Result<Value, Missing> {
        let end = self.samples.newest.ok_or(Missing::Short)?;
        trend::there_is(self.samples.known.items(), begin, end, up, least).map(Value::Bool)
    }

    /// The value held where the window begins.
    fn held_at(&self, begin: Moment) -> Result<&Value, Missing> {
        if self.samples.first > begin {
            return Err(Missing::Short);
        }
        self.held.at(begin).ok_or(Missing::Short)
    }

    /// What became of the value from where the window begins until now, entry by entry if it is a map.
    fn growth(
        &self,
        begin: Moment,
        told: impl Fn(Amount) -> Result<Value, Missing>,
    ) -> Result<Value, Missing> {
        let from = self.held_at(begin)?;
        let to = self.held.newest().ok_or(Missing::Absent)?;
        let grown = |key: Option<&Key>, from: &Value, to: &Value| {
            let from = Seen::number(from, self.whole)?;
            let to = Seen::number(to, self.whole)?;
            told(match &self.kept {
                Kept::Growth(growth) => growth.grown(key, from, to),
                _ => Amount::between(from, to, self.whole),
            })
        };
        match (from, to) {
            (Value::Unknown(missing), _) | (_, Value::Unknown(missing)) => Err(*missing),
            (Value::Map(from), Value::Map(to)) => {
                let lacks = Value::Unknown(Missing::Absent);
                let only_before = from.iter().filter(|(key, _)| to.get(key).is_none());
                let keys = to.iter().chain(only_before).map(|(key, _)| key);
                let entries = keys.map(|key| {
                    let from = from.get(key).unwrap_or(&lacks);
                    let to = to.get(key).unwrap_or(&lacks);
                    let value = grown(Some(key), from, to);
                    (key.clone(), value.unwrap_or_else(Value::Unknown))
                });
                Ok(Value::Map(Map::new(entries.collect()).into()))
            }
            (from, to) => grown(None, from, to),
        }
    }
}

/// Lets go of the samples that are not after the beginning of the window.
fn leave(samples: &mut Samples, kept: &mut Kept, begin: Moment) {
    while samples
        .known
        .front()
        .is_some_and(|oldest| oldest.at <= begin)
    {
        kept.pop(samples);
        samples.known.pop_front();
    }
}
