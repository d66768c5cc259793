//! Facts through the program: however they are cut into files, with and without samples, in order and out of order.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::support::place::Place;

const EVAL: &str = "eval -p policy.yaml --now latest --format json --no-progress";

fn place() -> Place {
    Place::empty().with("policy.yaml", super::POLICY)
}

impl Place {
    /// The digest of what was observed.
    fn observed(&self, files: &str) -> String {
        let record = self.recorded(files);
        record["digests"]["history"]
            .as_str()
            .expect("a digest")
            .to_owned()
    }

    fn recorded(&self, files: &str) -> Json {
        let run = self.run(&format!("{EVAL} {files}"));
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{files}: {}", run.stderr))
    }
}

fn sample(minute: u32) -> String {
    format!(
        "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"metrics\": {{\"error_rate\": 0.004}}}}\n"
    )
}

fn evidence(second: u32) -> String {
    format!(
        "{{\"evidence\": [{{\"id\": \"a\", \"status\": \"passed\", \"at\": \"2025-10-16T10:00:{second:02}Z\"}}]}}\n"
    )
}

/// A sample that tells of evidence too.
fn both(minute: u32, second: u32) -> String {
    let sample = sample(minute);
    let (start, _) = sample.rsplit_once('}').expect("a map");
    format!("{start}, {}", &evidence(second)[1..])
}

#[test]
fn the_digest_is_the_same_however_facts_are_given() {
    let place = place()
        .with("lines.jsonl", both(1, 1) + &sample(2) + &evidence(2) + &both(3, 1))
        .with("unsorted.jsonl", both(3, 1) + &sample(2) + &evidence(2) + &both(1, 1))
        .with("samples.jsonl", sample(1) + &sample(2) + &sample(3))
        .with("table.csv", "at,error_rate\n2025-10-16T10:01:00Z,0.004\n2025-10-16T10:02:00Z,0.004\n2025-10-16T10:03:00Z,0.004\n")
        .with("one.json", evidence(1))
        .with("two.yaml", evidence(2))
        .with("facts.jsonl", evidence(2) + &evidence(1) + &evidence(2));
    let expected = place.observed("-s lines.jsonl");
    for files in [
        "-s unsorted.jsonl",
        "-s samples.jsonl -s facts.jsonl",
        "-s facts.jsonl -s table.csv",
        "-s one.json -s samples.jsonl -s two.yaml",
        "-s two.yaml -s lines.jsonl -s one.json -s unsorted.jsonl",
    ] {
        assert_eq!(place.observed(files), expected, "{files}");
    }
    assert_ne!(place.observed("-s samples.jsonl"), expected);
    assert_ne!(place.observed("-s samples.jsonl -s one.json"), expected);
    // It is the one that the library tells of what it holds.
    let text = both(1, 1) + &sample(2) + &evidence(2) + &both(3, 1);
    let (history, _) = super::read(&[("lines.jsonl", &text, gonogo::snapshot::Format::JsonLines)]);
    assert_eq!(
        format!("sha256:{}", history.digest(&super::policy().layout)),
        expected
    );
}

