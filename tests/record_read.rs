//! Records read back: every way to write one and the same, and everything that is none, is another version's, or was changed.

use gonogo::source::Source;
use gonogo::verdict::Verdict;
use gonogo::verdict::read::read;
use serde_json::{Value as Json, json};

use crate::support;
use crate::support::place::Place;

/// A record with a finding of every sort, and numbers of every kind.
pub(crate) const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  latency: {type: double, unit: ms}
  incidents: {type: \"map<string, int>\"}
params:
  limit: {type: double, default: 0.01}
  most: {type: int, default: 3}
  people: {type: list<string>, default: [ada]}
require:
  - {id: errors, expr: error_rate < params.limit, for: 2m, title: few errors}
  - {id: latency, expr: latency < 500.0}
  - {id: people, attest: {count: 1}}
hold:
  - {id: incidents, for_each: {f: incidents}, expr: \"incidents[f] > params.most\"}
rollback:
  - {id: error-spike, expr: error_rate >= 0.05, for: 2m, severity: P0}
severities: [{id: P0, respond_within: 5m}]
";

pub(crate) const HISTORY: &str = r#"{"at": "2025-10-16T10:00:00Z", "subject": {"service": "slideb", "version": "9.0.1"}, "metrics": {"error_rate": 0.004, "latency": 120, "incidents": {"P0": 0, "P1": 2}}}
{"at": "2025-10-16T10:01:00Z", "metrics": {"error_rate": 0.06, "latency": 120, "incidents": {"P0": 0, "P1": 2}}}
{"at": "2025-10-16T10:02:00Z", "metrics": {"error_rate": 0.061, "latency": 120.5, "incidents": {"P0": 0, "P1": 4}}}
{"at": "2025-10-16T10:03:00Z", "metrics": {"error_rate": 0.061, "incidents": {"P0": 0, "P1": 5}}, "attestations": [{"rule": "people", "by": "jon", "at": "2025-10-16T10:02:30Z"}]}
"#;

/// A folder with the policy, the history, and the record of both.
pub(crate) fn recorded() -> Place {
    let place = Place::empty()
        .with("policy.yaml", POLICY)
        .with("day.jsonl", HISTORY);
    let run = place.run("eval -p policy.yaml -s day.jsonl --now latest --record record.json -q");
    assert_eq!(run.code, 20, "{}", run.transcript);
    place
}

pub(crate) fn text(place: &Place, name: &str) -> String {
    support::read(&place.path().join(name))
}

pub(crate) fn value(place: &Place, name: &str) -> Json {
    serde_json::from_str(&text(place, name)).expect("JSON")
}

/// What is wrong with a record, a line for each: code, underlined text, message.
fn wrong(text: &str) -> Vec<String> {
    let source = Source::new("record.json", text);
    let problems = read(&source).err().unwrap_or_default();
    problems
        .iter()
        .map(|problem| {
            assert!(problem.help.is_some(), "no help: {problem}");
            let label = problem.labels.first();
            let place = label.and_then(|label| source.text().get(label.span.start..label.span.end));
            format!(
                "{} [{}] {problem}",
                problem.code,
                place
                    .unwrap_or_default()
                    .chars()
                    .take(60)
                    .collect::<String>()
            )
        })
        .collect()
}

#[test]
fn a_record_is_the_same_however_it_is_laid_out() {
    let place = recorded();
    let written = text(&place, "record.json");
    let verdict = read(&Source::new("record.json", written.as_str())).expect("a record");
    assert_eq!(verdict.to_json(), written);
    let value: Json = serde_json::from_str(&written).expect("JSON");
    // Keys in the order of the alphabet, in one line; and with other line ends and a byte order mark.
    let sorted = value.to_string();
    assert_ne!(sorted, written);
    let marked = format!("\u{feff}{}", written.replace('\n', "\r\n"));
    for text in [sorted, marked] {
        let again = read(&Source::new("record.json", text)).expect("the same record");
        assert_eq!(again, verdict);
    }
    // By itself, as a line of a log, in a statement: the same verdict.
    let run = place.run("eval -p policy.yaml -s day.jsonl --now latest --log log.jsonl -q");
    assert_eq!(run.code, 20, "{}", run.transcript);
    let run = place.run("report record.json --format intoto -o statement.json");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    for name in ["record.json", "log.jsonl", "statement.json"] {
        let run = place.run(&format!("report {name} --format json"));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (0, written.as_str()),
            "{name}"
        );
        let run = place.run_with("report - --format json", &text(&place, name));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (0, written.as_str()),
            "{name}"
        );
    }
}

