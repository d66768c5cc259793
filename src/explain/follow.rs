//! What follows from a verdict, for the record: who is asked for what by when, where a rollback goes, what is to be done.
//! Every time is counted from what became of rules when, never from the clock. Decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::calendar::Lasting;
use crate::evaluate::moment::later;
use crate::evaluate::{Follows, Outcome, Question, Subject, follow};
use crate::policy::{Policy, Severity};
use crate::verdict::record::{Duty, NextLevel, Required, RollbackPlan};
use crate::verdict::{Decision, Escalation, Finding, Status};

/// The parts of a record that say what follows.
pub(super) struct Following {
    pub(super) next: Option<String>,
    pub(super) rollback: Option<RollbackPlan>,
    pub(super) escalation: Vec<Escalation>,
    pub(super) duties: Vec<Duty>,
    /// How the roles among them are reached.
    pub(super) contacts: BTreeMap<String, String>,
    /// What could not be followed as it is written.
    pub(super) said: Vec<String>,
}

/// What follows from a verdict.
pub(super) fn following(
    policy: &Policy,
    question: Question<'_>,
    decision: Decision,
    follows: &Follows<'_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
) -> Following {
    let now = question.now;
    let escalation = escalation(policy, follows, outcomes, findings, now);
    let duties = duties(follows, now);
    Following {
        next: next(policy, question, decision, follows),
        rollback: rollback(follows, outcomes, now),
        contacts: contacts(policy, &escalation, &duties),
        escalation,
        duties,
        said: follows.unsure.iter().map(said).collect(),
    }
}

/// The stage that follows: on a go alone.
#[must_use]
pub fn next(
    policy: &Policy,
    question: Question<'_>,
    decision: Decision,
    follows: &Follows<'_>,
) -> Option<String> {
    if decision != Decision::Go {
        return None;
    }
    if policy.is_check(question.stage) {
        return follows.reenter.map(str::to_owned);
    }
    let next = policy.next(question.stage);
    next.map(|stage| stage.name.to_string())
}

