//! Values within limits: for each input that is asked for one that all who ask agree on. Never whether it helps.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::Scene;
use super::ask::{Ask, Of, Wanted};
use super::target::{Target, known, part};
use crate::explain::number::decade;
use crate::expr::duration::parse_duration;
use crate::expr::value::{Key, Map, Value};
use crate::snapshot::Input;

/// The value of each slot that is asked for; where none fits all, the finding that asks for it last.
pub(super) fn values(
    scene: &Scene<'_, '_>,
    asked: &[(&Wanted, &Ask)],
) -> Result<Vec<(usize, Value)>, String> {
    let mut values: Vec<(usize, Value)> = Vec::new();
    let mut seen: Vec<&Target> = Vec::new();
    for (wanted, _) in asked {
        let target = &wanted.target;
        let is = |other: &Target| other.slot == target.slot && other.path == target.path;
        if seen.iter().any(|other| is(other)) {
            continue;
        }
        seen.push(target);
        let all: Vec<&(&Wanted, &Ask)> = asked.iter().filter(|(one, _)| is(&one.target)).collect();
        let bounds: Vec<&Wanted> = all.iter().map(|(one, _)| *one).collect();
        let fitting = fitting(scene, target, &bounds);
        let whole = fitting.and_then(|value| {
            let held = values.iter().find(|(slot, _)| *slot == target.slot);
            let held = match held {
                Some((_, held)) => held.clone(),
                None => whole(scene, target),
            };
            replaced(&held, &target.path, &value)
        });
        let Some(whole) = whole else {
            let last = all.last().and_then(|(_, ask)| ask.rules.last());
            return Err(last.cloned().unwrap_or_default());
        };
        values.retain(|(slot, _)| *slot != target.slot);
        values.push((target.slot, whole));
    }
    Ok(values)
}

/// What asks for a value further beyond the limit of one that is asked for, and what for one just there: a round one.
pub(super) fn further(ask: &Ask) -> Option<(Ask, Ask)> {
    let Of::Value(wanted) = &ask.of else {
        return None;
    };
    let limit = wanted.limit.as_f64()?;
    let up = match wanted.op.chars().next()? {
        '>' => true,
        '<' => false,
        _ => return None,
    };
    let unit = if limit == 0.0 { 1.0 } else { decade(limit)? };
    let at = |units: f64| {
        let value = if up {
            limit + units * unit
        } else {
            limit - units * unit
        };
        // As few digits as a person would give.
        let value: f64 = format!("{value:.6e}").parse().unwrap_or(value);
        let value = if wanted.limit.is_f64() {
            Json::from(value)
        } else {
            crate::expr::int(value).map_or(Json::Null, Json::from)
        };
        let asks = |op: &str| Ask {
            rules: ask.rules.clone(),
            of: Of::Value(Wanted {
                op: op.to_owned(),
                limit: value.clone(),
                ..wanted.clone()
            }),
        };
        (asks(if up { ">=" } else { "<=" }), asks("=="))
    };
    let near = if wanted.limit.is_f64() { 0.1 } else { 1.0 };
    Some((at(0.5).0, at(near).1))
}

/// The value of the whole input: as it is, or nothing yet of which only parts are asked for.
fn whole(scene: &Scene<'_, '_>, target: &Target) -> Value {
    match scene.world.value(target.slot) {
        Value::Unknown(_) => Value::Map(Arc::default()),
        held => held.clone(),
    }
}

