//! What changed of what proves a rule, where that is no condition: evidence, people, a calendar. Never its times.

use std::sync::Arc;

use super::{Direction, Way, by, directed, expression, part, proved};
use crate::diff::calendars;
use crate::diff::difference::Detail;
use crate::diff::side::{Sides, line};
use crate::expr::duration::format_duration;
use crate::expr::form::{Order, Ordered};
use crate::policy::proof::{Approve, Asked, Attest, Environment, Evidence, Field, Quorum};
use crate::policy::{Proof, Rule};

/// What changed of a proof; gives whether only the text of a condition did.
pub(super) fn proofs(
    sides: &mut Sides<'_>,
    old: &Rule,
    new: &Rule,
    into: &mut Vec<Detail>,
) -> bool {
    let way = Way::of(old, new);
    let stops = way.stops;
    let hard = old.on_unmet || new.on_unmet;
    match (&old.proof, &new.proof) {
        (Proof::Evidence(old), Proof::Evidence(new)) => {
            return evidence(sides, (old, new), way, hard, into);
        }
        (Proof::Attest(old), Proof::Attest(new)) => {
            attest(old, new, stops, into);
            asked(
                &old.asked,
                &new.asked,
                stops,
                |narrower| by(narrower, stops),
                into,
            );
        }
        (Proof::Approve(old), Proof::Approve(new)) => {
            approve(old, new, stops, into);
            // Who is not asked cannot say no either.
            asked(&old.asked, &new.asked, stops, |_| Direction::Both, into);
        }
        (Proof::During(was), Proof::During(is)) => {
            // What changed inside of a calendar of the same name is told of the calendar.
            if was.calendar.name != is.calendar.name {
                let names =
                    [&was.calendar.name, &is.calendar.name].map(|name| Some(name.to_string()));
                let [was_name, is_name] = names;
                let narrower = calendars::narrower(sides, was, is);
                if let Some(narrower) = narrower {
                    into.push(part("during", was_name, is_name, narrower, stops));
                }
                return narrower.is_none();
            }
            into.extend(calendars::closed(sides, was, is));
        }
        _ => into.push(Detail::new(
            "proof",
            Some(proved(old)),
            Some(proved(new)),
            Direction::Changed,
        )),
    }
    false
}

fn evidence(
    sides: &mut Sides<'_>,
    (old, new): (&Evidence, &Evidence),
    way: Way,
    hard: bool,
    into: &mut Vec<Detail>,
) -> bool {
    let stops = way.stops;
    let text = |text: &str| Some(text.to_owned());
    if old.id != new.id {
        into.push(part("evidence", text(&old.id), text(&new.id), None, stops));
    }
    if old.failed != new.failed {
        let told = |failed| text(if failed { "failed" } else { "passed" });
        into.push(part(
            "status",
            told(old.failed),
            told(new.failed),
            None,
            stops,
        ));
    }
    // One that failed and is too old is not unmet any more.
    let aged = |narrower| {
        if hard {
            Direction::Both
        } else {
            by(narrower, stops)
        }
    };
    age(old.max_age, new.max_age, aged, into);
    // What is left out leaves another one the newest, which may say anything.
    if old.same_commit != new.same_commit {
        let told = |same: bool| same.then(|| "same".to_owned());
        let (was, is) = (told(old.same_commit), told(new.same_commit));
        into.push(part("commit", was, is, None, stops));
    }
    if old.environment != new.environment {
        let told = |environment: &Environment| match environment {
            Environment::Same => "same".to_owned(),
            Environment::Named(name) => name.to_string(),
        };
        let (was, is) = (
            old.environment.as_ref().map(told),
            new.environment.as_ref().map(told),
        );
        into.push(part("environment", was, is, None, stops));
    }
    if old.since_entry != new.since_entry {
        let told = |entry| text(if entry { "entry" } else { "any" });
        let (was, is) = (told(old.since_entry), told(new.since_entry));
        into.push(part("since", was, is, None, stops));
    }
    match (&old.condition, &new.condition) {
        (None, None) => false,
        (Some(was), Some(is)) => expression(sides, "where", was, is, way, into),
        (was, is) => {
            let order = if is.is_some() {
                Order::Narrower
            } else {
                Order::Wider
            };
            let ordered = Ordered {
                order,
                positive: false,
                known: false,
            };
            let told =
                |of: &Option<Arc<crate::expr::Compiled>>| of.as_ref().map(|of| line(of.text()));
            into.push(directed("where", (told(was), told(is)), ordered, way));
            false
        }
    }
}

fn age(
    old: Option<jiff::SignedDuration>,
    new: Option<jiff::SignedDuration>,
    direction: impl Fn(bool) -> Direction,
    into: &mut Vec<Detail>,
) {
    if old == new {
        return;
    }
    let narrower = match (old, new) {
        (None, _) => true,
        (_, None) => false,
        (Some(old), Some(new)) => new < old,
    };
    let (was, is) = (old.map(format_duration), new.map(format_duration));
    into.push(Detail::new("max_age", was, is, direction(narrower)));
}

