//! A fact that is told more than once, facts that contradict each other, and too many.

use gonogo::snapshot::Format;

use super::{facts, read, told};

const AT: &str = "2025-10-16T10:00:00Z";

fn one(list: &str, fact: &str) -> String {
    format!("{{\"{list}\": [{fact}]}}")
}

/// What two files say of each other, one fact each.
fn against(list: &str, first: &str, second: &str) -> (usize, Vec<String>) {
    let (first, second) = (one(list, first), one(list, second));
    let documents = [
        ("a.json", first.as_str(), Format::Json),
        ("b.json", second.as_str(), Format::Json),
    ];
    let reversed = [documents[1], documents[0]];
    let count = read(&documents).0.facts().len();
    let told = told(&documents);
    assert_eq!(super::told(&reversed).len(), told.len());
    assert_eq!(read(&reversed).0.facts().len(), count);
    (count, told)
}

#[test]
fn the_same_fact_is_kept_once_wherever_it_is_told() {
    let table = [
        (
            "evidence",
            r#"{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z", "data": {"a": 1, "b": 2}}"#,
            r#"{"data": {"b": 2, "a": 1}, "at": "2025-10-16T12:00:00+02:00", "status": "passed", "id": "a", "x-run": 2}"#,
        ),
        (
            "attestations",
            r#"{"rule": "a", "by": "Jon", "at": "2025-10-16T10:00:00Z", "fields": {"a": 1, "b": " "}}"#,
            r#"{"rule": "a", "by": " jon", "at": "2025-10-16T10:00:00Z", "decision": "attested", "fields": {"a": "1"}}"#,
        ),
        (
            "records",
            r#"{"stage": "a", "verdict": "go", "at": "2025-10-16T10:00:00Z"}"#,
            r#"{"stage": "a", "verdict": "go", "at": "2025-10-16T10:00:00Z", "policy": null}"#,
        ),
    ];
    for (list, first, second) in table {
        assert_eq!(against(list, first, second), (1, vec![]), "{first}");
    }
}

