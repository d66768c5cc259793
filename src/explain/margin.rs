//! How far the value that decides a condition is from its limit: of the comparison that by itself makes the condition
//! something else. Never says what should be changed.

use super::values::{compared, exact, mirrored, negated, number, relation, told, unscaled};
use super::ways::replaced;
use crate::evaluate::World;
use crate::expr::Op;
use crate::expr::trace::{Operand, Trace};
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Compiled, Decider, Deciding, Tri};
use crate::snapshot::Input;
use crate::verdict::Margin;

/// The margin of the first comparison that decided and by itself flips the condition; of the first that decided where none
/// does alone.
pub(super) fn decisive<'d>(
    expr: &Compiled,
    (trace, deciders): (&Trace, &'d [Decider]),
    world: &mut World<'_>,
    inputs: &[Input],
    budget: &mut Budget,
) -> Option<(Margin, &'d Decider)> {
    let was = match &trace.result {
        Ok(Value::Bool(true)) => Tri::True,
        Ok(Value::Bool(false)) => Tri::False,
        _ => return None,
    };
    let mut first = None;
    for decider in deciders {
        let (op, left, right) = match &decider.what {
            Deciding::Comparison { op, left, right } => (op, left, right),
            Deciding::Within { judged, bounds } => {
                let margin = || within(judged, *bounds, decider.value);
                first = first.or_else(|| Some((margin()?, decider)));
                continue;
            }
            Deciding::Count { .. } | Deciding::Other => continue,
        };
        let result = &decider.value;
        let margin_of = || compared(*op, *result, left, right);
        first = first.or_else(|| Some((margin_of()?, decider)));
        for (judged, limit, op) in [(left, right, *op), (right, left, mirrored(*op))] {
            let Some(slot) = judged.side.slot else {
                continue;
            };
            let op = if *result { negated(op) } else { op };
            let Some(trial) = trial(op, *result, judged, limit) else {
                continue;
            };
            let mut fits = |value: &Value| {
                in_range(world, slot, value, inputs)
                    && flips(expr, world, slot, &judged.side.path, value, was, budget)
            };
            // "Not equal" leaves both ways open: both must do.
            if op == Op::NotEqual && !trial.tried.iter().all(&mut fits) {
                continue;
            }
            let Some(fitting) = trial.tried.iter().find(|value| fits(value)) else {
                continue;
            };
            // What works at the last digit alone decides nothing.
            if beyond(op, fitting).is_some_and(|value| {
                in_range(world, slot, &value, inputs)
                    && !flips(expr, world, slot, &judged.side.path, &value, was, budget)
            }) {
                continue;
            }
            let value = trial.limit.as_ref().unwrap_or(fitting);
            if let Some(margin) = margin(told(&judged.text), judged, value, op) {
                return Some((margin, decider));
            }
        }
    }
    first
}

/// How far a number lies from the nearer bound of what is within.
fn within(judged: &Operand, (least, greatest): (f64, f64), is_within: bool) -> Option<Margin> {
    let own = judged.value.as_ref().ok()?;
    let value = number(own)?;
    let (bound, relation, holds) = match (is_within, value - least > greatest - value) {
        (true, true) => (greatest, "<=", value <= greatest),
        (true, false) => (least, ">=", value >= least),
        (false, true) => (greatest, ">", value > greatest),
        (false, false) => (least, "<", value < least),
    };
    let unscaled = |of: f64| number(&unscaled(&Value::Double(of), judged.side.factor));
    let (value, limit) = (unscaled(value)?, unscaled(bound)?);
    holds.then(|| Margin {
        input: told(&judged.text),
        value,
        relation: relation.to_owned(),
        limit,
        relative: Margin::share(value, limit),
    })
}

/// How many items of a list are tried for what would be in it.
const TRIED: usize = 100;

/// A double a billionth further on than the nearest one that satisfies a strict comparison.
fn beyond(op: Op, nearest: &Value) -> Option<Value> {
    let Value::Double(number) = nearest else {
        return None;
    };
    let step = number.abs().max(1.0) * 1e-9;
    match op {
        Op::Less => Some(Value::Double(number - step)),
        Op::Greater => Some(Value::Double(number + step)),
        _ => None,
    }
}

struct Trial {
    /// The limit in the unit of the input; none: the value that was tried is told itself.
    limit: Option<Value>,
    /// Values that satisfy the comparison, the nearest first.
    tried: Vec<Value>,
}

