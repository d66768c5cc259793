//! Whether a value is the one that is written in a suite: numbers as numbers, texts such as `6.1%` in the unit of the
//! value, instants and lengths of time however they are written. Never where it came from.

use serde_json::Value as Json;

use crate::expr::duration::parse_duration;
use crate::expr::units::{Quantity, Unit};
use crate::snapshot::convert::timestamp;
use crate::source::tree::{Datum, Kind, Node, Scalar};

/// How far two numbers that are the same may be apart, as a share.
const NEAR: f64 = 1e-9;

/// Whether a value is the one that is written. A list is a set: neither order nor repetition matters. A map is about the
/// keys it names.
pub(super) fn same(node: &Node, actual: &Json, unit: Option<&str>) -> bool {
    match (&node.kind, actual) {
        (Kind::Scalar(scalar), actual) => one(scalar, actual, unit),
        (Kind::List(items), Json::Array(values)) => {
            let there = |item: &Node| values.iter().any(|value| same(item, value, unit));
            let named = |value: &Json| items.iter().any(|item| same(item, value, unit));
            items.iter().all(there) && values.iter().all(named)
        }
        (Kind::Map(entries), Json::Object(map)) => entries.iter().all(|entry| {
            let value = map.get(&entry.key.text).unwrap_or(&Json::Null);
            same(&entry.value, value, unit)
        }),
        (Kind::List(_) | Kind::Map(_), _) => false,
    }
}

fn one(scalar: &Scalar, actual: &Json, unit: Option<&str>) -> bool {
    match (scalar.datum(), actual) {
        (Datum::Null, Json::Null) => true,
        (Datum::Bool(expected), Json::Bool(actual)) => expected == *actual,
        (Datum::Int(expected), Json::Number(actual)) if !actual.is_f64() => {
            actual.as_i64() == Some(expected)
        }
        (Datum::Int(_) | Datum::Double(_), Json::Number(actual)) => {
            let expected = scalar.text.parse::<f64>().ok();
            expected.zip(actual.as_f64()).is_some_and(near)
        }
        (Datum::Text(text), Json::Number(actual)) => {
            let expected = in_unit(text, unit);
            expected.zip(actual.as_f64()).is_some_and(near)
        }
        // `commit: 0123456` and `version: 1.10` are what was written.
        (
            Datum::Text(_) | Datum::Int(_) | Datum::Double(_) | Datum::Bool(_),
            Json::String(actual),
        ) => texts(&scalar.text, actual),
        _ => false,
    }
}

/// Whether two numbers are the same but for rounding.
fn near((expected, actual): (f64, f64)) -> bool {
    let most = expected.abs().max(actual.abs());
    (expected - actual).abs() <= most * NEAR
}

/// A number with a unit, in another unit: `6.1%`, `250ms`, or with the name of the unit itself, `5 ms_per_h`.
fn in_unit(text: &str, unit: Option<&str>) -> Option<f64> {
    let unit = Unit::parse(unit?);
    let quantity = Quantity::parse(text).ok();
    quantity
        .and_then(|quantity| quantity.to(&unit))
        .or_else(|| {
            let number = text.strip_suffix(unit.name())?;
            number.trim_end().parse().ok()
        })
}

/// Whether two texts are the same, or the same instant, or the same length of time.
fn texts(expected: &str, actual: &str) -> bool {
    if expected == actual {
        return true;
    }
    if let (Some(expected), Some(actual)) = (timestamp(expected), timestamp(actual)) {
        return expected == actual;
    }
    match (parse_duration(expected), parse_duration(actual)) {
        (Ok(expected), Ok(actual)) => expected == actual,
        _ => false,
    }
}

/// What is written, as JSON.
pub(super) fn written(node: &Node) -> Json {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.datum() {
            Datum::Null => Json::Null,
            Datum::Bool(value) => value.into(),
            Datum::Int(value) => value.into(),
            Datum::Double(value) if value.is_finite() => value.into(),
            Datum::Double(_) | Datum::Text(_) => scalar.text.clone().into(),
        },
        Kind::List(items) => items.iter().map(written).collect(),
        Kind::Map(entries) => {
            let each = entries.iter();
            each.map(|entry| (entry.key.text.clone(), written(&entry.value)))
                .collect()
        }
    }
}
