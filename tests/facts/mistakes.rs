//! Every mistake in a fact, at its place.

use gonogo::snapshot::Format;
use gonogo::source::Severity;

use super::{read, told};

/// A list of facts, what is wrong with it, and where: the text that the mistake stands at.
const TABLE: [(&str, &str, &str, &str); 34] = [
    (
        "evidence",
        r#"[{"status": "passed"}]"#,
        r#"{"status""#,
        "missing-key evidence without `id`",
    ),
    (
        "evidence",
        r#"[{"id": null, "status": "passed"}]"#,
        "null",
        "missing-key evidence without `id`",
    ),
    (
        "evidence",
        r#"[{"id": " ", "status": "passed"}]"#,
        r#"" ""#,
        "bad-value `id` is empty",
    ),
    (
        "evidence",
        r#"[{"id": 7, "status": "passed"}]"#,
        "7",
        "wrong-kind `id` is a whole number, not a text",
    ),
    (
        "evidence",
        r#"[{"id": "a"}]"#,
        "{\"id",
        "missing-key evidence without `status`",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "ok"}]"#,
        r#""ok""#,
        "bad-value `status` is `ok`, not passed or failed",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": true}]"#,
        "true",
        "wrong-kind `status` is a bool, not a text",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "exit_code": "0"}]"#,
        r#""0""#,
        "wrong-kind `exit_code` is a text, not a whole number",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "exit_code": 0.5}]"#,
        "0.5",
        "wrong-kind `exit_code` is a number, not a whole number",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "at": "noon"}]"#,
        r#""noon""#,
        "bad-value `at` is `noon`, not an instant",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "at": {}}]"#,
        "{}",
        "bad-value `at` is a map, not an instant",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "started": "2025-10-16 10:00"}]"#,
        r#""2025"#,
        "bad-value `started` is `2025-10-16 10:00`, not an instant",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "data": [1]}]"#,
        "[1]",
        "wrong-kind `data` is a list, not a map",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "commit": 12}]"#,
        "12",
        "wrong-kind `commit` is a whole number, not a text",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "command": ["a"]}]"#,
        "[\"a\"]",
        "wrong-kind `command` is a list, not a text",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "key": {}}]"#,
        "{}",
        "wrong-kind `key` is a map, not a single value",
    ),
    (
        "evidence",
        r#"[{"id": "a", "status": "passed", "comit": "b"}]"#,
        r#""comit""#,
        "unknown-key evidence has no `comit`",
    ),
    (
        "evidence",
        "[7]",
        "7",
        "wrong-kind evidence is a map, not a whole number",
    ),
    (
        "evidence",
        r#"{"id": "a"}"#,
        "{\"id",
        "wrong-kind `evidence` is a map, not a list",
    ),
    (
        "attestations",
        r#"[{"by": "jon"}]"#,
        "{\"by",
        "missing-key an attestation without `rule`",
    ),
    (
        "attestations",
        r#"[{"rule": "a"}]"#,
        "{\"rule",
        "missing-key an attestation without `by`",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": ""}]"#,
        r#""""#,
        "bad-value `by` is empty",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": "b", "decision": "approved"}]"#,
        r#""approved""#,
        "bad-value `decision` is `approved`, not attested or withdrawn",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": "b", "fields": "x"}]"#,
        r#""x""#,
        "wrong-kind `fields` is a text, not a map",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": "b", "fields": {"c": []}}]"#,
        "[]",
        "wrong-kind `fields.c` is a list, not a single value",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": "b", "expires": 1760608800}]"#,
        "1760608800",
        "bad-value `expires` is `1760608800`, not an instant",
    ),
    (
        "attestations",
        r#"[{"rule": "a", "by": "b", "who": "c"}]"#,
        r#""who""#,
        "unknown-key an attestation has no `who`",
    ),
    (
        "approvals",
        r#"[{"rule": "a", "by": "b"}]"#,
        "{\"rule",
        "missing-key an approval without `decision`",
    ),
    (
        "approvals",
        r#"[{"rule": "a", "by": "b", "decision": "attested"}]"#,
        r#""attested""#,
        "bad-value `decision` is `attested`, not approved, rejected or withdrawn",
    ),
    (
        "approvals",
        r#"["ada"]"#,
        r#""ada""#,
        "wrong-kind an approval is a map, not a text",
    ),
    (
        "records",
        r#"[{"verdict": "go"}]"#,
        "{\"verdict",
        "missing-key a record without `stage`",
    ),
    (
        "records",
        r#"[{"stage": "a", "verdict": "nogo"}]"#,
        r#""nogo""#,
        "bad-value `verdict` is `nogo`, not go, no-go or rollback",
    ),
    (
        "records",
        r#"[{"stage": "a", "verdict": "go", "subject": "b"}]"#,
        r#""b""#,
        "wrong-kind `subject` is a text, not a map",
    ),
    (
        "records",
        r#"[{"stage": "a", "verdict": "go", "subject": {"version": 9}}]"#,
        "9",
        "wrong-kind `subject.version` is a whole number, not a text",
    ),
];

