//! GitLab's code quality report, held to what GitLab asks of one.

use std::collections::BTreeSet;

use gonogo::report::Told;
use serde_json::{Value as Json, json};

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let issues: Json = serde_json::from_str(text).expect("JSON");
    let line = json!({"type": "string", "minLength": 1});
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": false,
            "properties": {
                "description": line, "check_name": line,
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "additionalProperties": false,
                    "properties": {
                        "path": {"type": "string", "minLength": 1, "not": {"pattern": r"^\./"}},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": false,
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    });
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = validator
        .iter_errors(&issues)
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let issues = issues.as_array().expect("a list");
    let prints: BTreeSet<&str> = issues
        .iter()
        .filter_map(|one| one["fingerprint"].as_str())
        .collect();
    assert_eq!(prints.len(), issues.len(), "a fingerprint twice");
    let bad = ["major", "critical", "blocker"].map(Json::from);
    let red = issues.iter().any(|issue| bad.contains(&issue["severity"]));
    assert_eq!(red, told.exit.code() != 0, "{text}");
}
