//! `"…".format([…])` of the strings extension. It knows no locale.

use std::fmt::Write as _;

use super::convert::{double_text, seconds_text};
use super::table;
use crate::expr::budget::{Budget, TEXT, fits_text};
use crate::expr::display::type_name;
use crate::expr::fault::{Limit, Reason};
use crate::expr::number;
use crate::expr::value::Value;

table! {
    "format" format { method(String, AnyList) String; }
}

/// The most digits behind the point.
const PRECISION: usize = 1_000;

/// The text in the making, within its limits.
struct Output<'b> {
    text: String,
    budget: &'b mut Budget,
}

impl Output<'_> {
    fn push(&mut self, part: &str) -> Result<(), Reason> {
        self.budget.pay(1)?;
        self.budget.read(part.len())?;
        fits_text(self.text.len().saturating_add(part.len()))?;
        self.text.push_str(part);
        Ok(())
    }
}

fn format(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(pattern), Value::List(values)] = args else {
        return Err(Reason::WrongType);
    };
    let mut output = Output {
        text: String::new(),
        budget,
    };
    let mut values = values.iter();
    let mut pattern = pattern.as_ref();
    while let Some((text, rest)) = pattern.split_once('%') {
        output.push(text)?;
        let mut rest = rest.chars();
        let mut clause = rest.next().ok_or(Reason::BadFormat)?;
        if clause == '%' {
            output.push("%")?;
            pattern = rest.as_str();
            continue;
        }
        let mut precision = None;
        if clause == '.' {
            let digits = rest.as_str();
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .ok_or(Reason::BadFormat)?;
            let (digits, after) = digits.split_at_checked(end).ok_or(Reason::BadFormat)?;
            precision = Some(
                digits
                    .parse::<usize>()
                    .ok()
                    .filter(|p| *p <= PRECISION)
                    .ok_or(Reason::BadFormat)?,
            );
            rest = after.chars();
            clause = rest.next().ok_or(Reason::BadFormat)?;
        }
        let value = values.next().ok_or(Reason::BadFormat)?;
        if let Value::Unknown(missing) = value {
            return Err(Reason::Missing(*missing));
        }
        if clause == 's' {
            string(value, &mut output)?;
        } else {
            output.push(&number_text(clause, precision, value)?)?;
        }
        pattern = rest.as_str();
    }
    output.push(pattern)?;
    let text = output.text;
    budget.text(text.len())?;
    Ok(Value::String(text.into()))
}

/// One value by a clause that wants a number, or bytes in hexadecimal.
fn number_text(clause: char, precision: Option<usize>, value: &Value) -> Result<String, Reason> {
    match clause {
        'd' => match value {
            Value::Int(value) => Ok(value.to_string()),
            Value::Uint(value) => Ok(value.to_string()),
            Value::Double(value) if !value.is_finite() => Ok(special(*value)),
            _ => Err(Reason::BadFormat),
        },
        'f' => double(value).map(|v| {
            if v.is_finite() {
                format!("{v:.*}", precision.unwrap_or(6))
            } else {
                special(v)
            }
        }),
        'e' => double(value).map(|v| {
            if v.is_finite() {
                exponent(v, precision.unwrap_or(6))
            } else {
                special(v)
            }
        }),
        'b' => match value {
            Value::Int(value) => Ok(signed(*value, |size| format!("{size:b}"))),
            Value::Uint(value) => Ok(format!("{value:b}")),
            Value::Bool(value) => Ok(u8::from(*value).to_string()),
            _ => Err(Reason::BadFormat),
        },
        'o' => match value {
            Value::Int(value) => Ok(signed(*value, |size| format!("{size:o}"))),
            Value::Uint(value) => Ok(format!("{value:o}")),
            _ => Err(Reason::BadFormat),
        },
        'x' => hex(value),
        'X' => hex(value).map(|text| text.to_ascii_uppercase()),
        _ => Err(Reason::BadFormat),
    }
}

/// A signed number as a sign and its size.
fn signed(value: i64, size: impl Fn(u64) -> String) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", size(value.unsigned_abs()))
}

fn hex(value: &Value) -> Result<String, Reason> {
    let digits = |bytes: &[u8]| {
        if bytes.len() > TEXT / 2 {
            return Err(Reason::Limit(Limit::Text));
        }
        Ok(bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }))
    };
    match value {
        Value::Int(value) => Ok(signed(*value, |size| format!("{size:x}"))),
        Value::Uint(value) => Ok(format!("{value:x}")),
        Value::String(text) => digits(text.as_bytes()),
        Value::Bytes(bytes) => digits(bytes),
        _ => Err(Reason::BadFormat),
    }
}

fn double(value: &Value) -> Result<f64, Reason> {
    match value {
        Value::Double(value) => Ok(*value),
        Value::Int(value) => Ok(number::double(*value)),
        Value::Uint(value) => Ok(number::double_of_uint(*value)),
        _ => Err(Reason::BadFormat),
    }
}

/// Bytes as text: what is not UTF-8 in a row becomes one replacement character.
fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for (index, chunk) in bytes.utf8_chunks().enumerate() {
        text.push_str(chunk.valid());
        let begins = index == 0 || !chunk.valid().is_empty();
        if begins && !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// A number that has no digits.
fn special(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value > 0.0 {
        "Infinity".to_owned()
    } else {
        "-Infinity".to_owned()
    }
}

/// `1.052033e+03`: an exponent with a sign and two digits.
fn exponent(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = exponent
        .strip_prefix('-')
        .map_or(("+", exponent), |digits| ("-", digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// A value as `%s` shows it. Parts may be shared, so that the text is far larger than the value: every part is paid for.
fn string(value: &Value, output: &mut Output<'_>) -> Result<(), Reason> {
    match value {
        Value::Null => output.push("null"),
        Value::Bool(value) => output.push(&value.to_string()),
        Value::Int(value) => output.push(&value.to_string()),
        Value::Uint(value) => output.push(&value.to_string()),
        Value::Double(value) if !value.is_finite() => output.push(&special(*value)),
        Value::Double(value) => output.push(&double_text(*value)),
        Value::String(text) => output.push(text),
        Value::Bytes(bytes) => {
            fits_text(bytes.len())?;
            output.push(&readable(bytes))
        }
        Value::Timestamp(at) => output.push(&at.to_string()),
        Value::Duration(length) => output.push(&seconds_text(*length)),
        Value::Type(ty) => output.push(type_name(ty)),
        Value::List(items) => {
            output.push("[")?;
            for (index, item) in items.iter().enumerate() {
                output.push(if index == 0 { "" } else { ", " })?;
                string(item, output)?;
            }
            output.push("]")
        }
        Value::Map(map) => {
            // In the order of their texts, which is that of the keys but for numbers.
            output.budget.entries(0, map.len())?;
            let mut entries: Vec<(String, &Value)> = Vec::with_capacity(map.len());
            for (key, value) in map.iter() {
                output.budget.key(key)?;
                let key = key.to_string();
                output.budget.text(key.len())?;
                entries.push((key, value));
            }
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            output.push("{")?;
            for (index, (key, value)) in entries.into_iter().enumerate() {
                output.push(if index == 0 { "" } else { ", " })?;
                output.push(&key)?;
                output.push(": ")?;
                string(value, output)?;
            }
            output.push("}")
        }
        Value::Optional(_) => Err(Reason::BadFormat),
        Value::Unknown(missing) => Err(Reason::Missing(*missing)),
    }
}
