//! A quantile of the samples in a queue: two ordered halves, the lower one ending at the rank that is asked for. It knows
//! no time.

use std::collections::BTreeSet;

use super::seen;
use crate::expr::number;

/// The value and when it came, in an order: equal values leave as they came.
type Place = (i64, u64);

/// A quantile of the samples in a queue.
#[derive(Clone, Debug)]
pub(super) struct Rank {
    /// The share of the samples below.
    share: f64,
    /// INVARIANT: those up to the rank, and one at least if there is any.
    lower: BTreeSet<Place>,
    upper: BTreeSet<Place>,
    came: u64,
    left: u64,
}

impl Rank {
    pub(super) fn new(share: f64) -> Self {
        Self {
            share,
            lower: BTreeSet::new(),
            upper: BTreeSet::new(),
            came: 0,
            left: 0,
        }
    }

    pub(super) fn push(&mut self, value: f64) {
        let place = (ordered(value), self.came);
        self.came = self.came.saturating_add(1);
        if self.lower.last().is_some_and(|last| *last < place) {
            self.upper.insert(place);
        } else {
            self.lower.insert(place);
        }
        self.settle();
    }

    /// Lets go of the oldest sample, which has this value.
    pub(super) fn pop(&mut self, value: f64) {
        let place = (ordered(value), self.left);
        self.left = self.left.saturating_add(1);
        if !self.lower.remove(&place) {
            self.upper.remove(&place);
        }
        self.settle();
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.share);
    }

    /// The quantile, between two samples by linear interpolation; none where there is no sample or no such share.
    pub(super) fn get(&self) -> Option<f64> {
        if !(0.0..=1.0).contains(&self.share) {
            return None;
        }
        let below = value(self.lower.last()?);
        let above = self.upper.first().map_or(below, value);
        let rank = self.rank();
        let weight = rank - rank.floor();
        let between = below * (1.0 - weight) + above * weight;
        // Of two equal values it is that value, whatever was rounded on the way.
        Some(between.max(below).min(above))
    }

    /// The rank of the quantile among the samples, counted from nought.
    fn rank(&self) -> f64 {
        let count = self.lower.len().saturating_add(self.upper.len());
        self.share * seen::count(count.saturating_sub(1))
    }

    /// Brings the end of the lower half to the rank: from one sample to the next it moves by one at most.
    fn settle(&mut self) {
        let whole = number::int(self.rank()).and_then(|rank| usize::try_from(rank).ok());
        let size = whole.unwrap_or(0).saturating_add(1);
        while self.lower.len() < size
            && let Some(place) = self.upper.pop_first()
        {
            self.lower.insert(place);
        }
        while self.lower.len() > size
            && let Some(place) = self.lower.pop_last()
        {
            self.upper.insert(place);
        }
    }
}

/// A double as a whole number in the same order.
fn ordered(value: f64) -> i64 {
    turned(number::signed(value.to_bits()))
}

fn value(place: &Place) -> f64 {
    f64::from_bits(number::bits(turned(place.0)))
}

/// Negative doubles are ordered by their bits the wrong way round. It is its own inverse.
fn turned(bits: i64) -> i64 {
    if bits < 0 { bits ^ i64::MAX } else { bits }
}
