//! Lists as sets. An unknown item is unknown to be in a set: it decides nothing.

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::same;
use crate::expr::value::Value;

table! {
    "sets.contains" contains { free(AnyList, AnyList) Bool; }
    "sets.equivalent" equivalent { free(AnyList, AnyList) Bool; }
    "sets.intersects" intersects { free(AnyList, AnyList) Bool; }
}

/// Two lists.
fn pair(args: &[Value]) -> Result<(&[Value], &[Value]), Reason> {
    match args {
        [Value::List(a), Value::List(b)] => Ok((a, b)),
        _ => Err(Reason::WrongType),
    }
}

/// Whether an item is in a list; nothing if an unknown part decides.
fn has(list: &[Value], item: &Value, budget: &mut Budget) -> Result<Option<bool>, Reason> {
    let mut result = Some(false);
    for have in list {
        budget.pay(1)?;
        match same::equal(have, item, budget)? {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => result = None,
        }
    }
    Ok(result)
}

/// Whether a list has all items of another; nothing if an unknown part decides.
fn has_all(list: &[Value], items: &[Value], budget: &mut Budget) -> Result<Option<bool>, Reason> {
    let mut result = Some(true);
    for item in items {
        budget.pay(1)?;
        match has(list, item, budget)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => result = None,
        }
    }
    Ok(result)
}

/// An answer, or that something unknown decides.
fn answer(
    result: Option<bool>,
    a: &[Value],
    b: &[Value],
    budget: &mut Budget,
) -> Result<Value, Reason> {
    result
        .map(Value::Bool)
        .ok_or_else(|| same::undecided(a.iter().chain(b), budget))
}

fn contains(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args)?;
    answer(has_all(a, b, budget)?, a, b, budget)
}

fn equivalent(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args)?;
    let result = match (has_all(a, b, budget)?, has_all(b, a, budget)?) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    answer(result, a, b, budget)
}

fn intersects(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (a, b) = pair(args)?;
    let mut result = Some(false);
    for item in b {
        budget.pay(1)?;
        match has(a, item, budget)? {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => result = None,
        }
    }
    answer(result, a, b, budget)
}
