//! Values as CEL would write them, so that what is printed can be read back. An unknown has no literal: it is `?`.

use std::fmt::{self, Write};

use super::types::Type;
use super::value::{Key, Value};

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}u"),
            Self::Double(value) => double(f, *value),
            Self::String(text) => quote(f, text),
            Self::Bytes(bytes) => {
                f.write_str("b\"")?;
                for byte in bytes.iter() {
                    match byte {
                        b'"' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                        b' '..=b'~' => f.write_char(char::from(*byte))?,
                        _ => write!(f, "\\x{byte:02x}")?,
                    }
                }
                f.write_char('"')
            }
            Self::Timestamp(at) => write!(f, "timestamp(\"{at}\")"),
            Self::Duration(length) => write!(
                f,
                "duration(\"{}\")",
                super::duration::format_duration(*length)
            ),
            Self::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Map(map) => {
                f.write_char('{')?;
                for (index, (key, value)) in map.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    match key {
                        Key::String(text) => quote(f, text)?,
                        Key::Uint(value) => write!(f, "{value}u")?,
                        Key::Bool(_) | Key::Int(_) => key.fmt(f)?,
                    }
                    f.write_str(": ")?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
            Self::Type(ty) => f.write_str(type_name(ty)),
            Self::Optional(None) => f.write_str("optional.none()"),
            Self::Optional(Some(value)) => write!(f, "optional.of({value})"),
            Self::Unknown(_) => f.write_char('?'),
        }
    }
}

/// The name of a type as CEL's `type(x)` shows it.
pub(crate) fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::Dyn => "dyn",
        Type::Null => "null_type",
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Uint => "uint",
        Type::Double => "double",
        Type::String => "string",
        Type::Bytes => "bytes",
        Type::Timestamp => "google.protobuf.Timestamp",
        Type::Duration => "google.protobuf.Duration",
        Type::Type => "type",
        Type::List(_) => "list",
        Type::Map(..) | Type::Struct(_) => "map",
        Type::Optional(_) => "optional_type",
    }
}

/// A double that reads back as the same double, and as a double.
fn double(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    if value.is_nan() {
        return f.write_str("double(\"NaN\")");
    }
    if value.is_infinite() {
        return f.write_str(if value > 0.0 {
            "double(\"Infinity\")"
        } else {
            "double(\"-Infinity\")"
        });
    }
    // Debug is the shortest text that reads back, with a point or an exponent.
    write!(f, "{value:?}")
}

/// A text in double quotes.
pub(crate) fn quote(f: &mut impl Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\u{7}' => f.write_str("\\a")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\u{b}' => f.write_str("\\v")?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
