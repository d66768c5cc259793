//! A test with the values of one row put into its holes. Never whether there is a value for each: that has been told.

use std::collections::{BTreeMap, BTreeSet};

use super::hole::{Filled, Piece, pieces};
use crate::policy::decode::Text;
use crate::source::tree::{Entry, Kind, Node, Scalar};
use crate::source::{Code, Problem, Source, Span};

/// The longest part of a value that stands in the name of a test.
const SHOWN: usize = 40;

/// Puts values into holes.
pub(super) struct Fill<'s> {
    source: &'s Source,
    row: &'s BTreeMap<&'s str, &'s Node>,
    /// What is wrong so far.
    pub(super) problems: Vec<Problem>,
    /// How many values, and bytes of filled texts, have been made.
    pub(super) made: usize,
}

impl<'s> Fill<'s> {
    pub(super) fn new(source: &'s Source, row: &'s BTreeMap<&'s str, &'s Node>) -> Self {
        Self {
            source,
            row,
            problems: Vec::new(),
            made: 0,
        }
    }

    /// The same with the values.
    pub(super) fn node(&mut self, node: &Node) -> Node {
        self.make(1);
        let kind = match &node.kind {
            Kind::Scalar(scalar) => return self.scalar(scalar, node.span),
            Kind::List(items) => Kind::List(items.iter().map(|item| self.node(item)).collect()),
            Kind::Map(entries) => Kind::Map(self.map(entries)),
        };
        Node {
            span: node.span,
            kind,
        }
    }

    fn make(&mut self, values: usize) {
        self.made = self.made.saturating_add(values);
    }

    fn map(&mut self, entries: &[Entry]) -> Vec<Entry> {
        let mut known = BTreeSet::new();
        let mut filled = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.text(&entry.key, entry.key_span);
            let value = self.node(&entry.value);
            if known.insert(key.text.clone()) {
                filled.push(Entry {
                    key,
                    key_span: entry.key_span,
                    value,
                });
                continue;
            }
            let message = format!("`{}` is here twice", key.text);
            let problem = Problem::new(Code::DuplicateKey, message)
                .help("two keys take the same value from the matrix: keep one")
                .at(self.source, entry.key_span, "the second one");
            self.problems.push(problem);
        }
        filled
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span) -> Node {
        if !scalar.text.contains("${") {
            return Node {
                span,
                kind: Kind::Scalar(scalar.clone()),
            };
        }
        // A hole alone takes the value as it is: a number stays one, a list a list.
        if let [Piece::Hole(_, name)] = pieces(&scalar.text).as_slice()
            && let Some(value) = self.row.get(name).copied()
        {
            return self.whole(value, span);
        }
        Node {
            span,
            kind: Kind::Scalar(self.text(scalar, span)),
        }
    }

    /// A value in place of what stands at a place.
    fn whole(&mut self, value: &Node, span: Span) -> Node {
        let kind = match &value.kind {
            Kind::Scalar(scalar) => {
                let mut filled = Filled::default();
                filled.put(&scalar.text, span);
                self.make(scalar.text.len());
                Kind::Scalar(filled.finish(scalar.style, span.start))
            }
            kind @ (Kind::List(_) | Kind::Map(_)) => {
                self.make(size(value));
                kind.clone()
            }
        };
        Node { span, kind }
    }

    /// A text with the values in it.
    fn text(&mut self, scalar: &Scalar, span: Span) -> Scalar {
        if !scalar.text.contains("${") {
            return scalar.clone();
        }
        let mut filled = Filled::default();
        for piece in pieces(&scalar.text) {
            match piece {
                Piece::Text(range) | Piece::Open(range) => filled.copy(scalar, range),
                Piece::Escaped(range) => {
                    filled.copy(scalar, range.start.saturating_add(1)..range.end);
                }
                Piece::Hole(range, name) => {
                    let place = scalar.locate(range.start, range.end);
                    match self.row.get(name).map(|value| (value.span, value.scalar())) {
                        Some((_, Some(value))) => {
                            self.make(value.text.len());
                            filled.put(&value.text, place);
                        }
                        Some((at, None)) => self.no_text(name, place, at),
                        None => {}
                    }
                }
            }
        }
        filled.finish(scalar.style, span.start)
    }

    /// A list or a map inside of a text.
    fn no_text(&mut self, name: &str, place: Span, value: Span) {
        let message = format!("`${{{name}}}` stands in a text, and its value is none");
        let problem = Problem::new(Code::BadMatrix, message)
            .help("write one value, or let it stand alone")
            .at(self.source, value, "expected one value")
            .at(self.source, place, "in this text");
        self.problems.push(problem);
    }
}

/// How many values a tree has.
fn size(node: &Node) -> usize {
    let parts = match &node.kind {
        Kind::Scalar(scalar) => scalar.text.len(),
        Kind::List(items) => items
            .iter()
            .fold(0, |sum: usize, item| sum.saturating_add(size(item))),
        Kind::Map(entries) => entries.iter().fold(0, |sum: usize, entry| {
            sum.saturating_add(entry.key.text.len())
                .saturating_add(size(&entry.value))
        }),
    };
    parts.saturating_add(1)
}

/// The values of a row on one line: `rate=0.05, verdict=rollback`.
pub(super) fn values(row: &[(Text, &Node)]) -> String {
    let each = row.iter();
    let each: Vec<String> = each
        .map(|(name, value)| format!("{}={}", clipped(name.as_str()), clipped(&flow(value))))
        .collect();
    each.join(", ")
}

/// A value as it would stand in brackets.
fn flow(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar(scalar) => scalar.text.clone(),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}: {}", entry.key.text, flow(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// The start of a text, on one line.
fn clipped(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