#[test]
fn every_mistake_is_told_at_its_place_and_the_fact_is_left_out() {
    for (key, list, at, expected) in TABLE {
        let text = format!("{{\"{key}\": {list}}}");
        let offset = text.find(at).expect("its place");
        let offset = if at.starts_with('{') || key != "evidence" || !at.starts_with('"') {
            text.rfind(at).unwrap_or(offset)
        } else {
            offset
        };
        let (code, message) = expected.split_once(' ').expect("a code");
        let column = text[..offset].chars().count() + 1;
        let whole = format!("{code} f.json:1:{column} {message}");
        assert_eq!(
            told(&[("f.json", &text, Format::Json)]),
            [whole.as_str()],
            "{text}"
        );
        // So it is on a line of a history, and in YAML, which takes a scalar for the text it is written as.
        let lines = told(&[("f.json", &text, Format::JsonLines)]);
        assert_eq!(lines, [whole.as_str()], "{text}");
        let (history, problems) = read(&[("f.json", &text, Format::Json)]);
        assert!(history.facts().is_empty() || problems.is_empty(), "{text}");
        assert!(
            problems
                .iter()
                .all(|one| one.severity == Severity::Error && one.help.is_some())
        );
    }
}

#[test]
fn all_mistakes_of_a_fact_are_told_and_others_are_read() {
    let text = "\
approvals:
  - {rule: cab, by: ada, decision: approvd, at: noon, rol: lead}
  - {rule: cab, by: bob, decision: approved, at: 2025-10-16T10:00:00Z}
";
    let (history, problems) = read(&[("f.yaml", text, Format::Yaml)]);
    let found: Vec<(&str, Option<String>, Option<&str>)> = problems
        .iter()
        .map(|one| (one.code.name(), one.place(), one.help.as_deref()))
        .collect();
    let place = |column: u32| Some(format!("f.yaml:2:{column}"));
    let instant = "write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z";
    assert_eq!(
        found,
        [
            ("unknown-key", place(55), Some("did you mean `role`?")),
            ("bad-value", place(36), Some("did you mean `approved`?")),
            ("bad-value", place(49), Some(instant)),
        ]
    );
    assert_eq!(history.facts().statements.len(), 1);
}

#[test]
fn what_has_no_instant_is_kept_and_said_once() {
    let text = r#"{"evidence": [{"id": "a", "status": "passed"}], "attestations": [{"rule": "b", "by": " Jon ", "at": null}],
        "approvals": [{"rule": "c", "by": "ada", "decision": "rejected"}], "records": [{"stage": "d", "verdict": "go"}]}"#;
    let twice = format!("{}\n{}\n", text.replace('\n', ""), text.replace('\n', ""));
    let (history, problems) = read(&[("f.jsonl", &twice, Format::JsonLines)]);
    let facts = history.facts();
    assert_eq!(
        (
            facts.evidence.len(),
            facts.statements.len(),
            facts.records.len()
        ),
        (1, 2, 1)
    );
    assert!(problems.iter().all(|one| one.severity == Severity::Warning));
    let messages: Vec<&str> = problems.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "evidence `a` has no `at`, and never counts, given 2 times",
            "the attestation of `b` by `Jon` has no `at`, and never counts, given 2 times",
            "the approval of `c` by `ada` has no `at`, and never counts, given 2 times",
            "the record of `d` has no `at`, and never counts, given 2 times",
        ]
    );
}

