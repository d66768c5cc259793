//! Where no way was found for all that stands against a go: what can be done for a part of it. Never a set that was not tried.

use super::{Found, SAMPLES, Scene, best};
use crate::evaluate::Outcome;
use crate::verdict::Finding;

/// How often it is looked for a way for a part of what stands against a go.
const PARTS: usize = 4;
/// How many findings are let be each by itself.
const SINGLES: usize = 6;

/// What can be done where no way was found for all of it, and for what none was found: that is let be.
pub(super) fn partly<'s, 'p>(
    scene: &Scene<'s, 'p>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    mut left: Vec<String>,
) -> Option<(Scene<'s, 'p>, Found)> {
    let against = findings.iter().filter(|finding| finding.counts);
    let names: Vec<String> = against.map(Finding::name).collect();
    // All but one: the worst are the last to be let be.
    let single = names.iter().rev().filter(|_| names.len() > 1);
    for name in single.take(SINGLES) {
        if let Ok(found) = part(scene, outcomes, findings, std::slice::from_ref(name)) {
            return Some(found);
        }
    }
    let mut open = Vec::new();
    for _ in 0..PARTS {
        left.retain(|name| !open.contains(name));
        let whole = open.len().saturating_add(left.len()) < names.len();
        if left.is_empty() || !whole {
            break;
        }
        open.append(&mut left);
        match part(scene, outcomes, findings, &open) {
            Ok(found) => return Some(found),
            Err(stands) => left = stands,
        }
    }
    // The worst by itself.
    let rest = names.get(1..).filter(|rest| !rest.is_empty())?;
    part(scene, outcomes, findings, rest).ok()
}

/// A plan that goes where some findings are let be.
fn part<'s, 'p>(
    scene: &Scene<'s, 'p>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    open: &[String],
) -> Result<(Scene<'s, 'p>, Found), Vec<String>> {
    scene.samples.set(SAMPLES);
    let part = scene.but(open.to_vec());
    best(&part, outcomes, findings, &[]).map(|found| (part, found))
}
