//! Equality and order of values, as CEL has them and with parts that may be unknown.
//!
//! It never answers for an unknown part: where that could matter, the answer is `None`.

use std::cmp::Ordering;

use super::number;
use super::types::Type;
use super::value::{Key, Value};

/// Whether two values are equal; `None` where an unknown part could decide.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    Some(match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return None,
        (Value::Null, Value::Null) | (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => same_type(a, b),
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => return equal(a, b),
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            return all(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)));
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() || !a.iter().zip(b.iter()).all(|((a, _), (b, _))| a == b) {
                return Some(false);
            }
            return all(a.iter().zip(b.iter()).map(|((_, a), (_, b))| equal(a, b)));
        }
        _ => matches!(numbers(left, right), Some(Some(Ordering::Equal))),
    })
}

/// How many steps it takes to go through a value; nothing for what is compared at once.
pub(crate) fn weight(value: &Value) -> u64 {
    let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    match value {
        Value::String(text) => wide(text.len() / 16),
        Value::Bytes(bytes) => wide(bytes.len() / 16),
        Value::List(items) => items.iter().fold(wide(items.len()), |sum, item| {
            sum.saturating_add(weight(item))
        }),
        Value::Map(map) => map.iter().fold(wide(map.len()), |sum, (_, value)| {
            sum.saturating_add(weight(value))
        }),
        Value::Optional(Some(value)) => weight(value),
        _ => 0,
    }
}

/// True if all are, false if one is not, else unknown.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
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
