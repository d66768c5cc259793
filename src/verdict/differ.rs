//! What two records of one question say differently, field by field. Places in snapshots and names of files never count: they
//! are those of where the program was called. Never says which of the two is right.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::Verdict;
use crate::source::canonical::canonical;

/// A field that two records do not agree on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The field: `findings[error-spike].status`.
    pub path: String,
    /// What was recorded; none: nothing.
    pub recorded: Option<Json>,
    /// What comes of it now; none: nothing.
    pub now: Option<Json>,
}

/// What is told first, whatever else differs: what it was computed from, and what came of it.
const FIRST: [&str; 12] = [
    "digests",
    "policy",
    "subject",
    "stage",
    "asked",
    "now",
    "params",
    "waivers",
    "verdict",
    "causes",
    "exit_code",
    "reason",
];

/// All differences; none: the same record, but for names of files and places in snapshots, the version of the program, and
/// so its own digest.
#[must_use]
pub fn differences(recorded: &Verdict, now: &Verdict) -> Vec<Difference> {
    let (one, other) = (comparable(recorded), comparable(now));
    let mut found = Vec::new();
    if let (Json::Object(one), Json::Object(other)) = (&one, &other) {
        let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        let mut keys: Vec<&String> = keys.into_iter().collect();
        let rank = |key: &str| FIRST.iter().position(|first| *first == key);
        keys.sort_by_key(|key| rank(key).unwrap_or(FIRST.len()));
        for key in keys {
            compare(one.get(key), other.get(key), key, &mut found);
        }
    }
    found
}

/// A record without what depends on where and by which version it was made.
fn comparable(verdict: &Verdict) -> Json {
    let mut verdict = verdict.clone();
    verdict.policy.path.clear();
    verdict.digests.record.clear();
    verdict.engine.version.clear();
    for finding in &mut verdict.findings {
        if let Some(at) = &mut finding.at {
            at.file.clear();
        }
        let given = finding.proof.iter_mut().flat_map(|proof| &mut proof.given);
        given.for_each(|given| given.place = None);
    }
    for warning in &mut verdict.warnings {
        *warning = unnamed(warning);
    }
    verdict.warnings.sort();
    serde_json::to_value(verdict).unwrap_or_default()
}

fn compare(one: Option<&Json>, other: Option<&Json>, path: &str, found: &mut Vec<Difference>) {
    match (one, other) {
        (Some(Json::Object(one)), Some(Json::Object(other))) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                compare(
                    one.get(key),
                    other.get(key),
                    &format!("{path}.{key}"),
                    found,
                );
            }
        }
        (Some(one), Some(other)) if same(one, other) => {}
        (Some(Json::Array(one)), Some(Json::Array(other))) => lists(one, other, path, found),
        _ => found.push(Difference {
            path: path.to_owned(),
            recorded: one.cloned(),
            now: other.cloned(),
        }),
    }
}

/// Whether two are one value: a program that lays a record out anew may write `5` for `5.0`.
fn same(one: &Json, other: &Json) -> bool {
    one == other || canonical(one) == canonical(other)
}

/// Lists that differ: items with a name of their own by that, others by where they stand.
fn lists(one: &[Json], other: &[Json], path: &str, found: &mut Vec<Difference>) {
    let objects = one.iter().chain(other).all(Json::is_object);
    if !objects {
        found.push(Difference {
            path: path.to_owned(),
            recorded: Some(one.into()),
            now: Some(other.into()),
        });
        return;
    }
    let (Some(named_one), Some(named_other)) = (named(one), named(other)) else {
        for index in 0..one.len().max(other.len()) {
            let path = format!("{path}[{index}]");
            compare(one.get(index), other.get(index), &path, found);
        }
        return;
    };
    let (by_name, other_by_name) = (by_name(&named_one), by_name(&named_other));
    let both = |name: &String| by_name.contains_key(name) && other_by_name.contains_key(name);
    for (name, item) in &named_one {
        let now = other_by_name.get(name).copied();
        compare(Some(item), now, &format!("{path}[{name}]"), found);
    }
    for (name, item) in named_other.iter().filter(|(name, _)| !both(name)) {
        compare(None, Some(item), &format!("{path}[{name}]"), found);
    }
    let order = |named: &[(String, &Json)]| -> Vec<Json> {
        let names = named.iter().map(|(name, _)| name);
        names
            .filter(|name| both(name))
            .cloned()
            .map(Json::String)
            .collect()
    };
    let (recorded, now) = (order(&named_one), order(&named_other));
    if recorded != now {
        found.push(Difference {
            path: format!("{path} (order)"),
            recorded: Some(recorded.into()),
            now: Some(now.into()),
        });
    }
}

fn by_name<'j>(named: &[(String, &'j Json)]) -> BTreeMap<String, &'j Json> {
    named.iter().cloned().collect()
}

/// The items with their names; none where one has no name, or two have one.
fn named(items: &[Json]) -> Option<Vec<(String, &Json)>> {
    let named: Option<Vec<(String, &Json)>> = items
        .iter()
        .map(|item| Some((name(item.as_object()?)?, item)))
        .collect();
    let distinct = |named: &Vec<(String, &Json)>| {
        let names: BTreeSet<&String> = named.iter().map(|(name, _)| name).collect();
        names.len() == named.len()
    };
    named.filter(distinct)
}

/// What an item of a record is known by: a finding by its rule and item, an operand by its text.
fn name(item: &Map<String, Json>) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Json::as_str);
    let own = ["rule", "row", "do", "expr", "what", "input"];
    let own = own.iter().find_map(|key| text(key))?;
    Some(match text("key") {
        Some(key) => format!("{own}[{key}]"),
        None => own.to_owned(),
    })
}

/// A text with `…` for the places in it, `day.jsonl:3:14`: the same may stand in another file, or further down in this one.
fn unnamed(text: &str) -> String {
    let apart = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '`');
    let parts = text.split_inclusive(apart).map(|part| {
        let word = part.trim_end_matches(apart);
        let behind = part.get(word.len()..).unwrap_or_default();
        if is_place(word) {
            format!("…{behind}")
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}

/// Whether it ends in a line and a column, each behind its colon.
fn is_place(word: &str) -> bool {
    let Some((rest, column)) = word.rsplit_once(':') else {
        return false;
    };
    let Some((name, line)) = rest.rsplit_once(':') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // `2025-10-16T10:05:00` is an instant, `10:05:00` a time of the day.
    let time = name.len() >= 2
        && name.bytes().rev().take(2).all(|byte| byte.is_ascii_digit())
        && (digits(name) || name.bytes().rev().nth(2) == Some(b'T'));
    digits(line) && digits(column) && !name.is_empty() && !time
}

#[cfg(test)]
mod tests {
    use super::unnamed;

    #[test]
    fn places_are_left_out_and_instants_are_not() {
        for (text, wanted) in [
            ("a-b: c (runs/day.jsonl:3:14)", "a-b: c (…)"),
            ("day.jsonl:3:14", "…"),
            (
                "`x` at 2025-10-16T10:05:00, 10:05:00 and 2025-10-16T10:05:00Z",
                "`x` at 2025-10-16T10:05:00, 10:05:00 and 2025-10-16T10:05:00Z",
            ),
            ("C:\\runs\\day.jsonl:3:14, too", "…, too"),
            ("a: b", "a: b"),
            ("", ""),
        ] {
            assert_eq!(unnamed(text), wanted);
        }
    }
}
