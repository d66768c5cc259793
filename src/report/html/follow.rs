//! What follows from a verdict: what to do now, who is told by when, where a rollback goes, duties. Every time is one of the
//! record; it never counts any.

use super::markup::Markup;
use super::{pair, section};
use crate::report::text::follow::{back, now, owed, people};
use crate::report::text::times::clock;
use crate::verdict::record::RollbackPlan;
use crate::verdict::{Escalation, Status, Verdict};

/// The most rules named beside a step.
const NAMED: usize = 12;

/// Whether more follows than what is to be done at once.
pub(super) fn any_later(verdict: &Verdict) -> bool {
    verdict.rollback.is_some() || !verdict.escalation.is_empty() || !verdict.duties.is_empty()
}

/// Whether anything is to be done at once.
pub(super) fn any(verdict: &Verdict) -> bool {
    !now(verdict).is_empty()
}

/// What to do at once; nothing where nothing is to be done.
pub(super) fn at_once(page: &mut Markup, verdict: &Verdict) {
    let steps = now(verdict);
    if steps.is_empty() {
        return;
    }
    let back = verdict.rollback.as_ref().map(|plan| back(plan, verdict));
    section(page, "now", "What to do now", |page| {
        page.tag("ol", &[("class", "steps")], |page| {
            for step in &steps {
                page.tag("li", &[], |page| {
                    page.tag("p", &[("class", "what")], |page| {
                        page.text(step);
                    });
                    whose(page, &causes(verdict, step, Some(step) == back.as_ref()));
                });
            }
        });
    });
}

