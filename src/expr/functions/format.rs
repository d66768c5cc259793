//! `"…".format([…])` of the strings extension. It knows no locale.

use super::convert::{double_text, seconds_text};
use super::table;
use crate::expr::budget::Budget;
use crate::expr::display::type_name;
use crate::expr::fault::Reason;
use crate::expr::number;
use crate::expr::value::{Key, Value};

table! {
    "format" format { method(String, AnyList) String; }
}

/// The most digits behind the point.
const PRECISION: usize = 1_000;

fn format(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(pattern), Value::List(values)] = args else {
        return Err(Reason::WrongType);
    };
    let mut text = String::new();
    let mut values = values.iter();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut clause = rest.next().ok_or(Reason::BadFormat)?;
        if clause == '%' {
            text.push('%');
            continue;
        }
        let mut precision = None;
        if clause == '.' {
            let mut digits = String::new();
            clause = rest.next().ok_or(Reason::BadFormat)?;
            while clause.is_ascii_digit() {
                digits.push(clause);
                clause = rest.next().ok_or(Reason::BadFormat)?;
            }
            precision = Some(
                digits
                    .parse::<usize>()
                    .ok()
                    .filter(|p| *p <= PRECISION)
                    .ok_or(Reason::BadFormat)?,
            );
        }
        let value = values.next().ok_or(Reason::BadFormat)?;
        let part = one(clause, precision, value)?;
        budget.text(part.len())?;
        text.push_str(&part);
        if text.len() > crate::expr::budget::TEXT {
            return Err(Reason::Limit(crate::expr::fault::Limit::Text));
        }
    }
    budget.text(text.len())?;
    Ok(Value::String(text.into()))
}

/// One value by its clause.
fn one(clause: char, precision: Option<usize>, value: &Value) -> Result<String, Reason> {
    if let Value::Unknown(missing) = value {
        return Err(Reason::Missing(*missing));
    }
    match clause {
        's' => string(value),
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
        let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        pairs.concat()
    };
    match value {
        Value::Int(value) => Ok(signed(*value, |size| format!("{size:x}"))),
        Value::Uint(value) => Ok(format!("{value:x}")),
        Value::String(text) => Ok(digits(text.as_bytes())),
        Value::Bytes(bytes) => Ok(digits(bytes)),
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

/// A value as `%s` shows it.
fn string(value: &Value) -> Result<String, Reason> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) if !value.is_finite() => special(*value),
        Value::Double(value) => double_text(*value),
        Value::String(text) => text.to_string(),
        Value::Bytes(bytes) => readable(bytes),
        Value::Timestamp(at) => at.to_string(),
        Value::Duration(length) => seconds_text(*length),
        Value::Type(ty) => type_name(ty).to_owned(),
        Value::List(items) => {
            let items = items.iter().map(string).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let mut entries = map
                .iter()
                .map(|(key, value)| Ok((key_text(key), string(value)?)))
                .collect::<Result<Vec<_>, Reason>>()?;
            entries.sort();
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{key}: {value}"))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Optional(_) => return Err(Reason::BadFormat),
        Value::Unknown(missing) => return Err(Reason::Missing(*missing)),
    })
}

fn key_text(key: &Key) -> String {
    key.to_string()
}
