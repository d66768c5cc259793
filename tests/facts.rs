//! What snapshots say of evidence, people and earlier verdicts: every key and every mistake, what is told twice, and the
//! digest. What counts for which rule is judged elsewhere.

mod digest;
mod fields;
mod mistakes;
mod program;
mod twice;

use std::sync::Arc;

use gonogo::expr::json;
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::facts::{Answer, Decision, Kind};
use gonogo::snapshot::{Facts, Format, History, Reader, Subject};
use gonogo::source::{Problem, Source};
use serde_json::json;

use crate::support;

const POLICY: &str = "\
gonogo: 1
name: canary
baselines: [before, {name: blue, live: true}]
inputs: {error_rate: {type: double}}
require: [{id: errors, expr: error_rate < 0.01}]
";

fn policy() -> Policy {
    support::policy(POLICY, &Settings::new())
}

/// What documents come to, each a file of this name.
fn read(documents: &[(&str, &str, Format)]) -> (History, Vec<Problem>) {
    let policy = policy();
    let mut reader = Reader::new(&policy.layout);
    for (name, text, format) in documents {
        reader.document(&Source::new(*name, *text), *format);
    }
    reader.finish()
}

/// The facts of a document of JSON without a mistake.
fn facts(text: &str) -> Arc<Facts> {
    let (history, problems) = read(&[("f.json", text, Format::Json)]);
    assert!(problems.is_empty(), "{}", support::told(&problems));
    Arc::clone(history.facts())
}

/// The problems of documents: code, message and place.
fn told(documents: &[(&str, &str, Format)]) -> Vec<String> {
    let (_, problems) = read(documents);
    let told = problems.iter().map(|problem| {
        let place = problem.place().unwrap_or_default();
        format!("{} {place} {}", problem.code, problem.message)
    });
    told.collect()
}

fn subject(service: Option<&str>, version: Option<&str>, commit: Option<&str>) -> Subject {
    Subject::of([service, version, commit, None].map(|field| field.map(Arc::from)))
}

fn at(second: u32) -> jiff::Timestamp {
    let text = format!("2025-10-16T10:00:{second:02}Z");
    text.parse().expect("an instant")
}

const EVIDENCE: &str = r#"{
  "subject": {"service": "slideb", "version": "9.0.1", "commit": "aaa", "environment": "production", "team": 7},
  "evidence": [
    {"id": "unit-tests", "key": "csv", "status": "passed", "exit_code": 0, "at": "2025-10-16T12:00:02+02:00",
     "commit": "bbb", "environment": "staging", "data": {"coverage": 0.83, "failed": [1, null, "x", true], "n": 9007199254740993},
     "url": "https://ci/1", "command": "cargo test", "started": "2025-10-16T09:00:00Z", "digest": "sha256:1", "by": "ci", "x-run": 4},
    {"id": "lint", "status": "passed", "exit_code": 1, "at": "2025-10-16T10:00:01Z", "key": 3, "url": null, "data": null},
    {"id": "scan", "status": "failed", "exit_code": 0, "at": "2025-10-16T10:00:03Z", "commit": null}
  ]
}"#;

#[test]
fn every_key_of_evidence_is_read() {
    let facts = facts(EVIDENCE);
    let [lint, unit, scan] = facts.evidence.as_slice() else {
        panic!("{facts:?}");
    };
    assert_eq!(unit.id.as_ref(), "unit-tests");
    assert_eq!(unit.key.as_deref(), Some("csv"));
    assert!(unit.passed);
    assert_eq!(unit.exit_code, Some(0));
    assert_eq!(unit.at, Some(at(2)));
    assert_eq!(unit.commit.as_deref(), Some("bbb"));
    assert_eq!(unit.environment.as_deref(), Some("staging"));
    assert_eq!(unit.url.as_deref(), Some("https://ci/1"));
    // Its own commit stands over the document's.
    assert_eq!(
        unit.about,
        subject(Some("slideb"), Some("9.0.1"), Some("bbb"))
    );
    assert_eq!(
        json::json(&unit.data),
        json!({"coverage": 0.83, "failed": [1, null, "x", true], "n": 9_007_199_254_740_993_i64})
    );
    assert_eq!((unit.place.line, unit.place.column), (4, 5));
    // `passed` is not enough where the exit code says otherwise, nor the other way round.
    assert!(!lint.passed && !scan.passed);
    assert_eq!(
        (lint.key.as_deref(), lint.url.as_deref()),
        (Some("3"), None)
    );
    assert_eq!(lint.commit, None);
    assert_eq!(
        scan.about,
        subject(Some("slideb"), Some("9.0.1"), Some("aaa"))
    );
    assert_eq!(json::json(&scan.data), json!(null));
}