#[test]
fn facts_alone_are_judged_at_the_newest() {
    let place = place()
        .with("facts.jsonl", evidence(1) + &evidence(9) + &evidence(5))
        .with(
            "undated.json",
            "{\"evidence\": [{\"id\": \"a\", \"status\": \"passed\"}]}",
        );
    let record = place.recorded("-s facts.jsonl");
    assert_eq!(record["now"], "2025-10-16T10:00:09Z");
    assert_eq!(record["verdict"], "no-go");
    let run = place.run("eval -p policy.yaml --now latest -s undated.json");
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("there is no sample to take the time of"),
        "{}",
        run.stderr
    );
    let run = place.run("eval -p policy.yaml --now 2025-10-16T10:00:00Z -s undated.json");
    // The rate is unknown, which is a matter of time.
    assert_eq!(run.code, 11, "{}", run.stderr);
    let said = "evidence `a` has no `at`, and never counts";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn what_is_wrong_with_a_fact_is_told_once() {
    let wrong = both(1, 1).replace("passed", "pased") + &sample(2);
    let other = evidence(1).replace("passed", "failed");
    let place = place()
        .with("wrong.jsonl", &wrong)
        .with("unsorted.jsonl", sample(5) + &wrong)
        .with("right.jsonl", both(1, 1) + &sample(2))
        .with("other.json", &other)
        .with("other.jsonl", sample(3) + &other + &other);
    for files in ["wrong.jsonl", "unsorted.jsonl"] {
        let run = place.run(&format!("eval -p policy.yaml -s {files}"));
        assert_eq!(run.code, 4);
        let told = "`status` is `pased`, not passed or failed";
        assert_eq!(run.stderr.matches(told).count(), 1, "{}", run.stderr);
    }
    for files in ["other.json -s right.jsonl", "right.jsonl -s other.jsonl"] {
        let run = place.run(&format!("eval -p policy.yaml -s {files}"));
        assert_eq!(run.code, 4);
        let count = run.stderr.matches("conflicting-sample\n").count();
        assert_eq!(count, 1, "{}", run.stderr);
        let flat = run.stderr.replace("\n  │ ", " ");
        assert!(flat.contains("passed in right.jsonl:1:79"), "{flat}");
        assert!(flat.contains("failed in other.json"), "{flat}");
    }
}

#[test]
fn facts_of_a_baseline_are_none_of_what_is_judged() {
    let place = place()
        .with("samples.jsonl", sample(1) + &sample(2))
        .with("before.jsonl", sample(1) + &sample(2))
        .with("before-facts.jsonl", both(1, 1) + &sample(2) + &evidence(7))
        .with(
            "before-facts.json",
            format!("[{}, {}, {}]", both(1, 1), sample(2), evidence(7)),
        );
    for baseline in ["before", "blue"] {
        let of =
            |file: &str| place.observed(&format!("-s samples.jsonl --baseline {baseline}={file}"));
        let expected = of("before.jsonl");
        assert_eq!(of("before-facts.jsonl"), expected, "{baseline}");
        assert_eq!(of("before-facts.json"), expected, "{baseline}");
    }
    // What is wrong with them is told all the same.
    place.write("before-facts.jsonl", both(1, 1).replace("passed", "pased"));
    for baseline in ["before", "blue"] {
        let files = format!("-s samples.jsonl --baseline {baseline}=before-facts.jsonl");
        let run = place.run(&format!("eval -p policy.yaml {files}"));
        assert_eq!(run.code, 4);
        assert_eq!(run.stderr.matches("`pased`").count(), 1, "{}", run.stderr);
    }
}

