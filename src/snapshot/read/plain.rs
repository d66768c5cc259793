//! A node of a document to a value of whatever type it is: nothing declares it, so that nothing can be wrong with it. Never
//! guesses: a number in quotes is a text.

use std::sync::Arc;

use crate::expr::value::{Key, Map, Missing, Value};
use crate::source::tree::{Datum, Kind, Node};

/// The value of a node; what no value can be is unknown at that place alone.
pub(super) fn plain(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => Value::List(items.iter().map(plain).collect()),
        Kind::Map(entries) => {
            let entries = entries.iter().map(|entry| {
                let key = Arc::from(entry.key.text.as_str());
                (Key::String(key), plain(&entry.value))
            });
            Value::Map(Arc::new(Map::new(entries.collect())))
        }
        Kind::Scalar(scalar) => match scalar.datum() {
            Datum::Null => Value::Unknown(Missing::Null),
            Datum::Bool(value) => Value::Bool(value),
            Datum::Int(value) => Value::Int(value),
            Datum::Double(value) if value.is_finite() => Value::Double(value),
            Datum::Double(_) => Value::Unknown(Missing::NotFinite),
            Datum::Text(text) => Value::String(Arc::from(text)),
        },
    }
}
