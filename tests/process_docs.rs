//! `docs/process.md`: its policy, its history, its commands and the cells of its tables are what comes of them.

use std::path::Path;

use crate::support;
use crate::support::place::Place;
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::verdict::{Finding, Verdict};
use jiff::Timestamp;
use serde_json::Value as Json;

fn page() -> String {
    support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/process.md"))
}

/// The first block of a language in a text.
fn block(text: &str, language: &str) -> String {
    let start = format!("```{language}\n");
    let (_, rest) = text.split_once(&start).expect(language);
    rest.split("```").next().expect("its end").to_owned()
}

fn section(page: &str, title: &str) -> String {
    let start = format!("\n## {title}\n");
    let (_, rest) = page.split_once(&start).expect(title);
    rest.split("\n## ").next().expect("its end").to_owned()
}

/// The cells of a table's rows, without its head.
fn table(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split(" | ");
        cells
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect()
    };
    rows.map(cells).collect()
}

fn policy() -> Policy {
    support::policy(&block(&page(), "yaml"), &Settings::new())
}

fn history() -> String {
    block(&page(), "jsonl")
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// What is said of a rule, or of the rollback: its status, and who is told by when.
fn told(verdict: &Verdict, what: &str) -> String {
    let clock = |at: Timestamp| at.to_string()[11..].to_owned();
    if what == "rollback" {
        let plan = verdict.rollback.as_ref().expect("a plan");
        let due = clock(plan.due.expect("a time"));
        let overdue = if plan.overdue { ", overdue" } else { "" };
        return format!("{} by {due}{overdue}", plan.mode);
    }
    let status = finding(verdict, what).status.name();
    let mut entries = verdict.escalation.iter();
    match entries.find(|entry| entry.row == what) {
        None => status.to_owned(),
        Some(entry) => {
            let by = clock(entry.respond_by.expect("a time"));
            format!("{status}, {} by {by}", entry.notify.join(" "))
        }
    }
}

fn finding<'v>(verdict: &'v Verdict, name: &str) -> &'v Finding {
    let mut findings = verdict.findings.iter();
    let found = findings.find(|finding| finding.name() == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn there_is_one_example_of_each_kind() {
    let rows = table(&section(&page(), "One example of each kind"));
    let kinds: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        kinds,
        [
            "command",
            "freshness",
            "attestation",
            "owner",
            "conditional",
            "approval",
            "calendar",
            "audit",
            "prerequisite",
            "bypass",
            "escalation",
            "rollback decision",
            "response time",
            "after a rollback"
        ]
    );
    let (policy, history) = (policy(), history());
    for row in &rows {
        let [kind, stage, what, first, was, then, is] = row.as_slice() else {
            panic!("{row:?}");
        };
        for (at, expected) in [(first, was), (then, is)] {
            let now = instant(&format!("2026-03-{at}"));
            let current = support::judge(&policy, &[&history], None, Some(now));
            let verdict = if current.stage == *stage {
                current
            } else {
                support::judge(&policy, &[&history], Some(stage), Some(now))
            };
            assert_eq!(told(&verdict, what), *expected, "{kind} at {at}");
        }
    }
}

