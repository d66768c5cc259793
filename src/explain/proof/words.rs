//! Proofs in words.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::evaluate::{Why, World};
use crate::expr::duration::format_duration;
use crate::policy::Proof;
use crate::policy::proof::{Asked, Environment, Evidence, Quorum};

/// Why something does not count that was said or run again.
pub(super) const NEWER: &str = "another one stands in its place";

/// What a proof asks for.
pub(super) fn asks(proof: &Proof) -> String {
    match proof {
        Proof::Expr(_) => String::new(),
        Proof::Evidence(asked) => evidence(asked),
        Proof::Attest(attest) => {
            let role = attest.role.as_ref().map(|role| format!(" of role {role}"));
            let who = format!("{}{}", people(attest.count), role.unwrap_or_default());
            format!("{who}{}", with(&attest.asked))
        }
        Proof::Approve(approve) => {
            let names = |roles: &[Arc<str>], last| joined(roles.iter().map(AsRef::as_ref), last);
            let who = match &approve.quorum {
                Quorum::Any(roles, count) if roles.is_empty() => people(*count),
                Quorum::Each(roles, count) | Quorum::Any(roles, count) if roles.len() == 1 => {
                    format!("{} of role {}", people(*count), names(roles, "or"))
                }
                Quorum::Any(roles, count) => {
                    format!("{} of role {}", people(*count), names(roles, "or"))
                }
                Quorum::Each(roles, count) => {
                    let each = if *count == 1 {
                        "1 person"
                    } else {
                        &people(*count)
                    };
                    format!("{each} of each role: {}", names(roles, "and"))
                }
            };
            format!("{who}{}", with(&approve.asked))
        }
        Proof::During(during) => format!("calendar {} to be open", during.calendar.name),
    }
}

fn evidence(asked: &Evidence) -> String {
    let failed = if asked.failed { " that failed" } else { "" };
    let mut text = format!("evidence {}{failed}", asked.id);
    if asked.same_commit {
        text.push_str(" of this commit");
    }
    match &asked.environment {
        Some(Environment::Same) => text.push_str(" in this environment"),
        Some(Environment::Named(name)) => {
            let _ = write!(text, " in {name}");
        }
        None => {}
    }
    if asked.since_entry {
        text.push_str(", run since the stage was entered");
    }
    if let Some(age) = asked.max_age {
        let _ = write!(text, ", at most {} old", format_duration(age));
    }
    if let Some(condition) = &asked.condition {
        let _ = write!(
            text,
            ", where {}",
            crate::explain::values::told(condition.text().trim())
        );
    }
    text
}

/// What else is asked of statements.
fn with(asked: &Asked) -> String {
    let mut text = String::new();
    for (name, _) in &asked.not_by {
        let _ = write!(text, ", not the {name}");
    }
    if let Some(age) = asked.max_age {
        let _ = write!(text, ", at most {} ago", format_duration(age));
    }
    for field in &asked.fields {
        let _ = write!(text, ", with {}", field.name);
        if let Some(values) = &field.values {
            let _ = write!(text, " ({})", one_of(values.iter().map(AsRef::as_ref)));
        }
    }
    text
}

fn people(count: u32) -> String {
    if count == 1 {
        "1 person".to_owned()
    } else {
        format!("{count} people")
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn one_of<'t>(names: impl Iterator<Item = &'t str>) -> String {
    joined(names, "or")
}

/// `a`, `a and b`, `a, b and c`, where `last` is `and`.
pub(super) fn joined<'t>(names: impl Iterator<Item = &'t str>, last: &str) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// Why something does not count.
pub(super) fn why(why: &Why, world: &World<'_>) -> String {
    match why {
        Why::Undated => "undated".to_owned(),
        Why::Later => "dated after the verdict".to_owned(),
        Why::Other(subject) => format!("about another subject: {}", subject.describe()),
        Why::Unsure(slot) => {
            let name = world.layout().name(*slot);
            format!("nobody knows whether it counts: {name} is not known")
        }
        Why::Key(key) => format!("about the item `{key}`, and the rule speaks for none"),
        Why::Stage(stage) => format!("for stage {stage}"),
        Why::Before(entered) => {
            format!("made before the stage was entered at {entered}, and names no stage")
        }
        Why::RunBefore(entered) => format!("run before the stage was entered at {entered}"),
        Why::Expired(at) => format!("expired at {at}"),
        Why::Old(age) => format!("older than {}", format_duration(*age)),
        Why::NoRole => "names no role".to_owned(),
        Why::OtherRole(role) => format!("role {role} is not asked for"),
        Why::NotListed(role) => format!("role {role} is not listed"),
        Why::NotAmong(role) => format!("not among the people of role {role}"),
        Why::Field(field) => format!("field {field} is not filled in"),
        Why::Value(field) => format!("field {field} says what is not listed"),
        Why::Barred(name) => format!("by the {name}"),
        Why::TakesBack => "takes back what was said before".to_owned(),
        Why::Withdrawn(at) => format!("withdrawn at {at}"),
        Why::Rejected(at) => format!("rejected at {at}"),
        Why::Newer => NEWER.to_owned(),
        Why::NoCommit => "names no commit".to_owned(),
        Why::Commit(commit) => format!("of commit {commit}"),
        Why::NoEnvironment => "names no environment".to_owned(),
        Why::Environment(name) => format!("of environment {name}"),
        Why::Where => "what is asked of its data is false".to_owned(),
        Why::Policy(name) => format!("of policy {name}"),
        Why::RolledBack(at) => format!("rolled back at {at}"),
    }
}
