//! What tests share: policies, histories, rows. And that sharing changes nothing.

use serde_json::{Value as Json, json};

use super::{POLICY, bound};
use crate::support;
use gonogo::policy::check::Settings;
use gonogo::snapshot::Format;

fn tests() -> Json {
    let given = "healthy";
    let expect = json!({"verdict": "go"});
    json!([
        {"name": "a", "given": given, "series": {"every": "30s", "error_rate": ["0.1*5"]}, "expect": expect},
        {"name": "b", "given": given, "series": {"every": "30s", "error_rate": ["0.1*4", "0.2"]}, "expect": expect},
        {"name": "c", "given": given, "patch": {"metrics": {"count": 7}}, "series": {"every": "30s", "error_rate": ["0.1*5"]}, "expect": expect},
        {"name": "d", "given": given, "series": {"every": "30s", "error_rate": ["0.1*2", "x", "0.1*2"]}, "expect": expect},
        {"name": "e", "given": given, "set": {"limit": 0.2}, "series": {"every": "30s", "error_rate": ["0.1*5"]}, "expect": expect},
        {"name": "f", "given": [given], "set": {"limit": 0.2}, "expect": expect},
    ])
}

fn text(tests: &Json) -> String {
    json!({
        "gonogo": 1,
        "policy": "policy.yaml",
        "snapshots": {"healthy": [
            {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.01, "count": 1, "incidents": {"P0": 0}}},
            {"at": "2025-10-16T10:02:00Z", "metrics": {"error_rate": 0.01, "count": 2}},
        ]},
        "tests": tests,
    })
    .to_string()
}

#[test]
fn a_policy_is_checked_once_for_each_setting_and_a_history_read_once_for_all() {
    let suite = bound(POLICY, &text(&tests()), Format::Json);
    assert_eq!(suite.policies.len(), 2);
    assert_eq!(suite.histories.len(), 1);
    let shared: Vec<usize> = suite
        .stretches
        .iter()
        .map(|stretch| stretch.tests)
        .collect();
    assert_eq!(shared, [4, 1]);
}

#[test]
fn what_is_shared_gives_what_each_test_gives_alone() {
    let tests = tests();
    let policy = support::policy(POLICY, &Settings::new());
    let all = bound(POLICY, &text(&tests), Format::Json);
    for (index, test) in tests.as_array().expect("a list").iter().enumerate() {
        let alone = bound(POLICY, &text(&json!([test])), Format::Json);
        let one = alone.fixture(&alone.cases[0]).expect("a fixture");
        let other = all.fixture(&all.cases[index]).expect("a fixture");
        assert_eq!(
            super::told(&policy, &one.history),
            super::told(&policy, &other.history),
            "{test}"
        );
    }
}

#[test]
fn layouts_are_equal_where_histories_of_one_can_be_judged_by_the_other() {
    let layout = |text: &str| support::policy(text, &Settings::new()).layout;
    let own = layout(POLICY);
    assert_eq!(own, layout(&POLICY.replace("count > 3", "count >= 3")));
    assert_ne!(
        own,
        layout(&POLICY.replace("range: [0, 1]", "range: [0, 2]"))
    );
    assert_ne!(
        own,
        layout(&POLICY.replace("count: {type: int, ", "count: {type: int, default: 0, "))
    );
    assert_ne!(own, layout(&POLICY.replace("live: true", "live: false")));
}

#[test]
fn a_changed_policy_judges_a_baseline_by_its_own_windows() {
    let policy = |window: &str| {
        format!(
            "gonogo: 1\nname: p\nbaselines: [before]\ninputs: {{error_rate: {{type: double, max_age: 2m}}}}\nhold:\n  - {{id: worse, expr: 'error_rate > {window}'}}\nrequire:\n  - {{id: known, expr: error_rate >= 0.0}}\n"
        )
    };
    let text = json!({"gonogo": 1, "policy": "policy.yaml", "tests": [{
        "name": "t",
        "given": {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.3}},
        "baseline": {"before": [
            {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1}},
            {"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.1}},
            {"at": "2025-10-16T10:01:30Z", "metrics": {"error_rate": 0.5}},
        ]},
        "expect": {"verdict": "go"},
    }]});
    let suite = bound(
        &policy("before.error_rate.min(\"1m\")"),
        &text.to_string(),
        Format::Json,
    );
    let fixture = suite.fixture(&suite.cases[0]).expect("a fixture");
    let decided = |policy: &gonogo::policy::Policy| {
        let (_, judged) = fixture.judge(policy).expect("a judgement");
        judged.decision.name().to_owned()
    };
    assert_eq!(decided(&suite.policies[0].1), "no-go");
    let changed = support::policy(&policy("before.error_rate.max(\"1m\")"), &Settings::new());
    assert_eq!(changed.layout, suite.policies[0].1.layout);
    assert_eq!(decided(&changed), "go");
}
