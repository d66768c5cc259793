//! Dates: how old something may be, when it is due, when the calendar is open, and what holds only in some cases.

use serde_json::json;

use crate::process_rows::scene::{attested, evidence, row};

/// "Code & Dependencies (T-48hrs)": until then pending, from that second on unmet.
#[test]
fn s2_15_due_48_hours_before() {
    let before = |now: &str| row("S2-15", "pre-deploy").entered("-60h").now(now);
    before("-48h1s").is("build", "pending");
    before("-48h").is("build", "unmet");
    let built = || evidence("build", "-50h");
    before("-48h").given(built()).is("build", "met");
    // What failed has failed, however early.
    before("-49h")
        .given(built().with("status", "failed"))
        .is("build", "unmet");
    // Nobody has said for when it is planned.
    before("-49h")
        .subject("planned_at", json!(null))
        .is("build", "unknown");
}

/// "Deployment Approval (T-1hr)".
#[test]
fn s2_41_due_an_hour_before() {
    let smoke = |now: &str| row("S2-41", "pre-deploy").entered("-60h").now(now);
    smoke("-60m1s").is("smoke-staging", "pending");
    smoke("-1h").is("smoke-staging", "unmet");
}

/// "Full D1 snapshot": of the last day.
#[test]
fn s2_27_a_backup_of_the_last_day() {
    let backup = |when: &str| {
        row("S2-27", "pre-deploy")
            .entered("-60h")
            .known(&json!({"has_migrations": true}))
            .given(evidence("db-backup", when))
    };
    backup("-24h").is("data-backup", "met");
    backup("-24h1s").is("data-backup", "unmet");
}

/// "Monthly backup restoration test".
#[test]
fn s2_140_restored_within_the_month() {
    let tested = |when: &str| row("S2-140", "pre-deploy").given(evidence("restore-test", when));
    tested("-31d").is("restore-tested", "met");
    tested("-744h1s").is("restore-tested", "pending");
}

/// "Keep rollback command prepared and verified": every day anew.
#[test]
fn s0_21_verified_today() {
    let ready = |when: &str| {
        row("S0-21", "expansion").entered("-3d").given(attested(
            "rollback-ready",
            "jon",
            "rollback-owner",
            when,
        ))
    };
    ready("-24h").is("rollback-ready", "met");
    ready("-24h1s").is("rollback-ready", "pending");
}

/// "Next Review: 2025-12-30".
#[test]
fn s2_172_the_runbook_is_reviewed_in_time() {
    let on = |now: &str| row("S2-172", "pre-deploy").now(now);
    on("2025-12-30T23:59:59Z").is("runbook-in-date", "met");
    on("2025-12-31T00:00:00Z").is("runbook-in-date", "unmet");
}

/// "Tue-Thu, 10am-4pm PT", not on holidays, not during incidents.
#[test]
fn s2_166_the_days_and_hours_of_deployments() {
    let on = |now: &str| {
        row("S2-166", "pre-deploy")
            .entered("2025-10-01T00:00:00Z")
            .now(now)
            .known(&json!({"active_incidents": 0}))
    };
    on("2025-10-16T17:00:00Z").is("deploy-window", "met");
    on("2025-10-16T16:59:59Z").is("deploy-window", "pending");
    on("2025-10-16T22:59:59Z").is("deploy-window", "met");
    on("2025-10-16T23:00:00Z").is("deploy-window", "pending");
    // Friday; and Thanksgiving, a Thursday.
    on("2025-10-17T18:00:00Z").is("deploy-window", "pending");
    on("2025-11-27T19:00:00Z").is("deploy-window", "pending");
    // From November on it is winter time.
    on("2025-11-04T17:30:00Z").is("deploy-window", "pending");
    on("2025-11-04T18:00:00Z").is("deploy-window", "met");
    let verdict = on("2025-10-17T18:00:00Z").verdict();
    let window = verdict
        .findings
        .iter()
        .find(|one| one.rule == "deploy-window");
    let opens = window.and_then(|finding| finding.met_at);
    // The next Tuesday at ten.
    assert_eq!(opens, "2025-10-21T17:00:00Z".parse().ok());
    let incidents = |metrics: &serde_json::Value| row("S2-166", "pre-deploy").known(metrics);
    incidents(&json!({"active_incidents": 1})).is("deploy-window", "pending");
    incidents(&json!({"active_incidents": null})).is("deploy-window", "unknown");
}

