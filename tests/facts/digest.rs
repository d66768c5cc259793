//! The digest of what was observed, with facts in it: it depends on what they say, and on no file, key, place or order.

use gonogo::snapshot::{Format, Reader};
use gonogo::source::Source;
use proptest::prelude::*;

use super::policy;

const SAMPLE: &str = r#"{"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": 0.004}}"#;

/// Facts, each a document of its own.
const FACTS: [&str; 8] = [
    r#"{"evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z", "data": {"x": 1, "y": [2]}}]}"#,
    r#"{"evidence": [{"id": "b", "status": "failed", "at": "2025-10-16T10:00:00Z"}]}"#,
    r#"{"subject": {"commit": "c1"}, "evidence": [{"id": "c", "status": "passed", "at": "2025-10-16T09:00:00Z"}]}"#,
    r#"{"attestations": [{"rule": "r", "by": "jon", "role": "sre", "at": "2025-10-16T10:00:00Z", "fields": {"m": 4}}]}"#,
    r#"{"approvals": [{"rule": "r", "by": "ada", "decision": "rejected", "at": "2025-10-16T10:00:00Z"}]}"#,
    r#"{"approvals": [{"rule": "r", "by": "bob", "decision": "approved"}]}"#,
    r#"{"records": [{"stage": "s", "verdict": "go", "at": "2025-10-16T08:00:00Z", "subject": {"version": "9"}}]}"#,
    r#"{"records": [{"stage": "s", "verdict": "no-go", "at": "2025-10-16T08:30:00Z", "policy": "p"}]}"#,
];

fn digest(texts: &[(String, Format)]) -> String {
    let policy = policy();
    let mut reader = Reader::new(&policy.layout);
    for (number, (text, format)) in texts.iter().enumerate() {
        reader.document(&Source::new(format!("f{number}"), text.as_str()), *format);
    }
    let (history, problems) = reader.finish();
    assert!(!gonogo::source::problem::any_error(&problems));
    history.digest(&policy.layout)
}

fn all() -> Vec<(String, Format)> {
    FACTS
        .iter()
        .chain([&SAMPLE])
        .map(|text| ((*text).to_owned(), Format::Json))
        .collect()
}

#[test]
fn without_facts_it_is_what_it_was() {
    let lines = "2025-10-16T10:00:00Z\terror_rate\t0.004\n";
    let expected = gonogo::snapshot::history::hex(&<sha2::Sha256 as sha2::Digest>::digest(lines));
    for sample in [
        SAMPLE.to_owned(),
        SAMPLE
            .replace('}', "")
            .replace("0.004", "0.004}, \"evidence\": [], \"records\": null}"),
    ] {
        assert_eq!(digest(&[(sample, Format::Json)]), expected);
    }
}

#[test]
fn facts_follow_the_samples_line_by_line() {
    let facts = [FACTS[1], FACTS[4], FACTS[6]].map(|text| (text.to_owned(), Format::Json));
    let lines = "\
evidence\t\"b\"\t-\t-\t-\t-\t-\t-\t-\t2025-10-16T10:00:00Z\tfalse\tNone\tunknown: no value\t-
approval\t\"r\"\t-\t\"ada\"\t-\t-\t-\t-\t-\t2025-10-16T10:00:00Z\t-\trejected\t-\t{}\t-
record\t\"s\"\t-\t-\t\"9\"\t-\t-\t2025-10-16T08:00:00Z\tgo
";
    let expected = gonogo::snapshot::history::hex(&<sha2::Sha256 as sha2::Digest>::digest(lines));
    assert_eq!(digest(&facts), expected);
}

#[test]
fn every_fact_and_all_it_says_is_in_it() {
    let whole = digest(&all());
    for (left, fact) in FACTS.iter().enumerate() {
        let mut some = all();
        some.remove(left);
        assert_ne!(digest(&some), whole, "{fact}");
    }
    for (fact, old, new) in [
        (0, "\"x\": 1", "\"x\": 2"),
        (0, "\"passed\"", "\"failed\""),
        (0, "\"a\"", "\"a2\""),
        (1, "\"at\"", "\"url\": \"u\", \"at\""),
        (1, "\"at\"", "\"exit_code\": 3, \"at\""),
        (1, "\"at\"", "\"environment\": \"e\", \"at\""),
        (1, "\"at\"", "\"commit\": \"e\", \"at\""),
        (1, "\"at\"", "\"key\": \"e\", \"at\""),
        (2, "c1", "c2"),
        (3, "\"m\": 4", "\"m\": 5"),
        (3, "sre", "dev"),
        (3, "\"at\"", "\"expires\": \"2026-10-16T10:00:00Z\", \"at\""),
        (3, "\"at\"", "\"stage\": \"e\", \"at\""),
        (3, "\"at\"", "\"decision\": \"withdrawn\", \"at\""),
        (4, "rejected", "approved"),
        (5, "bob", "eve"),
        (6, "\"9\"", "\"10\""),
        (7, "no-go", "rollback"),
        (7, "\"p\"", "\"q\""),
    ] {
        let mut some = all();
        some[fact].0 = some[fact].0.replace(old, new);
        assert_ne!(digest(&some), whole, "{} {new}", FACTS[fact]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn it_depends_on_no_file_key_place_or_order(
        order in Just((0..=FACTS.len()).collect::<Vec<usize>>()).prop_shuffle(),
        cuts in prop::collection::vec(any::<bool>(), FACTS.len() + 1),
        again in 0..FACTS.len(),
        reverse in any::<bool>(),
    ) {
        let texts = all();
        let document = |index: usize| {
            let text = texts[index].0.clone();
            if reverse { reversed(&text) } else { text }
        };
        // Some are lines of one history, others files of their own; one is told twice.
        let mut lines = document(again) + "\n";
        let mut files = Vec::new();
        for index in order {
            if cuts[index] {
                lines = lines + &document(index) + "\n";
            } else {
                files.push((document(index), Format::Yaml));
            }
        }
        files.insert(files.len() / 2, (lines, Format::JsonLines));
        prop_assert_eq!(digest(&files), digest(&texts));
    }
}

/// The same document with the keys of each map in another order.
fn reversed(text: &str) -> String {
    fn turn(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(map) => {
                let entries: Vec<String> = map
                    .iter()
                    .rev()
                    .map(|(key, value)| format!("{key:?}: {}", turn(value)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            serde_json::Value::Array(items) => {
                let items: Vec<String> = items.iter().map(turn).collect();
                format!("[{}]", items.join(", "))
            }
            other => other.to_string(),
        }
    }
    turn(&serde_json::from_str(text).expect("JSON"))
}
