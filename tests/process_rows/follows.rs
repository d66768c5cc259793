//! What follows from a verdict: who is told by when, how it goes back, and what is to be done.

use gonogo::verdict::record::{Duty, Escalation};
use serde_json::json;

use crate::process_rows::scene::{Scene, attested, evidence, row};

fn instant(text: &str) -> jiff::Timestamp {
    text.parse().expect("an instant")
}

fn told(scene: &Scene, name: &str) -> Option<Escalation> {
    let entries = scene.verdict().escalation;
    entries.into_iter().find(|entry| entry.row == name)
}

fn owed(scene: &Scene, start: &str) -> Option<Duty> {
    let duties = scene.verdict().duties;
    duties.into_iter().find(|duty| duty.what.starts_with(start))
}

/// What is told of a row: its severity, and by when.
fn answer(scene: &Scene, name: &str) -> Option<(String, Option<jiff::Timestamp>)> {
    let entry = told(scene, name).filter(|entry| !entry.undecided)?;
    Some((entry.severity?, entry.respond_by))
}

/// How it goes back.
fn mode(scene: &Scene) -> Option<String> {
    scene.verdict().rollback.map(|plan| plan.mode)
}

/// "Performance degradation, >50% users, Rollback if >2hrs to fix".
#[test]
fn s2_123_slow_for_more_than_half_of_the_users() {
    let slow = |users: f64, hours: f64| {
        let metrics = json!({"scenario": "slow", "affected_users": users, "time_to_fix": hours});
        row("S2-123", "monitoring").known(&metrics)
    };
    let two_hours = Some(instant("2025-10-16T19:00:00Z"));
    let high = || Some(("high".to_owned(), two_hours));
    assert_eq!(answer(&slow(0.51, 2.1), "slow-and-long"), high());
    assert_eq!(answer(&slow(0.51, 2.0), "slow-and-long"), None);
    assert_eq!(answer(&slow(0.51, 2.0), "slow"), high());
    assert_eq!(answer(&slow(0.5, 9.0), "slow"), None);
    assert!(answer(&slow(0.5, 9.0), "in-no-row").is_some());
}

/// "Auth failure (all users)": five minutes; data corruption stands before it.
#[test]
fn s2_122_nobody_can_log_in() {
    let failure = |users: f64| {
        let metrics = json!({"scenario": "auth-failure", "affected_users": users});
        row("S2-122", "monitoring").known(&metrics)
    };
    let five = Some(instant("2025-10-16T17:05:00Z"));
    let found = answer(&failure(1.0), "auth-outage");
    assert_eq!(found, Some(("critical".to_owned(), five)));
    assert_eq!(answer(&failure(0.99), "auth-outage"), None);
}

/// "API error, 10-30% users": both ends belong to it.
#[test]
fn s2_120_the_users_an_error_affects() {
    let failure = |users: f64| {
        let metrics = json!({"scenario": "api-error", "affected_users": users});
        row("S2-120", "monitoring").known(&metrics)
    };
    assert!(answer(&failure(0.1), "api-error").is_some());
    assert!(answer(&failure(0.3), "api-error").is_some());
    assert_eq!(answer(&failure(0.31), "api-error"), None);
}

/// "P0 - Critical (5-minute response)", and who is next.
#[test]
fn s3_172_five_minutes_and_the_next_levels() {
    let corrupted = row("S3-172", "canary-5").known(&json!({"data_corruption": 1}));
    let entry = told(&corrupted, "data-corrupted").expect("an entry");
    assert_eq!(entry.severity.as_deref(), Some("P0"));
    assert_eq!(entry.notify, ["on-call"]);
    assert_eq!(entry.respond_by, Some(instant("2025-10-16T17:05:00Z")));
    let then: Vec<_> = entry
        .then
        .iter()
        .map(|level| level.notify[0].as_str())
        .collect();
    assert_eq!(then, ["tech-lead", "engineering-manager", "vp-engineering"]);
    assert_eq!(
        Some(entry.then[2].at),
        Some(instant("2025-10-16T17:30:00Z"))
    );
    let clean = row("S3-172", "canary-5").known(&json!({"data_corruption": 0}));
    assert_eq!(told(&clean, "data-corrupted"), None);
}

