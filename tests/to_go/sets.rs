//! Sets as they are told: every limit of a value in one step, the nearest one, held against all rules at once.

use gonogo::policy::check::Settings;
use gonogo::verdict::{Decision, Verdict};
use serde_json::{Value as Json, json};

use crate::support;

fn judged(rules: &str, metrics: &Json) -> Verdict {
    let policy = format!("gonogo: 1\nname: sets\n{rules}");
    let policy = support::policy(&policy, &Settings::new());
    let sample = json!({"at": "2026-03-10T12:00:00Z", "metrics": metrics}).to_string();
    support::judge(&policy, &[&sample], None, None)
}

/// The steps that are told, one behind another.
fn told(verdict: &Verdict) -> String {
    let steps = verdict.to_go.iter().flat_map(|to_go| &to_go.steps);
    let steps: Vec<&str> = steps.map(|step| step.what.as_str()).collect();
    steps.join("; ")
}

const NUMBERS: &str = "inputs: {a: {type: double}, b: {type: double}, n: {type: int}, s: {type: string}, \
                       l: {type: \"list<double>\"}, t: {type: \"list<string>\"}, m: {type: \"map<string, int>\"}}\n";

/// A policy that requires these.
fn require(conditions: &[&str]) -> String {
    let rules = conditions.iter().enumerate().map(|(index, condition)| {
        let quoted = serde_json::to_string(condition).expect("a text");
        format!("  - {{id: r{index}, expr: {quoted}}}\n")
    });
    format!("{NUMBERS}require:\n{}", rules.collect::<String>())
}

#[test]
fn every_limit_is_told_and_the_nearest_one() {
    let rows: [(&[&str], Json, &str); 16] = [
        (&["n == 0"], json!({}), "give n == 0"),
        (
            &["m[\"x\"] == 0"],
            json!({"m": {"y": 2}}),
            "give m[\"x\"] == 0",
        ),
        (
            &["a > 280.0 && a < 281.0"],
            json!({"a": 350.0}),
            "280 < a < 281",
        ),
        (
            &["b >= 0.97 && b <= 1.03"],
            json!({"b": 1000.0}),
            "0.97 <= b <= 1.03",
        ),
        (
            &["b >= 0.97", "b <= 1.03"],
            json!({"b": 1000.0}),
            "0.97 <= b <= 1.03",
        ),
        (&["a > 280.0 && a < 281.0"], json!({}), "give 280 < a < 281"),
        (
            &["math.abs(a - b) < 2.0"],
            json!({"a": 350.0, "b": 300.0}),
            "298 < a < 302",
        ),
        (
            &["math.abs(a - b) < 2.0", "a < 300.0"],
            json!({"a": 350.0, "b": 300.0}),
            "298 < a < 300",
        ),
        (
            &["a + b > 40.0 && b <= 1.0"],
            json!({"a": 30.0, "b": 5.0}),
            "a > 39; b == 1",
        ),
        (
            &["a + b < 10.0", "a / (a + b) > 0.5"],
            json!({"a": 4.0, "b": 9.0}),
            "-4 < b < 4",
        ),
        (
            &["a < 300.0 + b * 0.1", "b < 100.0"],
            json!({"a": 400.0, "b": 900.0}),
            "b == 90; a < 309",
        ),
        (&["a + b < 10.0"], json!({"a": 4.0, "b": 9.0}), "a < 1"),
        (
            &["l.exists(x, x > 10.0)"],
            json!({"l": [1.0, 2.0, 9.5, 3.0]}),
            "l[2] > 10",
        ),
        (&["s.size() > 3"], json!({"s": "rc1"}), ""),
        (
            &["t.size() == 0", "!(\"x\" in t)"],
            json!({"t": ["x", "y"]}),
            "t == []",
        ),
        (&["\"ok\" in t"], json!({"t": ["x"]}), "t == [\"x\",\"ok\"]"),
    ];
    let found: Vec<String> = rows
        .iter()
        .map(|(conditions, metrics, _)| told(&judged(&require(conditions), metrics)))
        .collect();
    let expected: Vec<&str> = rows.iter().map(|(_, _, told)| *told).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_stop_that_would_fire_further_on_bounds_what_is_asked_for() {
    let rules = "inputs: {n: {type: int}}\nrequire: [{id: enough, expr: n >= 5}]\nhold: [{id: many, expr: n > 10}]\n";
    let verdict = judged(rules, &json!({"n": 3}));
    assert_eq!(told(&verdict), "5 <= n <= 10");
    let step = &verdict.to_go.as_ref().expect("steps").steps[0];
    let change = serde_json::to_value(&step.change).expect("JSON");
    let expected = json!({"input": "n", "op": ">=", "value": 5, "and": [{"input": "n", "op": "<=", "value": 10}]});
    assert_eq!(change, expected);
    for (n, decision) in [
        (4, Decision::NoGo),
        (5, Decision::Go),
        (10, Decision::Go),
        (11, Decision::NoGo),
    ] {
        assert_eq!(judged(rules, &json!({"n": n})).verdict, decision, "{n}");
    }
}