#[test]
fn every_single_value_that_is_changed_is_found() {
    let place = recorded();
    let record = value(&place, "record.json");
    let mut places = Vec::new();
    pointers(&record, String::new(), &mut places);
    assert!(places.len() > 300, "{}", places.len());
    for pointer in &places {
        let mut changed = record.clone();
        let there = changed.pointer_mut(pointer).expect("a value");
        *there = match there.take() {
            Json::Null => json!("x"),
            Json::Bool(value) => json!(!value),
            Json::Number(number) => json!(number.as_f64().expect("a number") + 1.0),
            Json::String(text) => json!(format!("{text}x")),
            Json::Array(mut items) => {
                items.push(json!(null));
                json!(items)
            }
            Json::Object(mut fields) => {
                fields.insert("added".to_owned(), json!(null));
                json!(fields)
            }
        };
        let found = wrong(&changed.to_string());
        assert!(!found.is_empty(), "{pointer} can be changed");
    }
    // Taking a key away, too.
    for pointer in &places {
        let (parent, key) = pointer.rsplit_once('/').expect("a key");
        let mut changed = record.clone();
        let Some(fields) = changed.pointer_mut(parent).and_then(Json::as_object_mut) else {
            continue;
        };
        fields.remove(key).expect("the key");
        assert!(
            !wrong(&changed.to_string()).is_empty(),
            "{pointer} can be removed"
        );
    }
}