/// "P3 - Low (Next business day)": from Thursday 17:00 UTC to Friday; from Friday to Monday.
#[test]
fn s3_185_the_next_business_day() {
    let low = |now: &str| {
        let uploads = json!({"upload_success": 0.94});
        answer(
            &row("S3-185", "canary-5").now(now).known(&uploads),
            "below-target",
        )
    };
    let p3 = |by: &str| Some(("P3".to_owned(), Some(instant(by))));
    assert_eq!(low("T"), p3("2025-10-17T17:00:00Z"));
    assert_eq!(low("2025-10-17T12:00:00Z"), p3("2025-10-20T12:00:00Z"));
    let at_target = row("S3-185", "canary-5").known(&json!({"upload_success": 0.95}));
    assert_eq!(answer(&at_target, "below-target"), None);
}

/// "Error rate above threshold but below 2x": the band without its ends.
#[test]
fn s1_60_above_the_threshold_and_below_twice() {
    let share = |share: f64| row("S1-60", "enabled").known(&json!({"error_share": {"ods": share}}));
    assert_eq!(answer(&share(0.1), "p3"), None);
    assert!(answer(&share(0.11), "p3").is_some());
    assert_eq!(answer(&share(0.2), "p3"), None);
    let unknown = row("S1-60", "enabled");
    assert!(told(&unknown, "p3").is_some_and(|entry| entry.undecided));
}

/// "Consider graceful rollback if no fix within 30 minutes".
#[test]
fn s1_65_no_fix_within_half_an_hour() {
    let bad = |minutes: i64| {
        let metrics = json!({"error_share": {"ods": 0.3}, "parse_p95": {"ods": 1.0}, "active_parses": {"ods": 0}, "service_status": "ok"});
        row("S1-65", "enabled").minutes(minutes, &metrics)
    };
    assert_eq!(told(&bad(29), "p2-half-an-hour"), None);
    assert!(answer(&bad(29), "p2").is_some());
    assert!(answer(&bad(30), "p2-half-an-hour").is_some());
}

/// "Immediate rollback" of P1: five minutes from when it fired, in the immediate mode.
#[test]
fn s1_26_immediate_or_graceful() {
    let metrics = json!({"error_share": {"ods": 0.0}, "parse_p95": {"ods": 1.0}, "active_parses": {"ods": 2}, "service_status": "ok"});
    let stuck = |minutes: i64| row("S1-26", "enabled").minutes(minutes, &metrics);
    assert_eq!(mode(&stuck(1)), None);
    let plan = stuck(2).verdict().rollback.expect("a plan");
    assert_eq!(
        (plan.mode.as_str(), plan.check.as_deref()),
        ("immediate", Some("rolled-back"))
    );
    // Stuck since 16:58, so it fired at 16:59:01.
    assert_eq!(plan.due, Some(instant("2025-10-16T17:04:01Z")));
    assert!(!plan.overdue);
}

/// "Instant: 0-30min, Fast: 30min-24hrs, Complex: 24hrs+".
#[test]
fn s2_12_how_it_goes_back_by_time() {
    let deployed = |when: &str, migrations: bool| {
        let failed = evidence("deploy-green", "-1m").with("status", "failed");
        let metrics = json!({"deployed_at": when, "has_migrations": migrations});
        mode(&row("S2-12", "ramp").known(&metrics).given(failed))
    };
    assert_eq!(
        deployed("2025-10-16T16:30:01Z", true).as_deref(),
        Some("instant")
    );
    assert_eq!(
        deployed("2025-10-16T16:30:00Z", true).as_deref(),
        Some("fast")
    );
    assert_eq!(
        deployed("2025-10-15T17:00:01Z", true).as_deref(),
        Some("fast")
    );
    assert_eq!(
        deployed("2025-10-15T17:00:00Z", true).as_deref(),
        Some("complex")
    );
    assert_eq!(
        deployed("2025-10-15T17:00:00Z", false).as_deref(),
        Some("fast")
    );
}

/// "Fast: manual decision → 5min cutover".
#[test]
fn s2_13_an_sre_decides() {
    let said = attested("called-off", "sam", "sre", "-1m");
    let ramp = || row("S2-13", "ramp").known(&json!({"deployed_at": "2025-10-16T14:00:00Z"}));
    let called = ramp().given(said.clone().with("fields", json!({"reason": "odd decks"})));
    let plan = called.verdict().rollback.expect("a plan");
    assert_eq!(plan.mode, "fast");
    assert_eq!(plan.due, Some(instant("2025-10-16T17:04:00Z")));
    // Without a reason nobody has called.
    assert_eq!(mode(&ramp().given(said)), None);
}