/// "Monthly (first Tuesday of month)": major versions alone.
#[test]
fn s2_164_the_first_tuesday() {
    let on = |now: &str, release: &str| {
        row("S2-164", "pre-deploy")
            .now(now)
            .known(&json!({"release_type": release}))
    };
    on("2025-11-04T18:00:00Z", "major").is("major-window", "met");
    on("2025-11-11T18:00:00Z", "major").is("major-window", "pending");
    on("2025-11-11T18:00:00Z", "minor").is("major-window", "skipped");
    on("2025-11-11T18:00:00Z", "minor").is("minor-window", "met");
}

/// "at least one business day".
#[test]
fn s0_19_one_business_day() {
    // Entered on a Thursday at 10:00 in Toronto: over on Friday at 10:00.
    let canary = |now: &str| {
        row("S0-19", "production-canary")
            .entered("2025-10-16T14:00:00Z")
            .now(now)
    };
    canary("2025-10-17T13:59:59Z").is("stage.bake", "pending");
    canary("2025-10-17T14:00:00Z").is("stage.bake", "met");
    // On a Friday: over on Monday.
    let friday = |now: &str| canary(now).entered("2025-10-17T14:00:00Z");
    friday("2025-10-20T13:59:59Z").is("stage.bake", "pending");
    friday("2025-10-20T14:00:00Z").is("stage.bake", "met");
}

/// "constrained traffic window".
#[test]
fn s0_18_the_hours_of_low_traffic() {
    let at = |now: &str| row("S0-18", "production-canary").now(now);
    at("2025-10-16T13:59:59Z").is("canary-hours", "pending");
    at("2025-10-16T14:00:00Z").is("canary-hours", "met");
    at("2025-10-17T15:00:00Z").is("canary-hours", "pending");
}

/// "Canary Rollout (T+5min to T+35min)".
#[test]
fn s2_50_not_before_five_minutes_after() {
    let entered = |entered: &str| row("S2-50", "canary").entered(entered).now("+10m");
    entered("+5m").is("canary-on-time", "met");
    entered("+4m59s").is("canary-on-time", "unmet");
    let validated = |now: &str| row("S2-50", "canary").entered("+5m").now(now);
    validated("+34m59s").is("canary-validated", "pending");
    validated("+35m").is("canary-validated", "unmet");
}

/// "Stage 0 (Days -2 to 0)".
#[test]
fn s3_18_two_days_before() {
    let entered = |entered: &str| row("S3-18", "pre-production").entered(entered);
    entered("-48h").is("two-days-ahead", "met");
    entered("-47h59m59s").is("two-days-ahead", "unmet");
}

/// "Publish maintenance window (if downtime expected)".
#[test]
fn s2_39_a_notice_where_downtime_is_expected() {
    let notice = |expected: serde_json::Value| {
        row("S2-39", "pre-deploy")
            .entered("-60h")
            .now("-7h")
            .known(&json!({"downtime_expected": expected}))
    };
    notice(json!(true)).is("customer-notice", "pending");
    notice(json!(false)).is("customer-notice", "skipped");
    notice(json!(null)).is("customer-notice", "unknown");
    let said = attested("customer-notice", "pia", "product-owner", "-8h");
    let told = said.with("fields", json!({"url": "https://status.example/7"}));
    notice(json!(true)).given(told).is("customer-notice", "met");
}

/// "Run immediately if Query 1 shows `stuck_imports > 0`".
#[test]
fn s4_33_query_2_where_something_is_stuck() {
    let stuck = |count: i64| row("S4-33", "canary-10").known(&json!({"stuck_imports": count}));
    stuck(0).is("query-2-where-stuck", "skipped");
    stuck(1).is("query-2-where-stuck", "pending");
    let query = |when: &str| evidence("query-2", when);
    stuck(1)
        .given(query("-1h"))
        .is("query-2-where-stuck", "met");
    stuck(1)
        .given(query("-60m1s"))
        .is("query-2-where-stuck", "pending");
}

/// "Run if `success_rate_pct < 95%`".
#[test]
fn s4_35_query_4_where_imports_fail() {
    let rate = |rate: f64| row("S4-35", "half-50").known(&json!({"success_rate_pct": rate}));
    rate(95.0).is("query-4-where-failing", "skipped");
    rate(94.9).is("query-4-where-failing", "pending");
}
