//! The list extension. A list with an unknown item has no order and no distinct items: the result is unknown.

use std::cmp::Ordering;

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::same;
use crate::expr::value::{Missing, Value};

table! {
    "slice" slice { method(Items, Int, Int) Items; }
    "distinct" distinct { method(Items) Items; }
    "sort" sort { method(Items) Items; }
    "reverse" reverse { method(Items) Items; method(String) String; }
    "flatten" flatten { method(AnyList) AnyList; method(AnyList, Int) AnyList; }
    "lists.range" range { free(Int) Ints; }
}

/// A list built at run time.
fn built(items: Vec<Value>, budget: &mut Budget) -> Result<Value, Reason> {
    budget.items(items.len())?;
    Ok(Value::List(items.into()))
}

fn slice(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items), Value::Int(from), Value::Int(to)] = args else {
        return Err(Reason::WrongType);
    };
    let place = |at: i64| usize::try_from(at).map_err(|_| Reason::OutOfBounds);
    let part = items
        .get(place(*from)?..place(*to)?)
        .ok_or(Reason::OutOfBounds)?;
    built(part.to_vec(), budget)
}

fn distinct(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        budget.items(kept.len())?;
        let mut new = true;
        for have in &kept {
            match same::equal(have, item) {
                Some(true) => new = false,
                Some(false) => {}
                None => {
                    return Err(Reason::Missing(
                        item.unknown().or(have.unknown()).unwrap_or(Missing::Absent),
                    ));
                }
            }
        }
        if new {
            if let Some(missing) = item.unknown() {
                return Err(Reason::Missing(missing));
            }
            kept.push(item.clone());
        }
    }
    built(kept, budget)
}

pub(crate) fn sort(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    budget.items(items.len())?;
    let cost = items
        .len()
        .saturating_mul(usize::try_from(items.len().max(1).ilog2()).unwrap_or(64));
    budget.pay(u64::try_from(cost).unwrap_or(u64::MAX))?;
    if let Some(missing) = items.iter().find_map(Value::unknown) {
        return Err(Reason::Missing(missing));
    }
    // Checked against the first before sorting, so that what sorts always has an order.
    if let Some(first) = items.first() {
        let alike = |item: &Value| std::mem::discriminant(item) == std::mem::discriminant(first);
        if !items
            .iter()
            .all(|item| alike(item) && same::order(item, item).flatten().is_some())
        {
            return Err(Reason::WrongType);
        }
    }
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| same::order(a, b).flatten().unwrap_or(Ordering::Equal));
    built(sorted, budget)
}

fn reverse(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::List(items)] => built(items.iter().rev().cloned().collect(), budget),
        [Value::String(text)] => {
            budget.text(text.len())?;
            Ok(Value::String(text.chars().rev().collect::<String>().into()))
        }
        _ => Err(Reason::WrongType),
    }
}

fn flatten(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (items, depth) = match args {
        [Value::List(items)] => (items, 1),
        [Value::List(items), Value::Int(depth)] if *depth >= 0 => (items, *depth),
        [Value::List(_), Value::Int(_)] => return Err(Reason::BadArgument),
        _ => return Err(Reason::WrongType),
    };
    let mut flat = items.to_vec();
    for _ in 0..depth {
        let mut next = Vec::with_capacity(flat.len());
        let mut nested = false;
        for item in flat {
            match item {
                Value::List(inner) => {
                    nested = true;
                    budget.items(inner.len())?;
                    next.extend(inner.iter().cloned());
                }
                Value::Unknown(missing) => return Err(Reason::Missing(missing)),
                other => next.push(other),
            }
        }
        flat = next;
        if !nested {
            break;
        }
    }
    built(flat, budget)
}

fn range(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::Int(end)] = args else {
        return Err(Reason::WrongType);
    };
    if *end < 0 {
        return Err(Reason::BadArgument);
    }
    budget.items(usize::try_from(*end).unwrap_or(usize::MAX))?;
    Ok(Value::List(
        (0..*end).map(Value::Int).collect::<Vec<_>>().into(),
    ))
}
