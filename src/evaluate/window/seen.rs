//! What a window keeps of a value: a number, a truth, or that there was one. Never a text and never a shared part.

use crate::evaluate::moment::Moment;
use crate::expr::number;
use crate::expr::value::{Missing, Value};

/// The greatest whole number up to which doubles hold every whole number: what a figure of whole numbers may reach.
const EXACT: i128 = 1 << 53;

/// A value that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seen {
    /// A whole number.
    Whole(i64),
    /// A number, finite.
    Double(f64),
    /// True or false.
    Truth(bool),
    /// Something else that is known: a map, whose entries are kept elsewhere, or what is only counted.
    Thing,
}

/// A known sample of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) at: Moment,
    pub(super) seen: Seen,
}

impl Seen {
    /// A number, as a whole one or not, whichever the expression is.
    pub(super) fn number(value: &Value, whole: bool) -> Result<Self, Missing> {
        match value {
            Value::Unknown(missing) => Err(*missing),
            Value::Int(value) if whole => Ok(Self::Whole(*value)),
            Value::Int(value) => Ok(Self::Double(number::double(*value))),
            Value::Uint(value) if whole => i64::try_from(*value)
                .map(Self::Whole)
                .map_err(|_| Missing::OutOfRange),
            Value::Uint(value) => Ok(Self::Double(number::double_of_uint(*value))),
            Value::Double(value) if !value.is_finite() => Err(Missing::NotFinite),
            // One zero only, so that the two never differ in what is greatest.
            Value::Double(value) if !whole => Ok(Self::Double(*value + 0.0)),
            _ => Err(Missing::WrongType),
        }
    }

    /// True or false.
    pub(super) fn truth(value: &Value) -> Result<Self, Missing> {
        match value {
            Value::Bool(value) => Ok(Self::Truth(*value)),
            Value::Unknown(missing) => Err(*missing),
            _ => Err(Missing::WrongType),
        }
    }

    /// Whatever is known.
    pub(super) fn any(value: &Value, whole: bool) -> Result<Self, Missing> {
        match value {
            Value::Bool(value) => Ok(Self::Truth(*value)),
            Value::Int(_) | Value::Uint(_) | Value::Double(_) => Self::number(value, whole),
            Value::Unknown(missing) => Err(*missing),
            _ => Ok(Self::Thing),
        }
    }

    /// As a double; what is no number counts as nothing.
    pub(super) fn double(self) -> f64 {
        match self {
            Self::Whole(value) => number::double(value),
            Self::Double(value) => value,
            Self::Truth(_) | Self::Thing => 0.0,
        }
    }

    /// Whether it is true.
    pub(super) fn is_true(self) -> bool {
        matches!(self, Self::Truth(true))
    }

    /// Whether it is less than another of its kind.
    pub(super) fn is_less(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => left < right,
            (left, right) => left.double() < right.double(),
        }
    }

    /// As the value of a window.
    pub(super) fn value(self) -> Result<Value, Missing> {
        match self {
            Self::Whole(value) => whole(i128::from(value)),
            Self::Double(value) => double(value),
            Self::Truth(value) => Ok(Value::Bool(value)),
            Self::Thing => Err(Missing::WrongType),
        }
    }
}

/// A whole number, unless doubles could not tell it from its neighbours.
pub(super) fn whole(value: i128) -> Result<Value, Missing> {
    if (-EXACT..=EXACT).contains(&value) {
        i64::try_from(value)
            .map(Value::Int)
            .map_err(|_| Missing::OutOfRange)
    } else {
        Err(Missing::OutOfRange)
    }
}

/// A number, if it is one.
pub(super) fn double(value: f64) -> Result<Value, Missing> {
    if value.is_finite() {
        Ok(Value::Double(value))
    } else {
        Err(Missing::NotFinite)
    }
}

/// How many, as a double.
pub(super) fn count(value: usize) -> f64 {
    number::double(number::size(value))
}
