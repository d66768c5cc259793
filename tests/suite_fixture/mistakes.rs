//! What is wrong with an edit: which code, what is underlined, and the fix.

use serde_json::{Value as Json, json};

use super::{POLICY, bound, suite, wrong};
use gonogo::snapshot::Format;

fn given() -> Json {
    json!([
        {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.01}},
        {"at": "2025-10-16T10:02:00Z", "metrics": {"error_rate": 0.01}},
    ])
}

fn told(mut test: Json) -> Vec<String> {
    test["name"] = json!("t");
    test["expect"] = json!({"verdict": "go"});
    if test["given"].is_null() {
        test["given"] = given();
    }
    wrong(&suite(POLICY, &test))
}

#[test]
fn a_series_longer_than_the_history_says_how_much_of_it_fits() {
    assert_eq!(
        told(json!({"series": {"every": "30s", "error_rate": ["0.1*6"], "count": [1]}})),
        [
            "bad-series: the series of `error_rate` begins before the history that is given, which is from 2025-10-16T10:00:00Z on \
          [\"error_rate\"] it has 6 samples 30s apart, of which 5 fit: leave out the first one, or give an earlier sample"
        ]
    );
}

#[test]
fn a_series_needs_a_sample_to_end_at() {
    let evidence =
        json!({"evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z"}]});
    let told = told(json!({"given": evidence, "series": {"every": "30s", "error_rate": [0.1]}}));
    assert!(
        told[0].starts_with("bad-series: there is no sample that the series could end at ["),
        "{told:?}"
    );
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn names_that_the_policy_does_not_declare_are_errors_wherever_the_suite_writes_them() {
    assert_eq!(
        told(json!({"series": {"every": "30s", "eror_rate": [0.1]}})),
        [
            "undeclared-metric: the policy declares no metric `eror_rate` [\"eror_rate\"] did you mean `error_rate`?"
        ]
    );
    assert_eq!(
        told(json!({"series": {"every": "30s", "befor.error_rate": [0.1]}})),
        [
            "undeclared-metric: the policy declares no metric `befor.error_rate` [\"befor.error_rate\"] did you mean `before.error_rate`?"
        ]
    );
    assert_eq!(
        told(json!({"patch": {"metrics": {"eror_rate": null}}})),
        [
            "undeclared-metric: the policy declares no metric `eror_rate` [\"eror_rate\"] nothing reads it; did you mean `error_rate`?"
        ]
    );
    assert_eq!(
        told(json!({"patch": {"baselines": {"befor": {}}}})),
        [
            "undeclared-metric: the policy declares no baseline `befor` [\"befor\"] nothing reads it; did you mean `before`?"
        ]
    );
    assert_eq!(
        told(json!({"given": {"at": "2025-10-16T10:00:00Z", "metrics": {"eror_rate": 0.1}}})),
        [
            "undeclared-metric: the policy declares no metric `eror_rate` [\"eror_rate\"] nothing reads it; did you mean `error_rate`?"
        ]
    );
}

#[test]
fn parts_are_of_maps_and_a_record_has_its_own() {
    assert_eq!(
        told(json!({"series": {"every": "30s", "error_rate.P0": [0.1]}})),
        [
            "bad-series: `error_rate` is no map, and has no part `error_rate.P0` [\"error_rate.P0\"] write the series of `error_rate`"
        ]
    );
    assert_eq!(
        told(json!({"series": {"every": "30s", "drill.minuts": [1]}})),
        ["bad-series: `drill` has no part `drill.minuts` [\"drill.minuts\"] it has minutes, by"]
    );
}

#[test]
fn values_of_a_series_are_of_the_type_of_its_metric() {
    let help = "correct the value; `_` says that the metric is missing";
    assert_eq!(
        told(json!({"series": {"every": "30s", "error_rate": ["high*2"]}})),
        [format!(
            "bad-series: `error_rate` is a text, not a number [high] {help}"
        )]
    );
    assert_eq!(
        told(json!({"series": {"every": "30s", "count": [0.5]}})),
        [format!(
            "bad-series: `count` is a number, not a whole number [0.5] {help}"
        )]
    );
    assert_eq!(
        told(json!({"series": {"every": "30s", "count": ["0..3/3"]}})),
        [
            "bad-series: `count` is a whole number, and the ramp from 0 to 3 in 3 samples has others [\"0..3/3\"] \
          give it as many samples as there are whole numbers to pass, such as `0..4/5`"
        ]
    );
    assert_eq!(
        told(json!({"series": {"every": "30s", "mode": ["0..3/4"]}})),
        [
            "bad-series: a ramp is of numbers, and `mode` is of the type string [\"0..3/4\"] list its values one by one"
        ]
    );
}

#[test]
fn a_value_out_of_range_is_a_warning_as_in_snapshots() {
    let test = json!({"name": "t", "given": given(), "series": {"every": "30s", "error_rate": ["7", "0..2/3"]}, "expect": {"verdict": "go"}});
    let suite = suite(POLICY, &test);
    let fixture = suite.fixture(&suite.cases[0]).expect("a fixture");
    let codes: Vec<String> = fixture
        .warnings
        .iter()
        .map(|one| one.code.to_string())
        .collect();
    assert_eq!(codes, ["out-of-range", "out-of-range"]);
}