const STATEMENTS: &str = r#"{
  "approvals": [
    {"rule": "cab", "by": " Ada ", "role": "eng-lead", "at": "2025-10-16T10:00:01Z", "decision": "approved"},
    {"rule": "cab", "by": "bob", "at": "2025-10-16T10:00:03Z", "decision": "rejected", "stage": null},
    {"rule": "cab", "by": "bob", "at": "2025-10-16T10:00:04Z", "decision": "withdrawn"}
  ],
  "attestations": [
    {"rule": "drill", "key": "eu", "by": "jon", "role": "sre", "at": "2025-10-16T10:00:02Z", "stage": "staging", "commit": "bbb",
     "expires": "2025-10-17T10:00:00Z", "fields": {"minutes": 4, "outcome": "bug", "left": "  ", "none": null, "on": true},
     "decision": "attested", "url": "https://wiki/1", "note": "went well", "x-id": [1]},
    {"rule": "drill", "by": "jon", "at": "2025-10-16T10:00:05Z", "decision": "withdrawn"}
  ]
}"#;

#[test]
fn every_key_of_statements_is_read() {
    let facts = facts(STATEMENTS);
    let [ada, jon, bob, taken_back, withdrawn] = facts.statements.as_slice() else {
        panic!("{facts:?}");
    };
    assert_eq!((ada.kind, ada.decision), (Kind::Approval, Decision::Given));
    assert_eq!((ada.rule.as_ref(), ada.by.as_ref()), ("cab", " Ada "));
    assert_eq!(ada.role.as_deref(), Some("eng-lead"));
    assert_eq!(ada.about, Subject::default());
    assert_eq!(
        (jon.kind, jon.decision),
        (Kind::Attestation, Decision::Given)
    );
    assert_eq!(jon.key.as_deref(), Some("eu"));
    assert_eq!(jon.stage.as_deref(), Some("staging"));
    assert_eq!(jon.about, subject(None, None, Some("bbb")));
    assert_eq!(jon.at, Some(at(2)));
    let expires = "2025-10-17T10:00:00Z".parse().expect("an instant");
    assert_eq!(jon.expires, Some(expires));
    assert_eq!(jon.url.as_deref(), Some("https://wiki/1"));
    let fields = jon.fields.iter();
    let fields: Vec<(&str, &str)> = fields
        .map(|(key, text)| (key.as_ref(), text.as_ref()))
        .collect();
    assert_eq!(
        fields,
        [("minutes", "4"), ("on", "true"), ("outcome", "bug")]
    );
    assert_eq!(bob.decision, Decision::Rejected);
    assert_eq!(
        (taken_back.kind, taken_back.decision),
        (Kind::Approval, Decision::Withdrawn)
    );
    assert_eq!(
        (withdrawn.kind, withdrawn.decision),
        (Kind::Attestation, Decision::Withdrawn)
    );
}

