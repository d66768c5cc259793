//! A history together with that of a live baseline, instant by instant. Never decides which of two values is right.

use std::sync::Arc;

use super::super::baseline::compared;
use super::super::canonical::same;
use crate::snapshot::layout::Layout;
use crate::snapshot::{History, Sample};
use crate::source::{Code, Problem};

impl History {
    /// The same with the metrics of another history as those of the baseline of this index.
    #[must_use]
    pub fn joined(&self, layout: &Layout, baseline: usize, other: &Self) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut own = self.samples().peekable();
        let mut theirs = other
            .samples()
            .map(|sample| compared(layout, baseline, sample).sample)
            .peekable();
        let samples = std::iter::from_fn(|| {
            let (first, second) = (
                own.peek().map(|one| one.at),
                theirs.peek().map(|one| one.at),
            );
            match (first, second) {
                (Some(first), Some(second)) if first == second => {
                    let (one, other) = (own.next()?, theirs.next()?);
                    Some(both(layout, one, other, &mut problems))
                }
                (Some(first), Some(second)) if first > second => theirs.next(),
                (Some(_), _) => own.next(),
                (None, _) => theirs.next(),
            }
        });
        let mut joined = Self::of(layout, self.files.clone(), samples);
        joined.facts = Arc::clone(&self.facts);
        (joined, problems)
    }
}

/// Two samples of one instant.
fn both(layout: &Layout, mut one: Sample, other: Sample, problems: &mut Vec<Problem>) -> Sample {
    for observed in other.values {
        let known = one.values.iter().find(|known| known.slot == observed.slot);
        match known {
            None => one.values.push(observed),
            Some(known) if same(&known.value, &observed.value) => {}
            Some(_) if problems.is_empty() => {
                let (name, at) = (layout.name(observed.slot), one.at);
                let message = format!("`{name}` has two values at {at}");
                let help = "leave it out of `given`, or out of `baseline`";
                problems.push(Problem::new(Code::Conflict, message).help(help));
            }
            Some(_) => {}
        }
    }
    one.values.sort_by_key(|observed| observed.slot);
    one
}
