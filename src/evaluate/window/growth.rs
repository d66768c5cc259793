//! How often a counter, or each entry of a map of counters, began anew within a window, and what it had reached. Never
//! guesses what was counted before the first sample or after the last.

use std::collections::BTreeMap;

use super::queue::Queue;
use super::seen::{Point, Seen};
use super::total::{Amount, Total};
use crate::evaluate::moment::Moment;
use crate::expr::value::{Key, Value};

/// The counters of a window: one, or one for each entry of a map.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    whole: bool,
    one: Counter,
    entries: BTreeMap<Key, Counter>,
}

/// The known samples of one counter.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    known: Queue<Point>,
    /// Those of them after which it fell.
    resets: Queue<Point>,
    /// What they had reached.
    reached: Total,
}

impl Growth {
    pub(super) fn new(whole: bool) -> Self {
        Self {
            whole,
            one: Counter::new(whole),
            entries: BTreeMap::new(),
        }
    }

    /// Takes in a known sample.
    pub(super) fn push(&mut self, at: Moment, value: &Value) {
        let Value::Map(map) = value else {
            if let Ok(seen) = Seen::number(value, self.whole) {
                self.one.push(Point { at, seen });
            }
            return;
        };
        for (key, value) in map.iter() {
            let Ok(seen) = Seen::number(value, self.whole) else {
                continue;
            };
            let point = Point { at, seen };
            if let Some(counter) = self.entries.get_mut(key) {
                counter.push(point);
            } else {
                let mut counter = Counter::new(self.whole);
                counter.push(point);
                self.entries.insert(key.clone(), counter);
            }
        }
    }

    /// Lets go of the sample of this instant, which is the oldest.
    pub(super) fn pop(&mut self, at: Moment) {
        self.one.pop(at);
        self.entries.retain(|_, counter| {
            counter.pop(at);
            counter.known.len() > 0
        });
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.whole);
    }

    /// How much the counter of an entry, or the only one, grew from one value to another.
    pub(super) fn grown(&self, key: Option<&Key>, from: Seen, to: Seen) -> Amount {
        let counter = match key {
            Some(key) => self.entries.get(key),
            None => Some(&self.one),
        };
        match counter {
            Some(counter) => counter.grown(from, to),
            None => Amount::between(from, to, self.whole),
        }
    }
}

impl Counter {
    fn new(whole: bool) -> Self {
        Self {
            known: Queue::new(),
            resets: Queue::new(),
            reached: Total::new(whole),
        }
    }

    fn push(&mut self, point: Point) {
        if let Some(before) = self.known.back()
            && point.seen.is_less(before.seen)
        {
            self.reached.push(before);
            self.resets.push_back(*before);
        }
        self.known.push_back(point);
    }

    fn pop(&mut self, at: Moment) {
        if self.known.front().is_some_and(|first| first.at <= at) {
            self.known.pop_front();
        }
        if self.resets.front().is_some_and(|first| first.at <= at) {
            self.reached.pop(self.resets.items());
            self.resets.pop_front();
        }
    }

    /// From the value held where the window begins, which may be higher than its first sample.
    fn grown(&self, from: Seen, to: Seen) -> Amount {
        let fell = self
            .known
            .front()
            .is_some_and(|first| first.seen.is_less(from));
        if fell {
            self.reached.with(&[from, to], from)
        } else {
            self.reached.with(&[to], from)
        }
    }
}