fn attest(old: &Attest, new: &Attest, stops: bool, into: &mut Vec<Detail>) {
    if old.role != new.role {
        let narrower = match (&old.role, &new.role) {
            // Who takes a stop back must say in which role, where one is asked for.
            _ if stops => None,
            (None, _) => Some(true),
            (_, None) => Some(false),
            _ => None,
        };
        let told = |role: &Option<Arc<str>>| role.as_ref().map(ToString::to_string);
        let (was, is) = (told(&old.role), told(&new.role));
        into.push(part("role", was, is, narrower, stops));
    }
    if old.count != new.count {
        let (was, is) = (old.count.to_string(), new.count.to_string());
        let narrower = Some(new.count > old.count);
        into.push(part("count", Some(was), Some(is), narrower, stops));
    }
}

fn approve(old: &Approve, new: &Approve, stops: bool, into: &mut Vec<Detail>) {
    let has = |all: &[Arc<str>], some: &[Arc<str>]| some.iter().all(|one| all.contains(one));
    let same = |a: &[Arc<str>], b: &[Arc<str>]| has(a, b) && has(b, a);
    let pure = |narrower| by(narrower, stops);
    let direction = match (&old.quorum, &new.quorum) {
        (Quorum::Each(a, n), Quorum::Each(b, m)) if same(a, b) && n == m => return,
        (Quorum::Any(a, n), Quorum::Any(b, m)) if same(a, b) && n == m => return,
        (Quorum::Each(a, n), Quorum::Each(b, m)) => match (has(b, a), has(a, b)) {
            (true, true) => pure(m > n),
            // Who said no can take it back in a role that is asked for, and in no other.
            (true, false) if m >= n => Direction::Both,
            (false, true) if m <= n => Direction::Both,
            _ => Direction::Changed,
        },
        (Quorum::Any(a, n), Quorum::Any(b, m)) => {
            let (fewer, more) = (has(a, b), has(b, a));
            match (a.is_empty(), b.is_empty()) {
                (false, false) if fewer && m >= n => pure(true),
                (false, false) if more && m <= n => pure(false),
                (true, true) => pure(m > n),
                // Of no role in particular: who names none can say no.
                (true, false) if m >= n => Direction::Both,
                (false, true) if m <= n => Direction::Both,
                _ => Direction::Changed,
            }
        }
        _ => Direction::Changed,
    };
    let told = [&old.quorum, &new.quorum].map(|of| Some(quorum(of)));
    let [was, is] = told;
    into.push(Detail::new("approve", was, is, direction));
}

/// What changed of whom both kinds of statements ask; `who` says what it comes to where fewer people count, or more.
fn asked(
    old: &Asked,
    new: &Asked,
    stops: bool,
    who: impl Fn(bool) -> Direction,
    into: &mut Vec<Detail>,
) {
    age(old.max_age, new.max_age, &who, into);
    if old.any_time != new.any_time {
        let told = |any| Some(if any { "any" } else { "entry" }.to_owned());
        let (was, is) = (told(old.any_time), told(new.any_time));
        into.push(Detail::new("since", was, is, who(!new.any_time)));
    }
    let lists = |some: &Asked, others: &Asked| {
        let has = |name| others.not_by.iter().any(|(other, _)| other == name);
        some.not_by.iter().all(|(name, _)| has(name))
    };
    let told = |asked: &Asked| {
        let names = asked.not_by.iter().map(|(name, _)| name.to_string());
        listed(&names.collect::<Vec<_>>())
    };
    let both = (lists(old, new), lists(new, old));
    into.extend(more("not_by", (told(old), told(new)), both, who));
    // Only who gives it fills in fields.
    let covers = |some: &Asked, others: &Asked| {
        let at_least = |field: &Field| others.fields.iter().any(|other| asks(other, field));
        some.fields.iter().all(at_least)
    };
    let told = |asked: &Asked| {
        let one = |field: &Field| match &field.values {
            None => field.name.to_string(),
            Some(values) => format!("{}: {}", field.name, values.join(" | ")),
        };
        listed(&asked.fields.iter().map(one).collect::<Vec<_>>())
    };
    let both = (covers(old, new), covers(new, old));
    let filled = |narrower| by(narrower, stops);
    into.extend(more("fields", (told(old), told(new)), both, filled));
}

/// Whether a field asks for all that another one asks for.
fn asks(one: &Field, other: &Field) -> bool {
    let inside = match (&one.values, &other.values) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(some), Some(all)) => some.iter().all(|value| all.contains(value)),
    };
    one.name == other.name && inside
}

fn listed(all: &[String]) -> Option<String> {
    (!all.is_empty()).then(|| all.join(", "))
}

/// Something that is asked for: whether all that was asked still is, and whether all that is asked was.
fn more(
    what: &str,
    (old, new): (Option<String>, Option<String>),
    (still, before): (bool, bool),
    direction: impl Fn(bool) -> Direction,
) -> Option<Detail> {
    let direction = match (still, before) {
        (true, true) => return None,
        (true, false) => direction(true),
        (false, true) => direction(false),
        (false, false) => Direction::Changed,
    };
    Some(Detail::new(what, old, new, direction))
}

/// How many must attest, for people.
pub(super) fn attested(attest: &Attest) -> String {
    let role = attest.role.as_ref().map_or("anybody", AsRef::as_ref);
    format!("{} of {role}", attest.count)
}

/// How many must approve, for people.
pub(super) fn quorum(quorum: &Quorum) -> String {
    match quorum {
        Quorum::Each(roles, each) => format!("{each} of each of {}", roles.join(", ")),
        Quorum::Any(roles, any) if roles.is_empty() => format!("{any} of anybody"),
        Quorum::Any(roles, any) => format!("{any} of {}", roles.join(", ")),
    }
}
