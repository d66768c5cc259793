//! Values handed to the second engine and taken back. It never rounds, shortens or guesses: what has no counterpart is
//! nothing.

use std::sync::Arc;

use cel::common::types::{
    CelBool, CelBytes, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull,
    CelOptional, CelString, CelTimestamp, CelType, CelUInt, Kind,
};
use cel::common::value::Val;
use jiff::SignedDuration;

use crate::expr::display::type_name;
use crate::expr::instant::Instant;
use crate::expr::same;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Value};

/// A value of the second engine.
pub(super) type Theirs = Box<dyn Val>;

/// A value as the second engine has it; nothing for an unknown or a list with one inside. An entry of a map that is
/// one of these is left out: whoever reads it finds nothing there.
pub(super) fn give(value: &Value) -> Option<Theirs> {
    Some(match value {
        Value::Null => Box::new(CelNull),
        Value::Bool(value) => Box::new(CelBool::from(*value)),
        Value::Int(value) => Box::new(CelInt::from(*value)),
        Value::Uint(value) => Box::new(CelUInt::from(*value)),
        Value::Double(value) => Box::new(CelDouble::from(*value)),
        Value::String(text) => Box::new(CelString::from(text.to_string())),
        Value::Bytes(bytes) => Box::new(CelBytes::from(bytes.to_vec())),
        Value::Timestamp(at) => {
            let nanos = at.nanoseconds();
            let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
            let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
            let at = chrono::DateTime::from_timestamp(seconds, rest)?.fixed_offset();
            Box::new(CelTimestamp::from(at))
        }
        Value::Duration(length) => {
            let nanos = length.as_nanos();
            let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
            let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
            Box::new(CelDuration::from(chrono::Duration::new(seconds, rest)?))
        }
        Value::List(items) => {
            let items = items.iter().map(give).collect::<Option<Vec<Theirs>>>()?;
            Box::new(CelList::from(items))
        }
        Value::Map(map) => {
            let entries = map.iter();
            let known = entries.filter_map(|(key, value)| Some((give_key(key), give(value)?)));
            Box::new(mapped(known.collect()))
        }
        Value::Type(ty) => Box::new(CelType::new_static(type_name(ty))),
        Value::Optional(None) => Box::new(CelOptional::none()),
        Value::Optional(Some(value)) => Box::new(CelOptional::of(give(value)?)),
        Value::Unknown(_) => return None,
    })
}

/// A map of the second engine.
pub(super) fn mapped(entries: Vec<(CelMapKey<'static>, Theirs)>) -> CelMap<'static> {
    #[expect(
        clippy::disallowed_types,
        reason = "the second engine's maps are made of it, and lists made in its order are not compared"
    )]
    CelMap::from(
        entries
            .into_iter()
            .collect::<std::collections::HashMap<_, _>>(),
    )
}

fn give_key(key: &Key) -> CelMapKey<'static> {
    match key {
        Key::Bool(value) => CelMapKey::from(*value),
        Key::Int(value) => CelMapKey::from(*value),
        Key::Uint(value) => CelMapKey::from(*value),
        Key::String(text) => CelMapKey::from(text.to_string()),
    }
}

/// A value of the second engine as ours; nothing for a kind of value we do not have.
pub(super) fn take(value: &dyn Val) -> Option<Value> {
    if let Some(optional) = value.downcast_ref::<CelOptional>() {
        return Some(Value::Optional(match optional.option() {
            Some(value) => Some(Arc::new(take(value)?)),
            None => None,
        }));
    }
    Some(match value.get_type().kind() {
        Kind::NullType => Value::Null,
        Kind::Boolean => Value::Bool(*value.downcast_ref::<CelBool>()?.inner()),
        Kind::Int => Value::Int(*value.downcast_ref::<CelInt>()?.inner()),
        Kind::UInt => Value::Uint(*value.downcast_ref::<CelUInt>()?.inner()),
        Kind::Double => Value::Double(*value.downcast_ref::<CelDouble>()?.inner()),
        Kind::String => Value::String(value.downcast_ref::<CelString>()?.inner().into()),
        Kind::Bytes => Value::Bytes(value.downcast_ref::<CelBytes>()?.inner().into()),
        Kind::Timestamp => {
            let at = value.downcast_ref::<CelTimestamp>()?.inner();
            let seconds = i128::from(at.timestamp()).checked_mul(1_000_000_000)?;
            let nanos = seconds.checked_add(i128::from(at.timestamp_subsec_nanos()))?;
            Value::Timestamp(Instant::of_nanoseconds(nanos)?)
        }
        Kind::Duration => {
            let length = value.downcast_ref::<CelDuration>()?.inner();
            Value::Duration(SignedDuration::new(
                length.num_seconds(),
                length.subsec_nanos(),
            ))
        }
        Kind::List => {
            let items = value.downcast_ref::<CelList>()?.inner().iter();
            Value::List(
                items
                    .map(|item| take(item.as_ref()))
                    .collect::<Option<Vec<_>>>()?
                    .into(),
            )
        }
        Kind::Map => {
            let entries = value.downcast_ref::<CelMap>()?.inner().iter();
            let entries = entries
                .map(|(key, value)| Some((same::key(&take(key.inner())?)?, take(value.as_ref())?)));
            Value::Map(Arc::new(Map::new(entries.collect::<Option<Vec<_>>>()?)))
        }
        Kind::Type => Value::Type(Arc::new(named(value.downcast_ref::<CelType>()?.name())?)),
        _ => return None,
    })
}

/// The type of a name.
fn named(name: &str) -> Option<Type> {
    let any = || Arc::new(Type::Dyn);
    let types = [
        Type::Null,
        Type::Bool,
        Type::Int,
        Type::Uint,
        Type::Double,
        Type::String,
        Type::Bytes,
        Type::Timestamp,
        Type::Duration,
        Type::Type,
        Type::List(any()),
        Type::Map(any(), any()),
        Type::Optional(any()),
    ];
    types.into_iter().find(|ty| type_name(ty) == name)
}

/// Whether two values are one and the same: of one type, doubles to the last bit.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => {
            a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
        }
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => same(a, b),
        (Value::Type(a), Value::Type(b)) => type_name(a) == type_name(b),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b) && a.equals(b) == Some(true),
    }
}
