//! A difference as JSON. Never leaves anything out.

use super::Difference;

/// The difference as JSON, with a line end.
#[must_use]
pub fn json(difference: &Difference) -> String {
    let text = serde_json::to_string_pretty(difference).unwrap_or_default();
    format!("{text}\n")
}