/// Rules with a severity that fired or are unmet, and the rows that speak; most urgent first, those without a severity last.
fn escalation(
    policy: &Policy,
    follows: &Follows<'_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    now: Timestamp,
) -> Vec<Escalation> {
    let mut entries: Vec<(usize, Escalation)> = Vec::new();
    for (outcome, finding) in outcomes.iter().zip(findings) {
        let Subject::Rule(rule, _) = &outcome.of else {
            continue;
        };
        let severity = rule.severity.and_then(|index| policy.severities.get(index));
        let Some((index, severity)) = rule.severity.zip(severity) else {
            continue;
        };
        if rule.watch || !matches!(outcome.status, Status::Fired | Status::Unmet) {
            continue;
        }
        let begun = finding.fired_at.or(finding.since);
        let mut entry = entry(Some(severity), None, begun, now);
        entry.row = finding.name();
        entry.action.clone_from(&finding.action);
        entry.cite.clone_from(&finding.cite);
        entries.push((index, entry));
    }
    for speaks in &follows.rows {
        let row = speaks.row;
        let severity = row.severity.and_then(|index| policy.severities.get(index));
        let mut entry = entry(severity, row.within.as_ref(), speaks.since, now);
        entry.row = row.id.to_string();
        entry.matrix = speaks.matrix.name.as_ref().map(ToString::to_string);
        entry.undecided = speaks.undecided;
        entry.action = row.action.as_ref().map(ToString::to_string);
        for role in &row.notify {
            if !entry.notify.iter().any(|told| **told == **role) {
                entry.notify.push(role.to_string());
            }
        }
        entry.cite = strings(&row.cite);
        entries.push((row.severity.unwrap_or(usize::MAX), entry));
    }
    let key = |(urgency, entry): &(usize, Escalation)| {
        let (row, matrix) = (entry.row.clone(), entry.matrix.clone());
        (*urgency, entry.undecided, row, matrix)
    };
    entries.sort_by_cached_key(key);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// An entry with whom its severity tells, and the times that are counted from when it began.
fn entry(
    severity: Option<&Severity>,
    within: Option<&Lasting>,
    begun: Option<Timestamp>,
    now: Timestamp,
) -> Escalation {
    let within = within.or_else(|| severity?.respond_within.as_ref());
    let respond_by = due(within, begun);
    let levels = severity.into_iter().flat_map(|severity| &severity.then);
    let levels = levels.zip(std::iter::repeat(begun));
    let next = levels.filter_map(|((after, roles), begun)| {
        Some(NextLevel {
            at: later(begun?, *after),
            notify: strings(roles),
        })
    });
    Escalation {
        row: String::new(),
        matrix: None,
        severity: severity.map(|severity| severity.id.to_string()),
        undecided: false,
        since: begun,
        action: None,
        notify: severity.map_or_else(Vec::new, |severity| strings(&severity.notify)),
        respond_by,
        overdue: respond_by.is_some_and(|by| by < now),
        then: next.collect(),
        cite: Vec::new(),
    }
}

fn rollback(
    follows: &Follows<'_>,
    outcomes: &[Outcome<'_>],
    now: Timestamp,
) -> Option<RollbackPlan> {
    let plan = follows.plan?;
    let due = due(plan.within.as_ref(), follows.from);
    let required = |id: &Arc<str>| {
        let of = |outcome: &&Outcome<'_>| matches!(&outcome.of, Subject::Rule(rule, _) if rule.id == *id);
        // The order of findings: of a rule that speaks for each the worst item is the first.
        let found = outcomes.iter().find(of);
        Required {
            rule: id.to_string(),
            status: found.map(|outcome| outcome.status),
        }
    };
    Some(RollbackPlan {
        mode: plan.mode.to_string(),
        target: plan.target.to_string(),
        reenter: plan.reenter.as_ref().map(ToString::to_string),
        due,
        overdue: due.is_some_and(|due| due < now),
        requires: plan.requires.iter().map(required).collect(),
        check: plan.check.as_ref().map(ToString::to_string),
        cite: strings(&plan.cite),
    })
}

/// Duties, the first due first; those without a time as they are written, behind the others.
fn duties(follows: &Follows<'_>, now: Timestamp) -> Vec<Duty> {
    let mut duties: Vec<Duty> = follows
        .duties
        .iter()
        .map(|owed| {
            let due = due(owed.duty.within.as_ref(), follows.from);
            Duty {
                what: owed.duty.what.to_string(),
                by: owed.duty.by.as_ref().map(ToString::to_string),
                due,
                overdue: due.is_some_and(|due| due < now),
                undecided: owed.undecided,
                cite: strings(&owed.duty.cite),
            }
        })
        .collect();
    duties.sort_by_key(|duty| duty.due.unwrap_or(Timestamp::MAX));
    duties
}

/// When something is due; none where nobody says how long it may take or since when it does, and where it never is.
fn due(within: Option<&Lasting>, from: Option<Timestamp>) -> Option<Timestamp> {
    let due = within?.after(from?);
    Some(due).filter(|due| *due < Timestamp::MAX)
}

/// How the roles that are named are reached.
fn contacts(
    policy: &Policy,
    escalation: &[Escalation],
    duties: &[Duty],
) -> BTreeMap<String, String> {
    let later = escalation.iter().flat_map(|entry| &entry.then);
    let named = escalation.iter().flat_map(|entry| &entry.notify);
    let named = named.chain(later.flat_map(|next| &next.notify));
    let named: Vec<&String> = named
        .chain(duties.iter().filter_map(|duty| duty.by.as_ref()))
        .collect();
    let roles = policy.roles.iter().flatten();
    roles
        .filter(|role| named.iter().any(|name| **name == *role.name))
        .filter_map(|role| Some((role.name.to_string(), role.contact.as_ref()?.to_string())))
        .collect()
}

fn said(unsure: &follow::Unsure<'_>) -> String {
    match unsure {
        follow::Unsure::Several(matrix, rows) => {
            let ids: Vec<String> = rows.iter().map(|row| format!("`{}`", row.id)).collect();
            let of = matrix
                .name
                .as_ref()
                .map_or_else(String::new, |name| format!(" of `{name}`"));
            format!(
                "the rows {}{of} are true at once, and only one of them may be",
                ids.join(", ")
            )
        }
        follow::Unsure::PassedOver(plan) => format!(
            "nobody can tell whether the plan `{} to {}` applies ({}): it was passed over",
            plan.mode,
            plan.target,
            plan.expr.as_ref().map_or("", |expr| expr.text()),
        ),
        follow::Unsure::Reenter(plan) => format!(
            "which stage comes next depends on why the rollback was ({}): see its record",
            plan.expr.as_ref().map_or("", |expr| expr.text()),
        ),
    }
}

fn strings(texts: &[Arc<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
