//! Parts of a text that know where they stand in it. Never what they mean.

use std::ops::Range;

use crate::expr::Mistake;
use crate::source::Code;

/// A part of the text and where it stands in it.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Word<'t> {
    pub(super) fn range(self) -> Range<usize> {
        self.at..self.at.saturating_add(self.text.len())
    }

    /// The parts between these characters.
    pub(super) fn split(self, by: fn(char) -> bool) -> Vec<Self> {
        let mut words = Vec::new();
        let mut at = self.at;
        for text in self.text.split(by) {
            words.push(Self { text, at });
            // What it is split at is one byte long.
            at = at.saturating_add(text.len()).saturating_add(1);
        }
        words
    }

    /// The parts before and behind the first of these characters.
    pub(super) fn pair(self, by: char) -> Option<(Self, Self)> {
        let (first, second) = self.text.split_once(by)?;
        let behind = self.at.saturating_add(first.len()).saturating_add(1);
        let first = Self {
            text: first,
            ..self
        };
        Some((
            first,
            Self {
                text: second,
                at: behind,
            },
        ))
    }

    pub(super) fn lookup<T: Copy>(self, table: &[(&'t str, T)]) -> Option<T> {
        let known = table.iter().find(|(name, _)| *name == self.text);
        known.map(|(_, value)| *value)
    }
}

/// A mistake at a place of the text.
pub(super) fn wrong(
    range: Range<usize>,
    message: impl Into<String>,
    label: &str,
    help: impl Into<String>,
) -> Mistake {
    Mistake::new(Code::BadPeriod, range, message)
        .label(label)
        .help(help)
}
