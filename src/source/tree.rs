//! The tree of a document, YAML and JSON alike: texts, lists and maps, each with its place.
//!
//! A scalar keeps its source text and its style, and is resolved only when somebody asks for a number or a bool: so
//! `commit: 0123456` stays what was written. The tree never knows which keys are meant to be there.

pub(super) mod build;
mod flow;
pub(super) mod written;

use smallvec::SmallVec;

use super::Span;

/// How deep lists and maps may be nested in one document.
pub const MAX_DEPTH: usize = 64;

/// One value of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands in the source, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A single value: a text, a number, a bool, null.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written; a duplicate key has been reported and left out.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Scalar,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// A single value as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The decoded text: quotes removed, escapes resolved, folds applied.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// Where each part of the decoded text stands in the source: `(offset in text, offset in source)`, both ascending,
    /// beginning with offset 0 of the text. Between two entries both advance together.
    pub map: Places,
}

/// Where the parts of a decoded text stand. Nearly every text is one part: that takes no memory of its own.
pub type Places = SmallVec<[(usize, usize); 1]>;

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style that can be a number, a bool or null.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block, `|` or `>`.
    Block,
}

/// A scalar resolved by the YAML 1.2 core schema (for JSON: by JSON's own rules, which agree).
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'a> {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i64),
    /// Any other number; may be infinite or not a number.
    Double(f64),
    /// Everything else, and whatever is quoted.
    Text(&'a str),
}

impl Node {
    /// The scalar, if it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Map(entries) => entries
                .iter()
                .find(|entry| entry.key.text == key)
                .map(|entry| &entry.value),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }

    /// Where the first key stands, if this is a map that has one: for what is to be said of a map of many lines.
    #[must_use]
    pub fn first_key(&self) -> Option<Span> {
        match &self.kind {
            Kind::Map(entries) => entries.first().map(|entry| entry.key_span),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }

    /// Whether it is an explicit or empty null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.scalar()
            .is_some_and(|scalar| scalar.datum() == Datum::Null)
    }

    /// What it is, in the words of a person who writes YAML.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Scalar(scalar) => match scalar.datum() {
                Datum::Null => "nothing",
                Datum::Bool(_) => "a bool",
                Datum::Int(_) => "a whole number",
                Datum::Double(_) => "a number",
                Datum::Text(_) => "a text",
            },
        }
    }
}

impl Scalar {
    /// What the text means by the core schema.
    #[must_use]
    pub fn datum(&self) -> Datum<'_> {
        if self.style != Style::Plain {
            return Datum::Text(&self.text);
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Datum::Null,
            "true" | "True" | "TRUE" => Datum::Bool(true),
            "false" | "False" | "FALSE" => Datum::Bool(false),
            ".nan" | ".NaN" | ".NAN" => Datum::Double(f64::NAN),
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Datum::Double(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Datum::Double(f64::NEG_INFINITY),
            text => number(text).unwrap_or(Datum::Text(text)),
        }
    }

    /// Where the part `start..end` of the decoded text stands in the source.
    #[must_use]
    pub fn locate(&self, start: usize, end: usize) -> Span {
        let from = self.offset(start);
        // The end is the place after the last byte covered, so that a fold behind it is not underlined.
        let to = if end > start {
            self.offset(end.saturating_sub(1)).saturating_add(1)
        } else {
            from
        };
        Span::new(from, to)
    }

    /// Where each part of `start..end` of the decoded text stands, as [`Scalar::map`] says it of a text that is only this part.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Places {
        let mut map = Places::from([(0, self.offset(start))]);
        let inside = self.map.iter();
        let inside = inside.filter(|(text, _)| *text > start && *text < end);
        map.extend(inside.map(|(text, source)| (text.saturating_sub(start), *source)));
        map
    }

    fn offset(&self, at: usize) -> usize {
        let index = self.map.partition_point(|(text, _)| *text <= at);
        let (text, source) = index
            .checked_sub(1)
            .and_then(|i| self.map.get(i))
            .copied()
            .unwrap_or_default();
        source.saturating_add(at.saturating_sub(text))
    }
}

/// The core schema's numbers: `-?[0-9]+`, `0o…`, `0x…`, and decimals with an exponent.
fn number(text: &str) -> Option<Datum<'_>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Datum::Int);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Datum::Int);
    }
    let first = digits.bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.')
        || !digits.bytes().any(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or_else(
            |_| Datum::Double(text.parse().unwrap_or(f64::NAN)),
            Datum::Int,
        ));
    }
    let decimal = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if decimal {
        text.parse().ok().map(Datum::Double)
    } else {
        None
    }
}
