//! Whatever a file says, nothing that is printed is a command of the runner that reads along, and nothing hides in it: every
//! command that prints, over texts that try.

use gonogo::source::hidden::hides;
use serde_json::{Value as Json, json};

use crate::support::place::{Place, Run};

/// Texts that would be commands, and what nobody sees.
const TEXTS: [&str; 6] = [
    "##vso[task.complete result=Succeeded;]DONE",
    "##[error]no",
    "##teamcity[buildStatus status='SUCCESS']",
    "::error::broken",
    "  ::set-output name=verdict::go",
    "\n::warning::\u{202e}a\u{2028}b\u{200b}c\u{1b}[2J",
];
const AT: &str = "2025-10-16T10:05:00Z";

/// A policy that says such texts wherever it may say any.
fn policy(limit: f64) -> Json {
    let said = |id: &str| {
        json!({"id": id, "title": TEXTS[3], "cite": [TEXTS[1]], "action": TEXTS[2],
               "message": format!("{} {limit}", TEXTS[5])})
    };
    let with = |id: &str, more: Json| {
        let mut rule = said(id);
        let fields = rule.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        rule
    };
    json!({
        "gonogo": 1,
        "name": TEXTS[0],
        "title": TEXTS[3],
        "inputs": {"rate": {"type": "double"}, "m": {"type": "map<string, double>"}, "word": {"type": "string"}},
        "require": [
            with("a", json!({"expr": format!("rate < {limit:.1}")})),
            with("each", json!({"expr": "m[k] < 1.0", "for_each": {"k": TEXTS}})),
            with("word", json!({"expr": format!("word == {}", json!(TEXTS[3]))})),
            with("drill", json!({"attest": {"role": "sre"}})),
            with("unit", json!({"evidence": {"id": "unit"}})),
        ],
        "rollback": [with("r", json!({"expr": "rate > 5.0"}))],
    })
}

fn place() -> Place {
    let bad = json!({"gonogo": 1, "name": "p", "inputs": {TEXTS[0]: {"type": TEXTS[3]}}, TEXTS[1]: 1,
                     "require": [{"id": TEXTS[3], "expr": TEXTS[1]}]});
    let values: serde_json::Map<String, Json> = TEXTS
        .iter()
        .map(|text| ((*text).to_owned(), json!(9.0)))
        .collect();
    let sample = json!({"at": AT, "subject": {"service": TEXTS[0], "version": TEXTS[3], "commit": "0f1e2d3"},
                        "metrics": {"rate": 9.0, "m": values, "word": TEXTS[0]}});
    let suite = json!({
        "gonogo": 1, "policy": "policy.json", "snapshots": {"one": [sample.clone()]},
        "tests": [
            {"name": TEXTS[0], "given": "one", "expect": {"verdict": "go"}},
            {"name": TEXTS[3], "given": "one", "expect": {"verdict": "rollback", "reason": TEXTS[1]}},
            {"name": TEXTS[5], "given": TEXTS[1], "expect": {"verdict": "go"}},
        ],
    });
    Place::empty()
        .with("policy.json", policy(1.0).to_string())
        .with("other.json", policy(2.0).to_string())
        .with("bad.json", bad.to_string())
        .with("s.json", sample.to_string())
        .with("hostile.test.json", suite.to_string())
        .with("##[x].json", policy(3.0).to_string())
}

/// What a runner would do with a line, or nobody would see of it.
fn wrong(text: &str) -> Option<&str> {
    text.lines().find(|line| {
        ["##[", "##vso[", "##teamcity["]
            .iter()
            .any(|begin| line.contains(begin))
            || line.trim_start().starts_with("::")
            || line.chars().any(hides)
    })
}

fn harmless(run: &Run) {
    assert!(
        !run.stdout.is_empty(),
        "nothing is printed: {}",
        run.transcript
    );
    for text in [&run.stdout, &run.stderr] {
        assert_eq!(wrong(text), None, "{}", run.transcript);
    }
}

