//! The inputs that a rule reads, each with the values that matter to it: limits and what is next to them, both bools,
//! every text it can be, nothing at all. It judges no rule.

use std::sync::Arc;

use super::Point;
use super::change::part;
use super::ground::Ground;
use super::limits::{around, number};
use super::local::Local;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::expr::{Compiled, Op};
use crate::policy::Rule;
use crate::snapshot::layout::{Context, Kind};

/// The most values of one input, and the most entries of one map, that are tried.
const VALUES: usize = 24;
const ENTRIES: usize = 4;

/// An input, or a part of one, and the values it is given.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) slot: usize,
    pub(super) path: Vec<Key>,
    pub(super) values: Vec<Value>,
    /// Whether a comparison has it on one side and something that is not always the same on the other.
    open: bool,
    /// What it is compared with.
    limits: Vec<(Value, f64)>,
}

impl Axis {
    pub(super) fn at(&self, value: &Value) -> Point {
        Point {
            slot: self.slot,
            path: self.path.clone(),
            value: value.clone(),
        }
    }
}

/// Every expression that decides what becomes of a rule, with those it refers to and what its windows look back at.
pub(super) fn expressions(rule: &Rule) -> Vec<Arc<Compiled>> {
    let mut open: Vec<Arc<Compiled>> = rule.expressions().cloned().collect();
    let mut found: Vec<Arc<Compiled>> = Vec::new();
    while let Some(expr) = open.pop() {
        if found.iter().any(|have| Arc::ptr_eq(have, &expr)) {
            continue;
        }
        open.extend(expr.named().into_iter().map(|(_, named)| named));
        open.extend(expr.windows().iter().map(|window| Arc::clone(&window.of)));
        found.push(expr);
    }
    found
}

/// The inputs of a rule with the values that matter, the ones it compares first.
pub(super) fn axes(ground: &Ground<'_>, rule: &Rule, local: &Local<'_>) -> Vec<Axis> {
    let layout = &ground.policy.layout;
    let mut found: Vec<Axis> = Vec::new();
    let mut loose: Vec<Value> = Vec::new();
    let exprs = expressions(rule);
    let resolved = |slot: usize, path: &[Key]| {
        if slot < layout.len() {
            return Some((slot, path.to_vec()));
        }
        let window = exprs.iter().flat_map(|expr| expr.windows());
        let window = window.into_iter().find(|window| window.slot == slot)?;
        window.of.plain().map(|slot| (slot, Vec::new()))
    };
    for expr in &exprs {
        for comparison in expr.comparisons() {
            let sides = [&comparison.left, &comparison.right];
            for (judged, limit) in sides.into_iter().zip(sides.into_iter().rev()) {
                let place = judged.slot.and_then(|slot| resolved(slot, &judged.path));
                match (place, &limit.constant) {
                    (Some(place), constant) => note(&mut found, place, |axis| {
                        axis.open = axis.open || constant.is_none();
                        let limit = constant.clone().map(|limit| (limit, judged.factor));
                        axis.limits.extend(limit);
                    }),
                    (None, Some(Value::List(items))) if comparison.op == Op::In => {
                        loose.extend(items.iter().take(ENTRIES).cloned());
                    }
                    (None, Some(constant)) => loose.push(constant.clone()),
                    (None, None) => {}
                }
            }
        }
    }
    for expr in exprs.iter().filter(|expr| expr.reads().is_empty()) {
        // A list that has a name.
        if let Ok(Value::List(items)) = expr.value(&[], &mut crate::expr::Budget::default()) {
            loose.extend(items.iter().take(ENTRIES).cloned());
        }
    }
    for expr in &exprs {
        for input in expr.inputs() {
            if let Some(place) = resolved(input.slot, &input.path) {
                note(&mut found, place, |axis| {
                    axis.open = axis.open || axis.limits.is_empty();
                });
            }
        }
    }
    let keys = local.keys();
    let mut whole: Vec<Axis> = Vec::new();
    for axis in found {
        spread(ground, axis, &keys, &mut whole);
    }
    for axis in &mut whole {
        fill(ground, axis, &loose);
    }
    for index in 0..whole.len() {
        let Some(axis) = whole.get(index).filter(|axis| axis.open) else {
            continue;
        };
        // What nobody knows stands at the first value that is tried of it.
        let others: Vec<(&Axis, &Value)> = whole
            .iter()
            .enumerate()
            .filter(|(other, axis)| *other != index && !is_known(ground, axis))
            .filter_map(|(_, axis)| Some((axis, axis.values.first()?)))
            .collect();
        let mut turns = local.turns(axis, &others);
        if let Some(axis) = whole.get_mut(index) {
            turns.append(&mut axis.values);
            axis.values = turns;
        }
    }
    for axis in &mut whole {
        tidy(ground, axis);
    }
    whole.retain(|axis| !axis.values.is_empty());
    whole
}

