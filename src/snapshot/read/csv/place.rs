//! A row as it was written, and where each of its cells stands. Never changes what it says.

use std::borrow::Cow;

use super::split::Cell;
use crate::source::{Problem, Source, Span};

/// A row.
pub(super) struct Text<'r> {
    /// Its text, and the line it begins at.
    pub(super) source: &'r Source,
    /// Its cells.
    pub(super) cells: &'r [Cell],
}

impl Text<'_> {
    /// What its cells say.
    pub(super) fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let row = self.source.text();
        self.cells.iter().map(|cell| cell.text(row))
    }

    /// The bytes of the cell of this index.
    pub(super) fn span(&self, index: usize) -> Span {
        let cell = self.cells.get(index);
        cell.map_or_else(Span::default, |cell| Span::new(cell.start, cell.end))
    }

    /// The same problem, at a cell.
    pub(super) fn at(&self, problem: Problem, index: usize, label: &str) -> Problem {
        problem.at(self.source, self.span(index), label)
    }
}
