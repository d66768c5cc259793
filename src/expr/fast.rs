//! A lowered form of common conditions that evaluates without allocating. It gives exactly what the plan gives.
//!
//! It pays into no budget: its size is bounded by the text it came from, and it has no loops but over constant lists.

mod lower;

use std::cmp::Ordering;
use std::sync::Arc;

use super::eval::holds;
use super::fault::{Fault, Reason};
use super::number;
use super::plan::Load;
use super::tree::{At, Op};
use super::value::{Missing, Value};

pub(crate) use lower::lower;

/// A lowered condition.
#[derive(Debug)]
pub(crate) enum Fast {
    Const(bool),
    /// A slot or field that is true or false.
    Read(Place),
    Not(Box<Fast>),
    /// All or, if `decisive` is true, any of them.
    Chain {
        decisive: bool,
        parts: Box<[Fast]>,
    },
    /// An input against a constant: the commonest condition.
    Limit {
        op: Op,
        place: Place,
        limit: f64,
    },
    /// An input against another, multiplied.
    Pair {
        op: Op,
        left: Place,
        right: Place,
        factor: f64,
        product: At,
    },
    /// Two doubles.
    Compare {
        op: Op,
        left: Number,
        right: Number,
    },
    /// A whole number against a constant one.
    Count {
        op: Op,
        place: Place,
        limit: i64,
    },
    /// A text against a constant one.
    Text {
        equal: bool,
        place: Place,
        text: Arc<str>,
    },
    /// A text among constant ones.
    Among {
        place: Place,
        texts: Box<[Arc<str>]>,
    },
    StartsWith {
        place: Place,
        text: Arc<str>,
    },
    Known {
        place: Place,
        load: Load,
    },
}

/// A lowered double.
#[derive(Debug)]
pub(crate) enum Number {
    Const(f64),
    Read(Place),
    Minus(Box<Number>),
    Scale {
        of: Box<Number>,
        factor: f64,
        at: At,
    },
    Arith {
        op: Op,
        at: At,
        left: Box<Number>,
        right: Box<Number>,
    },
}

/// Where an input is read: a slot, and the fields on the way into it.
#[derive(Debug)]
pub(crate) struct Place {
    slot: usize,
    slot_at: At,
    /// Each field with the bytes of the expression up to it.
    fields: Box<[(Arc<str>, At)]>,
}

/// A fault at these bytes.
fn fault(at: At, reason: Reason) -> Fault {
    Fault {
        reason,
        start: at.start,
        end: at.end,
    }
}

impl Place {
    /// What stands there, of whatever type.
    fn find<'a>(&self, slots: &'a [Value]) -> Result<&'a Value, Fault> {
        let missing = |at, missing| fault(at, Reason::Missing(missing));
        let mut value = slots
            .get(self.slot)
            .ok_or_else(|| missing(self.slot_at, Missing::Absent))?;
        let mut at = self.slot_at;
        for (key, next) in &self.fields {
            match value {
                Value::Map(map) => {
                    value = map
                        .get_str(key)
                        .ok_or_else(|| fault(*next, Reason::NoSuchKey))?;
                }
                Value::Unknown(why) => return Err(missing(at, *why)),
                _ => return Err(missing(at, Missing::WrongType)),
            }
            at = *next;
        }
        if let Value::Unknown(why) = value {
            Err(missing(at, *why))
        } else {
            Ok(value)
        }
    }

    /// What is said of a value of another type.
    fn wrong(&self) -> Fault {
        let at = self.fields.last().map_or(self.slot_at, |(_, at)| *at);
        fault(at, Reason::Missing(Missing::WrongType))
    }

    #[inline]
    fn double(&self, slots: &[Value]) -> Result<f64, Fault> {
        if self.fields.is_empty()
            && let Some(Value::Double(value)) = slots.get(self.slot)
            && value.is_finite()
        {
            return Ok(*value);
        }
        match self.find(slots)? {
            Value::Double(value) if value.is_finite() => Ok(*value),
            Value::Double(_) => Err(Fault {
                reason: Reason::Missing(Missing::NotFinite),
                ..self.wrong()
            }),
            Value::Int(value) => Ok(number::double(*value)),
            _ => Err(self.wrong()),
        }
    }

    /// The same without the reason.
    #[inline]
    fn quick(&self, slots: &[Value]) -> Option<f64> {
        match slots.get(self.slot) {
            Some(Value::Double(value)) if self.fields.is_empty() && value.is_finite() => {
                Some(*value)
            }
            _ => self.otherwise(slots),
        }
    }

    /// What is no plain double in a slot; apart, so that the common way stays short.
    #[inline(never)]
    fn otherwise(&self, slots: &[Value]) -> Option<f64> {
        self.double(slots).ok()
    }

    fn text<'a>(&self, slots: &'a [Value]) -> Result<&'a str, Fault> {
        if let Value::String(text) = self.find(slots)? {
            Ok(text)
        } else {
            Err(self.wrong())
        }
    }

    /// Whether it has a value of its declared type: `known`.
    fn known(&self, slots: &[Value], load: Load) -> bool {
        self.find(slots).is_ok_and(|value| load.read(value).is_ok())
    }
}

