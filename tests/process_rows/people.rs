//! What people say: attestations, approvals, and who is named.

use serde_json::json;

use crate::process_rows::scene::{approved, attested, row};

/// "Confirm compiled bookmarks and page stamps are present": a maintainer who names the binder.
#[test]
fn s0_16_somebody_has_looked() {
    let staging = || row("S0-16", "staging");
    let seen = || attested("bookmarks-and-stamps", "jon", "maintainer", "-10m");
    let filled = || seen().with("fields", json!({"binder": "M-17"}));
    staging().given(filled()).is("bookmarks-and-stamps", "met");
    staging()
        .given(seen())
        .is("bookmarks-and-stamps", "pending");
    staging()
        .given(filled().with("fields", json!({"binder": " "})))
        .is("bookmarks-and-stamps", "pending");
    staging()
        .given(filled().with("role", "support"))
        .is("bookmarks-and-stamps", "pending");
    // Before the stage was entered, or of another commit.
    staging()
        .given(filled().at("-61m"))
        .is("bookmarks-and-stamps", "pending");
    staging()
        .given(filled().with("commit", "c0"))
        .is("bookmarks-and-stamps", "pending");
}

/// "testing with accounts at each tier level": one attestation for each tier.
#[test]
fn s1_07_one_for_each_tier() {
    let tier = |tier: &str| {
        attested("access-verified", "kim", "qa", "-5m")
            .with("key", tier)
            .with("fields", json!({"account": "q1"}))
    };
    let enabled = row("S1-07", "enabled")
        .known(&json!({"tiers": ["enterprise", "professional"]}))
        .given(tier("enterprise"));
    enabled.is("access-verified[enterprise]", "met");
    enabled.is("access-verified[professional]", "pending");
}

/// "a parser bug (fixable) or a fundamental format limitation": one of the two.
#[test]
fn s1_37_one_of_two_outcomes() {
    let outcome = |outcome: &str| {
        let said = attested("bug-or-limitation", "lee", "parser-owner", "-5m");
        row("S1-37", "rolled-back").given(said.with("fields", json!({"outcome": outcome})))
    };
    outcome("parser-bug").is("bug-or-limitation", "met");
    outcome("format-limitation").is("bug-or-limitation", "met");
    outcome("no idea").is("bug-or-limitation", "pending");
}

/// "User feedback neutral or positive".
#[test]
fn s3_52_what_users_say() {
    let feedback = |feedback: &str| {
        let said = attested("feedback", "pia", "product-owner", "-5m");
        row("S3-52", "canary-5").given(said.with("fields", json!({"feedback": feedback})))
    };
    feedback("neutral").is("feedback", "met");
    feedback("negative").is("feedback", "pending");
}

/// "Approval from eng lead + product owner (high-risk changes)".
#[test]
fn s2_42_the_advisory_board() {
    let board = || {
        row("S2-42", "pre-deploy")
            .entered("-60h")
            .now("-2h")
            .known(&json!({"change_risk": "high"}))
    };
    let lead = || approved("cab", "Ada", "eng-lead", "-4h");
    let owner = || approved("cab", "ben", "product-owner", "-3h");
    board().all(&[lead(), owner()]).is("cab", "met");
    board().given(lead()).is("cab", "pending");
    // One person twice, in two spellings.
    board()
        .all(&[lead(), owner().with("by", " ADA ")])
        .is("cab", "pending");
    // By the author of the change.
    board()
        .all(&[lead(), owner().with("by", "Mira")])
        .is("cab", "pending");
    // Somebody says no, and takes it back.
    let no = || approved("cab", "cy", "eng-lead", "-150m").with("decision", "rejected");
    board().all(&[lead(), owner(), no()]).is("cab", "unmet");
    let back = no().at("-130m").with("decision", "withdrawn");
    board().all(&[lead(), owner(), no(), back]).is("cab", "met");
    // Nobody knows who wrote it.
    board()
        .subject("author", json!(null))
        .all(&[lead(), owner()])
        .is("cab", "unknown");
    row("S2-42", "pre-deploy")
        .known(&json!({"change_risk": "low"}))
        .is("cab", "skipped");
}

