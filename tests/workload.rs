//! The benched workload gives the verdicts that every peer gives, and names the rules that fail.

use std::path::Path;

use gonogo::policy::check::Settings;
use gonogo::snapshot::{Format, Reader};
use gonogo::source::Source;
use gonogo::verdict::{Decision, Status};
use serde_json::Value as Json;

use crate::support;

#[test]
fn forty_conditions_decide_as_the_peers_do() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/data");
    let expected: Json =
        serde_json::from_str(&support::read(&data.join("expect40.json"))).expect("JSON");
    let policy = support::policy(
        &support::read(&data.join("policy40.yaml")),
        &Settings::new(),
    );
    let expected = expected.as_object().expect("snapshots by name");
    assert_eq!(expected.len(), 4);
    for (name, expected) in expected {
        // One document over many lines, as it was recorded.
        let mut reader = Reader::new(&policy.layout);
        let text = support::read(&data.join(name));
        reader.document(&Source::new(name.as_str(), text.as_str()), Format::Json);
        let (history, problems) = reader.finish();
        assert!(problems.is_empty(), "{name}: {}", support::told(&problems));
        let one_line = text.replace('\n', " ");
        let verdict = support::judge(&policy, &[&one_line], None, history.newest());
        assert_eq!(verdict.verdict.name(), expected["verdict"], "{name}");
        let mut failed: Vec<&str> = verdict
            .findings
            .iter()
            .filter(|finding| matches!(finding.status, Status::Fired | Status::Unmet))
            .map(|finding| finding.rule.as_str())
            .collect();
        failed.sort_unstable();
        let names: Vec<&str> = expected["failed"]
            .as_array()
            .expect("rules")
            .iter()
            .filter_map(Json::as_str)
            .collect();
        assert_eq!(failed, names, "{name}");
        assert_eq!(verdict.findings.len(), 40, "{name}");
    }
}

#[test]
fn four_hundred_conditions_are_all_judged() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/data");
    let policy = support::policy(
        &support::read(&data.join("policy400.yaml")),
        &Settings::new(),
    );
    let line = support::read(&data.join("snapshot0.json")).replace('\n', " ");
    let verdict = support::judge(&policy, &[&line], None, None);
    assert_eq!(verdict.findings.len(), 400);
    assert!(
        verdict
            .findings
            .iter()
            .all(|finding| finding.status != Status::Unknown)
    );
    assert!(
        verdict.verdict == Decision::Go || verdict.findings.iter().any(|finding| finding.decisive)
    );
}
