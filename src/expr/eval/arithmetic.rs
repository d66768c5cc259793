//! `+ - * / %` and the sign, checked: what has no value says why. It never wraps around.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::expr::budget::Budget;
use crate::expr::duration;
use crate::expr::fault::Reason;
use crate::expr::instant::Instant;
use crate::expr::tree::Op;
use crate::expr::value::Value;

/// What an operator gives.
pub(super) fn binary(
    op: Op,
    left: &Value,
    right: &Value,
    strict: bool,
    budget: &mut Budget,
) -> Result<Value, Reason> {
    match (left, right) {
        (Value::Double(a), Value::Double(b)) => double(op, *a, *b, strict).map(Value::Double),
        (Value::Int(a), Value::Int(b)) => int(op, *a, *b).map(Value::Int),
        (Value::Uint(a), Value::Uint(b)) => uint(op, *a, *b).map(Value::Uint),
        (Value::String(a), Value::String(b)) if op == Op::Add => {
            budget.text(a.len().saturating_add(b.len()))?;
            Ok(Value::String([a.as_ref(), b.as_ref()].concat().into()))
        }
        (Value::Bytes(a), Value::Bytes(b)) if op == Op::Add => {
            budget.text(a.len().saturating_add(b.len()))?;
            Ok(Value::Bytes([a.as_ref(), b.as_ref()].concat().into()))
        }
        (Value::List(a), Value::List(b)) if op == Op::Add => {
            budget.items(a.len().saturating_add(b.len()))?;
            Ok(Value::List(
                a.iter().chain(b.iter()).cloned().collect::<Arc<[Value]>>(),
            ))
        }
        _ => time(op, left, right),
    }
}

fn double(op: Op, a: f64, b: f64, strict: bool) -> Result<f64, Reason> {
    let result = match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide if strict && b == 0.0 => return Err(Reason::DivisionByZero),
        Op::Divide => a / b,
        _ => return Err(Reason::WrongType),
    };
    if strict && !result.is_finite() {
        Err(Reason::NotFinite)
    } else {
        Ok(result)
    }
}

fn int(op: Op, a: i64, b: i64) -> Result<i64, Reason> {
    let result = match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => a.checked_mul(b),
        Op::Divide | Op::Remainder if b == 0 => return Err(Reason::DivisionByZero),
        Op::Divide => a.checked_div(b),
        Op::Remainder => a.checked_rem(b),
        _ => return Err(Reason::WrongType),
    };
    result.ok_or(Reason::Overflow)
}

fn uint(op: Op, a: u64, b: u64) -> Result<u64, Reason> {
    let result = match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => a.checked_mul(b),
        Op::Divide | Op::Remainder if b == 0 => return Err(Reason::DivisionByZero),
        Op::Divide => a.checked_div(b),
        Op::Remainder => a.checked_rem(b),
        _ => return Err(Reason::WrongType),
    };
    result.ok_or(Reason::Overflow)
}

/// Instants and lengths of time.
fn time(op: Op, left: &Value, right: &Value) -> Result<Value, Reason> {
    match (op, left, right) {
        (Op::Add, Value::Timestamp(at), Value::Duration(by))
        | (Op::Add, Value::Duration(by), Value::Timestamp(at)) => {
            instant(at.nanoseconds().checked_add(by.as_nanos()))
        }
        (Op::Subtract, Value::Timestamp(at), Value::Duration(by)) => {
            instant(at.nanoseconds().checked_sub(by.as_nanos()))
        }
        (Op::Add, Value::Duration(a), Value::Duration(b)) => {
            length(a.as_nanos().checked_add(b.as_nanos()))
        }
        (Op::Subtract, Value::Duration(a), Value::Duration(b)) => {
            length(a.as_nanos().checked_sub(b.as_nanos()))
        }
        // CEL refuses a distance that 64 bits of nanoseconds do not hold: 292 years.
        (Op::Subtract, Value::Timestamp(a), Value::Timestamp(b)) => a
            .nanoseconds()
            .checked_sub(b.nanoseconds())
            .and_then(|nanos| i64::try_from(nanos).ok())
            .map(|nanos| Value::Duration(SignedDuration::from_nanos(nanos)))
            .ok_or(Reason::Overflow),
        _ => Err(Reason::WrongType),
    }
}

/// An instant of so many nanoseconds since 1970, between the years 1 and 9999.
pub(crate) fn instant(nanos: Option<i128>) -> Result<Value, Reason> {
    nanos
        .and_then(Instant::of_nanoseconds)
        .map(Value::Timestamp)
        .ok_or(Reason::BadTimestamp)
}

fn length(nanos: Option<i128>) -> Result<Value, Reason> {
    nanos
        .and_then(duration::signed)
        .map(Value::Duration)
        .ok_or(Reason::BadDuration)
}

/// `-value`
pub(super) fn minus(value: &Value) -> Result<Value, Reason> {
    match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or(Reason::Overflow),
        Value::Double(value) => Ok(Value::Double(-value)),
        Value::Duration(value) => value
            .checked_neg()
            .map(|value: SignedDuration| Value::Duration(value))
            .ok_or(Reason::Overflow),
        _ => Err(Reason::WrongType),
    }
}
