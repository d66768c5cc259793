//! Stops that people or evidence fire less readily than where they were taken over from, or that may be set aside or come
//! due later. Never what a condition admits.

use super::{Looser, stops_by_itself};
use crate::policy::decode::Text;
use crate::policy::lint::overrides::Override;
use crate::policy::proof::Quorum;
use crate::policy::{Proof, Rule};
use crate::source::Span;

/// Every way in which what proves an override became looser.
pub(super) fn looser(over: &Override<'_>) -> Vec<Looser> {
    let (old, new) = (over.inherited.rule, over.merged.rule);
    let mut found = Vec::new();
    let id = over.inherited.document.id.span;
    let mut tell = |span: Span, how: String| {
        found.push(Looser {
            span,
            how,
            before: id,
        });
    };
    if new.waivable && !old.waivable && over.own.waivable.is_some() {
        tell(
            over.own.id.span,
            "a waiver can set it aside here".to_owned(),
        );
    }
    if let (Some(text), false) = (&over.own.due, stops_by_itself(new)) {
        let later = match (old.due, new.due) {
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old.from == new.from && old.offset < new.offset,
            _ => false,
        };
        if later {
            let how = match before(over) {
                Some(before) => format!("only from {} on, where it was {before}", text.as_str()),
                None => format!("only from {} on, where it was at any time", text.as_str()),
            };
            tell(text.span, how);
        }
    }
    if since_entry(new) && !since_entry(old) && is_evidence(old) {
        let how = "what was run before the stage's entry stops nothing here".to_owned();
        let evidence = over.own.proofs.evidence.as_ref();
        let since = evidence.and_then(|evidence| evidence.since.as_ref());
        tell(since.map_or(over.own.id.span, |since| since.span), how);
    }
    if let (true, Some(old), Some(new)) = (stops_by_itself(new), people(old), people(new))
        && old < new
    {
        let how = format!("{new} people have to say so, where it were {old}");
        let span = over.own.given().first().map(|(_, span)| *span);
        tell(span.unwrap_or(over.own.id.span), how);
    }
    found
}

fn is_evidence(rule: &Rule) -> bool {
    matches!(rule.proof, Proof::Evidence(_))
}

/// Whether only what was run since the stage's entry counts.
fn since_entry(rule: &Rule) -> bool {
    matches!(&rule.proof, Proof::Evidence(evidence) if evidence.since_entry)
}

fn before<'a>(over: &Override<'a>) -> Option<&'a str> {
    over.inherited.document.due.as_ref().map(Text::as_str)
}

/// How many people have to say so.
fn people(rule: &Rule) -> Option<u32> {
    match &rule.proof {
        Proof::Attest(attest) => Some(attest.count),
        Proof::Approve(approve) => match &approve.quorum {
            Quorum::Any(_, any) => Some(*any),
            Quorum::Each(roles, each) => {
                let roles = u32::try_from(roles.len()).unwrap_or(u32::MAX);
                Some(roles.saturating_mul(*each))
            }
        },
        Proof::Expr(_) | Proof::Evidence(_) | Proof::During(_) => None,
    }
}