fn trial(op: Op, result: bool, judged: &Operand, limit: &Operand) -> Option<Trial> {
    let current = unscaled(judged.value.as_ref().ok()?, judged.side.factor);
    let limit = unscaled(limit.value.as_ref().ok()?, judged.side.factor);
    if op == Op::In {
        // Out of a list there is no nearest way; into it, any of its items is one.
        let Value::List(items) = &limit else {
            return None;
        };
        return (!result).then(|| Trial {
            tried: items.iter().take(TRIED).cloned().collect(),
            limit: None,
        });
    }
    relation(op)?;
    let tried = match (&current, number(&limit)) {
        (Value::Int(_), Some(edge)) => {
            let (floor, ceil) = (whole(edge.floor())?, whole(edge.ceil())?);
            let below = if edge > edge.floor() {
                floor
            } else {
                floor.checked_sub(1)?
            };
            let above = if edge < edge.ceil() {
                ceil
            } else {
                ceil.checked_add(1)?
            };
            match op {
                Op::Less => vec![below],
                Op::LessEqual | Op::Equal => vec![floor],
                Op::Greater => vec![above],
                Op::GreaterEqual => vec![ceil],
                _ => vec![below, above],
            }
            .into_iter()
            .map(Value::Int)
            .collect()
        }
        (Value::Double(_), Some(edge)) => {
            let (down, up) = (edge.next_down(), edge.next_up());
            // Converting a unit may round: then the neighbour is tried as well.
            #[expect(clippy::float_cmp, reason = "1 stands for no conversion")]
            let exact = judged.side.factor == 1.0;
            let either = |nearest: f64, next: f64| {
                if exact {
                    vec![nearest]
                } else {
                    vec![nearest, next]
                }
            };
            match op {
                Op::Less => either(down, down.next_down()),
                Op::LessEqual => either(edge, down),
                Op::Greater => either(up, up.next_up()),
                Op::GreaterEqual => either(edge, up),
                Op::Equal => vec![edge],
                _ => vec![up, down],
            }
            .into_iter()
            .map(Value::Double)
            .collect()
        }
        (Value::String(_) | Value::Bool(_), None) if op == Op::Equal => vec![limit.clone()],
        (Value::Bool(value), None) if op == Op::NotEqual => vec![Value::Bool(!value)],
        _ => return None,
    };
    Some(Trial {
        limit: Some(limit),
        tried,
    })
}

fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    let whole = number as i64;
    (number.abs() <= EXACT).then_some(whole)
}

fn in_range(world: &World<'_>, slot: usize, value: &Value, inputs: &[Input]) -> bool {
    let Some(input) = world
        .layout()
        .input_of(slot)
        .and_then(|index| inputs.get(index))
    else {
        return true;
    };
    match (input.range, number(value), value) {
        (Some((least, greatest)), Some(number), _) => (least..=greatest).contains(&number),
        (_, _, Value::String(text)) => input
            .values
            .as_ref()
            .is_none_or(|values| values.iter().any(|one| one == text)),
        _ => true,
    }
}

/// Whether the condition is flipped once this value stands in its place; the world is left as it was.
fn flips(
    expr: &Compiled,
    world: &mut World<'_>,
    slot: usize,
    path: &[Key],
    value: &Value,
    was: Tri,
    budget: &mut Budget,
) -> bool {
    // What has a lowered form pays for no step of its own.
    let size = u64::try_from(expr.text().len() / 8).unwrap_or(u64::MAX);
    if budget.pay(size).is_err() {
        return false;
    }
    budget.forget();
    let held = world.value(slot).clone();
    let Some(trial) = replaced(&held, path, value) else {
        return false;
    };
    world.set(slot, trial);
    let is = expr.test(world.slots(), budget);
    world.set(slot, held);
    matches!((was, is), (Tri::True, Tri::False) | (Tri::False, Tri::True))
}

fn margin(input: String, judged: &Operand, limit: &Value, wanted: Op) -> Option<Margin> {
    let own = judged.value.as_ref().ok()?;
    if !exact(own) || !exact(limit) {
        return None;
    }
    let value = number(&unscaled(own, judged.side.factor))?;
    let limit = number(limit)?;
    Some(Margin {
        input,
        value,
        // The comparison that was wanted does not hold: the other one does.
        relation: relation(negated(wanted))?.to_owned(),
        limit,
        relative: Margin::share(value, limit),
    })
}
