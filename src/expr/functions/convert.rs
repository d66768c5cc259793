//! Conversions between types, as CEL names them. What does not fit is unknown, never cut short.

use std::sync::Arc;

use jiff::SignedDuration;

use super::table;
use crate::expr::budget::Budget;
use crate::expr::duration;
use crate::expr::eval::instant;
use crate::expr::fault::Reason;
use crate::expr::instant::Instant;
use crate::expr::number;
use crate::expr::types::Type;
use crate::expr::value::Value;

table! {
    "int" int { free(Number) Int; free(String) Int; free(Timestamp) Int; free(Duration) Int; }
    "uint" uint { free(Number) Uint; free(String) Uint; }
    "double" double { free(Number) Double; free(String) Double; }
    "string" string {
        free(String) String; free(Number) String; free(Bool) String; free(Bytes) String; free(Timestamp) String;
        free(Duration) String;
    }
    "bytes" bytes { free(Bytes) Bytes; free(String) Bytes; }
    "bool" bool { free(Bool) Bool; free(String) Bool; }
    "timestamp" timestamp { free(Timestamp) Timestamp; free(String) Timestamp; free(Int) Timestamp; }
    "duration" duration { free(Duration) Duration; free(String) Duration; free(Int) Duration; }
    "type" type_of { free(Any) Type; }
    "dyn" same { free(Any) Any; }
}

/// Pays for reading a text that is to be converted.
fn read(args: &[Value], budget: &mut Budget) -> Result<(), Reason> {
    match args {
        [Value::String(text)] => budget.read(text.len()),
        _ => Ok(()),
    }
}

fn int(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    read(args, budget)?;
    let converted = match args {
        [Value::Int(value)] => Some(*value),
        [Value::Uint(value)] => i64::try_from(*value).ok(),
        [Value::Double(value)] => number::int(*value),
        [Value::String(text)] => text.parse().ok(),
        [Value::Timestamp(at)] => Some(at.seconds()),
        [Value::Duration(length)] => Some(length.as_secs()),
        _ => return Err(Reason::WrongType),
    };
    converted.map(Value::Int).ok_or(Reason::Conversion)
}

fn uint(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    read(args, budget)?;
    let converted = match args {
        [Value::Uint(value)] => Some(*value),
        [Value::Int(value)] => u64::try_from(*value).ok(),
        [Value::Double(value)] => number::uint(*value),
        [Value::String(text)] => text.parse().ok(),
        _ => return Err(Reason::WrongType),
    };
    converted.map(Value::Uint).ok_or(Reason::Conversion)
}

fn double(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    read(args, budget)?;
    let converted = match args {
        [Value::Double(value)] => Some(*value),
        [Value::Int(value)] => Some(number::double(*value)),
        [Value::Uint(value)] => Some(number::double_of_uint(*value)),
        [Value::String(text)] => text.parse().ok().filter(|value: &f64| {
            // Digits never stand for infinity: a number too large for a double has no conversion.
            !value.is_infinite() || !text.bytes().any(|byte| byte.is_ascii_digit())
        }),
        _ => return Err(Reason::WrongType),
    };
    converted.map(Value::Double).ok_or(Reason::Conversion)
}

fn string(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    if let [Value::String(text)] = args {
        return Ok(Value::String(Arc::clone(text)));
    }
    let text: Arc<str> = match args {
        [Value::Int(value)] => value.to_string().into(),
        [Value::Uint(value)] => value.to_string().into(),
        [Value::Double(value)] => double_text(*value).into(),
        [Value::Bool(value)] => value.to_string().into(),
        [Value::Bytes(bytes)] => {
            // Before it is read; what is built of it is paid for below.
            budget.read(bytes.len())?;
            std::str::from_utf8(bytes)
                .map_err(|_| Reason::Conversion)?
                .into()
        }
        [Value::Timestamp(at)] => at.to_string().into(),
        [Value::Duration(length)] => seconds_text(*length).into(),
        _ => return Err(Reason::WrongType),
    };
    budget.text(text.len())?;
    Ok(Value::String(text))
}

/// A double as CEL's `string()` writes it.
pub(super) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        // An exponent has a sign and two digits, as Go writes it.
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent
            .strip_prefix('-')
            .map_or(("+", exponent), |digits| ("-", digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{value}")
}

/// A duration in seconds: `90s`, `0.5s`.
pub(super) fn seconds_text(length: SignedDuration) -> String {
    let nanos = length.as_nanos();
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let (whole, rest) = (
        nanos.div_euclid(1_000_000_000),
        nanos.rem_euclid(1_000_000_000),
    );
    if rest == 0 {
        return format!("{sign}{whole}s");
    }
    let fraction = format!("{rest:09}");
    format!("{sign}{whole}.{}s", fraction.trim_end_matches('0'))
}

fn bytes(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Bytes(bytes)] => Ok(Value::Bytes(bytes.clone())),
        [Value::String(text)] => {
            budget.text(text.len())?;
            Ok(Value::Bytes(text.as_bytes().into()))
        }
        _ => Err(Reason::WrongType),
    }
}

fn bool(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Bool(value)] => Ok(Value::Bool(*value)),
        [Value::String(text)] => match text.as_ref() {
            "1" | "t" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(Reason::Conversion),
        },
        _ => Err(Reason::WrongType),
    }
}

fn timestamp(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    read(args, budget)?;
    match args {
        [Value::Timestamp(at)] => Ok(Value::Timestamp(*at)),
        [Value::Int(seconds)] => instant(i128::from(*seconds).checked_mul(1_000_000_000)),
        [Value::String(text)] => Instant::parse(text)
            .map(Value::Timestamp)
            .ok_or(Reason::BadTimestamp),
        _ => Err(Reason::WrongType),
    }
}

fn duration(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    read(args, budget)?;
    let length = match args {
        [Value::Duration(length)] => Some(*length),
        [Value::Int(seconds)] => i128::from(*seconds)
            .checked_mul(1_000_000_000)
            .and_then(duration::signed),
        [Value::String(text)] => duration::parse_cel(text),
        _ => return Err(Reason::WrongType),
    };
    length.map(Value::Duration).ok_or(Reason::BadDuration)
}

/// The type of a value, without its parts.
fn type_of(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    let dynamic = || Arc::new(Type::Dyn);
    let ty = match args {
        [Value::Null] => Type::Null,
        [Value::Bool(_)] => Type::Bool,
        [Value::Int(_)] => Type::Int,
        [Value::Uint(_)] => Type::Uint,
        [Value::Double(_)] => Type::Double,
        [Value::String(_)] => Type::String,
        [Value::Bytes(_)] => Type::Bytes,
        [Value::Timestamp(_)] => Type::Timestamp,
        [Value::Duration(_)] => Type::Duration,
        [Value::List(_)] => Type::List(dynamic()),
        [Value::Map(_)] => Type::Map(dynamic(), dynamic()),
        [Value::Type(_)] => Type::Type,
        [Value::Optional(_)] => Type::Optional(dynamic()),
        _ => return Err(Reason::WrongType),
    };
    Ok(Value::Type(Arc::new(ty)))
}

fn same(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    args.first().cloned().ok_or(Reason::WrongType)
}
