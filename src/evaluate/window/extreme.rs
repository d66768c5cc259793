//! The least or the greatest of the samples in a queue: those that may still become it. It knows no time but theirs.

use super::queue::Queue;
use super::seen::{Point, Seen};
use crate::evaluate::moment::Moment;

/// The least or the greatest of the samples in a queue.
#[derive(Clone, Debug)]
pub(super) struct Extreme {
    greatest: bool,
    /// INVARIANT: oldest first, each later one less extreme than the one before.
    rivals: Queue<Point>,
}

impl Extreme {
    pub(super) fn new(greatest: bool) -> Self {
        Self {
            greatest,
            rivals: Queue::new(),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, point: &Point) {
        while let Some(last) = self.rivals.back()
            && !self.beats(last.seen, point.seen)
        {
            self.rivals.pop_back();
        }
        self.rivals.push_back(*point);
    }

    /// Lets go of the sample of this instant, which is the oldest.
    #[inline]
    pub(super) fn pop(&mut self, at: Moment) {
        if self.rivals.front().is_some_and(|first| first.at <= at) {
            self.rivals.pop_front();
        }
    }

    pub(super) fn clear(&mut self) {
        self.rivals.clear();
    }

    pub(super) fn get(&self) -> Option<Seen> {
        self.rivals.front().map(|point| point.seen)
    }

    fn beats(&self, one: Seen, other: Seen) -> bool {
        if self.greatest {
            other.is_less(one)
        } else {
            one.is_less(other)
        }
    }
}
