//! The one line in which a verdict says what is the matter with a proof.

use crate::support;

#[test]
fn a_proof_says_in_one_line_what_is_the_matter() {
    let expected = [
        (
            "an-attestation-that-expires-this-second-does-not-count",
            "drill: 1 attestation of role sre missing; that of ada at 2026-03-02T10:05:00Z does not count: expired at 2026-03-02T10:10:00Z",
        ),
        (
            "two-attestations-of-one-person-are-one",
            "drill: 1 attestation of role sre missing, attested by ada at 2026-03-02T10:06:00Z",
        ),
        (
            "one-person-fills-one-role",
            "cab: 1 approval of role dev missing, approved by ada at 2026-03-02T10:06:00Z",
        ),
        (
            "a-rejection-is-unmet",
            "cab: rejected by bob at 2026-03-02T10:05:00Z",
        ),
        (
            "an-unknown-author-leaves-the-separation-of-duties-unknown",
            "drill: subject.author is unknown: no value",
        ),
        (
            "evidence-that-failed-is-unmet",
            "tests: unit-tests failed at 2026-03-02T10:05:00Z (exit code 1)",
        ),
        (
            "absent-evidence-is-pending",
            "tests: evidence unit-tests is missing",
        ),
        (
            "evidence-a-second-older-than-max-age-is-pending",
            "tests: evidence unit-tests, at most 5m old is missing; the one at 2026-03-02T10:05:00Z does not count: older than 5m",
        ),
        (
            "evidence-that-failed-once-latches-a-hard-stop",
            "stop: fired at 2026-03-02T10:04:00Z, clear since 2026-03-02T10:05:00Z",
        ),
        (
            "a-calendar-that-is-denied-says-why",
            "window: closed: freeze, opens 2026-03-04T09:00:00Z",
        ),
        (
            "a-calendar-closed-by-a-condition-is-closed",
            "window: closed: incident (incidents is 1, limit 0)",
        ),
        (
            "what-is-due-this-second-is-unmet",
            "drill: 1 attestation missing, was due 2026-03-02T10:10:00Z",
        ),
        (
            "a-go-before-a-rollback-is-unmet",
            "stage.needs[staging]: stage staging was go at 2026-03-02T09:00:00Z, rolled back at 2026-03-02T09:30:00Z",
        ),
        (
            "a-stage-that-was-never-judged-is-pending",
            "stage.needs[staging]: a go of staging is missing",
        ),
        (
            "a-field-for-the-audit-that-is-absent-is-unmet",
            "record.deployer: subject.deployer is not given",
        ),
        (
            "a-condition-that-is-due-later-is-pending",
            "copy: not yet, due 2026-03-02T10:20:00Z",
        ),
    ];
    let cases = support::cases();
    for (name, reason) in expected {
        let case = cases.iter().find(|case| case.name == name).expect(name);
        assert_eq!(case.judge().reason, reason, "{name}");
    }
}

#[test]
fn a_closed_calendar_is_not_yet() {
    let cases = support::cases();
    let case = |name: &str| {
        cases
            .iter()
            .find(|case| case.name == name)
            .expect("a case")
            .judge()
    };
    assert_eq!(case("a-calendar-that-is-denied-says-why").exit_code, 11);
    assert_eq!(case("a-rejection-is-unmet").exit_code, 10);
}

#[test]
fn what_is_met_late_says_so() {
    let cases = support::cases();
    for (name, late) in [
        ("what-was-given-late-is-met-and-late", true),
        ("what-was-given-in-time-is-met", false),
    ] {
        let case = cases.iter().find(|case| case.name == name).expect(name);
        let verdict = case.judge();
        assert_eq!(verdict.findings[0].late, late, "{name}");
        assert!(verdict.findings[0].due.is_some(), "{name}");
    }
}

#[test]
fn what_is_missing_says_who_could_supply_it() {
    let cases = support::cases();
    let name = "an-attestation-by-somebody-not-among-the-people-of-the-role-does-not-count";
    let case = cases.iter().find(|case| case.name == name).expect(name);
    let verdict = case.judge();
    let proof = verdict.findings[0].proof.as_ref().expect("a proof");
    let lack = &proof.missing[0];
    assert_eq!(
        (lack.count, lack.role.as_deref(), lack.contact.as_deref()),
        (1, Some("sre"), Some("#sre"))
    );
    assert_eq!(lack.people, ["ada", "bob"]);
}
