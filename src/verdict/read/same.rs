//! What was read against what gonogo writes of it: every key more or less, every value that is another one, and the digest.
//! The order of keys and the space between them are free.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::shape::another;
use super::{beginning, data};
use crate::expr::shortened;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem, Source};
use crate::verdict::Verdict;

/// After so many nobody reads on: one is enough to refuse a record.
const MOST: usize = 20;

/// What of a record is not what was written.
pub(super) fn altered(source: &Source, record: &Node, verdict: &Verdict) -> Vec<Problem> {
    let written = serde_json::to_value(verdict).unwrap_or_default();
    let mut found = Found {
        source,
        problems: Vec::new(),
    };
    found.compare(record, &written, "");
    if found.problems.is_empty() {
        let digest = verdict.clone().sealed().digests.record;
        if digest != verdict.digests.record {
            let place = record.get("digests").and_then(|all| all.get("record"));
            let place = beginning(place.unwrap_or(record));
            let message = "the record is not what gonogo wrote: its digest is another one";
            found.problems.push(
                Problem::new(Code::RecordAltered, message)
                    .at(source, place, format!("what it says has `{digest}`"))
                    .help(HELP),
            );
        }
    }
    // A program of another version may have other fields; then nothing was changed by hand.
    let wrote = &verdict.engine.version;
    if *wrote != crate::verdict::Engine::default().version {
        for problem in &mut found.problems {
            problem.help = Some(format!("{}; else {HELP}", another(Some(wrote))));
        }
    }
    found.problems
}

const HELP: &str = "somebody has changed it since: take the record from where it was kept, or make it anew with `gonogo eval --record FILE`";

struct Found<'s> {
    source: &'s Source,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn compare(&mut self, node: &Node, written: &Json, path: &str) {
        match (&node.kind, written) {
            (Kind::Map(entries), Json::Object(fields)) => {
                for entry in entries {
                    let path = below(path, &entry.key.text);
                    match fields.get(&entry.key.text) {
                        Some(field) => self.compare(&entry.value, field, &path),
                        None => self.added(entry, &path),
                    }
                }
                let has: BTreeSet<&str> = entries.iter().map(|one| one.key.text.as_str()).collect();
                for key in fields.keys().filter(|key| !has.contains(key.as_str())) {
                    let path = below(path, key);
                    let message = format!("`{path}` is missing: a record has it, be it `null`");
                    self.tell(node, message, "missing here");
                }
            }
            (Kind::List(items), Json::Array(fields)) if items.len() == fields.len() => {
                for (index, (item, field)) in items.iter().zip(fields).enumerate() {
                    self.compare(item, field, &format!("{path}[{index}]"));
                }
            }
            (Kind::Scalar(scalar), field)
                if data::single(scalar).is_some_and(|own| same(&own, field)) => {}
            _ => {
                let wrote = shortened(&field(written), 60);
                let message = format!("`{path}` is not as gonogo writes it: that is `{wrote}`");
                self.tell(node, message, "written otherwise");
            }
        }
    }

    fn added(&mut self, entry: &Entry, path: &str) {
        if self.problems.len() < MOST {
            let message = format!("`{path}` does not belong in a record");
            self.problems.push(
                Problem::new(Code::RecordAltered, message)
                    .at(self.source, entry.key_span, "added")
                    .help(HELP),
            );
        }
    }

    fn tell(&mut self, node: &Node, message: String, label: &str) {
        if self.problems.len() < MOST {
            self.problems.push(
                Problem::new(Code::RecordAltered, message)
                    .at(self.source, beginning(node), label)
                    .help(HELP),
            );
        }
    }
}

/// A value in a message; a text without its quotes.
fn field(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
        .replace('`', "'")
}

fn below(path: &str, key: &str) -> String {
    let key = shortened(key, 100).replace('`', "'");
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

/// Whether two are one value. A whole number may stand for one with a point, where it loses nothing.
fn same(one: &Json, other: &Json) -> bool {
    const EXACT: u64 = 1 << 53;
    let whole = |number: &serde_json::Number| {
        let size = number.as_u64().or(number.as_i64().map(i64::unsigned_abs));
        size.is_none_or(|size| size <= EXACT)
    };
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || (whole(one) && whole(other) && one.as_f64() == other.as_f64())
        }
        _ => one == other,
    }
}
