//! Rows of escalation, duties and plans, of which only the keys that are named are held against what came of it. Never
//! what a rule did.

use serde_json::{Map, Value as Json};

use super::Comparing;
use super::ids::{Id, apart, sorted};
use super::value::{same, written};
use super::want::{Part, Rows, Wanted};
use crate::verdict::Verdict;

/// A row that came of it: its name, and its parts as the record has them.
pub(super) struct Actual {
    /// Its name.
    name: String,
    parts: Json,
}

/// Escalation of a verdict.
pub(super) fn escalation(verdict: &Verdict) -> Vec<Actual> {
    let rows = verdict.escalation.iter();
    rows.map(|row| Actual {
        name: row.row.clone(),
        parts: serde_json::to_value(row).unwrap_or_default(),
    })
    .collect()
}

/// Duties of a verdict.
pub(super) fn duties(verdict: &Verdict) -> Vec<Actual> {
    let duties = verdict.duties.iter();
    duties
        .map(|duty| Actual {
            name: duty.what.clone(),
            parts: serde_json::to_value(duty).unwrap_or_default(),
        })
        .collect()
}

/// Compares rows; `covers` says whether a name is the name of a row.
pub(super) fn rows(
    into: &mut Comparing<'_>,
    wanted: &Wanted,
    rows: &Rows,
    actual: &[Actual],
    covers: fn(&Id, &str) -> bool,
) {
    match rows {
        Rows::All(ids) => {
            let name = |id: &Id| id.text.clone();
            let called = |row: &Actual| row.name.clone();
            let apart = apart(ids, actual, |id, row| covers(id, &row.name), name, called);
            if apart.is_none() {
                return;
            }
            let expected: Json = sorted(ids.iter().map(name)).into();
            let there: Json = sorted(actual.iter().map(called)).into();
            let found = into.differs(wanted.key, wanted.span, expected, there);
            let named = apart.missing.iter().chain(&apart.extra);
            found.rules = named.map(|name| Id::new(name, wanted.span).rule).collect();
            (found.missing, found.extra) = (apart.missing, apart.extra);
        }
        Rows::Some(rows) => {
            for (id, parts) in rows {
                let named = actual.iter().filter(|row| covers(id, &row.name));
                row(
                    into,
                    wanted,
                    id,
                    parts.as_deref(),
                    &named.collect::<Vec<_>>(),
                );
            }
        }
    }
}

fn row(
    into: &mut Comparing<'_>,
    wanted: &Wanted,
    id: &Id,
    parts: Option<&[Part]>,
    named: &[&Actual],
) {
    let key = format!("{}.{}", wanted.key, id.text);
    let rules = vec![id.rule.clone()];
    match (parts, named) {
        (None, []) => {}
        (None, [first, ..]) => {
            let there = first.parts.clone();
            let found = into.differs(key, id.span, Json::Null, there);
            found.note = Some("it is there".to_owned());
            found.rules = rules;
        }
        (Some(parts), []) => {
            let found = into.differs(key, id.span, told(parts), Json::Null);
            found.note = Some("it is not there".to_owned());
            found.rules = rules;
        }
        (Some(parts), named) => {
            for actual in named {
                let before = into.found.len();
                compare(into, &key, parts, &actual.parts);
                let found = into.found.iter_mut().skip(before);
                found.for_each(|one| one.rules.clone_from(&rules));
            }
        }
    }
}

/// Compares the plan of a rollback.
pub(super) fn plan(
    into: &mut Comparing<'_>,
    wanted: &Wanted,
    parts: Option<&[Part]>,
    verdict: &Verdict,
) {
    let actual = verdict.rollback.as_ref().map(|plan| {
        let mut actual = serde_json::to_value(plan).unwrap_or_default();
        // The rules it rests on, by what became of them.
        let required = plan.requires.iter().map(|one| {
            let status = one.status.map_or(Json::Null, |status| status.name().into());
            (one.rule.clone(), status)
        });
        if let Some(map) = actual.as_object_mut() {
            map.insert("requires".to_owned(), required.collect());
        }
        actual
    });
    match (parts, actual) {
        (None, None) => {}
        (None, Some(actual)) => {
            into.differs(wanted.key, wanted.span, Json::Null, actual);
        }
        (Some(parts), None) => {
            let found = into.differs(wanted.key, wanted.span, told(parts), Json::Null);
            found.note = Some("there is no plan for this verdict".to_owned());
        }
        (Some(parts), Some(actual)) => compare(into, wanted.key, parts, &actual),
    }
}

fn compare(into: &mut Comparing<'_>, key: &str, parts: &[Part], actual: &Json) {
    for part in parts {
        let there = actual.get(part.key).cloned().unwrap_or_default();
        let listed = matches!(part.value.kind, crate::source::tree::Kind::List(_));
        // A list of rules is all of them, whatever became of each.
        let there = match there {
            Json::Object(map) if listed => map.keys().cloned().collect::<Vec<_>>().into(),
            there => there,
        };
        if !same(&part.value, &there, None) {
            let key = format!("{key}.{}", part.key);
            into.differs(key, part.value.span, written(&part.value), there);
        }
    }
}

/// What is expected of parts.
fn told(parts: &[Part]) -> Json {
    let each = parts.iter();
    let told: Map<String, Json> = each
        .map(|part| (part.key.to_owned(), written(&part.value)))
        .collect();
    Json::Object(told)
}
