//! The rows of a CSV document, with the places of their cells in it. Never takes a row whose cells do not stand under the
//! names of the first one, and never looks at what a column means.

use std::borrow::Cow;

use super::taking::Taking;
use crate::snapshot::read::csv::split::{Cell, Split, Splitter};
use crate::source::{Code, Problem, Source, Span};

/// A row.
pub(super) struct Row<'r> {
    text: &'r str,
    cells: &'r [Cell],
    /// The byte of the document it begins at.
    start: usize,
}

impl Row<'_> {
    /// What a cell says, and whether it stands in quotes; nothing where it is empty.
    pub(super) fn cell(&self, index: usize) -> Option<(Cow<'_, str>, bool)> {
        let cell = self.cells.get(index)?;
        let text = cell.text(self.text);
        (!text.trim().is_empty()).then_some((text, cell.quoted))
    }

    /// What a cell says without the blanks around it.
    pub(super) fn trimmed(&self, index: usize) -> String {
        let cell = self.cells.get(index);
        cell.map_or_else(String::new, |cell| cell.text(self.text).trim().to_owned())
    }

    /// Where a cell stands in the document.
    pub(super) fn span(&self, index: usize) -> Span {
        let cell = self.cells.get(index);
        cell.map_or_else(|| self.whole(), |cell| self.moved(cell.start, cell.end))
    }

    fn whole(&self) -> Span {
        self.moved(0, self.text.trim_end_matches(['\n', '\r']).len())
    }

    fn moved(&self, start: usize, end: usize) -> Span {
        Span::new(
            self.start.saturating_add(start),
            self.start.saturating_add(end),
        )
    }
}

/// Gives the names of the first row and then each row below it to `take`, the first with none. It ends where `take` says
/// that nothing more is wanted. Whether all of it could be read.
pub(super) fn rows(
    taking: &mut Taking<'_, '_>,
    mut take: impl FnMut(&mut Taking<'_, '_>, &[String], &Row<'_>) -> bool,
) -> bool {
    let source = taking.source;
    let (mut splitter, mut names) = (Splitter::default(), None::<Vec<String>>);
    let (mut start, mut at, mut sound, mut below) = (0_usize, 0_usize, true, false);
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
                match &names {
                    None => match header(&row) {
                        Ok(read) => names = Some(read),
                        Err((index, problem)) => {
                            taking.problem(problem.at(source, row.span(index), "here"));
                            return false;
                        }
                    },
                    Some(names) if names.len() == row.cells.len() => {
                        below = true;
                        if !take(taking, names, &row) {
                            return sound;
                        }
                    }
                    Some(names) => {
                        below = true;
                        sound = false;
                        taking.problem(uneven(source, names.len(), &row));
                    }
                }
            }
            Split::Stray(byte) => {
                let byte = start.saturating_add(byte);
                let problem = Problem::new(
                    Code::CsvSyntax,
                    "a quote in a cell that it does not enclose",
                )
                .help("put the whole cell in quotes, and write each quote in it twice");
                let span = Span::new(byte, byte.saturating_add(1));
                taking.problem(problem.at(source, span, "not expected here"));
                (sound, below) = (false, true);
                if names.is_none() {
                    return false;
                }
            }
            Split::Long => {
                let problem = Problem::new(Code::TooLarge, "a row is longer than 4 MiB")
                    .help("close the quote that its cell begins with");
                taking.problem(unclosed(source, problem, start, &splitter));
                return false;
            }
        }
        splitter.clear();
    }
    if !splitter.is_empty() {
        let problem = Problem::new(Code::CsvSyntax, "a quote is never closed")
            .help("close it, or write each quote of the cell twice and enclose it in quotes");
        taking.problem(unclosed(source, problem, start, &splitter));
        return false;
    }
    if !below {
        let what = if names.is_some() {
            "has names and no row below them"
        } else {
            "has nothing in it"
        };
        let message = format!("`{}` {what}", source.name());
        let problem = Problem::new(Code::Empty, message)
            .help("see whether the query that exports it finds anything");
        taking.problem(problem);
        return false;
    }
    sound
}

/// The names of the columns, or the index of the one that is wrong.
fn header(row: &Row<'_>) -> Result<Vec<String>, (usize, Problem)> {
    let mut names: Vec<String> = Vec::with_capacity(row.cells.len());
    for index in 0..row.cells.len() {
        let name = row.trimmed(index);
        if name.is_empty() {
            let message = format!("column {} has no name", index.saturating_add(1));
            let problem = Problem::new(Code::CsvSyntax, message);
            return Err((
                index,
                problem.help("name it in the first row, or leave the column out"),
            ));
        }
        if names.contains(&name) {
            let problem = Problem::new(Code::DuplicateKey, format!("two columns `{name}`"));
            return Err((
                index,
                problem.help("give each its own name, or leave one out"),
            ));
        }
        names.push(name);
    }
    Ok(names)
}

fn uneven(source: &Source, named: usize, row: &Row<'_>) -> Problem {
    let message = format!("a row of {} cells under {named} names", row.cells.len());
    Problem::new(Code::CsvSyntax, message)
        .help("give each column its cell; an empty one says nothing")
        .at(source, row.whole(), format!("expected {named} cells"))
}

fn unclosed(source: &Source, problem: Problem, start: usize, splitter: &Splitter) -> Problem {
    let at = start.saturating_add(splitter.open());
    problem.at(source, Span::new(at, at.saturating_add(1)), "this quote")
}
