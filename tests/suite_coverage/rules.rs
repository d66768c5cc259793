//! Rules, seen both to hold and not to.

use super::{Kind, Watched, instant};
use serde_json::json;

const RULES: Kind = Kind::Rules;

#[test]
fn a_rule_of_each_effect_needs_both_ways() {
    let mut watched = Watched::new(
        "inputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 5.0}]\nhold: [{id: h, expr: a > 7.0}]\nrollback: [{id: b, expr: a > 9.0}]",
    );
    assert_eq!(watched.points("r", RULES), ["r: (met) (not met)"]);
    watched.see(&[(0, json!({"a": 1.0}))]);
    assert_eq!(watched.points("r", RULES), ["r: met (not met)"]);
    assert_eq!(watched.points("h", RULES), ["h: (fired) not fired"]);
    assert_eq!(watched.points("b", RULES), ["b: (fired) not fired"]);
    watched.see(&[(0, json!({"a": 10.0}))]);
    for rule in ["r", "h", "b"] {
        assert!(!watched.points(rule, RULES)[0].contains('('), "{rule}");
    }
}

#[test]
fn what_nobody_knows_or_does_not_apply_shows_nothing() {
    let mut watched = Watched::new(
        "inputs: {a: {type: double}, on: {type: bool}}\nrequire: [{id: r, expr: a < 5.0, when: on}]\nhold: [{id: h, expr: a > 7.0, missing: fire}]",
    );
    watched.see(&[(0, json!({"a": null, "on": true}))]);
    watched.see(&[(0, json!({"a": 1.0, "on": null}))]);
    watched.see(&[(0, json!({"a": 1.0, "on": false}))]);
    assert_eq!(watched.points("r", RULES), ["r: (met) (not met)"]);
    // It fired in silence once, and was clear twice.
    assert_eq!(watched.points("h", RULES), ["h: (fired) not fired"]);
    // A condition that does not apply is not looked at.
    let limits = watched.points("r", Kind::Boundaries);
    assert_eq!(limits, ["a < 5.0: (below) (at) (above)"]);
}

#[test]
fn what_is_pending_does_not_hold_yet() {
    let mut watched = Watched::new(
        "inputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 5.0, for: 1m}]\nrollback: [{id: b, expr: a < 5.0, for: 1m}]",
    );
    watched.see(&[(0, json!({"a": 6.0})), (30, json!({"a": 1.0}))]);
    assert_eq!(watched.points("r", RULES), ["r: (met) not met"]);
    assert_eq!(watched.points("b", RULES), ["b: (fired) not fired"]);
}

#[test]
fn of_a_rule_for_each_any_item_counts_and_watched_rules_count_too() {
    let mut watched = Watched::new(
        "inputs: {by: {type: \"map<string, double>\"}}\nrequire: [{id: r, for_each: {k: by}, expr: 'by[k] < 3.0', watch: true}, {id: s, expr: by.size() > 0}]",
    );
    watched.see(&[(0, json!({"by": {"x": 1.0, "y": 9.0}}))]);
    assert_eq!(watched.points("r", RULES), ["r: met not met"]);
}

#[test]
fn what_a_stage_asks_for_by_itself_counts_as_rules() {
    let mut watched = Watched::new(
        r"
inputs: {a: {type: double}}
record: {fields: [change]}
stages:
  - name: before
    require: [{id: r, expr: a < 5.0}]
  - name: s
    traffic: 5%
    bake: 1m
    needs: [before]
    require: [{id: r, expr: a < 5.0}]
",
    );
    let sample = |share: f64, fields: serde_json::Value| json!({"stage": {"name": "s", "traffic": share}, "subject": fields, "metrics": {"a": 1.0}});
    let subject = json!({"service": "x", "commit": "0f1e2d3"});
    watched.given(&[(0, sample(0.05, subject.clone()))]);
    let told = |watched: &Watched| {
        let rules = [
            "stage.bake",
            "stage.traffic",
            "stage.needs[before]",
            "record.change",
        ];
        rules.map(|rule| watched.points(rule, RULES).concat())
    };
    assert_eq!(
        told(&watched),
        [
            "stage.bake: (met) not met",
            "stage.traffic: met (not met)",
            "stage.needs[before]: (met) not met",
            "record.change: (met) not met"
        ]
    );
    let mut second = sample(0.06, json!({"change": "CHG-1"}));
    let first = sample(0.05, subject.clone());
    second["records"] = json!([{"stage": "before", "verdict": "go", "at": instant(-60).to_string(), "subject": subject}]);
    watched.given(&[(0, first), (60, second)]);
    assert_eq!(
        told(&watched),
        [
            "stage.bake: met not met",
            "stage.traffic: met not met",
            "stage.needs[before]: met not met",
            "record.change: met not met"
        ]
    );
}

