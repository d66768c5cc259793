//! The rows of the playbook S3, each at its limit. Worked out from its words; the policy is `S3.yaml`.

use crate::rows::scenario::{Scenario, rule};

/// "Error rate ≥ 5% for 2 minutes": 5 % itself counts, from sample 1 on; two minutes later is sample 5.
#[test]
fn s3_55_errors_for_two_minutes() {
    let errors = |values: &str| {
        let spike = rule("S3", "error-spike").every("30s");
        spike.values("error_rate", values)
    };
    errors("0.0499 0.05*6").judged(5, ["pending go", "fired rollback", "fired rollback"]);
    errors("0.05*3 0.0499 0.05*4").judged(6, ["pending go", "pending go", "pending go"]);
    errors("0.0499*8").judged(5, ["clear go", "clear go", "clear go"]);
}

/// "≥ 3% for 5 minutes", and in the next stage "≥ 2% for 10 minutes": the limits tighten.
#[test]
fn s3_75_and_s3_95_tighten() {
    rule("S3", "errors-3pc")
        .values("error_rate", "0.0299 0.03*7")
        .judged(6, ["pending go", "fired rollback", "fired rollback"]);
    rule("S3", "errors-2pc")
        .values("error_rate", "0.0199 0.02*12")
        .judged(11, ["pending go", "fired rollback", "fired rollback"]);
}

/// "SLOs met for 24 consecutive hours": met from sample 1 on, and 24 hours are 720 samples of two minutes.
#[test]
fn s3_50_service_levels_for_24_consecutive_hours() {
    let levels = |p95: &str| {
        rule("S3", "service-levels")
            .every("2m")
            .values("latency_p95", p95)
            .values("latency_p99", "999*723")
            .values("error_rate", "0.0099*723")
            .values("analytics_persisted", "1*723")
    };
    levels("500 499*722").judged(721, ["pending no-go", "met go", "met go"]);
    // One sample at the limit in the middle of the night: the 24 hours begin anew.
    levels("499*400 500 499*322").judged(721, ["pending no-go", "pending no-go", "pending no-go"]);
    // One sample is late: nobody knows what was between.
    levels("499*400 _ 499*322").judged(721, ["pending no-go", "pending no-go", "pending no-go"]);
}

/// "Queue lag stable": as with S0-25 a second higher hour is a trend, but a stable lag may rise by 1 ms per hour.
#[test]
fn s3_72_a_queue_lag_that_is_stable() {
    let lag = |values: &str| {
        let rule = rule("S3", "lag-stable").every("2m");
        rule.values("queue_lag", values)
    };
    // Twelve samples 10 ms higher, in the last hour alone: no trend.
    lag("40*720 50*12").judged(730, ["met go", "met go", "met go"]);
    // 2 ms in every hour, and half a millisecond in every hour: both are trends, one is steeper than 1 ms per hour.
    lag("40..90/751").judged(740, ["unmet no-go", "unmet no-go", "unmet no-go"]);
    lag("40..52.5/751").judged(740, ["met go", "met go", "met go"]);
}

/// "No performance degradation vs Stage 1": stage 1 recorded 400 ms, and up to 5 % more is none, so a mean of 420 ms.
#[test]
fn s3_74_no_slower_than_the_stage_before() {
    let slower = || {
        rule("S3", "no-degradation")
            .every("2m")
            .values("latency_p95", "420*721 420.5 419.5")
            .values("latency_p99", "700*723")
    };
    slower()
        .baseline("canary-5.latency_p95", "400")
        .baseline("canary-5.latency_p99", "700")
        .judged(721, ["met go", "unmet no-go", "met go"]);
    // The earlier stage recorded nothing.
    slower().judged(721, ["unknown no-go", "unknown no-go", "unknown no-go"]);
}

fn tickets(id: &str, values: &str) -> Scenario {
    let rule = rule("S3", id).every("1d");
    rule.values("support_tickets", values)
}

/// "≤ baseline + 10%" of 20 tickets is 22; "≥ baseline + 25%" is 25; "≥ baseline + 50%" is 30.
#[test]
fn s3_83_tickets_against_the_days_before() {
    let before = "before.support_tickets";
    tickets("tickets-normal", "21 22 23")
        .baseline(before, "20")
        .judged(1, ["met go", "met go", "unmet no-go"]);
    tickets("tickets-25pc", "24 25 24")
        .baseline(before, "20")
        .judged(1, ["clear go", "fired rollback", "fired rollback"]);
    tickets("tickets-surge", "29 30 29")
        .baseline(before, "20")
        .judged(1, ["clear go", "fired no-go", "clear go"]);
    // Never counted before the rollout.
    tickets("tickets-normal", "1 1 1")
        .judged(1, ["unknown no-go", "unknown no-go", "unknown no-go"]);
    tickets("tickets-25pc", "1 1 1").judged(1, ["unknown no-go", "unknown no-go", "unknown no-go"]);
    tickets("tickets-surge", "29 30 29")
        .with("missing: ignore")
        .judged(1, ["unknown go", "unknown go", "unknown go"]);
}

/// "30-day evaluation" of "≤ baseline": the mean of 30 days is 20, and then more. Before there are 30 days nothing is
/// known.
#[test]
fn s3_105_tickets_over_thirty_days() {
    tickets("success-tickets", "20*31 21 19")
        .baseline("before.support_tickets", "20")
        .judged(30, ["unknown no-go", "met go", "unmet no-go"]);
    tickets("success-tickets", "20*31 21 19")
        .baseline("before.support_tickets", "20")
        .judged(31, ["met go", "unmet no-go", "met go"]);
}

