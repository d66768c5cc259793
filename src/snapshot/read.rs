//! Documents to samples: JSON, YAML and JSON Lines in the shape of a snapshot. Never opens a file.

mod parts;

use std::sync::Arc;

use jiff::Timestamp;

use super::Sample;
use super::convert::{Conversion, timestamp};
use super::cursor::Cursor;
use super::history::History;
use super::layout::Layout;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem, Problems, Source, json, yaml};
use parts::Parts;

/// The ways a snapshot is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document: a snapshot, or a list of them.
    Json,
    /// YAML documents, each a snapshot or a list of them.
    Yaml,
    /// JSON Lines: a snapshot on each line.
    JsonLines,
}

impl Format {
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
    layout: &'l Layout,
    files: Vec<Arc<str>>,
    samples: Vec<Sample>,
    problems: Problems,
}

impl<'l> Reader<'l> {
    /// A reader of the inputs and baselines of a layout.
    #[must_use]
    pub fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            files: Vec::new(),
            samples: Vec::new(),
            problems: Problems::default(),
        }
    }

    /// Reads a whole document.
    pub fn document(&mut self, source: &Source, format: Format) {
        match format {
            Format::Json => {
                let (node, problems) = json::parse(source);
                self.problems.extend(problems);
                if let Some(node) = node {
                    self.node(source, &mut Cursor::new(source), &node, false);
                }
            }
            Format::Yaml => {
                let (nodes, problems) = yaml::parse(source);
                self.problems.extend(problems);
                let mut cursor = Cursor::new(source);
                for node in &nodes {
                    self.node(source, &mut cursor, node, true);
                }
            }
            Format::JsonLines => {
                let mut number = 0_u32;
                for line in source.text().split('\n') {
                    number = number.saturating_add(1);
                    if !line.trim().is_empty() {
                        self.document(
                            &Source::fragment(Arc::clone(source.name()), line, number),
                            Format::Json,
                        );
                    }
                }
                if source.text().trim().is_empty() {
                    self.problems.push(
                        Problem::new(
                            Code::Empty,
                            format!("`{}` has nothing in it", source.name()),
                        )
                        .help("write one snapshot on each line"),
                    );
                }
            }
        }
    }

    /// Adds a problem that arose before anything could be read.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The history, in the order of time, and all that was wrong. Two different values for one name and time are an
    /// error that names both places.
    #[must_use]
    pub fn finish(mut self) -> (History, Vec<Problem>) {
        let history = History::merge(self.layout, self.files, self.samples, &mut self.problems);
        let mut problems = self.problems.finish();
        for problem in problems
            .iter_mut()
            .filter(|problem| problem.code == Code::Empty && problem.help.is_none())
        {
            if let Some(label) = problem.labels.first() {
                problem.message = format!("`{}` has nothing in it", label.source.name());
            }
            problem.help = Some(
                "write a snapshot: {\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {…}}".to_owned(),
            );
        }
        // What YAML did not follow is no value: nothing more is said of it.
        let place = |problem: &Problem| {
            problem
                .labels
                .first()
                .map(|label| (label.source.clone(), label.span))
        };
        let lost =
            |problem: &&Problem| matches!(problem.code, Code::YamlAlias | Code::UnquotedExpression);
        let places: Vec<_> = problems.iter().filter(lost).filter_map(place).collect();
        if !places.is_empty() {
            let told =
                |problem: &Problem| place(problem).is_some_and(|place| places.contains(&place));
            problems.retain(|problem| lost(&problem) || !told(problem));
        }
        (history, problems)
    }

    fn node(&mut self, source: &Source, cursor: &mut Cursor, node: &Node, yaml: bool) {
        match &node.kind {
            Kind::Map(entries) => self.snapshot(source, cursor, node, entries, yaml),
            Kind::List(items) => items.iter().for_each(|item| match &item.kind {
                Kind::Map(entries) => self.snapshot(source, cursor, item, entries, yaml),
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
        node: &Node,
        entries: &[Entry],
        yaml: bool,
    ) {
        if is_record(node) {
            return;
        }
        let file = self.file(source);
        let mut values = Vec::new();
        {
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
            };
            for entry in entries {
                parts.top(entry);
            }
        }
        if let Some(at) = self.time(source, node) {
            self.samples.push(Sample { at, values });
        }
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

    fn file(&mut self, source: &Source) -> u32 {
        let index = self
            .files
            .iter()
            .rposition(|name| name == source.name())
            .unwrap_or_else(|| {
                self.files.push(Arc::clone(source.name()));
                self.files.len().saturating_sub(1)
            });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}

/// Whether a document is a verdict record: accepted among snapshots, and read past by this version.
#[must_use]
pub fn is_record(node: &Node) -> bool {
    ["gonogo", "verdict", "findings", "digests"]
        .iter()
        .all(|key| node.get(key).is_some())
}
