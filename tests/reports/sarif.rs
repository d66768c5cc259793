//! SARIF against the schema of OASIS, unchanged in `tests/data`, and what the standard says beyond it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use gonogo::report::Told;
use jsonschema::Validator;
use serde_json::Value as Json;

use crate::support;

fn schema() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sarif-2.1.0.schema.json");
        let text = support::read(&path);
        // A bracket too many, in the pattern of a language: strict readers of patterns take none.
        let strict = text.replace("{2}]?$", "{2}?$");
        assert_ne!(text, strict);
        let schema: Json = serde_json::from_str(&strict).expect("a schema");
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).expect("a schema")
    })
}

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let log: Json = serde_json::from_str(text).expect("JSON");
    let wrong: Vec<String> = schema()
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    assert_eq!(ids.len(), rules.len(), "a rule twice");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            let told = rule[text]["text"].as_str();
            assert!(told.is_some_and(|told| !told.is_empty()), "{rule}");
        }
    }
    let results = run["results"].as_array().expect("results");
    let mut prints = BTreeSet::new();
    for result in results {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(
            prints.insert(result["partialFingerprints"].to_string()),
            "twice: {result}"
        );
        assert_eq!(
            result["level"] == "none",
            result["kind"] != "fail",
            "{result}"
        );
        assert!(result["suppressions"].is_array() && result.get("baselineState").is_none());
        {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let at = |key: &str| region[key].as_u64().expect("a number");
            let (begin, end) = (
                (at("startLine"), at("startColumn")),
                (at("endLine"), at("endColumn")),
            );
            assert!(begin <= end, "{region}");
        }
    }
    let failing = results.iter().filter(|result| {
        result["level"] == "error" && result["suppressions"].as_array().is_some_and(Vec::is_empty)
    });
    assert_eq!(failing.count() > 0, told.exit.code() != 0, "{text}");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], told.verdict.is_some());
    assert_eq!(invocation["exitCode"], told.exit.code());
    let notified = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("notifications");
    let errors = notified.iter().any(|one| one["level"] == "error");
    assert_eq!(errors, told.verdict.is_none(), "{invocation}");
}