/// Every value in a value.
fn pointers(value: &Json, path: String, into: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                pointers(value, format!("{path}/{key}"), into);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{path}/{index}"), into);
            }
        }
        _ => {}
    }
    if !path.is_empty() {
        into.push(path);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_was_changed_is_told_with_its_place() {
    let place = recorded();
    let record = text(&place, "record.json");
    let change = |from: &str, to: &str| {
        assert!(record.contains(from), "{from}");
        wrong(&record.replacen(from, to, 1)).join("\n")
    };
    for (from, to, told) in [
        (
            "\"gonogo\": 1",
            "\"gonogo\": 2",
            "bad-version [2] a record of version 2; this program reads version 1",
        ),
        (
            "\"gonogo\": 1",
            "\"gonogo\": 1.5",
            "bad-version [1.5] a record of version 1.5",
        ),
        (
            "\"gonogo\": 1,",
            "",
            "wrong-kind [\"verdict\"] `record.json` is no verdict record",
        ),
        (
            "\"gonogo\": 1",
            "\"gonogo\": \"1\"",
            "wrong-kind [\"gonogo\"] `record.json` is no verdict record",
        ),
        (
            "\"status\": \"fired\"",
            "\"status\": \"exploded\"",
            "bad-value [\"exploded\"] `findings[0].status` of the record cannot be `exploded`",
        ),
        (
            "\"exit_code\": 20",
            "\"exit_code\": \"20\"",
            "wrong-kind [\"20\"] `exit_code` of the record is a text, not a whole number",
        ),
        (
            "\"exit_code\": 20",
            "\"exit_code\": -1",
            "bad-value [-1] `exit_code` of the record cannot be `-1`",
        ),
        ("\"exit_code\": 20", "\"exit_code\": 0", "record-altered ["),
        (
            "\"now\": \"2025-10-16T10:03:00Z\"",
            "\"now\": \"noon\"",
            "bad-value [\"noon\"] `now` of the record cannot be `noon`",
        ),
        (
            "\"now\": \"2025-10-16T10:03:00Z\"",
            "\"now\": \"2025-10-16T10:03:00+00:00\"",
            "record-altered [\"2025-10-16T10:03:00+00:00\"] `now` is not as gonogo writes it: that is `2025-10-16T10:03:00Z`",
        ),
        (
            "\"held\": \"2m\"",
            "\"held\": \"long\"",
            "bad-value [\"long\"] `findings[0].held` of the record cannot be `long`",
        ),
        (
            "\"stage\": \"default\",",
            "",
            "missing-key [\"gonogo\"] the record has no `stage`",
        ),
        (
            "\"next\": null,",
            "",
            "record-altered [\"gonogo\"] `next` is missing",
        ),
        (
            "\"next\": null,",
            "\"next\": null, \"note\": 1,",
            "record-altered [\"note\"] `note` does not belong in a record",
        ),
        (
            "\"next\": null,",
            "\"next\": null, \"next\": null,",
            "duplicate-key [",
        ),
        (
            "\"limit\": 0.05",
            "\"limit\": 1e999",
            "not-finite [1e999] `1e999` is more than a number can hold",
        ),
        (
            "\"limit\": 0.05",
            "\"limit\": 0.0500000001",
            "record-altered [",
        ),
        ("\"limit\": 0.05", "\"limit\": NaN", "json-syntax [NaN]"),
        (
            "\"policy\": {",
            "\"policy\": {\"name\": {\"a\": 1}, \"x",
            "json-syntax [",
        ),
        (
            "\"warnings\": []",
            "\"warnings\": {}",
            "wrong-kind [{] `warnings` of the record is a map, not a list",
        ),
    ] {
        let found = change(from, to);
        assert!(found.starts_with(told), "{to}:\n{found}\n{told}");
    }
    // The digest alone is of the same form, and of something else.
    let digest = &value(&place, "record.json")["digests"]["record"];
    let other = digest
        .as_str()
        .expect("a digest")
        .replace(['0', '1', '2', '3'], "f");
    let found = change(digest.as_str().expect("a digest"), &other);
    assert!(
        found.ends_with("the record is not what gonogo wrote: its digest is another one"),
        "{found}"
    );
}

#[test]
fn a_record_sealed_anew_must_still_be_one_that_can_be() {
    let place = recorded();
    let mut verdict: Verdict =
        serde_json::from_str(&text(&place, "record.json")).expect("a record");
    verdict.exit_code = 0;
    let found = wrong(&verdict.sealed().to_json());
    assert_eq!(
        found,
        ["bad-value [0] the exit code 0 is not that of this rollback"]
    );
}

#[test]
fn a_record_that_was_changed_is_no_earlier_verdict() {
    let place = recorded();
    let staged = "gonogo: 1\nname: canary\ninputs: {error_rate: {type: double, unit: ratio}}\nstages:\n  - {name: default, require: [{id: a, expr: error_rate < 0.9}]}\n  - {name: next, needs: [default], require: [{id: a, expr: error_rate < 0.9}]}\n";
    place.write("next.yaml", staged);
    place.write("now.jsonl", "{\"at\": \"2025-10-16T10:04:00Z\", \"subject\": {\"service\": \"slideb\", \"version\": \"9.0.1\"}, \"metrics\": {\"error_rate\": 0.1}}\n");
    let whole = text(&place, "record.json");
    let changed = whole.replacen("\"verdict\": \"rollback\"", "\"verdict\": \"go\"", 1);
    assert_ne!(whole, changed);
    place.write("changed.json", changed);
    for (record, code) in [("record.json", 0), ("changed.json", 4)] {
        let run = place.run(&format!("check -p next.yaml -s now.jsonl -s {record}"));
        assert_eq!(run.code, code, "{}", run.transcript);
        let run = place.run(&format!(
            "eval -p next.yaml --stage next -s now.jsonl -s {record} --now latest"
        ));
        assert_ne!(run.code, 0, "{}", run.transcript);
        assert_eq!(run.code == 4, code == 4, "{}", run.transcript);
        assert_eq!(
            run.stderr.contains("record-altered"),
            code == 4,
            "{}",
            run.stderr
        );
    }
}

#[test]
fn whole_numbers_may_lose_their_point() {
    let place = recorded();
    let whole = text(&place, "record.json");
    let other = whole.replace(".0,\n", ",\n").replace(".0\n", "\n");
    assert_ne!(whole, other);
    assert!(wrong(&other).is_empty());
    place.write("other.json", &other);
    let run = place.run("replay other.json -p policy.yaml -s day.jsonl");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(
        place.run("report other.json").stdout,
        place.run("report record.json").stdout
    );
}

#[test]
fn whole_numbers_may_have_a_point() {
    let place = recorded();
    let record = text(&place, "record.json");
    let code = value(&place, "record.json")["exit_code"].to_string();
    for other in [format!("{code}.0"), format!("{code}e0")] {
        let pointed = record.replace(
            &format!("\"exit_code\": {code},"),
            &format!("\"exit_code\": {other},"),
        );
        assert_ne!(pointed, record);
        assert_eq!(wrong(&pointed), Vec::<String>::new(), "{other}");
    }
    let half = record.replace(
        &format!("\"exit_code\": {code},"),
        &format!("\"exit_code\": {code}.5,"),
    );
    assert_eq!(wrong(&half).len(), 1);
}

#[test]
fn a_record_without_a_verdict_says_why_there_is_none() {
    let place = recorded();
    let run = place.run("eval -p policy.yaml -s nonsuch.jsonl --record none.json -q");
    assert_eq!(run.code, 4, "{}", run.transcript);
    for command in [
        "report none.json",
        "explain none.json",
        "replay none.json -p policy.yaml -s day.jsonl",
    ] {
        let run = place.run(command);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (4, ""),
            "{}",
            run.transcript
        );
        for told in ["came to no verdict", "nonsuch.jsonl", "evaluate again"] {
            assert!(run.stderr.contains(told), "{}", run.stderr);
        }
    }
}

