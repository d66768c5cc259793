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
  tags: {type: "list<string>"}
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
    judge(
        &support::policy(&policy(condition), &Settings::new()),
        metrics,
    )
}

fn judge(policy: &gonogo::policy::Policy, metrics: &Json) -> Verdict {
    let sample = json!({"at": "2025-10-16T10:00:00Z", "metrics": metrics}).to_string();
    support::judge(policy, &[&sample], None, None)
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
        (Json::String(text), "<") if name == "s" => json!(text[..text.len() - 1]),
        (Json::String(text), ">") if name == "s" => json!(format!("{text}~")),
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
            // Next to nothing numbers run out.
            let step = if limit == 0.0 {
                1e-30
            } else {
                limit.abs() * 1e-13
            };
            json!(match op {
                "<" => limit - step,
                ">" => limit + step,
                _ => limit + 1.0,
            })
        }
    }
}

/// How far beyond a limit values are tried, in parts of it.
const DISTANCES: [f64; 5] = [0.01, 0.5, 3.0, 40.0, 1000.0];

/// Whether a value compares so.
fn within(value: f64, change: &Change) -> bool {
    let limit = change.value.as_f64().expect("a number");
    match change.op.as_str() {
        "<" => value < limit,
        "<=" => value <= limit,
        ">" => value > limit,
        ">=" => value >= limit,
        "==" => (value - limit).abs() < f64::EPSILON,
        _ => (value - limit).abs() > f64::EPSILON,
    }
}

/// The values that what is told of one input allows: the nearest one first, and then others, as far as the input's range goes.
fn allowed(changes: &[&Change]) -> Vec<Json> {
    let first = changes[0];
    let (name, _) = place(&first.input);
    let mut values = vec![nearest(&name, first)];
    if first.value.is_string() && first.op == "!=" && name != "w" {
        values.extend(["", "prod", "a", "~", "a very long text"].map(Json::from));
    }
    if first.value.is_string() || !first.value.is_number() {
        return values;
    }
    let range = match name.as_str() {
        "r" => 0.0..=1.0,
        "n" => 0.0..=20.0,
        _ => f64::MIN..=f64::MAX,
    };
    for change in changes {
        let limit = change.value.as_f64().expect("a number");
        for part in DISTANCES {
            let by = part * limit.abs().max(1.0);
            for value in [limit + by, limit - by] {
                let whole = matches!(name.as_str(), "n" | "k" | "m");
                let value = if whole { value.round() } else { value };
                let allowed = changes.iter().all(|change| within(value, change));
                if range.contains(&value) && allowed {
                    #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
                    let json = if whole {
                        json!(value as i64)
                    } else {
                        json!(value)
                    };
                    values.push(json);
                }
            }
        }
    }
    values.dedup();
    if let [one, other] = changes {
        let ends = one.value.as_f64().zip(other.value.as_f64());
        let middle = ends.map(|(one, other)| one.midpoint(other));
        values.push(nearest(&name, other));
        values.extend(
            middle
                .filter(|_| !matches!(name.as_str(), "n" | "k" | "m"))
                .map(Json::from),
        );
    }
    values
}

fn put(metrics: &mut Json, input: &str, value: &Json) {
    let (name, keys) = place(input);
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
    *into = value.clone();
}

fn is_good(verdict: &Verdict, rule: &str) -> bool {
    let finding = verdict.findings.iter().find(|finding| finding.rule == rule);
    matches!(
        finding.expect("a finding").status,
        Status::Met | Status::Clear | Status::Pending
    )
}

