//! What is told to change does change it: every way that a finding prints, applied to the snapshot it was judged on, makes
//! its rule what it should be; and of several changes that are needed together none can be left out.

use gonogo::explain::reason::way;
use gonogo::policy::check::Settings;
use gonogo::verdict::{Change, Finding, Status, Verdict};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support;
use crate::support::expressions::logic;

const INPUTS: &str = r#"
  a: {type: double}
  b: {type: double, unit: ms}
  c: {type: double, unit: s}
  r: {type: double, unit: ratio, range: [0, 1]}
  n: {type: int, range: [0, 20]}
  k: {type: int}
  f: {type: bool}
  g: {type: bool}
  s: {type: string}
  w: {type: string, values: [x, y, z]}
  m: {type: "map<string, int>"}
  xs: {type: "list<double>"}
  lag: {type: duration}
let:
  both: a < 3.0 && n > 2
  quot: a / 4.0
  low: r < q("5%")
"#;

fn policy(condition: &str) -> String {
    let quoted = serde_json::to_string(condition).expect("a text");
    format!(
        "gonogo: 1\nname: ways\ninputs:{INPUTS}require:\n  - {{id: req, expr: {quoted}}}\nhold:\n  - {{id: stop, expr: \
         {quoted}}}\nrollback:\n  - {{id: back, expr: {quoted}, latch: false, missing: fire}}\n"
    )
}

fn judged(condition: &str, metrics: &Json) -> Verdict {
    let policy = support::policy(&policy(condition), &Settings::new());
    let sample = json!({"at": "2025-10-16T10:00:00Z", "metrics": metrics}).to_string();
    support::judge(&policy, &[&sample], None, None)
}

/// The name of an input and the way into it: `m["x"]` is `m` and `x`.
fn place(input: &str) -> (String, Vec<Json>) {
    let split = input.find(['[', '.']).unwrap_or(input.len());
    let (name, mut rest) = input.split_at(split);
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[');
        let end = inner.map_or(rest.len(), |inner| inner.find(']').expect("an end") + 2);
        let key = inner.map_or(Json::from(&rest[1..end]), |_| {
            serde_json::from_str(&rest[1..end - 1]).expect("a key")
        });
        keys.push(key);
        rest = &rest[end..];
    }
    (name.to_owned(), keys)
}

/// The nearest value that compares so, where a person would look for it first.
fn nearest(name: &str, change: &Change) -> Json {
    let is_whole = matches!(name, "n" | "k" | "m");
    match (&change.value, change.op.as_str()) {
        (Json::Null, "!=") => match name {
            "f" | "g" => json!(true),
            "s" | "w" => json!("x"),
            "lag" => json!("1m"),
            _ => json!(1),
        },
        (value, "==" | "<=" | ">=") => value.clone(),
        (Json::String(text), "!=") if name == "w" => json!(if text == "x" { "y" } else { "x" }),
        (Json::String(_), "!=") => json!("another"),
        (Json::String(length), op) => {
            let length = gonogo::expr::duration::parse_duration(length).expect("a length of time");
            let nano = jiff::SignedDuration::from_nanos(1);
            let moved = if op == "<" {
                length - nano
            } else {
                length + nano
            };
            json!(gonogo::expr::duration::format_duration(moved))
        }
        (value, op) if is_whole => {
            let limit = value.as_i64().expect("a whole number");
            json!(if op == "<" { limit - 1 } else { limit + 1 })
        }
        (value, op) => {
            let limit = value.as_f64().expect("a number");
            // A limit that arithmetic moved by its last digits is told as it was meant.
            let step = limit.abs().max(1e-300) * 1e-13;
            json!(match op {
                "<" => limit - step,
                ">" => limit + step,
                _ => limit + 1.0,
            })
        }
    }
}

fn apply(metrics: &mut Json, change: &Change) {
    let (name, keys) = place(&change.input);
    let value = nearest(&name, change);
    let mut into = &mut metrics[name.as_str()];
    for key in keys {
        into = match key {
            Json::String(key) => {
                if !into.is_object() {
                    *into = json!({});
                }
                &mut into[key]
            }
            key => &mut into[usize::try_from(key.as_u64().expect("an index")).expect("small")],
        };
    }
    *into = value;
}

fn is_good(verdict: &Verdict, rule: &str) -> bool {
    let finding = verdict.findings.iter().find(|finding| finding.rule == rule);
    matches!(
        finding.expect("a finding").status,
        Status::Met | Status::Clear | Status::Pending
    )
}

