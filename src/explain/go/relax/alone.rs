//! Whether each value that a plan asks for matters to one rule alone, which asks for nothing else: then how far it may go was
//! found with the rule, and depends on nothing.

use super::super::ask::{Of, Wanted};
use super::super::{Found, Scene};
use crate::policy::Rule;

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
            && of_one_rule(scene, wanted.target.slot)
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

fn reads(rule: &Rule, slot: usize) -> bool {
    rule.expressions().any(|expr| {
        let windows = expr.windows();
        expr.reads().contains(&slot)
            || windows
                .iter()
                .any(|window| window.of.reads().contains(&slot))
    })
}