/// "Uptime percentage (24h, 7d, 30d)", 99.9 %: one failed probe of the 720 of 30 days is too much, until it is 30 days old.
#[test]
fn s3_169_uptime_over_a_day_a_week_and_a_month() {
    let probes = || {
        let rule = rule("S3", "uptime").every("1h");
        rule.values("up", "true*725 false true*725")
    };
    probes().judged(720, ["unknown no-go", "met go", "met go"]);
    probes().judged(725, ["met go", "unmet no-go", "unmet no-go"]);
    probes().judged(1445, ["unmet no-go", "met go", "met go"]);
}

/// "SLOs return to baseline (< 5 min)": judged five minutes after the rollback and never again.
#[test]
fn s3_147_back_at_the_baseline_after_five_minutes() {
    let back = |errors: &str, latency: &str| {
        rule("S3", "back-in-minutes")
            .values("error_rate", errors)
            .values("latency_p95", latency)
            .baseline("before.error_rate", "0.004")
            .baseline("before.latency_p95", "300")
    };
    back("0.06*5 0.004*4", "300*9").judged(5, ["pending no-go", "met go", "met go"]);
    back("0.06*6 0.004*3", "300*9").judged(5, ["pending no-go", "unmet no-go", "unmet no-go"]);
    // Nothing comes in the fifth minute: the sixth is in time, the seventh is not.
    back("0.06*5 _ 0.004*3", "300*5 _ 300*3").judged(6, ["pending no-go", "met go", "met go"]);
    back("0.06*5 _*2 0.004*2", "300*5 _*2 300*2")
        .judged(7, ["pending no-go", "unknown no-go", "unknown no-go"]);
}

/// "Daily health checks" of the first week: seven, the last after seven days.
#[test]
fn s3_102_daily_health_checks() {
    let checks = |values: &str| {
        let rule = rule("S3", "daily-health").every("1d").item("api");
        rule.values("health.api", values)
    };
    checks("true*9").judged(7, ["pending no-go", "met go", "met go"]);
    checks("true*3 false true*5").judged(7, ["unmet no-go", "unmet no-go", "unmet no-go"]);
}

/// "Unauthorized access attempts", counted up from 3 on, in this stage: the first one fires, and one before it does not.
#[test]
fn s3_126_any_unauthorized_access() {
    rule("S3", "unauthorized-access")
        .entered("2m")
        .values("unauthorized_attempts", "2 3 3 3 4 4")
        .judged(4, ["clear go", "fired rollback", "fired rollback"]);
}

/// "Database unavailable > 1 minute": away from sample 1 on; sample 3 is a minute later, which is not more.
#[test]
fn s3_136_the_database_is_away() {
    rule("S3", "database-down")
        .every("30s")
        .values("health.database", "true false*4")
        .judged(3, ["pending go", "pending go", "fired rollback"]);
}

/// "User satisfaction decline", daily over two weeks: 13 days at 4.5 and a lower one: S = -13, the ties leave a variance of
/// (14·13·33 - 13·12·31) / 18 = 65, z = 12 / 8.06 = 1.49, no trend. With a second one S = -25, variance 121, z = 24 / 11 =
/// 2.18. A note only.
#[test]
fn s3_183_satisfaction_declines() {
    rule("S3", "satisfaction-declining")
        .every("1d")
        .values("satisfaction", "4.5*14 4.4 4.3 4.2")
        .judged(15, ["clear go", "fired go", "fired go"]);
}

/// "(every 30s)": twenty checks in ten minutes. The ten minutes up to sample 20 lack none; without one they do.
#[test]
fn s3_116_checks_every_thirty_seconds() {
    let checks = |values: &str| {
        let rule = rule("S3", "health-monitored").every("30s").item("api");
        ["api", "database", "analytics_queue", "feature_flags"]
            .iter()
            .fold(rule, |rule, check| {
                rule.values(&format!("health.{check}"), values)
            })
    };
    checks("true*21").judged(19, ["unmet no-go", "met go", "met go"]);
    checks("true*21 _ true").judged(21, ["met go", "unmet no-go", "unmet no-go"]);
}

/// "SLOs established and baselined": each of the six, or nothing is known to compare with.
#[test]
fn s3_15_there_is_a_baseline() {
    let some = |given: usize| {
        let names = [
            "up",
            "latency_p95",
            "latency_p99",
            "error_rate",
            "analytics_persisted",
            "security_incidents",
        ];
        let values = ["true", "400", "700", "0.004", "1", "0"];
        let rule = rule("S3", "baselined").values("uploads", "1*3");
        names
            .iter()
            .zip(values)
            .take(given)
            .fold(rule, |rule, (name, value)| {
                rule.baseline(&format!("before.{name}"), value)
            })
    };
    some(5).judged(1, ["unmet no-go", "unmet no-go", "unmet no-go"]);
    some(6).judged(1, ["met go", "met go", "met go"]);
}

/// "100 uploads/min" for the ten minutes of a load test: 999 are too few, 1,000 are enough.
#[test]
fn s3_22_a_hundred_uploads_a_minute() {
    rule("S3", "upload-load")
        .values("uploads", "0*11 999 1000 1000")
        .judged(12, ["unmet no-go", "met go", "met go"]);
}