impl Number {
    fn value(&self, slots: &[Value]) -> Result<f64, Fault> {
        match self {
            Self::Const(value) => Ok(*value),
            Self::Read(place) => place.double(slots),
            Self::Minus(of) => of.value(slots).map(|value| -value),
            Self::Scale { of, factor, at } => finite(of.value(slots)? * factor, *at),
            Self::Arith {
                op,
                at,
                left,
                right,
            } => {
                let (left, right) = (left.value(slots)?, right.value(slots)?);
                match op {
                    Op::Add => finite(left + right, *at),
                    Op::Subtract => finite(left - right, *at),
                    Op::Multiply => finite(left * right, *at),
                    _ if right == 0.0 => Err(fault(*at, Reason::DivisionByZero)),
                    _ => finite(left / right, *at),
                }
            }
        }
    }
}

impl Number {
    /// The same without the reason.
    #[inline]
    fn quick(&self, slots: &[Value]) -> Option<f64> {
        let number = match self {
            Self::Const(value) => return Some(*value),
            Self::Read(place) => return place.quick(slots),
            Self::Minus(of) => -of.quick(slots)?,
            Self::Scale { of, factor, .. } => of.quick(slots)? * factor,
            Self::Arith {
                op, left, right, ..
            } => {
                let (left, right) = (left.quick(slots)?, right.quick(slots)?);
                match op {
                    Op::Add => left + right,
                    Op::Subtract => left - right,
                    Op::Multiply => left * right,
                    // Not a number, and infinity, where it divides by zero.
                    _ => left / right,
                }
            }
        };
        number.is_finite().then_some(number)
    }
}

/// A number that arithmetic gave.
#[inline]
fn finite(value: f64, at: At) -> Result<f64, Fault> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(fault(at, Reason::NotFinite))
    }
}

/// Whether an operator holds for two finite doubles.
#[inline]
fn compare(op: Op, left: f64, right: f64) -> bool {
    match op {
        Op::Less => left < right,
        Op::LessEqual => left <= right,
        Op::Greater => left > right,
        Op::GreaterEqual => left >= right,
        _ => (left.partial_cmp(&right) == Some(Ordering::Equal)) == (op == Op::Equal),
    }
}

/// Numbers in slots against constants, all of which must be so, or any.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// What one of them decides.
    pub(crate) decisive: bool,
    pub(crate) limits: Vec<Bound>,
}

/// A number in a slot against a constant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) slot: usize,
    op: Op,
    limit: f64,
}

impl Bound {
    /// Whether it holds for a number that is finite.
    #[inline]
    pub(crate) fn holds(&self, number: f64) -> bool {
        compare(self.op, number, self.limit)
    }
}

