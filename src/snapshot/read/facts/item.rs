//! One fact as it is written: its keys by kind, each mistake at its place. Never which keys there are.

use std::sync::Arc;

use jiff::Timestamp;

use crate::snapshot::Place;
use crate::snapshot::convert::timestamp;
use crate::snapshot::read::parts::Parts;
use crate::source::hidden::blank;
use crate::source::problem::nearest;
use crate::source::tree::{Datum, Entry, Node, Scalar};
use crate::source::{Code, Problem, Span};

/// A fact that is read.
pub(super) struct Item<'p, 'a, 'b> {
    pub(super) parts: &'p mut Parts<'a, 'b>,
    /// What it is, in a word or two.
    what: &'static str,
    pub(super) node: &'p Node,
    pub(super) entries: &'p [Entry],
    pub(super) place: Place,
    /// Whether nothing is wrong with it so far.
    sound: bool,
}

/// A text, or a scalar that may be read as one: in YAML any, in JSON none.
pub(super) fn text(node: &Node, yaml: bool) -> Option<&str> {
    let scalar = node.scalar()?;
    match scalar.datum() {
        Datum::Text(text) => Some(text),
        Datum::Null => None,
        Datum::Bool(_) | Datum::Int(_) | Datum::Double(_) => yaml.then_some(scalar.text.as_str()),
    }
}

impl<'p, 'a, 'b> Item<'p, 'a, 'b> {
    pub(super) fn new(
        parts: &'p mut Parts<'a, 'b>,
        what: &'static str,
        node: &'p Node,
        entries: &'p [Entry],
    ) -> Self {
        Self {
            place: parts.place(node),
            parts,
            what,
            node,
            entries,
            sound: true,
        }
    }

    /// Tells of every key that is none of these.
    pub(super) fn keys(&mut self, known: &[&str]) {
        for entry in self.entries {
            let key = entry.key.text.as_str();
            if !known.contains(&key) && !key.starts_with("x-") {
                self.parts.unknown_key(entry, self.what, known);
                self.sound = false;
            }
        }
    }

    /// What was read, if nothing was wrong with it.
    pub(super) fn sound<T>(&self, read: Option<T>) -> Option<T> {
        read.filter(|_| self.sound)
    }

    /// Whether nothing is wrong with it so far.
    pub(super) fn is_sound(&self) -> bool {
        self.sound
    }

    /// The value of a key, where it is neither absent nor null.
    pub(super) fn get(&self, key: &str) -> Option<&'p Node> {
        self.node.get(key).filter(|node| !node.is_null())
    }

    /// The text of a key.
    pub(super) fn text(&mut self, key: &str) -> Option<Arc<str>> {
        let node = self.get(key)?;
        self.text_of(node, key)
    }

    fn text_of(&mut self, node: &Node, key: &str) -> Option<Arc<str>> {
        let text = text(node, self.parts.conversion.yaml);
        if text.is_none() {
            self.wrong(node, key, "a text");
        }
        text.map(Arc::from)
    }

    /// The text of a key that must be there and say something.
    pub(super) fn name(&mut self, key: &'static str, help: &str) -> Option<Arc<str>> {
        let node = self.required(key, help)?;
        let text = self.text_of(node, key)?;
        if blank(&text) {
            let problem = Problem::new(Code::BadValue, format!("`{key}` is empty")).help(help);
            self.tell(node.span, problem, "nothing in it");
            return None;
        }
        Some(text)
    }

    /// A key of an item: a text, or any other single value as it is written.
    pub(super) fn key(&mut self, key: &str) -> Option<Arc<str>> {
        let node = self.get(key)?;
        let scalar = node.scalar();
        if scalar.is_none() {
            self.wrong(node, key, "a single value");
        }
        scalar.map(|scalar| Arc::from(scalar.text.as_str()))
    }

    /// The whole number of a key.
    pub(super) fn int(&mut self, key: &str) -> Option<i64> {
        let node = self.get(key)?;
        match node.scalar().map(Scalar::datum) {
            Some(Datum::Int(number)) => Some(number),
            _ => {
                self.wrong(node, key, "a whole number");
                None
            }
        }
    }

    /// The instant of a key.
    pub(super) fn instant(&mut self, key: &str) -> Option<Timestamp> {
        let node = self.get(key)?;
        let at = node.scalar().and_then(|scalar| timestamp(&scalar.text));
        if at.is_none() {
            let written = node.scalar().map_or_else(
                || node.describe().to_owned(),
                |scalar| format!("`{}`", scalar.text),
            );
            let message = format!("`{key}` is {written}, not an instant");
            let problem = Problem::new(Code::BadValue, message)
                .help("write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z");
            self.tell(node.span, problem, "expected an instant");
        }
        at
    }

    /// The instant of a key from which on the fact counts; a sound one that has none never counts, which is said.
    pub(super) fn at(&mut self, key: &str, name: impl FnOnce() -> String) -> Option<Timestamp> {
        if self.sound && self.get(key).is_none() {
            let message = format!("{} has no `{key}`, and never counts", name());
            let problem = Problem::new(Code::MissingTime, message)
                .warning()
                .help(format!(
                    "say when it was: \"{key}\": \"2025-10-16T10:05:00Z\""
                ))
                .at(
                    self.parts.conversion.source,
                    self.node.span,
                    format!("no `{key}` here"),
                );
            self.parts.conversion.problems.push_once(problem);
        }
        self.instant(key)
    }

    /// Tells of a document that is not of version 1: what its keys mean nobody knows here.
    pub(super) fn version(&mut self) {
        let Some(node) = self.node.get("gonogo") else {
            return;
        };
        if node.scalar().map(Scalar::datum) != Some(Datum::Int(1)) {
            let problem = Problem::new(Code::BadVersion, format!("{} of another version", self.what))
                .help("judge the stage again with this version of gonogo, or read the record with the one that wrote it");
            self.tell(node.span, problem, "expected 1");
        }
    }

    /// What a key says of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let node = self.get(key)?;
        let written = self.text_of(node, key)?;
        let known = words.iter().find(|(word, _)| *word == written.as_ref());
        if known.is_none() {
            let names = || words.iter().map(|(word, _)| *word);
            let help = nearest(&written, names()).map_or_else(
                || format!("write {}", either(&names().collect::<Vec<_>>())),
                |near| format!("did you mean `{near}`?"),
            );
            let expected = either(&names().collect::<Vec<_>>());
            let message = format!("`{key}` is `{written}`, not {expected}");
            let problem = Problem::new(Code::BadValue, message).help(help);
            self.tell(node.span, problem, format!("expected {expected}"));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &str, help: &str) -> Option<&'p Node> {
        let node = self.get(key);
        if node.is_none() {
            let message = format!("{} without `{key}`", self.what);
            let problem = Problem::new(Code::MissingKey, message).help(help);
            let null = self.node.get(key);
            let span = null.map_or(self.node.span, |null| null.span);
            self.tell(span, problem, format!("no `{key}` here"));
        }
        node
    }

    /// Says that the value of a key is of another kind.
    pub(super) fn wrong(&mut self, node: &Node, key: &str, expected: &str) {
        self.parts.kind(node, key, expected);
        self.sound = false;
    }

    pub(super) fn tell(&mut self, span: Span, problem: Problem, label: impl Into<String>) {
        let problem = problem.at(self.parts.conversion.source, span, label);
        self.parts.conversion.problems.push(problem);
        self.sound = false;
    }
}

/// `a, b or c`.
fn either(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
