//! Sums that lose nothing on the way: pairs of doubles, the second holding what the first had to round off. Never
//! infinite inside, whatever is summed.

use super::seen::Point;
use super::stack::Figure;
use crate::expr::number;

/// A number as an unevaluated sum of two doubles.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pair {
    /// INVARIANT: the double nearest to the whole.
    high: f64,
    low: f64,
}

/// A sum of doubles.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    near: Pair,
    /// Those of such size that their sum could leave the range of doubles, scaled down.
    far: Pair,
}

/// Two to the power of 960, from which on numbers are summed apart.
const FAR: f64 = f64::from_bits(0x7bf0_0000_0000_0000);
/// Two to the power of 64, by which those are scaled.
const UP: f64 = f64::from_bits(0x43f0_0000_0000_0000);
const DOWN: f64 = f64::from_bits(0x3bf0_0000_0000_0000);
/// The upper 26 bits of a double's significand, and its exponent.
const UPPER: u64 = !((1 << 27) - 1);
/// Two to the power of 53.
const HALF: i128 = 1 << 53;
const HALF_DOUBLE: f64 = 9_007_199_254_740_992.0;

impl Sum {
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        if value.abs() < FAR {
            self.near.add(value);
        } else {
            self.far.add(value * DOWN);
        }
    }

    /// The sum rounded once; infinite where no double is near.
    pub(super) fn total(&self) -> f64 {
        if self.far.is_zero() {
            self.near.high
        } else {
            self.scaled().high * UP
        }
    }

    /// The sum divided by how many there were; of equal values exactly that value.
    #[inline]
    pub(super) fn mean(&self, count: f64) -> f64 {
        if self.far.is_zero() {
            self.near.over(count)
        } else {
            self.scaled().over(count) * UP
        }
    }

    fn scaled(&self) -> Pair {
        self.far.join(Pair {
            high: self.near.high * DOWN,
            low: self.near.low * DOWN,
        })
    }
}

impl Figure for Sum {
    const NONE: Self = Self {
        near: Pair::ZERO,
        far: Pair::ZERO,
    };

    fn of(point: &Point) -> Self {
        let mut sum = Self::NONE;
        sum.add(point.seen.double());
        sum
    }

    #[inline]
    fn then(&self, later: &Self) -> Self {
        Self {
            near: self.near.join(later.near),
            far: if self.far.is_zero() && later.far.is_zero() {
                Pair::ZERO
            } else {
                self.far.join(later.far)
            },
        }
    }

    fn push(&mut self, point: &Point) {
        self.add(point.seen.double());
    }

    fn push_front(&mut self, point: &Point) {
        self.add(point.seen.double());
    }
}

impl Pair {
    const ZERO: Self = Self {
        high: 0.0,
        low: 0.0,
    };

    /// A whole number, exact to two to the power of 106.
    pub(super) fn whole(value: i128) -> Self {
        let part = |part: i128| {
            let nearest = if part < 0 { i64::MIN } else { i64::MAX };
            number::double(i64::try_from(part).unwrap_or(nearest))
        };
        let upper = value.checked_div_euclid(HALF).unwrap_or(0);
        let lower = value.checked_rem_euclid(HALF).unwrap_or(0);
        let (high, low) = two_sum(part(upper) * HALF_DOUBLE, part(lower));
        Self { high, low }
    }

    /// The nearest double.
    pub(super) fn nearest(self) -> f64 {
        self.high
    }

    /// This divided by a number of samples.
    #[inline]
    pub(super) fn over(self, count: f64) -> f64 {
        let quotient = self.high / count;
        // In two parts, so that either has an exact product with the count.
        let upper = f64::from_bits(quotient.to_bits() & UPPER);
        let lower = quotient - upper;
        let rest = ((self.high - upper * count) - lower * count) + self.low;
        quotient + rest / count
    }

    #[inline]
    fn add(&mut self, value: f64) {
        let (high, low) = two_sum(self.high, value);
        (self.high, self.low) = quick_two_sum(high, self.low + low);
    }

    #[inline]
    fn join(self, other: Self) -> Self {
        let (high, mut low) = two_sum(self.high, other.high);
        let (more, rest) = two_sum(self.low, other.low);
        low += more;
        let (high, low) = quick_two_sum(high, low);
        let (high, low) = quick_two_sum(high, rest + low);
        Self { high, low }
    }

    fn is_zero(self) -> bool {
        self.high == 0.0
    }
}

/// A sum, and what was rounded off.
fn two_sum(left: f64, right: f64) -> (f64, f64) {
    let sum = left + right;
    let of_right = sum - left;
    (sum, (left - (sum - of_right)) + (right - of_right))
}

/// The same where the left one is not the smaller one.
fn quick_two_sum(left: f64, right: f64) -> (f64, f64) {
    let sum = left + right;
    (sum, right - (sum - left))
}
