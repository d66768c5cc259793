//! A tree as JSON values, each number exactly as a reader of JSON takes it. Never rounds what has no value.

use serde_json::{Number, Value as Json};

use crate::source::tree::{Kind, Node, Scalar, Style};
use crate::source::{Code, Problem, Source};

/// What a tree says.
pub(super) fn data(source: &Source, node: &Node) -> Result<Json, Problem> {
    Ok(match &node.kind {
        Kind::List(items) => {
            let items = items.iter().map(|item| data(source, item));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Kind::Map(entries) => {
            let entries = entries.iter().map(|entry| {
                let value = data(source, &entry.value)?;
                Ok((entry.key.text.clone(), value))
            });
            Json::Object(entries.collect::<Result<_, _>>()?)
        }
        Kind::Scalar(scalar) => single(scalar).ok_or_else(|| {
            let message = format!("`{}` is more than a number can hold", scalar.text);
            Problem::new(Code::NotFinite, message)
                .at(source, node.span, "no finite number")
                .help("gonogo writes no such number: give the record as it was written")
        })?,
    })
}

/// A single value; none for a number that is not finite.
pub(super) fn single(scalar: &Scalar) -> Option<Json> {
    let text = scalar.text.as_str();
    if scalar.style != Style::Plain {
        return Some(Json::String(text.to_owned()));
    }
    match text {
        "null" => Some(Json::Null),
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        _ => number(text).map(Json::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    // There is no negative zero among whole numbers.
    if let Some(number) = text.parse::<i64>().ok().filter(|number| *number != 0) {
        return Some(number.into());
    }
    let number: f64 = text.parse().ok()?;
    Number::from_f64(number)
}

/// The same values, with numbers that are whole without a point: `10.0` and `1e1` are 10.
pub(super) fn whole(value: Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(whole).collect()),
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, whole(value)));
            Json::Object(fields.collect())
        }
        Json::Number(number) => Json::Number(pointless(&number).unwrap_or(number)),
        other => other,
    }
}

fn pointless(number: &Number) -> Option<Number> {
    let double = number.as_f64().filter(|_| number.is_f64())?;
    // Of more digits not every whole number is a double.
    let text = format!("{double:.0}");
    let exact = text.len() <= 15 && text.parse() == Ok(double);
    Some(text.parse::<i64>().ok().filter(|_| exact)?.into())
}
