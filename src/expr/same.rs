//! Equality and order of values, as CEL has them and with parts that may be unknown.
//!
//! It never answers for an unknown part: where that could matter, the answer is `None`.

use std::cmp::Ordering;

use super::budget::Budget;
use super::fault::Reason;
use super::number;
use super::types::Type;
use super::value::{Key, Missing, Value};

/// Whether two values are equal; `None` where an unknown part could decide. Every pair of parts is paid for: parts may be
/// shared, so that there are far more of them than memory ever held.
pub(crate) fn equal(
    left: &Value,
    right: &Value,
    budget: &mut Budget,
) -> Result<Option<bool>, Reason> {
    Ok(Some(match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return Ok(None),
        (Value::Null, Value::Null) | (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => {
            budget.read(a.len().min(b.len()))?;
            a == b
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            budget.read(a.len().min(b.len()))?;
            a == b
        }
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => same_type(a, b),
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => {
            budget.pay(1)?;
            return equal(a, b, budget);
        }
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Ok(Some(false));
            }
            return all(a.iter().zip(b.iter()), budget);
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() {
                return Ok(Some(false));
            }
            for ((a, _), (b, _)) in a.iter().zip(b.iter()) {
                budget.pay(1)?;
                if let (Key::String(a), Key::String(b)) = (a, b) {
                    budget.read(a.len().min(b.len()))?;
                }
                if a != b {
                    return Ok(Some(false));
                }
            }
            let values = a.iter().zip(b.iter()).map(|((_, a), (_, b))| (a, b));
            return all(values, budget);
        }
        _ => matches!(numbers(left, right), Some(Some(Ordering::Equal))),
    }))
}

/// True if all pairs are equal, false if one is not, else unknown.
fn all<'v>(
    pairs: impl Iterator<Item = (&'v Value, &'v Value)>,
    budget: &mut Budget,
) -> Result<Option<bool>, Reason> {
    let mut result = Some(true);
    for (left, right) in pairs {
        budget.pay(1)?;
        match equal(left, right, budget)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => result = None,
        }
    }
    Ok(result)
}

/// Why the value, or the first part of it that is unknown, is unknown. Every part is paid for.
pub(crate) fn unknown(value: &Value, budget: &mut Budget) -> Result<Option<Missing>, Reason> {
    let mut first = |part: &Value| {
        budget.pay(1)?;
        unknown(part, budget)
    };
    match value {
        Value::Unknown(missing) => Ok(Some(*missing)),
        Value::List(items) => {
            for item in items.iter() {
                if let Some(missing) = first(item)? {
                    return Ok(Some(missing));
                }
            }
            Ok(None)
        }
        Value::Map(map) => {
            for (_, item) in map.iter() {
                if let Some(missing) = first(item)? {
                    return Ok(Some(missing));
                }
            }
            Ok(None)
        }
        Value::Optional(Some(value)) => first(value),
        _ => Ok(None),
    }
}

/// Why something among these values is unknown, where that kept two of them from being compared.
pub(crate) fn undecided<'v>(
    values: impl IntoIterator<Item = &'v Value>,
    budget: &mut Budget,
) -> Reason {
    for value in values {
        match unknown(value, budget) {
            Ok(None) => {}
            Ok(Some(missing)) => return Reason::Missing(missing),
            Err(reason) => return reason,
        }
    }
    Reason::Missing(Missing::Absent)
}

/// What it costs to compare two values for their order.
pub(crate) fn weight(left: &Value, right: &Value) -> usize {
    match (left, right) {
        (Value::String(a), Value::String(b)) => a.len().min(b.len()),
        (Value::Bytes(a), Value::Bytes(b)) => a.len().min(b.len()),
        _ => 0,
    }
}

/// How two values compare: the outer `None` means that they have no order, the inner one that one is NaN.
#[expect(
    clippy::option_option,
    reason = "no order between types and no order because of NaN are two answers"
)]
pub(crate) fn order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    Some(Some(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return numbers(left, right),
    }))
}

/// How two numbers compare, whatever their kinds; the outer `None` if one is no number.
#[expect(
    clippy::option_option,
    reason = "no order between types and no order because of NaN are two answers"
)]
fn numbers(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    Some(match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Double(b)) => number::int_double(*a, *b),
        (Value::Double(a), Value::Int(b)) => number::int_double(*b, *a).map(Ordering::reverse),
        (Value::Uint(a), Value::Double(b)) => number::uint_double(*a, *b),
        (Value::Double(a), Value::Uint(b)) => number::uint_double(*b, *a).map(Ordering::reverse),
        (Value::Int(a), Value::Uint(b)) => Some(number::int_uint(*a, *b)),
        (Value::Uint(a), Value::Int(b)) => Some(number::int_uint(*b, *a).reverse()),
        _ => return None,
    })
}

/// The key a value is, if it can be one. A double stands for the whole number it equals.
pub(crate) fn key(value: &Value) -> Option<Key> {
    Some(match value {
        Value::Bool(value) => Key::Bool(*value),
        Value::Int(value) => Key::Int(*value),
        Value::Uint(value) => i64::try_from(*value).map_or(Key::Uint(*value), Key::Int),
        Value::String(text) => Key::String(text.clone()),
        _ => return None,
    })
}

/// The key a value finds: as [`key`], and a double finds the whole number it equals.
pub(crate) fn lookup(value: &Value) -> Option<Key> {
    let Value::Double(double) = value else {
        return key(value);
    };
    if double.fract() != 0.0 {
        return None;
    }
    number::int(*double)
        .map(Key::Int)
        .or_else(|| number::uint(*double).map(Key::Uint))
}

/// Whether two types are the same kind: CEL does not tell lists of different items apart.
fn same_type(left: &Type, right: &Type) -> bool {
    std::mem::discriminant(&kind(left)) == std::mem::discriminant(&kind(right))
}

/// A type without its parts.
fn kind(ty: &Type) -> Type {
    match ty {
        Type::Struct(_) => Type::Map(Type::Dyn.into(), Type::Dyn.into()),
        other => other.clone(),
    }
}
