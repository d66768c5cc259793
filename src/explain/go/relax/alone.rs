//! Whether each value that a plan asks for matters to one rule alone, or all that read it gain by its going further: then how
//! far it may go was found with the rule, and depends on nothing.

use super::super::ask::{Of, Wanted};
use super::super::{Found, Scene};
use crate::expr::compiled::Compiled;
use crate::policy::Rule;
use crate::verdict::Effect;

/// Whether no value of a plan stands beside another.
pub(in crate::explain::go) fn alone(scene: &Scene<'_, '_>, found: &Found) -> bool {
    let values = || {
        let asks = found.plan.asks().iter();
        asks.filter_map(|ask| match &ask.of {
            Of::Value(wanted) => Some((wanted, ask.rules.as_slice())),
            _ => None,
        })
    };
    let lonely = |(wanted, rules): (&Wanted, &[String])| {
        let here = |other: &Wanted| other.target.slot == wanted.target.slot;
        // Both its limits are for one finding, and nothing else is.
        let mut others = values();
        others.all(|(other, of)| here(other) == (of == rules))
            && rules.len() == 1
            && wanted.target.path.is_empty()
            && wanted.target.over.is_none()
            && wanted.seed.is_none()
            && (of_one_rule(scene, wanted.target.slot) || leans(scene, wanted))
    };
    values().all(lonely)
}

/// Whether one rule of the stage reads a slot, for no list of items and whatever else is so.
fn of_one_rule(scene: &Scene<'_, '_>, slot: usize) -> bool {
    let stage = scene.question.stage;
    let reading: Vec<_> = stage
        .rules
        .iter()
        .filter(|rule| reads(rule, slot))
        .collect();
    let listed = stage.fields.iter().any(|(_, field)| *field == slot);
    matches!(reading.as_slice(), [rule] if rule.for_each.is_none() && rule.when.is_empty())
        && !listed
}

/// Whether every rule that reads a value can only gain by its going further than asked for.
fn leans(scene: &Scene<'_, '_>, wanted: &Wanted) -> bool {
    let (up, slot) = match wanted.op.chars().next() {
        Some('>') => (true, wanted.target.slot),
        Some('<') => (false, wanted.target.slot),
        _ => return false,
    };
    let stage = scene.question.stage;
    let gains = |rule: &Rule| {
        let good = rule.effect == Effect::Require;
        let plain = rule.for_each.is_none() && !rule.when.iter().any(|when| has(when, slot));
        plain && rule.expr().is_some_and(|expr| expr.leans(slot, up, good))
    };
    let mut rules = stage.rules.iter().filter(|rule| reads(rule, slot));
    let listed = stage.fields.iter().any(|(_, field)| *field == slot);
    rules.all(|rule| gains(rule)) && !listed
}

fn has(expr: &Compiled, slot: usize) -> bool {
    expr.reads().contains(&slot)
}

fn reads(rule: &Rule, slot: usize) -> bool {
    rule.expressions().any(|expr| {
        let mut windows = expr.windows().iter();
        has(expr, slot) || windows.any(|window| has(&window.of, slot))
    })
}
