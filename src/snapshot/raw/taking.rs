//! The values that one document gives, by their instants. It knows no shape of documents.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Document, Kind, Read};
use crate::snapshot::convert::Conversion;
use crate::snapshot::cursor::Cursor;
use crate::snapshot::layout::Input;
use crate::snapshot::{Observed, Place, Reading, Sample};
use crate::source::tree::Node;
use crate::source::{Problem, Source};

/// What is taken from a document.
pub(super) struct Taking<'t, 'l> {
    pub(super) reading: &'t mut Reading<'l>,
    pub(super) source: &'t Source,
    yaml: bool,
    baseline: Option<usize>,
    file: u32,
    cursor: Cursor,
    /// By instant; none is that of the document.
    found: BTreeMap<Option<Timestamp>, Vec<Observed>>,
}

impl<'t, 'l> Taking<'t, 'l> {
    pub(super) fn new(
        reading: &'t mut Reading<'l>,
        document: Document<'t>,
        baseline: Option<usize>,
    ) -> Self {
        let source = document.source;
        Self {
            file: reading.file(source.name()),
            reading,
            source,
            yaml: document.kind == Kind::Yaml,
            baseline,
            cursor: Cursor::new(source),
            found: BTreeMap::new(),
        }
    }

    /// An input's declaration.
    pub(super) fn input(&self, slot: usize) -> Option<&'l Input> {
        self.reading.layout().inputs().get(slot)
    }

    /// What messages call an input.
    pub(super) fn name(&self, slot: usize) -> String {
        let layout = self.reading.layout();
        layout.name(
            self.baseline
                .map_or(slot, |index| layout.baseline(index, slot)),
        )
    }

    /// Takes the value of an input; a null is taken as one.
    pub(super) fn put(&mut self, slot: usize, node: &Node, at: Option<Timestamp>) {
        let (Some(input), name) = (self.input(slot), self.name(slot)) else {
            return;
        };
        let mut conversion = Conversion {
            source: self.source,
            yaml: self.yaml,
            problems: &mut self.reading.problems,
        };
        let value = conversion.value(node, input, &name);
        let position = self.cursor.position(self.source, node.span.start);
        let place = Place {
            file: self.file,
            line: position.line,
            column: position.column,
        };
        self.found
            .entry(at)
            .or_default()
            .push(Observed { slot, value, place });
    }

    /// Adds what is wrong with the document.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.reading.problem(problem);
    }

    pub(super) fn finish(mut self) -> Read {
        let undated = self.found.remove(&None).unwrap_or_default();
        let dated = self.found.into_iter();
        let dated = dated.filter_map(|(at, values)| Some(Sample { at: at?, values }));
        Read {
            dated: dated.collect(),
            undated,
        }
    }
}
