//! Whatever policy and history there are: what is told makes it go, and nothing of it can be left out.

use gonogo::policy::check::Settings;
use gonogo::verdict::{Decision, StepKind, Verdict};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::apply::{Applied, reached, when};
use crate::promises::generate::{Policy, history, lines, policy, windowed};
use crate::support;

/// What comes of a verdict's steps, if it tells any: all of them, with values at their limits, and all but one.
fn applied(policy: &Policy, samples: &[Json]) -> Option<(Verdict, Verdict, Vec<Verdict>)> {
    let policy = support::policy(&policy.plain(), &Settings::new());
    let text = lines(samples);
    let now = "2026-03-01T10:10:00Z".parse().ok();
    let newest = support::history(&policy, &[&text]).0.newest();
    let verdict = support::judge(&policy, &[&text], None, newest.or(now));
    let to_go = verdict.to_go.clone()?;
    // What was done a nanosecond after the verdict has held so long a nanosecond later.
    let (at, after) = (to_go.at.unwrap_or(verdict.now), when(&verdict));
    let judge = |verdict: &Verdict, far: f64| {
        let mut applied = Applied::of(&policy, verdict, &text);
        applied.far = far;
        let text = applied.text();
        let judged = |at| support::judge(&policy, &[&text], Some(&verdict.stage), Some(at));
        let then = judged(after);
        if reached(verdict, &then) || at == verdict.now {
            then
        } else {
            judged(at)
        }
    };
    let after = judge(&verdict, 0.0);
    let less = (0..to_go.steps.len()).filter_map(|index| {
        let mut less = verdict.clone();
        let steps = &mut less.to_go.as_mut()?.steps;
        // To wait less is another question.
        let one = steps[index].until.is_none() && steps[index].kind != StepKind::Open;
        let done = steps.iter().filter(|step| step.kind != StepKind::Open);
        (done.count() > 1 && one).then_some(())?;
        steps.remove(index);
        Some(judge(&less, 0.0))
    });
    let less = less.collect();
    Some((verdict, after, less))
}

proptest! {
    #![proptest_config(support::seeded(300))]

    #[test]
    fn what_is_told_goes(policy in policy(), history in history()) {
        if let Some((verdict, after, less)) = applied(&policy, &history) {
            prop_assert_ne!(verdict.verdict, Decision::Go);
            // Several values far beyond their limits at once are tried as far as it is not too dear: that is no promise.
            prop_assert!(
                reached(&verdict, &after),
                "{} {:?}\n{}\n{}", after.reason, verdict.to_go, policy.plain(), lines(&history)
            );
            for one in less {
                prop_assert!(
                    !reached(&verdict, &one),
                    "{:?}\n{}\n{}", verdict.to_go, policy.plain(), lines(&history)
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(support::seeded(150))]

    #[test]
    fn what_is_told_of_windows_goes(policy in windowed(), history in history()) {
        // What counts on is taken to count on as it did in the window, not as it did on average.
        let counts = ["increase", "rate(", "delta"];
        let text = policy.plain();
        prop_assume!(!counts.iter().any(|word| text.contains(word)));
        if let Some((verdict, after, _)) = applied(&policy, &history) {
            // Further on a window may take longer: that is tried as far as it is not too dear.
            prop_assert!(
                reached(&verdict, &after),
                "{} {:?}\n{}\n{}", after.reason, verdict.to_go, policy.plain(), lines(&history)
            );
        }
    }
}
