//! Lists as sets. An unknown item is unknown to be in a set: it decides nothing.

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::same;
use crate::expr::value::{Missing, Value};

table! {
    "sets.contains" contains { free(AnyList, AnyList) Bool; }
    "sets.equivalent" equivalent { free(AnyList, AnyList) Bool; }
    "sets.intersects" intersects { free(AnyList, AnyList) Bool; }
}

/// Two lists, paid for as every item of one is compared with every item of the other.
fn pair<'a>(args: &'a [Value], budget: &mut Budget) -> Result<(&'a [Value], &'a [Value]), Reason> {
    let [Value::List(a), Value::List(b)] = args else {
        return Err(Reason::WrongType);
    };
    budget.pay(u64::try_from(a.len().saturating_mul(b.len())).unwrap_or(u64::MAX))?;
    Ok((a, b))
}

/// Whether an item is in a list; nothing if an unknown part decides.
fn has(list: &[Value], item: &Value) -> Option<bool> {
    let mut result = Some(false);
    for have in list {
        match same::equal(have, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// Whether a list has all items of another; nothing if an unknown part decides.
fn has_all(list: &[Value], items: &[Value]) -> Option<bool> {
    let mut result = Some(true);
    for item in items {
        match has(list, item) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// An answer, or that something unknown decides.
fn answer(result: Option<bool>, a: &[Value], b: &[Value]) -> Result<Value, Reason> {
    let missing = || {
        a.iter()
            .chain(b)
            .find_map(Value::unknown)
            .unwrap_or(Missing::Absent)
    };
    result
        .map(Value::Bool)
        .ok_or_else(|| Reason::Missing(missing()))
}

fn contains(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args, budget)?;
    answer(has_all(a, b), a, b)
}

fn equivalent(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args, budget)?;
    let result = match (has_all(a, b), has_all(b, a)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    answer(result, a, b)
}

fn intersects(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args, budget)?;
    let mut result = Some(false);
    for item in b {
        match has(a, item) {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => result = None,
        }
    }
    answer(result, a, b)
}
