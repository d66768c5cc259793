//! A rollback as whoever is on call meets it: the report, the record, the check of the rollback, and the way back.

use crate::support::place::Place;

const POLICY: &str = r##"gonogo: 1
name: phase9-canary
inputs:
  error_rate: {type: double, unit: ratio}
  latency: {type: double, unit: ms}
  churn: {type: double, unit: per_d, max_age: 2d}
roles: {on-call: {contact: PagerDuty}, sre: {contact: "#sre"}, manager: {}, support: {}}
severities:
  - {id: P0, respond_within: 5m, notify: [on-call], then: [{after: 10m, notify: [sre]}, {after: 30m, notify: [manager]}]}
  - {id: P1, respond_within: 15m, notify: [on-call]}
calendars:
  office: {timezone: UTC, allow: ["Mon-Fri 09:00-17:00"]}
escalation:
  people:
    - {id: leaving, expr: churn > 10.0, severity: P1, notify: [support], action: call the account managers, cite: S3-187}
    - {id: all-red, expr: verdict == "rollback" && size(unmet) > 0, notify: manager, within: 1h}
  recovery:
    hit: first
    rows:
      - {id: slow-for-long, expr: '"latency" in unmet', for: 1h, severity: P0}
      - {id: slow, expr: '"latency" in unmet', severity: P1, action: look at the database}
rollback_plan:
  - mode: instant
    target: 0%
    within: 5m
    reenter: canary-5
    check: rolled-back
    requires: [latency]
    duties:
      - {do: drain the queue, by: on-call, within: 10m}
after:
  rollback:
    - {do: write the incident report, by: manager, within: {business: 1d, calendar: office}, cite: S3-200}
    - {do: tell customers, by: support, when: churn > 1000.0}
stages:
  - name: canary-5
    require:
      - {id: latency, expr: latency < 500.0}
    rollback:
      - {id: error-spike, expr: error_rate >= 0.05, for: 2m, severity: P0, action: switch the flag off}
  - name: rolled-back
    require:
      - {id: calm, expr: error_rate < 0.01, for: 2m}
"##;

/// error-spike fires at 10:02; latency is unmet since 10:00; nobody knows how many customers leave.
const HISTORY: &str = r#"{"at": "2026-03-02T10:00:00Z", "stage": {"name": "canary-5", "entered": "2026-03-02T10:00:00Z"}, "metrics": {"error_rate": 0.06, "latency": 700}}
{"at": "2026-03-02T10:03:00Z", "metrics": {"error_rate": 0.06, "latency": 700}}
{"at": "2026-03-02T10:07:30Z", "metrics": {"error_rate": 0.06, "latency": 700}}
"#;

const AFTERWARDS: &str = r#"{"at": "2026-03-02T10:10:00Z", "stage": {"name": "rolled-back", "entered": "2026-03-02T10:10:00Z"}, "metrics": {"error_rate": 0.001, "latency": 300}}
{"at": "2026-03-02T10:12:00Z", "metrics": {"error_rate": 0.001, "latency": 300}}
"#;

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => vec![(r"sha256:[0-9a-f]{64}", "sha256:[digest]")],
    }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn a_rollback_is_told_followed_and_verified() {
    let place = Place::empty()
        .with("policy.yaml", POLICY)
        .with("history.jsonl", HISTORY)
        .with("afterwards.jsonl", AFTERWARDS);
    let eval = "eval -p policy.yaml -s history.jsonl";
    let after = "eval -p policy.yaml -s history.jsonl -s afterwards.jsonl";
    for (name, arguments, code) in [
        ("follows-rollback", format!("{eval} --now latest"), 20),
        ("follows-quiet", format!("{eval} --now latest --quiet"), 20),
        (
            "follows-record",
            format!("{eval} --now latest --format json"),
            20,
        ),
        (
            "follows-verifying",
            format!("{after} --now 2026-03-02T10:11:00Z"),
            11,
        ),
        ("follows-verified", format!("{after} --now latest"), 0),
        ("follows-check", "check policy.yaml".to_owned(), 0),
    ] {
        let run = place.run(&arguments);
        assert_eq!(run.code, code, "{name}: {}", run.transcript);
        approved(name, &run.transcript);
    }
}

#[test]
fn what_is_declared_for_people_alone_is_used() {
    let place = Place::empty().with("policy.yaml", POLICY);
    let run = place.run(
        "check policy.yaml -W unused-role -W unused-severity -W unused-calendar -W unused-input",
    );
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(run.stderr, "");
    let idle = POLICY
        .replace(
            "{do: tell customers, by: support, when: churn > 1000.0}",
            "{do: tell customers}",
        )
        .replace(
            "severity: P1, notify: [support], action: call",
            "severity: P1, action: call",
        )
        .replace("churn > 10.0", "error_rate > 0.5");
    let place = Place::empty().with("policy.yaml", idle);
    let run = place.run("check policy.yaml -W unused-role -W unused-input");
    for name in ["`support`", "`churn`"] {
        assert!(
            run.stderr.contains(name) || run.stdout.contains(name),
            "{}",
            run.transcript
        );
    }
}