/// The rules that a step is for, each with how urgent it is.
fn causes(verdict: &Verdict, step: &str, back: bool) -> Vec<String> {
    let asks = |action: &Option<String>| {
        let action = action.as_deref().filter(|action| !action.is_empty());
        action.is_some_and(|action| step.starts_with(action))
    };
    let failed = verdict.findings.iter().filter(|finding| {
        !finding.watch && matches!(finding.status, Status::Fired | Status::Unmet)
    });
    let failed = failed.filter(|finding| (back && finding.asks_back()) || asks(&finding.action));
    let named = failed.map(|finding| (finding.name(), finding.severity.as_ref()));
    let rows = verdict.escalation.iter();
    let told = |row: &Escalation| {
        let urgent = row
            .severity
            .iter()
            .all(|urgent| step.contains(&format!("({urgent})")));
        let people = row.notify.iter().all(|role| step.contains(role.as_str()));
        !row.notify.is_empty() && step.starts_with("tell ") && people && urgent
    };
    let rows = rows.filter(|row| !row.undecided && (asks(&row.action) || told(row)));
    let rows = rows.map(|row| (row.row.clone(), row.severity.as_ref()));
    let mut causes: Vec<String> = Vec::new();
    for (name, severity) in named.chain(rows) {
        let urgent = severity.map_or_else(String::new, |severity| format!(" ({severity})"));
        let cause = format!("{name}{urgent}");
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    causes
}

fn whose(page: &mut Markup, causes: &[String]) {
    let (named, more) = causes.split_at(causes.len().min(NAMED));
    if named.is_empty() {
        return;
    }
    page.tag("p", &[("class", "for")], |page| {
        page.raw("for ");
        for (index, cause) in named.iter().enumerate() {
            page.raw(if index == 0 { "" } else { ", " }).name(cause);
        }
        if !more.is_empty() {
            page.text(&format!(" and {} more", more.len()));
        }
    });
}

/// Where the rollback goes, who is told of what by when, and the duties; nothing where there is none of it.
pub(super) fn follow(page: &mut Markup, verdict: &Verdict) {
    if !any_later(verdict) {
        return;
    }
    section(page, "follow", "Escalation and duties", |page| {
        if let Some(plan) = &verdict.rollback {
            rollback(page, plan, verdict);
        }
        escalation(page, verdict);
        if !verdict.duties.is_empty() {
            page.raw("<h3>Duties</h3>");
            page.tag("ul", &[], |page| {
                for duty in &verdict.duties {
                    page.tag("li", &[], |page| {
                        page.text(&owed(duty, verdict));
                        cited(page, &duty.cite);
                    });
                }
            });
        }
    });
}

fn rollback(page: &mut Markup, plan: &RollbackPlan, verdict: &Verdict) {
    page.raw("<h3>Rollback plan</h3>");
    page.tag("dl", &[("class", "pairs")], |page| {
        pair(page, "how", |page| {
            page.text(&format!("{} to {}", plan.mode, plan.target));
        });
        if let Some(due) = plan.due {
            pair(page, "by", |page| {
                page.text(&clock(due, verdict.now)).raw(if plan.overdue {
                    " (overdue)"
                } else {
                    ""
                });
            });
        }
        if let Some(check) = &plan.check {
            pair(page, "verified in", |page| {
                page.name(check);
            });
        }
        if let Some(stage) = &plan.reenter {
            pair(page, "start again at", |page| {
                page.name(stage);
            });
        }
        if !plan.requires.is_empty() {
            pair(page, "needs", |page| {
                for one in &plan.requires {
                    let status = one
                        .status
                        .map_or("not asked in this stage", |status| status.name());
                    page.tag("p", &[], |page| {
                        page.name(&one.rule).raw(": ").raw(status);
                    });
                }
            });
        }
        if !plan.cite.is_empty() {
            pair(page, "playbook", |page| {
                page.text(&plan.cite.join(", "));
            });
        }
    });
}

fn escalation(page: &mut Markup, verdict: &Verdict) {
    if verdict.escalation.is_empty() {
        return;
    }
    page.raw("<h3>Escalation</h3>");
    page.tag("table", &[], |page| {
        page.raw("<thead><tr><th scope=\"col\">For</th><th scope=\"col\">What, and whom to tell</th><th scope=\"col\">By</th></tr></thead>");
        page.tag("tbody", &[], |page| {
            for row in &verdict.escalation {
                page.tag("tr", &[], |page| cells(page, row, verdict));
            }
        });
    });
}

fn cells(page: &mut Markup, row: &Escalation, verdict: &Verdict) {
    page.tag("td", &[], |page| {
        page.name(&row.row);
        if let Some(matrix) = &row.matrix {
            page.raw(" of ").name(matrix);
        }
        if let Some(severity) = &row.severity {
            page.raw(" ");
            label(page, severity);
        }
        if row.undecided {
            page.raw(" <strong>undecided</strong>");
        }
        if let Some(since) = row.since {
            page.says(
                "p",
                &[("class", "quiet")],
                &format!("since {}", clock(since, verdict.now)),
            );
        }
    });
    page.tag("td", &[], |page| {
        row.action.iter().for_each(|action| {
            page.says("p", &[], action);
        });
        if !row.notify.is_empty() {
            page.says("p", &[], &format!("tell {}", people(&row.notify, verdict)));
        }
        for next in &row.then {
            let text = format!(
                "no answer by {}: tell {}",
                clock(next.at, verdict.now),
                people(&next.notify, verdict)
            );
            page.says("p", &[("class", "quiet")], &text);
        }
        cited(page, &row.cite);
    });
    page.tag("td", &[], |page| match row.respond_by {
        Some(by) => {
            let by = clock(by, verdict.now);
            // A whole date may be broken; a time of day never.
            let class = if by.len() > 10 { "" } else { "fix" };
            page.says("span", &[("class", class)], &by);
            page.raw(if row.overdue {
                " <strong>overdue</strong>"
            } else {
                ""
            });
        }
        None => {
            page.raw("–");
        }
    });
}

fn cited(page: &mut Markup, cite: &[String]) {
    if !cite.is_empty() {
        page.says(
            "span",
            &[("class", "quiet")],
            &format!(" ({})", cite.join(", ")),
        );
    }
}

/// A short word in a frame.
pub(super) fn label(page: &mut Markup, text: &str) {
    page.tag("span", &[("class", "label")], |page| {
        page.name(text);
    });
}