/// Every way of every finding, applied with all values that it allows, and applied but for one of its inputs.
fn hold(condition: &str, metrics: &Json) -> Result<(), TestCaseError> {
    let policy = support::policy(&policy(condition), &Settings::new());
    let verdict = judge(&policy, metrics);
    for finding in &verdict.findings {
        let good = is_good(&verdict, &finding.rule);
        prop_assert!(
            !good || finding.to_change.is_empty(),
            "{condition}: {metrics}"
        );
        for change in &finding.to_change {
            let mut inputs: Vec<(&str, Vec<&Change>)> = Vec::new();
            for one in std::iter::once(change).chain(&change.and) {
                match inputs.iter_mut().find(|(input, _)| *input == one.input) {
                    Some((_, changes)) => changes.push(one),
                    None => inputs.push((&one.input, vec![one])),
                }
            }
            let values: Vec<Vec<Json>> =
                inputs.iter().map(|(_, changes)| allowed(changes)).collect();
            let told = |changed: &Json| {
                format!(
                    "{condition}\n{metrics}\n{}: {}\n{changed}",
                    finding.rule,
                    way(finding, change)
                )
            };
            // Each by itself through all its values, and all of them together.
            let most = values.iter().map(Vec::len).max().unwrap_or(0);
            let alone = (0..inputs.len())
                .flat_map(|moved| (0..values[moved].len()).map(move |at| (Some(moved), at)));
            for (moved, at) in alone.chain((0..most).map(|at| (None, at))) {
                let mut changed = metrics.clone();
                for (index, (input, _)) in inputs.iter().enumerate() {
                    let is_moved = moved.is_none_or(|moved| moved == index);
                    let at = if is_moved { at } else { 0 };
                    let at = at.min(values[index].len() - 1);
                    put(&mut changed, input, &values[index][at]);
                }
                prop_assert!(
                    is_good(&judge(&policy, &changed), &finding.rule),
                    "{}",
                    told(&changed)
                );
            }
            for left_out in 0..inputs.len() {
                let mut changed = metrics.clone();
                for (index, (input, _)) in inputs.iter().enumerate() {
                    if index != left_out {
                        put(&mut changed, input, &values[index][0]);
                    }
                }
                prop_assert!(
                    !is_good(&judge(&policy, &changed), &finding.rule),
                    "without change {left_out}: {}",
                    told(&changed)
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
        "math.abs(a - xs[0])",
        "a + xs[1]",
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
        "\"y\" in m",
        "\"x\" in tags",
        "!(\"x\" in tags)",
        "tags.size() == 0",
        "tags.exists(t, t == \"y\")",
        "tags.all(t, t in [\"x\", \"z\"])",
        "s.size() > 2",
        "s < \"b\"",
        "!s.startsWith(\"x\")",
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
    let tags = prop::collection::vec("[xyz]", 0..=3).prop_map(|tags| json!(tags));
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
        (lag, tags),
    );
    (numbers, others).prop_map(|((a, b, c, r, n, k), (f, g, s, w, m, xs, (lag, tags)))| {
        json!({"a": a, "b": b, "c": f64::from(c) / 1000.0, "r": f64::from(r) / 100.0, "n": n, "k": k, "f": f, "g": g, "s": s,
               "w": w, "m": m, "xs": xs, "lag": lag, "tags": tags})
    })
}

proptest! {
    #![proptest_config(crate::support::seeded(64))]

    #[test]
    fn every_way_that_is_told_flips_its_rule(condition in logic(test(), 3, 8), metrics in metrics()) {
        hold(&condition, &metrics)?;
    }
}

const METRICS: &str = r#"{"a": 7.0, "b": 612, "c": 0.5, "r": 0.061, "n": 7, "k": 20, "f": false, "g": true, "s": "dev", "w": "x",
    "m": {"x": 1, "y": 2}, "xs": [1.0, 8.0, 9.5], "lag": "10m", "tags": ["draft", "old"]}"#;

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
        ("a * a <= 16.0", "-4 <= a <= 4"),
        ("math.abs(a - 5.0) < 1.0", "4 < a < 6"),
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
        // The nearest one first.
        ("m.exists(k, v, v > 6)", "m[\"y\"] > 6 or m[\"x\"] > 6"),
        (
            "xs.exists(x, x > 10.0)",
            "xs[2] > 10 or xs[1] > 10 or xs[0] > 10",
        ),
        // Both limits, where there are two.
        ("a > 2.5 && a < 3.0", "2.5 < a < 3"),
        ("n >= 9 && n <= 11", "9 <= n <= 11"),
        (
            "b > 100.0 && b < 200.0 && f",
            "100 ms < b < 200 ms and f == true",
        ),
        (
            "within(b, c, q(\"10%\"))",
            "450 ms <= b <= 550 ms or 0.556363636364 s <= c <= 0.68 s",
        ),
        (
            "math.abs(a - xs[1]) < 0.5",
            "7.5 < a < 8.5 or 6.5 < xs[1] < 7.5",
        ),
        (
            "math.abs(a - xs[0]) < 0.05",
            "0.95 < a < 1.05 or 6.95 <= xs[0] <= 7.05",
        ),
        // What rests on another value, which is told as one.
        ("a + b > 700.0 && b <= 100.0", "a > 600 and b == 100 ms"),
        // A limit that arithmetic moved by its last digits.
        ("a + xs[1] < 9.0", "a < 1 or xs[1] < 2"),
        // A text that is asked for by its length alone.
        ("s.size() > 3", ""),
        ("s < \"b\"", "s < \"b\""),
        ("100.0 / a > 18.0", "0 < a <= 5.55555555555"),
        ("has(m.z)", "m.z has a value"),
        ("\"z\" in m", "m[\"z\"] has a value"),
        ("tags.size() == 0", "tags == []"),
        (
            "\"ok\" in tags",
            "tags == [\"draft\",\"old\",\"ok\"] or tags[0] == \"ok\" or tags[1] == \"ok\"",
        ),
        (
            "!(\"old\" in tags)",
            "tags == [\"draft\"] or tags == [] or tags[1] != \"old\"",
        ),
        (
            "tags.exists(t, t == \"ok\")",
            "tags == [\"draft\",\"old\",\"ok\"] or tags[0] == \"ok\" or tags[1] == \"ok\"",
        ),
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
        ("n == 0", "n == 0"),
        ("a > 280.0 && a < 281.0", "280 < a < 281"),
        ("s != \"\"", "s != \"\""),
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
