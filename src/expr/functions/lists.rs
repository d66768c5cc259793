//! The list extension. A list with an unknown item has no order and no distinct items: the result is unknown.

use std::cmp::Ordering;

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::same;
use crate::expr::value::Value;

table! {
    "slice" slice { method(Items, Int, Int) Items; }
    "distinct" distinct { method(Items) Items; }
    "sort" sort { method(Items) Items; }
    "reverse" reverse { method(Items) Items; method(String) String; }
    "flatten" flatten { method(AnyList) AnyList; method(AnyList, Int) AnyList; }
    "lists.range" range { free(Int) Ints; }
}

fn slice(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items), Value::Int(from), Value::Int(to)] = args else {
        return Err(Reason::WrongType);
    };
    let place = |at: i64| usize::try_from(at).map_err(|_| Reason::OutOfBounds);
    let part = items
        .get(place(*from)?..place(*to)?)
        .ok_or(Reason::OutOfBounds)?;
    budget.items(part.len())?;
    Ok(Value::List(part.into()))
}

fn distinct(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        let mut new = true;
        for have in &kept {
            budget.pay(1)?;
            match same::equal(have, item, budget)? {
                Some(true) => new = false,
                Some(false) => {}
                None => return Err(same::undecided([item, have], budget)),
            }
        }
        if new {
            if let Some(missing) = same::unknown(item, budget)? {
                return Err(Reason::Missing(missing));
            }
            budget.item(kept.len())?;
            kept.push(item.clone());
        }
    }
    Ok(Value::List(kept.into()))
}

pub(crate) fn sort(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::List(items)] = args else {
        return Err(Reason::WrongType);
    };
    budget.items(items.len())?;
    // Each item is compared as often as the list can be halved.
    let (times, bytes) = items.iter().fold((1_usize, 0_usize), |(_, bytes), item| {
        let times = usize::try_from(items.len().ilog2()).unwrap_or(64).max(1);
        (times, bytes.saturating_add(same::weight(item, item)))
    });
    budget.each(items.len().saturating_mul(times))?;
    budget.read(bytes.saturating_mul(times))?;
    let unknown = |item: &Value| match item {
        Value::Unknown(missing) => Some(*missing),
        _ => None,
    };
    if let Some(missing) = items.iter().find_map(unknown) {
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
    Ok(Value::List(sorted.into()))
}

fn reverse(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::List(items)] => {
            budget.items(items.len())?;
            Ok(Value::List(items.iter().rev().cloned().collect()))
        }
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
    budget.items(items.len())?;
    let mut flat = items.to_vec();
    for _ in 0..depth {
        let mut next = Vec::new();
        let mut nested = false;
        for item in flat {
            match item {
                Value::List(inner) => {
                    nested = true;
                    for item in inner.iter() {
                        budget.item(next.len())?;
                        next.push(item.clone());
                    }
                }
                Value::Unknown(missing) => return Err(Reason::Missing(missing)),
                other => {
                    budget.item(next.len())?;
                    next.push(other);
                }
            }
        }
        flat = next;
        if !nested {
            break;
        }
    }
    Ok(Value::List(flat.into()))
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
