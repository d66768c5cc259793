//! JSON as it is written for others: no character hides in it, and no runner sees a command. Values stay what they are, and
//! so does what is a digest of them. Whatever is written as JSON is written here.

use std::fmt::Write as _;

use serde::Serialize;

use super::hidden::hides;
use super::runner::in_json;

/// The same JSON, such characters written as their numbers.
#[must_use]
pub fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !hides(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    in_json(&out)
}

/// A value as indented JSON, with a line end.
#[must_use]
pub fn pretty(value: &impl Serialize) -> String {
    // Nothing that is written can fail: keys are texts, and numbers finite.
    let mut text = visible(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// A value as JSON in one line, without a line end.
#[must_use]
pub fn line(value: &impl Serialize) -> String {
    visible(&serde_json::to_string(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{line, pretty};

    #[test]
    fn what_nobody_sees_is_written_as_its_number_and_read_as_it_was() {
        let text = "a\u{202e}b\u{2028}c\u{200b}d\u{e0041}e ##[f] \"\\\n";
        let value = std::collections::BTreeMap::from([(text, vec![text])]);
        for told in [line(&value), pretty(&value)] {
            assert!(
                told.contains("a\\u202eb\\u2028c\\u200bd\\udb40\\udc41e"),
                "{told}"
            );
            assert!(!told.contains("##["), "{told}");
            let read: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
            assert_eq!(Some(read), serde_json::to_value(&value).ok());
        }
    }
}
