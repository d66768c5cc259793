//! A cell to a value of a declared type. An empty one says nothing, `null` says that nothing is known; what does not fit is
//! told as it is of JSON, at its line and column.

use std::sync::Arc;

use super::columns::{Column, Shape};
use super::place::Text;
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::snapshot::convert::{Conversion, in_range, percent, share, timestamp};
use crate::snapshot::cursor::Cursor;
use crate::snapshot::layout::{Context, Input, Layout};
use crate::snapshot::{Observed, Place};
use crate::source::tree::{Kind, Node, Places, Scalar, Style};

/// A row that is read.
pub(super) struct Row<'r, 'c> {
    pub(super) layout: &'r Layout,
    pub(super) text: &'r Text<'r>,
    pub(super) file: u32,
    pub(super) cursor: Cursor,
    pub(super) conversion: Conversion<'c>,
}

impl Row<'_, '_> {
    /// What a cell says of stage or subject.
    pub(super) fn context(&mut self, index: usize, context: Context) -> Option<Observed> {
        let (text, quoted) = self.cell(index)?;
        let value = match context {
            _ if text == "null" && !quoted => Some(Value::Unknown(Missing::Null)),
            Context::StageTraffic => percent(&text)
                .or_else(|| share(text.trim().parse().ok()?))
                .map(Value::Double),
            Context::StageEntered | Context::SubjectPlannedAt => {
                timestamp(&text).map(|at| Value::Timestamp(at.into()))
            }
            _ => Some(Value::String(Arc::from(text.as_str()))),
        };
        let value = value.unwrap_or_else(|| {
            let expected = if context == Context::StageTraffic {
                "a share such as 5% or 0.05"
            } else {
                "an instant such as 2025-10-16T10:05:00Z"
            };
            let node = self.node(index, text, Style::Quoted);
            self.conversion
                .wrong(&node, expected, context.name(), "correct the value")
        });
        Some(self.observed(self.layout.context(context), value, index))
    }

    /// A field of the subject that an audit needs: what is written.
    pub(super) fn field(&mut self, index: usize, slot: usize) -> Option<Observed> {
        let (text, quoted) = self.cell(index)?;
        let value = if text == "null" && !quoted {
            Value::Unknown(Missing::Null)
        } else {
            Value::String(Arc::from(text.as_str()))
        };
        Some(self.observed(slot, value, index))
    }

    /// The value of an input, from its cell or from those of its parts.
    pub(super) fn input(&mut self, column: &Column) -> Option<Observed> {
        let layout = self.layout;
        let input = layout.inputs().get(column.input)?;
        let (value, index) = self.value(input, &input.ty, &column.shape)?;
        Some(self.observed(column.slot, value, index))
    }

    /// A value, and the first of its cells.
    fn value(&mut self, input: &Input, ty: &Type, shape: &Shape) -> Option<(Value, usize)> {
        match shape {
            Shape::Cell(index, name) => {
                let (text, quoted) = self.cell(*index)?;
                let value = plain(input, ty, &text).unwrap_or_else(|| {
                    let (text, style) = written(ty, text, quoted);
                    let node = self.node(*index, text, style);
                    self.conversion.part(&node, input, ty, name)
                });
                Some((value, *index))
            }
            Shape::Parts(parts) => {
                let (mut entries, mut first) = (Vec::with_capacity(parts.len()), None);
                for (key, part) in parts {
                    let ty = match ty {
                        Type::Map(_, value) => value,
                        other => other.field(key)?,
                    };
                    if let Some((value, index)) = self.value(input, ty, part) {
                        entries.push((Key::String(Arc::clone(key)), value));
                        first = first.or(Some(index));
                    }
                }
                first.map(|index| (Value::Map(Arc::new(Map::new(entries))), index))
            }
        }
    }

    /// What a cell says, and whether it stands in quotes; nothing where it is empty.
    fn cell(&self, index: usize) -> Option<(String, bool)> {
        let cell = self.text.cells.get(index)?;
        let text = cell.text(self.text.source.text());
        (!text.trim().is_empty()).then(|| (text.into_owned(), cell.quoted))
    }

    fn node(&self, index: usize, text: String, style: Style) -> Node {
        let span = self.text.span(index);
        let map = Places::from([(0, span.start)]);
        let scalar = Scalar { text, style, map };
        let kind = Kind::Scalar(scalar);
        Node { span, kind }
    }

    fn observed(&mut self, slot: usize, value: Value, index: usize) -> Observed {
        let start = self.text.span(index).start;
        let position = self.cursor.position(self.text.source, start);
        let place = Place {
            file: self.file,
            line: position.line,
            column: position.column,
        };
        Observed { slot, value, place }
    }
}

/// A plain number where one is declared.
fn plain(input: &Input, ty: &Type, text: &str) -> Option<Value> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'e' | b'E' | b'+'));
    if *ty != Type::Double || !plain {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    // `-0` is the whole number 0.
    let plain = number.is_finite() && (number != 0.0 || number.is_sign_positive());
    (plain && in_range(input, number)).then_some(Value::Double(number))
}

/// A cell as a scalar of a document says the same.
pub(crate) fn written(ty: &Type, text: String, quoted: bool) -> (String, Style) {
    // Texts are what is written, but for one word; in quotes it is a text too.
    if matches!(ty, Type::String) {
        let null = text == "null" && !quoted;
        return (text, if null { Style::Plain } else { Style::Quoted });
    }
    let trimmed = text.trim();
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if unsigned.eq_ignore_ascii_case("nan") {
        return (".nan".to_owned(), Style::Plain);
    }
    if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        return (".inf".to_owned(), Style::Plain);
    }
    // Other bases are a matter of YAML alone.
    let based = unsigned.starts_with("0x") || unsigned.starts_with("0o");
    let style = if based { Style::Quoted } else { Style::Plain };
    (trimmed.to_owned(), style)
}
