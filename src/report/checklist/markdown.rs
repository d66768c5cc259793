//! The list as Markdown. What comes from policies and snapshots is text, whatever it looks like: it never becomes markup.

use std::fmt::Write as _;

use super::{Checklist, Item, State};
use crate::report::mark::{code, escaped, link};
use crate::verdict::{Given, Lack, ProofKind, Status};

/// The list as Markdown.
pub(super) fn markdown(list: &Checklist) -> String {
    let mut out = String::new();
    head(&mut out, list);
    for section in &list.sections {
        let _ = write!(out, "\n## {}\n\n", escaped(&section.title));
        for item in &section.items {
            one(&mut out, item);
        }
    }
    if list.clear > 0 {
        let what = if list.clear == 1 { "stop" } else { "stops" };
        let _ = write!(out, "\n{} {what} did not fire.\n", list.clear);
    }
    out
}

fn head(out: &mut String, list: &Checklist) {
    let _ = write!(
        out,
        "# {} @ {}: {}\n\n{}\n\n",
        escaped(&list.policy.name),
        escaped(&list.stage),
        list.verdict.name(),
        escaped(&list.reason)
    );
    let named: Vec<String> = list.subject.told().map(escaped).collect();
    if !named.is_empty() {
        let _ = writeln!(out, "- Subject: {}", named.join(" "));
    }
    let _ = writeln!(out, "- As of: {}", list.now);
    let count = |state: State| {
        let items = list.sections.iter().flat_map(|section| &section.items);
        items
            .filter(|item| item.state == state && !item.watch)
            .count()
    };
    let mut counts = vec![format!("{} of {}", list.done, list.of)];
    for (state, word) in [
        (State::Waived, "waived"),
        (State::NotApplicable, "N/A"),
        (State::Fired, "fired"),
    ] {
        if count(state) > 0 {
            counts.push(format!("{} {word}", count(state)));
        }
    }
    let _ = writeln!(out, "- Done: {}", counts.join(", "));
    if let Some(next) = &list.next_due {
        let overdue = if next.overdue { ", overdue" } else { "" };
        let _ = writeln!(
            out,
            "- Next due: {} ({}{overdue})",
            next.at,
            escaped(&next.rule)
        );
    }
}

fn one(out: &mut String, item: &Item) {
    let mark = match item.state {
        State::Done => "[x] ",
        State::Open | State::Fired | State::Undecided => "[ ] ",
        State::NotApplicable | State::Waived => "",
    };
    let name = match &item.key {
        Some(key) => format!("{}[{key}]", item.rule),
        None => item.rule.clone(),
    };
    let _ = write!(out, "- {mark}**{}**", escaped(&name));
    if let Some(title) = &item.title {
        let _ = write!(out, ": {}", escaped(title));
    } else if let Some(asks) = asks(item) {
        let _ = write!(out, ": {asks}");
    }
    if item.watch {
        out.push_str(" (watched, never counts)");
    }
    if !item.cite.is_empty() {
        let _ = write!(out, " ({})", escaped(&item.cite.join(", ")));
    }
    out.push('\n');
    told(out, item);
}

/// The lines under an item.
fn told(out: &mut String, item: &Item) {
    let mut line = |text: String| {
        let _ = writeln!(out, "  - {text}");
    };
    match item.state {
        State::NotApplicable => {
            let why = item.why.as_deref().unwrap_or("its `when` is false");
            return line(format!("N/A: {}", escaped(why)));
        }
        // Who said what, and who or what is missing, is told below.
        State::Fired | State::Open if told_below(item) => {
            let asks = asks(item).filter(|_| item.title.is_some());
            let asks = asks.map_or_else(String::new, |asks| format!(": {asks}"));
            line(format!("{}{asks}", item.status.name()));
        }
        State::Undecided => line(format!("undecided: {}", why(item))),
        State::Fired | State::Open => line(format!("{}: {}", item.status.name(), why(item))),
        State::Done if item.why.is_some() => line(why(item)),
        State::Done | State::Waived => {}
    }
    if let Some(waiver) = &item.waiver {
        line(format!(
            "waived until {}, else {}: {} (owner {}, approved by {})",
            waiver.expires,
            waiver.instead_of.name(),
            escaped(&waiver.reason),
            escaped(&waiver.owner),
            escaped(&waiver.approved_by)
        ));
    }
    if let Some(ended) = item.ended {
        line(format!("its waiver expired {ended}"));
    }
    let given = item
        .given
        .iter()
        .filter(|_| item.proof != Some(ProofKind::During));
    given.for_each(|given| line(said(given, item.state != State::Done)));
    for missing in &item.missing {
        line(format!("missing: {}", lacking(&missing.lack)));
        if let Some(how) = &missing.how {
            line(code(how));
        }
    }
    if let Some(how) = &item.how {
        line(code(how));
    }
    item.not_counted
        .iter()
        .for_each(|given| line(format!("does not count: {}", said(given, true))));
    if let Some(due) = item.due.filter(|_| item.state != State::Done || item.late) {
        let late = match (item.late, item.state) {
            (true, State::Done) => ", was late",
            (true, _) => ", overdue",
            (false, _) => "",
        };
        line(format!("due {due}{late}"));
    }
    if let Some(action) = &item.action {
        line(format!("do: {}", escaped(action)));
    }
    if let Some(runbook) = &item.runbook {
        line(format!("runbook: {}", link(runbook)));
    }
}

/// What is asked for: a condition as code, a proof in words.
fn asks(item: &Item) -> Option<String> {
    let asks = item.asks.as_ref()?;
    Some(match item.proof {
        Some(_) => escaped(asks),
        None => code(asks),
    })
}

/// Whether what was given and what is missing tell all there is to be told.
fn told_below(item: &Item) -> bool {
    let known = item.status != Status::Unknown;
    let people = !item.given.is_empty() || !item.missing.is_empty();
    known && people && item.proof.is_some_and(|proof| proof != ProofKind::During)
}

fn why(item: &Item) -> String {
    item.why.as_deref().map(escaped).unwrap_or_default()
}

/// `attested by jon (sre) 2025-10-16T10:00:00Z`.
fn said(given: &Given, reasons: bool) -> String {
    let mut text = escaped(&given.says);
    if let Some(by) = &given.by {
        let _ = write!(text, " by {}", escaped(by));
    }
    if let Some(role) = &given.role {
        let _ = write!(text, " ({})", escaped(role));
    }
    if let Some(at) = given.at {
        let _ = write!(text, " {at}");
    }
    if let Some(why) = given.why.as_ref().filter(|_| reasons) {
        let _ = write!(text, ", {}", escaped(why));
    }
    if let Some(url) = &given.url {
        let _ = write!(text, ", {}", link(url));
    }
    text
}

/// `2 approvals of role sre (PagerDuty): ada, jon`.
fn lacking(lack: &Lack) -> String {
    let mut text = escaped(&lack.named());
    if lack.count > 1 {
        text = format!("{} {text}", lack.count);
    }
    if let Some(role) = &lack.role {
        let _ = write!(text, " of role {}", escaped(role));
    }
    if let Some(contact) = &lack.contact {
        let _ = write!(text, " ({})", escaped(contact));
    }
    if !lack.people.is_empty() {
        let people: Vec<String> = lack.people.iter().map(|name| escaped(name)).collect();
        let _ = write!(text, ": {}", people.join(", "));
    }
    text
}
