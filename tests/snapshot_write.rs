//! `gonogo snapshot`: what is written reads back as the same history, the program writes all of it or nothing, and a pipeline
//! can add each scrape to a file and judge windows over it.

use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::{Format, History, Reader, write};
use gonogo::source::problem::any_error;
use gonogo::source::{Problem, Source};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support::{self, place::Place};

const POLICY: &str = "\
gonogo: 1
name: canary
baselines: [before, {name: blue, live: true}]
record: {fields: [service, version, ticket]}
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  incidents: {type: int}
  healthy: {type: bool}
  phase: {type: string, values: [warm, cold]}
  deployed: {type: timestamp}
  uptime: {type: duration}
  queues: {type: 'map<string, int>'}
  delays: {type: list<duration>}
  notes: {type: list<string>}
  database: {type: 'map<string, map<string, double>>'}
require:
  - {id: errors, expr: error_rate < 0.01}
";

fn policy() -> Policy {
    support::policy(POLICY, &Settings::new())
}

fn history(policy: &Policy, text: &str) -> (History, Vec<Problem>) {
    let mut reader = Reader::new(&policy.layout);
    reader.document(&Source::new("history.jsonl", text), Format::JsonLines);
    reader.finish()
}

/// All of a history as lines: the samples, then the facts.
fn written(policy: &Policy, history: &History) -> String {
    let samples = history.samples();
    let samples = samples.map(|sample| write::sample(&policy.layout, &sample));
    let facts = write::facts(history.facts());
    samples
        .chain(facts.into_iter().map(|(_, line)| line))
        .collect()
}

fn maybe(of: impl Strategy<Value = Json> + 'static) -> BoxedStrategy<Option<Json>> {
    prop_oneof![
        3 => of.prop_map(Some),
        1 => Just(Some(Json::Null)),
        2 => Just(None),
    ]
    .boxed()
}

