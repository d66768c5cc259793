//! Values for inputs of which nothing is known, so that a condition has one: tried, then told by their limits. Never
//! where something else than a missing input is the reason.

use std::sync::Arc;

use jiff::SignedDuration;

use super::super::values::number;
use super::ask::Wanted;
use super::need::flips;
use super::target::{Target, known, target};
use super::value::{candidates, replaced};
use crate::evaluate::World;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Value};
use crate::expr::{Budget, Compiled, Input, Tri, brief};
use crate::policy::{Policy, Rule};
use crate::snapshot::layout::Context;

/// The most combinations that are tried.
const TRIED: usize = 256;
/// How far beyond a limit values are tried, in parts of it.
const BEYOND: [f64; 6] = [0.01, 0.1, 1.0, 2.0, 10.0, 100.0];
/// The most inputs that are filled in at once.
const INPUTS: usize = 6;

/// Whether something is known of a target.
pub(super) fn is_held(world: &World<'_>, target: &Target) -> bool {
    known(world, target).is_some()
}

/// What the missing inputs of an expression should be so that it says what is wanted; empty where nothing was found.
pub(super) fn seeds(
    policy: &Policy,
    rule: &Rule,
    expr: &Compiled,
    world: &mut World<'_>,
    wanted: bool,
) -> Vec<Wanted> {
    let inputs = expr.inputs();
    let missing: Vec<(&Input, Target)> = inputs
        .iter()
        .filter_map(|input| {
            let target = target(
                policy,
                rule,
                &super::super::values::told(&input.text),
                world,
            )?;
            (target.over.is_none() && !is_held(world, &target)).then_some((input, target))
        })
        .collect();
    if missing.is_empty() || missing.len() > INPUTS {
        return Vec::new();
    }
    let choices: Vec<Vec<Value>> = missing
        .iter()
        .map(|(_, target)| likely(policy, expr, world, target))
        .collect();
    let total = choices
        .iter()
        .fold(1_usize, |all, some| all.saturating_mul(some.len()))
        .min(TRIED);
    let before: Vec<(usize, Value)> = missing
        .iter()
        .map(|(_, target)| (target.slot, world.value(target.slot).clone()))
        .collect();
    let mut found = Vec::new();
    for number in 0..total {
        let mut rest = number;
        for ((_, target), some) in missing.iter().zip(&choices) {
            let index = rest.checked_rem(some.len()).unwrap_or_default();
            rest = rest.checked_div(some.len()).unwrap_or_default();
            if let Some(value) = some.get(index) {
                put(world, target, value);
            }
        }
        let says = expr.test(world.slots(), &mut Budget::default());
        if matches!((says, wanted), (Tri::True, true) | (Tri::False, false)) {
            found = wanteds(expr, world, &missing, wanted);
            break;
        }
        for (slot, value) in &before {
            world.set(*slot, value.clone());
        }
    }
    for (slot, value) in before {
        world.set(slot, value);
    }
    found
}

/// A value that is asked for, with one to begin with where nothing is known of it; nothing where none fits.
pub(super) fn begun(
    policy: &Policy,
    expr: &Compiled,
    world: &World<'_>,
    mut wanted: Wanted,
) -> Option<Wanted> {
    if wanted.target.over.is_some() || is_held(world, &wanted.target) {
        return Some(wanted);
    }
    let likely = likely(policy, expr, world, &wanted.target);
    let of_kind = likely.first()?;
    let near = candidates(of_kind, &wanted.op, &wanted.limit);
    let value = match &wanted.limit {
        // Any will do.
        serde_json::Value::Null => Some(of_kind),
        _ => near.first(),
    };
    let whole = replaced(&Value::Map(Arc::default()), &wanted.target.path, value?)?;
    wanted.seed = Some(whole);
    Some(wanted)
}

/// The values that stand in the world, told by the limits up to which they may change.
fn wanteds(
    expr: &Compiled,
    world: &mut World<'_>,
    missing: &[(&Input, Target)],
    wanted: bool,
) -> Vec<Wanted> {
    // As they stand it is what it must be: what would flip it is how far they may go.
    let changes = flips(expr, world, !wanted);
    let one = |(_, target): &(&Input, Target)| {
        let limit = changes
            .iter()
            .find(|change| change.and.is_empty() && change.input == target.text);
        let value = &known(world, target)?.clone();
        let (op, limit) = match limit {
            Some(change) if !matches!(value, Value::Bool(_)) => {
                let op = negated(&change.op)?;
                // The side on which it stands: the other one may lie outside of what is declared.
                let op = match (op, number(value), change.value.as_f64()) {
                    ("!=", Some(value), Some(limit)) if value < limit => "<",
                    ("!=", Some(value), Some(limit)) if value > limit => ">",
                    (op, _, _) => op,
                };
                if does_beyond(expr, world, target, (op, &change.value), wanted) {
                    (op.to_owned(), change.value.clone())
                } else {
                    ("==".to_owned(), brief(value))
                }
            }
            _ => ("==".to_owned(), brief(value)),
        };
        Some(Wanted {
            target: target.clone(),
            op,
            limit,
            seed: Some(world.value(target.slot).clone()),
            keep: false,
        })
    };
    let found = missing.iter().filter_map(one).collect();
    together(expr, world, found, wanted)
}

