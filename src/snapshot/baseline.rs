//! A history of its own as a baseline: its metrics in the baseline's slots. It never says which of its values counts.

use super::layout::{Kind, Layout};
use super::{Observed, Sample};
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// A sample of a history that is a baseline.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Its instant and its metrics, in the slots of the baseline.
    pub sample: Sample,
    /// What it says of the stage and the subject it was taken in: those of that history, not of the one being judged.
    pub context: Vec<Observed>,
}

/// A sample as one of the baseline of this index. What it compares with itself is left out.
#[must_use]
pub fn compared(layout: &Layout, baseline: usize, sample: Sample) -> Compared {
    let (mut values, mut context) = (Vec::with_capacity(sample.values.len()), Vec::new());
    for observed in sample.values {
        match layout.kind(observed.slot) {
            Some(Kind::Input(input)) => values.push(Observed {
                slot: layout.baseline(baseline, input),
                ..observed
            }),
            Some(Kind::Context(_)) => context.push(observed),
            Some(Kind::Baseline(..) | Kind::Derived(_) | Kind::Field(_)) | None => {}
        }
    }
    let at = sample.at;
    Compared {
        sample: Sample { at, values },
        context,
    }
}

/// The index of the baseline of this name.
///
/// # Errors
/// `unknown-baseline`, with the one that is meant.
pub fn named(layout: &Layout, name: &str) -> Result<usize, Problem> {
    let names = || {
        layout
            .baselines()
            .iter()
            .map(|baseline| baseline.name.as_ref())
    };
    let found = names().position(|known| known == name);
    found.ok_or_else(|| {
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if layout.baselines().is_empty() => {
                format!("name it in the policy: `baselines: [{name}]`")
            }
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("the policy has no baseline `{name}`");
        Problem::new(Code::UnknownBaseline, message).help(help)
    })
}
