//! A node of a document to a value of a declared type: what does not fit becomes unknown at that place alone, with a
//! warning. Never guesses: a number in quotes is a text.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::layout::Input;
use crate::expr::duration::parse_duration;
use crate::expr::shortened;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::source::tree::{Datum, Kind, Node};
use crate::source::{Code, Problem, Problems, Source};

/// Reads the values of one document.
pub struct Conversion<'a> {
    /// The document.
    pub source: &'a Source,
    /// Whether it is YAML, where a plain scalar is a text if a text is expected (`version: 1.10`).
    pub yaml: bool,
    /// What does not fit.
    pub problems: &'a mut Problems,
}

impl Conversion<'_> {
    /// The value of `node` as `input` declares it. `name` is what a warning calls it.
    pub fn value(&mut self, node: &Node, input: &Input, name: &str) -> Value {
        self.part(node, input, &input.ty, name)
    }

    /// The value of `node` as a part of `input` of this type; `name` is what a warning calls that part.
    pub fn part(&mut self, node: &Node, input: &Input, ty: &Type, name: &str) -> Value {
        Leaf {
            conversion: self,
            input,
        }
        .of(node, ty, &Name::Whole(name))
    }

    /// A text, or a scalar that may be read as one.
    #[must_use]
    pub fn text<'n>(&self, node: &'n Node) -> Option<&'n str> {
        let scalar = node.scalar()?;
        match scalar.datum() {
            Datum::Text(text) => Some(text),
            Datum::Null => None,
            Datum::Bool(_) | Datum::Int(_) | Datum::Double(_) => {
                self.yaml.then_some(scalar.text.as_str())
            }
        }
    }

    /// Says that `name` is not what was expected.
    pub fn wrong(
        &mut self,
        node: &Node,
        expected: &str,
        name: impl fmt::Display,
        help: &str,
    ) -> Value {
        let problem = Problem::new(
            Code::WrongType,
            format!("`{name}` is {}, not {expected}", node.describe()),
        )
        .help(format!("it counts as unknown; {help}"));
        self.warn(node, problem, format!("expected {expected}"));
        Value::Unknown(Missing::WrongType)
    }

    fn warn(&mut self, node: &Node, problem: Problem, label: impl Into<String>) {
        self.problems
            .push(problem.warning().at(self.source, node.span, label));
    }
}

/// An instant with its offset, as RFC 3339 writes it.
#[must_use]
pub fn timestamp(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

/// A share of traffic: `5%`, or a number from 0 to 1.
#[must_use]
pub fn ratio(node: &Node) -> Option<f64> {
    let scalar = node.scalar()?;
    let number = match scalar.datum() {
        Datum::Double(number) => number,
        Datum::Int(number) => f64::from(i32::try_from(number).ok()?),
        Datum::Text(text) => return percent(text),
        Datum::Null | Datum::Bool(_) => return None,
    };
    share(number)
}

/// `5%` as a share.
pub(super) fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    share(number.parse::<f64>().ok()? / 100.0)
}

/// A number that is a share.
pub(super) fn share(number: f64) -> Option<f64> {
    (0.0..=1.0).contains(&number).then_some(number)
}

/// Whether an input declares no range, or one with this number.
#[must_use]
pub fn in_range(input: &Input, number: f64) -> bool {
    input
        .range
        .is_none_or(|(least, greatest)| (least..=greatest).contains(&number))
}

/// Whether an input lists no texts, or this one among them.
pub(super) fn lists(input: &Input, text: &str) -> bool {
    let lists = |values: &Arc<[Arc<str>]>| values.iter().any(|value| value.as_ref() == text);
    input.values.as_ref().is_none_or(lists)
}