#[test]
fn what_differs_in_what_makes_it_the_one_it_is_stands_beside_the_other() {
    let evidence =
        |more: &str| format!("{{\"id\": \"a\", \"status\": \"passed\", \"at\": \"{AT}\"{more}}}");
    let other =
        |more: &str| format!("{{\"id\": \"a\", \"status\": \"failed\", \"at\": \"{AT}\"{more}}}");
    for more in [
        r#", "key": "b""#,
        r#", "commit": "b""#,
        r#", "environment": "b""#,
    ] {
        assert_eq!(
            against("evidence", &evidence(""), &other(more)),
            (2, vec![]),
            "{more}"
        );
    }
    let approval = |decision: &str, more: &str| {
        format!(
            "{{\"rule\": \"a\", \"by\": \"ada\", \"decision\": \"{decision}\", \"at\": \"{AT}\"{more}}}"
        )
    };
    for more in [r#", "key": "b""#, r#", "stage": "b""#, r#", "commit": "b""#] {
        let pair = (approval("approved", ""), approval("rejected", more));
        assert_eq!(
            against("approvals", &pair.0, &pair.1),
            (2, vec![]),
            "{more}"
        );
    }
    // One person may speak in two roles, but not with two tongues.
    let pair = (
        approval("approved", r#", "role": "lead""#),
        approval("approved", r#", "role": "sre""#),
    );
    assert_eq!(against("approvals", &pair.0, &pair.1), (2, vec![]));
    // Without an instant nothing counts, and nothing contradicts.
    let pair = (
        r#"{"id": "a", "status": "passed"}"#,
        r#"{"id": "a", "status": "failed"}"#,
    );
    let (count, told) = against("evidence", pair.0, pair.1);
    assert_eq!(count, 2);
    assert!(
        told.iter().all(|one| one.starts_with("missing-time")),
        "{told:?}"
    );
}

#[test]
fn facts_of_documents_about_different_subjects_stand_beside_each_other() {
    let text = |commit: &str, status: &str| {
        format!(
            "{{\"subject\": {{\"commit\": \"{commit}\"}}, \"evidence\": [{{\"id\": \"a\", \"status\": \"{status}\", \"at\": \"{AT}\"}}]}}"
        )
    };
    let (first, second) = (text("aaa", "passed"), text("bbb", "failed"));
    let documents = [
        ("a", first.as_str(), Format::Json),
        ("b", second.as_str(), Format::Json),
    ];
    assert_eq!(told(&documents), Vec::<String>::new());
    assert_eq!(read(&documents).0.facts().evidence.len(), 2);
}

#[test]
fn two_that_contradict_each_other_are_an_error_that_names_both() {
    let table = [
        (
            "evidence",
            r#"{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z"}"#,
            r#"{"id": "a", "status": "passed", "exit_code": 2, "at": "2025-10-16T10:00:00Z"}"#,
            "evidence `a` at 2025-10-16T10:00:00Z is passed in a.json:1:15 and failed in b.json:1:15",
        ),
        (
            "evidence",
            r#"{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z", "data": {"n": 1}}"#,
            r#"{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z", "data": {"n": 1.5}}"#,
            "evidence `a` at 2025-10-16T10:00:00Z is told in two ways: in a.json:1:15 and in b.json:1:15",
        ),
        (
            "attestations",
            r#"{"rule": "b", "by": "jon", "at": "2025-10-16T10:00:00Z"}"#,
            r#"{"rule": "b", "by": "Jon", "at": "2025-10-16T10:00:00Z", "expires": "2025-10-17T10:00:00Z"}"#,
            "the attestation of `b` by `Jon` at 2025-10-16T10:00:00Z is told in two ways: in a.json:1:19 and in b.json:1:19",
        ),
        (
            "approvals",
            r#"{"rule": "b", "by": "ada", "role": "lead", "decision": "approved", "at": "2025-10-16T10:00:00Z"}"#,
            r#"{"rule": "b", "by": "ADA", "role": "sre", "decision": "rejected", "at": "2025-10-16T10:00:00Z"}"#,
            "the approval of `b` by `ADA` at 2025-10-16T10:00:00Z is approved in a.json:1:16 and rejected in b.json:1:16",
        ),
        (
            "records",
            r#"{"stage": "c", "verdict": "go", "at": "2025-10-16T10:00:00Z", "subject": {"commit": "a"}}"#,
            r#"{"stage": "c", "verdict": "rollback", "at": "2025-10-16T10:00:00Z", "subject": {"commit": "a"}}"#,
            "the record of `c` at 2025-10-16T10:00:00Z is go in a.json:1:14 and rollback in b.json:1:14",
        ),
    ];
    for (list, first, second, expected) in table {
        let (_, told) = against(list, first, second);
        assert_eq!(told, [format!("conflicting-sample  {expected}")]);
    }
}

#[test]
fn of_one_instant_what_speaks_against_a_go_comes_last() {
    let facts = facts(
        r#"{"evidence": [{"id": "a", "status": "failed", "at": "2025-10-16T10:00:00Z"}, {"id": "b", "status": "passed", "at": "2025-10-16T10:00:00Z"},
                         {"id": "c", "status": "passed", "at": "2025-10-16T10:00:01Z"}, {"id": "d", "status": "passed", "at": "2025-10-16T09:00:00Z"}],
            "approvals": [{"rule": "r", "by": "x", "decision": "rejected", "at": "2025-10-16T10:00:00Z"},
                          {"rule": "r", "by": "y", "decision": "approved", "at": "2025-10-16T10:00:00Z"},
                          {"rule": "r", "by": "z", "decision": "withdrawn", "at": "2025-10-16T10:00:00Z"}],
            "records": [{"stage": "s", "verdict": "rollback", "at": "2025-10-16T10:00:00Z"}, {"stage": "t", "verdict": "go", "at": "2025-10-16T10:00:00Z"}]}"#,
    );
    let ids: Vec<&str> = facts.evidence.iter().map(|one| one.id.as_ref()).collect();
    assert_eq!(ids, ["d", "b", "a", "c"]);
    let by: Vec<&str> = facts.statements.iter().map(|one| one.by.as_ref()).collect();
    assert_eq!(by, ["y", "z", "x"]);
    let stages: Vec<&str> = facts.records.iter().map(|one| one.stage.as_ref()).collect();
    assert_eq!(stages, ["t", "s"]);
}

#[test]
fn a_line_that_is_repeated_is_one_fact() {
    let line = one(
        "evidence",
        &format!("{{\"id\": \"a\", \"status\": \"passed\", \"at\": \"{AT}\"}}"),
    ) + "\n";
    let text = line.repeat(2_000);
    let (history, problems) = read(&[("f.jsonl", &text, Format::JsonLines)]);
    assert!(problems.is_empty());
    assert_eq!(history.facts().evidence.len(), 1);
    assert_eq!(history.facts().evidence[0].place.line, 1);
}
