//! All outcomes to one decision: the worst wins, and every cause is told.

use super::{Outcome, Subject};
use crate::verdict::{Cause, Decision, Effect, Status};

/// The decision, and all that stands against a go, worst first.
#[must_use]
pub fn decide(outcomes: &[Outcome<'_>]) -> (Decision, Vec<Cause>) {
    let mut decision = Decision::Go;
    let mut causes = Vec::new();
    for (worst, cause) in outcomes.iter().filter_map(|outcome| outcome.weight) {
        decision = decision.max(worst);
        causes.push(cause);
    }
    if !outcomes.iter().any(promises) {
        decision = decision.max(Decision::NoGo);
        causes.push(Cause::Empty);
    }
    causes.sort_unstable();
    causes.dedup();
    (decision, causes)
}

/// Whether an outcome is of a requirement that applies and counts.
fn promises(outcome: &Outcome<'_>) -> bool {
    match outcome.of {
        Subject::Rule(rule, _) => {
            rule.effect == Effect::Require && !rule.watch && outcome.status != Status::Skipped
        }
        Subject::Bake(_) | Subject::Traffic(_) | Subject::Needs(_) | Subject::Field(..) => false,
    }
}
