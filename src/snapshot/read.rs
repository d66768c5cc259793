//! Documents to samples: JSON, YAML and JSON Lines in the shape of a snapshot. Never opens a file.

use std::sync::Arc;

use jiff::Timestamp;

use super::convert::{Conversion, ratio, timestamp};
use super::cursor::Cursor;
use super::history::History;
use super::layout::{Context, Layout};
use super::{Observed, Place, Sample};
use crate::expr::value::{Missing, Value};
use crate::source::problem::nearest;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem, Source, json, yaml};

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
    problems: Vec<Problem>,
}

impl<'l> Reader<'l> {
    /// A reader of the inputs and baselines of a layout.
    #[must_use]
    pub fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            files: Vec::new(),
            samples: Vec::new(),
            problems: Vec::new(),
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
        for problem in self
            .problems
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
        let places: Vec<_> = self
            .problems
            .iter()
            .filter(lost)
            .filter_map(place)
            .collect();
        if !places.is_empty() {
            let told =
                |problem: &Problem| place(problem).is_some_and(|place| places.contains(&place));
            self.problems
                .retain(|problem| lost(&problem) || !told(problem));
        }
        let history = History::merge(self.layout, self.files, self.samples, &mut self.problems);
        (history, self.problems)
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

/// The keys a snapshot may have; the last four are kept for rules that this version does not evaluate yet.
const KEYS: [&str; 9] = [
    "at",
    "subject",
    "stage",
    "metrics",
    "baselines",
    "evidence",
    "attestations",
    "approvals",
    "records",
];

/// The parts of one snapshot.
struct Parts<'a, 'b> {
    layout: &'a Layout,
    conversion: Conversion<'b>,
    values: &'a mut Vec<Observed>,
    cursor: &'a mut Cursor,
    file: u32,
}

impl Parts<'_, '_> {
    fn top(&mut self, entry: &Entry) {
        match entry.key.text.as_str() {
            "at" => {}
            "subject" => self.fields(&entry.value, "subject", &SUBJECT),
            "stage" => self.fields(&entry.value, "stage", &STAGE),
            "metrics" => self.each(&entry.value, "metrics", |parts, entry| {
                parts.metric(entry, None)
            }),
            "baselines" => self.each(&entry.value, "baselines", Self::baseline),
            "evidence" | "attestations" | "approvals" | "records" => {
                if !entry.value.is_null() && !matches!(entry.value.kind, Kind::List(_)) {
                    self.kind(&entry.value, &entry.key.text, "a list");
                }
            }
            key if key.starts_with("x-") => {}
            _ => self.unknown_key(entry, "a snapshot", &KEYS),
        }
    }

    /// Calls `read` for each entry of a map; null is an empty one.
    fn each(&mut self, node: &Node, name: &str, read: impl Fn(&mut Self, &Entry)) {
        match &node.kind {
            Kind::Map(entries) => entries.iter().for_each(|entry| read(self, entry)),
            _ if node.is_null() => {}
            _ => self.kind(node, name, "a map"),
        }
    }

    fn fields(&mut self, node: &Node, of: &str, known: &[(&str, Context)]) {
        self.each(node, of, |parts, entry| {
            let key = entry.key.text.as_str();
            match known.iter().find(|(name, _)| *name == key) {
                Some((_, context)) => parts.context(entry, *context),
                // A subject may carry what an audit needs: whatever fields a team has.
                None if key.starts_with("x-") || of == "subject" => {}
                None => {
                    let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                    parts.unknown_key(entry, &format!("`{of}`"), &known);
                }
            }
        });
    }

    fn context(&mut self, entry: &Entry, context: Context) {
        let node = &entry.value;
        let value = match context {
            _ if node.is_null() => Some(Value::Unknown(Missing::Null)),
            Context::StageTraffic => ratio(node).map(Value::Double),
            Context::StageEntered | Context::SubjectPlannedAt => node
                .scalar()
                .and_then(|scalar| timestamp(&scalar.text))
                .map(Value::Timestamp),
            _ => self
                .conversion
                .text(node)
                .map(|text| Value::String(Arc::from(text))),
        };
        let value = value.unwrap_or_else(|| {
            let expected = match context {
                Context::StageTraffic => "a share such as 5% or 0.05",
                Context::StageEntered | Context::SubjectPlannedAt => {
                    "an instant such as 2025-10-16T10:05:00Z"
                }
                _ => "a text",
            };
            self.conversion
                .wrong(node, expected, context.name(), "correct the value")
        });
        self.push(self.layout.context(context), value, node);
    }