/// A value that all bounds agree on.
fn fitting(scene: &Scene<'_, '_>, target: &Target, bounds: &[&Wanted]) -> Option<Value> {
    let seed = bounds.iter().find_map(|one| one.seed.as_ref());
    let seed = seed.and_then(|seed| part(seed, &target.path));
    let held = known(scene.world, target);
    let like = held.or(seed)?;
    let layout = &scene.policy.layout;
    let input = layout.input_of(target.slot);
    let input = input.and_then(|index| layout.inputs().get(index));
    if bounds.iter().all(|one| one.keep) {
        return held.cloned();
    }
    // Any will do that is given.
    let bounds: Vec<&&Wanted> = bounds.iter().filter(|one| !one.limit.is_null()).collect();
    if bounds.is_empty() {
        return held.or(seed).cloned();
    }
    let near = |one: &&&Wanted| candidates(like, &one.op, &one.limit);
    let mut ends: Vec<Vec<Value>> = bounds.iter().map(near).collect();
    // Of both ends of a stretch the one that is nearer to what there is.
    let number = super::super::values::number;
    if let Some(now) = held.and_then(number) {
        let first = |ends: &[Value]| ends.first().and_then(number);
        let far = |ends: &[Value]| first(ends).map_or(f64::INFINITY, |end| (end - now).abs());
        ends.sort_by(|one, other| far(one).total_cmp(&far(other)));
    }
    let words = input.and_then(|input| input.values.as_ref());
    let words = words.into_iter().flat_map(|words| words.iter().cloned());
    let mut tried = ends
        .into_iter()
        .flatten()
        .chain(held.cloned())
        .chain(words.map(Value::String));
    tried.find(|value| {
        let mut told = bounds.iter().filter(|one| !one.keep);
        allowed(input, value) && told.all(|one| holds(value, &one.op, &one.limit))
    })
}