#[test]
fn standard_output_is_no_file_of_that_name() {
    let place = recorded();
    for command in [
        "eval -p policy.yaml -s day.jsonl --record -",
        "eval -p policy.yaml -s day.jsonl --log -",
        "report record.json -o -",
    ] {
        let run = place.run(command);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{}",
            run.transcript
        );
        assert!(!place.path().join("-").exists());
    }
}

#[test]
fn a_record_of_another_program_says_which() {
    let place = recorded();
    let mut verdict: Verdict =
        serde_json::from_str(&text(&place, "record.json")).expect("a record");
    verdict.engine.version = "9.9.9".to_owned();
    let verdict = verdict.sealed();
    assert!(wrong(&verdict.to_json()).is_empty());
    let newer = verdict
        .to_json()
        .replacen("\"next\"", "\"newer\": 1, \"next\"", 1);
    let problems = read(&Source::new("record.json", newer)).expect_err("an unknown field");
    let help = problems[0].help.as_deref().expect("help");
    assert!(
        help.starts_with("it was written by gonogo 9.9.9, and this is"),
        "{help}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_no_record_is_refused_and_said() {
    let place = recorded();
    let statement = place.run("report record.json --format intoto").stdout;
    let envelope =
        json!({"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": []});
    let log = place.run("eval -p policy.yaml -s day.jsonl --now latest --log log.jsonl -q");
    assert_eq!(log.code, 20);
    let line = text(&place, "log.jsonl");
    for (name, bytes, told) in [
        ("empty", Vec::new(), "empty"),
        ("blank", b" \n".to_vec(), "empty"),
        ("nul", b"{\"gonogo\":\0 1}".to_vec(), "json-syntax"),
        ("utf8", b"{\"gonogo\": \"\xff\"}".to_vec(), "not-utf8"),
        ("utf16", b"\xff\xfe{\0}\0".to_vec(), "not-utf8"),
        (
            "deep",
            format!("{}1", "[".repeat(200_000)).into_bytes(),
            "too-deep",
        ),
        (
            "deep-keys",
            format!("{}1", "{\"a\":".repeat(200_000)).into_bytes(),
            "too-deep",
        ),
        ("list", b"[]".to_vec(), "no verdict record: it is a list"),
        (
            "text",
            b"\"go\"".to_vec(),
            "no verdict record: it is a text",
        ),
        (
            "snapshot",
            HISTORY.lines().next().expect("one").as_bytes().to_vec(),
            "no verdict record",
        ),
        ("history", HISTORY.as_bytes().to_vec(), "json-syntax"),
        ("policy", POLICY.as_bytes().to_vec(), "json-syntax"),
        (
            "suite",
            b"{\"gonogo\": 1, \"policy\": \"policy.yaml\", \"tests\": []}".to_vec(),
            "it has neither `verdict` nor `findings`",
        ),
        (
            "log",
            line.repeat(2).into_bytes(),
            "is a log, and no single record",
        ),
        (
            "line",
            line.replace("slideb", "slidec").into_bytes(),
            "record-altered",
        ),
        (
            "newer-line",
            line.replacen("\"log\":1", "\"log\":2", 1).into_bytes(),
            "a line of a log of version 2",
        ),
        (
            "envelope",
            envelope.to_string().into_bytes(),
            "it is a signed envelope",
        ),
        (
            "other-statement",
            statement
                .replace("Statement/v1", "Statement/v0.1")
                .into_bytes(),
            "the `_type` of the statement is not that",
        ),
        (
            "other-predicate",
            statement
                .replace("gonogo.dev/verdict/v1", "slsa.dev/provenance/v1")
                .into_bytes(),
            "the `predicateType` of the statement is not that",
        ),
        (
            "no-predicate",
            statement
                .replace("\"predicate\"", "\"predicates\"")
                .into_bytes(),
            "the statement has no `predicate`",
        ),
        (
            "edited-statement",
            statement.replace("slideb", "slidec").into_bytes(),
            "record-altered",
        ),
    ] {
        place.write(name, bytes);
        for command in ["report", "replay -p policy.yaml -s day.jsonl", "explain"] {
            // Without an ending it is a code to `explain`, unless there is such a file.
            let run = place.run(&format!("{command} ./{name}"));
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (4, ""),
                "{}",
                run.transcript
            );
            let told_in_one = run
                .stderr
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .replace("│ ", "");
            assert!(told_in_one.contains(told), "{name}: {}", run.stderr);
            assert!(run.stderr.contains("help:"), "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn a_record_cut_off_anywhere_is_refused() {
    let place = recorded();
    let record = text(&place, "record.json");
    let whole = record.trim_end().len();
    for end in (0..whole).filter(|end| end % 7 == 0 || end + 40 > whole) {
        let found = wrong(&record[..end]);
        assert!(!found.is_empty(), "cut off at {end}");
    }
}

#[test]
fn a_record_of_64_mib_and_more_is_refused_in_good_order() {
    let place = recorded();
    let mut record = text(&place, "record.json");
    record.push_str(&" ".repeat(65 << 20));
    place.write("long.json", &record);
    let run = place.run("report long.json");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stderr.starts_with("too-large"), "{}", run.stderr);
    // Very many values.
    let record = text(&place, "record.json");
    let many = format!("\"warnings\": [{}1]", "1,".repeat(500_000));
    place.write("many.json", record.replacen("\"warnings\": []", &many, 1));
    let run = place.run("report many.json");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stderr.starts_with("too-large"), "{}", run.stderr);
}
