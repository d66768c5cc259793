//! What follows a verdict, as properties: it changes nothing that was decided, its times stay, and a row over inputs
//! speaks exactly where the same condition as a rule that watches fires.

use std::collections::BTreeMap;

use crate::promises::generate::{Policy, history, lines, policy, windowed};
use crate::support;
use gonogo::policy::check::Settings;
use gonogo::verdict::{Finding, Verdict};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Conditions over rules; which rules there are is not known.
const RULES: [&str; 9] = [
    "verdict == \"rollback\"",
    "verdict != \"go\" && a > 1.0",
    "size(fired) > 0",
    "size(unmet) > size(held)",
    "size(unknown) == 0",
    "unmet.exists(id, id.startsWith(\"r\"))",
    "size(pending) > 0 || b < 3.0",
    "fired == held",
    "fired.all(id, id in held)",
];

/// A condition that costs more steps than there are.
const COSTLY: &str = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(p, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(q, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(r, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(s, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(t, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(u, double(p + q + r + s + t + u) + a >= 0.0))))))";

/// A row: its condition, and how long it must hold.
type Row = (String, Option<&'static str>);

fn row() -> impl Strategy<Value = Row> {
    let of = |policy: Policy| policy.rules[0].expr.clone();
    let hold = || prop::sample::select(vec![None, Some("1m"), Some("2m"), Some("5m")]);
    let over_rules = prop::sample::select(RULES.as_slice());
    prop_oneof![
        4 => (policy().prop_map(of), hold()),
        4 => (windowed().prop_map(of), hold()),
        3 => over_rules.prop_map(|expr| (expr.to_owned(), None)),
        1 => hold().prop_map(|hold| ("size(unmet) + size(fired) > 0".to_owned(), hold)),
    ]
}

fn escalation(rows: &[Row], hit: &str) -> String {
    let mut text = format!("escalation:\n  matrix:\n    hit: {hit}\n    rows:\n");
    for (index, (expr, hold)) in rows.iter().enumerate() {
        text.push_str(&format!(
            "      - id: e{index}\n        expr: |\n          {expr}\n        notify: somebody\n        within: 5m\n"
        ));
        if let Some(hold) = hold {
            text.push_str(&format!("        for: {hold}\n"));
        }
    }
    text
}

fn judge(text: &str, history: &str, now: Option<Timestamp>) -> Verdict {
    let policy = support::policy(text, &Settings::new());
    let newest = support::history(&policy, &[history]).0.newest();
    support::judge_found(&policy, &[history], None, now.or(newest))
}

/// All that was decided, without places and digests of texts.
fn decided(verdict: &Verdict) -> Json {
    let mut findings = serde_json::to_value(&verdict.findings).expect("JSON");
    for finding in findings.as_array_mut().expect("findings") {
        finding["at"] = Json::Null;
    }
    json!({
        "verdict": verdict.verdict, "causes": verdict.causes, "exit_code": verdict.exit_code,
        "reason": verdict.reason, "next": verdict.next, "findings": findings,
    })
}

fn with(policy: &Policy, follows: &str) -> String {
    policy
        .plain()
        .replacen("stages:\n", &format!("{follows}stages:\n"), 1)
}

/// When each finding became what it is.
fn became(verdict: &Verdict) -> Vec<(String, String, Option<Timestamp>, Option<Timestamp>)> {
    let one = |finding: &Finding| {
        let status = finding.status.name().to_owned();
        (finding.name(), status, finding.since, finding.fired_at)
    };
    verdict.findings.iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rows, plans and duties change nothing that was decided, whatever they ask and whatever they cost.
    #[test]
    fn what_follows_never_changes_what_was_decided(
        policy in prop_oneof![policy(), windowed()],
        history in history(),
        mut rows in prop::collection::vec(row(), 1..5),
        hit in prop::sample::select(vec!["first", "all", "unique"]),
        costly in prop::bool::weighted(0.02),
        over in prop::sample::select(RULES.as_slice()),
    ) {
        if costly {
            rows.push((COSTLY.to_owned(), Some("1m")));
        }
        let follows = format!(
            "{}rollback_plan:\n  - expr: |\n      {over}\n    mode: full\n    target: 0%\n  - {{mode: instant, target: 0%, duties: [{{do: this, within: 1h}}]}}\n\
             after:\n  no-go:\n    - do: that\n      when: |\n        {over}\n  go: [{{do: nothing}}]\n",
            escalation(&rows, hit),
        );
        let plain = judge(&policy.plain(), &lines(&history), None);
        let followed = judge(&with(&policy, &follows), &lines(&history), None);
        prop_assert_eq!(decided(&plain), decided(&followed));
    }

    /// A little later, nothing having changed, the same times are printed.
    #[test]
    fn times_stay_as_long_as_nothing_changes(
        policy in policy(),
        history in history(),
        rows in prop::collection::vec(row(), 1..4),
        seconds in 1_i64..40,
    ) {
        let follows = format!(
            "{}rollback_plan: [{{mode: instant, target: 0%, within: 5m}}]\n\
             after: {{rollback: [{{do: a, within: 1h}}], no-go: [{{do: b, within: 1h}}], go: [{{do: c, within: 1h}}]}}\n",
            escalation(&rows, "all"),
        );
        let text = with(&policy, &follows);
        let first = judge(&text, &lines(&history), None);
        let later = first.now.checked_add(SignedDuration::from_secs(seconds)).expect("an instant");
        let second = judge(&text, &lines(&history), Some(later));
        // An entry in between is a change: what was before it does not count any more.
        let entered = |sample: &Json| -> Option<Timestamp> { sample["stage"]["entered"].as_str()?.parse().ok() };
        let passed = |at: Timestamp| first.now < at && at <= later;
        prop_assume!(!history.iter().filter_map(entered).any(passed));
        prop_assume!(became(&first) == became(&second));
        let times = |verdict: &Verdict| -> BTreeMap<String, Option<Timestamp>> {
            let rows = verdict.escalation.iter().filter(|row| !row.undecided);
            rows.map(|row| (row.row.clone(), row.respond_by)).collect()
        };
        let (before, after) = (times(&first), times(&second));
        for (row, by) in &before {
            prop_assert!(after.get(row).is_none_or(|after| after == by), "{row}: {by:?}, then {:?}\n{text}", after[row]);
        }
        let due = |verdict: &Verdict| -> Vec<Option<Timestamp>> {
            let plan = verdict.rollback.iter().map(|plan| plan.due);
            plan.chain(verdict.duties.iter().map(|duty| duty.due)).collect()
        };
        prop_assert_eq!(due(&first), due(&second));
    }

    /// A row over inputs is followed as a soft stop that only watches.
    #[test]
    fn a_row_over_inputs_speaks_where_a_rule_that_watches_fires(
        policy in policy(),
        shadow in prop_oneof![policy(), windowed()],
        history in history(),
        hold in prop::sample::select(vec![None, Some("1m"), Some("2m"), Some("5m")]),
    ) {
        let expr = &shadow.rules[0].expr;
        let hold_key = hold.map_or_else(String::new, |hold| format!("        for: {hold}\n"));
        let rule = format!("    hold:\n      - id: shadow\n        watch: true\n        expr: |\n          {expr}\n{hold_key}");
        let mut without = policy.clone();
        without.rules.retain(|rule| rule.effect != "hold");
        let text = format!("{}{rule}", with(&without, &escalation(&[(expr.clone(), hold)], "all")));
        let verdict = judge(&text, &lines(&history), None);
        let shadow = verdict.findings.iter().find(|finding| finding.rule == "shadow").expect("the rule");
        let row = verdict.escalation.first();
        let speaks = row.is_some_and(|row| !row.undecided);
        prop_assert_eq!(speaks, shadow.status.name() == "fired", "{}", text);
        prop_assert_eq!(row.is_some_and(|row| row.undecided), shadow.status.name() == "unknown", "{}", text);
        if speaks {
            prop_assert_eq!(row.and_then(|row| row.since), shadow.fired_at, "{}", text);
        }
    }
}

#[test]
fn a_costly_row_is_undecided_and_costs_no_exit_code() {
    let text = format!(
        "gonogo: 1\nname: n\ninputs: {{a: {{type: double}}}}\nescalation:\n  - {{id: e, expr: '{COSTLY}', notify: somebody}}\n\
         after:\n  go: [{{do: this, when: '{COSTLY}'}}]\nrequire:\n  - {{id: low, expr: a < 5.0}}\n"
    );
    let verdict = judge(
        &text,
        "{\"at\": \"2026-03-01T10:00:00Z\", \"metrics\": {\"a\": 1}}",
        None,
    );
    assert_eq!(verdict.exit_code, 0);
    assert!(verdict.escalation[0].undecided && verdict.duties[0].undecided);
}

#[test]
fn generated_rows_speak_and_are_silent_and_undecided() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = [0; 3];
    for _ in 0..100 {
        let policy = policy().new_tree(&mut runner).expect("a policy").current();
        let history = history()
            .new_tree(&mut runner)
            .expect("a history")
            .current();
        let row = row().new_tree(&mut runner).expect("a row").current();
        let verdict = judge(
            &with(&policy, &escalation(&[row], "all")),
            &lines(&history),
            None,
        );
        seen[verdict
            .escalation
            .first()
            .map_or(0, |row| if row.undecided { 1 } else { 2 })] += 1;
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}
