//! The rows of the playbook S4, each at its limit. Worked out from its words; the policy is `S4.yaml`. The queries are run
//! every hour.

use crate::rows::scenario::{Scenario, rule};

fn hourly(id: &str) -> Scenario {
    rule("S4", id).every("1h")
}

/// "~10% of log lines": a tenth of a hundred lines an hour, give or take a fifth of it: 12 are about a tenth, 13 are not.
#[test]
fn s4_17_about_a_tenth_is_routed_to_v2() {
    hourly("a-tenth-on-v2")
        .values("routed.v2", "0 11 23 36")
        .values("routed.v1", "0 89 177 264")
        .judged(2, ["met go", "met go", "unmet no-go"]);
}

/// "at 1 hour, 6 hours, and 24 hours": nothing but those three is judged.
#[test]
fn s4_18_query_1_at_three_instants() {
    let query = |rates: &str, stuck: &str| {
        let rule = hourly("query-1").values("stuck_imports", stuck);
        rule.values("success_rate_pct", rates)
    };
    query("90 95 90*4 95 90*17 95 90", "0*26").judged(24, ["pending no-go", "met go", "met go"]);
    query("99*6 94.9 99*19", "0*26").judged(6, ["pending no-go", "unmet no-go", "unmet no-go"]);
    // No query at the sixth hour and none within the next.
    query("99*6 _ _ 99", "0*6 _ _ 0")
        .judged(7, ["pending no-go", "pending no-go", "unknown no-go"]);
}

/// "Steady hourly import counts, no sudden drops": a drop below half the mean of six hours. After five hours of 100 an hour
/// of x is not below half of (500 + x) / 6 from x = 500 / 11 = 45.5 on.
#[test]
fn s4_21_a_sudden_drop() {
    let steady = |last: &str| hourly("steady-imports").values("imports_hourly", last);
    steady("100*6 100 46 100").judged(7, ["met go", "met go", "met go"]);
    steady("100*6 100 45 100").judged(7, ["met go", "unmet no-go", "met go"]);
}

/// "Most imports < 10 minutes, <10% in >30min bucket": half are not most, and 10 % are not under it.
#[test]
fn s4_22_a_histogram_of_durations() {
    let shares = |fast: &str, slow: &str| {
        hourly("durations")
            .values("duration_share.<10m", fast)
            .values("duration_share.>30m", slow)
    };
    shares("0.51 0.5 0.49", "0.05*3").judged(1, ["met go", "unmet no-go", "unmet no-go"]);
    shares("0.6*3", "0.09 0.1 0.11").judged(1, ["met go", "unmet no-go", "unmet no-go"]);
}

/// "for 24 consecutive hours ... `success_rate_pct` >= 95%": 24 hours later is sample 25; a gate that fails is a rollback.
#[test]
fn s4_25_success_for_24_consecutive_hours() {
    let success = |rates: &str| hourly("success-for-a-day").values("success_rate_pct", rates);
    // The hour before the entry was bad; entered with sample 1.
    success("_ 95*27").judged(25, ["pending no-go", "met go", "met go"]);
    success("95*20 94.9 95*5").judged(20, ["pending no-go", "unmet rollback", "unmet rollback"]);
}

/// "`stuck_imports` = 0 (or all stuck imports resolved within 2 hours)": two hours are within, a minute more is not.
#[test]
fn s4_26_nothing_is_stuck_for_long() {
    hourly("nothing-stuck")
        .values("stuck_imports", "0*10 1*3 0*14")
        .values("stuck_oldest", "0*10 60 119 120 0*14")
        .judged(24, ["pending no-go", "met go", "met go"]);
    hourly("nothing-stuck")
        .values("stuck_imports", "0*10 1*3 0*14")
        .values("stuck_oldest", "0*10 60 120 121 0*14")
        .judged(12, ["pending no-go", "unmet rollback", "unmet rollback"]);
}

/// "no memory leaks or crashes" over the day: as with S0-25 a second higher hour is a leak.
#[test]
fn s4_29_no_leak_and_no_crash() {
    let day = |memory: &str, crashes: &str| {
        let rule = hourly("no-leak-no-crash").values("memory", memory);
        rule.values("crashes", crashes)
    };
    day("500*25 510 520 530", "2*28").judged(26, ["met go", "unmet rollback", "unmet rollback"]);
    day("500*28", "2*26 3*2").judged(26, ["met go", "unmet rollback", "unmet rollback"]);
    // A day's history is needed to say that nothing leaks.
    day("500*26", "2*26").judged(24, ["unknown no-go", "met go", "met go"]);
}

/// "every 12 hours (48h total = 4 checkpoints) ... all 4": the fourth after 48 hours; one that fails is a rollback.
#[test]
fn s4_40_all_four_checkpoints() {
    let checks = |rates: &str| hourly("four-checkpoints").values("success_rate_pct", rates);
    checks("95*50").judged(48, ["pending no-go", "met go", "met go"]);
    checks("99*24 94 99*25").judged(24, ["pending no-go", "unmet rollback", "unmet rollback"]);
    // Bad between two checkpoints: nobody looks.
    checks("99*30 10 99*19").judged(48, ["pending no-go", "met go", "met go"]);
}

