//! What a finding tells of its condition: operands, margins, what would change it, traces, and what windows looked back at.
//! Plain data; how it is told in words is not known here.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An operand and its value.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Operand {
    /// The operand as written.
    pub expr: String,
    /// Its value; durations as text such as `3m30s`, instants in RFC 3339.
    pub value: serde_json::Value,
    /// The unit of the value.
    pub unit: Option<String>,
}

/// Something that was not known.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Gap {
    /// What was asked for, as written.
    pub expr: String,
    /// Why there is no value.
    pub reason: String,
}

/// A value and the limit it is judged by.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Margin {
    /// The operand that is judged, as written.
    pub input: String,
    /// Its value, in its own unit.
    pub value: f64,
    /// How the value stands to the limit: `<`, `<=`, `>`, `>=`, `==` or `!=`.
    pub relation: String,
    /// The limit, in the same unit.
    pub limit: f64,
    /// The distance as a share of the limit, `|value - limit| / |limit|`; none for a limit of zero.
    pub relative: Option<f64>,
}

/// A comparison that decided, of anything but numbers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Compared {
    /// The operand that is judged, as written.
    pub input: String,
    /// Its value.
    pub value: serde_json::Value,
    /// How the value stands to the limit: `<`, `<=`, `>`, `>=`, `==`, `!=`, `in` or `not in` a list, `has` or `has not` an
    /// item.
    pub relation: String,
    /// What it is compared with.
    pub limit: serde_json::Value,
}

/// A change of one input after which the rule is what it should be.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Change {
    /// The input, as written.
    pub input: String,
    /// How it must compare: `<`, `<=`, `>`, `>=`, `==` or `!=`.
    pub op: String,
    /// With what, in the unit of the input; null where any value will do.
    pub value: serde_json::Value,
    /// What must change along with it, where this alone is not enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub and: Vec<Change>,
}

/// A part of a condition and what it was worth.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Part {
    /// The part as written.
    pub expr: String,
    /// The byte of the condition it begins at.
    pub start: u32,
    /// Its value; none: unknown.
    pub value: Option<serde_json::Value>,
    /// The unit of the value.
    pub unit: Option<String>,
    /// Why it has no value.
    pub unknown: Option<String>,
    /// The named expression it is a part of, by its name: `start` counts in the text of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Inside a macro: the item that decided, by its key or index; of a macro in a macro both, the outer one first.
    pub item: Option<String>,
}

/// What a window looked back at.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Contents {
    /// The window as written.
    pub expr: String,
    /// The instant it begins at, exclusive.
    pub from: Option<Timestamp>,
    /// What was held where it begins, where its figure is measured from there: of `delta`, `increase` and `rate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<serde_json::Value>,
    /// How many known samples lie in it.
    pub samples: u64,
    /// The least of them.
    pub min: Option<f64>,
    /// Their mean.
    pub avg: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The newest.
    pub last: Option<serde_json::Value>,
    /// The unit of these.
    pub unit: Option<String>,
    /// Stretches longer than a value is good for, without a known sample; the oldest first.
    pub holes: Vec<Hole>,
}

/// A stretch without a known sample.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Hole {
    /// The known sample before it, or the beginning of the window.
    pub from: Timestamp,
    /// The known sample behind it, or the end of the window.
    pub to: Timestamp,
}

impl Margin {
    /// The distance of a value from its limit as a share of the limit, to six digits; none for a limit of zero.
    #[must_use]
    pub fn share(value: f64, limit: f64) -> Option<f64> {
        let share = ((value - limit) / limit).abs();
        let digits = format!("{share:.5e}").parse().ok();
        digits.filter(|_| limit != 0.0 && share.is_finite())
    }
}
