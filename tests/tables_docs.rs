//! `docs/tables.md`: its policy, files and snapshot give the report it shows, its mistake is told as it says, and its
//! digest is the record's.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::support;
use crate::support::place::Place;

fn page() -> String {
    support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tables.md"))
}

/// The nth block of a language.
fn block(language: &str, index: usize) -> String {
    let page = page();
    let start = format!("```{language}\n");
    let part = page.split(&start).nth(index + 1).expect(language);
    part.split("```").next().expect("its end").to_owned()
}

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", block("yaml", 0))
        .with("parser_alerts.toml", block("toml", 0))
        .with("parsers.csv", block("csv", 0))
        .with("now.json", block("json", 0))
}

#[test]
fn the_example_is_what_comes_of_its_files() {
    let run = place().run("eval -p policy.yaml -s now.json --now latest");
    assert_eq!(run.code, 10, "{}", run.transcript);
    assert_eq!(run.stdout.trim(), block("text", 0).trim());
    let run = place().run("check policy.yaml");
    assert_eq!(run.stdout, "policy.yaml: ok, 1 stage, 3 rules\n");
}

#[test]
fn a_key_that_is_not_there_is_told_as_the_page_says() {
    let policy =
        block("yaml", 0).replace("most_parsers[\"eu\"]", "alerts[\"cvs\"].error_rate_percent");
    let place = place();
    place.write("policy.yaml", policy);
    let run = place.run("eval -p policy.yaml -s now.json --now latest");
    assert_eq!(run.code, 3, "{}", run.transcript);
    for line in block("text", 1).lines().filter(|line| !line.is_empty()) {
        assert!(run.stderr.contains(line), "{line}\n{}", run.stderr);
    }
}

#[test]
fn the_digest_is_that_of_the_list_of_digests() {
    let hex = |bytes: &[u8]| -> String {
        Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    let digest = |place: &Place| -> String {
        let run = place.run("eval -p policy.yaml -s now.json --now latest --format json");
        let record: serde_json::Value = serde_json::from_str(&run.stdout).expect("a record");
        record["digests"]["policy"]
            .as_str()
            .expect("a digest")
            .to_owned()
    };
    let list = format!(
        "{}  -\n{}  parser_alerts.toml\n{}  parsers.csv\n",
        hex(block("yaml", 0).as_bytes()),
        hex(block("toml", 0).as_bytes()),
        hex(block("csv", 0).as_bytes()),
    );
    let place = place();
    assert_eq!(digest(&place), format!("sha256:{}", hex(list.as_bytes())));
    place.write("parsers.csv", block("csv", 0).replace("80", "81"));
    assert_ne!(digest(&place), format!("sha256:{}", hex(list.as_bytes())));
}
