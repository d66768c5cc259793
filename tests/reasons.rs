//! What the reason of a verdict blames did decide: the comparison, the operand or the item along the path that made the
//! condition what it is, or the time it has not held for.

use gonogo::policy::check::Settings;
use gonogo::report::text::{Style, report};
use gonogo::verdict::Verdict;
use serde_json::{Value as Json, json};

use crate::support;

const INPUTS: &str = "inputs: {f: {type: bool}, g: {type: bool}, a: {type: double}, b: {type: double}, e: {type: double}, r: {type: \
                      double, unit: ratio}, s: {type: double, range: [0, 1]}, name: {type: string}, l: {type: \"list<double>\"}, m: \
                      {type: \"map<string, double>\"}}\n";

fn judged(rules: &str, samples: &[Json]) -> Verdict {
    let policy = support::policy(
        &format!("gonogo: 1\nname: p\n{INPUTS}{rules}\n"),
        &Settings::new(),
    );
    let lines: Vec<String> = samples.iter().map(ToString::to_string).collect();
    support::judge(&policy, &[&lines.join("\n")], None, None)
}

fn at(time: &str, metrics: &Json) -> Json {
    json!({"at": format!("2025-10-16T{time}Z"), "metrics": metrics})
}

fn metrics() -> Json {
    json!({
        "f": false, "g": true, "a": 10.0, "b": 1.5, "r": 0.2, "name": "x",
        "l": [1.0, 3.0, 0.5, 2.5, 7.0], "m": {"x": 5.0, "y": 2.0},
    })
}

/// The reason of a requirement on the metrics above.
fn reason(condition: &str) -> String {
    let quoted = serde_json::to_string(condition).expect("a text");
    let rule = format!("require: [{{id: x, expr: {quoted}}}]");
    judged(&rule, &[at("10:00:00", &metrics())]).reason
}

#[test]
fn only_what_decided_is_blamed() {
    let rows = [
        ("f && b < 2.0", "x: f is false"),
        ("b < 2.0 && name == \"y\"", "x: name is \"x\", wanted \"y\""),
        (
            "b < 2.0 && name in [\"q\", \"z\"]",
            "x: name is \"x\", wanted one of \"q\", \"z\"",
        ),
        ("b > 2.0 || name != \"x\"", "x: b is 1.5, limit 2"),
        ("name != \"x\"", "x: name is \"x\", wanted another"),
        ("f == true", "x: f is false, wanted true"),
        (
            "b < 2.0 && name.startsWith(\"z\")",
            "x: name.startsWith(\"z\") is false, with name = \"x\"",
        ),
        ("b < 2.0 && within(a, 3.0, 1.0)", "x: a is 10, limit 4"),
        ("within(b, a, 0.5)", "x: b is 1.5, limit 9.5"),
        ("!within(a, 10.5, 1.0)", "x: a is 10, limit 9.5"),
        ("b < 2.0 && !known(a)", "x: known(a) is true, with a = 10"),
        ("g ? f : b < 2.0", "x: f is false"),
        ("(b < 2.0) == f", "x: b < 2.0 is true, wanted false"),
        ("!(f || b < 2.0)", "x: b is 1.5, limit 2"),
        ("(f && b < 1.0) || a < 5.0", "x: a is 10, limit 5"),
        ("m.all(k, m[k] < 40.0 && f)", "x: f is false"),
        (
            "m.all(k, k != \"y\" && m[k] < 40.0)",
            "x: k is \"y\", wanted another",
        ),
    ];
    let told = rows.map(|(condition, _)| (condition, reason(condition)));
    assert_eq!(
        told,
        rows.map(|(condition, told)| (condition, told.to_owned()))
    );
}

#[test]
fn the_item_that_decided_is_named() {
    let rows = [
        ("m.all(k, m[k] < 4.0)", "x: m[\"x\"] is 5, limit 4"),
        ("m.all(k, v, v < 4.0)", "x: m[\"x\"] is 5, limit 4"),
        // Of items that each decided the worst one, and how many more there are.
        ("l.all(v, v < 2.0)", "x: l[4] is 7, limit 2, and 2 more"),
        // Of items that decided together the nearest one.
        ("l.exists(v, v > 9.0)", "x: l[4] is 7, limit 9"),
        (
            "l.exists_one(v, v < 2.0)",
            "x: matches of l.exists_one(v, v < 2.0) is 2 of 5",
        ),
        (
            "m.all(k, l.exists(v, v > m[k] + 2.0))",
            "x: l[4] is 7, limit 7",
        ),
    ];
    let told = rows.map(|(condition, _)| (condition, reason(condition)));
    assert_eq!(
        told,
        rows.map(|(condition, told)| (condition, told.to_owned()))
    );
}

#[test]
fn a_comparison_that_holds_has_no_margin_beside_a_stop_that_fired_for_another_reason() {
    let verdict = judged(
        "hold: [{id: h, expr: 'f == false || b > 2.0'}]",
        &[at("10:00:00", &metrics())],
    );
    assert_eq!(verdict.findings[0].margin, None);
    assert_eq!(verdict.findings[0].values[0].expr, "f");
}

