//! A policy judged on a history, explained and reported, with what must always hold.

use gonogo::evaluate::{Question, evaluate, stage};
use gonogo::explain::{explain, limit};
use gonogo::policy::Policy;
use gonogo::report::text::{Style, report};
use gonogo::snapshot::History;
use gonogo::source::Problem;
use gonogo::verdict::Decision;
use jiff::Timestamp;

/// Far more than a report of a small policy may have.
const LONGEST: usize = 64 << 20;

/// Judges every stage of a policy, and the one the history names: the decisions on the stages by name.
pub fn judged(policy: &Policy, history: &History, problems: &[Problem]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let now: Timestamp = "2025-10-16T10:30:00Z".parse().expect("an instant");
    let names: Vec<String> = policy
        .judged()
        .map(|stage| stage.name.to_string())
        .collect();
    let asked = names.iter().map(|name| Some(name.as_str())).chain([None]);
    for asked in asked.take(8) {
        let now = if asked.is_some() {
            now
        } else {
            history.newest().unwrap_or(now)
        };
        let Ok(stage) = stage(policy, history, asked, now) else {
            continue;
        };
        let question = Question { stage, asked, now };
        let judge = || {
            let judgement = evaluate(policy, history, question);
            let limits = limit::problems(policy, &judgement).len();
            (
                explain(policy, history, question, judgement, problems),
                limits,
            )
        };
        let (verdict, limits) = judge();
        let record = verdict.to_json();
        assert_eq!(record, judge().0.to_json(), "not the same twice");
        assert!(serde_json::from_str::<serde_json::Value>(&record).is_ok());
        assert!(record.len() <= LONGEST);
        assert!(report(&verdict, Style::default()).len() <= LONGEST);
        assert!(!verdict.reason.is_empty());
        if verdict.exit_code == 6 {
            assert!(limits > 0, "a limit that nobody tells");
        }
        if asked.is_some() {
            decisions.push(verdict.verdict);
        }
    }
    decisions
}
