//! Documents as systems give them, in shapes of their own: JSON, YAML, TOML, CSV and expositions of metrics. The `from` of
//! each input says where in them its value is. Never opens a file, and never guesses what a document means.

mod entries;
mod kind;
pub mod origin;
pub mod path;
pub mod prometheus;
mod rows;
mod series;
mod table;
mod taking;
mod tally;
mod tree;

use super::{Observed, Reading, Sample};
use crate::source::Source;
pub use kind::Kind;
use origin::{Origin, Way};
use taking::Taking;
use tally::Tally;

/// A document, and the name it was given.
#[derive(Clone, Copy, Debug)]
pub struct Document<'d> {
    /// The NAME of `-s NAME=FILE`.
    pub name: &'d str,
    /// Its text.
    pub source: &'d Source,
    /// How it is written.
    pub kind: Kind,
}

/// What one document gives.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What has an instant of its own in the document, in the order of time.
    pub dated: Vec<Sample>,
    /// What is of the instant the document is of.
    pub undated: Vec<Observed>,
}

/// Reads raw documents, one after another, and knows afterwards which inputs found their value in none of them.
#[derive(Debug, Default)]
pub struct Raws {
    tally: Tally,
}

/// An input that a document may have, by its slot, and where.
type Wanted<'l> = (usize, &'l Origin);

/// Why a document that can be read does not have the value of an input.
struct Missed {
    input: usize,
    problem: crate::source::Problem,
}

impl Raws {
    /// Reads a document, for the baseline of this index or for what is judged; values are in the slots of the inputs either
    /// way.
    pub fn read(
        &mut self,
        reading: &mut Reading<'_>,
        document: Document<'_>,
        baseline: Option<usize>,
    ) -> Read {
        let layout = reading.layout();
        let origins = layout.inputs().iter().enumerate();
        let origins = origins.filter_map(|(slot, input)| Some((slot, input.from.as_deref()?)));
        let wanted: Vec<Wanted<'_>> = origins
            .filter(|(_, origin)| origin.takes(&document))
            .collect();
        if wanted.is_empty() {
            reading.problem(tally::unread(layout, &document));
            return Read::default();
        }
        if let Some(problem) = tally::misnamed(layout, &document) {
            reading.problem(problem);
        }
        let mut taking = Taking::new(reading, document, baseline);
        let missed = match document.kind {
            Kind::Json | Kind::Yaml | Kind::Toml => tree::read(&mut taking, document.kind, &wanted),
            Kind::Csv => rows::read(&mut taking, &wanted),
            Kind::Prometheus => series::read(&mut taking, &wanted),
        };
        let read = taking.finish();
        self.tally
            .take(baseline, document.source.name(), &wanted, missed);
        read
    }

    /// Ends the reading: says which inputs found nothing, and which documents gave nothing.
    pub fn finish(self, reading: &mut Reading<'_>) {
        self.tally.finish(reading);
    }
}

impl Origin {
    /// Whether it reads this document.
    fn takes(&self, document: &Document<'_>) -> bool {
        let kind = match self.way {
            Way::Tree(_) => matches!(document.kind, Kind::Json | Kind::Yaml | Kind::Toml),
            Way::Series(_) => document.kind == Kind::Prometheus,
            Way::Rows(_) => document.kind == Kind::Csv,
        };
        let name = |file: &std::sync::Arc<str>| file.as_ref() == document.name;
        kind && self.file.as_ref().is_none_or(name)
    }
}
