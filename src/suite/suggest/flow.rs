//! One line of YAML: lists and maps in brackets, texts quoted where YAML asks for it, numbers that read back as the same
//! ones. It knows no test.

use std::fmt::{self, Write};

use crate::expr::duration::format_duration;
use crate::expr::value::Value;
use crate::source::hidden::hides;
use crate::source::tree::{Datum, Kind, Node};

/// A value that is written in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// A number, a bool, null, an instant: as it stands.
    Plain(String),
    /// A text: quoted where it must be.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// A map, in the order written.
    Map(Vec<(String, Self)>),
}

impl Flow {
    pub(super) fn plain(value: impl Into<String>) -> Self {
        Self::Plain(value.into())
    }

    pub(super) fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    pub(super) fn null() -> Self {
        Self::plain("null")
    }

    /// A map of one key.
    pub(super) fn one(key: impl Into<String>, value: Self) -> Self {
        Self::Map(vec![(key.into(), value)])
    }

    /// What was written, in one line.
    pub(super) fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::Scalar(scalar) => match scalar.datum() {
                Datum::Text(text) => Self::text(text),
                Datum::Null => Self::null(),
                _ => Self::plain(&scalar.text),
            },
            Kind::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Map(entries) => Self::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), Self::of(&entry.value)))
                    .collect(),
            ),
        }
    }

    /// A value as a snapshot gives it; none for what no snapshot can give.
    pub(super) fn value(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null | Value::Unknown(_) => Self::null(),
            Value::Bool(value) => Self::plain(value.to_string()),
            Value::Int(value) => Self::plain(value.to_string()),
            Value::Uint(value) => Self::plain(value.to_string()),
            Value::Double(value) => Self::plain(number(*value)?),
            Value::String(value) => Self::text(value.as_ref()),
            Value::Timestamp(at) => Self::plain(at.timestamp()?.to_string()),
            Value::Duration(value) => Self::plain(format_duration(*value)),
            Value::List(items) => {
                let items: Option<Vec<Self>> = items.iter().map(Self::value).collect();
                Self::List(items?)
            }
            Value::Map(map) => {
                let entries: Option<Vec<(String, Self)>> = map
                    .iter()
                    .map(|(key, value)| Some((key.to_string(), Self::value(value)?)))
                    .collect();
                Self::Map(entries?)
            }
            Value::Bytes(_) | Value::Type(_) | Value::Optional(_) => return None,
        })
    }

    /// Puts a value at the end of a way of keys; maps on the way are made, and what is there is written over.
    pub(super) fn put(&mut self, way: &[String], value: Self) {
        let Some((key, rest)) = way.split_first() else {
            *self = value;
            return;
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(entries) = self else { return };
        if !entries.iter().any(|(have, _)| have == key) {
            entries.push((key.clone(), Self::null()));
        }
        if let Some((_, inner)) = entries.iter_mut().find(|(have, _)| have == key) {
            inner.put(rest, value);
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries
                .iter()
                .find(|(have, _)| have == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes a key out.
    pub(super) fn remove(&mut self, key: &str) {
        if let Self::Map(entries) = self {
            entries.retain(|(have, _)| have != key);
        }
    }
}

/// A number in the fewest digits that read back as the same one; none for what is no number.
pub(super) fn number(number: f64) -> Option<String> {
    number.is_finite().then(|| {
        let plain = format!("{number}");
        // Far from 1 an exponent is shorter.
        let short = format!("{number:e}");
        if plain.len() > 25 { short } else { plain }
    })
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::Text(text) => quoted(f, text),
            Self::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Map(entries) => {
                f.write_char('{')?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    quoted(f, key)?;
                    f.write_str(": ")?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

/// A text, in quotes unless it can mean nothing else without.
fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if is_plain(text) {
        return f.write_str(text);
    }
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() || hides(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                write!(f, "\\U{:08X}", u32::from(c))?;
            }
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

fn is_plain(text: &str) -> bool {
    const MEANT: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let inner =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | '%' | '+');
    let instant = |c: char| c.is_ascii_digit() || matches!(c, 'T' | 'Z' | ':' | '-' | '+' | '.');
    if text.contains('T') && text.chars().all(instant) {
        return text.parse::<jiff::Timestamp>().is_ok();
    }
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(inner)
        && !MEANT.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;
    use crate::source::{Source, yaml};

    fn back(flow: &Flow) -> Flow {
        let source = Source::new("line.yaml", format!("- {flow}\n"));
        let (nodes, problems) = yaml::parse(&source);
        assert!(problems.is_empty(), "{flow}: {problems:?}");
        let Some(Kind::List(items)) = nodes.first().map(|node| &node.kind) else {
            panic!("no list: {flow}");
        };
        items.first().map_or_else(Flow::null, Flow::of)
    }

    #[test]
    fn every_text_reads_back() {
        for text in [
            "",
            " ",
            "a",
            "a b",
            "a ",
            "yes",
            "NO",
            "null",
            "1",
            "1e5",
            "0x10",
            ".5",
            "-",
            "- a",
            "a: b",
            "a #b",
            "{",
            "[x]",
            "a,b",
            "\"",
            "'",
            "\\",
            "a\nb",
            "\t",
            "é",
            "\u{1F600}",
            "\u{200B}",
            "\u{7}",
            "~",
            "&a",
            "*a",
            "!b",
            "%a",
            "@a",
            "`a`",
            "5%",
            "a%",
            "?",
            "a?",
            "| x",
            "> x",
            "2025-10-16T10:05:00Z",
            "\u{85}",
            "\u{2028}",
            "\u{FEFF}a",
            "canary-5",
            "P0",
        ] {
            let flow = Flow::Map(vec![
                (
                    text.to_owned(),
                    Flow::List(vec![Flow::text(text), Flow::text(text)]),
                ),
                ("last".to_owned(), Flow::text(text)),
            ]);
            assert_eq!(back(&flow), flow, "{flow}");
        }
    }

    #[test]
    fn every_number_reads_back_as_the_same_one() {
        for value in [
            0.05,
            0.05_f64.next_down(),
            0.05_f64.next_up(),
            0.0,
            -0.0,
            f64::MIN_POSITIVE,
            5e-324,
            f64::MAX,
            -1e300,
            1e15,
            1e16,
            123_456_789.125,
            f64::EPSILON,
        ] {
            let text = number(value).unwrap_or_default();
            let flow = back(&Flow::plain(text.clone()));
            let Flow::Plain(read) = flow else {
                panic!("{text} is a text");
            };
            assert_eq!(read.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }
        assert_eq!(number(f64::NAN), None);
    }

    #[test]
    fn a_line_is_written_as_people_write_it() {
        let mut flow = Flow::one("name", Flow::text("errors at 5 %"));
        flow.put(
            &["patch", "metrics", "error_rate"].map(str::to_owned),
            Flow::plain("0.05"),
        );
        flow.put(
            &["patch", "metrics", "incidents", "P0"].map(str::to_owned),
            Flow::plain("1"),
        );
        flow.put(
            &["expect", "verdict"].map(str::to_owned),
            Flow::text("no-go"),
        );
        assert_eq!(
            flow.to_string(),
            "{name: errors at 5 %, patch: {metrics: {error_rate: 0.05, incidents: {P0: 1}}}, expect: {verdict: no-go}}"
        );
    }
}
