//! Baselines that are given as histories of their own, through the program: what rules over them say of each kind of file.
//!
//! The history of the stage before has a sample every five minutes from 08:00 to 09:00, and was entered at 08:20; its
//! latency goes from 100 to 112 ms. The one that is judged goes from 10:00 to 10:30, from 105 to 111 ms.

use std::fmt::Write as _;

use crate::support::place::Place;
use serde_json::{Value, json};

const HEAD: &str = "\
gonogo: 1
name: compared
baselines: [before, canary-5, {name: blue, live: true}]
inputs:
  latency: {type: double, unit: ms, max_age: 10m}
  rates: {type: 'map<string, double>', max_age: 10m}
  error_types: {type: list<string>, max_age: 10m}
let:
  slower: latency > canary_5.latency
  mean: canary_5.latency.avg(\"1h\")
  peak: latency.max(\"10m\")
stages:
  - name: canary-5
    require: [{id: any, expr: latency > 0.0}]
  - name: canary-25
";

const EVAL: &str = "eval -p policy.yaml -s now.jsonl --now latest --format json --no-progress";
const FIVE: &str = "--baseline canary-5=five.jsonl";

/// A folder with both histories.
fn place() -> Place {
    Place::empty()
        .with("five.jsonl", five())
        .with("now.jsonl", now())
}

impl Place {
    /// A policy whose second stage has these rules.
    fn rules(&self, rules: &str) {
        self.write("policy.yaml", format!("{HEAD}{rules}"));
    }

    /// The record of a verdict.
    fn record(&self, arguments: &str) -> Value {
        let run = self.run_with(arguments, "");
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments}: {}", run.stderr))
    }

    /// What became of one requirement: its status, the value it was judged on, and what was unknown.
    fn told(&self, expr: &str, more: &str) -> String {
        self.rules(&format!(
            "    require:\n      - id: r\n        expr: |\n          {expr}\n"
        ));
        told(&self.record(&format!("{EVAL} {more}")))
    }
}

fn samples(
    hour: u32,
    minutes: impl Iterator<Item = u32>,
    stage: &Value,
    metrics: impl Fn(u32) -> Value,
) -> String {
    let mut text = String::new();
    for minute in minutes {
        let (hour, minute, index) = (hour + minute / 60, minute % 60, minute / 5);
        let sample = json!({
            "at": format!("2025-10-16T{hour:02}:{minute:02}:00Z"), "stage": stage, "metrics": metrics(index),
        });
        let _ = writeln!(text, "{sample}");
    }
    text
}

fn five() -> String {
    let stage = json!({"name": "canary-5", "entered": "2025-10-16T08:20:00Z"});
    samples(8, (0..=60).step_by(5), &stage, |index| {
        json!({
            "latency": 100 + index,
            "rates": {"csv": f64::from(index), "pdf": 0.5},
            "error_types": ["timeout", "parse"],
        })
    })
}

fn now() -> String {
    let stage = json!({"name": "canary-25", "entered": "2025-10-16T10:00:00Z"});
    samples(
        10,
        (0..=30).step_by(5),
        &stage,
        |index| json!({"latency": 105 + index, "rates": {"csv": 11.0, "pdf": 0.5}, "error_types": ["timeout"]}),
    )
}

/// The findings of a record, a line each: key, status, and why nothing is known.
fn told(record: &Value) -> String {
    let findings = record["findings"].as_array().expect("findings");
    let mut lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let key = finding["key"]
                .as_str()
                .map(|key| format!("{key}: "))
                .unwrap_or_default();
            let mut line = format!("{key}{}", finding["status"].as_str().expect("a status"));
            for unknown in finding["unknown"].as_array().expect("a list") {
                let (expr, why) = (&unknown["expr"], &unknown["reason"]);
                let _ = write!(
                    line,
                    "; {}: {}",
                    expr.as_str().unwrap_or_default(),
                    why.as_str().unwrap_or_default()
                );
            }
            line
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

/// In its own time a baseline ages as the inputs do: 10 minutes here.
#[test]
fn a_hole_in_a_history_of_its_own_is_a_hole() {
    let place = place();
    let stage = json!({"name": "canary-5", "entered": "2025-10-16T08:00:00Z"});
    let latency = |index| json!({"latency": 100 + index});
    let sparse = (0..=60).step_by(10);
    place.write("sparse.jsonl", samples(8, sparse, &stage, latency));
    // Nothing between 08:10 and 08:40; the rates end there, too.
    let holed = (0..=60)
        .step_by(5)
        .filter(|minute| !(15..40).contains(minute));
    let metrics = |index| match index {
        0..=2 => json!({"latency": 100 + index, "rates": {"csv": 1.0}}),
        _ => latency(index),
    };
    place.write("holed.jsonl", samples(8, holed, &stage, metrics));
    let sum = r#"(canary_5.latency + canary_5.rates["csv"])"#;
    let hole = |expr: &str| format!("unknown; {expr}: a hole in the window longer than `max_age`");
    let mean = |length: &str| format!(r#"canary_5.latency.avg("{length}")"#);
    for (file, expr, expected) in [
        ("sparse", mean("1h"), "met".to_owned()),
        ("holed", mean("20m"), "met".to_owned()),
        ("holed", mean("stage"), hole(&mean("stage"))),
        ("holed", mean("1h"), hole(&mean("1h"))),
        // The last value stands all the same, and so do those that are counted.
        (
            "holed",
            r#"canary_5.rates["csv"]"#.to_owned(),
            "met".to_owned(),
        ),
        (
            "holed",
            r#"canary_5.latency.count("1h")"#.to_owned(),
            "met".to_owned(),
        ),
        (
            "holed",
            format!(r#"{sum}.avg("20m")"#),
            hole(&format!(r#"{sum}.avg("20m")"#)),
        ),
    ] {
        let said = place.told(
            &format!("{expr} > 0"),
            &format!("--baseline canary-5={file}.jsonl"),
        );
        assert_eq!(said, expected, "{file}: {expr}");
    }
}

#[test]
fn a_history_is_summarised() {
    let place = place();
    let short = "the history does not reach back so far";
    let cases = [
        // The last value, although it is an hour old and its input is good for ten minutes.
        ("canary_5.latency == 112.0", "met".to_owned()),
        // Its windows end with its newest sample: (08:00, 09:00] has 101 to 112.
        (r#"canary_5.latency.avg("1h") == 106.5"#, "met".to_owned()),
        (r#"canary_5.latency.count("1h") == 12"#, "met".to_owned()),
        (r#"canary_5.latency.ago("30m") == 106.0"#, "met".to_owned()),
        (r#"canary_5.latency.delta("1h") == 12.0"#, "met".to_owned()),
        (
            r#"canary_5.latency.avg("61m") > 0.0"#,
            format!(r#"unknown; canary_5.latency.avg("61m"): {short}"#),
        ),
        // The stage is that history's own, entered at 08:20; the present one was entered at 10:00.
        (
            r#"canary_5.latency.first("stage") == 104.0"#,
            "met".to_owned(),
        ),
        (
            r#"canary_5.latency.max("stage") == 112.0"#,
            "met".to_owned(),
        ),
        (r#"canary_5.latency.count("stage") == 9"#, "met".to_owned()),
        (r#"latency.first("stage") == 105.0"#, "met".to_owned()),
        // Beside a window over the present.
        (
            r#"latency.avg("10m") == 110.5 && canary_5.latency.avg("10m") == 111.5"#,
            "met".to_owned(),
        ),
        // Baseline and present in one window: it looks back over the present, where the last value stands.
        (
            r#"(latency - canary_5.latency).avg("10m") == -1.5"#,
            "met".to_owned(),
        ),
        (
            r#"(latency < canary_5.latency).share("10m") == 1.0"#,
            "met".to_owned(),
        ),
        (
            r#"(latency - canary_5.latency).count("stage") == 7"#,
            "met".to_owned(),
        ),
        (
            r#"(latency - canary_5.latency).avg("31m") < 0.0"#,
            format!(
                r#"unknown; (latency - canary_5.latency).avg("31m"): {short}; from 2025-10-16T10:31:00Z on it will"#
            ),
        ),
        // Named expressions, of the present and of the baseline.
        ("!slower && mean == 106.5", "met".to_owned()),
        ("canary_5.peak == 112.0 && peak == 111.0", "met".to_owned()),
        // No new error patterns.
        (
            "error_types.all(t, t in canary_5.error_types)",
            "met".to_owned(),
        ),
        (
            "sets.contains(canary_5.error_types, error_types)",
            "met".to_owned(),
        ),
        (
            "sets.contains(error_types, canary_5.error_types)",
            "unmet".to_owned(),
        ),
    ];
    let mut wrong = String::new();
    for (expr, expected) in cases {
        let told = place.told(expr, FIVE);
        if told != expected {
            let _ = writeln!(wrong, "{expr}\n  is {told}\n  not {expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_pattern_that_is_new_is_no_go() {
    let place = place();
    place.write(
        "now.jsonl",
        now().replace("\"timeout\"", "\"timeout\",\"oom\""),
    );
    for expr in [
        "error_types.all(t, t in canary_5.error_types)",
        "sets.contains(canary_5.error_types, error_types)",
    ] {
        assert_eq!(place.told(expr, FIVE), "unmet");
    }
}

#[test]
fn windows_of_items_look_back_over_the_baselines_own_time() {
    let place = place();
    let short = "the history does not reach back so far";
    let cases = [
        (
            "[csv, pdf]",
            r#"canary_5.rates[f].avg("10m") == rates[f] + 0.5"#,
            "csv: met\npdf: unmet".to_owned(),
        ),
        (
            "rates",
            r#"canary_5.rates[f].ago("30m") >= 0.5"#,
            "csv: met\npdf: met".to_owned(),
        ),
        (
            "[csv, pdf]",
            r#"canary_5.rates[f].count("stage") == 9"#,
            "csv: met\npdf: met".to_owned(),
        ),
        (
            "[csv, pdf]",
            r#"(rates[f] - canary_5.rates[f]).max("10m") <= 0.0"#,
            "csv: met\npdf: met".to_owned(),
        ),
        // What the baseline's history does not name.
        (
            "[csv, odt]",
            r#"canary_5.rates[f].avg("10m") >= 0.0"#,
            r#"csv: met
odt: unknown; canary_5.rates[f].avg("10m"): a hole in the window longer than `max_age`"#
                .to_owned(),
        ),
        (
            "error_types",
            r#"canary_5.rates[f].count("10m") == 0"#,
            "timeout: unknown; canary_5.rates[f].count(\"10m\"): ".to_owned() + short,
        ),
        (
            "error_types",
            r#"(f in canary_5.error_types).share("stage") == 1.0"#,
            "timeout: met".to_owned(),
        ),
    ];
    let mut wrong = String::new();
    for (items, expr, expected) in cases {
        place.rules(&format!(
            "    require:\n      - id: r\n        for_each: {{f: {items}}}\n        expr: |\n          {expr}\n"
        ));
        let told = told(&place.record(&format!("{EVAL} {FIVE}")));
        if told != expected {
            let _ = writeln!(wrong, "{items} {expr}\n  is {told}\n  not {expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // Without that history nothing is known of any item, its count neither.
    place.rules(concat!(
        "    require:\n      - id: r\n        for_each: {f: [csv]}\n",
        "        expr: canary_5.rates[f].avg(\"10m\") >= 0.0\n"
    ));
    assert!(told(&place.record(EVAL)).starts_with("csv: unknown"));
}

#[test]
fn what_is_null_at_the_end_is_unknown() {
    let place = place();
    let null = "{\"at\":\"2025-10-16T09:01:00Z\",\"metrics\":{\"latency\":null}}\n";
    place.write("null.jsonl", five() + null);
    let baseline = "--baseline canary-5=null.jsonl";
    assert_eq!(
        place.told("latency <= canary_5.latency", baseline),
        "unknown; canary_5.latency: null"
    );
    // The windows over its time leave it out; another input is as it was.
    assert_eq!(
        place.told(r#"canary_5.latency.max("10m") == 112.0"#, baseline),
        "met"
    );
    assert_eq!(
        place.told("size(canary_5.error_types) == 2", baseline),
        "met"
    );
}

#[test]
fn a_baseline_without_the_value_is_unknown_or_what_the_rule_says() {
    let place = place();
    place.write(
        "other.jsonl",
        "{\"at\":\"2025-10-16T08:00:00Z\",\"metrics\":{\"error_types\":[]}}\n",
    );
    let other = "--baseline canary-5=other.jsonl";
    for more in ["", other] {
        assert_eq!(
            place.told("latency <= canary_5.latency", more),
            "unknown; canary_5.latency: no value"
        );
        assert_eq!(
            place.told("error_types.all(t, t in canary_5.rates)", more),
            "unknown; canary_5.rates: no value"
        );
        let windows = place.told(r#"latency <= canary_5.latency.max("10m")"#, more);
        assert!(
            windows.starts_with("unknown; canary_5.latency.max(\"10m\"): "),
            "{windows}"
        );
        for (effect, missing, expected) in [
            ("hold", "", (11, "unknown")),
            ("hold", ", missing: ignore", (0, "unknown")),
            ("hold", ", missing: fire", (10, "fired")),
            ("rollback", "", (11, "unknown")),
            ("rollback", ", missing: ignore", (0, "unknown")),
            ("rollback", ", missing: fire", (20, "fired")),
        ] {
            place.rules(&format!(
                "    require: [{{id: any, expr: latency > 0.0}}]\n    {effect}:\n      \
                 - {{id: r, expr: latency > canary_5.latency{missing}}}\n"
            ));
            let record = place.record(&format!("{EVAL} {more}"));
            let finding = record["findings"]
                .as_array()
                .expect("findings")
                .iter()
                .find(|one| one["rule"] == "r");
            let status = finding.expect("the rule")["status"]
                .as_str()
                .expect("a status");
            let code = record["exit_code"].as_i64().expect("a code");
            assert_eq!((code, status), expected, "{effect}{missing} {more}");
        }
    }
}

#[test]
fn a_live_baseline_is_merged_by_its_times() {
    let place = place();
    // The same values, half a minute later each.
    let blue = now().replace(":00Z\",\"metrics\"", ":30Z\",\"metrics\"");
    place.write("blue.jsonl", &blue);
    place.write("old.jsonl", five());
    let blue = "--baseline blue=blue.jsonl";
    assert_eq!(place.told("latency == blue.latency", blue), "met");
    assert_eq!(
        place.told(r#"(latency - blue.latency).max("10m") == 1.0"#, blue),
        "met"
    );
    // Its values age as the inputs do: an hour later they are gone.
    assert_eq!(
        place.told("latency <= blue.latency", "--baseline blue=old.jsonl"),
        "unknown; blue.latency: too old: last given at 2025-10-16T09:00:00Z, good for 10m"
    );
}

#[test]
fn what_is_said_twice_or_of_nobody_is_an_error() {
    let place = place();
    place.write("empty.jsonl", "");
    let twice = now().replace(
        "\"metrics\"",
        "\"baselines\":{\"canary-5\":{\"latency\":100}},\"metrics\"",
    );
    place.write("twice.jsonl", twice);
    place.rules("    require: [{id: r, expr: latency <= canary_5.latency}]\n");
    let eval = "eval -p policy.yaml --now latest";
    let cases = [
        (
            format!("{eval} -s twice.jsonl {FIVE}"),
            4,
            "`canary-5.latency` is given by a snapshot of 2025-10-16T10:00:00Z and",
        ),
        (
            format!("{eval} -s now.jsonl --baseline canary-6=five.jsonl"),
            2,
            "did you mean `canary-5`?",
        ),
        (
            format!("{eval} -s now.jsonl --baseline canary-5=empty.jsonl"),
            4,
            "`empty.jsonl` has nothing in it",
        ),
        (
            format!("{eval} -s now.jsonl --baseline canary-5=none.jsonl"),
            4,
            "there is no file `none.jsonl`",
        ),
        (
            format!("{eval} -s - --baseline canary-5=-"),
            2,
            "standard input is named twice",
        ),
    ];
    for (arguments, code, message) in cases {
        let run = place.run_with(&arguments, &now());
        assert_eq!(run.code, code, "{arguments}\n{}", run.stderr);
        assert!(run.stderr.contains(message), "{arguments}\n{}", run.stderr);
        assert!(run.stdout.is_empty(), "{arguments}\n{}", run.stdout);
    }
    // One of the two may come through standard input.
    let judged = place.record(&format!("{EVAL} {FIVE}"));
    for (arguments, input) in [
        (EVAL.replace("now.jsonl", "-") + " " + FIVE, now()),
        (format!("{EVAL} --baseline canary-5=-"), five()),
    ] {
        let run = place.run_with(&arguments, &input);
        let record: Value = serde_json::from_str(&run.stdout).expect("a record");
        assert_eq!(
            record["digests"]["history"], judged["digests"]["history"],
            "{arguments}"
        );
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
}

#[test]
fn the_digest_is_of_what_the_baseline_says_however_it_is_cut() {
    let place = place();
    let five = five();
    let (mut even, mut odd) = (String::new(), String::new());
    for (index, line) in five.lines().enumerate() {
        let _ = writeln!(if index % 2 == 0 { &mut even } else { &mut odd }, "{line}");
    }
    place.write("even.jsonl", &even);
    place.write("folder/a.jsonl", &odd);
    place.write("folder/b.jsonl", &even);
    place.write(
        "changed.jsonl",
        five.replace("\"latency\":112", "\"latency\":113"),
    );
    place.write(
        "backwards.jsonl",
        five.lines()
            .rev()
            .fold(String::new(), |text, line| text + line + "\n"),
    );
    place.rules(
        "    require:\n      - id: r\n        expr: latency <= canary_5.latency.max(\"1h\")\n",
    );
    let record = |baselines: &str| place.record(&format!("{EVAL} {baselines}"));
    let all = record(FIVE);
    let same = [
        "--baseline canary-5=folder",
        "--baseline canary-5=even.jsonl --baseline canary-5=folder/a.jsonl",
        "--baseline canary-5=folder/a.jsonl --baseline canary-5=even.jsonl",
        "--baseline canary-5=folder/*.jsonl",
        "--baseline canary-5=backwards.jsonl",
        "--baseline canary-5=five.jsonl --baseline canary-5=even.jsonl",
    ];
    for baselines in same {
        assert_eq!(record(baselines), all, "{baselines}");
    }
    let history = |record: &Value| record["digests"]["history"].clone();
    let others = [
        "--baseline canary-5=changed.jsonl",
        "--baseline before=five.jsonl",
        "--baseline canary-5=even.jsonl",
        "",
    ];
    for baselines in others {
        assert_ne!(history(&record(baselines)), history(&all), "{baselines}");
    }
}