impl Fast {
    /// The limits it consists of, if it is nothing else.
    pub(crate) fn limits(&self) -> Option<Limits> {
        match self {
            Self::Limit { op, place, limit } if place.fields.is_empty() => Some(Limits {
                decisive: false,
                limits: vec![Bound {
                    slot: place.slot,
                    op: *op,
                    limit: *limit,
                }],
            }),
            Self::Chain { decisive, parts } => {
                let mut limits = Vec::new();
                for part in parts {
                    match part.limits() {
                        Some(one) if matches!(part, Self::Limit { .. }) => {
                            limits.extend(one.limits);
                        }
                        _ => return None,
                    }
                }
                let decisive = *decisive;
                Some(Limits { decisive, limits })
            }
            _ => None,
        }
    }

    /// Whether it is true, without the reason where that is unknown: an answer that fits into registers.
    #[inline]
    pub(crate) fn quick(&self, slots: &[Value]) -> Option<bool> {
        match self {
            Self::Limit { op, place, limit } => Some(compare(*op, place.quick(slots)?, *limit)),
            Self::Pair {
                op,
                left,
                right,
                factor,
                ..
            } => {
                let product = right.quick(slots)? * factor;
                product.is_finite().then_some(())?;
                Some(compare(*op, left.quick(slots)?, product))
            }
            Self::Chain { decisive, parts } => {
                let mut known = true;
                for part in parts {
                    match part.quick(slots) {
                        Some(value) if value == *decisive => return Some(*decisive),
                        Some(_) => {}
                        None => known = false,
                    }
                }
                known.then_some(!decisive)
            }
            Self::Not(of) => of.quick(slots).map(|value| !value),
            Self::Compare { op, left, right } => {
                Some(compare(*op, left.quick(slots)?, right.quick(slots)?))
            }
            _ => self.known(slots),
        }
    }

    /// What has no short way, without the reason; apart, so that the short ways stay short.
    #[inline(never)]
    fn known(&self, slots: &[Value]) -> Option<bool> {
        self.test(slots).ok()
    }

    /// Whether it is true.
    pub(crate) fn test(&self, slots: &[Value]) -> Result<bool, Fault> {
        match self {
            Self::Const(value) => Ok(*value),
            Self::Limit { op, place, limit } => {
                place.double(slots).map(|value| compare(*op, value, *limit))
            }
            Self::Pair {
                op,
                left,
                right,
                factor,
                product,
            } => {
                let left = left.double(slots)?;
                let right = finite(right.double(slots)? * factor, *product)?;
                Ok(compare(*op, left, right))
            }
            Self::Chain { decisive, parts } => {
                let mut unknown = None;
                for part in parts {
                    match part.test(slots) {
                        Ok(value) if value == *decisive => return Ok(*decisive),
                        Ok(_) => {}
                        Err(fault) => unknown = unknown.or(Some(fault)),
                    }
                }
                unknown.map_or(Ok(!decisive), Err)
            }
            Self::Not(of) => of.test(slots).map(|value| !value),
            Self::Compare { op, left, right } => {
                Ok(compare(*op, left.value(slots)?, right.value(slots)?))
            }
            Self::Count { op, place, limit } => match place.find(slots)? {
                Value::Int(value) => Ok(holds(*op, value.cmp(limit))),
                _ => Err(place.wrong()),
            },
            Self::Read(place) => match place.find(slots)? {
                Value::Bool(value) => Ok(*value),
                _ => Err(place.wrong()),
            },
            Self::Text { equal, place, text } => {
                Ok((place.text(slots)? == text.as_ref()) == *equal)
            }
            Self::Among { place, texts } => {
                let value = place.text(slots)?;
                Ok(texts.iter().any(|text| text.as_ref() == value))
            }
            Self::StartsWith { place, text } => Ok(place.text(slots)?.starts_with(text.as_ref())),
            Self::Known { place, load } => Ok(place.known(slots, *load)),
        }
    }
}
