//! Values in the order of time, in few enough bars to be drawn: where there are too many, neighbours become one bar with the
//! least and the greatest of them, so that no spike is lost. What it holds does not grow with the history.

use jiff::{SignedDuration, Timestamp};

/// A stretch in which something was known throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Where it begins.
    pub from: Timestamp,
    /// From when on it is the last value.
    pub settled: Timestamp,
    /// Where it ends: the next value, or the first one stopped being good.
    pub to: Timestamp,
    /// The first value.
    pub first: f64,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// The last.
    pub last: f64,
    /// How often nothing was known in between.
    pub holes: u64,
}

/// A course in the making.
#[derive(Clone, Debug)]
pub struct Course {
    /// The most bars.
    most: usize,
    /// How long a value is good.
    good: SignedDuration,
    /// Nothing before this is kept.
    start: Option<Timestamp>,
    /// How many milliseconds become one bar; 0: each value is one.
    width: i64,
    held: Option<(Timestamp, f64)>,
    bars: Vec<Bar>,
}

impl Course {
    /// Before the first value. A value is good for so long; nothing before `start` is kept.
    #[must_use]
    pub fn new(most: usize, good: SignedDuration, start: Option<Timestamp>) -> Self {
        Self {
            most: most.max(2),
            good,
            start,
            width: 0,
            held: None,
            bars: Vec::new(),
        }
    }

    /// What is given next, none: that it is unknown.
    pub fn take(&mut self, at: Timestamp, value: Option<f64>) {
        self.close(at);
        self.held = value
            .filter(|value| value.is_finite())
            .map(|value| (at, value));
    }

    /// The bars up to an instant.
    #[must_use]
    pub fn finish(mut self, end: Timestamp) -> Vec<Bar> {
        self.close(end);
        self.bars
    }

    /// What was held ends, here or before.
    fn close(&mut self, at: Timestamp) {
        let Some((from, value)) = self.held.take() else {
            return;
        };
        let stale = from.checked_add(self.good).unwrap_or(Timestamp::MAX);
        let to = at.min(stale);
        let begin = self.start.map_or(from, |start| from.max(start));
        // Of a value that ends where the view begins nothing is seen.
        if begin > to || (begin == to && from < to) {
            return;
        }
        self.push(Bar {
            from: begin,
            settled: begin,
            to,
            first: value,
            low: value,
            high: value,
            last: value,
            holes: 0,
        });
    }

    fn push(&mut self, bar: Bar) {
        let width = self.width;
        match self.bars.last_mut() {
            Some(last) if width > 0 && bucket(last.from, width) == bucket(bar.from, width) => {
                *last = joined(*last, bar);
            }
            _ => self.bars.push(bar),
        }
        while self.bars.len() > self.most {
            self.coarsen();
        }
    }

    /// Bars twice as wide.
    fn coarsen(&mut self) {
        let (Some(first), Some(last)) = (self.bars.first(), self.bars.last()) else {
            return;
        };
        let range = millis(last.from).saturating_sub(millis(first.from));
        let most = i64::try_from(self.most).unwrap_or(i64::MAX);
        let wide = range.checked_div(most).unwrap_or(0).saturating_add(1);
        self.width = self.width.saturating_mul(2).max(wide);
        let width = self.width;
        let mut kept: Vec<Bar> = Vec::with_capacity(self.most);
        for bar in self.bars.drain(..) {
            match kept.last_mut() {
                Some(last) if bucket(last.from, width) == bucket(bar.from, width) => {
                    *last = joined(*last, bar);
                }
                _ => kept.push(bar),
            }
        }
        self.bars = kept;
    }
}

/// Two bars, one behind the other, as one.
fn joined(one: Bar, next: Bar) -> Bar {
    let apart = u64::from(next.from > one.to);
    Bar {
        from: one.from,
        settled: next.settled,
        to: next.to,
        first: one.first,
        low: one.low.min(next.low),
        high: one.high.max(next.high),
        last: next.last,
        holes: one.holes.saturating_add(next.holes).saturating_add(apart),
    }
}

fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn bucket(at: Timestamp, width: i64) -> i64 {
    millis(at).checked_div_euclid(width).unwrap_or(0)
}
