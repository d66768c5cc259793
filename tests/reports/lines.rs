//! The record and its events: nothing of them is lost.

use std::sync::OnceLock;

use gonogo::report::{Format, Told};
use gonogo::verdict::Verdict;
use jsonschema::Validator;
use serde_json::Value as Json;

static SCHEMA: OnceLock<Validator> = OnceLock::new();

pub(super) fn holds(format: Format, told: &Told<'_>, text: &str) {
    if format == Format::Json {
        match told.verdict {
            Some(verdict) => {
                assert_eq!(
                    &serde_json::from_str::<Verdict>(text).expect("a record"),
                    verdict
                );
            }
            None => {
                let json: Json = serde_json::from_str(text).expect("JSON");
                assert!(json["verdict"].is_null(), "{json}");
                assert_eq!(json["exit_code"], told.exit.code());
                assert!(serde_json::from_str::<Verdict>(text).is_err());
            }
        }
        return;
    }
    let lines: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let schema = || jsonschema::validator_for(&gonogo::schema::event()).expect("a schema");
    let validator = SCHEMA.get_or_init(schema);
    for line in &lines {
        let wrong: Vec<String> = validator
            .iter_errors(line)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{line}: {wrong:#?}");
    }
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
    assert!(lines[0]["event"] == "verdict" && of("verdict") == 1);
    assert_eq!(lines[0]["exit_code"], told.exit.code());
    if let Some(verdict) = told.verdict {
        assert_eq!(of("finding"), verdict.findings.len());
        assert_eq!(of("escalation"), verdict.escalation.len());
        assert_eq!(of("duty"), verdict.duties.len());
        assert_eq!(of("warning"), verdict.warnings.len());
    } else {
        assert_eq!(of("problem"), told.problems.len());
    }
}

/// A statement about a verdict holds its record; where there is no verdict there is no statement.
pub(super) fn stated(told: &Told<'_>, text: &str) {
    let json: Json = serde_json::from_str(text).expect("JSON");
    match told.verdict {
        Some(verdict) => {
            assert_eq!(json["_type"], "https://in-toto.io/Statement/v1");
            let predicate = json["predicate"].clone();
            let held: Verdict = serde_json::from_value(predicate).expect("a record");
            assert_eq!(&held, verdict);
        }
        None => {
            assert!(json.get("_type").is_none(), "{json}");
            assert_eq!(json["exit_code"], told.exit.code());
        }
    }
}
