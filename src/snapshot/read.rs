//! Documents to samples: JSON, YAML, JSON Lines and CSV in the shape of a snapshot. Never opens a file.

mod change;
pub(crate) mod csv;
mod document;
mod facts;
mod fast;
mod lines;
mod parts;
mod plain;
mod reading;

use std::sync::Arc;

use jiff::Timestamp;

use super::Sample;
use super::history::History;
use super::layout::Layout;
use super::raw::{Document, Raws};
use crate::source::tree::Node;
use crate::source::{Problem, Source};
pub use facts::{is_record, keys as fact_keys};
pub use lines::{Extent, Lines};
pub use reading::Reading;

/// The ways a snapshot is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document: a snapshot, or a list of them.
    Json,
    /// YAML documents, each a snapshot or a list of them.
    Yaml,
    /// JSON Lines: a snapshot on each line.
    JsonLines,
    /// CSV with a column of instants: a snapshot in each row. Never guessed from a text.
    Csv,
}

impl Format {
    /// Whether it is read line by line, so that a history of any length can be.
    #[must_use]
    pub fn streams(self) -> bool {
        matches!(self, Self::JsonLines | Self::Csv)
    }

    /// The format of a text nobody named one for: JSON Lines where the first line is a whole object and another
    /// follows, JSON where it begins with a bracket, YAML otherwise.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        let next = lines.next();
        if first.starts_with('{')
            && first.ends_with('}')
            && next.is_some_and(|line| line.starts_with('{'))
        {
            return Self::JsonLines;
        }
        if first.starts_with(['{', '[']) {
            Self::Json
        } else {
            Self::Yaml
        }
    }
}

/// Collects the samples of every document of a history.
#[derive(Debug)]
pub struct Reader<'l> {
    reading: Reading<'l>,
    samples: Vec<Sample>,
}

impl<'l> Reader<'l> {
    /// A reader of the inputs and baselines of a layout.
    #[must_use]
    pub fn new(layout: &'l Layout) -> Self {
        Self {
            reading: Reading::new(layout),
            samples: Vec::new(),
        }
    }

    /// Reads a whole document.
    pub fn document(&mut self, source: &Source, format: Format) {
        if !format.streams() {
            return self.reading.document(source, format, &mut self.samples);
        }
        let mut lines = self.lines(Arc::clone(source.name()), format);
        let first = source.first_line();
        for (number, line) in (first..).zip(source.text().split_inclusive('\n')) {
            self.line(&mut lines, number, line);
        }
        self.end(lines);
    }

    /// Reads one snapshot of a document in YAML that is something else as a whole.
    pub fn snapshot(&mut self, source: &Source, node: &Node) {
        self.reading.one(source, node, &mut self.samples);
    }

    /// Reads a document of a shape of its own; what has no instant in it is of `at`.
    pub fn raw(&mut self, raws: &mut Raws, document: Document<'_>, at: Timestamp) {
        let read = raws.read(&mut self.reading, document, None);
        self.samples.extend(read.dated);
        let values = read.undated;
        if !values.is_empty() {
            self.samples.push(Sample { at, values });
        }
    }

    /// Ends the documents of shapes of their own: says what was not in any of them.
    pub fn raws(&mut self, raws: Raws) {
        raws.finish(&mut self.reading);
    }

    /// The lines of a text that is given one after another.
    #[must_use]
    pub fn lines(&mut self, name: Arc<str>, format: Format) -> Lines {
        Lines::new(&mut self.reading, name, format, Extent::Everything)
    }

    /// Reads the next line, with its break.
    pub fn line(&mut self, lines: &mut Lines, number: u32, line: &str) {
        lines.line(&mut self.reading, number, line, &mut self.samples);
    }

    /// Ends a text that was given line by line.
    pub fn end(&mut self, lines: Lines) {
        lines.end(&mut self.reading);
    }

    /// Adds a problem that arose before anything could be read.
    pub fn problem(&mut self, problem: Problem) {
        self.reading.problem(problem);
    }

    /// The history, in the order of time, and all that was wrong. Two different values for one name and time are an
    /// error that names both places.
    #[must_use]
    pub fn finish(mut self) -> (History, Vec<Problem>) {
        let history = History::new(self.samples, &mut self.reading);
        (history, self.reading.finish())
    }
}
