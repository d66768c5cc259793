//! What would make it a go, in the order in which it is to be done. Never tries anything itself.

use super::markup::Markup;
use super::section;
use crate::verdict::{Decision, Step, StepKind, Verdict};

/// The most findings named beside a step.
const NAMED: usize = 12;

/// What would make it a go; nothing on a go.
pub(super) fn steps(page: &mut Markup, verdict: &Verdict) {
    if verdict.verdict == Decision::Go {
        return;
    }
    section(page, "to-go", "What would make it go", |page| {
        let Some(to_go) = &verdict.to_go else {
            page.raw(
                "<p>No set of changes was found that surely makes it a go. What would change each finding stands beside it.</p>",
            );
            return;
        };
        let lead = match to_go.at {
            _ if !to_go.is_whole() => {
                "No steps were found for all of it. Tried: these clear what they are for, and not more.".to_owned()
            }
            Some(at) => format!(
                "Tried: with all of this done at once and nothing else changed, it is a go from {at} on."
            ),
            None => "Tried: with all of this done, it is a go at once.".to_owned(),
        };
        page.says("p", &[], &lead);
        page.tag("ol", &[("class", "steps")], |page| {
            to_go.steps.iter().for_each(|one| step(page, one));
        });
    });
}

fn step(page: &mut Markup, step: &Step) {
    page.tag("li", &[], |page| {
        page.tag("p", &[("class", "what")], |page| {
            page.tag("span", &[("class", "label")], |page| {
                page.raw(kind(step.kind));
            });
            page.raw(" ").text(&step.what);
        });
        if let Some(lack) = &step.missing {
            let mut parts: Vec<String> = lack.contact.iter().cloned().collect();
            if !lack.people.is_empty() {
                parts.push(lack.people.join(", "));
            }
            if !parts.is_empty() {
                let text = format!("who can: {}", parts.join(": "));
                page.says("p", &[("class", "for")], &text);
            }
        }
        if !step.rules.is_empty() {
            page.tag("p", &[("class", "for")], |page| {
                page.raw("for ");
                for (index, rule) in step.rules.iter().take(NAMED).enumerate() {
                    page.raw(if index == 0 { "" } else { ", " }).name(rule);
                }
                let more = step.rules.len().saturating_sub(NAMED);
                if more > 0 {
                    page.text(&format!(" and {more} more"));
                }
            });
        }
    });
}

fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Value => "value",
        StepKind::People => "people",
        StepKind::Evidence => "command",
        StepKind::Stage => "earlier stage",
        StepKind::Field => "subject",
        StepKind::Enter => "enter again",
        StepKind::Wait => "wait",
        StepKind::Open => "open",
    }
}
