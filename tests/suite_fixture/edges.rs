//! Each edge of an edit by itself.

use gonogo::evaluate::Subject;
use serde_json::json;

use super::{POLICY, bound, same, suite};

#[test]
fn a_series_of_exactly_the_length_of_the_history_replaces_all_of_it() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1, "count": 1}},
                {"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.1, "count": 2}},
            ],
            "series": {"every": "30s", "error_rate": ["0.2*2", "0.3"]},
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.2, "count": 1}}),
            // Halfway between two the earlier one is copied.
            json!({"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": 0.2, "count": 1}}),
            json!({"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.3, "count": 2}}),
        ],
    );
}

#[test]
fn samples_between_those_of_a_series_keep_all_but_its_metric() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1, "count": 1}},
                {"at": "2025-10-16T10:00:20Z", "metrics": {"error_rate": 0.1, "count": 2}},
                {"at": "2025-10-16T10:00:25Z", "metrics": {"error_rate": 0.1}},
                {"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": 0.1, "count": 4}},
            ],
            "series": {"every": "15s", "error_rate": [0.2, 0.3]},
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1, "count": 1}}),
            json!({"at": "2025-10-16T10:00:15Z", "metrics": {"error_rate": 0.2, "count": 2}}),
            json!({"at": "2025-10-16T10:00:20Z", "metrics": {"count": 2}}),
            json!({"at": "2025-10-16T10:00:25Z"}),
            json!({"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": 0.3, "count": 4}}),
        ],
    );
}

#[test]
fn silence_of_every_series_is_no_sample_and_a_missing_value_is_one() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1, "count": 1}},
                {"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": 0.1, "count": 2}},
                {"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.1, "count": 3}},
            ],
            "series": {"every": "15s", "error_rate": ["0.2", "_", "x", "x", "0.3"], "count": ["7", "x", "8"]},
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.2, "count": 1}}),
            json!({"at": "2025-10-16T10:00:15Z", "metrics": {"error_rate": null, "count": 1}}),
            json!({"at": "2025-10-16T10:00:30Z", "metrics": {"count": 7}}),
            json!({"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.3, "count": 8}}),
        ],
    );
}

#[test]
fn a_sample_where_every_series_is_silent_still_says_of_the_stage() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "stage": {"entered": "2025-10-16T10:00:00Z"}, "metrics": {"error_rate": 0.1, "count": 1}},
                {"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": 0.1}},
            ],
            "series": {"every": "15s", "error_rate": ["x*2", "_"]},
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "stage": {"entered": "2025-10-16T10:00:00Z"}}),
            json!({"at": "2025-10-16T10:00:30Z", "metrics": {"error_rate": null}}),
        ],
    );
}

#[test]
fn a_part_of_a_map_is_replaced_and_its_other_parts_are_not() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"incidents": {"P0": 1, "P1": 2}}},
                {"at": "2025-10-16T10:00:20Z", "metrics": {"incidents": {"P0": 1}}},
                {"at": "2025-10-16T10:01:00Z", "metrics": {"count": 3}},
            ],
            "series": {"every": "30s", "incidents.P0": [0, 1, "_"]},
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "metrics": {"incidents": {"P0": 0, "P1": 2}}}),
            json!({"at": "2025-10-16T10:00:20Z", "metrics": {"incidents": {}}}),
            json!({"at": "2025-10-16T10:00:30Z", "metrics": {"incidents": {"P0": 1}}}),
            json!({"at": "2025-10-16T10:01:00Z", "metrics": {"incidents": {"P0": null}, "count": 3}}),
        ],
    );
}

#[test]
fn a_patch_gives_a_metric_to_samples_without_it_and_takes_parts_away() {
    same(
        &json!({
            "name": "t",
            "given": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"incidents": {"P0": 1, "P1": 2}}, "stage": {"traffic": "5%"}},
                {"at": "2025-10-16T10:00:20Z"},
            ],
            "patch": {
                "metrics": {"incidents": {"P0": null, "P2": 4}, "error_rate": 0.2, "count": null},
                "baselines": {"before": {"error_rate": 0.1}},
                "stage": {"traffic": null, "entered": "2025-10-16T09:00:00Z"},
            },
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T10:00:00Z", "metrics": {"incidents": {"P1": 2, "P2": 4}, "error_rate": 0.2},
                "baselines": {"before": {"error_rate": 0.1}}, "stage": {"entered": "2025-10-16T09:00:00Z"}}),
            json!({"at": "2025-10-16T10:00:20Z", "metrics": {"incidents": {"P1": 2, "P2": 4}, "error_rate": 0.2},
                "baselines": {"before": {"error_rate": 0.1}}, "stage": {"entered": "2025-10-16T09:00:00Z"}}),
        ],
    );
}

