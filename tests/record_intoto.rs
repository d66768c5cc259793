//! Statements against what in-toto's specification asks of one (`Statement` v1, `ResourceDescriptor` v1, `DigestSet`), which a
//! schema made of its words and a checker say here.

use serde_json::{Value as Json, json};

use crate::record_read::{recorded, text, value};

/// `https://github.com/in-toto/attestation/tree/main/spec/v1`: what is required of a statement.
fn schema() -> Json {
    json!({
        "type": "object",
        "required": ["_type", "subject", "predicateType"],
        "additionalProperties": false,
        "properties": {
            "_type": {"const": "https://in-toto.io/Statement/v1"},
            "subject": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}},
            "predicateType": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$"},
            "predicate": {"type": "object"},
        },
        "$defs": {
            "resource": {
                "type": "object",
                "required": ["digest"],
                "additionalProperties": false,
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "digest": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": false,
                        "properties": {
                            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                            "gitCommit": {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"},
                        },
                    },
                },
            },
        },
    })
}

/// Checks a statement, and gives its subjects.
fn subjects(statement: &Json) -> Json {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(statement)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    // `name` must tell the subjects apart.
    let mut names: Vec<&str> = statement["subject"]
        .as_array()
        .expect("subjects")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    statement["subject"].clone()
}

#[test]
fn a_statement_is_about_the_commit_or_what_was_judged_and_holds_the_record() {
    let place = recorded();
    let record = value(&place, "record.json");
    let history = text(&place, "day.jsonl");
    let digest = |key: &str| {
        record["digests"][key]
            .as_str()
            .expect("a digest")
            .replace("sha256:", "")
    };
    let judged = json!([
        {"name": "policy", "digest": {"sha256": digest("policy")}},
        {"name": "history", "digest": {"sha256": digest("history")}},
    ]);
    let (short, long) = ("0123456789abcdefABCDEF0123456789abcdef01", "ab".repeat(32));
    for (subject, wanted) in [
        (
            "\"service\": \"slideb\", \"version\": \"9.0.1\"".to_owned(),
            None,
        ),
        (
            "\"service\": \"slideb\", \"commit\": \"0f1e2d3\"".to_owned(),
            None,
        ),
        (
            format!("\"service\": \"slideb\", \"commit\": \"{}g\"", &short[1..]),
            None,
        ),
        (
            format!("\"service\": \"slideb\", \"version\": \"9.0.1\", \"commit\": \"{short}\""),
            Some(("slideb@9.0.1", short.to_lowercase())),
        ),
        (
            format!("\"service\": \"slideb\", \"commit\": \"{long}\""),
            Some(("slideb", long.clone())),
        ),
        (
            format!("\"version\": \"9.0.1\", \"commit\": \"{long}\""),
            Some(("9.0.1", long.clone())),
        ),
        (
            format!("\"commit\": \"{long}\""),
            Some(("commit", long.clone())),
        ),
    ] {
        place.write(
            "day.jsonl",
            history.replace("\"service\": \"slideb\", \"version\": \"9.0.1\"", &subject),
        );
        let eval = "eval -p policy.yaml -s day.jsonl --now latest --format";
        let run = place.run(&format!("{eval} intoto --record record.json"));
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (20, ""),
            "{}",
            run.transcript
        );
        let statement: Json = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(statement["predicateType"], "https://gonogo.dev/verdict/v1");
        assert_eq!(statement["predicate"], value(&place, "record.json"));
        let subjects = subjects(&statement);
        match wanted {
            Some((name, commit)) => assert_eq!(
                subjects,
                json!([{"name": name, "digest": {"gitCommit": commit}}])
            ),
            None => {
                assert_eq!(subjects[0], judged[0], "{subject}");
                assert_eq!(subjects[1]["name"], "history");
                assert_eq!(subjects.as_array().map(Vec::len), Some(2));
            }
        }
        // The same bytes again, and out of the record.
        assert_eq!(place.run(&format!("{eval} intoto")).stdout, run.stdout);
        assert_eq!(
            place.run("report record.json --format intoto").stdout,
            run.stdout
        );
        // The record stands in it as it is written, key by key.
        let indented: String = text(&place, "record.json").trim_end().replace('\n', "\n  ");
        assert!(run.stdout.contains(&indented), "{}", run.stdout);
    }
}

/// What is done to a statement.
type Edit = fn(&mut Json);

#[test]
fn a_statement_about_something_else_than_its_record_is_refused() {
    let place = recorded();
    let run = place.run("report record.json --format intoto -o statement.json");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(place.run("report statement.json").code, 0);
    let whole = value(&place, "statement.json");
    let changes: [(Edit, &str); 5] = [
        (
            |one| one["subject"][0]["digest"]["sha256"] = "ab".repeat(32).into(),
            "record-altered",
        ),
        (
            |one| one["subject"][1]["name"] = "policy".into(),
            "record-altered",
        ),
        (|one| one["subject"] = json!([]), "record-altered"),
        (|one| one["note"] = json!("go"), "record-altered"),
        (
            |one| _ = one.as_object_mut().expect("a map").remove("subject"),
            "missing-key",
        ),
    ];
    for (change, code) in changes {
        let mut changed = whole.clone();
        change(&mut changed);
        place.write("changed.json", changed.to_string());
        for command in ["report", "explain", "replay -p policy.yaml -s day.jsonl"] {
            let run = place.run(&format!("{command} changed.json"));
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (4, ""),
                "{}",
                run.transcript
            );
            assert!(run.stderr.contains(code), "{}", run.stderr);
        }
    }
}

#[test]
fn waivers_are_a_subject_where_there_are_some() {
    let place = recorded();
    place.write("waivers.yaml", "gonogo: 1\nwaivers: []\n");
    let run = place.run(
        "eval -p policy.yaml -s day.jsonl --now latest --waivers waivers.yaml --format intoto",
    );
    let statement: Json =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.transcript));
    assert_eq!(subjects(&statement)[2]["name"], "waivers");
}
