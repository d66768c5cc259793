//! A table of CSV to samples, row by row: a column of instants, the others are inputs, stage, subject or baselines by their
//! names. Never takes a row whose cells do not stand under the names of the first one.

pub(in crate::snapshot) mod cell;
mod columns;
mod place;
mod split;
pub(crate) mod whole;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::Reading;
use super::lines::Extent;
use crate::snapshot::Sample;
use crate::snapshot::convert::{Conversion, timestamp};
use crate::snapshot::cursor::Cursor;
use crate::source::{Code, Problem, Source, Span};
use cell::Row;
pub(crate) use cell::written;
use columns::{Columns, columns};
use place::Text;
use split::{Split, Splitter};

/// A table in the making.
#[derive(Debug)]
pub(super) struct Csv {
    name: Arc<str>,
    file: u32,
    extent: Extent,
    splitter: Splitter,
    /// The line the row begins at.
    first: u32,
    header: Header,
    /// Whether there was a row below the first one.
    rows: bool,
}

#[derive(Debug)]
enum Header {
    Awaited,
    Read(Columns),
    /// Nothing below it can be read.
    Lost,
}

impl Csv {
    pub(super) fn new(name: Arc<str>, file: u32, extent: Extent) -> Self {
        Self {
            name,
            file,
            extent,
            splitter: Splitter::default(),
            first: 1,
            header: Header::Awaited,
            rows: false,
        }
    }

    /// Reads the next line, with its break.
    pub(super) fn line(
        &mut self,
        reading: &mut Reading<'_>,
        number: u32,
        line: &str,
        into: &mut Vec<Sample>,
    ) {
        if self.lost() {
            return;
        }
        let mut line = line;
        if self.splitter.is_empty() {
            self.first = number;
            if number == 1 {
                line = line.strip_prefix('\u{feff}').unwrap_or(line);
            }
            if line.trim().is_empty() {
                return;
            }
        }
        match self.splitter.push(line) {
            Split::Open => return,
            Split::Row => into.extend(self.row(reading)),
            Split::Stray(at) => {
                let problem = Problem::new(
                    Code::CsvSyntax,
                    "a quote in a cell that it does not enclose",
                )
                .help("put the whole cell in quotes, and write each quote in it twice");
                let end = at.saturating_add(1);
                reading.problem(problem.at(
                    &self.source(),
                    Span::new(at, end),
                    "not expected here",
                ));
                self.unreadable();
            }
            Split::Long => {
                let message = format!("the row of line {} is longer than 4 MiB", self.first);
                let problem = Problem::new(Code::TooLarge, message)
                    .help("close the quote that its cell begins with");
                self.unclosed(reading, problem);
                self.header = Header::Lost;
            }
        }
        self.splitter.clear();
    }

    /// Leaves out a line, and the row it belongs to; without the first row nothing below it can be read.
    pub(super) fn unreadable(&mut self) {
        self.splitter.clear();
        self.rows = true;
        if matches!(self.header, Header::Awaited) {
            self.header = Header::Lost;
        }
    }

    /// Ends the table.
    pub(super) fn end(&mut self, reading: &mut Reading<'_>) {
        if self.lost() {
            return;
        }
        if !self.splitter.is_empty() {
            let problem = Problem::new(Code::CsvSyntax, "a quote is never closed")
                .help("close it, or write each quote of the cell twice and enclose it in quotes");
            self.unclosed(reading, problem);
        } else if !self.rows {
            let message = format!("`{}` has names and no row below them", self.name);
            let problem = Problem::new(Code::Empty, message);
            reading.problem(problem.help("write a row for each instant"));
        }
    }

    /// Whether nothing that follows can be read.
    pub(super) fn lost(&self) -> bool {
        matches!(self.header, Header::Lost)
    }

    fn unclosed(&mut self, reading: &mut Reading<'_>, problem: Problem) {
        let at = self.splitter.open();
        let span = Span::new(at, at.saturating_add(1));
        reading.problem(problem.at(&self.source(), span, "this quote"));
        self.rows = true;
    }

    fn source(&self) -> Source {
        let text = self.splitter.text().trim_end_matches(['\n', '\r']);
        Source::fragment(Arc::clone(&self.name), text, self.first)
    }

    fn row(&mut self, reading: &mut Reading<'_>) -> Option<Sample> {
        let source = self.source();
        let text = Text {
            source: &source,
            cells: self.splitter.cells(),
        };
        let Header::Read(columns) = &self.header else {
            self.header = columns(reading, &text).map_or(Header::Lost, Header::Read);
            return None;
        };
        self.rows = true;
        let (given, named) = (text.cells.len(), columns.count);
        if given != named {
            let message = format!("a row of {given} cells under {named} names");
            let span = Span::new(0, source.text().len());
            let problem = Problem::new(Code::CsvSyntax, message)
                .help("give each column its cell; an empty one says nothing")
                .at(&source, span, format!("expected {named} cells"));
            reading.problem(problem);
            return None;
        }
        let layout = reading.layout();
        let at = time(reading, &text, columns.time);
        let mut row = Row {
            layout,
            text: &text,
            file: self.file,
            cursor: Cursor::new(&source),
            conversion: Conversion {
                source: &source,
                yaml: false,
                problems: &mut reading.problems,
            },
        };
        let mut values = Vec::with_capacity(columns.inputs.len());
        for (index, context) in &columns.contexts {
            values.extend(row.context(*index, *context));
        }
        for (index, slot) in &columns.fields {
            values.extend(row.field(*index, *slot));
        }
        for column in &columns.inputs {
            values.extend(row.input(column));
        }
        let sample = Sample { at: at?, values };
        Some(match self.extent {
            Extent::Everything => sample,
            Extent::Context => sample.glance(layout),
        })
    }
}

/// The instant of a row.
fn time(reading: &mut Reading<'_>, row: &Text<'_>, index: usize) -> Option<Timestamp> {
    let cell = row.cells.get(index)?;
    let read = instant(&cell.text(row.source.text()));
    read.map_err(|problem| reading.problem(row.at(problem, index, "expected an instant")))
        .ok()
}

/// The instant that a cell says.
pub(in crate::snapshot) fn instant(text: &str) -> Result<Timestamp, Problem> {
    if let Some(at) = timestamp(text) {
        return Ok(at);
    }
    let written = text.trim();
    let (message, help) = if written.is_empty() {
        (
            "a row without an instant".to_owned(),
            "say when it was: 2025-10-16T10:05:00Z",
        )
    } else if written.parse::<DateTime>().is_ok() {
        (
            format!("`{written}` is an instant without an offset"),
            "say which offset its clock has: 2025-10-16 10:05:00Z, or 2025-10-16 12:05:00+02",
        )
    } else {
        (
            format!("`{written}` is not an instant"),
            "write it with its offset: 2025-10-16T10:05:00Z, or 2025-10-16 10:05:00+00",
        )
    };
    Err(Problem::new(Code::MissingTime, message).help(help))
}
