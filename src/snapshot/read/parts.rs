//! The parts of one snapshot: subject, stage, metrics and baselines, each value into its slot, and its facts.

use std::sync::Arc;

use super::plain::plain;
use crate::expr::value::{Missing, Value};
use crate::snapshot::convert::{Conversion, ratio, timestamp};
use crate::snapshot::cursor::Cursor;
use crate::snapshot::facts::Gather;
use crate::snapshot::layout::{Context, Layout};
use crate::snapshot::{Observed, Place, Subject};
use crate::source::problem::nearest;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem};

/// The keys a snapshot may have.
pub(super) const KEYS: [&str; 9] = [
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
pub(super) struct Parts<'a, 'b> {
    pub(super) layout: &'a Layout,
    pub(super) conversion: Conversion<'b>,
    pub(super) values: &'a mut Vec<Observed>,
    pub(super) cursor: &'a mut Cursor,
    pub(super) file: u32,
    /// Where facts are kept; none: they are only looked through for mistakes.
    pub(super) gather: Option<&'a mut Gather>,
    /// Whom the document says it is about.
    pub(super) about: Subject,
}

impl Parts<'_, '_> {
    /// Reads one entry of a snapshot.
    pub(super) fn top(&mut self, entry: &Entry) {
        match entry.key.text.as_str() {
            "at" => {}
            "subject" => self.fields(&entry.value, "subject", &SUBJECT),
            "stage" => self.fields(&entry.value, "stage", &STAGE),
            "metrics" => self.each(&entry.value, "metrics", |parts, entry| {
                parts.metric(entry, None);
            }),
            "baselines" => self.each(&entry.value, "baselines", Self::baseline),
            "evidence" | "attestations" | "approvals" | "records" => self.facts(entry),
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
                None if of == "subject" => {
                    if let Some(slot) = parts.layout.field(key) {
                        parts.push(slot, plain(&entry.value), &entry.value);
                    }
                }
                None if key.starts_with("x-") => {}
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
                .map(|at| Value::Timestamp(at.into())),
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
            parts.metric(entry, Some(index));
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
        let place = self.place(node);
        self.values.push(Observed { slot, value, place });
    }

    /// Where a node begins.
    pub(super) fn place(&mut self, node: &Node) -> Place {
        let position = self
            .cursor
            .position(self.conversion.source, node.span.start);
        Place {
            file: self.file,
            line: position.line,
            column: position.column,
        }
    }

    /// Keeps a fact, where facts are kept.
    pub(super) fn gather(&mut self, keep: impl FnOnce(&mut Gather, &Subject)) {
        if let Some(gather) = &mut self.gather {
            keep(gather, &self.about);
        }
    }

    fn undeclared(&mut self, entry: &Entry, what: &str, nearest: Option<&str>) {
        let name = &entry.key.text;
        let help = unread(what, nearest);
        let problem = Problem::new(Code::UndeclaredMetric, undeclared(what, name))
            .warning()
            .help(help)
            .at(self.conversion.source, entry.key_span, "not declared");
        self.conversion.problems.push_once(problem);
    }

    pub(super) fn unknown_key(&mut self, entry: &Entry, of: &str, known: &[&str]) {
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

    pub(super) fn kind(&mut self, node: &Node, name: &str, expected: &str) {
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

/// What is said of a name that the policy does not declare.
pub(super) fn undeclared(what: &str, name: &str) -> String {
    format!("the policy declares no {what} `{name}`")
}

/// What to do about one.
pub(super) fn unread(what: &str, nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("nothing reads it; did you mean `{nearest}`?"),
        None => format!(
            "nothing reads it; declare it in the policy's `{}`",
            if what == "metric" {
                "inputs"
            } else {
                "baselines"
            }
        ),
    }
}

pub(super) const STAGE: [(&str, Context); 3] = [
    ("name", Context::StageName),
    ("entered", Context::StageEntered),
    ("traffic", Context::StageTraffic),
];

pub(super) const SUBJECT: [(&str, Context); 6] = [
    ("service", Context::SubjectService),
    ("version", Context::SubjectVersion),
    ("commit", Context::SubjectCommit),
    ("environment", Context::SubjectEnvironment),
    ("author", Context::SubjectAuthor),
    ("planned_at", Context::SubjectPlannedAt),
];
