//! Commands that were run: evidence of the commit and the environment, with what it measured; and again after a rollback.

use serde_json::json;

use crate::process_rows::scene::{evidence, row};

/// `validate_backend_runtime_source_sync.py`: passed, of this commit.
#[test]
fn s0_06_the_source_is_in_sync() {
    let staging = || row("S0-06", "staging");
    let sync = || evidence("validate-backend-runtime-source-sync", "-2h");
    staging().given(sync()).is("source-sync", "met");
    staging()
        .given(sync().with("exit_code", 1))
        .is("source-sync", "unmet");
    staging()
        .given(sync().with("commit", "c0"))
        .is("source-sync", "pending");
    staging().is("source-sync", "pending");
}

/// "passes in target environment": not in any other.
#[test]
fn s0_42_the_tests_of_the_environment_that_is_released_to() {
    let canary = || row("S0-42", "production-canary");
    let tests = || evidence("test-document-compilation", "-2h");
    canary()
        .given(tests().with("environment", "production"))
        .is("tested-here", "met");
    canary()
        .given(tests().with("environment", "staging"))
        .is("tested-here", "pending");
    canary().given(tests()).is("tested-here", "pending");
}

/// "no HIGH/CRITICAL vulnerabilities".
#[test]
fn s2_16_no_severe_vulnerability() {
    let audit = |high: i64| {
        evidence("npm-audit", "-50h").with("data", json!({"high": high, "critical": 0}))
    };
    let before = || row("S2-16", "pre-deploy").entered("-60h").now("-49h");
    before().given(audit(0)).is("dependency-audit", "met");
    before().given(audit(1)).is("dependency-audit", "unmet");
    // The report does not say how many are critical.
    before()
        .given(audit(0).with("data", json!({"high": 0})))
        .is("dependency-audit", "unknown");
}

/// "100% pass, >80% coverage".
#[test]
fn s2_20_all_tests_and_more_than_80_percent() {
    let tests = |rate: f64, coverage: f64| {
        let data = json!({"pass_rate": rate, "coverage": coverage});
        row("S2-20", "pre-deploy").given(evidence("unit-tests", "-50h").with("data", data))
    };
    tests(1.0, 0.81).is("unit-tests", "met");
    tests(1.0, 0.8).is("unit-tests", "unmet");
    tests(0.999, 0.9).is("unit-tests", "unmet");
}

/// "--requests=1000 --rps=50".
#[test]
fn s2_49_a_thousand_requests_of_warm_up() {
    let warm = |requests: i64| {
        let data = json!({"requests": requests, "rps": 50});
        row("S2-49", "pre-flight")
            .now("+4m")
            .given(evidence("warmup-green", "+3m").with("data", data))
    };
    warm(1000).is("warm-up", "met");
    warm(999).is("warm-up", "unmet");
}

/// The five critical paths: one record for each.
#[test]
fn s2_69_each_critical_path_by_itself() {
    let path = |key: &str| {
        evidence("critical-path", "-5m")
            .with("key", key)
            .with("environment", "production")
    };
    let full = row("S2-69", "full-rollout")
        .given(path("login"))
        .given(path("ai-chat").with("status", "failed"));
    full.is("critical-path[login]", "met");
    full.is("critical-path[ai-chat]", "unmet");
    full.is("critical-path[realtime]", "pending");
}

/// "MFA bypass attempts (must fail)": somebody has tried, and nobody came through.
#[test]
fn s3_28_attempts_that_must_fail() {
    let attempts = |attempts: i64, successes: i64| {
        let data = json!({"attempts": attempts, "successes": successes});
        row("S3-28", "pre-production").given(evidence("mfa-bypass", "-10m").with("data", data))
    };
    attempts(40, 0).is("mfa-holds", "met");
    attempts(40, 1).is("mfa-holds", "unmet");
    attempts(0, 0).is("mfa-holds", "unmet");
}

/// "Run `make test-document-compilation`" again: what passed before the rollback does not count.
#[test]
fn s0_34_the_tests_are_run_again() {
    let again = |started: &str| {
        let tests = evidence("test-document-compilation", "-10m")
            .with("environment", "production")
            .with("started", json!(started));
        row("S0-34", "rolled-back").entered("-1h").given(tests)
    };
    again("2025-10-16T16:00:00Z").is("tests-again", "met");
    again("2025-10-16T15:59:59Z").is("tests-again", "pending");
}

/// "All critical paths functional", after the rollback.
#[test]
fn s2_88_the_critical_paths_again() {
    let path = |started: &str| {
        let path = evidence("critical-path", "-10m").with("key", "login");
        let path = path
            .with("environment", "production")
            .with("started", json!(started));
        row("S2-88", "rolled-back").given(path)
    };
    path("2025-10-16T16:30:00Z").is("paths-again[login]", "met");
    path("2025-10-16T15:30:00Z").is("paths-again[login]", "pending");
}

/// "Confirm runtime is back to `metadata_plan_only` behavior".
#[test]
fn s0_36_the_runtime_only_plans() {
    let mode = |mode: &str| row("S0-36", "rolled-back").known(&json!({"runtime_mode": mode}));
    mode("metadata_plan_only").is("plan-only", "met");
    mode("compiled_pdf").is("plan-only", "unmet");
    row("S0-36", "rolled-back").is("plan-only", "unknown");
}

/// "Document counts and checksums": only where a backup was restored.
#[test]
fn s2_96_as_complete_as_the_backup() {
    let restored = |count: i64| {
        let backup = json!({"document_count": 10_000, "document_checksum": "9f"});
        let now = json!({"document_count": count, "document_checksum": "9f", "restored": true});
        row("S2-96", "rolled-back")
            .baseline("backup", backup)
            .known(&now)
    };
    restored(10_000).is("data-complete", "met");
    restored(9_999).is("data-complete", "unmet");
    row("S2-96", "rolled-back")
        .known(&json!({"restored": false}))
        .is("data-complete", "skipped");
}