#[test]
fn every_key_of_records_is_read() {
    let facts = facts(
        r#"{
  "subject": {"service": "slideb", "commit": "aaa"},
  "records": [
    {"stage": "staging", "verdict": "go", "at": "2025-10-16T10:00:01Z", "policy": "canary",
     "subject": {"service": "slidea", "version": "9", "commit": null, "environment": "eu", "deployer": "jon"}, "x-url": "u"},
    {"stage": "live", "verdict": "no-go", "at": "2025-10-16T10:00:02Z"},
    {"stage": "live", "verdict": "rollback", "at": "2025-10-16T10:00:03Z", "policy": null, "subject": {}}
  ]
}"#,
    );
    let [staging, live, back] = facts.records.as_slice() else {
        panic!("{facts:?}");
    };
    assert_eq!(
        (staging.stage.as_ref(), staging.answer),
        ("staging", Answer::Go)
    );
    assert_eq!(staging.policy.as_deref(), Some("canary"));
    // It says whom it is about, and nothing of the document's subject is added.
    let about = [Some("slidea"), Some("9"), None, Some("eu")].map(|field| field.map(Arc::from));
    assert_eq!(staging.about, Subject::of(about));
    // One that says nothing of it is about what the document is about.
    assert_eq!((live.answer, &live.policy), (Answer::NoGo, &None));
    assert_eq!(live.about, subject(Some("slideb"), None, Some("aaa")));
    assert_eq!(
        (back.answer, &back.about),
        (Answer::Rollback, &Subject::default())
    );
}

#[test]
fn yaml_says_the_same_and_its_scalars_are_texts() {
    let json = r#"{"subject": {"commit": "0123456"},
        "evidence": [{"id": "a", "key": "1", "status": "passed", "at": "2025-10-16T10:00:01Z", "environment": "1.10", "data": {"n": 1.5, "s": "1.5"}}],
        "approvals": [{"rule": "cab", "by": "007", "decision": "approved", "at": "2025-10-16T10:00:01Z", "fields": {"ticket": "0x10"}}]}"#;
    let yaml = "\
subject: {commit: 0123456}
evidence:
  - {id: a, key: 1, status: passed, at: 2025-10-16T10:00:01Z, environment: 1.10, data: {n: 1.5, s: '1.5'}}
approvals:
  - {rule: cab, by: 007, decision: approved, at: 2025-10-16T10:00:01Z, fields: {ticket: 0x10}}
";
    let digest = |text, format| {
        let (history, problems) = read(&[("f", text, format)]);
        assert!(problems.is_empty(), "{}", support::told(&problems));
        assert_eq!(history.facts().len(), 2);
        history.digest(&policy().layout)
    };
    assert_eq!(digest(json, Format::Json), digest(yaml, Format::Yaml));
}

#[test]
fn a_commit_that_the_document_does_not_know_is_no_other_commit() {
    let facts = facts(
        r#"{"subject": {"service": "slideb", "commit": null},
            "evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:01Z"},
                         {"id": "b", "status": "passed", "at": "2025-10-16T10:00:02Z", "commit": "aaa"}]}"#,
    );
    let verdict = subject(Some("slideb"), None, Some("aaa"));
    let same: Vec<bool> = facts
        .evidence
        .iter()
        .map(|one| one.about.same_as(&verdict))
        .collect();
    assert_eq!(same, [false, true]);
}

#[test]
fn subjects_are_surely_the_same_where_both_know_version_or_commit() {
    let table = [
        (
            subject(Some("s"), Some("1"), None),
            subject(None, Some("1"), Some("a")),
            true,
        ),
        (
            subject(None, None, Some("a")),
            subject(Some("s"), Some("1"), Some("a")),
            true,
        ),
        (
            subject(Some("s"), Some("1"), None),
            subject(Some("s"), None, Some("a")),
            false,
        ),
        (
            subject(Some("s"), None, None),
            subject(Some("s"), None, None),
            false,
        ),
        (
            subject(Some("s"), None, Some("a")),
            subject(Some("t"), None, Some("a")),
            false,
        ),
        (
            subject(None, Some("1"), Some("a")),
            subject(None, Some("2"), Some("a")),
            false,
        ),
        (
            subject(None, None, Some("(unknown)")),
            subject(None, None, Some("(unknown)")),
            false,
        ),
    ];
    for (one, other, sure) in table {
        assert_eq!(one.surely_same_as(&other), sure, "{one:?} {other:?}");
        assert_eq!(other.surely_same_as(&one), sure, "{other:?} {one:?}");
    }
}

