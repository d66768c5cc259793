//! Optional values: how they are made, and what is inside. Absence is a value here; the unknown never gets this far.

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::value::Value;

table! {
    "optional.of" of { free(Item) Optional; }
    "optional.none" none { free() Optional; }
    "optional.ofNonZeroValue" of_non_zero { free(Item) Optional; }
    "hasValue" has_value { method(Optional) Bool; }
    "value" value { method(Optional) Item; }
    "optional.unwrap" unwrap { free(Optionals) Items; }
    "unwrapOpt" unwrap { method(Optionals) Items; }
    "first" first { method(Items) Optional; }
    "last" last { method(Items) Optional; }
}

fn of(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    args.first()
        .cloned()
        .map(Value::some)
        .ok_or(Reason::WrongType)
}

fn none(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [] => Ok(Value::Optional(None)),
        _ => Err(Reason::WrongType),
    }
}

fn of_non_zero(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    let value = args.first().ok_or(Reason::WrongType)?;
    Ok(if is_zero(value) {
        Value::Optional(None)
    } else {
        Value::some(value.clone())
    })
}

/// Whether a value is what its type has where nothing was set, as protobuf has it: an instant is zero at the epoch.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Optional(None) => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Uint(value) => *value == 0,
        Value::Double(value) => *value == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Duration(length) => length.is_zero(),
        Value::Timestamp(at) => at.nanoseconds() == 0,
        Value::Type(_) | Value::Optional(Some(_)) | Value::Unknown(_) => false,
    }
}

fn has_value(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Optional(inner)] => Ok(Value::Bool(inner.is_some())),
        _ => Err(Reason::WrongType),
    }
}

fn value(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Optional(Some(inner))] => Ok(inner.as_ref().clone()),
        [Value::Optional(None)] => Err(Reason::NoValue),
        _ => Err(Reason::WrongType),
    }
}

/// The values of those that have one.
fn unwrap(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    budget.items(items.len())?;
    let mut values = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Value::Optional(Some(inner)) => values.push(inner.as_ref().clone()),
            Value::Optional(None) => {}
            Value::Unknown(missing) => return Err(Reason::Missing(*missing)),
            _ => return Err(Reason::WrongType),
        }
    }
    Ok(Value::List(values.into()))
}

/// An end of a list; an item that is unknown is unknown, not absent.
fn end(args: &[Value], of: fn(&[Value]) -> Option<&Value>) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    match of(items) {
        Some(Value::Unknown(missing)) => Err(Reason::Missing(*missing)),
        Some(item) => Ok(Value::some(item.clone())),
        None => Ok(Value::Optional(None)),
    }
}

fn first(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    end(args, <[Value]>::first)
}

fn last(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    end(args, <[Value]>::last)
}