#[test]
fn the_record_of_a_verdict_is_an_earlier_verdict() {
    let place = place().with(
        "samples.jsonl",
        sample(1).replace(
            "\"metrics\"",
            "\"subject\": {\"version\": \"9\", \"environment\": \"eu\"}, \"metrics\"",
        ),
    );
    let run = place.run("eval -p policy.yaml -s samples.jsonl --now latest --record verdict.json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = std::fs::read_to_string(place.path().join("verdict.json")).expect("a record");
    let line = serde_json::from_str::<Json>(&text)
        .expect("JSON")
        .to_string();
    let listed = format!("[{text}, {text}]");
    for (text, format) in [
        (text.as_str(), gonogo::snapshot::Format::Json),
        (listed.as_str(), gonogo::snapshot::Format::Json),
        (line.as_str(), gonogo::snapshot::Format::JsonLines),
        (text.as_str(), gonogo::snapshot::Format::Yaml),
    ] {
        let (history, problems) = super::read(&[("verdict.json", text, format)]);
        assert!(problems.is_empty());
        assert!(history.is_empty());
        let [record] = history.facts().records.as_slice() else {
            panic!("{:?}", history.facts());
        };
        assert_eq!(record.policy.as_deref(), Some("canary"));
        assert_eq!(record.stage.as_ref(), "default");
        assert_eq!(record.answer.name(), "go");
        assert_eq!(
            record.at,
            Some("2025-10-16T10:01:00Z".parse().expect("an instant"))
        );
        let about =
            [None, Some("9"), None, Some("eu")].map(|field| field.map(std::sync::Arc::from));
        assert_eq!(record.about, gonogo::snapshot::Subject::of(about));
    }
    let run = place.run("check -p policy.yaml -s verdict.json -s samples.jsonl");
    assert!(
        run.stdout.contains("1 sample, 1 fact, all fit `canary`"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    // One that somebody has changed is told of.
    place.write(
        "verdict.json",
        text.replace("\"verdict\": \"go\"", "\"verdict\": \"gone\""),
    );
    let run = place.run("eval -p policy.yaml -s verdict.json -s samples.jsonl");
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("`verdict` is `gone`, not go, no-go or rollback"),
        "{}",
        run.stderr
    );
}

#[test]
fn check_tells_what_does_not_fit() {
    let place = place();
    let fit = "{\"approvals\": [{\"rule\": \"cab\", \"by\": \"ada\", \"decision\": \"approved\", \"at\": null, \"fields\": {\"n\": 1}, \"x-a\": 1}]}";
    place.write("fit.json", fit);
    let run = place.run("check -p policy.yaml -s fit.json");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "fit.json: 0 samples, 1 fact, all fit `canary`\n")
    );
    place.write("fit.yaml", "subject: {commit: 0123456}\napprovals:\n  - {rule: 7, by: 007, decision: approved, key: 1}\n");
    let run = place.run("check -p policy.yaml -s fit.yaml");
    assert_eq!(run.code, 0, "{}", run.stdout);
    let mut told = String::new();
    for (text, expected) in [
        (
            "{\"evidence\": [{\"id\": \"a\"}]}",
            "`evidence.0` does not fit: \"status\" is missing",
        ),
        (
            "{\"evidence\": [{\"id\": \"\", \"status\": \"passed\"}]}",
            "`evidence.0.id` does not fit: it is empty",
        ),
        (
            "{\"evidence\": [{\"id\": \"a\", \"status\": \"ok\"}]}",
            "`evidence.0.status` does not fit: it is none of [\"passed\",\"failed\"]",
        ),
        (
            "{\"evidence\": [{\"id\": \"a\", \"status\": \"passed\", \"comit\": 1}]}",
            "`evidence.0` has no key `comit`",
        ),
        (
            "{\"approvals\": [{\"rule\": \"a\", \"by\": \"b\"}]}",
            "`approvals.0` does not fit: \"decision\" is missing",
        ),
        (
            "{\"attestations\": [{\"rule\": \"a\", \"by\": \"b\", \"fields\": {\"c\": []}}]}",
            "`attestations.0.fields.c` does not fit: it is a list, not a single value",
        ),
        (
            "{\"records\": [{\"stage\": \"a\", \"verdict\": \"go\", \"at\": \"2025-10-16 10:05\"}]}",
            "`at` is `2025-10-16 10:05`, not an instant",
        ),
        (
            "{\"records\": [], \"stage\": {}}",
            "the snapshot does not fit: \"at\" is missing",
        ),
        (
            "{\"subject\": {}}",
            "the snapshot does not fit: \"at\" is missing",
        ),
        (
            "{\"metrics\": {}}",
            "the snapshot does not fit: \"at\" is missing",
        ),
    ] {
        place.write("unfit.json", text);
        let run = place.run("check -p policy.yaml -s unfit.json");
        let _ = writeln!(told, "{text}\n{}", run.stdout);
        let flat = run.stdout.replace("\n  │ ", " ");
        assert_eq!(run.code, 1, "{text}\n{}", run.stdout);
        assert!(
            flat.contains(expected) && flat.contains(", 1 error"),
            "{expected}\n{}",
            run.stdout
        );
    }
}