#[test]
fn a_patch_is_a_map_without_an_instant() {
    assert_eq!(
        told(json!({"patch": {"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1}}})),
        [
            "unknown-key: a patch has no `at`: it changes every sample [\"at\"] \
          move the history with `shift`, or say with `now` when to judge it"
        ]
    );
    assert_eq!(
        told(json!({"patch": {"metric": {"error_rate": 0.1}}})),
        ["unknown-key: a snapshot has no `metric` [\"metric\"] did you mean `metrics`?"]
    );
    assert_eq!(
        told(json!({"patch": [1]})),
        ["wrong-kind: `patch` is a list, not a map [[1]] write a map here"]
    );
    assert_eq!(
        told(json!({"patch": {"evidence": 4}})),
        [
            "wrong-kind: `evidence` is a whole number, not a map of changes, or a list [4] write `evidence` as a map of changes, or a list"
        ]
    );
}

#[test]
fn what_a_patch_adds_must_be_whole() {
    let told = told(json!({"patch": {"approvals": {"cab": {"by": "ada"}}}}));
    assert!(
        told[0].starts_with("missing-key: an approval without `decision` [{\"by\":\"ada\"}]"),
        "{told:?}"
    );
}

#[test]
fn a_patch_of_metrics_needs_a_sample() {
    let evidence =
        json!({"evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z"}]});
    let told = told(json!({"given": evidence, "patch": {"metrics": {"error_rate": 0.1}}}));
    assert!(
        told[0].starts_with("no-data: there is no sample that the patch could change"),
        "{told:?}"
    );
}

#[test]
fn baselines_are_those_of_the_policy_and_given_once() {
    let own = json!({"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.1}});
    assert_eq!(
        told(json!({"baseline": {"befor": own}})),
        ["unknown-baseline: the policy has no baseline `befor` [\"befor\"] did you mean `before`?"]
    );
    assert_eq!(
        told(
            json!({"baseline": {"before": own}, "patch": {"baselines": {"before": {"error_rate": 0.2}}}})
        ),
        [
            "conflicting-sample: `before.error_rate` is given by a snapshot and by `baseline` [\"t\"] \
          leave it out of what is given, or out of `baseline`"
        ]
    );
    assert_eq!(
        told(
            json!({"baseline": {"blue": own}, "patch": {"baselines": {"blue": {"error_rate": 0.2}}}})
        ),
        [
            "conflicting-sample: `blue.error_rate` has two values at 2025-10-16T10:00:00Z [\"t\"] \
          leave it out of `given`, or out of `baseline`"
        ]
    );
}

#[test]
fn parameters_are_those_of_the_policy_and_have_values() {
    assert_eq!(
        told(json!({"set": {"limt": 0.1}})),
        ["unknown-param: the policy has no parameter `limt` [0.1] did you mean `limit`?"]
    );
    assert_eq!(
        told(json!({"set": {"limit": "high"}})),
        [
            "bad-param: `high` is not a value of the parameter `limit` [\"high\"] give a double, such as `set: {limit: 0.5}`"
        ]
    );
    let unset = POLICY.replace(", default: 0.05", "");
    let test = json!({"name": "t", "given": given(), "expect": {"verdict": "go"}});
    assert_eq!(
        wrong(&suite(&unset, &test)),
        [
            "bad-param: the parameter `limit` has no value [\"t\"] give it in the test's `set: {limit: …}`, or a default in the policy"
        ]
    );
}

#[test]
fn waivers_set_aside_what_there_is() {
    let waiver = |rule: &str| json!([{"rule": rule, "stage": "default", "reason": "r", "owner": "o", "approved_by": "a", "expires": "2026-01-31T12:00:00Z"}]);
    let told = told(json!({"waivers": waiver("elevatd")}));
    assert!(
        told[0]
            .starts_with("unknown-rule: the stage `default` has no rule `elevatd` [\"elevatd\"]"),
        "{told:?}"
    );
}

#[test]
fn a_history_cannot_be_moved_out_of_time() {
    let told = told(json!({"shift": "3000000d"}));
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("bad-duration: `shift` moves the history out of"),
        "{told:?}"
    );
}

#[test]
fn what_is_wrong_with_one_test_stops_no_other() {
    let text = json!({"gonogo": 1, "policy": "policy.yaml", "tests": [
        {"name": "a", "given": given(), "series": {"every": "30s", "nothing": [1]}, "expect": {"verdict": "go"}},
        {"name": "b", "given": "none", "expect": {"verdict": "go"}},
        {"name": "c", "given": given(), "expect": {"verdict": "go"}},
    ]});
    let suite = bound(POLICY, &text.to_string(), Format::Json);
    let runs = suite
        .cases
        .iter()
        .map(|case| case.problems.is_empty() && suite.fixture(case).is_ok());
    assert_eq!(runs.collect::<Vec<_>>(), [false, false, true]);
    assert!(
        suite.cases[1].problems[0]
            .message
            .contains("there are no snapshots `none`")
    );
}

#[test]
fn a_fact_that_no_rule_asks_for_changes_nothing_and_is_an_error() {
    assert_eq!(
        told(json!({"patch": {"evidence": {"unit-test": null}}})),
        [
            "unknown-rule: the policy asks for no evidence `unit-test` [\"unit-test\"] did you mean `unit-tests`?"
        ]
    );
    assert_eq!(
        told(
            json!({"patch": {"approvals": [{"rule": "cap", "by": "ada", "at": "2025-10-16T09:00:00Z", "decision": "approved"}]}})
        ),
        ["unknown-rule: the policy asks for no approvals of `cap` [\"cap\"] did you mean `cab`?"]
    );
    assert_eq!(
        told(json!({"patch": {"attestations": {"drill": null}}})),
        [""; 0]
    );
}

#[test]
fn a_metric_and_a_part_of_it_are_not_both_series() {
    assert_eq!(
        told(json!({"series": {"every": "1s", "incidents": ["_"], "incidents.P0": ["5"]}})),
        [
            "bad-series: `incidents.P0` is a part of another series, or of nothing [\"incidents.P0\"] \
             write one series for each metric, or one for each of its parts"
        ]
    );
}
