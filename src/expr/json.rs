//! Values as JSON, for records: whole, or as much of them as a person reads. It never loses a digit of a whole number.

use std::sync::Arc;

use serde_json::Value as Json;

use super::functions::encode;
use super::value::{Key, Value};

/// A value as JSON: a number that is not finite and an unknown are `null`, an instant is RFC 3339 with `Z`, a duration
/// is text such as `5m30s`, bytes are base64, a type is its name, an optional is its value or `null`.
#[must_use]
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown(_) | Value::Optional(None) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => Json::from(*value),
        Value::Double(value) => Json::from(*value),
        Value::String(text) => Json::String(text.to_string()),
        Value::Bytes(bytes) => Json::String(encode::base64(bytes)),
        Value::Timestamp(at) => Json::String(at.to_string()),
        Value::Duration(length) => Json::String(super::duration::format_duration(*length)),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(map) => Json::Object(
            map.iter()
                .map(|(key, value)| (key.to_string(), json(value)))
                .collect(),
        ),
        Value::Type(ty) => Json::String(ty.to_string()),
        Value::Optional(Some(value)) => json(value),
    }
}

/// How many items of one list or map a brief value shows.
const SHOWN: usize = 100;
/// How many items a brief value shows in all.
const PARTS: usize = 500;
/// How many bytes of text a brief value shows in all.
const TEXT: usize = 4_096;

/// As much of a value as belongs into an explanation: what is long is cut, and says how much is left out. Parts of a value
/// may be shared, so that the whole of it is far larger than the memory it takes.
#[must_use]
pub fn brief(value: &Value) -> Json {
    Brief {
        parts: PARTS,
        text: TEXT,
    }
    .of(value)
}

/// Still less of a value: as much as stands beside others in a trace.
#[must_use]
pub fn slight(value: &Value) -> Json {
    Brief {
        parts: 10,
        text: 200,
    }
    .of(value)
}

/// The beginning of a text that is too long for an explanation.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What may still be shown of a value.
struct Brief {
    parts: usize,
    text: usize,
}

impl Brief {
    fn of(&mut self, value: &Value) -> Json {
        match value {
            Value::String(text) => Json::String(self.shortened(text)),
            Value::Bytes(bytes) => {
                let start = bytes.get(..self.text).unwrap_or(bytes);
                let cut = if start.len() < bytes.len() { "…" } else { "" };
                self.text = self.text.saturating_sub(start.len());
                Json::String(encode::base64(start) + cut)
            }
            Value::List(items) => {
                let mut shown = Vec::new();
                for item in items.iter().take(SHOWN) {
                    if !self.part() {
                        break;
                    }
                    shown.push(self.of(item));
                }
                let more = items.len().saturating_sub(shown.len());
                if more > 0 {
                    shown.push(Json::String(format!("… {more} more")));
                }
                Json::Array(shown)
            }
            Value::Map(map) => {
                let mut shown = serde_json::Map::new();
                for (key, value) in map.iter().take(SHOWN) {
                    if !self.part() {
                        break;
                    }
                    let key = match key {
                        Key::String(text) => self.shortened(text),
                        other => other.to_string(),
                    };
                    shown.insert(key, self.of(value));
                }
                let more = map.len().saturating_sub(shown.len());
                if more > 0 {
                    shown.insert("…".to_owned(), Json::String(format!("{more} more")));
                }
                Json::Object(shown)
            }
            scalar => json(scalar),
        }
    }

    /// Whether another item may be shown.
    fn part(&mut self) -> bool {
        let any = self.parts > 0;
        self.parts = self.parts.saturating_sub(1);
        any
    }

    fn shortened(&mut self, text: &Arc<str>) -> String {
        let shown = shortened(text, self.text);
        self.text = self.text.saturating_sub(shown.len());
        shown
    }
}
