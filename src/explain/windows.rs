//! What the windows of a condition looked back at, as it is told. It computes no figure of a window.

use super::values::told;
use crate::evaluate::{Looked, Outcome, Subject};
use crate::expr::{Compiled, Window, brief};
use crate::verdict::{Contents, Hole};

/// The most windows that one finding tells.
const WINDOWS: usize = 20;

/// What the windows of an expression looked back at, in the order of its text.
pub(super) fn contents(
    expr: &Compiled,
    outcome: &Outcome<'_>,
    looked: &Looked<'_>,
) -> Vec<Contents> {
    let place = |window: &Window| {
        let inputs = expr.inputs();
        inputs.iter().position(|input| input.slot == window.slot)
    };
    let mut windows: Vec<&Window> = expr.windows().iter().map(AsRef::as_ref).collect();
    windows.sort_by_cached_key(|window| place(window).unwrap_or(usize::MAX));
    let found = windows.into_iter().take(WINDOWS);
    found
        .filter_map(|window| {
            let seen = seen(window.slot, outcome, looked)?;
            Some(Contents {
                expr: told(&window.text),
                from: seen.from,
                start: seen.start.as_ref().map(brief),
                samples: u64::try_from(seen.samples).unwrap_or(u64::MAX),
                min: seen.min,
                avg: seen.avg,
                max: seen.max,
                last: seen.last.as_ref().map(brief),
                unit: window.of.unit().map(|unit| unit.name().to_owned()),
                holes: seen
                    .holes
                    .into_iter()
                    .map(|(from, to)| Hole { from, to })
                    .collect(),
            })
        })
        .collect()
}

/// What the window of a slot looked back at, for the rule and the item that an outcome is about.
pub(super) fn seen(
    slot: usize,
    outcome: &Outcome<'_>,
    looked: &Looked<'_>,
) -> Option<crate::evaluate::Contents> {
    let Subject::Rule(rule, item) = &outcome.of else {
        return None;
    };
    looked.contents(slot, rule, item.as_ref().map(|(key, _)| key))
}
