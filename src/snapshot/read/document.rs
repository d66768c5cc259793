//! A whole JSON or YAML document to samples, by its tree: every mistake is told at its place. Lines of a long history come
//! here only where the fast reader declines them.

use jiff::Timestamp;

use super::parts::Parts;
use super::{Format, Reading, facts};
use crate::snapshot::Sample;
use crate::snapshot::convert::{Conversion, timestamp};
use crate::snapshot::cursor::Cursor;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem, Source, json, yaml};

impl Reading<'_> {
    /// Reads a whole document: YAML, or else JSON.
    pub fn document(&mut self, source: &Source, format: Format, into: &mut Vec<Sample>) {
        let mut cursor = Cursor::new(source);
        if format == Format::Yaml {
            let (nodes, problems) = yaml::parse(source);
            self.problems.extend(problems);
            for node in &nodes {
                self.node(source, &mut cursor, node, true, into);
            }
        } else {
            let (node, problems) = json::parse(source);
            self.problems.extend(problems);
            if let Some(node) = node {
                self.node(source, &mut cursor, &node, false, into);
            }
        }
    }

    /// Reads one snapshot of a document in YAML that is something else as a whole.
    pub(super) fn one(&mut self, source: &Source, node: &Node, into: &mut Vec<Sample>) {
        let mut cursor = Cursor::beginning_at(source, node.span.start);
        self.node(source, &mut cursor, node, true, into);
    }

    fn node(
        &mut self,
        source: &Source,
        cursor: &mut Cursor,
        node: &Node,
        yaml: bool,
        into: &mut Vec<Sample>,
    ) {
        match &node.kind {
            Kind::Map(entries) => into.extend(self.snapshot(source, cursor, (node, entries), yaml)),
            Kind::List(items) => items.iter().for_each(|item| match &item.kind {
                Kind::Map(entries) => {
                    into.extend(self.snapshot(source, cursor, (item, entries), yaml));
                }
                Kind::Scalar(_) | Kind::List(_) => self.not_a_snapshot(source, item),
            }),
            Kind::Scalar(_) => self.not_a_snapshot(source, node),
        }
    }

    fn not_a_snapshot(&mut self, source: &Source, node: &Node) {
        let problem = Problem::new(
            Code::WrongKind,
            format!("a snapshot is a map, not {}", node.describe()),
        )
        .help("write {\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {…}}")
        .at(source, node.span, "expected a map");
        self.problems.push(problem);
    }

    fn snapshot(
        &mut self,
        source: &Source,
        cursor: &mut Cursor,
        (node, entries): (&Node, &[Entry]),
        yaml: bool,
    ) -> Option<Sample> {
        let file = self.file(source.name());
        let mut values = Vec::new();
        let mut parts = Parts {
            layout: self.layout,
            conversion: Conversion {
                source,
                yaml,
                problems: &mut self.problems,
            },
            values: &mut values,
            cursor,
            file,
            gather: self.gathers.then_some(&mut self.facts),
            about: facts::about(node, yaml),
        };
        if facts::is_record(node) {
            parts.verdict(node, entries);
            return None;
        }
        for entry in entries {
            parts.top(entry);
        }
        // Facts count from their own instants: a document that gives nothing else needs none, and is no sample.
        if facts::only(entries) {
            return None;
        }
        let at = self.time(source, node)?;
        let empty = values.is_empty() && facts::any(entries);
        (!empty).then_some(Sample { at, values })
    }

    fn time(&mut self, source: &Source, node: &Node) -> Option<Timestamp> {
        let Some(at) = node.get("at") else {
            let problem = Problem::new(Code::MissingTime, "a snapshot without `at`")
                .help("say when it was taken: \"at\": \"2025-10-16T10:05:00Z\"")
                .at(source, node.span, "no `at` here");
            self.problems.push(problem);
            return None;
        };
        let read = at.scalar().and_then(|scalar| timestamp(&scalar.text));
        if read.is_none() {
            let written = at.scalar().map_or_else(
                || at.describe().to_owned(),
                |scalar| format!("`{}`", scalar.text),
            );
            let problem = Problem::new(
                Code::MissingTime,
                format!("`at` is {written}, not an instant"),
            )
            .help("write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z")
            .at(source, at.span, "expected an instant");
            self.problems.push(problem);
        }
        read
    }
}