#[test]
fn every_proof_counts() {
    let mut watched = Watched::new(
        r#"
inputs: {a: {type: double}}
calendars: {noon: {timezone: UTC, allow: ["Sun 10:00-10:01"]}}
require:
  - {id: load, evidence: {id: load-test, where: data.rate > 5}}
  - {id: signed, attest: {count: 1}}
  - {id: agreed, approve: {any: 1}}
  - {id: open, during: noon}
"#,
    );
    let at = instant(0).to_string();
    watched.given(&[(
        0,
        json!({
            "metrics": {"a": 1.0},
            "evidence": [{"id": "load-test", "at": at, "status": "passed", "data": {"rate": 6}}],
            "attestations": [{"rule": "signed", "by": "ada", "at": at}],
            "approvals": [{"rule": "agreed", "by": "ada", "at": at, "decision": "approved"}],
        }),
    )]);
    let told = |watched: &Watched| {
        let rules = ["load", "signed", "agreed", "open"];
        rules.map(|rule| watched.points(rule, RULES).concat())
    };
    assert_eq!(
        told(&watched),
        [
            "load: met (not met)",
            "signed: met (not met)",
            "agreed: met (not met)",
            "open: met (not met)"
        ]
    );
    assert_eq!(
        watched.points("load", Kind::Boundaries),
        ["data.rate > 5: (below) (at) above"]
    );
    watched.see(&[(90, json!({"a": 1.0}))]);
    assert_eq!(
        told(&watched),
        [
            "load: met not met",
            "signed: met not met",
            "agreed: met not met",
            "open: met not met"
        ]
    );
}

#[test]
fn a_checkpoint_is_looked_at_with_the_values_it_was_judged_on() {
    let mut watched = Watched::new(
        "inputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 5.0, at: {times: [1m], within: 30s}}]",
    );
    watched.see(&[(0, json!({"a": 9.0})), (30, json!({"a": 5.0}))]);
    assert_eq!(watched.points("r", RULES), ["r: (met) not met"]);
    let limits = |watched: &Watched| watched.points("r", Kind::Boundaries).concat();
    // Nothing has been judged yet.
    assert_eq!(limits(&watched), "a < 5.0: (below) (at) (above)");
    watched.see(&[
        (0, json!({"a": 9.0})),
        (60, json!({"a": 1.0})),
        (90, json!({"a": 9.0})),
    ]);
    assert_eq!(watched.points("r", RULES), ["r: met not met"]);
    assert_eq!(limits(&watched), "a < 5.0: below (at) (above)");
    watched.see(&[(60, json!({"a": 5.0})), (90, json!({"a": 9.0}))]);
    assert_eq!(limits(&watched), "a < 5.0: below at (above)");
}

#[test]
fn a_stop_that_latched_is_looked_at_with_the_values_it_fired_on() {
    let mut watched = Watched::new(
        "inputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 100.0}]\nrollback: [{id: b, expr: a > 5.0}]",
    );
    watched.see(&[(0, json!({"a": 9.0})), (30, json!({"a": 5.0}))]);
    assert_eq!(watched.points("b", RULES), ["b: fired (not fired)"]);
    assert_eq!(
        watched.points("b", Kind::Boundaries),
        ["a > 5.0: (below) (at) above"]
    );
}

#[test]
fn what_several_stages_take_over_unchanged_counts_once() {
    let watched = Watched::new(
        r"
inputs: {a: {type: double}}
stages:
  - name: live
    abstract: true
    rollback: [{id: stop, expr: a > 5.0, for: 1m}]
  - name: one
    extends: live
    require: [{id: r, expr: a < 3.0}]
  - name: two
    extends: one
    rollback: [{id: stop, for: 2m}]
  - name: three
    extends: one
",
    );
    let coverage = watched.all();
    let told: Vec<String> = coverage
        .parts
        .iter()
        .map(|part| format!("{} of {}", part.rule, part.stages.join(" ")))
        .collect();
    assert_eq!(
        told,
        ["r of one two three", "stop of one three", "stop of two"]
    );
    assert_eq!(coverage.totals.rules.of, 3);
}

#[test]
fn what_is_seen_in_one_stage_is_seen_of_the_rule_that_others_take_over() {
    let mut watched = Watched::new(
        r"
inputs: {a: {type: double}}
stages:
  - name: one
    require: [{id: r, expr: a < 3.0}]
  - {name: two, extends: one}
",
    );
    let sample = |stage: &str, a: f64| (0, json!({"stage": {"name": stage}, "metrics": {"a": a}}));
    watched.given(&[sample("one", 1.0)]);
    watched.given(&[sample("two", 4.0)]);
    assert_eq!(watched.points("r", RULES), ["r: met not met"]);
}

#[test]
fn a_condition_that_is_always_true_need_not_fail() {
    let watched = Watched::new(
        "inputs: {a: {type: double, range: [0, 1]}}\nrequire: [{id: r, expr: a <= 1.0}]\nhold: [{id: h, expr: a > 1.0}]",
    );
    assert_eq!(watched.points("r", RULES), ["r: (met)"]);
    assert_eq!(watched.points("h", RULES), ["h: (not fired)"]);
}
