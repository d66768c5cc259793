//! The known samples of a window, and whether they cover it: no hole, and a history that reaches back. Never looks at
//! what a sample says.

use super::queue::Queue;
use super::seen::{Point, Seen};
use crate::evaluate::moment::{Moment, Span};
use crate::expr::value::Missing;

/// The known samples of a window, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    /// The longest stretch without a known sample that is no hole; none: there are no holes.
    pub(super) max_age: Option<Span>,
    /// The first sample ever, known or not; the end of time before there is one.
    pub(super) first: Moment,
    /// The newest sample, known or not.
    pub(super) newest: Option<Moment>,
    pub(super) known: Queue<Point>,
    /// From when on the time since the newest known sample is a hole.
    pub(super) opens: Moment,
    /// The known sample before the newest hole between two known samples. A hole lies in the window as long as the
    /// sample before it does, and the newest leaves last: one is enough.
    hole: Option<Moment>,
    /// The newest sample that cannot be left out although it is unknown.
    pub(super) partial: Moment,
}

impl Samples {
    pub(super) fn new(max_age: Option<Span>) -> Self {
        Self {
            max_age,
            first: Moment::NEVER,
            newest: None,
            known: Queue::new(),
            opens: Moment::NEVER,
            hole: None,
            partial: Moment::BEFORE,
        }
    }

    /// There was a sample, known or not.
    #[inline]
    pub(super) fn see(&mut self, at: Moment) {
        self.first = self.first.min(at);
        self.newest = Some(at);
    }

    /// Takes in a known sample.
    #[inline]
    pub(super) fn push(&mut self, at: Moment, seen: Seen) {
        if let Some(before) = self.known.back()
            && self.opens <= at
        {
            self.hole = Some(before.at);
        }
        if let Some(age) = self.max_age {
            self.opens = at.shifted(age).just_after();
        }
        self.known.push_back(Point { at, seen });
    }

    /// Whether there is a hole between two known samples of the window.
    pub(super) fn has_hole(&self) -> bool {
        let oldest = self.known.front();
        self.hole
            .is_some_and(|hole| oldest.is_none_or(|oldest| hole >= oldest.at))
    }

    /// Forgets the known samples, though not that there were some.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.opens = Moment::NEVER;
        self.hole = None;
    }

    /// Whether the known samples cover the time from the beginning of the window until now.
    pub(super) fn cover(&self, begin: Moment, now: Moment) -> Result<(), Missing> {
        if self.first > begin {
            return Err(Missing::Short);
        }
        if self.partial >= begin {
            return Err(Missing::Partial);
        }
        let Some(oldest) = self.known.front() else {
            return Err(Missing::Hole);
        };
        let hole = self.opens <= now
            || self.hole.is_some_and(|hole| hole >= oldest.at)
            || self
                .max_age
                .is_some_and(|age| begin.shifted(age) < oldest.at);
        if hole { Err(Missing::Hole) } else { Ok(()) }
    }
}
