//! What would make it go, applied: whatever a verdict tells is done to its history, line by line, and the verdict on that
//! is a go.

mod apply;
mod properties;
mod sets;
mod shipped;

use gonogo::verdict::{Decision, StepKind};

use crate::support;
use apply::Applied;

#[test]
fn what_every_case_tells_makes_it_go() {
    let mut told = 0;
    let mut wrong = Vec::new();
    for case in support::cases() {
        let verdict = case.judge();
        let Some(to_go) = &verdict.to_go else {
            continue;
        };
        assert_ne!(verdict.verdict, Decision::Go, "{}", case.name);
        told += 1;
        let policy = support::policy(&case.policy, &case.settings);
        // What is asked of a command's data cannot be read off the step.
        let data = to_go
            .steps
            .iter()
            .any(|step| step.kind == StepKind::Evidence && step.what.contains("where "));
        if data {
            continue;
        }
        let history = Applied::of(&policy, &verdict, &case.history).text();
        let at = apply::when(&verdict);
        let after = support::judge(&policy, &[&history], case.stage.as_deref(), Some(at));
        if !apply::reached(&verdict, &after) {
            let steps: Vec<&str> = to_go.steps.iter().map(|step| step.what.as_str()).collect();
            wrong.push(format!(
                "{}: {steps:?} at {:?}: {} ({})",
                case.name,
                to_go.at,
                after.verdict.name(),
                after.reason
            ));
        }
    }
    assert!(told > 100, "{told} cases tell what would make them go");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