/// Values that satisfy a comparison, nearest first, of the kind of the value there is.
pub(super) fn candidates(like: &Value, op: &str, limit: &Json) -> Vec<Value> {
    match like {
        Value::Double(_) => {
            let Some(edge) = limit.as_f64() else {
                return Vec::new();
            };
            let (down, up) = (edge - step(edge), edge + step(edge));
            let all = match op {
                "<" => vec![down, edge.next_down()],
                ">" => vec![up, edge.next_up()],
                "!=" => vec![up, down],
                _ => vec![edge],
            };
            all.into_iter().map(Value::Double).collect()
        }
        Value::Int(_) | Value::Uint(_) => {
            let whole = limit.as_i64().map(|whole| (whole, whole));
            let Some((floor, ceil)) = whole.or_else(|| between(limit)) else {
                return Vec::new();
            };
            let all = match op {
                "<" => vec![ceil.saturating_sub(1)],
                ">" => vec![floor.saturating_add(1)],
                ">=" => vec![ceil],
                "!=" => vec![ceil.saturating_add(1), floor.saturating_sub(1)],
                _ => vec![floor],
            };
            let unsigned = matches!(like, Value::Uint(_));
            let typed = |value: i64| match u64::try_from(value) {
                Ok(value) if unsigned => Value::Uint(value),
                _ => Value::Int(value),
            };
            all.into_iter().map(typed).collect()
        }
        Value::Bool(_) => match (limit, op) {
            (Json::Bool(value), "==") => vec![Value::Bool(*value)],
            (Json::Bool(value), "!=") => vec![Value::Bool(!value)],
            _ => Vec::new(),
        },
        Value::String(_) => match (limit, op) {
            (Json::String(text), "==" | "<=" | ">=") => {
                vec![Value::String(Arc::from(text.as_str()))]
            }
            (Json::String(text), ">") => vec![Value::String(Arc::from(format!("{text}~")))],
            (Json::String(text), "<") => {
                let mut before = text.chars();
                before.next_back();
                vec![Value::String(Arc::from(before.as_str()))]
            }
            // Another one, if any may be given.
            (Json::String(text), "!=") => vec![Value::String(Arc::from(format!("not {text}")))],
            _ => Vec::new(),
        },
        Value::List(_) => {
            let items = limit.as_array().filter(|_| op == "==");
            let text = |item: &Json| Some(Value::String(Arc::from(item.as_str()?)));
            let items = items.and_then(|items| items.iter().map(text).collect());
            items
                .map(|items: Vec<Value>| Value::List(items.into()))
                .into_iter()
                .collect()
        }
        Value::Duration(_) => {
            let Some(edge) = limit.as_str().and_then(|text| parse_duration(text).ok()) else {
                return Vec::new();
            };
            let nano = jiff::SignedDuration::from_nanos(1);
            match op {
                "<" => vec![edge.saturating_sub(nano)],
                ">" => vec![edge.saturating_add(nano)],
                _ => vec![edge],
            }
            .into_iter()
            .map(Value::Duration)
            .collect()
        }
        Value::Timestamp(_) => {
            let edge: Option<Timestamp> = limit.as_str().and_then(|text| text.parse().ok());
            let nano = jiff::SignedDuration::from_nanos(1);
            let at = edge.and_then(|edge| match op {
                "<" => edge.checked_sub(nano).ok(),
                ">" => edge.checked_add(nano).ok(),
                _ => Some(edge),
            });
            at.into_iter()
                .map(|at| Value::Timestamp(at.into()))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The whole numbers beside a fraction.
fn between(limit: &Json) -> Option<(i64, i64)> {
    let edge = limit.as_f64()?;
    let (floor, ceil) = (
        crate::expr::int(edge.floor()),
        crate::expr::int(edge.ceil()),
    );
    floor.zip(ceil).filter(|_| edge.abs() < 9e15)
}

/// A little way from a number: a billionth of it.
fn step(edge: f64) -> f64 {
    if edge == 0.0 { 1e-9 } else { edge.abs() * 1e-9 }
}

/// Whether a value satisfies a comparison.
fn holds(value: &Value, op: &str, limit: &Json) -> bool {
    let number = super::super::values::number(value);
    let order = match (value, limit.as_i64()) {
        (Value::Int(value), Some(limit)) => Some(value.cmp(&limit)),
        _ => number
            .zip(limit.as_f64())
            .and_then(|(number, limit)| number.partial_cmp(&limit)),
    };
    match order {
        Some(order) => match op {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "==" => order.is_eq(),
            _ => order.is_ne(),
        },
        None => match (candidates(value, "==", limit).first(), op) {
            (Some(limit), "==") => limit.equals(value) == Some(true),
            (Some(limit), "!=") => limit.equals(value) == Some(false),
            (Some(limit), op) => value.order(limit).is_some_and(|order| match op {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                ">=" => order.is_ge(),
                _ => false,
            }),
            (None, _) => false,
        },
    }
}

/// Whether an input may have a value.
fn allowed(input: Option<&Input>, value: &Value) -> bool {
    let number = super::super::values::number(value);
    let Some(input) = input else {
        // The traffic: a share.
        return number.is_none_or(|number| (0.0..=1.0).contains(&number));
    };
    match (input.range, number, value) {
        (Some((least, most)), Some(number), _) => (least..=most).contains(&number),
        (_, _, Value::String(text)) => {
            let values = input.values.as_ref();
            values.is_none_or(|values| values.iter().any(|one| one == text))
        }
        _ => true,
    }
}

/// A value with one part of it replaced, or put in where a map lacks it.
pub(super) fn replaced(value: &Value, path: &[Key], new: &Value) -> Option<Value> {
    let Some((key, rest)) = path.split_first() else {
        return Some(new.clone());
    };
    match (value, key) {
        (Value::Map(map), key) => {
            let none = Value::Map(Arc::default());
            let held = map
                .get(key)
                .filter(|held| !matches!(held, Value::Unknown(_)));
            let inner = replaced(held.unwrap_or(&none), rest, new)?;
            let mut entries: Vec<(Key, Value)> = map.iter().cloned().collect();
            entries.retain(|(other, _)| other != key);
            entries.push((key.clone(), inner));
            Some(Value::Map(Arc::new(Map::new(entries))))
        }
        (Value::List(items), Key::Int(index)) => {
            let index = usize::try_from(*index).ok()?;
            let mut items = items.to_vec();
            let held = items.get_mut(index)?;
            *held = replaced(held, rest, new)?;
            Some(Value::List(Arc::from(items)))
        }
        _ => None,
    }
}