/// A record with the digest of what it says.
fn sealed(record: &str) -> String {
    use gonogo::source::canonical::canonical;
    use gonogo::verdict::record::digest;
    let mut record: serde_json::Value = serde_json::from_str(record).expect("JSON");
    record["digests"]["record"] = "".into();
    record["digests"]["record"] = digest(canonical(&record).as_bytes()).into();
    record.to_string()
}

#[test]
fn a_verdict_record_that_was_changed_does_not_count_in_any_format() {
    let text = sealed(
        r#"{"gonogo": 1, "verdict": "no-go", "stage": "staging", "now": "2025-10-16T10:00:00Z", "findings": [{"value": 310.0, "n": 5, "x": 1e-7, "t": "2025-10-16", "u": null}], "digests": {}}"#,
    );
    let kept = |text: &str, format| {
        let document = [("r.json", text, format)];
        let (found, told) = (read(&document).0.facts().records.len(), told(&document));
        let altered = told.iter().any(|one| one.starts_with("record-altered "));
        assert_eq!(altered, found == 0, "{text}\n{told:?}");
        found == 1
    };
    let line = format!("{text}\n");
    assert!(kept(&text, Format::Json));
    assert!(kept(&text, Format::Yaml));
    assert!(kept(&line, Format::JsonLines));
    // As other programs write the same numbers, and lay it out.
    assert!(kept(&text.replace("310.0", "310"), Format::Json));
    assert!(kept(&text.replace("1e-7", "0.0000001"), Format::Json));
    assert!(kept(&text.replace("\"n\":5", "\"n\" :\n5.0"), Format::Json));
    for (from, to) in [
        ("no-go", "go"),
        ("\"staging\"", "\"canary\""),
        ("10:00:00", "11:00:00"),
        ("310.0", "311.0"),
        ("\"n\":5,", ""),
        ("\"n\":5,", "\"n\":5,\"more\":null,"),
        ("sha256:", "sha256:0"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        for format in [Format::Json, Format::Yaml] {
            assert!(!kept(&changed, format), "{from} → {to}");
        }
        assert!(!kept(&format!("{changed}\n"), Format::JsonLines));
    }
    // Without its digest it is no record that can be believed.
    let mut record: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    record["digests"] = serde_json::json!({});
    assert!(!kept(&record.to_string(), Format::Json));
    record["digests"] = serde_json::Value::Null;
    assert!(!kept(&record.to_string(), Format::Json));
}

#[test]
fn a_verdict_record_of_another_version_is_told_and_does_not_count() {
    for (version, kept) in [("1", 1), ("2", 0), ("\"1\"", 0), ("null", 0), ("{}", 0)] {
        let text = format!(
            r#"{{"gonogo": {version}, "verdict": "go", "stage": "staging", "now": "2025-10-16T10:00:00Z", "findings": [], "digests": {{}}}}"#
        );
        let text = sealed(&text);
        let document = [("r.json", text.as_str(), Format::Json)];
        assert_eq!(read(&document).0.facts().records.len(), kept, "{version}");
        let told = told(&document);
        let refused = |one: &String| {
            one.starts_with("bad-version r.json:1:")
                && one.ends_with(" a verdict record of another version")
        };
        assert_eq!(told.iter().any(refused), kept == 0, "{told:?}");
        // What its digest would be nobody knows here.
        assert!(told.len() < 2, "{told:?}");
    }
}