/// Every way of every finding, applied, and applied but for one of its changes.
fn hold(condition: &str, metrics: &Json) -> Result<(), TestCaseError> {
    let verdict = judged(condition, metrics);
    for finding in &verdict.findings {
        let good = is_good(&verdict, &finding.rule);
        prop_assert!(
            !good || finding.to_change.is_empty(),
            "{condition}: {metrics}"
        );
        for change in &finding.to_change {
            let all: Vec<&Change> = std::iter::once(change).chain(&change.and).collect();
            let mut changed = metrics.clone();
            all.iter().for_each(|change| apply(&mut changed, change));
            let told = || {
                format!(
                    "{condition}\n{metrics}\n{}: {}\n{changed}",
                    finding.rule,
                    way(finding, change)
                )
            };
            prop_assert!(
                is_good(&judged(condition, &changed), &finding.rule),
                "{}",
                told()
            );
            for left_out in 0..all.len() {
                let mut changed = metrics.clone();
                let kept = all
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| *index != left_out);
                kept.for_each(|(_, change)| apply(&mut changed, change));
                prop_assert!(
                    !is_good(&judged(condition, &changed), &finding.rule),
                    "without change {left_out}: {}",
                    told()
                );
            }
        }
    }
    Ok(())
}

fn test() -> impl Strategy<Value = String> {
    let op = || prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let tenth = || (-30_i32..60).prop_map(|n| format!("{:.1}", f64::from(n) / 10.0));
    let whole = || (-2_i64..12).prop_map(|n| n.to_string());
    let number = prop::sample::select(vec![
        "a",
        "quot",
        "math.abs(a)",
        "a * a",
        "a + xs[0]",
        "a * 3.0 - xs[1]",
        "a / xs[1]",
        "xs[0]",
        "-a",
        "math.greatest(a, 1.0)",
    ]);
    let count = prop::sample::select(vec![
        "n",
        "k",
        "n + k",
        "n * 2 - k",
        r#"m["x"]"#,
        "m.?z.orValue(3)",
        r#"m["x"] + m["y"]"#,
        "xs.filter(x, x > 1.5).size()",
    ]);
    let share = (0_i32..110).prop_map(|n| format!(r#"q("{n}%")"#));
    let span = prop::sample::select(vec![
        "b < q(\"2s\")",
        "b * 1.1 <= c",
        "c >= q(\"150ms\")",
        "within(b, c, q(\"10%\"))",
        "b > c * q(\"90%\")",
    ]);
    let other = prop::sample::select(vec![
        "f",
        "g",
        "f == g",
        "f != true",
        "s == \"x\"",
        "s != \"y\"",
        "s in [\"x\", \"y\"]",
        "w != \"x\"",
        "w in [\"y\", \"z\"]",
        "both",
        "low",
        "s.startsWith(\"pro\")",
        "lag < duration(\"5m\")",
        "lag >= duration(\"90s\")",
        "known(a)",
        "known(w) && w == \"z\"",
        "n in [3, 5, 9]",
        "m.all(k, v, v < 4)",
        "m.exists(k, v, v > 6)",
        "m.all(k, m[k] != 2)",
        "xs.exists_one(x, x > 2.0)",
        "has(m.y)",
    ]);
    let each = (prop::sample::select(vec!["all", "exists"]), op(), tenth());
    prop_oneof![
        3 => (number, op(), tenth()).prop_map(|(x, op, limit)| format!("{x} {op} {limit}")),
        3 => (count, op(), whole()).prop_map(|(x, op, limit)| format!("{x} {op} {limit}")),
        1 => (op(), share).prop_map(|(op, limit)| format!("r {op} {limit}")),
        1 => span.prop_map(ToOwned::to_owned),
        2 => other.prop_map(ToOwned::to_owned),
        1 => each.prop_map(|(how, op, limit)| format!("xs.{how}(x, x {op} {limit})")),
    ]
}

fn metrics() -> impl Strategy<Value = Json> {
    let tenth = || (-30_i32..60).prop_map(|n| json!(f64::from(n) / 10.0));
    let count = || (0_i64..12).prop_map(|n| json!(n));
    let truth = || any::<bool>().prop_map(|truth| json!(truth));
    let word = || prop::sample::select(vec!["x", "y", "z"]).prop_map(|word| json!(word));
    let maybe = |value: BoxedStrategy<Json>| prop_oneof![9 => value, 1 => Just(Json::Null)];
    let entries = prop::collection::btree_map("[xyz]", count(), 1..=3).prop_map(|m| json!(m));
    let items = prop::collection::vec(tenth(), 2..=4).prop_map(|xs| json!(xs));
    let lag = (1_i64..20).prop_map(|minutes| json!(format!("{minutes}m")));
    let numbers = (
        maybe(tenth().boxed()),
        0_i32..4000,
        0_i32..4000,
        0_i32..=100,
        maybe(count().boxed()),
        count(),
    );
    let others = (
        truth(),
        maybe(truth().boxed()),
        maybe(word().boxed()),
        word(),
        maybe(entries.boxed()),
        items,
        lag,
    );
    (numbers, others).prop_map(|((a, b, c, r, n, k), (f, g, s, w, m, xs, lag))| {
        json!({"a": a, "b": b, "c": f64::from(c) / 1000.0, "r": f64::from(r) / 100.0, "n": n, "k": k, "f": f, "g": g, "s": s,
               "w": w, "m": m, "xs": xs, "lag": lag})
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_way_that_is_told_flips_its_rule(condition in logic(test(), 3, 8), metrics in metrics()) {
        hold(&condition, &metrics)?;
    }
}

const METRICS: &str = r#"{"a": 7.0, "b": 612, "c": 0.5, "r": 0.061, "n": 7, "k": 20, "f": false, "g": true, "s": "dev", "w": "x",
    "m": {"x": 1, "y": 2}, "xs": [1.0, 8.0, 9.5], "lag": "10m"}"#;

/// The ways of the requirement with this condition, as they are told.
fn ways(condition: &str, metrics: &str) -> String {
    let metrics = serde_json::from_str(metrics).expect("JSON");
    let verdict = judged(condition, &metrics);
    let found: Option<&Finding> = verdict.findings.iter().find(|one| one.rule == "req");
    let finding = found.expect("a finding");
    let ways: Vec<String> = finding
        .to_change
        .iter()
        .map(|change| way(finding, change))
        .collect();
    ways.join(" or ")
}

#[test]
fn ways_are_told_as_people_would_tell_them() {
    let rows = [
        ("r < 0.05", "r < 5%"),
        ("a / 4.0 < 0.75", "a < 3"),
        ("quot < 0.75", "a < 3"),
        ("a * a <= 16.0", "a <= 4"),
        ("math.abs(a - 5.0) < 1.0", "a < 6"),
        ("b <= q(\"500ms\")", "b <= 500 ms"),
        ("b * 1.1 < 500.0", "b <= 454.545454545 ms"),
        ("b <= c", "b <= 500 ms or c >= 0.612 s"),
        (
            "r < 0.01 && b < 500.0 && s == \"prod\"",
            "r < 1% and b < 500 ms and s == \"prod\"",
        ),
        (
            "(r < 0.01 && b < 500.0) || f",
            "f == true or r < 1% and b < 500 ms",
        ),
        ("f ? b < 9.0 : r < 0.01", "r < 1% or f == true and b < 9 ms"),
        ("m[\"x\"] == 0 && m.y == 0", "m[\"x\"] == 0 and m.y == 0"),
        ("xs.all(x, x < 3.0)", "xs[1] < 3 and xs[2] < 3"),
        ("m.exists(k, v, v > 6)", "m[\"x\"] > 6 or m[\"y\"] > 6"),
        (
            "xs.filter(x, x > 5.0).size() == 0",
            "xs[1] <= 5 and xs[2] <= 5",
        ),
        ("!(w in [\"x\", \"y\"])", "w == \"z\""),
        ("w != \"x\"", "w != \"x\""),
        ("n != 7", "n != 7"),
        ("n + 20 < 22", "n <= 1"),
        ("a * 2.0 == 5.0", "a == 2.5"),
        ("n * 3 == 12", "n == 4"),
        ("n * 3 == 13", ""),
        ("lag < duration(\"5m\")", "lag < 5m"),
        ("both", "a < 3"),
        ("n < 0", ""),
    ];
    let told: Vec<(&str, String)> = rows
        .iter()
        .map(|(condition, _)| (*condition, ways(condition, METRICS)))
        .collect();
    let rows: Vec<(&str, String)> = rows
        .map(|(condition, ways)| (condition, ways.to_owned()))
        .into();
    assert_eq!(told, rows);
}

#[test]
fn what_is_missing_is_told_with_the_value_it_needs() {
    let none = "{\"k\": 20}";
    let rows = [
        ("r < 0.05", "r < 5%"),
        ("r < 0.05 && k < 30", "r < 5%"),
        ("r < 0.05 && a > 2.0", "r < 5% and a > 2"),
        ("f", "f == true"),
        ("s == \"prod\"", "s == \"prod\""),
        ("m[\"x\"] == 0", "m[\"x\"] == 0"),
        ("n != 3", "n != 3"),
        // That one is too high already.
        ("r < 0.05 && k < 10", "r < 5% and k < 10"),
    ];
    let told: Vec<(&str, String)> = rows
        .iter()
        .map(|(condition, _)| (*condition, ways(condition, none)))
        .collect();
    let rows: Vec<(&str, String)> = rows
        .map(|(condition, ways)| (condition, ways.to_owned()))
        .into();
    assert_eq!(told, rows);
}
