//! What is tried of rules that commands, people and calendars prove: nothing given, failed, taken back, too old, of another
//! commit, by the wrong person, by enough of them; the whole history at another time. It tries nothing.

use std::sync::Arc;

use jiff::SignedDuration;

use super::candidates::Candidate;
use super::change::Change;
use super::flow::Flow;
use super::ground::Ground;
use crate::expr::duration::format_duration;
use crate::expr::value::Value;
use crate::policy::proof::{Asked, Environment, Evidence, Quorum};
use crate::policy::{Proof, Rule};
use crate::snapshot::facts::Kind;
use crate::snapshot::layout::Context;

/// By how much a history is moved to find a calendar open or closed.
const SHIFTS: [i64; 16] = [24, 48, 72, 96, 120, 144, 6, 12, 18, 3, 9, 15, 1, 2, 30, 36];

/// What is tried of a rule that is proved by anything but a condition.
pub(super) fn candidates(ground: &Ground<'_>, rule: &Rule) -> Vec<Candidate> {
    match &rule.proof {
        Proof::Expr(_) => Vec::new(),
        Proof::During(_) => shifts(ground),
        Proof::Evidence(asked) => evidence(ground, rule, asked),
        Proof::Attest(attest) => {
            let roles = vec![attest.role.clone(); size(attest.count)];
            people(ground, rule, Kind::Attestation, &roles, &attest.asked)
        }
        Proof::Approve(approve) => {
            let roles: Vec<Option<Arc<str>>> = match &approve.quorum {
                Quorum::Each(roles, count) => roles
                    .iter()
                    .flat_map(|role| vec![Some(Arc::clone(role)); size(*count)])
                    .collect(),
                Quorum::Any(roles, count) => {
                    (0..size(*count)).map(|_| roles.first().cloned()).collect()
                }
            };
            people(ground, rule, Kind::Approval, &roles, &approve.asked)
        }
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(1).min(20)
}

fn shifts(ground: &Ground<'_>) -> Vec<Candidate> {
    let one = |hours: &i64| {
        let by = SignedDuration::from_hours(*hours);
        let text = format_duration(by);
        if ground.test.get("now").is_none() {
            return Some(vec![Change::new(
                &["shift"],
                Flow::plain(&text),
                format!("{text} later"),
            )]);
        }
        let at = ground.now.checked_add(by).ok()?.to_string();
        let told = format!("now {at}");
        Some(vec![Change::new(&["now"], Flow::plain(at), told)])
    };
    SHIFTS.iter().filter_map(one).collect()
}

fn known(ground: &Ground<'_>, context: Context) -> Option<Arc<str>> {
    match ground.slots.get(ground.policy.layout.context(context))? {
        Value::String(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

/// The items a rule speaks for: each needs a proof of its own.
fn keys(ground: &Ground<'_>, rule: &Rule) -> Vec<Option<String>> {
    let keys = super::local::Local::new(ground, rule).keys();
    if keys.is_empty() {
        return vec![None];
    }
    keys.iter().map(|key| Some(key.to_string())).collect()
}

fn evidence(ground: &Ground<'_>, rule: &Rule, asked: &Evidence) -> Vec<Candidate> {
    let id: &str = &asked.id;
    let mut found = Vec::new();
    let mut change = |keys: &[&str], value: Flow, told: String| {
        let mut way = vec!["patch", "evidence", id];
        way.extend(keys);
        found.push(vec![Change::new(&way, value, told)]);
    };
    let given = ground.facts.evidence.iter();
    if given.clone().any(|one| one.id == asked.id) {
        change(&[], Flow::null(), format!("no {id}"));
        change(&["status"], Flow::text("failed"), format!("{id} failed"));
        change(&["status"], Flow::text("passed"), format!("{id} passed"));
        let other = Flow::text("fffffff");
        change(&["commit"], other, format!("{id} of another commit"));
        let elsewhere = Flow::text("elsewhere");
        change(&["environment"], elsewhere, format!("{id} of elsewhere"));
        for (at, told) in ages(ground, asked.max_age) {
            change(&["at"], Flow::plain(at), format!("{id} {told}"));
        }
    }
    for (status, at, told) in made(ground, asked.max_age) {
        let one = |key: &Option<String>| {
            let mut words = vec![("id".to_owned(), Flow::text(id))];
            let mut add = |key: &str, value: Flow| words.push((key.to_owned(), value));
            if let Some(key) = key {
                add("key", Flow::text(key));
            }
            add("status", Flow::text(status));
            add("at", Flow::plain(&at));
            if let Some(commit) = known(ground, Context::SubjectCommit) {
                add("commit", Flow::text(commit.as_ref()));
            }
            let environment = match &asked.environment {
                Some(Environment::Named(name)) => Some(Arc::clone(name)),
                Some(Environment::Same) => known(ground, Context::SubjectEnvironment),
                None => None,
            };
            if let Some(environment) = environment {
                add("environment", Flow::text(environment.as_ref()));
            }
            Flow::Map(words)
        };
        let items = keys(ground, rule).iter().map(one).collect();
        let told = format!("{id} {status}{told}");
        let way = ["patch", "evidence"];
        found.push(vec![Change::new(&way, Flow::List(items), told)]);
    }
    found
}

/// Evidence that is new: of the verdict's instant, and as old as it may be.
fn made(
    ground: &Ground<'_>,
    max_age: Option<SignedDuration>,
) -> Vec<(&'static str, String, String)> {
    let mut found = Vec::new();
    for status in ["passed", "failed"] {
        found.push((status, ground.now.to_string(), String::new()));
    }
    for (at, told) in ages(ground, max_age) {
        found.push(("passed", at, format!(", {told}")));
    }
    found
}

/// Instants as old as something may be, older and younger; and around the entry of the stage.
fn ages(ground: &Ground<'_>, max_age: Option<SignedDuration>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let second = SignedDuration::from_secs(1);
    if let Some(age) = max_age {
        for age in [
            age,
            age.saturating_add(second),
            age.saturating_sub(second),
            age.saturating_add(age.checked_div(2).unwrap_or(second)),
        ] {
            if let Ok(at) = ground.now.checked_sub(age) {
                found.push((at.to_string(), format!("{} old", format_duration(age))));
            }
        }
    }
    if let Some(entered) = ground.entered {
        found.push((entered.to_string(), "of the entry".to_owned()));
        if let Ok(at) = entered.checked_sub(second) {
            found.push((at.to_string(), "from before the entry".to_owned()));
        }
    }
    found
}

fn people(
    ground: &Ground<'_>,
    rule: &Rule,
    kind: Kind,
    roles: &[Option<Arc<str>>],
    asked: &Asked,
) -> Vec<Candidate> {
    let id: &str = &rule.id;
    let list = match kind {
        Kind::Attestation => "attestations",
        Kind::Approval => "approvals",
    };
    let mut found = Vec::new();
    let mut change = |keys: &[&str], value: Flow, told: String| {
        let mut way = vec!["patch", list];
        way.extend(keys);
        found.push(vec![Change::new(&way, value, told)]);
    };
    let given = ground.facts.statements.iter();
    let given = given.filter(|one| one.kind == kind && one.rule == rule.id);
    let mut by: Vec<&str> = given.map(|one| one.by.as_ref()).collect();
    by.dedup();
    if !by.is_empty() {
        change(&[id], Flow::null(), format!("no {list}"));
        let decisions: &[&str] = match kind {
            Kind::Attestation => &["withdrawn"],
            Kind::Approval => &["withdrawn", "rejected"],
        };
        for (by, decision) in by
            .iter()
            .flat_map(|by| decisions.iter().map(move |decision| (by, decision)))
        {
            let words = [("rule", id), ("by", by), ("decision", decision)];
            let words = words.map(|(key, value)| (key.to_owned(), Flow::text(value)));
            let one = Flow::List(vec![Flow::Map(words.to_vec())]);
            change(&[], one, format!("{decision} by {by}"));
        }
        for (at, told) in ages(ground, asked.max_age) {
            change(&[id, "at"], Flow::plain(at), format!("{list} {told}"));
        }
        for field in &asked.fields {
            let way = [id, "fields", field.name.as_ref()];
            change(&way, Flow::null(), format!("no {}", field.name));
        }
        if let Some(author) = known(ground, Context::SubjectAuthor) {
            let by = Flow::text(author.as_ref());
            change(&[id, "by"], by, "by the author".to_owned());
        }
        let commit = Flow::text("fffffff");
        change(&[id, "commit"], commit, "of another commit".to_owned());
    }
    let now = ground.now.to_string();
    let statement = |index: usize, role: &Option<Arc<str>>, key: &Option<String>, at: &str| {
        let mut words = vec![("rule".to_owned(), Flow::text(id))];
        let mut add = |key: &str, value: Flow| words.push((key.to_owned(), value));
        if let Some(key) = key {
            add("key", Flow::text(key));
        }
        add("by", Flow::text(person(ground, role.as_ref(), index)));
        if let Some(role) = role {
            add("role", Flow::text(role.as_ref()));
        }
        add("at", Flow::plain(at));
        if kind == Kind::Approval {
            add("decision", Flow::text("approved"));
        }
        if !asked.fields.is_empty() {
            let value = |field: &crate::policy::proof::Field| {
                let listed = field.values.as_ref().and_then(|values| values.first());
                let value = listed.map_or("given", AsRef::as_ref);
                (field.name.to_string(), Flow::text(value))
            };
            add(
                "fields",
                Flow::Map(asked.fields.iter().map(value).collect()),
            );
        }
        Flow::Map(words)
    };
    let keys = keys(ground, rule);
    let all = |roles: &[Option<Arc<str>>], at: &str| {
        let one = |key: &Option<String>| {
            let each = roles.iter().enumerate();
            let each = each.map(|(index, role)| statement(index, role, key, at));
            each.collect::<Vec<Flow>>()
        };
        Flow::List(keys.iter().flat_map(one).collect())
    };
    change(&[], all(roles, &now), format!("{} {list}", roles.len()));
    if let Some((_, fewer)) = roles.split_last()
        && !fewer.is_empty()
    {
        change(&[], all(fewer, &now), format!("{} {list}", fewer.len()));
    }
    for (at, told) in ages(ground, asked.max_age) {
        change(&[], all(roles, &at), format!("{list} {told}"));
    }
    found
}

/// Somebody who has a role.
fn person(ground: &Ground<'_>, role: Option<&Arc<str>>, index: usize) -> String {
    const PEOPLE: [&str; 6] = ["ada", "ben", "cleo", "dan", "eve", "finn"];
    let roles = ground.policy.roles.iter().flatten();
    let people = role
        .and_then(|role| roles.into_iter().find(|one| one.name == *role))
        .and_then(|role| role.people.as_ref());
    let listed = people.and_then(|people| people.get(index).or(people.last()));
    match (listed, PEOPLE.get(index)) {
        (Some(person), _) => person.to_string(),
        (None, Some(person)) => (*person).to_owned(),
        (None, None) => format!("person {index}"),
    }
}
