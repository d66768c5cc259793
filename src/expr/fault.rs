//! Why an expression has no value, and three-valued truth.
//!
//! A fault is data, never an error to be handled: an expression without a value is unknown.

use std::fmt;

use super::value::Missing;

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The reason.
    pub reason: Reason,
    /// The first byte of the sub-expression in which it arose.
    pub start: u32,
    /// The byte after its last one.
    pub end: u32,
}

/// The reasons for having no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An input is missing.
    Missing(Missing),
    /// A division or remainder by zero.
    DivisionByZero,
    /// A whole number that needs more than 64 bits.
    Overflow,
    /// A key the map does not have.
    NoSuchKey,
    /// An index outside the list or text.
    OutOfBounds,
    /// Arithmetic on finite numbers gave one that is infinite or not a number.
    NotFinite,
    /// A text or number that cannot be converted to what was asked.
    Conversion,
    /// A text that is no instant, or an instant outside the years 1 to 9999.
    BadTimestamp,
    /// A text that is no duration, or a duration of more than 10,000 years.
    BadDuration,
    /// A time zone nobody knows.
    BadZone,
    /// A text that is no regular expression.
    BadPattern,
    /// A format text and its arguments do not fit.
    BadFormat,
    /// A value of a type that the operator or function does not take.
    WrongType,
    /// An argument outside what the function takes.
    BadArgument,
    /// An optional that has no value.
    NoValue,
    /// One map would have a key twice.
    RepeatedKey,
    /// The evaluation would cost more than its budget.
    Limit(Limit),
}

/// What ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// 1,000,000 steps.
    Steps,
    /// A text of 1 MiB.
    Text,
    /// A list or map of 100,000 items.
    Items,
    /// 16 MiB of texts, lists and maps together.
    Memory,
    /// 1,000 items of a `for_each`.
    Each,
}

/// True, false, or unknown and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tri {
    /// It is true.
    True,
    /// It is false.
    False,
    /// Nobody can tell.
    Unknown(Fault),
}

impl From<Result<bool, Fault>> for Tri {
    fn from(result: Result<bool, Fault>) -> Self {
        match result {
            Ok(true) => Self::True,
            Ok(false) => Self::False,
            Err(fault) => Self::Unknown(fault),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing(missing) => return missing.fmt(f),
            Self::DivisionByZero => "division by zero",
            Self::Overflow => "a whole number beyond 64 bits",
            Self::NoSuchKey => "no such key",
            Self::OutOfBounds => "index out of bounds",
            Self::NotFinite => "not a finite number",
            Self::Conversion => "cannot be converted",
            Self::BadTimestamp => "not a timestamp between the years 1 and 9999",
            Self::BadDuration => "not a duration within 10,000 years",
            Self::BadZone => "no such time zone",
            Self::BadPattern => "not a regular expression",
            Self::BadFormat => "the format and its arguments do not fit",
            Self::WrongType => "of another type than needed",
            Self::BadArgument => "an argument the function does not take",
            Self::NoValue => "an optional without a value",
            Self::RepeatedKey => "a map key given twice",
            Self::Limit(limit) => return limit.fmt(f),
        })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "more than 1,000,000 steps",
            Self::Text => "a text of more than 1 MiB",
            Self::Items => "a list of more than 100,000 items",
            Self::Each => "more than 1,000 items",
            Self::Memory => "more than 16 MiB of texts and lists together",
        })
    }
}
