//! JSON in the one form that a digest is made of, that of RFC 8785: no spaces, keys in order, a number as ECMAScript prints
//! it. So the same data has the same digest whoever laid it out. Never reads a text, and never knows what it says.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

use super::tree::{Datum, Kind, Node, Scalar, Style};

/// From here on, and below the other one, a number is written with an exponent.
const LARGE: f64 = 1e21;
const SMALL: f64 = 1e-6;

/// A value in that form. A whole number has all of its digits, however many: none is rounded to a double.
#[must_use]
pub fn canonical(value: &Json) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// A tree as a JSON value; nothing where a number of it is none of JSON's.
#[must_use]
pub fn value(node: &Node) -> Option<Json> {
    Some(match &node.kind {
        Kind::List(items) => Json::Array(items.iter().map(value).collect::<Option<_>>()?),
        Kind::Map(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|entry| Some((entry.key.text.clone(), value(&entry.value)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        Kind::Scalar(scalar) => single(scalar)?,
    })
}

fn single(scalar: &Scalar) -> Option<Json> {
    if scalar.style == Style::Plain
        && let Ok(number) = scalar.text.parse::<u64>()
    {
        return Some(number.into());
    }
    Some(match scalar.datum() {
        Datum::Null => Json::Null,
        Datum::Bool(truth) => truth.into(),
        Datum::Int(number) => number.into(),
        Datum::Double(number) => Json::Number(Number::from_f64(number)?),
        Datum::Text(text) => text.into(),
    })
}

fn write(value: &Json, out: &mut String) {
    match value {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|(one, _), (other, _)| in_order(one, other));
            out.push('{');
            for (index, (key, field)) in fields.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Json::from(key.as_str()).to_string());
                out.push(':');
                write(field, out);
            }
            out.push('}');
        }
        Json::Number(number) => out.push_str(&digits(number)),
        other => out.push_str(&other.to_string()),
    }
}

/// By their UTF-16, as ECMAScript sorts texts.
fn in_order(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

fn digits(number: &Number) -> String {
    let Some(double) = number.as_f64().filter(|_| number.is_f64()) else {
        return number.to_string();
    };
    let size = double.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if (SMALL..LARGE).contains(&size) {
        double.to_string()
    } else {
        let text = format!("{double:e}");
        if size < SMALL {
            text
        } else {
            text.replace('e', "e+")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn a_value_has_one_form() {
        for (json, wanted) in [
            ("310.0", "310"),
            ("310", "310"),
            ("3.1e2", "310"),
            ("-0.0", "0"),
            ("0.1", "0.1"),
            ("1e-6", "0.000001"),
            ("0.00001", "0.00001"),
            ("1.5e-7", "1.5e-7"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("1.25e300", "1.25e+300"),
            ("-2.5e-9", "-2.5e-9"),
            ("9007199254740993", "9007199254740993"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"),
            (
                r#"{ "b" : [1, null , true], "a": {"z": "\u00e9\u0007\n", "Z": {}} }"#,
                "{\"a\":{\"Z\":{},\"z\":\"é\\u0007\\n\"},\"b\":[1,null,true]}",
            ),
            // A pair of UTF-16 comes before what is above it, although it is the greater character.
            (
                r#"{"\uffff": 1, "\ud83d\ude00": 2}"#,
                "{\"😀\":2,\"\u{ffff}\":1}",
            ),
        ] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
            assert_eq!(canonical(&value), wanted, "{json}");
        }
    }
}
