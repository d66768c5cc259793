//! What an expression reads: slots, windows, inputs and named expressions. It never looks at a value.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::compiled::{Compiled, path};
use super::plan::What;
use super::tree::At;
use super::tree::How;
use super::units::Unit;
use super::value::Key;
use super::window::Window;

/// An input that an expression reads, or a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// As the text has it: `incidents["P0"]`, `error_rate.avg("10m")`.
    pub text: String,
    /// The slot it is read from.
    pub slot: usize,
    /// The way into the slot's value.
    pub path: Vec<Key>,
    /// Its bytes in the text; nothing if it is read by a named expression that the text refers to.
    pub range: Option<Range<usize>>,
    /// Its unit.
    pub unit: Option<Unit>,
}

impl Compiled {
    /// The slots it reads, itself or by named expressions, in ascending order: those of its windows among them, but not
    /// what these look back at.
    #[must_use]
    pub fn slots(&self) -> &[usize] {
        &self.slots
    }

    /// The same, with what its windows look back at.
    #[must_use]
    pub fn reads(&self) -> &[usize] {
        &self.reads
    }

    /// Whether it may have a value although a part of what it reads has none: it has `&&`, `||`, `?:` or a macro.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        self.steps.iter().any(|step| match &step.what {
            What::And(..) | What::Or(..) | What::If { .. } | What::Fold(_) | What::Known(_) => true,
            What::Let(named) => named.is_selective(),
            _ => false,
        })
    }

    /// Whether it is unknown, or what it was, where less of what it reads is known: it asks nowhere whether something is
    /// there, gives nothing in its stead, and looks back at nothing.
    #[must_use]
    pub fn waits(&self) -> bool {
        let waits = |step: &super::plan::Step| match &step.what {
            What::Known(_)
            | What::Has { .. }
            | What::Else { .. }
            | What::OptField { .. }
            | What::OptIndex { .. }
            | What::OptItem(_)
            | What::OptMap { .. } => false,
            What::Fold(folded) => matches!(folded.how, How::All | How::Exists),
            What::Let(named) => named.waits(),
            _ => true,
        };
        self.windows.is_empty() && self.steps.iter().all(waits)
    }

    /// Its windows and those of its named expressions, by slot, each once.
    #[must_use]
    pub fn windows(&self) -> &[Arc<Window>] {
        &self.windows
    }

    /// The named expressions it refers to, and those that these refer to, by name and each once; not what a window looks
    /// back at.
    #[must_use]
    pub fn named(&self) -> Vec<(String, Arc<Self>)> {
        let mut found = Vec::new();
        self.gather(&mut found);
        found
    }

    fn gather(&self, found: &mut Vec<(String, Arc<Self>)>) {
        for (step, hidden) in self.steps.iter().zip(self.hidden()) {
            let (What::Let(compiled), false) = (&step.what, hidden) else {
                continue;
            };
            // Looked for first: two of each in the next would take for ever.
            if !found.iter().any(|(_, have)| Arc::ptr_eq(have, compiled)) {
                found.push((step.at.of(&self.text).to_owned(), Arc::clone(compiled)));
                compiled.gather(found);
            }
        }
    }

    /// The declared names that the text itself refers to, as the scope has them; not those behind a named expression.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        self.steps
            .iter()
            .filter(|step| {
                // A parameter is a constant by now, and still has its name for a text.
                matches!(step.what, What::Slot { .. } | What::Let(_) | What::Const(_))
            })
            .map(|step| {
                step.at
                    .of(&self.text)
                    .split_whitespace()
                    .collect::<String>()
            })
            .filter(|name| name.chars().all(plain))
            .map(|name| name.trim_start_matches('.').to_owned())
            .collect()
    }

    /// The inputs and windows it reads, in the order of the text, each once; those of named expressions last. What a
    /// window looks back at is not among them.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let mut found = self.own_inputs();
        // Each named expression once, however often it is referred to.
        for (_, compiled) in self.named() {
            found.extend(compiled.own_inputs().into_iter().map(|input| Input {
                range: None,
                ..input
            }));
        }
        let mut seen = BTreeSet::new();
        found.retain(|input| seen.insert((input.slot, input.path.clone())));
        found
    }

    /// The inputs of which its own text reads an entry that is not always the same, each with the text of what names the
    /// entry, and its slot where it is one: `rates` of `rates[f]`, and `f`. The way does not hold the entry.
    #[must_use]
    pub fn indexed(&self) -> Vec<(Input, String, Option<usize>)> {
        let steps = self.steps.iter().zip(self.hidden());
        let steps = steps.filter_map(|(step, hidden)| match &step.what {
            What::Index { of, index, .. } | What::OptIndex { of, index, .. } if !hidden => {
                let index = self.steps.get(*index)?;
                if index.what.constant().is_some() {
                    return None;
                }
                let (slot, keys) = path(&self.steps, *of)?;
                let input = Input {
                    text: step.at.of(&self.text).to_owned(),
                    slot,
                    path: keys,
                    range: Some(step.at.range()),
                    unit: step.unit.clone(),
                };
                let slot = match index.what {
                    What::Slot { slot, .. } => Some(slot),
                    _ => None,
                };
                Some((input, index.at.of(&self.text).trim().to_owned(), slot))
            }
            _ => None,
        });
        steps.collect()
    }

    /// The inputs that its own text reads, in its order; one that is read twice stands there twice.
    fn own_inputs(&self) -> Vec<Input> {
        let mut found: Vec<Input> = Vec::new();
        // A part of an input stands for the whole of it: only the longest paths count.
        let mut inner = self.hidden();
        for (id, step) in self.steps.iter().enumerate() {
            if let What::Field { of, .. }
            | What::Index { of, .. }
            | What::OptField { of, .. }
            | What::OptIndex { of, .. } = &step.what
                && path(&self.steps, id).is_some()
                && let Some(inner) = inner.get_mut(*of)
            {
                *inner = true;
            }
        }
        for (id, step) in self.steps.iter().enumerate() {
            let hidden = inner.get(id).copied().unwrap_or(true);
            let Some((slot, keys)) = path(&self.steps, id).filter(|_| !hidden) else {
                continue;
            };
            found.push(Input {
                text: step.at.of(&self.text).to_owned(),
                slot,
                path: keys,
                range: Some(step.at.range()),
                unit: step.unit.clone(),
            });
        }
        found.sort_by_key(|input| input.range.as_ref().map(|range| range.start));
        found
    }

    /// For each step whether it stands under a window: such a one is never evaluated here.
    pub(super) fn hidden(&self) -> Vec<bool> {
        let own = self.own_windows();
        let under = |at: At| {
            // They never overlap: the last one that begins no later is the only one it can be under.
            let after = own.partition_point(|window| window.start <= at.start);
            let window = after.checked_sub(1).and_then(|last| own.get(last));
            window.is_some_and(|window| at.end <= window.end && at != *window)
        };
        self.steps.iter().map(|step| under(step.at)).collect()
    }

    /// The bytes of the windows in its own text, in order.
    pub(super) fn own_windows(&self) -> Vec<At> {
        let slots = |slot: usize| {
            let found = self
                .windows
                .binary_search_by_key(&slot, |window| window.slot);
            found.is_ok()
        };
        let steps = self.steps.iter();
        let mut own: Vec<At> = steps
            .filter(|step| matches!(&step.what, What::Slot { slot, .. } if slots(*slot)))
            .map(|step| step.at)
            .collect();
        own.sort_unstable_by_key(|at| at.start);
        own
    }
}
