//! What follows: what to do now, who is to be told by when, where a rollback goes, duties. Every time is one of the record.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::times::clock;
use super::{INDENT, WIDTH, lines, printable};
use crate::report::wrap::wrap;
use crate::verdict::record::{Duty, RollbackPlan};
use crate::verdict::{Escalation, Status, Verdict};

/// What to do now, duties, and what nobody can tell.
pub(super) fn follows(out: &mut String, verdict: &Verdict) {
    block(out, "do now", &now(verdict));
    let duties: Vec<String> = verdict
        .duties
        .iter()
        .map(|duty| owed(duty, verdict))
        .collect();
    block(out, "duties", &duties);
    let undecided = verdict.escalation.iter().filter(|row| row.undecided);
    for row in undecided {
        lines(out, "note", &doubtful(row, verdict));
    }
}

/// The same for other formats, a line each.
pub(super) fn told_apart(verdict: &Verdict) -> Vec<String> {
    let steps = now(verdict).into_iter();
    let steps = steps.map(|step| format!("do now: {step}"));
    let duties = verdict.duties.iter();
    let duties = duties.map(|duty| format!("duty: {}", owed(duty, verdict)));
    let undecided = verdict.escalation.iter().filter(|row| row.undecided);
    let undecided = undecided.map(|row| doubtful(row, verdict));
    steps.chain(duties).chain(undecided).collect()
}

/// Steps below each other; what a step goes on with stands further in than where one begins.
fn block(out: &mut String, label: &str, steps: &[String]) {
    let width = WIDTH.saturating_sub(INDENT).saturating_sub(2);
    for (index, step) in steps.iter().enumerate() {
        for (row, line) in wrap(&printable(step), width, 0).iter().enumerate() {
            let label = if index == 0 && row == 0 { label } else { "" };
            let further = if row == 0 { "" } else { "  " };
            let _ = writeln!(out, "{label:<INDENT$}{further}{line}");
        }
    }
}

/// Where the rollback goes, actions of what failed and of rows that speak, whom to tell; nothing twice.
pub(in crate::report) fn now(verdict: &Verdict) -> Vec<String> {
    let speaking = || verdict.escalation.iter().filter(|row| !row.undecided);
    let failed = verdict.findings.iter().filter(|finding| {
        !finding.watch && matches!(finding.status, Status::Fired | Status::Unmet)
    });
    let actions = failed.filter_map(|finding| {
        let name = finding.name();
        let row = speaking().find(|row| row.matrix.is_none() && row.row == name);
        finding
            .action
            .as_deref()
            .map(|action| act(action, row, verdict))
    });
    let of_rows = speaking().filter_map(|row| match &row.action {
        Some(action) => Some(act(action, Some(row), verdict)),
        // Nobody is told, and nobody says what to do: that it is so must be seen.
        None if row.notify.is_empty() => {
            let what = format!("respond to {}", named(row));
            Some(format!(
                "{}{}",
                act(&what, Some(row), verdict),
                urgency(row)
            ))
        }
        None => None,
    });
    // Before all that goes with it.
    let back = verdict.rollback.iter().map(|plan| back(plan, verdict));
    let mut steps: Vec<String> = back.chain(actions).chain(of_rows).collect();
    steps.extend(
        told(speaking(), verdict)
            .iter()
            .map(|rows| tell(rows, verdict)),
    );
    let mut seen: Vec<String> = Vec::new();
    for step in steps {
        if !seen.contains(&step) {
            seen.push(step);
        }
    }
    seen
}

/// What to do, and by when; whoever is told of it is told by when, too.
fn act(action: &str, row: Option<&Escalation>, verdict: &Verdict) -> String {
    match row.and_then(|row| Some((row, row.respond_by?))) {
        Some((row, by)) if row.notify.is_empty() => {
            format!("{action}, by {}", at(by, row.overdue, verdict))
        }
        _ => action.to_owned(),
    }
}

/// A row with the matrix it stands in.
fn named(row: &Escalation) -> String {
    match &row.matrix {
        Some(matrix) => format!("{} of {matrix}", row.row),
        None => row.row.clone(),
    }
}

/// Whether a row stands for a rule, which is told above as a finding.
fn is_finding(row: &Escalation, verdict: &Verdict) -> bool {
    let mut findings = verdict.findings.iter();
    row.matrix.is_none() && findings.any(|finding| finding.name() == row.row)
}

/// Rows that tell the same people with the same urgency, the one with the earliest time first: nobody is told twice. A row
/// that is named is told with its own times.
fn told<'v>(
    rows: impl Iterator<Item = &'v Escalation>,
    verdict: &Verdict,
) -> Vec<Vec<&'v Escalation>> {
    let mut told: Vec<Vec<&Escalation>> = Vec::new();
    for row in rows.filter(|row| !row.notify.is_empty()) {
        let same = |first: &Escalation| {
            let times = first.respond_by == row.respond_by && first.then == row.then;
            let unnamed = || is_finding(first, verdict) && is_finding(row, verdict);
            let people = first.severity == row.severity && first.notify == row.notify;
            people && (times || unnamed())
        };
        let group = told
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| same(first)));
        match group {
            Some(group) => group.push(row),
            None => told.push(vec![row]),
        }
    }
    for group in &mut told {
        group.sort_by_key(|row| row.respond_by.unwrap_or(Timestamp::MAX));
    }
    told
}

