//! Which changes of a condition mean something: of two that mean the same one is left out, and one that means what the
//! original does can be noticed by nobody. Decided only where every input is compared with constants; of all else each
//! change is taken to mean something.

use crate::expr::alter::Altered;
use crate::expr::cells::{Cells, Declared};
use crate::expr::{Compiled, Expect, compile};
use crate::policy::check::Checked;
use crate::suite::suggest::{Hint, Point};

/// A change, and what it means.
pub(super) struct Sifted {
    pub(super) altered: Altered,
    /// Whether it can never be told from the original.
    pub(super) equivalent: bool,
    /// Values with which it differs.
    pub(super) hints: Vec<Hint>,
}

/// How many ways to tell a change from the original are looked for.
const HINTS: usize = 4;

/// The changes of a condition that mean something of their own, and those that mean nothing.
pub(super) fn sift(
    checked: Option<&Checked>,
    original: &Compiled,
    changed: Vec<Altered>,
) -> Vec<Sifted> {
    let plain = |altered| Sifted {
        altered,
        equivalent: false,
        hints: Vec::new(),
    };
    let Some(checked) = checked else {
        return changed.into_iter().map(plain).collect();
    };
    let policy = &checked.policy;
    let declared = |slot: usize| {
        let input = policy.layout.input_of(slot);
        let input = input.and_then(|input| policy.layout.inputs().get(input));
        input.map_or_else(Declared::default, |input| Declared {
            range: input.range,
            values: input.values.clone(),
        })
    };
    let width = policy.slots();
    // Those that are no expression are no policy.
    let compiled: Vec<(Altered, Compiled)> = changed
        .into_iter()
        .filter_map(|altered| {
            let compiled = compile(&altered.text, &checked.scope, Expect::Any).ok()?;
            Some((altered, compiled))
        })
        .collect();
    let all = std::iter::once(original).chain(compiled.iter().map(|(_, compiled)| compiled));
    let together = Cells::of(all, &declared, width);
    let known = together.as_ref().map(|cells| cells.truth(original));
    let mut seen: Vec<Vec<Option<bool>>> = Vec::new();
    let mut found = Vec::new();
    for (altered, changed) in compiled {
        let apart;
        let (cells, truth, original) = match (&together, &known) {
            (Some(cells), Some(known)) => (cells, cells.truth(&changed), known.clone()),
            _ => {
                apart = Cells::of([original, &changed], &declared, width);
                let Some(cells) = &apart else {
                    found.push(plain(altered));
                    continue;
                };
                (cells, cells.truth(&changed), cells.truth(original))
            }
        };
        if together.is_some() && truth != original {
            if seen.contains(&truth) {
                continue;
            }
            seen.push(truth.clone());
        }
        found.push(Sifted {
            equivalent: truth == original,
            hints: hints(cells, &original, &truth),
            altered,
        });
    }
    found
}

/// The values with which two conditions differ, those before all others with which both are known.
fn hints(cells: &Cells, original: &[Option<bool>], changed: &[Option<bool>]) -> Vec<Hint> {
    let pairs = || original.iter().zip(changed).enumerate();
    let known = pairs().filter(|(_, (a, b))| a != b && a.is_some() && b.is_some());
    let other = pairs().filter(|(_, (a, b))| a != b && (a.is_none() || b.is_none()));
    let cell = |index: usize| -> Hint {
        let cell = cells.cell(index).into_iter();
        cell.map(|(slot, key, value)| Point {
            slot,
            path: key.into_iter().collect(),
            value,
        })
        .collect()
    };
    known
        .chain(other)
        .take(HINTS)
        .map(|(index, _)| cell(index))
        .collect()
}
