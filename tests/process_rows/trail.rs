//! What an audit needs, the way round the canary, and what must have gone well before.

use serde_json::json;

use crate::process_rows::scene::{approved, attested, evidence, record, row};

/// "Every deployment must log": who deployed, when, which migrations.
#[test]
fn s2_150_who_deployed() {
    let full = || row("S2-150", "full-rollout");
    full()
        .subject("deployer", "ada")
        .is("record.deployer", "met");
    full()
        .subject("deployer", "")
        .is("record.deployer", "unmet");
    full().is("record.deployer", "unmet");
}

/// "Migration scripts executed": a list with something in it.
#[test]
fn s2_153_which_migrations() {
    let full = || row("S2-153", "full-rollout");
    full()
        .subject("migrations", json!(["0042_decks"]))
        .is("record.migrations", "met");
    full()
        .subject("migrations", json!([]))
        .is("record.migrations", "unmet");
}

/// "Code commit SHA": a field the subject has anyway.
#[test]
fn s2_152_which_commit() {
    row("S2-152", "full-rollout").is("record.commit", "met");
    row("S2-152", "full-rollout")
        .subject("commit", json!(null))
        .is("record.commit", "unmet");
}

/// "Capture incident note with": five fields, within the day.
#[test]
fn s0_37_the_incident_note() {
    let note = || {
        let said = attested("incident-note", "jon", "rollback-owner", "-5m");
        said.with(
            "fields",
            json!({"start": "16:02", "end": "16:20", "signatures": "E17", "affected_routes": "package", "remediation_owner": "kim"}),
        )
    };
    let back = || row("S0-37", "rolled-back").entered("-1h");
    back().given(note()).is("incident-note", "met");
    let four = json!({"start": "16:02", "end": "16:20", "signatures": "E17", "affected_routes": "package"});
    back()
        .given(note().with("fields", four))
        .is("incident-note", "pending");
    back().now("+23h").is("incident-note", "unmet");
    back().now("+22h59m59s").is("incident-note", "pending");
}

/// "--skip-canary --reason=": a reason, of the last four hours.
#[test]
fn s2_124_the_canary_is_skipped_for_a_reason() {
    let hotfix = || row("S2-124", "hotfix").entered("-6h");
    let said = || {
        attested("bypass-reason", "omar", "incident-commander", "-4h")
            .with("fields", json!({"reason": "nobody can log in"}))
    };
    hotfix().given(said()).is("bypass-reason", "met");
    hotfix()
        .given(said().at("-4h1s"))
        .is("bypass-reason", "pending");
    hotfix()
        .given(said().with("fields", json!({})))
        .is("bypass-reason", "pending");
    // For an hour only: at the end of it, it is over.
    let short = || said().with("expires", "2025-10-16T17:00:00Z");
    hotfix()
        .now("-1s")
        .given(short())
        .is("bypass-reason", "met");
    hotfix().given(short()).is("bypass-reason", "pending");
}

/// "Smoke tests" are still required.
#[test]
fn s2_126_smoke_tests_are_not_skipped() {
    let smoke = |when: &str| row("S2-126", "hotfix").given(evidence("smoke-prod", when));
    smoke("-1h").is("hotfix-smoke", "met");
    smoke("-60m1s").is("hotfix-smoke", "pending");
}

/// "Incident ticket created" is still required.
#[test]
fn s2_127_there_is_a_ticket() {
    let ticket = |fields: serde_json::Value| {
        let said = attested("incident-ticket", "omar", "incident-commander", "-5m");
        row("S2-127", "hotfix").given(said.with("fields", fields))
    };
    ticket(json!({"ticket": "INC-7"})).is("incident-ticket", "met");
    ticket(json!({"ticket": null})).is("incident-ticket", "pending");
}

/// "hotfixes within 4hrs" of the entry.
#[test]
fn s2_163_out_within_four_hours() {
    let hotfix = |now: &str| row("S2-163", "hotfix").entered("T").now(now);
    hotfix("+3h59m59s").is("within-four-hours", "pending");
    hotfix("+4h").is("within-four-hours", "unmet");
    hotfix("+4h")
        .given(evidence("deploy-hotfix", "+3h"))
        .is("within-four-hours", "met");
}

/// "All releases must follow this process": no pre-flight without the checklist.
#[test]
fn s2_01_the_checklist_comes_first() {
    let flight = || row("S2-01", "pre-flight");
    let need = "stage.needs[pre-deploy]";
    flight()
        .given(record("pre-deploy", "go", "-2h"))
        .is(need, "met");
    flight().is(need, "pending");
    flight()
        .given(record("pre-deploy", "no-go", "-2h"))
        .is(need, "unmet");
    // A rollback in between: from the start again.
    let facts = [
        record("pre-deploy", "go", "-3h"),
        record("canary", "rollback", "-2h"),
    ];
    flight().all(&facts).is(need, "unmet");
    let again = record("pre-deploy", "go", "-90m");
    flight().all(&facts).given(again).is(need, "met");
    // Of another commit.
    let other = record("pre-deploy", "go", "-2h").with("subject", json!({"commit": "c0"}));
    flight().given(other).is(need, "pending");
}

/// "Decommission blue after monitoring window": by way of the rollout or of a hotfix.
#[test]
fn s2_11_either_way_to_monitoring() {
    let monitoring = || row("S2-11", "monitoring");
    let need = "stage.needs[full-rollout or hotfix]";
    monitoring()
        .given(record("hotfix", "go", "-2h"))
        .is(need, "met");
    monitoring()
        .given(record("full-rollout", "go", "-2h"))
        .is(need, "met");
    monitoring().is(need, "pending");
    monitoring()
        .given(record("full-rollout", "no-go", "-2h"))
        .is(need, "pending");
}

/// "Expand rollout only if Phase 1 meets success thresholds".
#[test]
fn s0_20_the_canary_first() {
    let expansion =
        |when: &str| row("S0-20", "expansion").given(record("production-canary", "go", when));
    expansion("-2h").is("stage.needs[production-canary]", "met");
    // Dated after the verdict.
    expansion("+1s").is("stage.needs[production-canary]", "pending");
}

/// "After 7 days at Stage 3 + 7 days at Stage 4.1-4.3".
#[test]
fn s4_64_fourteen_days() {
    let days = |when: &str| row("S4-64", "deprecated").given(record("full-100", "go", when));
    days("-7d").is("fourteen-days", "met");
    days("-167h59m59s").is("fourteen-days", "unmet");
    row("S4-64", "deprecated").is("fourteen-days", "unmet");
}

/// "Reviewed By, Approved By": the plan itself.
#[test]
fn s3_221_the_plan_is_approved() {
    let plan = || row("S3-221", "preconditions");
    let by = |name: &str, role: &str| approved("plan-approved", name, role, "-9d");
    let both = [by("ada", "plan-reviewer"), by("ben", "plan-approver")];
    plan().all(&both).is("plan-approved", "met");
    let one = [by("ada", "plan-reviewer"), by("ada", "plan-approver")];
    plan().all(&one).is("plan-approved", "pending");
}