/// `tell on-call (PagerDuty) about slow, respond by 10:12:00Z (P0); no answer: tell sre at 10:17:00Z`. What is told above
/// as a finding is not named again.
fn tell(rows: &[&Escalation], verdict: &Verdict) -> String {
    let Some(row) = rows.first() else {
        return String::new();
    };
    let new = rows.iter().filter(|row| !is_finding(row, verdict));
    let about: Vec<&str> = new.map(|row| row.row.as_str()).collect();
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" about {}", about.join(", "))
    };
    let by = row.respond_by.map_or_else(String::new, |by| {
        format!(", respond by {}", at(by, row.overdue, verdict))
    });
    let next: Vec<String> = row
        .then
        .iter()
        .map(|next| {
            let since = if next.at < verdict.now { "since" } else { "at" };
            let whom = people(&next.notify, verdict);
            format!("tell {whom} {since} {}", clock(next.at, verdict.now))
        })
        .collect();
    let next = if next.is_empty() {
        String::new()
    } else {
        format!("; no answer: {}", next.join(", "))
    };
    let whom = people(&row.notify, verdict);
    format!("tell {whom}{about}{by}{}{next}", urgency(row))
}

/// `roll back: instant to 0%, by 10:12:00Z, then verify in rolled-back, re-enter at canary-5`
pub(in crate::report) fn back(plan: &RollbackPlan, verdict: &Verdict) -> String {
    let mut parts = vec![format!("roll back: {} to {}", plan.mode, plan.target)];
    parts.extend(
        plan.due
            .map(|due| format!("by {}", at(due, plan.overdue, verdict))),
    );
    parts.extend(
        plan.check
            .as_ref()
            .map(|check| format!("then verify in {check}")),
    );
    parts.extend(
        plan.reenter
            .as_ref()
            .map(|stage| format!("re-enter at {stage}")),
    );
    let lacking: Vec<String> = plan
        .requires
        .iter()
        .filter(|one| !matches!(one.status, Some(Status::Met | Status::Clear)))
        .map(|one| match one.status {
            Some(status) => format!("{}, which is {}", one.rule, status.name()),
            None => format!("{}, which this stage does not ask", one.rule),
        })
        .collect();
    let mut text = parts.join(", ");
    if !lacking.is_empty() {
        text.push_str("; it needs ");
        text.push_str(&lacking.join(" and "));
    }
    text
}

/// `write the incident report, by 2025-10-17T10:07:00Z, overdue (engineering-manager)`
pub(in crate::report) fn owed(duty: &Duty, verdict: &Verdict) -> String {
    let by = duty.due.map_or_else(String::new, |due| {
        format!(", by {}", at(due, duty.overdue, verdict))
    });
    let owner = duty.by.as_ref().map_or_else(String::new, |by| {
        let contact = verdict.contacts.get(by);
        let contact = contact.map_or_else(String::new, |contact| format!(", {contact}"));
        format!(" ({by}{contact})")
    });
    let doubt = if duty.undecided {
        ": nobody can tell whether it applies"
    } else {
        ""
    };
    format!("{}{by}{owner}{doubt}", duty.what)
}

/// A row nobody can tell of, and what it would ask.
fn doubtful(row: &Escalation, verdict: &Verdict) -> String {
    let mut asks: Vec<String> = row.action.iter().cloned().collect();
    if !row.notify.is_empty() {
        asks.push(format!("tell {}", people(&row.notify, verdict)));
    }
    let asks = if asks.is_empty() {
        String::new()
    } else {
        format!(": {}", asks.join(", "))
    };
    format!(
        "nobody can tell whether {} applies{}{asks}",
        named(row),
        urgency(row)
    )
}

/// Roles with how they are reached.
pub(in crate::report) fn people(roles: &[String], verdict: &Verdict) -> String {
    let reached = |role: &String| match verdict.contacts.get(role) {
        Some(contact) => format!("{role} ({contact})"),
        None => role.clone(),
    };
    roles.iter().map(reached).collect::<Vec<_>>().join(", ")
}

fn urgency(row: &Escalation) -> String {
    let severity = row.severity.as_ref();
    severity.map_or_else(String::new, |severity| format!(" ({severity})"))
}

fn at(by: Timestamp, overdue: bool, verdict: &Verdict) -> String {
    let overdue = if overdue { ", overdue" } else { "" };
    format!("{}{overdue}", clock(by, verdict.now))
}
