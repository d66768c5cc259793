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
                       l: {type: \"list<double>\"}, t: {type: \"list<string>\"}, m: {type: \"map<string, int>\"}, \
                       c: {type: double}, o: {type: \"map<string, bool>\"}, d: {type: duration}, e: {type: duration}, \
                       ts: {type: timestamp}}\n";

/// A policy that requires these.
fn require(conditions: &[&str]) -> String {
    let rules = conditions.iter().enumerate().map(|(index, condition)| {
        let quoted = serde_json::to_string(condition).expect("a text");
        format!("  - {{id: r{index}, expr: {quoted}}}\n")
    });
    format!("{NUMBERS}require:\n{}", rules.collect::<String>())
}

/// Whether these conditions over these numbers tell these steps.
fn are_told(rows: &[(&[&str], Json, &str)]) {
    let found: Vec<String> = rows
        .iter()
        .map(|(conditions, metrics, _)| told(&judged(&require(conditions), metrics)))
        .collect();
    let expected: Vec<&str> = rows.iter().map(|(_, _, told)| *told).collect();
    assert_eq!(found, expected);
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
    are_told(&rows);
}

#[test]
fn what_one_change_asks_for_is_told_beside_it() {
    let rows: [(&[&str], Json, &str); 15] = [
        // One for another, and never a list and an item of it.
        (
            &["\"ok\" in t && !(\"x\" in t)"],
            json!({"t": ["x", "y"]}),
            "t == [\"y\",\"ok\"]",
        ),
        // A limit of one value moves that of another by no more than is tried of it.
        (
            &["a / b < 0.01", "b > 1000.0"],
            json!({"a": 30.0, "b": 300.0}),
            "a <= 10; b > 1000",
        ),
        (
            &["a * 0.5 + b * 0.5 >= 80.0", "b > 75.0"],
            json!({"a": 70.0, "b": 70.0}),
            "a >= 85; b > 75",
        ),
        // What one change asks for beside it.
        (
            &["a < b && b < 0.02"],
            json!({"a": 0.04, "b": 0.03}),
            "a < 0.01; b == 0.01",
        ),
        (
            &["a + b > 100.0 && b < 10.0"],
            json!({"a": 20.0, "b": 15.0}),
            "a > 100; b == 0",
        ),
        (
            &["a < b && b < c && c < 500.0"],
            json!({"a": 600.0, "b": 700.0, "c": 900.0}),
            "a < 400; b == 400; 400 < c < 500",
        ),
        // One that nothing is found for is let be, and only that.
        (
            &[
                "a < b * 1.2",
                "b < 100.0",
                "s.startsWith(\"1.2.\") && s.size() > 9",
            ],
            json!({"a": 180.0, "b": 120.0, "s": "2"}),
            "b == 90; a < 108; no steps were found for r2",
        ),
        // Of a value below zero nothing says that it must stay there.
        (
            &["a > 0.0 || b > 5.0"],
            json!({"a": -1.0, "b": 1.0}),
            "a > 0",
        ),
        (&["n % 10 == 5 && n > 20"], json!({"n": 3}), "n == 25"),
        (
            &["n <= 9007199254740993"],
            json!({"n": 9_007_199_254_740_994_i64}),
            "n <= 9007199254740993",
        ),
        (
            &["o.filter(k, o[k]).size() >= 3"],
            json!({"o": {"a": true, "b": false, "c": false, "d": false}}),
            "o[\"c\"] == true; o[\"d\"] == true",
        ),
        // Lengths of time are never negative, and instants never as far as they can be told.
        (
            &["d + e < duration(\"1h\")"],
            json!({"d": "5m", "e": "70m"}),
            "e < 55m",
        ),
        (
            &["ts > timestamp(\"2026-03-01T11:00:00Z\")"],
            json!({"ts": "2026-03-01T10:00:00Z"}),
            "ts > 2026-03-01T11:00:00Z",
        ),
        (
            &["now - ts < duration(\"24h\")"],
            json!({"ts": "2026-01-01T00:00:00Z"}),
            "ts > 2026-03-09T12:00:00Z",
        ),
        // Of a stretch with two ends the end that is nearer is where to begin.
        (
            &[
                "math.abs(c - b) < 75.0 && a >= 10.0",
                "b / a >= 5.0",
                "b < 75.0",
            ],
            json!({"a": 75.0, "b": 240.0, "c": 50.0}),
            "b == 74; 10 <= a <= 14.8",
        ),
    ];
    are_told(&rows);
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

#[test]
fn a_calendar_that_a_condition_closes_opens_with_it() {
    let rules = "inputs: {load: {type: double}}\n\
        calendars:\n  always: {timezone: UTC, allow: [\"Mon-Sun 00:00-24:00\"], deny: [{when: load > 0.5, reason: busy}]}\n\
        require: [{id: window, during: always}]\n";
    let verdict = judged(rules, &json!({"load": 1.0}));
    assert_eq!(told(&verdict), "load <= 0.5");
    assert_eq!(
        verdict.reason,
        "window: closed: busy (load is 1, limit 0.5)"
    );
    assert_eq!(judged(rules, &json!({"load": 0.5})).verdict, Decision::Go);
}

#[test]
fn a_checkpoint_is_waited_for_until_the_next_sample() {
    let policy = "gonogo: 1\nname: spot\ninputs: {x: {type: double}}\nstages:\n  - name: s\n    \
                  require: [{id: spot, expr: x < 5.0, at: {times: [61m]}}]\n";
    let policy = support::policy(policy, &Settings::new());
    let sample = |minutes: i64| {
        let (hour, minute) = (9 + minutes / 60, minutes % 60);
        let stage = json!({"name": "s", "entered": "2026-03-10T09:00:00Z"});
        json!({"at": format!("2026-03-10T{hour:02}:{minute:02}:00Z"), "stage": stage, "metrics": {"x": 1.0}})
            .to_string()
    };
    let mut samples: Vec<String> = (0..=60).step_by(4).map(sample).collect();
    let texts: Vec<&str> = samples.iter().map(String::as_str).collect();
    let verdict = support::judge(&policy, &texts, None, None);
    assert_eq!(told(&verdict), "wait until 2026-03-10T10:04:00Z");
    samples.push(sample(64));
    let texts: Vec<&str> = samples.iter().map(String::as_str).collect();
    let after = support::judge(&policy, &texts, None, None);
    assert_eq!(after.verdict, Decision::Go);
}
