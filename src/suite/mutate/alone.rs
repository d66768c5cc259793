//! One rule of a stage, judged alone: what becomes of a rule depends on no other one, so that a mutant of one rule need be
//! judged in full only where something else becomes of it. Decides nothing.

use std::fmt::Write as _;

use super::Mutant;
use super::change::Change;
use crate::policy::Policy;
use crate::policy::document::PolicyDocument;
use crate::suite::fixture::Fixture;

/// Whether a mutant differs from the policy in the rule it names, and in nothing else.
pub(super) fn is_of_one_rule(mutant: &Mutant, document: &PolicyDocument) -> bool {
    let span = match &mutant.change {
        Change::Drop(_) | Change::Swap(_) | Change::Without(..) => return true,
        Change::Default(..) => return false,
        Change::Text(span, _) => *span,
    };
    let stages = document.stages.iter().flatten();
    let rules = stages.flat_map(|stage| &stage.rules.rules);
    document.rules.rules.iter().chain(rules).any(|rule| {
        let inside = rule.span.start <= span.start && span.end <= rule.span.end;
        inside && rule.id.as_str() == mutant.rule.as_ref()
    })
}

/// What becomes of a rule, to be compared: its status, what it counts for, since when, why. None: there is no such stage.
pub(super) fn became(fixture: &Fixture<'_>, policy: &Policy, rule: &str) -> Option<String> {
    let stage = fixture.stage(policy).ok()?.only(rule);
    let (_, judgement) = fixture.judge_in(policy, &stage);
    let mut told = String::new();
    for outcome in &judgement.outcomes {
        let item = match &outcome.of {
            crate::evaluate::Subject::Rule(_, item) => item.as_ref().map(|(key, _)| key),
            _ => None,
        };
        let _ = writeln!(
            told,
            "{item:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            outcome.status,
            outcome.weight,
            outcome.timing,
            outcome.doubt,
            outcome.waived.as_ref().map(|(_, status)| status),
            outcome.proved
        );
    }
    Some(told)
}