/// "Duration histogram should be similar": each share within 5 points of what stage 1 recorded.
#[test]
fn s4_37_durations_as_in_stage_1() {
    let spread = |slow: &str| {
        hourly("histogram-similar")
            .item(">30m")
            .values("duration_share.<10m", "0.75*3")
            .values("duration_share.10-30m", "0.25*3")
            .values("duration_share.>30m", slow)
    };
    spread("0.07 0.07 0.08")
        .baseline("canary-10.duration_share.<10m", "0.75")
        .baseline("canary-10.duration_share.10-30m", "0.25")
        .baseline("canary-10.duration_share.>30m", "0.02")
        .judged(1, ["met go", "met go", "unmet no-go"]);
    // Stage 1 saved no such bucket.
    spread("0.02*3")
        .baseline("canary-10.duration_share.<10m", "0.75")
        .baseline("canary-10.duration_share.10-30m", "0.25")
        .judged(1, ["unknown no-go", "unknown no-go", "unknown no-go"]);
}

/// "Error patterns should not introduce new error types" at any of the four checkpoints, and "No new error patterns" for 48
/// hours.
#[test]
fn s4_38_and_s4_42_no_new_errors() {
    let (known, new) = (
        "[\"timeout\"]*24 []*2 [\"timeout\",\"quota\"]*24",
        "[\"timeout\"]*25 [\"timeout\",\"oom\"] [\"timeout\"]*24",
    );
    let stage_1 = "[\"quota\",\"timeout\"]";
    let errors = |id: &str, values: &str| hourly(id).values("error_types", values);
    let saved =
        |id: &str, values: &str| errors(id, values).baseline("canary-10.error_types", stage_1);
    saved("no-new-types", known).judged(48, ["pending no-go", "met go", "met go"]);
    saved("no-new-patterns", known).judged(48, ["pending no-go", "met go", "met go"]);
    // Seen between two checkpoints only: the 48 hours notice it at once, the checkpoints never.
    saved("no-new-patterns", new).judged(25, ["pending no-go", "unmet rollback", "unmet rollback"]);
    saved("no-new-types", new).judged(48, ["pending no-go", "met go", "met go"]);
    // Stage 1 saved nothing: every type could be new.
    errors("no-new-patterns", known)
        .judged(48, ["unknown no-go", "unknown no-go", "unknown no-go"]);
    errors("no-new-types", known).judged(12, ["pending no-go", "unknown no-go", "unknown no-go"]);
}

/// "`success_rate_pct` >= 95% (every day)": the mean of each of seven days, the last of which ends with sample 168.
#[test]
fn s4_53_every_one_of_seven_days() {
    let days = |rates: &str| hourly("every-day").values("success_rate_pct", rates);
    days("95*170").judged(168, ["pending no-go", "met go", "met go"]);
    // The second day ends with sample 48: 23 hours of 95 and one of 94 are not 95. It stays so.
    days("95*30 94 95*139").judged(48, ["pending no-go", "unmet no-go", "unmet no-go"]);
    days("95*30 94 95*139").judged(168, ["unmet no-go", "unmet no-go", "unmet no-go"]);
    // 94 in one hour and 96 in the next: the day's mean is 95.
    days("95*30 94 96 95*138").judged(168, ["pending no-go", "met go", "met go"]);
}

/// "Zero v1 traffic for 24+ hours": the last call is counted at sample 5, and 24 hours later is sample 29.
#[test]
fn s4_54_no_v1_traffic_for_a_day() {
    hourly("no-v1-for-a-day")
        .values("v1_calls", "7*5 8*30")
        .judged(29, ["unmet no-go", "met go", "met go"]);
    // Not yet a day's history.
    hourly("no-v1-for-a-day")
        .values("v1_calls", "8*30")
        .judged(24, ["unknown no-go", "met go", "met go"]);
}

/// "More than 10 stuck imports in 1 hour": ten in the hour up to sample 2, eleven up to sample 3.
#[test]
fn s4_68_more_than_ten_stuck_in_an_hour() {
    hourly("stuck-burst")
        .values("imports_stuck", "0 0 10 21 21")
        .judged(3, ["clear go", "fired rollback", "fired rollback"]);
}

/// "Extend monitoring. If persists >6h, rollback": a tenth is slow from sample 1 on; six hours later is sample 7, which is
/// not more.
#[test]
fn s4_82_slow_for_more_than_six_hours() {
    let slow = |id: &str| hourly(id).values("duration_share.>30m", "0.09 0.1*9");
    slow("slow-for-long").judged(7, ["pending go", "pending go", "fired rollback"]);
    slow("slow-imports").judged(1, ["clear go", "fired no-go", "fired no-go"]);
}

/// "Run Query 2 every 30 minutes": each has its half hour; a result that does not come is missing for good.
#[test]
fn s4_74_query_2_every_half_hour() {
    let query = |stuck: &str| {
        let rule = rule("S4", "stuck-query").every("15m");
        rule.values("stuck_imports", stuck)
    };
    query("3*9").judged(2, ["pending no-go", "met go", "met go"]);
    query("3*3 _*6").judged(6, ["pending no-go", "pending no-go", "unknown no-go"]);
}

/// "7 consecutive days at 100% with zero issues": entered with sample 0, seven days later is sample 168.
#[test]
fn s4_59_a_week_without_an_issue() {
    let week = |complaints: &str| {
        hourly("week-without-issues")
            .values("success_rate_pct", "95*171")
            .values("stuck_imports", "0*171")
            .values("complaints", complaints)
    };
    week("0*171").judged(168, ["pending no-go", "met go", "met go"]);
    week("0 1 0*169").judged(169, ["pending no-go", "pending no-go", "met go"]);
}