#[test]
fn no_command_prints_a_command_of_a_runner() {
    let place = place();
    let judged = "-p policy.json -s s.json --now 2025-10-16T10:05:00Z";
    let first = place.run(&format!("eval {judged} --record rec.json --log log.jsonl"));
    assert_eq!(first.code, 20, "{}", first.transcript);
    let calls = [
        format!("eval {judged}"),
        format!("checklist {judged}"),
        format!("checklist {judged} --format json"),
        "check policy.json other.json".to_owned(),
        "check bad.json".to_owned(),
        "check bad.json --format json".to_owned(),
        "check ##[x].json".to_owned(),
        "check -p policy.json -s s.json".to_owned(),
        "check -p policy.json -s bad.json --format json".to_owned(),
        "diff policy.json other.json -s s.json".to_owned(),
        "diff policy.json ##[x].json --format json".to_owned(),
        "diff policy.json other.json -s s.json --format json".to_owned(),
        "diff policy.json other.json -s s.json --format markdown".to_owned(),
        "test".to_owned(),
        "test --coverage --mutate=a --no-suggestions".to_owned(),
        "test --format json".to_owned(),
        "test --format junit".to_owned(),
        "test --coverage=json --no-suggestions".to_owned(),
        "test --coverage=lcov".to_owned(),
        "test --list".to_owned(),
        "test --list --format json".to_owned(),
        "explain rec.json".to_owned(),
        "explain rec.json each".to_owned(),
        "replay rec.json -p policy.json -s s.json".to_owned(),
        "replay rec.json -p policy.json -s s.json --format json".to_owned(),
        "replay rec.json -p ##[x].json -s s.json".to_owned(),
        "replay rec.json -p ##[x].json -s s.json --format json".to_owned(),
        "report rec.json".to_owned(),
        "log verify log.jsonl".to_owned(),
        "log verify log.jsonl --format json".to_owned(),
        "schema snapshot -p policy.json".to_owned(),
        "snapshot -p policy.json -s s.json".to_owned(),
    ];
    for call in calls {
        let run = place.run(&call);
        harmless(&run);
        // A value for programs is one still.
        if call.ends_with("json") && call.contains("--format") {
            let read: Result<Json, _> = serde_json::from_str(&run.stdout);
            assert!(read.is_ok(), "{}", run.transcript);
        }
    }
    for format in gonogo::report::Format::ALL {
        let name = format.name();
        place.run(&format!("eval {judged} --report {name}=report.{name}"));
        let run = place.run(&format!("report rec.json --report {name}=again.{name}"));
        assert_eq!(run.code, 0, "{}", run.transcript);
        for file in [format!("report.{name}"), format!("again.{name}")] {
            let text = std::fs::read_to_string(place.path().join(&file)).expect("a report");
            // What is for the runner of GitHub is made of commands.
            if *format != gonogo::report::Format::Github {
                assert_eq!(wrong(&text), None, "{file}");
            }
        }
    }
    for (rule, more) in [("drill", vec!["--role", "sre"]), ("##[x]", vec![])] {
        let mut call = vec![
            "attest",
            "-p",
            "policy.json",
            "--rule",
            rule,
            "--by",
            TEXTS[0],
        ];
        call.extend(["--note", TEXTS[5], "--to", "-"]);
        call.extend(more);
        let run = place.call(&call);
        for text in [&run.stdout, &run.stderr] {
            assert_eq!(wrong(text), None, "{}", run.transcript);
        }
        assert_eq!(run.stdout.is_empty(), rule == "##[x]", "{}", run.transcript);
    }
    let data = format!("x={}", TEXTS[0]);
    let mut call = vec![
        "evidence",
        "-p",
        "policy.json",
        "--id",
        "unit",
        "--commit",
        "0f1e2d3",
    ];
    call.extend(["--data", &data, "--to", "-", "--", "true"]);
    harmless(&place.call(&call));
}

#[test]
fn what_is_written_otherwise_is_what_it_was() {
    let place = place();
    let judged = "eval -q -p policy.json -s s.json --now latest";
    place.run(&format!("{judged} --record rec.json --log log.jsonl"));
    place.run(&format!("{judged} --log log.jsonl"));
    let log = std::fs::read_to_string(place.path().join("log.jsonl")).expect("a log");
    assert_eq!(wrong(&log), None);
    let line: Json = serde_json::from_str(log.lines().next().unwrap_or_default()).expect("a line");
    let record = std::fs::read_to_string(place.path().join("rec.json")).expect("a record");
    let record: Json = serde_json::from_str(&record).expect("a record");
    assert_eq!(line["record"], record);
    assert_eq!(line["record"]["policy"]["name"], TEXTS[0]);
    let run = place.run("log verify log.jsonl");
    assert_eq!(run.code, 0, "{}", run.transcript);
    // What is read of a history is what was given to it.
    place.run("snapshot -p policy.json -s s.json -o history.jsonl");
    let again = place.run("replay rec.json -p policy.json -s history.jsonl");
    assert_eq!(again.code, 0, "{}", again.transcript);
}
