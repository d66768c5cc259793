//! What the text says of stops that stay fired, of what is late, and of what stands in the first lines: the value and the
//! limit, whatever is compared.

use gonogo::explain::reason;
use gonogo::policy::check::Settings;
use gonogo::report::text::{Style, report};
use gonogo::verdict::{Finding, Verdict};
use serde_json::{Value as Json, json};

use crate::support;

fn judged(policy: &str, samples: &[Json]) -> Verdict {
    let policy = support::policy(&format!("gonogo: 1\nname: p\n{policy}"), &Settings::new());
    let lines: Vec<String> = samples.iter().map(ToString::to_string).collect();
    support::judge(&policy, &[&lines.join("\n")], None, None)
}

fn at(minute: u32, metrics: &Json) -> Json {
    json!({"at": format!("2026-03-10T12:{minute:02}:00Z"), "metrics": metrics})
}

/// One sample at noon.
fn once(policy: &str, metrics: &Json) -> Verdict {
    judged(policy, &[at(0, metrics)])
}

fn finding<'v>(verdict: &'v Verdict, rule: &str) -> &'v Finding {
    let found = verdict.findings.iter().find(|one| one.rule == rule);
    found.expect("a finding")
}

/// The text in full, its lines joined.
fn text(verdict: &Verdict) -> String {
    let style = Style {
        full: true,
        ..Style::default()
    };
    let text = report(verdict, style);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A share of errors every minute, too high in these.
fn errors(minutes: u32, high: &[std::ops::Range<u32>]) -> Vec<Json> {
    let rate = |minute: u32| {
        let is_high = high.iter().any(|range| range.contains(&minute));
        if is_high { 0.06 } else { 0.001 }
    };
    (0..minutes)
        .map(|minute| at(minute, &json!({"e": rate(minute)})))
        .collect()
}

const STOP: &str = "inputs: {e: {type: double, unit: ratio}}\nrequire: [{id: x, expr: e < 0.1}]\nrollback: [{id: r, expr: e > 0.05, for: \
                    3m}]\n";

#[test]
fn separate_runs_of_a_stop_are_never_told_as_one() {
    let cases = [
        (
            errors(40, &[5..10, 30..35]),
            "r: e was 6%, limit 5%, for 5m (3m), clear since 2026-03-10T12:35:00Z",
            "was true 5m from 12:30:00Z, first fired 12:08:00Z, clear since 12:35:00Z",
        ),
        // The second one is too short to fire.
        (
            errors(40, &[5..10, 30..32]),
            "r: e was 6%, limit 5%, for 5m (3m), clear since 2026-03-10T12:32:00Z",
            "was true 5m from 12:05:00Z, fired 12:08:00Z, clear since 12:32:00Z",
        ),
        (
            errors(40, &[5..10, 30..40]),
            "r: e is 6%, limit 5%, for 9m (3m)",
            "true 9m since 12:30:00Z, first fired 12:08:00Z e > 0.05",
        ),
        // True again, and not yet for long enough.
        (
            errors(40, &[5..10, 38..40]),
            "r: e was 6%, limit 5%, for 5m (3m), again since 2026-03-10T12:38:00Z",
            "was true 5m from 12:05:00Z, fired 12:08:00Z, true again since 12:38:00Z",
        ),
    ];
    for (samples, reason, times) in cases {
        let verdict = judged(STOP, &samples);
        assert_eq!(verdict.reason, reason);
        assert!(
            text(&verdict).contains(times),
            "{times}\n{}",
            text(&verdict)
        );
    }
}

#[test]
fn what_a_stop_fired_on_is_what_it_fired_on_in_the_run_that_is_told() {
    let mut samples = errors(40, &[5..10, 30..35]);
    for sample in &mut samples[30..35] {
        sample["metrics"]["e"] = json!(0.08);
    }
    assert_eq!(
        judged(STOP, &samples).reason,
        "r: e was 8%, limit 5%, for 5m (3m), clear since 2026-03-10T12:35:00Z"
    );
}

#[test]
fn a_stop_nobody_can_tell_about_now_was_so_until_then() {
    let mut samples = errors(12, &[5..8, 8..10]);
    samples[10]["metrics"]["e"] = Json::Null;
    samples[11]["metrics"]["e"] = Json::Null;
    let verdict = judged(STOP, &samples);
    assert_eq!(
        verdict.reason,
        "r: e was 6%, limit 5%, for 5m (3m), until 2026-03-10T12:10:00Z"
    );
    let stop = finding(&verdict, "r");
    assert_eq!((stop.cleared_at, stop.again_since), (None, None));
}

#[test]
fn what_is_late_says_how_long_it_has_held_and_when_it_can_be_met() {
    let policy = "inputs: {a: {type: double}}\nstages:\n  - name: s\n    bake: 1h\n    require:\n      - {id: x, expr: a < 3.0, for: \
                  bake, due: +10m}\n";
    let mut samples: Vec<Json> = (0..20)
        .map(|minute| at(minute, &json!({"a": 1.0})))
        .collect();
    samples[0]["stage"] = json!({"name": "s", "entered": "2026-03-10T12:00:00Z"});
    let verdict = judged(policy, &samples);
    assert_eq!(
        verdict.reason,
        "x: held 19m of 1h, was due 2026-03-10T12:10:00Z, earliest 2026-03-10T13:00:00Z"
    );
    let told = "a = 1 < 3 (66.7% under), held 19m of 1h since 12:00:00Z, earliest 13:00:00Z if nothing changes";
    assert!(text(&verdict).contains(told), "{}", text(&verdict));
    // It is so: at that time it is met.
    samples.extend((20..60).map(|minute| at(minute, &json!({"a": 1.0}))));
    samples.push(json!({"at": "2026-03-10T13:00:00Z", "metrics": {"a": 1.0}}));
    assert_eq!(finding(&judged(policy, &samples), "x").status.name(), "met");
}

#[test]
fn a_reason_has_the_value_and_the_limit_whatever_is_compared() {
    let inputs = "inputs: {a: {type: int}, d: {type: duration}, t: {type: timestamp}, st: {type: string}, l: {type: \
                  \"list<string>\"}}\nlet: {high: a > 3, bad: high && a > 2}\n";
    let metrics = json!({"a": 9_007_199_254_740_993_i64, "d": "10m", "t": "2026-03-08T12:00:00Z", "st": "red", "l": ["x", "y"]});
    let rows = [
        ("d < duration('5m')", "x: d is 10m, limit 5m"),
        ("now - t < duration('24h')", "x: now - t is 48h, limit 24h"),
        ("duration('5m') > d", "x: d is 10m, limit 5m"),
        (
            "t > timestamp('2026-03-09T00:00:00Z')",
            "x: t is 2026-03-08T12:00:00Z, limit 2026-03-09T00:00:00Z",
        ),
        (
            "st in ['a', 'b', 'c', 'd']",
            "x: st is \"red\", wanted one of \"a\", \"b\", \"c\" and 1 more",
        ),
        (
            "!(st in ['red', 'b'])",
            "x: st is \"red\", wanted none of \"red\", \"b\"",
        ),
        ("'z' in l", "x: l is \"x\", \"y\", wanted with \"z\""),
        ("!('x' in l)", "x: l is \"x\", \"y\", wanted without \"x\""),
        ("l[0] == st", "x: l[0] is \"x\", wanted \"red\""),
        // Whole numbers are told digit by digit.
        (
            "a < 9007199254740993",
            "x: a is 9007199254740993, limit 9007199254740993",
        ),
        ("!bad", "x: a is 9007199254740993, limit 3"),
    ];
    for (condition, reason) in rows {
        let rule = format!("{inputs}require: [{{id: x, expr: {}}}]\n", json!(condition));
        assert_eq!(once(&rule, &metrics).reason, reason, "{condition}");
    }
}

#[test]
fn of_what_is_met_nothing_else_is_wanted() {
    let policy = "inputs: {st: {type: string}, d: {type: duration}}\nrequire: [{id: x, expr: st == 'red'}, {id: y, expr: d < \
                  duration('5m')}]\n";
    let verdict = once(policy, &json!({"st": "red", "d": "1m"}));
    assert_eq!(reason::one(finding(&verdict, "x")), "st is red");
    assert_eq!(reason::one(finding(&verdict, "y")), "d is 1m, limit 5m");
}

#[test]
fn a_named_expression_is_opened_where_it_is_told_first() {
    let policy = "inputs: {a: {type: int}}\nlet: {high: a > 3, bad: high && a > 2}\nrequire: [{id: x, expr: '!bad || bad'}, {id: y, expr: \
                  '!bad'}]\n";
    let verdict = once(policy, &json!({"a": 4}));
    let parts = finding(&verdict, "y").trace.iter();
    let parts: Vec<Json> = parts
        .map(|part| json!([part.of, part.start, part.expr, part.value]))
        .collect();
    assert_eq!(
        json!(parts),
        json!([
            [null, 0, "!bad", false],
            [null, 1, "bad", true],
            ["bad", 0, "high && a > 2", true],
            ["bad", 0, "high", true],
            ["high", 0, "a > 3", true],
            ["high", 0, "a", 4],
            ["bad", 8, "a > 2", true],
            ["bad", 8, "a", 4],
        ])
    );
}

#[test]
fn what_was_absorbed_is_told_whatever_became_of_it() {
    let inputs = "inputs: {a: {type: double}, b: {type: double}, l: {type: \"list<double>\"}, inc: {type: \"map<string, int>\"}}\n";
    let metrics = json!({"a": 1.0, "b": 0.0, "l": [1.0], "inc": {"P1": 2}});
    let rows = [
        (
            "inc[\"P0\"] == 0 || inc[\"P1\"] == 2",
            Some(("inc[\"P0\"]", "no such key")),
        ),
        (
            "inc[\"P0\"] == 0 && inc[\"P1\"] == 0",
            Some(("inc[\"P0\"]", "no such key")),
        ),
        (
            "a / b > 1.0 || a < 3.0",
            Some(("a / b", "division by zero")),
        ),
        (
            "l[3] > 1.0 || a < 3.0",
            Some(("l[3]", "index out of bounds")),
        ),
        (
            "math.sqrt(a - 4.0) > 1.0 || a < 3.0",
            Some(("math.sqrt(a - 4.0)", "not a finite number: a = 1")),
        ),
        // The condition asks itself whether it is there.
        ("!has(inc.P0) || inc.P0 == 0", None),
        ("!(\"P0\" in inc) || inc[\"P0\"] == 0", None),
        ("a < 3.0", None),
    ];
    for (condition, gap) in rows {
        let rule = format!("{inputs}require: [{{id: x, expr: {}}}]\n", json!(condition));
        let verdict = once(&rule, &metrics);
        let told = finding(&verdict, "x").unknown.iter();
        let told: Vec<(&str, &str)> = told
            .map(|gap| (gap.expr.as_str(), gap.reason.as_str()))
            .collect();
        assert_eq!(told, gap.into_iter().collect::<Vec<_>>(), "{condition}");
        if let Some((expr, reason)) = gap {
            let said = format!("decided without {expr} ({reason})");
            assert!(text(&verdict).contains(&said), "{}", text(&verdict));
        }
    }
}

#[test]
fn of_several_offenders_the_worst_is_named_and_the_others_are_counted() {
    let policy = "inputs: {r: {type: \"map<string, double>\", unit: ratio}}\nrequire: [{id: x, expr: 'r.all(k, r[k] < 0.01)'}]\n";
    let worst = |rates: &Json| once(policy, &json!({"r": rates})).reason;
    assert_eq!(
        worst(&json!({"a": 0.02, "b": 0.03, "c": 0.001, "d": 0.5, "e": 0.04})),
        "x: r[\"d\"] is 50%, limit 1%, and 3 more"
    );
    assert_eq!(
        worst(&json!({"a": 0.02, "c": 0.001})),
        "x: r[\"a\"] is 2%, limit 1%"
    );
}

#[test]
fn numbers_have_the_digits_that_tell_how_far_apart_they_are() {
    let policy = "inputs: {a: {type: double}}\nrequire: [{id: x, expr: a >= 99.95}]\n";
    let verdict = once(policy, &json!({"a": 99.949_999_999_9}));
    assert_eq!(verdict.reason, "x: a is 99.9499999999, limit 99.95");
    let told = "a = 99.9499999999 < 99.95 (less than 0.0001% under)";
    assert!(text(&verdict).contains(told), "{}", text(&verdict));
}

#[test]
fn a_list_of_nothing_is_named() {
    let policy = "inputs: {a: {type: \"map<string, double>\"}}\nrequire: [{id: x, for_each: {k: a}, expr: 'a[k] < 3.0'}]\n";
    assert_eq!(
        once(policy, &json!({"a": {}})).reason,
        "x: for_each over a is unknown: the list is empty"
    );
}

#[test]
fn what_people_said_is_told_of_what_is_met() {
    let policy = "roles: {lead: {people: [ada]}}\ninputs: {e: {type: double}}\nrequire: [{id: a, attest: {role: lead, max_age: 1h}}, {id: x, \
                  expr: e < 3.0}]\n";
    let mut sample = at(0, &json!({"e": 5.0}));
    sample["attestations"] =
        json!([{"rule": "a", "by": "ada", "role": "lead", "at": "2026-03-10T11:30:00Z"}]);
    sample["subject"] = json!({"commit": "c1"});
    let verdict = judged(policy, &[sample]);
    let told = "met a: ada (lead) attested 11:30:00Z, good until 12:30:00Z";
    assert!(text(&verdict).contains(told), "{}", text(&verdict));
}
