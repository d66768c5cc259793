//! The known samples of a window, and whether they cover it: no hole, and a history that reaches back. Never looks at
//! what a sample says.

use std::collections::VecDeque;

use super::seen::{Point, Seen};
use crate::evaluate::moment::{Moment, Span};
use crate::expr::value::Missing;

/// The known samples of a window, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    /// The longest stretch without a known sample that is no hole; none: there are no holes.
    pub(super) max_age: Option<Span>,
    /// The first sample ever, known or not.
    pub(super) first: Option<Moment>,
    /// The newest sample, known or not.
    pub(super) newest: Option<Moment>,
    pub(super) known: VecDeque<Point>,
    /// The known sample before the newest hole between two known samples. A hole lies in the window as long as the
    /// sample before it does, and the newest leaves last: one is enough.
    hole: Option<Moment>,
}

impl Samples {
    pub(super) fn new(max_age: Option<Span>) -> Self {
        Self {
            max_age,
            ..Self::default()
        }
    }

    /// There was a sample, known or not.
    pub(super) fn see(&mut self, at: Moment) {
        self.first.get_or_insert(at);
        self.newest = Some(at);
    }

    /// Takes in a known sample.
    pub(super) fn push(&mut self, at: Moment, seen: Seen) {
        if let Some(before) = self.known.back()
            && self.too_long(before.at, at)
        {
            self.hole = Some(before.at);
        }
        self.known.push_back(Point { at, seen });
    }

    /// Forgets the known samples, though not that there were some.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.hole = None;
    }

    /// Whether the known samples cover the time from the beginning of the window until now.
    pub(super) fn cover(&self, begin: Moment, now: Moment) -> Result<(), Missing> {
        if self.first.is_none_or(|first| first > begin) {
            return Err(Missing::Short);
        }
        let (Some(oldest), Some(newest)) = (self.known.front(), self.known.back()) else {
            return Err(Missing::Hole);
        };
        let hole = self.too_long(begin, oldest.at)
            || self.too_long(newest.at, now)
            || self.hole.is_some_and(|hole| hole >= oldest.at);
        if hole { Err(Missing::Hole) } else { Ok(()) }
    }

    /// The moment at which the time since the newest known sample becomes a hole.
    pub(super) fn opens(&self) -> Option<Moment> {
        let (newest, age) = (self.known.back()?, self.max_age?);
        Some(newest.at.shifted(age).just_after())
    }

    fn too_long(&self, from: Moment, to: Moment) -> bool {
        self.max_age.is_some_and(|age| to > from.shifted(age))
    }
}
