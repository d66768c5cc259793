//! The sum of what is in a queue: exact for whole numbers, rounded once for others. It knows no time.

use super::seen::{self, Point, Seen};
use super::stack::Stack;
use super::sum::{Pair, Sum};
use crate::expr::value::{Missing, Value};

/// The sum of the samples in a queue.
#[derive(Clone, Debug)]
pub(super) enum Total {
    Whole(i128),
    Double(Stack<Sum>),
}

impl Total {
    pub(super) fn new(whole: bool) -> Self {
        if whole {
            Self::Whole(0)
        } else {
            Self::Double(Stack::new())
        }
    }

    #[inline]
    pub(super) fn push(&mut self, point: &Point) {
        match self {
            Self::Whole(sum) => *sum = sum.saturating_add(integer(point)),
            Self::Double(stack) => stack.push(point),
        }
    }

    /// Lets go of the oldest of the samples, which are all those of the queue still.
    #[inline]
    pub(super) fn pop(&mut self, points: &[Point]) {
        match self {
            Self::Whole(sum) => {
                *sum = sum.saturating_sub(points.first().map_or(0, integer));
            }
            Self::Double(stack) => stack.pop(points),
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Whole(sum) => *sum = 0,
            Self::Double(stack) => stack.clear(),
        }
    }

    pub(super) fn sum(&self) -> Result<Value, Missing> {
        match self {
            Self::Whole(sum) => seen::whole(*sum),
            Self::Double(stack) => seen::double(stack.all().total()),
        }
    }

    #[inline]
    pub(super) fn mean(&self, count: usize) -> Result<Value, Missing> {
        let count = seen::count(count);
        seen::double(match self {
            Self::Whole(sum) => Pair::whole(*sum).over(count),
            Self::Double(stack) => stack.all().mean(count),
        })
    }

    /// The sum, with some more that is in no queue added and something taken off.
    pub(super) fn with(&self, more: &[Seen], less: Seen) -> Amount {
        match self {
            Self::Whole(sum) => {
                let add = |sum: i128, seen: &Seen| sum.saturating_add(of(*seen));
                Amount::Whole(more.iter().fold(*sum, add).saturating_sub(of(less)))
            }
            Self::Double(stack) => {
                let mut sum = stack.all();
                more.iter().for_each(|seen| sum.add(seen.double()));
                sum.add(-less.double());
                Amount::Double(sum.total())
            }
        }
    }
}

/// How much something grew.
#[derive(Clone, Copy, Debug)]
pub(super) enum Amount {
    Whole(i128),
    Double(f64),
}

impl Amount {
    /// From one value to another.
    pub(super) fn between(from: Seen, to: Seen, whole: bool) -> Self {
        if whole {
            Self::Whole(of(to).saturating_sub(of(from)))
        } else {
            Self::Double(to.double() - from.double())
        }
    }

    pub(super) fn value(self) -> Result<Value, Missing> {
        match self {
            Self::Whole(value) => seen::whole(value),
            Self::Double(value) => seen::double(value),
        }
    }

    /// In each of so many seconds.
    pub(super) fn per(self, seconds: f64) -> Result<Value, Missing> {
        let amount = match self {
            Self::Whole(value) => Pair::whole(value).nearest(),
            Self::Double(value) => value,
        };
        seen::double(amount / seconds)
    }
}

fn integer(point: &Point) -> i128 {
    of(point.seen)
}

fn of(seen: Seen) -> i128 {
    match seen {
        Seen::Whole(value) => i128::from(value),
        Seen::Double(_) | Seen::Truth(_) | Seen::Thing => 0,
    }
}
