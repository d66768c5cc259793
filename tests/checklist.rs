//! Checklists: every item once, who can supply what is missing, and no text that becomes markup.

use std::fmt::Write as _;

use gonogo::policy::check::Settings;
use gonogo::report::checklist::{State, checklist};
use gonogo::verdict::{Effect, Status, Verdict};

use crate::support::{self, place::Place};

const POLICY: &str = "\
gonogo: 1
name: slide-renderer
inputs:
  error_rate: {type: double, unit: ratio}
  risk: {type: string, values: [low, high]}
  hotfix: {type: bool}
roles:
  sre: {contact: PagerDuty, people: [jon, mira]}
  eng-lead: {contact: \"#leads\", people: [ada]}
  security: {}
calendars:
  deploy-hours: {timezone: America/Los_Angeles, allow: [\"Tue-Thu 10:00-16:00\"]}
stages:
  - name: staging
    require:
      - {id: errors, expr: error_rate < q(\"1%\")}
  - name: production
    bake: 1h
    needs: [staging]
    require:
      - group: Before the window
        due: T-48h
        rules:
          - {id: unit-tests, title: the unit tests pass, evidence: {id: unit-tests, commit: same, max_age: 7d}}
          - {id: load-test, evidence: {id: load-test, environment: staging, where: data.p95 < 500}}
          - {id: rollback-drill, title: a rollback was drilled, attest: {role: sre, count: 2, fields: [minutes]}, cite: S1-12}
      - group: Sign-off
        rules:
          - {id: change-board, approve: {roles: [sre, eng-lead], not_by: [author]}}
          - {id: security-review, when: risk == \"high\" && !hotfix, approve: {any: 2, roles: [security, sre]}}
          - {id: notes, when: hotfix, attest: {}}
      - {id: errors, expr: error_rate < q(\"1%\")}
      - {id: errors-soon, expr: error_rate < q(\"0.1%\"), watch: true}
      - {id: window, during: deploy-hours}
    rollback:
      - {id: error-spike, expr: error_rate >= q(\"5%\"), action: roll back, runbook: https://wiki.example/rollback}
      - {id: stop-button, attest: {role: sre}}
";

const SNAPSHOT: &str = r#"{"at": "2025-10-16T10:05:00Z", "subject": {"service": "slideb", "version": "9.0.1", "commit": "0f1e2d3", "environment": "production", "author": "mira", "planned_at": "2025-10-18T12:00:00Z"}, "stage": {"name": "production", "entered": "2025-10-16T10:00:00Z"}, "metrics": {"error_rate": 0.014, "risk": "low", "hotfix": false}}
"#;

const FACTS: &str = r#"{"subject": {"commit": "0f1e2d3"}, "evidence": [{"id": "unit-tests", "status": "failed", "exit_code": 3, "at": "2025-10-16T09:00:00Z", "commit": "0f1e2d3", "url": "https://ci.example/1"}, {"id": "load-test", "status": "passed", "at": "2025-10-16T09:10:00Z", "environment": "staging", "data": {"p95": 480}, "url": "https://ci.example/2"}], "attestations": [{"rule": "rollback-drill", "by": "jon", "role": "sre", "at": "2025-10-16T10:01:00Z", "fields": {"minutes": 4}, "url": "https://wiki.example/drill_4"}, {"rule": "rollback-drill", "by": "mira", "role": "sre", "at": "2025-10-16T10:01:00Z"}], "approvals": [{"rule": "change-board", "by": "jon", "role": "sre", "at": "2025-10-16T10:02:00Z", "decision": "approved"}], "records": [{"stage": "staging", "verdict": "go", "at": "2025-10-15T10:00:00Z", "subject": {"service": "slideb", "commit": "0f1e2d3"}}]}
"#;

const NOTHING: &str = "{\"at\": \"2025-10-16T10:05:00Z\"}";

const STOP: &str = r#"{"attestations": [{"rule": "stop-button", "by": "jon", "role": "sre", "at": "2025-10-16T10:03:00Z"}]}
"#;

const WAIVERS: &str = "\
- {rule: errors, stage: production, reason: the exporter counts retries twice, owner: mira, approved_by: ada, expires: 2025-10-20T12:00:00Z}
- {rule: change-board, stage: production, reason: nobody there, owner: mira, approved_by: ada, expires: 2025-10-16T10:05:00Z}
";

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("snapshot.json", SNAPSHOT)
        .with("facts.jsonl", FACTS)
        .with("stop.jsonl", STOP)
        .with("waivers.yaml", WAIVERS)
}

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots/checklist",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => vec![(r"sha256:[0-9a-f]{64}", "sha256:[digest]")],
    }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn it_lists_what_is_done_and_who_can_supply_what_is_missing() {
    let place = place();
    let run = |name: &str, more: &str, code: i32| {
        let now = "2025-10-16T10:05:00Z";
        let run = place.run(&format!("checklist -p policy.yaml --now {now} {more}"));
        assert_eq!(run.code, code, "{name}: {}", run.transcript);
        approved(name, &run.transcript);
        let eval = place.run(&format!(
            "eval -p policy.yaml --now {now} -s snapshot.json {more}"
        ));
        let comparable = more.contains("snapshot.json") && !more.contains("--format");
        assert!(
            !comparable || eval.code == code,
            "{name}: {}",
            eval.transcript
        );
    };
    run("nothing-is-known", "--stage production", 11);
    run("a-snapshot-alone", "-s snapshot.json", 10);
    run("with-facts", "-s snapshot.json -s facts.jsonl", 10);
    run(
        "with-a-stop",
        "-s snapshot.json -s facts.jsonl -s stop.jsonl",
        20,
    );
    run(
        "with-waivers",
        "-s snapshot.json -s facts.jsonl --waivers waivers.yaml",
        10,
    );
    run(
        "as-json",
        "-s snapshot.json -s facts.jsonl --waivers waivers.yaml --format json -q",
        10,
    );
    run("no-stage", "", 2);
}

fn judged(texts: &[&str]) -> Verdict {
    let policy = support::policy(POLICY, &Settings::new());
    let now = "2025-10-16T10:05:00Z".parse().ok();
    support::judge(&policy, texts, Some("production"), now)
}

#[test]
fn every_requirement_is_an_item_once_and_the_counts_are_theirs() {
    for texts in [
        &[NOTHING][..],
        &[SNAPSHOT],
        &[SNAPSHOT, FACTS],
        &[SNAPSHOT, FACTS, STOP],
    ] {
        let verdict = judged(texts);
        let list = checklist(&verdict);
        let mut items: Vec<String> = list
            .sections
            .iter()
            .flat_map(|section| &section.items)
            .map(|item| match &item.key {
                Some(key) => format!("{}[{key}]", item.rule),
                None => item.rule.clone(),
            })
            .collect();
        items.sort();
        let mut expected: Vec<String> = verdict
            .findings
            .iter()
            .filter(|finding| finding.effect == Effect::Require || finding.counts)
            .map(gonogo::verdict::Finding::name)
            .collect();
        expected.sort();
        assert_eq!(items, expected);
        let met = |finding: &&gonogo::verdict::Finding| {
            finding.effect == Effect::Require && finding.status == Status::Met && !finding.watch
        };
        assert_eq!(list.done, verdict.findings.iter().filter(met).count());
        let marks = list.to_markdown().matches("- [x] ").count();
        let watched = list.sections.iter().flat_map(|section| &section.items);
        let watched = watched.filter(|item| item.watch && item.state == State::Done);
        assert_eq!(marks, list.done + watched.count());
        assert_eq!(list.exit_code, verdict.exit_code);
    }
}

#[test]
fn the_json_fits_its_schema() {
    let validator = jsonschema::validator_for(&gonogo::schema::checklist()).expect("a schema");
    for texts in [&[NOTHING][..], &[SNAPSHOT, FACTS, STOP]] {
        let json = checklist(&judged(texts)).to_json();
        let json = serde_json::from_str(&json).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}

#[test]
fn the_commands_it_shows_are_taken() {
    let place = place();
    let list = place.run("checklist -p policy.yaml -s snapshot.json --now 2025-10-16T10:05:00Z");
    let mut taken = 0;
    for line in list.stdout.lines() {
        let Some(command) = line.trim().strip_prefix("- `gonogo ") else {
            continue;
        };
        let command = command.trim_end_matches('`');
        let by = if command.contains("eng-lead") {
            "ada"
        } else {
            "jon"
        };
        let command = command
            .replace("NAME", by)
            .replace('…', "4")
            .replace("COMMAND", "true");
        let run = place.run(&command);
        assert_eq!(run.code, 0, "{}", run.transcript);
        taken += 1;
    }
    assert_eq!(taken, 5, "{}", list.stdout);
}

/// A line of Markdown without its spans of code: between runs of as many backticks.
fn without_code(line: &str) -> String {
    let run = |text: &str| text.chars().take_while(|c| *c == '`').count();
    let (mut text, mut rest) = (String::new(), line);
    while let Some(c) = rest.chars().next() {
        let fence = run(rest);
        if c == '\\' {
            text.extend(rest.chars().take(2));
            rest = rest.get(2..).unwrap_or_default();
        } else if fence > 0 {
            rest = &rest[fence..];
            let closed = (0..rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .find(|at| run(&rest[*at..]) == fence && !rest[..*at].ends_with('`'));
            rest = closed.map_or(rest, |at| &rest[at + fence..]);
        } else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    text
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "x\n# y | `z` [a](http://b) <img src=q> *bold* \u{202e}\u{1b}[31m &amp;";
    let mut json = String::new();
    let text = serde_json::to_string(hostile).expect("a text");
    let _ = writeln!(
        json,
        "{{\"at\": \"2025-10-16T10:05:00Z\", \"subject\": {{\"service\": {text}, \"commit\": {text}}}, \"attestations\": [{{\"rule\": \"rollback-drill\", \"by\": {text}, \"role\": {text}, \"at\": \"2025-10-16T10:01:00Z\", \"url\": \"javascript:alert(1)\"}}]}}"
    );
    let list = checklist(&judged(&[&json]));
    let markdown = list.to_markdown();
    assert!(markdown.contains("does not count"), "{markdown}");
    for line in markdown.lines() {
        assert!(!line.starts_with("# y"), "{markdown}");
        // What stands in code is no markup, whatever it looks like.
        let text = without_code(line);
        for markup in ["<img", "[a](", "*bold*", "](javascript"] {
            let escaped = format!("\\{markup}");
            assert!(!text.replace(&escaped, "").contains(markup), "{line}");
        }
    }
    assert!(!markdown.contains(['\u{202e}', '\u{1b}']), "{markdown}");
    approved("hostile", &markdown);
}