/// "Rollback to 10% or 0%, investigate, fix, restart Stage 2".
#[test]
fn s4_45_how_far_back() {
    let back = |metrics: &serde_json::Value| {
        let plan = row("S4-45", "half-50").known(metrics).verdict().rollback;
        plan.map(|plan| (plan.target, plan.reenter.unwrap_or_default()))
    };
    let pair = |target: &str, stage: &str| Some((target.to_owned(), stage.to_owned()));
    let crash = json!({"corrupted": 1});
    assert_eq!(back(&crash), pair("0%", "canary-10"));
    assert_eq!(
        back(&json!({"success_rate_pct": 94.9})),
        pair("0%", "canary-10")
    );
    assert_eq!(back(&json!({"success_rate_pct": 95.0})), None);
    let complained = row("S4-45", "half-50")
        .sample("-1h", &json!({"complaints": 1}))
        .known(&json!({"complaints": 1}));
    let plan = complained.verdict().rollback.expect("a plan");
    assert_eq!(
        (plan.target.as_str(), plan.reenter.as_deref()),
        ("10%", Some("half-50"))
    );
}

/// "Declare Incident (T+0)", "Root Cause Analysis (T+2hrs)", "Corrective Actions (T+24hrs)": counted from when it fired.
#[test]
fn s2_133_what_is_to_be_done_after_a_rollback() {
    let said = attested("called-off", "sam", "sre", "-3h");
    let called = said.with("fields", json!({"reason": "odd decks"}));
    let back = row("S2-133", "ramp").entered("-4h").given(called);
    let written = owed(&back, "write the postmortem").expect("a duty");
    assert_eq!(written.by.as_deref(), Some("incident-commander"));
    assert_eq!(written.due, Some(instant("2025-10-16T16:00:00Z")));
    assert!(written.overdue);
    let tickets = owed(&back, "file the tickets").expect("a duty");
    assert_eq!(tickets.due, Some(instant("2025-10-17T14:00:00Z")));
    assert!(!tickets.overdue);
    assert_eq!(owed(&row("S2-133", "ramp"), "write the postmortem"), None);
}

/// "Notify affected users, if the format was publicly available".
#[test]
fn s1_30_users_are_told_where_there_are_any() {
    let stuck = |tiers: serde_json::Value| {
        let metrics = json!({"active_parses": {"ods": 1}, "tiers": tiers});
        owed(
            &row("S1-30", "enabled").minutes(2, &metrics),
            "tell the users",
        )
    };
    assert!(stuck(json!(["enterprise", "free"])).is_some_and(|duty| !duty.undecided));
    assert_eq!(stuck(json!(["enterprise"])), None);
    assert!(stuck(json!(null)).is_some_and(|duty| duty.undecided));
}

/// "Incident triage (< 5 min)": where a soft stop fired.
#[test]
fn s3_149_triage_within_five_minutes() {
    let load = |load: f64| row("S3-149", "canary-5").known(&json!({"db_cpu": load}));
    let triage = owed(&load(0.7), "find out how bad").expect("a duty");
    assert_eq!(triage.by.as_deref(), Some("on-call"));
    assert_eq!(owed(&load(0.69), "find out how bad"), None);
}

/// "SLOs return to baseline (< 5 min)": a requirement of the check.
#[test]
fn s3_147_back_within_five_minutes() {
    let back = |now: &str, errors: f64| {
        row("S3-147", "rolled-back")
            .entered("T")
            .now(now)
            .baseline("before", json!({"error_rate": 0.002, "latency_p95": 300.0}))
            .known(&json!({"error_rate": errors, "latency_p95": 310.0}))
    };
    back("+5m", 0.0021).is("slos-back", "met");
    back("+5m", 0.0022).is("slos-back", "unmet");
    back("+4m59s", 0.0022).is("slos-back", "pending");
}

/// "RTO: 2 hours".
#[test]
fn s2_97_healthy_within_two_hours() {
    let back = |now: &str, status: &str| {
        row("S2-97", "rolled-back")
            .entered("T")
            .now(now)
            .known(&json!({"health_status": status}))
    };
    back("+2h", "healthy").is("serving", "met");
    back("+2h", "degraded").is("serving", "unmet");
    back("+1h59m59s", "degraded").is("serving", "pending");
}

/// "Success rate < 95% / Critical / Immediate rollback / Now".
#[test]
fn s4_79_critical_and_at_once() {
    let rate = |rate: f64| row("S4-79", "canary-10").known(&json!({"success_rate_pct": rate}));
    rate(95.0).is("success-rate", "clear");
    rate(94.9).is("success-rate", "fired");
    let entry = told(&rate(94.9), "success-rate").expect("an entry");
    assert_eq!(entry.severity.as_deref(), Some("critical"));
    assert_eq!(entry.action.as_deref(), Some("roll back at once"));
}
