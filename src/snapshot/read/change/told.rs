//! Facts as they would have been written, so that a patch can change them and their reader read them. Never a fact that was
//! not read.

use std::sync::Arc;

use jiff::Timestamp;

use crate::expr::value::{Missing, Value};
use crate::snapshot::Subject;
use crate::snapshot::facts::{Evidence, Gather, Record, Statement};
use crate::source::Span;
use crate::source::tree::{Entry, Kind, Node, Places, Scalar, Style};

/// A fact that patches can change.
pub(super) trait Told {
    /// The key that names it.
    const NAME: &'static str;
    /// Its name.
    fn named(&self) -> &str;
    /// Who says it, where somebody does.
    fn by(&self) -> Option<&str>;
    /// As it would have been written, all of it at one place.
    fn written(&self, span: Span) -> Node;
    /// What it is about, written anew as `node`: what it was about, unless that says otherwise.
    fn about(&self, node: &Node) -> Subject;
    /// Keeps it as it is.
    fn keep(&self, gather: &mut Gather);
}

impl Told for Evidence {
    const NAME: &'static str = "id";

    fn named(&self) -> &str {
        &self.id
    }

    fn by(&self) -> Option<&str> {
        None
    }

    fn written(&self, span: Span) -> Node {
        let status = if self.passed { "passed" } else { "failed" };
        let mut map = Writing::new(span);
        map.text("id", Some(&self.id));
        map.text("key", self.key.as_ref());
        map.put("status", scalar(status, Style::Quoted));
        if let Some(code) = self.exit_code {
            map.put("exit_code", scalar(&code, Style::Plain));
        }
        map.instant("at", self.at);
        map.instant("started", self.started);
        map.text("commit", self.commit.as_ref());
        map.text("environment", self.environment.as_ref());
        map.text("url", self.url.as_ref());
        if !matches!(self.data, Value::Unknown(Missing::Absent)) {
            map.put("data", value(&self.data, span));
        }
        map.finish()
    }

    fn about(&self, node: &Node) -> Subject {
        about(&self.about, self.commit.is_some(), node)
    }

    fn keep(&self, gather: &mut Gather) {
        gather.evidence(self.clone());
    }
}

impl Told for Statement {
    const NAME: &'static str = "rule";

    fn named(&self) -> &str {
        &self.rule
    }

    fn by(&self) -> Option<&str> {
        Some(&self.by)
    }

    fn written(&self, span: Span) -> Node {
        let mut map = Writing::new(span);
        map.text("rule", Some(&self.rule));
        map.text("key", self.key.as_ref());
        map.text("by", Some(&self.by));
        map.text("role", self.role.as_ref());
        map.instant("at", self.at);
        map.text("stage", self.stage.as_ref());
        map.text("commit", self.about.commit());
        map.instant("expires", self.expires);
        let said = self.decision.name(self.kind);
        map.put("decision", scalar(said, Style::Quoted));
        map.text("url", self.url.as_ref());
        if !self.fields.is_empty() {
            let mut fields = Writing::new(span);
            for (key, text) in &self.fields {
                fields.text(key, Some(text));
            }
            let fields = fields.finish();
            map.put("fields", fields.kind);
        }
        map.finish()
    }

    fn about(&self, node: &Node) -> Subject {
        about(&self.about, self.about.commit().is_some(), node)
    }

    fn keep(&self, gather: &mut Gather) {
        gather.statement(self.clone());
    }
}

impl Told for Record {
    const NAME: &'static str = "stage";

    fn named(&self) -> &str {
        &self.stage
    }

    fn by(&self) -> Option<&str> {
        None
    }

    fn written(&self, span: Span) -> Node {
        let mut map = Writing::new(span);
        map.text("stage", Some(&self.stage));
        map.put("verdict", scalar(self.answer.name(), Style::Quoted));
        map.instant("at", self.at);
        map.text("policy", self.policy.as_ref());
        let mut subject = Writing::new(span);
        let names = ["service", "version", "commit", "environment"];
        for (name, field) in names.iter().zip(self.about.fields()) {
            subject.text(name, field.as_ref());
        }
        let subject = subject.finish();
        map.put("subject", subject.kind);
        map.finish()
    }

    fn about(&self, _: &Node) -> Subject {
        Subject::default()
    }

    fn keep(&self, gather: &mut Gather) {
        gather.record(self.clone());
    }
}

/// What a fact is about, unless the commit that it names is taken away.
fn about(about: &Subject, names_commit: bool, node: &Node) -> Subject {
    if !names_commit || node.get("commit").is_some() {
        return about.clone();
    }
    let [service, version, _, environment] = about.fields().clone();
    Subject::of([service, version, None, environment])
}

/// A map that is being written.
struct Writing {
    span: Span,
    entries: Vec<Entry>,
}

impl Writing {
    fn new(span: Span) -> Self {
        let entries = Vec::new();
        Self { span, entries }
    }

    fn put(&mut self, key: &str, kind: Kind) {
        let mut written = entry(key, "", self.span);
        written.value.kind = kind;
        self.entries.push(written);
    }

    fn text(&mut self, key: &str, text: Option<&Arc<str>>) {
        if let Some(text) = text {
            self.put(key, scalar(text.as_ref(), Style::Quoted));
        }
    }

    fn instant(&mut self, key: &str, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.put(key, scalar(&at, Style::Quoted));
        }
    }

    fn finish(self) -> Node {
        Node {
            span: self.span,
            kind: Kind::Map(self.entries),
        }
    }
}

/// An entry of a map, its value a text.
pub(super) fn entry(key: &str, text: &str, span: Span) -> Entry {
    let key = Scalar {
        text: key.to_owned(),
        style: Style::Quoted,
        map: Places::new(),
    };
    Entry {
        key,
        key_span: span,
        value: Node {
            span,
            kind: scalar(text, Style::Quoted),
        },
    }
}

fn scalar<T: ToString + ?Sized>(text: &T, style: Style) -> Kind {
    Kind::Scalar(Scalar {
        text: text.to_string(),
        style,
        map: Places::new(),
    })
}

/// A value that nothing declares, as it would have been written.
fn value(of: &Value, span: Span) -> Kind {
    let node = |of: &Value| Node {
        span,
        kind: value(of, span),
    };
    match of {
        Value::List(items) => Kind::List(items.iter().map(node).collect()),
        Value::Map(map) => {
            let mut written = Writing::new(span);
            for (key, value) in map.iter() {
                let value = node(value);
                written.put(&key.to_string(), value.kind);
            }
            written.finish().kind
        }
        Value::Bool(value) => scalar(value, Style::Plain),
        Value::Int(value) => scalar(value, Style::Plain),
        // As Rust tells doubles apart: it reads back as the same one, and as no whole number.
        Value::Double(value) => scalar(&format!("{value:?}"), Style::Plain),
        Value::String(text) => scalar(text, Style::Quoted),
        Value::Unknown(Missing::NotFinite) => scalar(".nan", Style::Plain),
        _ => scalar("null", Style::Plain),
    }
}