/// The same, all at their limits at once: how far one may go can depend on where another stands, which then is told to stand
/// just there.
fn together(
    expr: &Compiled,
    world: &mut World<'_>,
    mut found: Vec<Wanted>,
    wanted: bool,
) -> Vec<Wanted> {
    while found.len() > 1 {
        let mut before = Vec::new();
        for one in &found {
            let Some(held) = known(world, &one.target).cloned() else {
                continue;
            };
            before.push((one.target.slot, world.value(one.target.slot).clone()));
            let edge = candidates(&held, &one.op, &one.limit);
            if let Some(edge) = edge.first() {
                put(world, &one.target, edge);
            }
        }
        let says = expr.test(world.slots(), &mut Budget::default());
        for (slot, value) in before.into_iter().rev() {
            world.set(slot, value);
        }
        let next = found.iter_mut().find(|one| one.op != "==");
        match (says, wanted, next) {
            (Tri::True, true, _) | (Tri::False, false, _) | (_, _, None) => break,
            (_, _, Some(one)) => {
                let Some(held) = known(world, &one.target) else {
                    break;
                };
                (one.op, one.limit) = ("==".to_owned(), brief(held));
            }
        }
    }
    found
}

/// Whether an expression says what is wanted wherever a value is that compares so, as far as anybody would give one.
fn does_beyond(
    expr: &Compiled,
    world: &mut World<'_>,
    target: &Target,
    (op, limit): (&str, &serde_json::Value),
    wanted: bool,
) -> bool {
    let (Some(limit), Some(held)) = (limit.as_f64(), known(world, target).cloned()) else {
        return true;
    };
    let up = match op.chars().next() {
        Some('>') => true,
        Some('<') => false,
        _ => return true,
    };
    let layout = world.layout();
    let input = layout.input_of(target.slot);
    let range = input.and_then(|index| layout.inputs().get(index)?.range);
    let before = world.value(target.slot).clone();
    let scale = limit.abs().max(1.0);
    let mut all = true;
    for far in BEYOND {
        let number = if up {
            limit + far * scale
        } else {
            limit - far * scale
        };
        let near = candidates(&held, "==", &serde_json::Value::from(number));
        let near = near
            .first()
            .filter(|_| range.is_none_or(|(least, greatest)| (least..=greatest).contains(&number)));
        let Some(value) = near else { continue };
        put(world, target, value);
        let says = expr.test(world.slots(), &mut Budget::default());
        all &= matches!((says, wanted), (Tri::True, true) | (Tri::False, false));
        world.set(target.slot, before.clone());
    }
    all
}

fn negated(op: &str) -> Option<&'static str> {
    Some(match op {
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "==" => "!=",
        "!=" => "==",
        _ => return None,
    })
}

/// Puts a value where a target is, in a map that may not be there yet.
fn put(world: &mut World<'_>, target: &Target, value: &Value) {
    let held = world.value(target.slot);
    let none = Value::Map(Arc::new(Map::default()));
    let base = if matches!(held, Value::Unknown(_)) {
        &none
    } else {
        held
    };
    if let Some(whole) = replaced(base, &target.path, value) {
        world.set(target.slot, whole);
    }
}

/// Values an input may have: the limits it is compared with, and what lies around them.
fn likely(policy: &Policy, expr: &Compiled, world: &World<'_>, target: &Target) -> Vec<Value> {
    let layout = &policy.layout;
    let input = layout.input_of(target.slot);
    let Some(input) = input.and_then(|index| layout.inputs().get(index)) else {
        return Vec::new();
    };
    let numbers = || {
        let mut numbers = vec![0.0, 1.0];
        for comparison in expr.comparisons() {
            for side in [&comparison.left, &comparison.right] {
                let limit = side
                    .constant
                    .as_ref()
                    .and_then(super::super::values::number);
                // In the unit of the input that stands on the other side.
                let factor = [&comparison.left, &comparison.right]
                    .iter()
                    .find(|other| other.slot == Some(target.slot))
                    .map_or(1.0, |other| other.factor);
                if let Some(limit) = limit {
                    let limit = limit / factor;
                    numbers.extend([limit, limit * 0.5, limit * 2.0, limit + 1.0, limit - 1.0]);
                }
            }
        }
        numbers.extend([1e3, 1e6, 1e9]);
        if let Some((least, most)) = input.range {
            numbers.extend([least, most, least.midpoint(most)]);
            numbers.retain(|number| (least..=most).contains(number));
        }
        numbers
    };
    match leaf(&input.ty, &target.path) {
        Some(Type::Double) => numbers().into_iter().map(Value::Double).collect(),
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        Some(Type::Int) => numbers()
            .into_iter()
            .map(|number| Value::Int(number.round() as i64))
            .collect(),
        // Just now, or nothing yet: what is told of it is its limit.
        Some(Type::Timestamp) => vec![world.value(layout.context(Context::Now)).clone()],
        Some(Type::Duration) => vec![Value::Duration(SignedDuration::ZERO)],
        Some(Type::Bool) => vec![Value::Bool(true), Value::Bool(false)],
        Some(Type::String) => {
            let listed = input.values.iter().flat_map(|values| values.iter());
            let mut texts: Vec<Value> = listed.cloned().map(Value::String).collect();
            for comparison in expr.comparisons() {
                for side in [comparison.left, comparison.right] {
                    texts.extend(side.constant.filter(|one| matches!(one, Value::String(_))));
                }
            }
            texts.push(Value::String(Arc::from("given")));
            texts
        }
        _ => Vec::new(),
    }
}

/// The type a path leads to.
fn leaf<'t>(ty: &'t Type, path: &[Key]) -> Option<&'t Type> {
    let mut ty = ty;
    for key in path {
        ty = match (ty, key) {
            (Type::Map(_, value), _) => value,
            (Type::List(item), _) => item,
            (Type::Struct(fields), Key::String(name)) => {
                &fields.iter().find(|field| field.name == *name)?.ty
            }
            _ => return None,
        };
    }
    Some(ty)
}