/// "8 stakeholders": eight people who are listed, not eight approvals.
#[test]
fn s3_14_eight_distinct_people() {
    let names = [
        "Abena", "Björn", "Chidi", "Divya", "Emre", "Farida", "Goran", "Hana",
    ];
    let signed = |names: &[&str]| {
        let facts: Vec<_> = names
            .iter()
            .map(|name| approved("sign-offs", name, "executive", "-5m"))
            .collect();
        row("S3-14", "preconditions").all(&facts)
    };
    signed(&names).is("sign-offs", "met");
    signed(&names[..7]).is("sign-offs", "pending");
    let mut twice = names;
    twice[7] = "BJÖRN";
    signed(&twice).is("sign-offs", "pending");
    twice[7] = "Ines";
    signed(&twice).is("sign-offs", "pending");
}

/// "2 approvers for production", neither of them the author.
#[test]
fn s2_125_two_people_have_read_it() {
    let hotfix = || row("S2-125", "hotfix");
    let one = || approved("code-review", "ada", "engineer", "-5m");
    let two = || approved("code-review", "ben", "sre", "-4m");
    hotfix().all(&[one(), two()]).is("code-review", "met");
    hotfix().all(&[one()]).is("code-review", "pending");
    hotfix()
        .all(&[one(), two().with("by", "mira")])
        .is("code-review", "pending");
    hotfix()
        .all(&[one(), two().with("role", "dba")])
        .is("code-review", "pending");
    // An approval of what was there before.
    hotfix()
        .all(&[one(), two().with("commit", "c0")])
        .is("code-review", "pending");
}

/// "Manual rollback approved": not given is clear, given is a rollback that stays.
#[test]
fn s3_150_a_rollback_that_a_person_approves() {
    let canary = || row("S3-150", "canary-5").entered("-3h");
    let off = || approved("called-off", "ada", "engineering-manager", "-2h");
    canary().is("called-off", "clear");
    canary().given(off()).is("called-off", "fired");
    canary()
        .given(off().with("role", "sre"))
        .is("called-off", "clear");
    let back = off().at("-1h").with("decision", "withdrawn");
    canary().all(&[off(), back]).is("called-off", "fired");
}

/// "PHONE / Engineering Manager / Rollback approval": level 3 alone may.
#[test]
fn s3_197_who_may_approve_a_rollback() {
    let said =
        |role: &str| row("S3-197", "canary-25").given(approved("called-off", "ada", role, "-5m"));
    said("engineering-manager").is("called-off", "fired");
    said("tech-lead").is("called-off", "clear");
}

/// "explicit change ticket and rollback owner": named in what is released.
#[test]
fn s0_04_who_rolls_back() {
    let staging = || row("S0-04", "staging");
    staging()
        .subject("rollback_owner", "jon")
        .is("record.rollback_owner", "met");
    staging()
        .subject("rollback_owner", "")
        .is("record.rollback_owner", "unmet");
    staging().is("record.rollback_owner", "unmet");
}

/// "roles (deployer, observer, DBA, SRE)": all four are named.
#[test]
fn s2_40_everybody_has_a_part() {
    let brief = |fields: serde_json::Value| {
        let said = attested("team-briefing", "rae", "release-manager", "-7h");
        row("S2-40", "pre-deploy")
            .entered("-60h")
            .now("-7h")
            .given(said.with("fields", fields))
    };
    let all = json!({"deployer": "ada", "observer": "ben", "dba": "cy", "sre": "dee"});
    brief(all).is("team-briefing", "met");
    let three = json!({"deployer": "ada", "observer": "ben", "dba": "cy"});
    brief(three).is("team-briefing", "pending");
}

/// "24/7 on-call": said by the manager, and no longer than a week ago.
#[test]
fn s3_103_somebody_watches() {
    let watched = |when: &str| {
        row("S3-103", "full").entered("-20d").given(attested(
            "round-the-clock",
            "ada",
            "engineering-manager",
            when,
        ))
    };
    watched("-7d").is("round-the-clock", "met");
    watched("-168h1s").is("round-the-clock", "pending");
}

/// "Incident response team on standby".
#[test]
fn s3_16_they_stand_by() {
    let standby =
        |role: &str| row("S3-16", "preconditions").given(attested("standby", "omar", role, "-5m"));
    standby("on-call").is("standby", "met");
    standby("tech-lead").is("standby", "pending");
}
