//! The rows of a CSV text that is held as a whole, one after another, with the places of their cells in it. Never looks at
//! what a column means, and takes no cell of a row that it cannot tell from the next.

use std::borrow::Cow;

use super::split::{Cell, Split, Splitter};
use crate::source::{Code, Problem, Source, Span};

/// A row.
pub(crate) struct Row<'r> {
    text: &'r str,
    cells: &'r [Cell],
    /// The byte of the document it begins at.
    start: usize,
}

/// What is made of the rows.
pub(crate) trait Rows {
    /// Takes what is wrong with the text.
    fn problem(&mut self, problem: Problem);

    /// Takes the next row; whether more are wanted.
    fn row(&mut self, row: &Row<'_>) -> bool;
}

impl Row<'_> {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// What a cell says, and whether it stands in quotes; nothing where it is empty.
    pub(crate) fn cell(&self, index: usize) -> Option<(Cow<'_, str>, bool)> {
        let cell = self.cells.get(index)?;
        let text = cell.text(self.text);
        (!text.trim().is_empty()).then_some((text, cell.quoted))
    }

    /// Whether a cell stands in quotes.
    pub(crate) fn quoted(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.quoted)
    }

    /// All that a cell says, with the blanks around it.
    pub(crate) fn text(&self, index: usize) -> Cow<'_, str> {
        let cell = self.cells.get(index);
        cell.map_or(Cow::Borrowed(""), |cell| cell.text(self.text))
    }

    /// What a cell says without the blanks around it.
    pub(crate) fn trimmed(&self, index: usize) -> String {
        self.text(index).trim().to_owned()
    }

    /// Where a cell stands in the document.
    pub(crate) fn span(&self, index: usize) -> Span {
        let cell = self.cells.get(index);
        cell.map_or_else(|| self.whole(), |cell| self.moved(cell.start, cell.end))
    }

    /// Where all of it stands.
    pub(crate) fn whole(&self) -> Span {
        self.moved(0, self.text.trim_end_matches(['\n', '\r']).len())
    }

    fn moved(&self, start: usize, end: usize) -> Span {
        Span::new(
            self.start.saturating_add(start),
            self.start.saturating_add(end),
        )
    }
}

/// Gives each row to what is made of them; empty lines are none. Whether all that was wanted could be told apart.
pub(crate) fn each(source: &Source, rows: &mut impl Rows) -> bool {
    let mut splitter = Splitter::default();
    let (mut start, mut at, mut sound, mut first) = (0_usize, 0_usize, true, true);
    let wrong = |code, message: &str, help: &str, at: usize, label: &str| {
        let span = Span::new(at, at.saturating_add(1));
        Problem::new(code, message)
            .help(help)
            .at(source, span, label)
    };
    for line in source.text().split_inclusive('\n') {
        let begin = at;
        at = at.saturating_add(line.len());
        let mut line = line;
        if splitter.is_empty() {
            start = begin;
            if begin == 0 {
                let stripped = line.strip_prefix('\u{feff}').unwrap_or(line);
                start = line.len().saturating_sub(stripped.len());
                line = stripped;
            }
            if line.trim().is_empty() {
                continue;
            }
        }
        match splitter.push(line) {
            Split::Open => continue,
            Split::Row => {
                let row = Row {
                    text: splitter.text(),
                    cells: splitter.cells(),
                    start,
                };
                if !rows.row(&row) {
                    return sound;
                }
            }
            Split::Stray(byte) => {
                let help = "put the whole cell in quotes, and write each quote in it twice";
                let message = "a quote in a cell that it does not enclose";
                let byte = start.saturating_add(byte);
                rows.problem(wrong(
                    Code::CsvSyntax,
                    message,
                    help,
                    byte,
                    "not expected here",
                ));
                sound = false;
                // Without its first row nobody knows what stands in the others.
                if first {
                    return false;
                }
            }
            Split::Long => {
                let help = "close the quote that its cell begins with";
                let at = start.saturating_add(splitter.open());
                let message = "a row is longer than 4 MiB";
                rows.problem(wrong(Code::TooLarge, message, help, at, "this quote"));
                return false;
            }
        }
        first = false;
        splitter.clear();
    }
    if !splitter.is_empty() {
        let help = "close it, or write each quote of the cell twice and enclose it in quotes";
        let at = start.saturating_add(splitter.open());
        let message = "a quote is never closed";
        rows.problem(wrong(Code::CsvSyntax, message, help, at, "this quote"));
        return false;
    }
    sound
}
