//! What changed of what proves a rule, where that is no condition: evidence, people, a calendar. Never its times.

use std::sync::Arc;

use super::{Direction, directed, expression, part, proved, stops};
use crate::diff::calendars;
use crate::diff::difference::Detail;
use crate::diff::side::{Sides, line};
use crate::expr::duration::format_duration;
use crate::expr::form::{Order, Ordered};
use crate::policy::proof::{Approve, Asked, Attest, Environment, Evidence, Quorum};
use crate::policy::{Proof, Rule};

/// What changed of a proof; gives whether only the text of a condition did.
pub(super) fn proofs(
    sides: &mut Sides<'_>,
    old: &Rule,
    new: &Rule,
    into: &mut Vec<Detail>,
) -> bool {
    let stops = stops(new);
    match (&old.proof, &new.proof) {
        (Proof::Evidence(old), Proof::Evidence(new)) => {
            return evidence(sides, old, new, stops, into);
        }
        (Proof::Attest(old), Proof::Attest(new)) => {
            attest(old, new, stops, into);
            asked(&old.asked, &new.asked, stops, into);
        }
        (Proof::Approve(old), Proof::Approve(new)) => {
            approve(old, new, stops, into);
            asked(&old.asked, &new.asked, stops, into);
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
    old: &Evidence,
    new: &Evidence,
    stops: bool,
    into: &mut Vec<Detail>,
) -> bool {
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
    age(old.max_age, new.max_age, stops, into);
    if old.same_commit != new.same_commit {
        let told = |same: bool| same.then(|| "same".to_owned());
        let (was, is) = (told(old.same_commit), told(new.same_commit));
        into.push(part("commit", was, is, Some(new.same_commit), stops));
    }
    if old.environment != new.environment {
        let told = |environment: &Environment| match environment {
            Environment::Same => "same".to_owned(),
            Environment::Named(name) => name.to_string(),
        };
        let narrower = match (&old.environment, &new.environment) {
            (None, _) => Some(true),
            (_, None) => Some(false),
            _ => None,
        };
        let (was, is) = (
            old.environment.as_ref().map(told),
            new.environment.as_ref().map(told),
        );
        into.push(part("environment", was, is, narrower, stops));
    }
    if old.since_entry != new.since_entry {
        let told = |entry| text(if entry { "entry" } else { "any" });
        let (was, is) = (told(old.since_entry), told(new.since_entry));
        into.push(part("since", was, is, Some(new.since_entry), stops));
    }
    match (&old.condition, &new.condition) {
        (None, None) => false,
        (Some(was), Some(is)) => expression(sides, "where", was, is, stops, into),
        (was, is) => {
            let order = if is.is_some() {
                Order::Narrower
            } else {
                Order::Wider
            };
            let ordered = Ordered {
                order,
                positive: false,
            };
            let told =
                |of: &Option<Arc<crate::expr::Compiled>>| of.as_ref().map(|of| line(of.text()));
            into.push(directed("where", (told(was), told(is)), ordered, stops));
            false
        }
    }
}

fn age(
    old: Option<jiff::SignedDuration>,
    new: Option<jiff::SignedDuration>,
    stops: bool,
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
    into.push(part("max_age", was, is, Some(narrower), stops));
}

fn attest(old: &Attest, new: &Attest, stops: bool, into: &mut Vec<Detail>) {
    if old.role != new.role {
        let narrower = match (&old.role, &new.role) {
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
    let narrower = match (&old.quorum, &new.quorum) {
        (Quorum::Each(a, n), Quorum::Each(b, m)) if same(a, b) && n == m => return,
        (Quorum::Any(a, n), Quorum::Any(b, m)) if same(a, b) && n == m => return,
        (Quorum::Each(a, n), Quorum::Each(b, m)) => match (has(b, a), has(a, b)) {
            (true, _) if m >= n => Some(true),
            (_, true) if m <= n => Some(false),
            _ => None,
        },
        (Quorum::Any(a, n), Quorum::Any(b, m)) => {
            // Of no role in particular: of any.
            let fewer = a.is_empty() || (!b.is_empty() && has(a, b));
            let more = b.is_empty() || (!a.is_empty() && has(b, a));
            match (fewer, more) {
                (true, _) if m >= n => Some(true),
                (_, true) if m <= n => Some(false),
                _ => None,
            }
        }
        _ => None,
    };
    let told = [&old.quorum, &new.quorum].map(|of| Some(quorum(of)));
    let [was, is] = told;
    into.push(part("approve", was, is, narrower, stops));
}

fn asked(old: &Asked, new: &Asked, stops: bool, into: &mut Vec<Detail>) {
    age(old.max_age, new.max_age, stops, into);
    if old.any_time != new.any_time {
        let told = |any| Some(if any { "any" } else { "entry" }.to_owned());
        let (was, is) = (told(old.any_time), told(new.any_time));
        into.push(part("since", was, is, Some(!new.any_time), stops));
    }
    let names = |asked: &Asked| {
        asked
            .not_by
            .iter()
            .map(|(name, _)| name.to_string())
            .collect()
    };
    more("not_by", names(old), names(new), stops, into);
    let fields = |asked: &Asked| {
        let one = |field: &crate::policy::proof::Field| match &field.values {
            None => field.name.to_string(),
            Some(values) => format!("{}: {}", field.name, values.join(" | ")),
        };
        asked.fields.iter().map(one).collect()
    };
    more("fields", fields(old), fields(new), stops, into);
}

/// A list of which each is asked for.
fn more(what: &str, old: Vec<String>, new: Vec<String>, stops: bool, into: &mut Vec<Detail>) {
    let lost = old.iter().any(|one| !new.contains(one));
    let won = new.iter().any(|one| !old.contains(one));
    let narrower = match (lost, won) {
        (false, false) => return,
        (false, true) => Some(true),
        (true, false) => Some(false),
        (true, true) => None,
    };
    let told = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
    into.push(part(what, told(old), told(new), narrower, stops));
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
