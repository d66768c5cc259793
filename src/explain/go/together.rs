//! The values of a plan held against all rules at once: each as far as it may go, and at one number where that depends on
//! another.

use super::ask::Ask;
use super::need::Needs;
use super::{Found, Scene, best, goes, needed, relax, value};
use crate::evaluate::Outcome;
use crate::verdict::Finding;

/// A plan whose values hold for all rules at once, each as far as it may go. Where that depends on where another stands, that
/// is told to stand just there.
pub(super) fn together(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    found: Found,
) -> Found {
    let mut found = settled(scene, found, 0);
    if relax::goes_throughout(scene, &found) {
        return found;
    }
    let pins = pins(scene, &found);
    if !pins.is_empty()
        && let Ok(pinned) = best(scene, outcomes, findings, &pins)
    {
        found = settled(scene, pinned, pins.len());
    }
    steady(scene, found)
}

/// The same plan; where how far one value may go depends on another, with values that stand just there.
pub(super) fn pinned(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    found: Found,
) -> Found {
    let pins = pins(scene, &found);
    if pins.is_empty() {
        return found;
    }
    best(scene, outcomes, findings, &pins).unwrap_or(found)
}

/// The same plan with limits within which it goes wherever its values are; those that cannot be told so at one number.
pub(super) fn steady(scene: &Scene<'_, '_>, found: Found) -> Found {
    if relax::goes_throughout(scene, &found) {
        return found;
    }
    let found = relax::relaxed(scene, found);
    if relax::goes_throughout(scene, &found) {
        return found;
    }
    let found = relax::pinned(scene, found);
    needed(scene, found, 0)
}

/// The same plan with each limit as it is for all rules at once, and nothing of it that is not needed then.
fn settled(scene: &Scene<'_, '_>, found: Found, pins: usize) -> Found {
    let found = relax::relaxed(scene, found);
    let before = found.plan.len();
    let found = needed(scene, found, pins);
    if found.plan.len() == before {
        found
    } else {
        relax::relaxed(scene, found)
    }
}

/// The values of a plan that may not go further by themselves, each just where it is asked for.
fn pins(scene: &Scene<'_, '_>, found: &Found) -> Vec<Ask> {
    let mut pins = Vec::new();
    if found.plan.targets() < 2 {
        return pins;
    }
    for ask in found.plan.asks() {
        let Some((further, pin)) = value::further(ask) else {
            continue;
        };
        let mut plan = found.plan.clone();
        plan.take(Needs {
            asks: vec![further],
            ..Needs::default()
        });
        // Where there is no such value, it cannot go further.
        if plan.wish(scene).is_ok() && !goes(scene, &plan, found.at) {
            pins.push(pin);
        }
    }
    // Where each depends on another, the last one is free.
    if pins.len() > 1 {
        pins.pop();
    }
    pins
}
