//! The way from a tree to a document: asks a map for its keys, collects what is wrong, and knows afterwards which
//! keys nobody asked for. Never stops at the first problem.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::problem::nearest;
use crate::source::tree::{Datum, Entry, Kind, Node, Scalar};
use crate::source::{Code, Problem, Problems, Source, Span};

/// A text of the policy, with the places of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The decoded text and its map to the file.
    pub scalar: Scalar,
    /// Where it stands.
    pub span: Span,
}

impl Text {
    /// The decoded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.scalar.text
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // A number or a bool where a text is expected is read as its source text.
        json_schema!({"type": ["string", "number", "boolean"]})
    }
}

/// Reads one source, collecting what is wrong with it.
#[derive(Debug)]
pub struct Decoder<'s> {
    /// The source.
    pub source: &'s Source,
    /// What is wrong so far.
    pub problems: Problems,
}

/// A map that is being read.
#[derive(Debug)]
pub struct Fields<'n> {
    entries: &'n [Entry],
    span: Span,
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The value of a key, if it is there; from now on the key is known.
    pub fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries
            .iter()
            .find(|entry| entry.key.text == key)
            .map(|entry| &entry.value)
    }

    /// Where the map stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether it has no keys but these.
    #[must_use]
    pub fn only(&self, keys: &[&str]) -> bool {
        let mut entries = self.entries.iter();
        entries.all(|entry| keys.contains(&entry.key.text.as_str()))
    }

    /// The keys that were asked for.
    #[must_use]
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }
}

impl<'s> Decoder<'s> {
    /// A decoder of a source.
    #[must_use]
    pub fn new(source: &'s Source) -> Self {
        Self {
            source,
            problems: Problems::default(),
        }
    }

    /// Adds a problem.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Adds a problem at a place.
    pub fn at(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.report(
            Problem::new(code, message)
                .help(help)
                .at(self.source, span, label),
        );
    }

