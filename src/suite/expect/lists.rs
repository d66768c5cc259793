//! Expectations that need no reasons: the verdict, its causes, what became of rules, how long. Never explains.

use serde_json::{Value as Json, json};

use super::Comparing;
use super::ids::{Id, apart, sorted};
use super::outline::{Member, Outline};
use super::want::{Want, Wanted};
use crate::expr::duration::format_duration;
use crate::verdict::Cause;

/// Adds what is other than expected; what needs reasons is left out.
pub(super) fn compare(into: &mut Comparing<'_>, wanted: &Wanted, outline: &Outline) {
    let (key, span) = (wanted.key, wanted.span);
    match &wanted.what {
        Want::Verdict(decision) if *decision != outline.decision => {
            into.differs(key, span, json!(decision), json!(outline.decision));
        }
        Want::ExitCode(code) if *code != outline.exit_code => {
            into.differs(key, span, json!(code), json!(outline.exit_code));
        }
        Want::Next(next) => {
            let next = next.as_ref().map(|next| next.as_str().to_owned());
            if next != outline.next {
                into.differs(key, span, json!(next), json!(outline.next));
            }
        }
        Want::Causes(causes) => {
            let name = |cause: &Cause| cause.name().to_owned();
            let apart = apart(causes, &outline.causes, |a, b| a == b, name, name);
            if !apart.is_none() {
                let mut expected = causes.clone();
                expected.sort_unstable();
                expected.dedup();
                let found = into.differs(key, span, json!(expected), json!(outline.causes));
                (found.missing, found.extra) = (apart.missing, apart.extra);
            }
        }
        Want::Rules(status, ids) => {
            // What only watches counts for nothing: it is in the list for whoever names it.
            let members: Vec<&Member> = outline
                .members
                .iter()
                .filter(|member| member.is(*status))
                .filter(|member| !member.watch || ids.iter().any(|id| covers(id, member)))
                .collect();
            let name = |id: &Id| id.text.clone();
            let called = |member: &&Member| member.name();
            let apart = apart(ids, &members, |id, member| covers(id, member), name, called);
            if !apart.is_none() {
                let expected = sorted(ids.iter().map(name));
                let actual = sorted(members.iter().map(called));
                let found = into.differs(key, span, json!(expected), json!(actual));
                let named = apart.missing.iter().chain(&apart.extra);
                found.rules = named.map(|name| Id::new(name, span).rule).collect();
                found.note = instead(&apart.missing, outline);
                (found.missing, found.extra) = (apart.missing, apart.extra);
            }
        }
        Want::Held(held) => {
            for (id, long) in held {
                let members = outline.members.iter();
                let members: Vec<&Member> = members.filter(|one| covers(id, one)).collect();
                if !members.is_empty() && members.iter().all(|one| one.held == *long) {
                    continue;
                }
                let other = members.iter().find(|one| one.held != *long);
                let actual = other.and_then(|one| one.held);
                let text =
                    |long: Option<_>| long.map_or(Json::Null, |long| format_duration(long).into());
                let key = format!("{key}.{}", id.text);
                let found = into.differs(key, id.span, text(*long), text(actual));
                found.rules = vec![id.rule.clone()];
                if other.is_none() {
                    found.note = Some("there is no such item".to_owned());
                }
            }
        }
        _ => {}
    }
}

/// What became of those that are not in a list.
fn instead(missing: &[String], outline: &Outline) -> Option<String> {
    let told: Vec<String> = missing
        .iter()
        .map(|name| {
            let id = Id::new(name, crate::source::Span::new(0, 0));
            let members = outline.members.iter().filter(|one| covers(&id, one));
            let statuses = sorted(members.map(|one| one.status.name().to_owned()));
            if statuses.is_empty() {
                format!("{name} is not there")
            } else {
                format!("{name} is {}", statuses.join(" and "))
            }
        })
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn covers(id: &Id, member: &Member) -> bool {
    id.names(&member.rule, member.key.as_deref())
}
