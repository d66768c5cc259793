//! A text that is given line by line, however long: JSON Lines or CSV. It holds one line, or one row, and no more.

use std::sync::Arc;

use super::csv::Csv;
use super::fast::Fast;
use super::{Format, Reading};
use crate::snapshot::Sample;
use crate::source::{Code, Problem, Source};

/// How much of each sample is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What a first look takes: see [`Sample::glance`].
    Context,
    /// All of it.
    Everything,
}

/// The lines of one text.
#[derive(Debug)]
pub struct Lines {
    name: Arc<str>,
    extent: Extent,
    kind: Kind,
    /// Whether there was a line that is not blank.
    any: bool,
}

#[derive(Debug)]
enum Kind {
    Json(Fast),
    Csv(Box<Csv>),
}

impl Lines {
    /// The lines of a text of this name: of CSV, or else of JSON.
    #[must_use]
    pub fn new(reading: &mut Reading<'_>, name: Arc<str>, format: Format, extent: Extent) -> Self {
        let file = reading.file(&name);
        let kind = if format == Format::Csv {
            Kind::Csv(Box::new(Csv::new(Arc::clone(&name), file, extent)))
        } else {
            Kind::Json(Fast::new(reading.layout(), file, extent))
        };
        Self {
            name,
            extent,
            kind,
            any: false,
        }
    }

    /// The name of the text.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Reads the next line, with its break: `number` counts the lines of the text from 1.
    pub fn line(
        &mut self,
        reading: &mut Reading<'_>,
        number: u32,
        line: &str,
        into: &mut Vec<Sample>,
    ) {
        match &mut self.kind {
            Kind::Csv(csv) => {
                self.any |= !line.trim().is_empty();
                csv.line(reading, number, line, into);
            }
            Kind::Json(fast) => {
                let line = line.trim_end_matches(['\n', '\r']);
                if let Some(sample) = fast.sample(reading, &self.name, line, number) {
                    self.any = true;
                    into.push(sample);
                } else if !line.trim().is_empty() {
                    self.any = true;
                    let before = into.len();
                    let source = Source::fragment(Arc::clone(&self.name), line, number);
                    reading.document(&source, Format::Json, into);
                    if self.extent == Extent::Context {
                        let layout = reading.layout();
                        let read = into.iter_mut().skip(before);
                        read.for_each(|sample| *sample = sample.glance(layout));
                    }
                }
            }
        }
    }

    /// Leaves out a line that is no text, which its reader has told of.
    pub fn unreadable(&mut self) {
        self.any = true;
        if let Kind::Csv(csv) = &mut self.kind {
            csv.unreadable();
        }
    }

    /// Ends the text.
    pub fn end(self, reading: &mut Reading<'_>) {
        let help = match self.kind {
            Kind::Csv(mut csv) if self.any => return csv.end(reading),
            Kind::Json(_) if self.any => return,
            Kind::Csv(_) => "write a row of names, one of them `at`, and a row for each instant",
            Kind::Json(_) => "write one snapshot on each line",
        };
        let message = format!("`{}` has nothing in it", self.name);
        reading.problem(Problem::new(Code::Empty, message).help(help));
    }

    /// Whether what follows cannot be read, and is not worth the time.
    #[must_use]
    pub fn lost(&self) -> bool {
        matches!(&self.kind, Kind::Csv(csv) if csv.lost())
    }
}