/// A map of those that are there.
fn map(of: Vec<(&'static str, BoxedStrategy<Option<Json>>)>) -> impl Strategy<Value = Json> {
    let (names, values): (Vec<_>, Vec<_>) = of.into_iter().unzip();
    values.prop_map(move |values| {
        let known = names.iter().zip(values);
        known
            .filter_map(|(name, value)| Some(((*name).to_owned(), value?)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    })
}

fn text() -> impl Strategy<Value = Json> {
    "[a-z\"\\\\\n\u{7}é日 ]{0,6}".prop_map(Json::from)
}

fn instant() -> impl Strategy<Value = Json> {
    (0_u32..60, 0_u32..1_000_000_000, any::<bool>()).prop_map(|(minute, nanos, exact)| {
        let fraction = if exact {
            String::new()
        } else {
            format!(".{nanos:09}")
        };
        Json::from(format!("2025-10-16T12:{minute:02}:00{fraction}+02:00"))
    })
}

fn duration() -> impl Strategy<Value = Json> {
    prop_oneof![
        (0_u64..100_000_000).prop_map(|count| Json::from(format!("{count}ms"))),
        (0_u64..40).prop_map(|count| Json::from(format!("{count}d"))),
    ]
}

fn metrics() -> impl Strategy<Value = Json> {
    let share = prop_oneof![
        (0.0..=1.0).prop_map(Json::from),
        Just(json!(1)),
        Just(json!(-0.0))
    ];
    let count = any::<i64>().prop_map(Json::from);
    let queues = prop::collection::btree_map("[a-z.é ]{0,4}", prop::option::of(any::<i64>()), 0..4);
    let delays = prop::collection::vec(duration(), 0..3);
    let lags = prop::collection::btree_map("[a-z]{1,3}", prop::option::of(any::<i32>()), 0..3);
    let database = prop::collection::btree_map("[a-z]{1,3}", lags, 0..3);
    map(vec![
        ("error_rate", maybe(share)),
        ("incidents", maybe(count)),
        ("healthy", maybe(any::<bool>().prop_map(Json::from))),
        (
            "phase",
            maybe(prop_oneof![Just(json!("warm")), Just(json!("cold"))]),
        ),
        ("deployed", maybe(instant())),
        ("uptime", maybe(duration())),
        ("queues", maybe(queues.prop_map(|map| json!(map)))),
        ("delays", maybe(delays.prop_map(Json::from))),
        ("database", maybe(database.prop_map(|map| json!(map)))),
    ])
}

fn subject() -> impl Strategy<Value = Json> {
    let plain = any::<i32>().prop_map(|number| json!([number, f64::from(number), {"a": "b"}]));
    map(vec![
        ("service", maybe(text())),
        ("version", maybe(text())),
        ("commit", maybe(text())),
        ("environment", maybe(text())),
        ("author", maybe(text())),
        ("planned_at", maybe(instant())),
        ("ticket", maybe(prop_oneof![text(), plain])),
    ])
}

/// Facts of a key: what each must have, and what it may have.
fn facts(
    must: Vec<(&'static str, BoxedStrategy<Option<Json>>)>,
    may: Vec<(&'static str, BoxedStrategy<Option<Json>>)>,
) -> BoxedStrategy<Option<Json>> {
    let all = must.into_iter().chain(may).collect();
    let list = prop::collection::vec(map(all), 0..3).prop_map(Json::from);
    prop::option::weighted(0.3, list).boxed()
}

fn word(words: &'static [&'static str]) -> BoxedStrategy<Option<Json>> {
    prop::sample::select(words)
        .prop_map(|word| Some(Json::from(word)))
        .boxed()
}

fn sample() -> impl Strategy<Value = Json> {
    let stage = map(vec![
        ("name", maybe(text())),
        ("entered", maybe(instant())),
        (
            "traffic",
            maybe(prop_oneof![Just(json!("5%")), Just(json!(0.25))]),
        ),
    ]);
    let baselines = map(vec![
        ("before", prop::option::of(metrics()).boxed()),
        ("blue", prop::option::of(metrics()).boxed()),
    ]);
    let data = prop_oneof![Just(json!({"a": [1, 2.0, null, "x"]})), Just(json!({}))];
    let fields = prop_oneof![Just(json!({"minutes": "4", "none": " "})), Just(json!({}))];
    let evidence = facts(
        vec![
            ("id", word(&["a", "b"])),
            ("status", word(&["passed", "failed"])),
        ],
        vec![
            ("exit_code", maybe((0_i64..3).prop_map(Json::from))),
            ("key", maybe(prop_oneof![Just(json!(7)), text()])),
            ("at", maybe(instant())),
            ("started", maybe(instant())),
            ("commit", maybe(text())),
            ("environment", maybe(text())),
            ("url", maybe(text())),
            ("data", maybe(data)),
        ],
    );
    let said = |decision: BoxedStrategy<Option<Json>>, fields: BoxedStrategy<Json>| {
        facts(
            vec![
                ("rule", word(&["a", "b"])),
                ("by", word(&["ada", "jon"])),
                ("decision", decision),
            ],
            vec![
                ("role", maybe(text())),
                ("key", maybe(text())),
                ("at", maybe(instant())),
                ("stage", maybe(text())),
                ("commit", maybe(text())),
                ("expires", maybe(instant())),
                ("fields", maybe(fields)),
                ("url", maybe(text())),
            ],
        )
    };
    let attested = prop_oneof![word(&["attested", "withdrawn"]), Just(None)].boxed();
    let approved = word(&["approved", "rejected", "withdrawn"]);
    let of = map(vec![
        ("service", maybe(text())),
        ("version", maybe(text())),
        ("environment", maybe(text())),
    ]);
    let records = facts(
        vec![
            ("stage", word(&["a", "b"])),
            ("verdict", word(&["go", "no-go", "rollback"])),
        ],
        vec![
            ("at", maybe(instant())),
            ("policy", maybe(text())),
            ("subject", maybe(of)),
        ],
    );
    map(vec![
        ("at", instant().prop_map(Some).boxed()),
        ("subject", prop::option::of(subject()).boxed()),
        ("stage", prop::option::of(stage).boxed()),
        ("metrics", prop::option::of(metrics()).boxed()),
        ("baselines", prop::option::of(baselines).boxed()),
        ("evidence", evidence),
        ("attestations", said(attested, fields.clone().boxed())),
        ("approvals", said(approved, fields.boxed())),
        ("records", records),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_as_the_same_history(samples in prop::collection::vec(sample(), 1..6)) {
        let policy = policy();
        let text: String = samples.iter().map(|sample| format!("{sample}\n")).collect();
        let (first, problems) = history(&policy, &text);
        // Two samples of one instant may contradict each other, and two facts.
        prop_assume!(!any_error(&problems));
        let lines = written(&policy, &first);
        // A text without a line is no history.
        prop_assume!(!lines.is_empty());
        let (second, problems) = history(&policy, &lines);
        prop_assert!(!any_error(&problems), "{lines}{problems:?}");
        prop_assert_eq!(first.digest(&policy.layout), second.digest(&policy.layout), "{}{}", text, lines);
        prop_assert_eq!(first.times(), second.times());
        let about = |history: &History| history.survey(&policy.layout, None).subject;
        prop_assert_eq!(about(&first), about(&second));
        // And once more: it is written the same.
        prop_assert_eq!(written(&policy, &second), lines);
    }
}

#[test]
fn the_generator_is_not_idle() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let policy = policy();
    let (mut read, mut evidence, mut statements, mut records) = (0, 0, 0, 0);
    for _ in 0..100 {
        use proptest::strategy::ValueTree as _;
        let samples = prop::collection::vec(sample(), 1..6);
        let samples = samples.new_tree(&mut runner).expect("samples").current();
        let text: String = samples.iter().map(|sample| format!("{sample}\n")).collect();
        let (history, problems) = history(&policy, &text);
        if !any_error(&problems) {
            read += 1;
            evidence += history.facts().evidence.len();
            statements += history.facts().statements.len();
            records += history.facts().records.len();
        }
    }
    assert!(read >= 50, "{read} of 100 histories are read");
    assert!(
        evidence >= 20 && statements >= 20 && records >= 20,
        "{evidence} {statements} {records}"
    );
}

fn place() -> Place {
    Place::empty().with("policy.yaml", POLICY)
}

#[test]
fn samples_are_merged_in_the_order_of_time() {
    let place = place()
        .with(
            "late.yaml",
            "at: 2025-10-16T10:01:00Z\nstage: {name: canary, traffic: 5%}\nmetrics: {error_rate: 0.004, uptime: 90m, phase: warm}\n",
        )
        .with(
            "early.json",
            r#"[{"at": "2025-10-16T12:00:00+02:00", "subject": {"version": "1.10", "ticket": 7, "who": "?"}, "metrics": {"incidents": 2, "extra": 1}}]"#,
        )
        .with("table.csv", "at,healthy,blue.error_rate\n2025-10-16 10:01:00Z,true,0.5\n")
        .with(
            "people.jsonl",
            "{\"attestations\": [{\"rule\": \"a\", \"by\": \"ada\", \"at\": \"2025-10-16T10:00:30Z\", \"note\": \"done\"}]}\n",
        );
    let run = place
        .run("snapshot -p policy.yaml -s late.yaml -s early.json -s table.csv -s people.jsonl");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            r#"{"at":"2025-10-16T10:00:00Z","subject":{"ticket":7,"version":"1.10"},"metrics":{"incidents":2}}"#,
            r#"{"attestations":[{"rule":"a","by":"ada","at":"2025-10-16T10:00:30Z","decision":"attested"}]}"#,
            r#"{"at":"2025-10-16T10:01:00Z","stage":{"name":"canary","traffic":0.05},"metrics":{"error_rate":0.004,"healthy":true,"phase":"warm","uptime":"1h30m"},"baselines":{"blue":{"error_rate":0.5}}}"#,
        ]
    );
    assert!(
        run.stderr.contains("declares no metric `extra`"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_does_not_fit_is_null_and_told() {
    let place = place().with(
        "bad.json",
        r#"{"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 4, "incidents": "many", "healthy": null, "queues": {"a": 1, "b": "x"}}}"#,
    );
    let run = place.run("snapshot -p policy.yaml -s bad.json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "{\"at\":\"2025-10-16T10:00:00Z\",\"metrics\":{\"error_rate\":null,\"healthy\":null,\"incidents\":null,\"queues\":{\"a\":1,\"b\":null}}}\n"
    );
    for code in ["out-of-range", "wrong-type"] {
        assert!(run.stderr.contains(code), "{code}: {}", run.stderr);
    }
}

#[test]
fn a_pipeline_adds_each_scrape_and_judges_windows_over_all() {
    let place = place().with(
        "windows.yaml",
        "gonogo: 1\nname: canary\ninputs: {error_rate: {type: double, max_age: 2m}}\nrequire: [{id: errors, expr: error_rate < 0.01, for: 5m}]\n",
    );
    for minute in 0..6 {
        let scrape = format!(
            "{{\"at\": \"2025-10-16T10:0{minute}:00Z\", \"metrics\": {{\"error_rate\": 0.001}}}}"
        );
        place.write("scrape.json", scrape);
        let run = place.run("snapshot -p windows.yaml -s scrape.json --to history.jsonl");
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        let run = place.run("eval -p windows.yaml -s history.jsonl --now latest --quiet");
        assert_eq!(
            run.code,
            if minute < 5 { 11 } else { 0 },
            "{minute}: {}",
            run.stdout
        );
    }
    let history = support::read(&place.path().join("history.jsonl"));
    assert_eq!(history.lines().count(), 6);
}

#[test]
fn nothing_is_written_where_anything_is_wrong() {
    let good = "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"error_rate\": 0.001}}\n";
    let place = place()
        .with("good.jsonl", good)
        .with("cut.jsonl", format!("{good}{}", &good[..40]))
        .with("other.json", good.replace("0.001", "0.002"))
        .with(
            "table.csv",
            "at,error_rate\n2025-10-16 10:02:00Z,0.1\n2025-10-16 10:03:00Z\n",
        )
        .with("empty.json", "")
        .with(
            "extra.json",
            "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {}}",
        )
        .with("half.jsonl", "{\"at\": 1")
        .with(
            "bad.yaml",
            "gonogo: 1\nname: canary\nrequire: [{id: errors, expr: error_rate <}]\n",
        )
        .with("history.jsonl", good);
    for (arguments, code, told) in [
        ("-s cut.jsonl", 4, "json-syntax"),
        ("-s good.jsonl -s other.json", 4, "conflicting-sample"),
        ("-s good.jsonl -s table.csv", 4, "csv-syntax"),
        ("-s empty.json", 4, "empty"),
        ("-s nowhere.json", 4, "unreadable"),
        (
            "-s good.jsonl -s nowhere.json --to history.jsonl",
            4,
            "unreadable",
        ),
        ("-s good.jsonl -o half.jsonl", 4, "not finished"),
        ("-s good.jsonl -o history.json", 4, "no file of JSON Lines"),
        (
            "-s good.jsonl -o nowhere/history.jsonl",
            4,
            "its folder does not exist",
        ),
        (
            "-s history.jsonl -o history.jsonl",
            2,
            "both read and added to",
        ),
        ("-s *.jsonl -o ./history.jsonl", 2, "both read and added to"),
        ("-s - -s -", 2, "named twice"),
        (
            "-s good.jsonl --baseline before=other.json",
            2,
            "a history of its own",
        ),
        (
            "-s good.jsonl --baseline green=other.json",
            2,
            "unknown-baseline",
        ),
        ("-s good.jsonl --set x=1", 2, "unknown-param"),
        ("", 2, "--snapshot"),
    ] {
        let run = place.run(&format!("snapshot -p policy.yaml {arguments}"));
        assert_eq!(run.code, code, "{arguments}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments}");
        assert!(run.stderr.contains(told), "{arguments}: {}", run.stderr);
    }
    let run = place.run("snapshot -p bad.yaml -s good.jsonl");
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    let kept = |name: &str| support::read(&place.path().join(name));
    assert_eq!(kept("history.jsonl"), good);
    assert_eq!(kept("half.jsonl"), "{\"at\": 1");
}

#[test]
fn a_live_baseline_is_merged() {
    let sample = |value: &str| {
        format!("{{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {{\"error_rate\": {value}}}}}")
    };
    let place = place()
        .with("green.json", sample("0.1"))
        .with("blue.json", sample("0.2"));
    let run = place.run_with(
        "snapshot -p policy.yaml -s - --baseline blue=blue.json",
        &sample("0.1"),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "{\"at\":\"2025-10-16T10:00:00Z\",\"metrics\":{\"error_rate\":0.1},\"baselines\":{\"blue\":{\"error_rate\":0.2}}}\n"
    );
}

#[test]
fn a_line_that_no_history_would_take_is_not_written() {
    let at = "\"at\": \"2025-10-16T10:00:00Z\"";
    // Each is read alone; together they make a line that is too long, or one of too many values.
    let long = json!({"notes": ["x".repeat(3_000_000)]});
    let many = json!({"delays": vec!["1s"; 300_000]});
    for (values, told) in [
        (long, "has 6000090 bytes, more than the 4194304"),
        (many, "more than 400000 values"),
    ] {
        let place = place()
            .with("one.json", format!("{{{at}, \"metrics\": {values}}}"))
            .with(
                "two.json",
                format!("{{{at}, \"baselines\": {{\"blue\": {values}}}}}"),
            );
        let run = place.run("snapshot -p policy.yaml -s one.json --to one.jsonl");
        assert_eq!(run.code, 0, "{}", run.stderr);
        let run = place.run("snapshot -p policy.yaml -s one.jsonl --to again.jsonl");
        assert_eq!(run.code, 0, "{}", run.stderr);
        let run = place.run("snapshot -p policy.yaml -s one.json -s two.json");
        assert_eq!((run.code, run.stdout.as_str()), (4, ""));
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

#[test]
fn the_shipped_histories_are_written_as_they_are_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (policy, history) in [
        ("policies/phase9-canary", "canary-5-error-spike.jsonl"),
        ("policies/phase9-canary", "canary-25-healthy.jsonl"),
    ] {
        let place = Place::empty();
        let policy = root.join(policy);
        let path = policy.join("snapshots").join(history);
        let (policy, path) = (policy.display(), path.display());
        let run = place.run(&format!(
            "snapshot -p {policy} -s {path} --to written.jsonl"
        ));
        assert_eq!(run.code, 0, "{}", run.stderr);
        let judged = |history: &str| {
            let run = place.run(&format!(
                "eval -p {policy} -s {history} --now latest --format json"
            ));
            let record: Json = serde_json::from_str(&run.stdout).expect("a record");
            (
                run.code,
                record["digests"]["history"].clone(),
                record["reason"].clone(),
            )
        };
        assert_eq!(judged(&path.to_string()), judged("written.jsonl"));
    }
}