#[test]
fn a_document_of_facts_alone_is_no_sample_and_needs_no_instant() {
    for (text, samples, count) in [
        (r#"{"evidence": []}"#, 0, 0),
        (
            r#"{"records": null, "x-a": 1, "subject": {"commit": "a"}}"#,
            0,
            0,
        ),
        (r#"{"evidence": [{"id": "a", "status": "passed"}]}"#, 0, 1),
        (
            r#"{"at": "2025-10-16T10:00:00Z", "evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z"}]}"#,
            0,
            1,
        ),
        (
            r#"{"at": "2025-10-16T10:00:00Z", "metrics": {}, "evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:00Z"}]}"#,
            0,
            1,
        ),
        (
            r#"{"at": "2025-10-16T10:00:00Z", "subject": {"commit": "a"}, "approvals": []}"#,
            1,
            0,
        ),
        (
            r#"{"at": "2025-10-16T10:00:00Z", "metrics": {"error_rate": null}, "approvals": []}"#,
            1,
            0,
        ),
        (r#"{"at": "2025-10-16T10:00:00Z"}"#, 1, 0),
    ] {
        for format in [Format::Json, Format::JsonLines] {
            let (history, problems) = read(&[("f", text, format)]);
            assert!(!gonogo::source::problem::any_error(&problems), "{text}");
            assert_eq!(
                (history.len(), history.facts().len()),
                (samples, count),
                "{text}"
            );
        }
    }
    // Whatever holds from an instant on needs one.
    for more in [
        r#""stage": {"name": "a"}"#,
        r#""metrics": {}"#,
        r#""baselines": {}"#,
        r#""at": null"#,
    ] {
        let text = format!("{{\"evidence\": [], {more}}}");
        let told = told(&[("f", &text, Format::Json)]);
        assert!(
            told.concat().starts_with("missing-time"),
            "{text}: {told:?}"
        );
    }
}

#[test]
fn the_newest_is_a_sample_or_else_a_fact() {
    let fact = r#"{"evidence": [{"id": "a", "status": "passed", "at": "2025-10-16T10:00:09Z"}, {"id": "b", "status": "passed"}]}"#;
    let sample = r#"{"at": "2025-10-16T10:00:03Z", "metrics": {"error_rate": 0.1}}"#;
    let newest = |texts: &[&str]| {
        let documents: Vec<_> = texts
            .iter()
            .map(|text| ("f", *text, Format::Json))
            .collect();
        read(&documents).0.newest()
    };
    assert_eq!(newest(&[fact]), Some(at(9)));
    assert_eq!(newest(&[fact, sample]), Some(at(3)));
    assert_eq!(newest(&[r#"{"evidence": []}"#]), None);
}

#[test]
fn a_sample_without_a_value_begins_no_history() {
    let policy = policy();
    let entered = r#""stage": {"name": "default", "entered": "2025-10-16T10:00:01Z"}"#;
    let approved = r#""approvals": [{"rule": "cab", "by": "ada", "decision": "approved", "at": "2025-10-16T10:00:00Z"}]"#;
    let first = |early: &str| {
        let late = format!(
            "{{\"at\": \"2025-10-16T10:00:05Z\", {entered}, \"metrics\": {{\"error_rate\": 0.1}}}}"
        );
        let (history, _) = read(&[("a", early, Format::Json), ("b", &late, Format::Json)]);
        let surveyed = history.survey(&policy.layout, None);
        assert_eq!(surveyed.newest, Some(at(5)));
        surveyed.first
    };
    let early = |more: &str| format!("{{\"at\": \"2025-10-16T10:00:00Z\", {more}}}");
    assert_eq!(first(&early(approved)), Some(at(5)));
    assert_eq!(
        first(&early(r#""subject": {"service": "slideb"}"#)),
        Some(at(5))
    );
    assert_eq!(
        first(&early(r#""baselines": {"before": {"error_rate": 0.1}}"#)),
        Some(at(5))
    );
    assert_eq!(
        first(&early(r#""metrics": {"error_rate": 0.1}"#)),
        Some(at(0))
    );
    assert_eq!(
        first(&early(r#""metrics": {"error_rate": null}"#)),
        Some(at(0))
    );
    assert_eq!(
        first(&early(r#""stage": {"name": "default"}"#)),
        Some(at(0))
    );
}
