//! The table of a test that failed: key, expected, actual, each with its place in the suite. Never why.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::explain::reason::plain;
use crate::report::text::{INDENT, WIDTH, printable};
use crate::report::wrap::wrap;
use crate::suite::result::Difference;

/// The widest that a key stands beside its values.
const KEY: usize = 24;
/// The most members of a set that are shown by name; what is missing and too much is shown in full.
const MEMBERS: usize = 6;
/// The most characters of one value.
const LONGEST: usize = 400;

/// Writes the table.
pub(super) fn table(out: &mut String, differences: &[Difference]) {
    let keys = differences.iter().map(|one| width(&one.key));
    let key = keys.filter(|width| *width <= KEY).max().unwrap_or(0).max(8);
    let rest = WIDTH
        .saturating_sub(INDENT)
        .saturating_sub(key)
        .saturating_sub(4);
    let wanted = differences.iter().map(|one| width(&expected(one)));
    // Half of what is left at most, and no more than it needs.
    let left = wanted.max().unwrap_or(0).clamp(8, rest / 2);
    let columns = Columns {
        key,
        expected: left,
        actual: rest.saturating_sub(left),
    };
    columns.row(out, "", "key", "expected", "actual");
    for one in differences {
        let place = format!("{}:{}", one.at.line, one.at.column);
        columns.row(
            out,
            &place,
            &printable(&one.key),
            &expected(one),
            &actual(one),
        );
        for text in beside(one) {
            columns.note(out, &text);
        }
    }
}

struct Columns {
    key: usize,
    expected: usize,
    actual: usize,
}

impl Columns {
    /// One row in as many lines as it takes; a long key stands alone.
    fn row(&self, out: &mut String, place: &str, key: &str, expected: &str, actual: &str) {
        let (mut place, mut key) = (place, key);
        let gutter = INDENT.saturating_sub(2);
        if width(key) > self.key {
            let _ = writeln!(out, "{place:>gutter$}  {key}");
            (place, key) = ("", "");
        }
        let left = wrap(expected, self.expected, 0);
        let right = wrap(actual, self.actual, 0);
        for line in 0..left.len().max(right.len()) {
            let cell = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
            let text = format!(
                "{place:>gutter$}  {key:<keys$}  {:<expected$}  {}",
                cell(&left),
                cell(&right),
                keys = self.key,
                expected = self.expected,
            );
            let _ = writeln!(out, "{}", text.trim_end());
            (place, key) = ("", "");
        }
    }

    /// A line below a row.
    fn note(&self, out: &mut String, text: &str) {
        let indent = INDENT.saturating_add(self.key).saturating_add(2);
        let room = WIDTH.saturating_sub(indent).saturating_sub(2);
        for (index, line) in wrap(&printable(text), room, 0).iter().enumerate() {
            let inner = if index == 0 { 0 } else { 2 };
            let _ = writeln!(out, "{:indent$}{:inner$}{line}", "", "");
        }
    }
}

/// What stands below a row: what a set lacks and what it has beside, and what else there is to say.
fn beside(one: &Difference) -> Vec<String> {
    let mut texts = Vec::new();
    if !one.missing.is_empty() {
        texts.push(format!("missing: {}", one.missing.join(", ")));
    }
    if !one.extra.is_empty() {
        texts.push(format!("too much: {}", one.extra.join(", ")));
    }
    texts.extend(one.note.clone());
    texts
}

fn expected(one: &Difference) -> String {
    if one.key == "approved" {
        return "the approved text".to_owned();
    }
    told(&one.expected, None)
}

fn actual(one: &Difference) -> String {
    if one.key == "approved" {
        return "another one, below".to_owned();
    }
    told(&one.actual, one.unit.as_deref())
}

/// A value for people.
fn told(value: &Json, unit: Option<&str>) -> String {
    let text = match value {
        Json::Null => "nothing".to_owned(),
        Json::Array(items) if items.is_empty() => "none".to_owned(),
        Json::Array(items) if items.len() > MEMBERS => format!("{} of them", items.len()),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| told(item, unit)).collect();
            items.join(", ")
        }
        Json::Object(map) => {
            let parts: Vec<String> = map
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| format!("{key}: {}", told(value, unit)))
                .collect();
            parts.join(", ")
        }
        one => plain(one, unit),
    };
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    printable(&shown)
}

fn width(text: &str) -> usize {
    text.chars().count()
}