    /// A map, called `what` in messages.
    pub fn fields<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        match &node.kind {
            Kind::Map(entries) => Some(Fields {
                entries,
                span: node.span,
                what,
                asked: Vec::new(),
            }),
            Kind::Scalar(_) | Kind::List(_) => {
                self.wrong_kind(node, what, "a map");
                None
            }
        }
    }

    /// The entries of a map whose keys are names of the author's own.
    pub fn named<'n>(&mut self, node: &'n Node, what: &'static str) -> Vec<(Text, &'n Node)> {
        let mut named = self.entries(node, what);
        named.retain(|(name, _)| !name.as_str().starts_with("x-"));
        named
    }

    /// The same where each key names something that there is, and none is free.
    pub fn entries<'n>(&mut self, node: &'n Node, what: &'static str) -> Vec<(Text, &'n Node)> {
        match &node.kind {
            Kind::Map(entries) => entries
                .iter()
                .map(|entry| {
                    let (scalar, span) = (entry.key.clone(), entry.key_span);
                    (Text { scalar, span }, &entry.value)
                })
                .collect(),
            Kind::Scalar(_) | Kind::List(_) => {
                self.wrong_kind(node, what, "a map");
                Vec::new()
            }
        }
    }

    /// The items of a list.
    pub fn items<'n>(&mut self, node: &'n Node, what: &'static str) -> &'n [Node] {
        match &node.kind {
            Kind::List(items) => items,
            Kind::Scalar(_) | Kind::Map(_) => {
                self.wrong_kind(node, what, "a list");
                &[]
            }
        }
    }

    /// A text.
    pub fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        match node.scalar() {
            Some(scalar) if scalar.datum() != Datum::Null => Some(Text {
                scalar: scalar.clone(),
                span: node.span,
            }),
            _ => {
                self.wrong_kind(node, what, "a text");
                None
            }
        }
    }

    /// The text of a key, if it is there.
    pub fn optional(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Text> {
        let node = fields.get(key)?;
        self.text(node, key)
    }

    /// The text of a key that must be there.
    pub fn required(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Text> {
        if let Some(node) = fields.get(key) {
            return self.text(node, key);
        }
        self.missing(fields, key, &format!("{key}: …"));
        None
    }

    /// Says that a key that must be there is not.
    pub fn missing(&mut self, fields: &Fields<'_>, key: &str, line: &str) {
        let what = fields.what;
        // Not all of a map that goes over many lines: its first key.
        let lines = self
            .source
            .text()
            .get(fields.span.start..fields.span.end)
            .is_some_and(|text| text.contains('\n'));
        let span = fields
            .entries
            .first()
            .filter(|_| lines)
            .map_or(fields.span, |entry| entry.key_span);
        let label = if lines {
            "begins here, without it"
        } else {
            "not here"
        };
        self.at(
            Code::MissingKey,
            span,
            format!("{what} without `{key}`"),
            label,
            format!("add `{line}`"),
        );
    }

    /// The bool of a key, if it is there.
    pub fn boolean(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<bool> {
        let node = fields.get(key)?;
        if let Some(Datum::Bool(value)) = node.scalar().map(Scalar::datum) {
            return Some(value);
        }
        self.wrong_kind(node, key, "true or false");
        None
    }

    /// One text or a list of them.
    pub fn texts(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Vec<Text>> {
        let node = fields.get(key)?;
        Some(self.texts_of(node, key))
    }

    /// The same of a node.
    pub fn texts_of(&mut self, node: &Node, what: &str) -> Vec<Text> {
        match &node.kind {
            Kind::List(items) => items
                .iter()
                .filter_map(|item| self.text(item, what))
                .collect(),
            Kind::Scalar(_) | Kind::Map(_) => self.text(node, what).into_iter().collect(),
        }
    }

    /// Says that a list has nothing in it, if it has not.
    pub fn not_empty(&mut self, node: &Node, what: &str) {
        let empty = match &node.kind {
            Kind::List(items) => items.is_empty(),
            Kind::Map(entries) => entries.is_empty(),
            Kind::Scalar(_) => false,
        };
        if empty {
            let message = format!("`{what}` lists nothing");
            let help = "list at least one, or remove it";
            self.at(Code::BadValue, node.span, message, "empty", help);
        }
    }

    /// Reports every key nobody asked for.
    pub fn finish(&mut self, fields: &Fields<'_>) {
        let mut expression = None;
        for entry in fields.entries {
            let key = entry.key.text.as_str();
            if key.starts_with("x-") {
                continue;
            }
            if fields.asked.contains(&key) {
                expression = matches!(key, "expr" | "when" | "where").then_some(entry);
            } else if let Some(cut) = expression.filter(|_| entry.value.is_null()) {
                self.unquoted(cut, entry);
            } else {
                let what = fields.what;
                let known = fields.asked.iter().copied();
                let help = nearest(key, known).map_or_else(
                    || format!("the keys of {what} are {}", fields.asked.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.at(
                    Code::UnknownKey,
                    entry.key_span,
                    format!("{what} has no `{key}`"),
                    "unknown key",
                    help,
                );
            }
        }
    }

    /// An expression that a flow map cut at a comma: the pieces behind it became keys without a value.
    fn unquoted(&mut self, cut: &Entry, stray: &Entry) {
        // One report for all the pieces of one expression.
        let already = self.problems.list().last().is_some_and(|problem| {
            problem.code == Code::UnquotedExpression
                && problem
                    .labels
                    .first()
                    .is_some_and(|label| label.span.start == cut.value.span.start)
        });
        if already {
            return;
        }
        let text = self.source.text();
        let line_end = text
            .get(stray.key_span.end..)
            .and_then(|rest| rest.find('\n'))
            .unwrap_or(usize::MAX);
        let line_end = stray.key_span.end.saturating_add(line_end).min(text.len());
        let rest = text.get(cut.value.span.start..line_end).unwrap_or_default();
        let whole = expression_of(rest);
        let key = &cut.key.text;
        self.at(
            Code::UnquotedExpression,
            Span::new(
                cut.value.span.start,
                cut.value.span.start.saturating_add(whole.len()),
            ),
            format!("the expression of `{key}` is cut at a comma"),
            "YAML ends a value at a comma inside `{…}`",
            format!(
                "quote it: `{key}: '{}'`, or write the rule as a block",
                whole.replace('\'', "''")
            ),
        );
    }

    /// Says what stands where something else is expected.
    pub fn wrong_kind(&mut self, node: &Node, what: &str, expected: &str) {
        // A key stands in backticks; `a rule` is no word of the author's.
        let mark = if what.contains([' ', '`']) { "" } else { "`" };
        let message = format!("{mark}{what}{mark} is {}, not {expected}", node.describe());
        self.at(
            Code::WrongKind,
            node.span,
            message,
            &format!("expected {expected}"),
            format!("write {expected} here"),
        );
    }
}

/// The expression a line was meant to hold: up to the comma or brace behind which a new key or the end begins, with
/// all its brackets closed.
fn expression_of(line: &str) -> &str {
    let mut depth = 0_usize;
    for (at, char) in line.char_indices() {
        match char {
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' | ']' | '}' if depth > 0 => depth = depth.saturating_sub(1),
            '}' => return line.get(..at).unwrap_or(line).trim_end(),
            ',' if depth == 0 => return line.get(..at).unwrap_or(line).trim_end(),
            _ => {}
        }
    }
    line.trim_end()
}
