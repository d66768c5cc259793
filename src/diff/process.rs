//! What changed of what follows a verdict: severities, escalation, the plan of a rollback, duties. None of it lets anything
//! pass, so it has no direction.

use std::collections::BTreeMap;

use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::{Sides, line};
use crate::expr::duration::format_duration;
use crate::policy::{After, Duty, Plan, Policy, Row, Severity};

/// What is told of one thing, by what it is and its name.
type Told = BTreeMap<(&'static str, String), String>;

/// What follows a verdict under the two policies.
pub(super) fn process(sides: &Sides<'_>, difference: &mut Difference) {
    let (old, new) = (told(sides.old), told(sides.new));
    for (key, was) in &old {
        match new.get(key) {
            Some(is) if is == was => {}
            Some(is) => {
                let detail = Detail::new(
                    "says",
                    Some(was.clone()),
                    Some(is.clone()),
                    Direction::Neutral,
                );
                let item = Item::new(key.0, key.1.as_str(), Change::Changed);
                difference.add(item.with(vec![detail]));
            }
            None => {
                let detail = Detail::new("says", Some(was.clone()), None, Direction::Neutral);
                let item = Item::new(key.0, key.1.as_str(), Change::Removed);
                difference.add(item.with(vec![detail]));
            }
        }
    }
    for (key, is) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        let detail = Detail::new("says", None, Some(is.clone()), Direction::Neutral);
        let item = Item::new(key.0, key.1.as_str(), Change::Added);
        difference.add(item.with(vec![detail]));
    }
}

fn told(policy: &Policy) -> Told {
    let mut found = Told::new();
    for (rank, severity) in policy.severities.iter().enumerate() {
        let key = ("severity", super::told(&severity.id));
        found.insert(key, of_severity(rank, severity));
    }
    for matrix in &policy.escalation {
        let name = matrix.name.as_ref().map(|name| format!("{name}."));
        let name = name.unwrap_or_default();
        for (index, row) in matrix.rows.iter().enumerate() {
            let order = match matrix.hit {
                crate::policy::Hit::First => format!(
                    "row {} of those of which the first speaks: ",
                    index.saturating_add(1)
                ),
                crate::policy::Hit::All => String::new(),
                crate::policy::Hit::Unique => "the only one to speak: ".to_owned(),
            };
            let key = ("escalation", format!("{name}{}", row.id));
            found.insert(key, format!("{order}{}", of_row(policy, row)));
        }
    }
    for (index, plan) in policy.rollback_plan.iter().enumerate() {
        let key = ("rollback_plan", format!("row {}", index.saturating_add(1)));
        found.insert(key, of_plan(plan));
    }
    after(&mut found, "", &policy.after);
    for stage in policy.judged() {
        after(&mut found, &format!("{}.", stage.name), &stage.after);
    }
    found
}

fn list(names: &[std::sync::Arc<str>]) -> String {
    names.join(", ")
}

fn of_severity(rank: usize, severity: &Severity) -> String {
    let within = severity.respond_within.as_ref();
    let within = within.map(|within| format!(", respond within {within}"));
    let then = severity
        .then
        .iter()
        .map(|(after, who)| format!(", after {} tell {}", format_duration(*after), list(who)));
    format!(
        "urgency {}{}, tell {}{}",
        rank.saturating_add(1),
        within.unwrap_or_default(),
        list(&severity.notify),
        then.collect::<String>()
    )
}

fn of_row(policy: &Policy, row: &Row) -> String {
    let severity = row.severity.and_then(|index| policy.severities.get(index));
    let parts = [
        Some(line(row.expr.text())),
        row.hold
            .map(|hold| format!("for {}", format_duration(hold))),
        severity.map(|severity| severity.id.to_string()),
        row.action.as_ref().map(|action| line(action)),
        row.within.as_ref().map(|within| format!("within {within}")),
        (!row.notify.is_empty()).then(|| format!("tell {}", list(&row.notify))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn of_plan(plan: &Plan) -> String {
    let duties = plan.duties.iter().map(of_duty);
    let parts = [
        plan.expr.as_ref().map(|expr| line(expr.text())),
        Some(format!("{} to {}", plan.mode, plan.target)),
        plan.reenter
            .as_ref()
            .map(|stage| format!("reenter {stage}")),
        plan.within
            .as_ref()
            .map(|within| format!("within {within}")),
        (!plan.requires.is_empty()).then(|| format!("requires {}", list(&plan.requires))),
        plan.check.as_ref().map(|check| format!("check {check}")),
    ];
    let parts = parts.into_iter().flatten().chain(duties);
    parts.collect::<Vec<_>>().join(" · ")
}

fn of_duty(duty: &Duty) -> String {
    let parts = [
        Some(line(&duty.what)),
        duty.by.as_ref().map(|by| format!("by {by}")),
        duty.within
            .as_ref()
            .map(|within| format!("within {within}")),
        duty.when
            .as_ref()
            .map(|when| format!("when {}", line(when.text()))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn after(found: &mut Told, stage: &str, after: &After) {
    let all = [
        ("rollback", &after.rollback),
        ("no-go", &after.no_go),
        ("go", &after.go),
    ];
    for (verdict, duties) in all {
        if !duties.is_empty() {
            let told: Vec<String> = duties.iter().map(of_duty).collect();
            found.insert(("after", format!("{stage}{verdict}")), told.join(" · "));
        }
    }
}