#[test]
fn the_ways_are_found_that_division_and_many_operands_ask_for() {
    let change = |condition: &str| {
        let quoted = serde_json::to_string(condition).expect("a text");
        let rule = format!("require: [{{id: x, expr: {quoted}}}]");
        let verdict = judged(&rule, &[at("10:00:00", &metrics())]);
        let finding = &verdict.findings[0];
        let change = finding.to_change.first();
        change.map(|change| gonogo::explain::reason::way(finding, change))
    };
    let rows = [
        ("100.0 / a > 18.0", "0 < a <= 5.55555555555"),
        ("a * 2.0 + 3.0 < 10.0", "a < 3.5"),
        ("a * 0.1 < 0.3", "a < 3"),
        (
            "l.exists_one(v, v > 0.4)",
            "l[1] <= 0.4 and l[2] <= 0.4 and l[3] <= 0.4 and l[4] <= 0.4",
        ),
    ];
    let told = rows.map(|(condition, _)| (condition, change(condition)));
    assert_eq!(
        told,
        rows.map(|(condition, told)| (condition, Some(told.to_owned())))
    );
}

#[test]
fn what_is_late_and_true_by_now_is_about_time() {
    let entered = json!({"name": "default", "entered": "2025-10-16T09:00:00Z"});
    let rule = "data: {max_age: 1h}\nrequire: [{id: x, expr: e < 3.0, for: 30m, due: +1h}]";
    let mut first = at("09:45:00", &json!({"e": 1.0}));
    first["stage"] = entered;
    let verdict = judged(rule, &[first, at("10:05:00", &json!({"e": 1.0}))]);
    assert_eq!(
        verdict.reason,
        "x: held 20m of 30m, was due 2025-10-16T10:00:00Z, earliest 2025-10-16T10:15:00Z"
    );
}

#[test]
fn a_stop_that_fired_again_is_so_since_then() {
    let rule = "rollback: [{id: x, expr: e > 5.0, for: 2m}]\nrequire: [{id: r, expr: 'e < 99.0'}]";
    let samples: Vec<Json> = (0..10)
        .map(|minute| {
            let e = if matches!(minute, 4 | 5) { 1.0 } else { 9.0 };
            at(&format!("10:0{minute}:00"), &json!({"e": e}))
        })
        .collect();
    assert_eq!(
        judged(rule, &samples).reason,
        "x: e is 9, limit 5, for 3m (2m)"
    );
    // Not for long enough again: it is told as it was, and that it is so again.
    assert_eq!(
        judged(rule, &samples[..8]).reason,
        "x: e was 9, limit 5, for 4m (2m), again since 2025-10-16T10:06:00Z"
    );
}

#[test]
fn a_checkpoint_says_when() {
    let rule = "require: [{id: x, expr: e < 5.0, at: {times: [30m, 1h, 90m], within: 5m}}]";
    let mut first = at("09:00:00", &json!({"e": 1.0}));
    first["stage"] = json!({"name": "default", "entered": "2025-10-16T09:00:00Z"});
    let failed = [
        first.clone(),
        at("09:30:00", &json!({"e": 7.0})),
        at("10:00:00", &json!({"e": 1.0})),
    ];
    assert_eq!(
        judged(rule, &failed).reason,
        "x: e is 7, limit 5, at the checkpoint 2025-10-16T09:30:00Z"
    );
    let so_far = [first, at("09:30:00", &json!({"e": 1.0}))];
    assert_eq!(
        judged(rule, &so_far).reason,
        "x: not yet, next checkpoint 2025-10-16T10:00:00Z"
    );
}

#[test]
fn a_when_that_nobody_knows_is_shown() {
    let rule = "require: [{id: x, expr: b < 3.0, when: e > 1.0}]";
    let verdict = judged(rule, &[at("10:00:00", &metrics())]);
    assert_eq!(verdict.findings[0].when.as_deref(), Some("e > 1.0"));
    let told = report(&verdict, Style::default());
    assert!(told.contains("b < 3.0, when e > 1.0\n"), "{told}");
}

#[test]
fn a_sum_has_a_unit_only_where_all_its_parts_have() {
    assert_eq!(reason("a + b + r < 1.0"), "x: a + b + r is 11.7, limit 1");
    assert_eq!(reason("r + r < 0.1"), "x: r + r is 40%, limit 10%");
}

#[test]
fn names_are_cut_before_values_and_limits() {
    let key = "k".repeat(300);
    let rule = "require: [{id: x, expr: 'm.all(k, m[k] < 3.0)'}]";
    let verdict = judged(rule, &[at("10:00:00", &json!({"m": {key: 5.0}}))]);
    let told = report(&verdict, Style::default());
    let head: Vec<&str> = told.lines().take(3).collect();
    assert!(head[1].ends_with("…\"] is 5, limit 3"), "{told}");
    assert!(head[2].ends_with("…\"] < 3"), "{told}");
}

#[test]
fn a_value_out_of_range_says_the_range() {
    let rule = "require: [{id: x, expr: s < 0.5}]";
    let verdict = judged(rule, &[at("10:00:00", &json!({"s": 7.0}))]);
    assert_eq!(
        verdict.reason,
        "x: s is unknown: out of range: it must be 0 to 1"
    );
}