/// What a part of an input is called: written out only where something is said of it, and then without the end of a very
/// long key.
enum Name<'n> {
    Whole(&'n str),
    Item(&'n Name<'n>, usize),
    Entry(&'n Name<'n>, &'n str),
    Field(&'n Name<'n>, &'n str),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;
        match self {
            Self::Whole(name) => f.write_str(name),
            Self::Item(of, index) => write!(f, "{of}[{index}]"),
            Self::Entry(of, key) => write!(f, "{of}[{:?}]", shortened(key, LONGEST)),
            Self::Field(of, field) => write!(f, "{of}.{field}"),
        }
    }
}

/// The values of one input, down to its leaves.
struct Leaf<'a, 'b> {
    conversion: &'a mut Conversion<'b>,
    input: &'a Input,
}

impl Leaf<'_, '_> {
    fn of(&mut self, node: &Node, ty: &Type, name: &Name<'_>) -> Value {
        if node.is_null() {
            return Value::Unknown(Missing::Null);
        }
        match (ty, &node.kind) {
            (Type::List(item), Kind::List(items)) => {
                let values: Vec<Value> = items
                    .iter()
                    .enumerate()
                    .map(|(index, node)| self.of(node, item, &Name::Item(name, index)))
                    .collect();
                Value::List(Arc::from(values))
            }
            (Type::Map(_, value), Kind::Map(entries)) => {
                let entries = entries.iter().map(|entry| {
                    let key = entry.key.text.as_str();
                    (
                        Key::String(Arc::from(key)),
                        self.of(&entry.value, value, &Name::Entry(name, key)),
                    )
                });
                Value::Map(Arc::new(Map::new(entries.collect())))
            }
            (Type::Struct(fields), Kind::Map(_)) => {
                let mut entries = Vec::with_capacity(fields.len());
                for field in fields.iter() {
                    let value = match node.get(&field.name) {
                        Some(node) => self.of(node, &field.ty, &Name::Field(name, &field.name)),
                        None => continue,
                    };
                    entries.push((Key::String(Arc::clone(&field.name)), value));
                }
                Value::Map(Arc::new(Map::new(entries)))
            }
            (_, Kind::Scalar(scalar)) => self.scalar(node, scalar.datum(), ty, name),
            _ => self.wrong(node, ty, name),
        }
    }

    fn scalar(&mut self, node: &Node, datum: Datum<'_>, ty: &Type, name: &Name<'_>) -> Value {
        match (ty, datum) {
            (Type::Bool, Datum::Bool(value)) => Value::Bool(value),
            (Type::Int, Datum::Int(value)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "only compared with the declared range"
                )]
                let number = value as f64;
                self.in_range(node, number, name)
                    .map_or_else(Value::Unknown, |_| Value::Int(value))
            }
            // What is no number is told as that, whichever number is declared.
            (Type::Int, Datum::Double(number))
                if whole(number).is_some() || !number.is_finite() =>
            {
                let value = whole(number).map_or(Value::Unknown(Missing::WrongType), Value::Int);
                self.in_range(node, number, name)
                    .map_or_else(Value::Unknown, |_| value)
            }
            (Type::Double, Datum::Int(value)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a whole number is accepted where a double is declared"
                )]
                let number = value as f64;
                self.in_range(node, number, name)
                    .map_or_else(Value::Unknown, Value::Double)
            }
            (Type::Double, Datum::Double(number)) => self
                .in_range(node, number, name)
                .map_or_else(Value::Unknown, Value::Double),
            (Type::String, _) => match self.conversion.text(node) {
                Some(text) => self.listed(node, text, name),
                None => self.wrong(node, ty, name),
            },
            (Type::Timestamp, Datum::Text(text)) => match timestamp(text) {
                Some(at) => Value::Timestamp(at.into()),
                None => self.wrong(node, ty, name),
            },
            (Type::Duration, Datum::Text(text)) => match parse_duration(text) {
                Ok(duration) => Value::Duration(duration),
                Err(_) => self.wrong(node, ty, name),
            },
            _ => self.wrong(node, ty, name),
        }
    }

    fn in_range(&mut self, node: &Node, number: f64, name: &Name<'_>) -> Result<f64, Missing> {
        if !number.is_finite() {
            let problem = Problem::new(Code::NotFinite, format!("`{name}` is not a finite number"))
                .help("leave the value out or write null: it counts as unknown either way");
            self.conversion.warn(node, problem, "not a finite number");
            return Err(Missing::NotFinite);
        }
        match self.input.range {
            Some((least, greatest)) if !in_range(self.input, number) => {
                let problem = Problem::new(
                    Code::OutOfRange,
                    format!("`{name}` is {number}, outside {least} to {greatest}"),
                )
                .help(
                    "it counts as unknown; correct the value, or the input's `range` in the policy",
                );
                self.conversion.warn(node, problem, "out of range");
                Err(Missing::OutOfRange)
            }
            _ => Ok(number),
        }
    }

    fn listed(&mut self, node: &Node, text: &str, name: &Name<'_>) -> Value {
        match &self.input.values {
            Some(values) if !lists(self.input, text) => {
                let listed: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
                let problem = Problem::new(
                    Code::OutOfRange,
                    format!("`{name}` is `{text}`, which its input does not list"),
                )
                .help(format!(
                    "it counts as unknown; the values are {}",
                    listed.join(", ")
                ));
                self.conversion.warn(node, problem, "not one of its values");
                Value::Unknown(Missing::OutOfRange)
            }
            _ => Value::String(Arc::from(text)),
        }
    }

    fn wrong(&mut self, node: &Node, ty: &Type, name: &Name<'_>) -> Value {
        let help = "correct the value, or the input's `type` in the policy";
        self.conversion.wrong(node, &article(ty), name, help)
    }
}

/// The whole number a double is, if it is one that 64 bits hold exactly.
#[must_use]
pub fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and within 2^53"
    )]
    let value = number as i64;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(value)
}

fn article(ty: &Type) -> String {
    match ty {
        Type::Int => "a whole number".to_owned(),
        Type::Double => "a number".to_owned(),
        Type::String => "a text".to_owned(),
        Type::Timestamp => "an instant such as 2025-10-16T10:05:00Z".to_owned(),
        Type::Duration => "a duration such as 90s".to_owned(),
        Type::List(_) => format!("a list (`{ty}`)"),
        Type::Map(..) | Type::Struct(_) => format!("a map (`{ty}`)"),
        _ => format!("a {ty}"),
    }
}
