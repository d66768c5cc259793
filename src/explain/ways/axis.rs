//! Numbers, lengths of time and instants as whole numbers in their own order, so that halving a stretch of them ends at two
//! neighbours. It never rounds.

use jiff::SignedDuration;

use crate::expr::value::Value;
use crate::expr::{Instant, Sort, double};

/// How far beyond the greatest known number a value is taken to be allowed: what lies further on nobody gives, and numbers
/// run out there.
const REACH: f64 = 10_000.0;
/// The same where whole numbers are so great that they run out before: up to where all are told apart, or so many times as
/// far.
const APART: f64 = 9_007_199_254_740_992.0;
const NEAR: f64 = 4.0;
/// Further from all known instants nobody gives one: a hundred years.
const AGE: i128 = 3_155_760_000_000_000_000;
const NANOS: f64 = 1e9;
/// The greatest double that is tried.
const FAR: f64 = 1e300;
/// More nanoseconds than anything takes: thirty thousand years.
const LONG: i128 = 1_000_000_000_000_000_000_000;
/// More nanoseconds than there are between 1970 and the first or the last instant.
const ERA: i128 = 100_000_000_000_000_000_000;
/// How far beyond the last limit growing steps lead, as a power of two.
const STEPS: i32 = 40;
/// Which parts of a number are tried, as powers of two.
const PARTS: [i32; 10] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 40];

/// The values of one kind between two ends, both included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    sort: Sort,
    least: i128,
    greatest: i128,
}

impl Axis {
    /// The values of this kind within a declared range; nothing where they are no numbers.
    pub(super) fn new(sort: Sort, range: Option<(f64, f64)>) -> Option<Self> {
        let (least, greatest) = match sort {
            Sort::Double => (of_double(-FAR), of_double(FAR)),
            Sort::Int => (i128::from(i64::MIN), i128::from(i64::MAX)),
            Sort::Duration => (LONG.saturating_neg(), LONG),
            Sort::Timestamp => (ERA.saturating_neg(), ERA.saturating_mul(3)),
            Sort::Bool | Sort::String | Sort::Other => return None,
        };
        let axis = Self {
            sort,
            least,
            greatest,
        };
        let Some((low, high)) = range else {
            return Some(axis);
        };
        let (low, high) = match sort {
            Sort::Double => (of_double(low), of_double(high)),
            Sort::Int => (whole(low.ceil()), whole(high.floor())),
            Sort::Duration => (whole(low * NANOS), whole(high * NANOS)),
            _ => return Some(axis),
        };
        Some(Self {
            least: least.max(low),
            greatest: greatest.min(high),
            ..axis
        })
    }

    /// Where a value stands; nothing for one of another kind.
    pub(super) fn of(self, value: &Value) -> Option<i128> {
        match (self.sort, value) {
            (Sort::Double, Value::Double(number)) if number.is_finite() => Some(of_double(*number)),
            (Sort::Double, Value::Int(number)) => Some(of_double(double(*number))),
            (Sort::Int, Value::Int(number)) => Some(i128::from(*number)),
            (Sort::Duration, Value::Duration(length)) => Some(length.as_nanos()),
            (Sort::Timestamp, Value::Timestamp(at)) => Some(at.nanoseconds()),
            _ => None,
        }
    }

    /// Where a limit stands: a fraction stands at both whole numbers beside it.
    pub(super) fn of_limit(self, value: &Value) -> Vec<i128> {
        match (self.sort, value) {
            (Sort::Int, Value::Double(number)) if number.is_finite() => {
                vec![whole(number.floor()), whole(number.ceil())]
            }
            _ => self.of(value).into_iter().collect(),
        }
    }

    /// The value at a place.
    pub(super) fn value(self, place: i128) -> Option<Value> {
        if place < self.least || place > self.greatest {
            return None;
        }
        Some(match self.sort {
            Sort::Double => Value::Double(to_double(place)),
            Sort::Int => Value::Int(i64::try_from(place).ok()?),
            Sort::Duration => Value::Duration(length(place)?),
            Sort::Timestamp => Value::Timestamp(Instant::of_nanoseconds(place)?),
            _ => return None,
        })
    }

    /// Whether every place has a neighbour a person would write.
    pub(super) fn is_counted(self) -> bool {
        self.sort == Sort::Int
    }

    /// A place a little further on; nothing beyond the end.
    pub(super) fn further(self, place: i128, up: bool) -> Option<i128> {
        let step = match self.sort {
            Sort::Double => {
                let number = to_double(place);
                let step = if number == 0.0 {
                    1e-9
                } else {
                    number.abs() * 1e-9
                };
                let moved = if up { number + step } else { number - step };
                return Some(of_double(moved)).filter(|place| self.has(*place));
            }
            Sort::Int => 1,
            _ => 1_000_000,
        };
        Some(if up {
            place.saturating_add(step)
        } else {
            place.saturating_sub(step)
        })
        .filter(|place| self.has(*place))
    }