/// The history with keys of one fact in place of its own; null leaves one out.
fn patched(id: &str, patch: &str) -> String {
    let patch: Json = serde_json::from_str(patch).expect(patch);
    let mut lines = String::new();
    for line in history().lines() {
        let mut line: Json = serde_json::from_str(line).expect("JSON");
        for list in ["evidence", "attestations", "approvals"] {
            let Some(fact) = line.get_mut(list).map(|list| &mut list[0]) else {
                continue;
            };
            let named = fact.get("rule").or(fact.get("id")).cloned();
            if named == Some(Json::from(id)) && fact["by"] != "Rae" {
                for (key, value) in patch.as_object().expect("a map") {
                    fact[key] = value.clone();
                    if value.is_null() {
                        fact.as_object_mut().expect("a map").remove(key);
                    }
                }
            }
        }
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

#[test]
fn what_does_not_count_is_told_as_the_page_says() {
    let text = section(&page(), "What does not count, and why");
    let tables: Vec<&str> = text
        .split("\n\n")
        .filter(|part| part.starts_with("| "))
        .collect();
    let asked = [
        ("drill", "2026-03-10T16:30:00Z"),
        ("board", "2026-03-10T16:40:00Z"),
        ("build", "2026-03-09T16:30:00Z"),
    ];
    // The last one has reasons of other rules.
    assert_eq!(tables.len(), asked.len() + 1);
    let policy = policy();
    for (part, (rule, now)) in tables.iter().zip(asked) {
        let judged = |history: &str| support::judge(&policy, &[history], None, Some(instant(now)));
        let unchanged = judged(&history());
        assert_eq!(finding(&unchanged, rule).status.name(), "met", "{rule}");
        let rows = table(part);
        assert!(rows.len() >= 2, "{rule}");
        for row in rows {
            let verdict = judged(&patched(rule, &row[0]));
            let found = finding(&verdict, rule);
            assert_eq!(found.status.name(), "pending", "{rule} {}", row[0]);
            let proof = found.proof.as_ref().expect("a proof");
            let mut whys = proof.given.iter().filter_map(|given| given.why.as_deref());
            assert_eq!(whys.next(), Some(row[1].as_str()), "{rule} {}", row[0]);
        }
    }
}

/// Rules of which something is given that does not count, for each of the reasons that `release.yaml` does not have.
const OTHER_REASONS: [&str; 2] = [
    "
gonogo: 1
name: other-reasons
stages:
  - {name: before, require: [{id: build, evidence: {id: build}}]}
  - name: last
    needs: [before]
    require:
      - {id: old, evidence: {id: old, max_age: 24h}}
      - {id: authored, attest: {not_by: [author]}}
      - {id: listed, attest: {fields: {outcome: [bug, limitation]}}}
      - {id: taken-back, attest: {}}
      - {id: rejected, approve: {any: 1}}
      - {id: again, attest: {}}
      - {id: where-run, evidence: {id: where-run, environment: production}}
      - {id: data, evidence: {id: data, where: data.coverage > 0.8}}
      - {id: unsure, attest: {}}
",
    r#"
{"at": "2026-03-10T12:00:00Z", "subject": {"version": "2.0", "commit": null, "author": "Mira"}, "stage": {"name": "last", "entered": "2026-03-08T00:00:00Z"}}
{"evidence": [{"id": "old", "status": "passed", "at": "2026-03-09T11:59:59Z"}]}
{"attestations": [{"rule": "authored", "by": "mira", "at": "2026-03-10T11:00:00Z"}]}
{"attestations": [{"rule": "listed", "by": "Jon", "at": "2026-03-10T11:00:00Z", "fields": {"outcome": "odd"}}]}
{"attestations": [{"rule": "taken-back", "by": "Jon", "at": "2026-03-10T10:00:00Z"}]}
{"attestations": [{"rule": "taken-back", "by": "Jon", "at": "2026-03-10T11:00:00Z", "decision": "withdrawn"}]}
{"approvals": [{"rule": "rejected", "by": "Jon", "at": "2026-03-10T10:00:00Z", "decision": "approved"}]}
{"approvals": [{"rule": "rejected", "by": "Jon", "at": "2026-03-10T11:00:00Z", "decision": "rejected"}]}
{"attestations": [{"rule": "again", "by": "Jon", "at": "2026-03-10T10:00:00Z"}]}
{"attestations": [{"rule": "again", "by": "Jon", "at": "2026-03-10T11:00:00Z"}]}
{"evidence": [{"id": "where-run", "status": "passed", "at": "2026-03-10T10:00:00Z"}]}
{"evidence": [{"id": "where-run", "status": "passed", "at": "2026-03-10T11:00:00Z", "environment": "staging"}]}
{"evidence": [{"id": "data", "status": "passed", "at": "2026-03-10T11:00:00Z", "data": {"coverage": 0.7}}]}
{"records": [{"stage": "before", "verdict": "go", "at": "2026-03-10T10:00:00Z", "policy": "other", "subject": {"version": "2.0"}}]}
{"records": [{"stage": "before", "verdict": "go", "at": "2026-03-10T10:10:00Z", "subject": {"version": "2.0"}}]}
{"records": [{"stage": "last", "verdict": "rollback", "at": "2026-03-10T10:20:00Z", "subject": {"version": "2.0"}}]}
{"attestations": [{"rule": "unsure", "by": "Jon", "at": "2026-03-10T11:00:00Z", "commit": "c1"}]}
"#,
];

#[test]
fn the_other_reasons_are_told_as_the_page_says() {
    let [policy, history] = OTHER_REASONS;
    let policy = support::policy(policy, &Settings::new());
    let now = instant("2026-03-10T12:00:00Z");
    let verdict = support::judge(&policy, &[history.trim()], None, Some(now));
    let proofs = verdict.findings.iter().filter_map(|one| one.proof.as_ref());
    let given = proofs.flat_map(|proof| &proof.given);
    let whys = given.filter_map(|given| given.why.as_deref());
    // Of a record its stage comes first, which is no reason; when something was is not for the page.
    let reason = |why: &str| -> Option<String> {
        let why = why.split("; ").find(|part| !part.starts_with("stage "))?;
        let when = why.split_once(" at 2026-");
        Some(when.map_or_else(|| why.to_owned(), |(what, _)| format!("{what} at …")))
    };
    let mut told: Vec<String> = whys.filter_map(reason).collect();
    let text = section(&page(), "What does not count, and why");
    let (_, last) = text.split_once("What else is told").expect("its table");
    let mut said: Vec<String> = table(last).into_iter().map(|row| row[1].clone()).collect();
    told.sort_unstable();
    said.sort_unstable();
    assert_eq!(told, said);
}

#[test]
fn its_commands_end_as_each_line_says() {
    let page = page();
    let waivers = block(&section(&page, "Waivers"), "yaml");
    let place = Place::empty()
        .with("release.yaml", block(&page, "yaml"))
        .with("release.jsonl", history())
        .with("waivers.yaml", waivers);
    let commands = block(&section(&page, "Checklists and commands"), "sh");
    for line in commands.lines() {
        let (command, code) = line.split_once("# exit code ").expect("an exit code");
        let run = place.run(command.trim().trim_start_matches("gonogo "));
        assert_eq!(Some(run.code), code.parse().ok(), "{}", run.transcript);
    }
    assert_eq!(commands.lines().count(), 13);
    let checked = place.run("check release.yaml");
    assert!(checked.stderr.is_empty(), "{}", checked.transcript);
}