/// Notes something of an input, which may be new.
fn note(found: &mut Vec<Axis>, (slot, path): (usize, Vec<Key>), note: impl FnOnce(&mut Axis)) {
    let known = |axis: &&mut Axis| axis.slot == slot && axis.path == path;
    if let Some(axis) = found.iter_mut().find(known) {
        return note(axis);
    }
    let mut axis = Axis {
        slot,
        path,
        values: Vec::new(),
        open: false,
        limits: Vec::new(),
    };
    note(&mut axis);
    found.push(axis);
}

/// Whether an input has a value as things are.
fn is_known(ground: &Ground<'_>, axis: &Axis) -> bool {
    let held = ground.slots.get(axis.slot);
    let held = held.and_then(|value| part(value, &axis.path));
    held.is_some_and(|held| !matches!(held, Value::Unknown(_)))
}

/// The type of what stands in a slot, or at the end of a way into it.
fn type_of(ground: &Ground<'_>, axis: &Axis) -> Type {
    let layout = &ground.policy.layout;
    let ty = match layout.kind(axis.slot) {
        Some(Kind::Input(input) | Kind::Baseline(_, input)) => {
            let input = layout.inputs().get(input);
            input.map_or(Type::Dyn, |input| input.ty.clone())
        }
        Some(Kind::Context(context)) => context.ty(),
        Some(Kind::Field(_)) => Type::String,
        Some(Kind::Derived(_)) | None => Type::Dyn,
    };
    axis.path.iter().fold(ty, |ty, key| match (ty, key) {
        (Type::Map(_, value), _) => value.as_ref().clone(),
        (Type::List(item), _) => item.as_ref().clone(),
        (Type::Struct(fields), Key::String(name)) => fields
            .iter()
            .find(|field| field.name == *name)
            .map_or(Type::Dyn, |field| field.ty.clone()),
        _ => Type::Dyn,
    })
}

/// The parts of a map that is looked through as a whole, each by itself; anything else as it is.
fn spread(ground: &Ground<'_>, axis: Axis, keys: &[Key], into: &mut Vec<Axis>) {
    let parts: Vec<Key> = match type_of(ground, &axis) {
        Type::Struct(fields) => fields
            .iter()
            .map(|field| Key::String(Arc::clone(&field.name)))
            .collect(),
        Type::Map(..) => {
            let held = ground.slots.get(axis.slot);
            let held = held.and_then(|value| part(value, &axis.path));
            let mut parts: Vec<Key> = match held {
                Some(Value::Map(map)) => map.iter().map(|(key, _)| key.clone()).collect(),
                _ => Vec::new(),
            };
            parts.truncate(ENTRIES);
            parts.extend(keys.iter().take(ENTRIES).cloned());
            if parts.is_empty() {
                parts.push(Key::String(Arc::from("a")));
            }
            parts.sort();
            parts.dedup();
            parts
        }
        _ => return into.push(axis),
    };
    for key in parts {
        let mut inner = axis.clone();
        inner.path.push(key);
        if !into
            .iter()
            .any(|have| (have.slot, &have.path) == (inner.slot, &inner.path))
        {
            spread(ground, inner, keys, into);
        }
    }
    // As a whole it can be missing.
    into.push(Axis {
        open: false,
        limits: Vec::new(),
        ..axis
    });
}

