//! Documents as systems give them, through the program: what each kind says of an input, when, and for what is judged or
//! a baseline.

use crate::support::place::{Place, Run};
use serde_json::Value;

const AT: &str = "2025-10-16T10:05:00Z";

/// A policy with these inputs whose only rule is this expression.
fn policy(inputs: &str, expr: &str) -> String {
    format!(
        "gonogo: 1\nname: raw\nbaselines: [before, {{name: blue, live: true}}]\ninputs:\n{inputs}require:\n  - id: rule\n    expr: |\n      {expr}\n"
    )
}

/// The status of the rule, and the codes of what is told beside it.
fn told(run: &Run) -> (String, Vec<String>) {
    let record: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.transcript));
    let status = record["findings"][0]["status"].as_str().expect("a status");
    (status.to_owned(), codes(&run.stderr))
}

/// The codes of diagnostics, which stand on lines of their own.
fn codes(stderr: &str) -> Vec<String> {
    let code = |line: &&str| {
        !line.is_empty()
            && line
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
    };
    stderr.lines().filter(code).map(str::to_owned).collect()
}

/// A row of a table: the input, the document, the condition, and the status that comes of it with the codes that are told.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn hold(file: &str, rows: &[Row]) {
    for (input, text, expr, status, code) in rows {
        let place = Place::empty()
            .with("policy.yaml", policy(&format!("  x: {input}\n"), expr))
            .with(file, text);
        let run = place.run(&format!(
            "eval -p policy.yaml -s doc={file}@{AT} --now {AT} --format json"
        ));
        let (found, codes) = told(&run);
        assert_eq!(
            (found.as_str(), codes.join(" ").as_str()),
            (*status, *code),
            "{input}\n{text}\n{}",
            run.transcript
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_stands_at_a_path_is_read_by_the_type_of_its_input() {
    hold(
        "doc.json",
        &[
            (
                "{type: int, from: a.b}",
                r#"{"a": {"b": 3}}"#,
                "x == 3",
                "met",
                "",
            ),
            (
                "{type: double, from: a.b}",
                r#"{"a": {"b": 3}}"#,
                "x == 3.0",
                "met",
                "",
            ),
            (
                "{type: double, unit: ratio, from: 'l[1].r'}",
                r#"{"l": [0, {"r": 0.25}]}"#,
                "x < q(\"30%\")",
                "met",
                "",
            ),
            (
                "{type: string, from: {json: 'k[\"a.b\"]', file: doc}}",
                r#"{"k": {"a.b": "on"}}"#,
                "x == \"on\"",
                "met",
                "",
            ),
            ("{type: bool, from: a}", r#"{"a": false}"#, "x", "unmet", ""),
            (
                "{type: duration, from: a}",
                r#"{"a": "90s"}"#,
                "x > duration(\"1m\")",
                "met",
                "",
            ),
            (
                "{type: timestamp, from: a}",
                r#"{"a": "2025-10-16T10:00:00Z"}"#,
                "now - x == duration(\"5m\")",
                "met",
                "",
            ),
            (
                "{type: 'map<string, int>', from: a}",
                r#"{"a": {"P0": 0, "P1": 2}}"#,
                "x[\"P0\"] == 0 && x.size() == 2",
                "met",
                "",
            ),
            (
                "{type: list<string>, from: a}",
                r#"{"a": ["b"]}"#,
                "x == [\"b\"]",
                "met",
                "",
            ),
            (
                "{type: '{v: string}', from: a}",
                r#"{"a": {"v": "9", "w": 1}}"#,
                "x.v == \"9\"",
                "met",
                "",
            ),
            // What is not there, or is nothing.
            (
                "{type: int, from: a.c}",
                r#"{"a": {"b": 3}}"#,
                "x == 3",
                "unknown",
                "no-value",
            ),
            (
                "{type: int, from: 'a[0]'}",
                r#"{"a": {"b": 3}}"#,
                "x == 3",
                "unknown",
                "no-value",
            ),
            (
                "{type: int, from: a}",
                r#"{"a": null}"#,
                "x == 3",
                "unknown",
                "",
            ),
            (
                "{type: int, from: a.b}",
                r#"{"a": null}"#,
                "x == 3",
                "unknown",
                "",
            ),
            // A default stands in for what is not there, and never for null.
            (
                "{type: int, from: a, default: 3}",
                r#"{"a": null}"#,
                "x == 3",
                "unknown",
                "",
            ),
            // What does not fit.
            (
                "{type: int, from: a}",
                r#"{"a": "3"}"#,
                "x == 3",
                "unknown",
                "wrong-type",
            ),
            (
                "{type: int, from: a}",
                r#"{"a": {"b": 3}}"#,
                "x == 3",
                "unknown",
                "wrong-type",
            ),
            (
                "{type: 'map<string, int>', from: a}",
                r#"{"a": 3}"#,
                "x[\"b\"] == 3",
                "unknown",
                "wrong-type",
            ),
            (
                "{type: 'map<string, int>', from: a}",
                r#"{"a": {"b": 3, "c": "x"}}"#,
                "x[\"b\"] == 3",
                "met",
                "wrong-type",
            ),
            (
                "{type: double, range: [0, 1], from: a}",
                r#"{"a": 1.5}"#,
                "x > 0.5",
                "unknown",
                "out-of-range",
            ),
            (
                "{type: string, values: [up], from: a}",
                r#"{"a": "down"}"#,
                "x != \"up\"",
                "unknown",
                "out-of-range",
            ),
        ],
    );
}

#[test]
fn yaml_and_toml_are_read_as_json_is() {
    hold(
        "doc.yaml",
        &[
            (
                "{type: string, from: a.version}",
                "a: {version: 1.10}\n",
                "x == \"1.10\"",
                "met",
                "",
            ),
            (
                "{type: double, from: a}",
                "a: .nan\n",
                "x < 1.0",
                "unknown",
                "not-finite",
            ),
            (
                "{type: double, from: a}",
                "a: ~\n",
                "x < 1.0",
                "unknown",
                "",
            ),
        ],
    );
    hold(
        "doc.toml",
        &[
            (
                "{type: double, from: limits.csv.rate}",
                "[limits.csv]\nrate = 0.5\n",
                "x == 0.5",
                "met",
                "",
            ),
            (
                "{type: int, from: 'runs[1].failed'}",
                "[[runs]]\nfailed = 0\n[[runs]]\nfailed = 2\n",
                "x == 2",
                "met",
                "",
            ),
            (
                "{type: string, from: day}",
                "day = 2025-10-16\n",
                "x == \"2025-10-16\"",
                "met",
                "",
            ),
            (
                "{type: double, from: a}",
                "a = nan\n",
                "x < 1.0",
                "unknown",
                "not-finite",
            ),
            (
                "{type: double, from: a}",
                "a = inf\n",
                "x > 1.0",
                "unknown",
                "not-finite",
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn cells_are_chosen_by_column_row_and_key() {
    let table = "pipeline,bucket,pct,mood,note\nv1,a,9,bad,\nv2,a,1.5,good,null\nv2,b,2,\"a, b\",NaN\nv2,c,,good,\n";
    hold(
        "doc.csv",
        &[
            (
                "{type: double, from: {csv: pct, where: {pipeline: v1}}}",
                table,
                "x == 9.0",
                "met",
                "",
            ),
            (
                "{type: int, from: {csv: pct, where: {pipeline: v1}}}",
                table,
                "x == 9",
                "met",
                "",
            ),
            (
                "{type: string, from: {csv: pct, where: {pipeline: v1}}}",
                table,
                "x == \"9\"",
                "met",
                "",
            ),
            (
                "{type: string, from: {csv: mood, where: {pipeline: v2, bucket: b}}}",
                table,
                "x == \"a, b\"",
                "met",
                "",
            ),
            (
                "{type: 'map<string, double>', from: {csv: pct, key: bucket, where: {pipeline: v2}}}",
                table,
                "x[\"a\"] + x[\"b\"] == 3.5 && x.size() == 2",
                "met",
                "",
            ),
            (
                "{type: double, from: {csv: pct, where: {bucket: a}, sum: true}}",
                table,
                "x == 10.5",
                "met",
                "",
            ),
            (
                "{type: 'map<string, double>', from: {csv: pct, key: pipeline, where: {bucket: a}, sum: true}}",
                table,
                "x[\"v1\"] + x[\"v2\"] == 10.5",
                "met",
                "",
            ),
            // Of two nobody knows which counts.
            (
                "{type: double, from: {csv: pct, where: {bucket: a}}}",
                table,
                "x < 100.0",
                "unknown",
                "conflicting-sample",
            ),
            (
                "{type: 'map<string, double>', from: {csv: pct, key: bucket}}",
                table,
                "x[\"a\"] < 100.0",
                "unknown",
                "conflicting-sample",
            ),
            (
                "{type: 'map<string, double>', from: {csv: pct, key: bucket}}",
                table,
                "x[\"b\"] == 2.0",
                "met",
                "conflicting-sample",
            ),
            // An empty cell says nothing, and makes a sum unknown.
            (
                "{type: double, from: {csv: pct, where: {bucket: c}}}",
                table,
                "x < 1.0",
                "unknown",
                "no-value",
            ),
            (
                "{type: double, from: {csv: pct, where: {pipeline: v2}, sum: true}}",
                table,
                "x < 100.0",
                "unknown",
                "no-value",
            ),
            (
                "{type: double, from: {csv: note, where: {pipeline: v2, bucket: a}}}",
                table,
                "x < 1.0",
                "unknown",
                "",
            ),
            (
                "{type: double, from: {csv: note, where: {bucket: b}}}",
                table,
                "x < 1.0",
                "unknown",
                "not-finite",
            ),
            (
                "{type: double, from: {csv: mood, where: {pipeline: v1}}}",
                table,
                "x < 1.0",
                "unknown",
                "wrong-type",
            ),
            (
                "{type: double, range: [0, 5], from: {csv: pct, where: {pipeline: v1}}}",
                table,
                "x < 100.0",
                "unknown",
                "out-of-range",
            ),
            (
                "{type: double, from: {csv: pct, where: {pipeline: v3}}}",
                table,
                "x < 1.0",
                "unknown",
                "no-value",
            ),
            // A row without its key: nobody knows which entry it is.
            (
                "{type: 'map<string, int>', from: {csv: n, key: k}}",
                "k,n\na,1\n,2\n",
                "x.all(k, x[k] < 9)",
                "unknown",
                "no-value",
            ),
            (
                "{type: int, from: {csv: n, sum: true}}",
                "n\n9223372036854775807\n1\n",
                "x > 0",
                "unknown",
                "wrong-type",
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn series_are_chosen_by_a_selector_and_keyed_by_labels() {
    let scrape = "# TYPE errors_total counter\nerrors_total{format=\"csv\",pod=\"a\"} 2\nerrors_total{format=\"pdf\",pod=\"a\"} 3\n\
                  errors_total{format=\"pdf\",pod=\"b\"} 4\n# TYPE up gauge\nup 1\n# TYPE load gauge\nload NaN\n";
    let buckets = "# TYPE took_seconds histogram\ntook_seconds_bucket{le=\"0.1\"} 5\ntook_seconds_bucket{le=\"1\"} 9\n\
                   took_seconds_bucket{le=\"+Inf\"} 10\ntook_seconds_sum 4\ntook_seconds_count 10\n";
    hold(
        "doc.prom",
        &[
            (
                "{type: int, from: {prometheus: up}}",
                scrape,
                "x == 1",
                "met",
                "",
            ),
            (
                "{type: double, from: {prometheus: 'errors_total{format=\"csv\"}'}}",
                scrape,
                "x == 2.0",
                "met",
                "",
            ),
            (
                "{type: double, from: {prometheus: errors_total, sum: true}}",
                scrape,
                "x == 9.0",
                "met",
                "",
            ),
            (
                "{type: 'map<string, int>', from: {prometheus: errors_total, by: format, sum: true}}",
                scrape,
                "x[\"pdf\"] == 7",
                "met",
                "",
            ),
            (
                "{type: 'map<string, map<string, int>>', from: {prometheus: errors_total, by: [pod, format]}}",
                scrape,
                "x[\"a\"][\"pdf\"] == 3 && x[\"b\"].size() == 1",
                "met",
                "",
            ),
            (
                "{type: 'map<string, double>', from: {prometheus: took_seconds_bucket, by: le}}",
                buckets,
                "histogram_quantile(0.5, x) == 0.1",
                "met",
                "",
            ),
            // Of two nobody knows which counts.
            (
                "{type: double, from: {prometheus: errors_total}}",
                scrape,
                "x < 100.0",
                "unknown",
                "conflicting-sample",
            ),
            (
                "{type: 'map<string, int>', from: {prometheus: errors_total, by: format}}",
                scrape,
                "x[\"pdf\"] < 100",
                "unknown",
                "conflicting-sample",
            ),
            (
                "{type: 'map<string, int>', from: {prometheus: errors_total, by: format}}",
                scrape,
                "x[\"csv\"] == 2",
                "met",
                "conflicting-sample",
            ),
            (
                "{type: double, from: {prometheus: load}}",
                scrape,
                "x < 100.0",
                "unknown",
                "not-finite",
            ),
            (
                "{type: double, from: {prometheus: load}}",
                "load +Inf\n",
                "x > 0.0",
                "unknown",
                "not-finite",
            ),
            (
                "{type: int, from: {prometheus: load}}",
                "load 0.5\n",
                "x < 1",
                "unknown",
                "wrong-type",
            ),
            // No series is no empty map.
            (
                "{type: 'map<string, int>', from: {prometheus: 'errors_total{format=\"xml\"}', by: format}}",
                scrape,
                "x.all(f, x[f] < 1)",
                "unknown",
                "no-value",
            ),
            (
                "{type: 'map<string, int>', from: {prometheus: errors_total, by: kind}}",
                scrape,
                "x.all(k, x[k] < 100)",
                "unknown",
                "no-value",
            ),
        ],
    );
}

/// A policy that reads a text from any document and a number from any exposition, and asks when.
fn timed(expr: &str) -> Place {
    let inputs = "  a: {type: int, from: a, max_age: 10m}\n  n: {type: double, from: {prometheus: n}, max_age: 10m}\n  \
                  c: {type: double, from: {csv: c, at: t}, max_age: 10m}\n";
    Place::empty()
        .with("policy.yaml", policy(inputs, expr))
        .with("a.json", "{\"a\": 1}")
        .with(
            "history.jsonl",
            "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"n\": 5.0}}\n",
        )
}

fn judged(place: &Place, arguments: &str) -> (String, Vec<String>) {
    told(&place.run(&format!("eval -p policy.yaml {arguments} --format json")))
}

#[test]
fn a_document_is_of_the_instant_it_is_given_or_of_now_which_is_said() {
    let place = timed("a == 1");
    let met = |codes: &[&str]| {
        (
            "met".to_owned(),
            codes
                .iter()
                .map(|code| (*code).to_owned())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        judged(&place, &format!("-s x=a.json@{AT} --now {AT}")),
        met(&[])
    );
    assert_eq!(
        judged(
            &place,
            "-s x=a.json@2025-10-16T12:05:00+02:00 --now 2025-10-16T10:15:00Z"
        ),
        met(&[])
    );
    // Older than its `max_age`, and later than now.
    assert_eq!(
        judged(
            &place,
            &format!("-s x=a.json@{AT} --now 2025-10-16T10:15:01Z")
        )
        .0,
        "unknown"
    );
    assert_eq!(
        judged(
            &place,
            &format!("-s x=a.json@{AT} --now 2025-10-16T10:04:59Z")
        )
        .0,
        "unknown"
    );
    assert_eq!(
        judged(&place, &format!("-s x=a.json --now {AT}")),
        met(&["missing-time"])
    );
    assert_eq!(judged(&place, "-s x=a.json"), met(&["missing-time"]));
    // The newest sample's, and none without a sample.
    assert_eq!(
        judged(&place, "-s history.jsonl -s x=a.json --now latest"),
        met(&["missing-time"])
    );
    let run = place.run("eval -p policy.yaml -s x=a.json --now latest");
    assert_eq!(
        (run.code, codes(&run.stderr)),
        (4, vec!["missing-time".to_owned()]),
        "{}",
        run.transcript
    );
    assert!(run.stderr.contains("x=FILE@2025-"), "{}", run.transcript);
}

#[test]
fn what_has_an_instant_of_its_own_is_of_that_one() {
    let place = timed("c == 2.0 && c.ago(\"5m\") == 1.0");
    place.write(
        "c.csv",
        "c,t\n2,2026-02-03 08:00:00+00\n1,2026-02-03T07:55:00Z\n",
    );
    let run = judged(&place, "-s x=c.csv --now latest");
    assert_eq!(run, ("met".to_owned(), Vec::new()));
    let place = timed("n.increase(\"1m\") == 4.0");
    place.write("n.prom", "n 7 1760609160000\n");
    place.write("o.prom", "n 3\n");
    let run = judged(
        &place,
        "-s x=n.prom@2020-01-01T00:00:00Z -s y=o.prom@2025-10-16T10:05:00Z --now 2025-10-16T10:06:00Z",
    );
    assert_eq!(run, ("met".to_owned(), Vec::new()));
}

#[test]
fn a_map_of_series_is_as_old_as_the_oldest_of_them() {
    let inputs = "  m: {type: 'map<string, int>', from: {prometheus: n, by: l}, max_age: 1m}\n";
    let place = Place::empty().with("policy.yaml", policy(inputs, "m.all(l, m[l] < 9)"));
    place.write(
        "n.prom",
        "n{l=\"a\"} 1 1760609160000\nn{l=\"b\"} 2 1760609100000\n",
    );
    assert_eq!(
        judged(&place, "-s x=n.prom --now 2025-10-16T10:06:00Z").0,
        "met"
    );
    assert_eq!(
        judged(&place, "-s x=n.prom --now 2025-10-16T10:06:01Z").0,
        "unknown"
    );
    // One that may be of another time than the others.
    place.write("n.prom", "n{l=\"a\"} 1 1760609160000\nn{l=\"b\"} 2\n");
    let told = judged(
        &place,
        "-s x=n.prom@2025-10-16T10:06:00Z --now 2025-10-16T10:06:00Z",
    );
    assert_eq!(
        told,
        ("unknown".to_owned(), vec!["missing-time".to_owned()])
    );
}

#[test]
fn scrapes_make_a_history_and_merge_with_snapshots() {
    let place = timed("n.increase(\"10m\") == 7.0 && a == 1");
    for (minute, count) in [(2, 6), (4, 8), (10, 12)] {
        place.write(&format!("{minute}.prom"), format!("n {count}\n"));
    }
    let scrapes = "-s s=2.prom@2025-10-16T10:02:00Z -s s=4.prom@2025-10-16T10:04:00Z -s s=10.prom@2025-10-16T10:10:00Z";
    let (status, _) = judged(
        &place,
        &format!("-s history.jsonl {scrapes} -s x=a.json@{AT} --now latest"),
    );
    assert_eq!(status, "met");
}

#[test]
fn a_document_says_what_a_snapshot_says() {
    let place = timed("a == 1 && n == 5.0");
    place.write("n.prom", "n 5\n");
    place.write(
        "same.json",
        format!("{{\"at\": \"{AT}\", \"metrics\": {{\"a\": 1, \"n\": 5.0}}}}"),
    );
    let digest = |arguments: &str| {
        let run = place.run(&format!(
            "eval -p policy.yaml {arguments} --now latest --format json"
        ));
        let record: Value = serde_json::from_str(&run.stdout).expect("a record");
        record["digests"]["history"]
            .as_str()
            .expect("a digest")
            .to_owned()
    };
    let raw = format!("-s x=a.json@{AT} -s y=n.prom@{AT}");
    assert_eq!(digest(&raw), digest("-s same.json"));
    assert_eq!(digest(&raw), digest(&format!("{raw} -s same.json")));
}

#[test]
fn baselines_are_given_documents_too() {
    let inputs = "  a: {type: int, from: a, max_age: 10m}\n";
    let place = Place::empty()
        .with(
            "policy.yaml",
            policy(inputs, "a == 1 && before.a == 2 && blue.a == 3"),
        )
        .with("now.json", "{\"a\": 1}")
        .with("before.json", "{\"a\": 2}")
        .with("blue.json", "{\"a\": 3}");
    let now = "2025-10-16T10:06:00Z";
    let given = format!(
        "-s x=now.json@{AT} --baseline before=x=before.json@2025-10-09T10:00:00Z --baseline blue=x=blue.json@{AT} --now {now}"
    );
    assert_eq!(judged(&place, &given), ("met".to_owned(), Vec::new()));
    // A live baseline ages as the inputs do.
    let old = given.replace(&format!("blue.json@{AT}"), "blue.json@2025-10-16T09:00:00Z");
    assert_eq!(judged(&place, &old).0, "unknown");
    // What is not there is told by the baseline's name.
    place.write("blue.json", "{\"b\": 3}");
    let run = place.run(&format!("eval -p policy.yaml {given}"));
    assert!(
        run.stderr.contains("`blue.a` has no value"),
        "{}",
        run.transcript
    );
    assert_eq!(run.code, 11);
}

#[test]
fn several_documents_may_have_an_input_that_names_none() {
    let place = timed("a == 1");
    place.write("other.json", "{\"b\": 1}");
    // One of them has it: the other is of no use, which is said.
    let (status, codes) = judged(
        &place,
        &format!("-s x=other.json@{AT} -s y=a.json@{AT} --now {AT}"),
    );
    assert_eq!(
        (status.as_str(), codes),
        ("met", vec!["no-value".to_owned()])
    );
    place.write("second.json", "{\"a\": 1}");
    assert_eq!(
        judged(
            &place,
            &format!("-s x=second.json@{AT} -s y=a.json@{AT} --now {AT}")
        )
        .0,
        "met"
    );
}

#[test]
fn what_is_given_wrongly_says_how_it_is_written() {
    let place = timed("a == 1")
        .with("a@b.json", "{\"a\": 1}")
        .with("c.toml", "a = 1\n");
    for (arguments, code, says) in [
        ("-s x=a.json@noon", 2, "NAME=FILE@2025-"),
        ("-s x=", 2, "NAME=FILE"),
        ("-s x=.", 4, "is a folder"),
        ("-s x=none.json", 4, "there is no file"),
        ("-s c.toml", 4, "-s NAME=c.toml"),
        ("-s x=history.jsonl", 4, "-s FILE"),
        ("-s x=- -s -", 2, "only once"),
        (
            "-s history.jsonl --baseline before=x=a.json@noon",
            2,
            "NAME=FILE@2025-",
        ),
    ] {
        let run = place.run(&format!("eval -p policy.yaml {arguments} --now {AT}"));
        assert_eq!(run.code, code, "{}", run.transcript);
        assert!(run.stderr.contains(says), "{}", run.transcript);
    }
    // A file may have an `@` in its name, and a document may come through a pipe.
    assert_eq!(
        judged(&place, &format!("-s x=a@b.json --now {AT}")).0,
        "met"
    );
    let run = place.run_with(
        &format!("eval -p policy.yaml -s x=-@{AT} --now {AT} -q"),
        "{\"a\": 1}",
    );
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.run_with(
        &format!("eval -p policy.yaml -s x=-@{AT} --now {AT} -q --snapshot-format toml"),
        "a = 1\n",
    );
    assert_eq!(run.code, 0, "{}", run.transcript);
}

#[test]
fn check_says_whether_a_document_fits() {
    let place = timed("a == 1");
    place.write("n.prom", "n 7\n");
    place.write("c.csv", "c,t\n2,2026-02-03 08:00:00+00\n");
    let run = place.run("check -p policy.yaml -s x=a.json -s y=n.prom -s z=c.csv");
    assert_eq!(run.code, 0, "{}", run.transcript);
    place.write("a.json", "{\"a\": \"one\"}");
    place.write("n.prom", "m 7\n");
    let run = place.run("check -p policy.yaml -s x=a.json -s y=n.prom -s z=c.csv");
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert!(
        run.stdout.contains("wrong-type") && run.stdout.contains("no-value"),
        "{}",
        run.transcript
    );
}

#[test]
fn a_pipeline_makes_a_history_of_its_scrapes() {
    let place = timed("n.increase(\"10m\") == 7.0 && a == 1");
    for (minute, count) in [(0, 5), (2, 6), (4, 8), (10, 12)] {
        let scrape = format!("# TYPE n gauge\nn {count}\n");
        let given = format!(
            "-s app=-@2025-10-16T10:{minute:02}:00Z -s x=a.json@2025-10-16T10:{minute:02}:00Z"
        );
        let run = place.run_with(
            &format!("snapshot -p policy.yaml {given} --to runs.jsonl"),
            &scrape,
        );
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (0, ""),
            "{}",
            run.transcript
        );
    }
    assert_eq!(
        judged(&place, "-s runs.jsonl --now latest"),
        ("met".to_owned(), Vec::new())
    );
    // A scrape that is cut off adds nothing.
    let run = place.run_with("snapshot -p policy.yaml -s app=- --to runs.jsonl", "n 1");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert_eq!(judged(&place, "-s runs.jsonl --now latest").0, "met");
}
