//! The rows of the playbook S0, each at its limit. Worked out from its words; the policy is `S0.yaml`.

use crate::rows::scenario::rule;

/// "spikes after enabling flag": a spike is three times the hour before the flag, 10, so more than 30.
#[test]
fn s0_10_a_spike_after_the_flag() {
    let spike = || {
        rule("S0", "unavailable-spike").every("5m").values(
            "policy_reasons.document_compiled_artifact_unavailable",
            "29 30 31 29",
        )
    };
    let before = "before.policy_reasons.document_compiled_artifact_unavailable";
    spike()
        .baseline(before, "10")
        .judged(1, ["clear go", "clear go", "fired no-go"]);
    // Nobody measured before the flag: nothing can be compared, unless the author says that it need not be.
    spike().judged(1, ["unknown no-go", "unknown no-go", "unknown no-go"]);
    spike()
        .with("missing: ignore")
        .judged(1, ["unknown go", "unknown go", "unknown go"]);
}

/// "stable relative to baseline": at most one hundredth above, so up to 0.05 where it was 0.04.
#[test]
fn s0_24_a_rate_that_is_stable_against_the_one_before() {
    rule("S0", "blocked-rate-stable")
        .values("blocked_rate", "0.049 0.05 0.051")
        .baseline("before.blocked_rate", "0.04")
        .judged(1, ["met go", "met go", "unmet no-go"]);
}

/// "does not trend upward": of the 24 hours of a day, each a part of four samples, 23 are level and the last is higher:
/// S = 23, the ties leave a variance of (24·23·53 - 23·22·51) / 18 = 191.7, z = 22 / 13.84 = 1.59, no trend at 5 %. With
/// the second higher hour S = 45, variance 367.7, z = 44 / 19.17 = 2.29: a trend. It is there with the fifth higher sample.
#[test]
fn s0_25_refusals_that_trend_upward() {
    rule("S0", "unavailable-flat")
        .every("15m")
        .values(
            "policy_reasons.document_compiled_artifact_unavailable",
            "5*100 6 7 8 9 10 11",
        )
        .judged(104, ["met go", "unmet no-go", "unmet no-go"]);
}

/// "sustained increase": more than 1.2 times the hour before, 10, for half an hour. 12 is no increase; from sample 1 on it
/// is one, and half an hour later is sample 7.
#[test]
fn s0_29_a_sustained_increase() {
    rule("S0", "unavailable-sustained")
        .every("5m")
        .values(
            "policy_reasons.document_compiled_artifact_unavailable",
            "12 13*8",
        )
        .baseline(
            "before.policy_reasons.document_compiled_artifact_unavailable",
            "10",
        )
        .judged(7, ["pending go", "fired rollback", "fired rollback"]);
}

/// "repeated binder download failures": three within an hour. The first is counted at sample 5, the third at sample 7.
#[test]
fn s0_30_failures_again_and_again() {
    rule("S0", "downloads-fail")
        .every("15m")
        .values("download_failures", "100*5 101 102 103*2")
        .judged(7, ["clear go", "fired rollback", "fired rollback"]);
    // One failure every half hour: two within any hour.
    rule("S0", "downloads-fail")
        .every("15m")
        .values("download_failures", "1 1 2 2 3 3 4 4 5 5")
        .judged(8, ["clear go", "clear go", "clear go"]);
}