    /// The part of it that anybody may give, where these are known to be given or compared with.
    pub(super) fn within_reach(self, known: &[i128]) -> Self {
        let number = |place: &i128| match self.value(*place) {
            Some(Value::Double(number)) => Some(number.abs()),
            Some(Value::Int(number)) => Some(double(number).abs()),
            Some(Value::Duration(length)) => Some(length.as_secs_f64().abs()),
            _ => None,
        };
        let known_most = known.iter().filter_map(number).fold(1.0, f64::max);
        let most = known_most * REACH;
        let (least, greatest) = match self.sort {
            Sort::Double => (of_double(-most), of_double(most)),
            Sort::Int => {
                let most = most.min((known_most * NEAR).max(APART));
                (whole(-most), whole(most))
            }
            Sort::Duration => (whole(-most * NANOS), whole(most * NANOS)),
            Sort::Timestamp => {
                let (Some(first), Some(last)) = (known.iter().min(), known.iter().max()) else {
                    return self;
                };
                (first.saturating_sub(AGE), last.saturating_add(AGE))
            }
            _ => return self,
        };
        Self {
            least: self.least.max(least),
            greatest: self.greatest.min(greatest),
            ..self
        }
    }

    /// Whether nothing comes before or behind a place.
    pub(super) fn is_end(self, place: i128) -> bool {
        place == self.least || place == self.greatest
    }

    fn has(self, place: i128) -> bool {
        (self.least..=self.greatest).contains(&place)
    }

    /// Where to look, in order and none twice: at the limits and beside them, at the ends, and in growing steps away from
    /// where it stands now, or from the first limit.
    pub(super) fn probes(self, limits: &[i128], now: Option<i128>) -> Vec<i128> {
        let mut probes: Vec<i128> = Vec::new();
        for limit in limits {
            probes.extend([limit.saturating_sub(1), *limit, limit.saturating_add(1)]);
        }
        let zero = if self.sort == Sort::Timestamp {
            None
        } else {
            Some(0)
        };
        probes.extend(zero);
        probes.extend([self.least, self.greatest]);
        let from = now.or_else(|| limits.first().copied()).or(zero);
        if let Some(base) = from {
            for power in (-STEPS..=STEPS).step_by(2) {
                probes.extend(self.step(base, power, true));
                probes.extend(self.step(base, power, false));
            }
            probes.extend(PARTS.iter().filter_map(|power| self.part(base, *power)));
        }
        probes.retain(|place| self.has(*place));
        probes.sort_unstable();
        probes.dedup();
        probes
    }

    /// A part of what stands at a place: what something is divided by may have to be nearer to zero than any step leads.
    fn part(self, base: i128, power: i32) -> Option<i128> {
        let number = (self.sort == Sort::Double).then(|| to_double(base))?;
        Some(of_double(number * 2_f64.powi(power.saturating_neg())))
    }

    /// A step of a power of two from a place, in what a person would count.
    fn step(self, base: i128, power: i32, up: bool) -> Option<i128> {
        if self.sort == Sort::Double {
            let number = to_double(base);
            let scale = if number == 0.0 { 1.0 } else { number.abs() };
            let step = scale * 2_f64.powi(power);
            return Some(of_double(if up { number + step } else { number - step }));
        }
        let unit: i128 = if self.sort == Sort::Int {
            1
        } else {
            1_000_000_000
        };
        let power = u32::try_from(power).ok()?;
        let step = unit.checked_shl(power)?;
        if up {
            base.checked_add(step)
        } else {
            base.checked_sub(step)
        }
    }
}

/// Doubles in their order; both zeros are one.
fn of_double(number: f64) -> i128 {
    let size = i128::from(number.abs().to_bits());
    if number < 0.0 {
        size.saturating_neg()
    } else {
        size
    }
}

fn to_double(place: i128) -> f64 {
    let size = f64::from_bits(u64::try_from(place.unsigned_abs()).unwrap_or(u64::MAX));
    if place < 0 { -size } else { size }
}

/// A number without a fraction, as far as an int reaches.
fn whole(number: f64) -> i128 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it saturates, and the ends are cut"
    )]
    let whole = number as i64;
    i128::from(whole)
}

fn length(nanoseconds: i128) -> Option<SignedDuration> {
    let seconds = i64::try_from(nanoseconds.checked_div_euclid(1_000_000_000)?).ok()?;
    let rest = i32::try_from(nanoseconds.checked_rem_euclid(1_000_000_000)?).ok()?;
    Some(SignedDuration::new(seconds, rest))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot begin fails")]

    use super::*;

    #[test]
    fn doubles_stand_in_their_order_and_come_back() {
        let axis = Axis::new(Sort::Double, None).expect("numbers");
        let numbers = [
            -1e200,
            -3.5,
            -f64::MIN_POSITIVE,
            0.0,
            1e-12,
            0.1,
            0.1_f64.next_up(),
            7e9,
        ];
        let places: Vec<i128> = numbers.iter().map(|n| of_double(*n)).collect();
        assert!(places.is_sorted());
        for (number, place) in numbers.iter().zip(places) {
            assert!(
                matches!(axis.value(place), Some(Value::Double(n)) if n.to_bits() == number.to_bits())
            );
        }
        assert_eq!(of_double(-0.0), of_double(0.0));
        assert_eq!(of_double(0.1_f64.next_up()), of_double(0.1) + 1);
    }

    #[test]
    fn nothing_outside_the_declared_range_is_looked_at() {
        let axis = Axis::new(Sort::Int, Some((0.5, 3.9))).expect("numbers");
        let values = axis.probes(&[100, -7], Some(2));
        // What it is now is known.
        assert_eq!(values, [1, 3]);
        assert!(axis.value(4).is_none() && axis.further(3, true).is_none());
    }
}