    fn baseline(&mut self, entry: &Entry) {
        let name = entry.key.text.as_str();
        let Some(index) = self
            .layout
            .baselines()
            .iter()
            .position(|baseline| baseline.name.as_ref() == name)
        else {
            let known = self
                .layout
                .baselines()
                .iter()
                .map(|baseline| baseline.name.as_ref());
            return self.undeclared(entry, "baseline", nearest(name, known));
        };
        self.each(&entry.value, name, |parts, entry| {
            parts.metric(entry, Some(index))
        });
    }

    fn metric(&mut self, entry: &Entry, baseline: Option<usize>) {
        let name = entry.key.text.as_str();
        let Some((slot, input)) = self
            .layout
            .input(name)
            .and_then(|slot| Some((slot, self.layout.inputs().get(slot)?)))
        else {
            let known = self.layout.inputs().iter().map(|input| input.name.as_ref());
            return self.undeclared(entry, "metric", nearest(name, known));
        };
        let slot = baseline.map_or(slot, |baseline| self.layout.baseline(baseline, slot));
        let name = self.layout.name(slot);
        let value = self.conversion.value(&entry.value, input, &name);
        self.push(slot, value, &entry.value);
    }

    fn push(&mut self, slot: usize, value: Value, node: &Node) {
        let position = self
            .cursor
            .position(self.conversion.source, node.span.start);
        let place = Place {
            file: self.file,
            line: position.line,
            column: position.column,
        };
        self.values.push(Observed { slot, value, place });
    }

    fn undeclared(&mut self, entry: &Entry, what: &str, nearest: Option<&str>) {
        let name = &entry.key.text;
        let help = match nearest {
            Some(nearest) => format!("nothing reads it; did you mean `{nearest}`?"),
            None => format!(
                "nothing reads it; declare it in the policy's `{}`",
                if what == "metric" {
                    "inputs"
                } else {
                    "baselines"
                }
            ),
        };
        let problem = Problem::new(
            Code::UndeclaredMetric,
            format!("the policy declares no {what} `{name}`"),
        )
        .warning()
        .help(help)
        .at(self.conversion.source, entry.key_span, "not declared");
        self.conversion.problems.push(problem);
    }

    fn unknown_key(&mut self, entry: &Entry, of: &str, known: &[&str]) {
        let help = nearest(&entry.key.text, known.iter().copied()).map_or_else(
            || format!("the keys of {of} are {}", known.join(", ")),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        let problem = Problem::new(
            Code::UnknownKey,
            format!("{of} has no `{}`", entry.key.text),
        )
        .help(help)
        .at(self.conversion.source, entry.key_span, "unknown key");
        self.conversion.problems.push(problem);
    }

    fn kind(&mut self, node: &Node, name: &str, expected: &str) {
        let problem = Problem::new(
            Code::WrongKind,
            format!("`{name}` is {}, not {expected}", node.describe()),
        )
        .help(format!("write `{name}` as {expected}"))
        .at(
            self.conversion.source,
            node.span,
            format!("expected {expected}"),
        );
        self.conversion.problems.push(problem);
    }
}

const STAGE: [(&str, Context); 3] = [
    ("name", Context::StageName),
    ("entered", Context::StageEntered),
    ("traffic", Context::StageTraffic),
];

const SUBJECT: [(&str, Context); 6] = [
    ("service", Context::SubjectService),
    ("version", Context::SubjectVersion),
    ("commit", Context::SubjectCommit),
    ("environment", Context::SubjectEnvironment),
    ("author", Context::SubjectAuthor),
    ("planned_at", Context::SubjectPlannedAt),
];
