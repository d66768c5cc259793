//! The least-squares line through a stretch of samples, merged like their spread. Times are taken from the stretch's own
//! first sample, so that an age since 1970 never stands beside a minute.

use super::seen::{self, Point};
use super::stack::Figure;
use crate::evaluate::moment::Moment;
use crate::expr::number;
use crate::expr::value::{Missing, Value};

/// The nanoseconds of an hour.
const HOUR: f64 = 3.6e12;

/// What a line through the samples of a stretch follows from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The first sample; none: there is none.
    origin: Option<Moment>,
    count: f64,
    /// The mean of the nanoseconds since the first.
    time: f64,
    value: f64,
    /// The sum of the squared deviations of the times.
    times: f64,
    /// The sum of the products of both deviations.
    products: f64,
}

impl Line {
    /// How much the line rises in an hour.
    pub(super) fn slope(&self) -> Result<f64, Missing> {
        if self.times > 0.0 {
            match seen::double(self.products * HOUR / self.times)? {
                Value::Double(slope) => Ok(slope),
                _ => Err(Missing::NotFinite),
            }
        } else {
            Err(Missing::Few)
        }
    }
}

impl Figure for Line {
    const NONE: Self = Self {
        origin: None,
        count: 0.0,
        time: 0.0,
        value: 0.0,
        times: 0.0,
        products: 0.0,
    };

    fn of(point: &Point) -> Self {
        Self {
            origin: Some(point.at),
            count: 1.0,
            value: point.seen.double(),
            ..Self::NONE
        }
    }

    fn then(&self, later: &Self) -> Self {
        let (Some(origin), Some(other)) = (self.origin, later.origin) else {
            return if self.origin.is_none() { *later } else { *self };
        };
        let passed = i64::try_from(other.since(origin)).unwrap_or(i64::MAX);
        let count = self.count + later.count;
        let share = later.count / count;
        let time = number::double(passed) + later.time - self.time;
        let value = later.value - self.value;
        let weighted = time * self.count * share;
        Self {
            origin: self.origin,
            count,
            time: self.time + time * share,
            value: self.value + value * share,
            times: self.times + later.times + weighted * time,
            products: self.products + later.products + weighted * value,
        }
    }
}