#[test]
fn a_live_baseline_of_its_own_is_a_part_of_the_history_and_moves_with_it() {
    same(
        &json!({
            "name": "t",
            "given": {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.2}},
            "baseline": {"blue": [
                {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1}},
                {"at": "2025-10-16T10:00:10Z", "metrics": {"error_rate": 0.3}},
            ]},
            "shift": "1h",
            "expect": {"verdict": "go"},
        }),
        &[
            json!({"at": "2025-10-16T11:00:00Z", "metrics": {"error_rate": 0.2}, "baselines": {"blue": {"error_rate": 0.1}}}),
            json!({"at": "2025-10-16T11:00:10Z", "baselines": {"blue": {"error_rate": 0.3}}}),
        ],
    );
}

#[test]
fn a_baseline_of_its_own_is_compared_with_by_its_last_value() {
    let decided = |rate: f64| {
        let test = json!({
            "name": "t",
            "given": {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.02}},
            "baseline": {"before": {"at": "2025-10-01T10:00:00Z", "metrics": {"error_rate": rate}}},
            "expect": {"verdict": "go"},
        });
        let suite = suite(POLICY, &test);
        let fixture = suite.fixture(&suite.cases[0]).expect("a fixture");
        let (_, judged) = fixture.judge(&suite.policies[0].1).expect("a judgement");
        let own = |outcome: &&gonogo::evaluate::Outcome<'_>| matches!(&outcome.of, Subject::Rule(rule, _) if rule.id.as_ref() == "worse");
        let found = judged.outcomes.iter().find(own);
        format!("{:?}", found.expect("the rule").status)
    };
    assert_eq!(decided(0.01), "Fired");
    assert_ne!(decided(0.03), "Fired");
}

#[test]
fn now_is_the_instant_that_is_said_or_that_of_the_last_sample() {
    let given = json!({"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.02}});
    let mut test = json!({"name": "t", "given": given, "expect": {"verdict": "go"}});
    let now = |test: &serde_json::Value| {
        let suite = suite(POLICY, test);
        suite
            .fixture(&suite.cases[0])
            .expect("a fixture")
            .now
            .to_string()
    };
    assert_eq!(now(&test), "2025-10-16T10:00:00Z");
    test["now"] = json!("2025-10-16T10:05:00Z");
    assert_eq!(now(&test), "2025-10-16T10:05:00Z");
}

#[test]
fn the_example_of_the_contract_rolls_back_after_two_minutes_and_not_after_one() {
    let text = r#"
gonogo: 1
policy: policy.yaml
snapshots:
  healthy:
    - {at: 2025-10-16T10:00:00Z, metrics: {error_rate: 0.004, latency_p95: 400}}
    - {at: 2025-10-16T12:00:00Z, metrics: {error_rate: 0.004, latency_p95: 400}}
tests:
  - name: two minutes
    given: healthy
    series: {every: 30s, error_rate: ["0.004*236", "0.06*5"], latency_p95: ["410..460/241"]}
    expect: {verdict: rollback}
  - name: one minute
    given: healthy
    series: {every: 30s, error_rate: ["0.004*238", "0.06*3"]}
    expect: {verdict: go}
"#;
    let policy = r#"
gonogo: 1
name: p
inputs:
  error_rate: {type: double, unit: ratio, max_age: 2m}
  latency_p95: {type: double, unit: ms, max_age: 2m}
require:
  - {id: latency, expr: latency_p95 < q("500ms")}
rollback:
  - {id: error-spike, expr: error_rate >= q("5%"), for: 2m}
"#;
    let suite = bound(policy, text, gonogo::snapshot::Format::Yaml);
    let decided: Vec<String> = suite
        .cases
        .iter()
        .map(|case| {
            let fixture = suite.fixture(case).expect("a fixture");
            assert_eq!(fixture.history.len(), 241);
            let (_, judged) = fixture.judge(&suite.policies[0].1).expect("a judgement");
            judged.decision.name().to_owned()
        })
        .collect();
    assert_eq!(decided, ["rollback", "go"]);
}