/// The values that an axis has by its limits and its type.
fn fill(ground: &Ground<'_>, axis: &mut Axis, loose: &[Value]) {
    let ty = type_of(ground, axis);
    let whole = ty == Type::Int;
    for (limit, factor) in std::mem::take(&mut axis.limits) {
        let limits = match (&ty, limit) {
            // What is looked for in a list stands there alone.
            (Type::List(_), limit) if !matches!(limit, Value::List(_)) => {
                vec![Value::List(Arc::from([limit])), Value::List(Arc::from([]))]
            }
            (_, Value::List(items)) if !matches!(ty, Type::List(_)) => {
                items.iter().take(8).cloned().collect()
            }
            (_, limit) => around(&limit, factor, whole),
        };
        axis.values.extend(limits);
    }
    let numbers = loose.iter().filter(|value| number(value).is_some());
    let layout = &ground.policy.layout;
    let input = layout.input_of(axis.slot);
    let input = input.and_then(|input| layout.inputs().get(input));
    match ty {
        Type::Bool => axis.values.extend([Value::Bool(true), Value::Bool(false)]),
        Type::String => {
            let listed = input.and_then(|input| input.values.as_ref());
            let listed = listed.into_iter().flat_map(|listed| listed.iter());
            axis.values.extend(listed.cloned().map(Value::String));
            let texts = loose.iter();
            axis.values
                .extend(texts.filter(|one| matches!(one, Value::String(_))).cloned());
            axis.values.push(Value::String(Arc::from("other")));
        }
        Type::Int | Type::Double if axis.values.is_empty() => {
            for limit in numbers {
                axis.values.extend(around(limit, 1.0, whole));
            }
            let zero = if whole {
                Value::Int(0)
            } else {
                Value::Double(0.0)
            };
            axis.values.extend(around(&zero, 1.0, whole));
        }
        Type::List(item) if *item == Type::String => {
            let texts = loose.iter();
            let texts = texts.filter(|one| matches!(one, Value::String(_))).cloned();
            let others = texts.chain([Value::String(Arc::from("other"))]);
            let lists = others.map(|text| Value::List(Arc::from([text])));
            axis.values.extend(lists);
            axis.values.push(Value::List(Arc::from([])));
        }
        Type::Duration => axis.values.extend(spans(loose)),
        Type::Timestamp => {
            let of = crate::expr::Instant::from(ground.now);
            for span in spans(loose) {
                if let Value::Duration(span) = span {
                    let at = of.nanoseconds().saturating_sub(span.as_nanos());
                    let at = crate::expr::Instant::of_nanoseconds(at);
                    axis.values.extend(at.map(Value::Timestamp));
                }
            }
        }
        Type::Dyn => {
            for limit in loose {
                axis.values.extend(around(limit, 1.0, false));
            }
        }
        _ => {}
    }
}

fn spans(loose: &[Value]) -> Vec<Value> {
    let spans = loose.iter().filter(|one| matches!(one, Value::Duration(_)));
    spans.flat_map(|span| around(span, 1.0, false)).collect()
}

/// Takes out what the input cannot be and what stands there twice, and adds that nothing is given.
fn tidy(ground: &Ground<'_>, axis: &mut Axis) {
    let layout = &ground.policy.layout;
    let input = layout.input_of(axis.slot);
    let input = input.and_then(|input| layout.inputs().get(input));
    let fits = |value: &Value| {
        let Some(input) = input else { return true };
        match (input.range, number(value), value) {
            (Some((least, greatest)), Some(number), _) => (least..=greatest).contains(&number),
            (_, _, Value::String(text)) => input
                .values
                .as_ref()
                .is_none_or(|values| values.contains(text)),
            _ => true,
        }
    };
    let mut kept: Vec<Value> = Vec::new();
    for value in std::mem::take(&mut axis.values) {
        let known = kept.iter().any(|have| have.equals(&value) == Some(true));
        if kept.len() < VALUES && !known && fits(&value) {
            kept.push(value);
        }
    }
    let clock = [Context::Now, Context::StageName].map(|context| layout.context(context));
    if !clock.contains(&axis.slot) {
        kept.push(Value::Unknown(Missing::Absent));
    }
    axis.values = kept;
}

/// A value with a part of it replaced; maps on the way are made where there is none.
pub(super) fn replaced(value: &Value, path: &[Key], by: &Value) -> Option<Value> {
    let Some((key, rest)) = path.split_first() else {
        return Some(by.clone());
    };
    match (value, key) {
        (Value::List(items), Key::Int(index)) => {
            let mut items = items.to_vec();
            let item = items.get_mut(usize::try_from(*index).ok()?)?;
            *item = replaced(item, rest, by)?;
            Some(Value::List(Arc::from(items)))
        }
        (Value::Map(map), key) => {
            let held = map.get(key).cloned();
            let inner = replaced(&held.unwrap_or(Value::Unknown(Missing::Absent)), rest, by)?;
            let mut entries: Vec<(Key, Value)> = map.iter().cloned().collect();
            entries.push((key.clone(), inner));
            Some(Value::Map(Arc::new(Map::new(entries))))
        }
        (Value::Unknown(_), key) => {
            let inner = replaced(value, rest, by)?;
            Some(Value::Map(Arc::new(Map::new(vec![(key.clone(), inner)]))))
        }
        _ => None,
    }
}
