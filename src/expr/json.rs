//! Values as JSON, for records. It never loses a digit of a whole number.

use serde_json::Value as Json;

use super::functions::encode;
use super::value::Value;

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
