//! Stages with all that is asked of them: they go. Without any one fact they do not, and with all of them dated later, of
//! another commit or undated neither.

use gonogo::verdict::Decision;
use serde_json::{Value as Json, json};

use crate::process_rows::scene::{Fact, Scene, approved, attested, evidence, record, row};

/// A stage without its facts, and these.
struct Complete {
    scene: Scene,
    facts: Vec<Fact>,
}

fn filled(fact: Fact, fields: Json) -> Fact {
    fact.with("fields", fields)
}

fn staging() -> Complete {
    let here = |id: &str| evidence(id, "-30m").with("environment", "staging");
    let maintainer = |rule: &str| attested(rule, "jon", "maintainer", "-20m");
    Complete {
        scene: row("S0-14", "staging")
            .subject("change_ticket", "CHG-7")
            .subject("rollback_owner", "jon")
            .subject("metrics_owner", "kim"),
        facts: vec![
            evidence("validate-backend-runtime-source-sync", "-30m"),
            evidence("validate-cloudflare-env-configuration", "-30m"),
            here("test-document-compilation"),
            here("smoke-upload-download"),
            here("rollback-command"),
            filled(
                maintainer("bookmarks-and-stamps"),
                json!({"binder": "M-17"}),
            ),
            filled(
                maintainer("security-checklist"),
                json!({"checklist_commit": "a1"}),
            ),
        ],
    }
}

fn launch() -> Complete {
    let by = |rule: &str, role: &str| attested(rule, "kim", role, "-20m");
    let metrics = json!({
        "traits": ["cells", "formula", "cpu-bound"],
        "error_types": ["truncated", "encrypted"], "fixtures": ["encrypted", "truncated", "empty"],
    });
    let tests = [
        "error-conditions-422",
        "file-size-limits",
        "unit-tests",
        "resource-guard-tests",
        "integration-tests",
    ];
    let mut facts: Vec<Fact> = tests.iter().map(|id| evidence(id, "-30m")).collect();
    facts.extend([
        evidence("format-rollback", "-30m").with("environment", "staging"),
        by("parser-module", "parser-owner"),
        by("cell-limits", "parser-owner"),
        by("security-guards", "security"),
        by("runs-in-thread", "parser-owner"),
        filled(
            by("runbook", "parser-owner"),
            json!({"path": "docs/runbooks/parser-ods.md"}),
        ),
        filled(by("first-tiers", "product"), json!({"tiers": "enterprise"})),
        filled(
            by("dashboard", "sre"),
            json!({"url": "https://dash.example/ods"}),
        ),
        by("support-briefed", "support"),
    ]);
    Complete {
        scene: row("S1-38", "launch-checklist").known(&metrics),
        facts,
    }
}

fn preconditions() -> Complete {
    let by = |rule: &str, role: &str| attested(rule, "kim", role, "-20m");
    let data = |id: &str, data: Json| evidence(id, "-30m").with("data", data);
    let executives = [
        "Abena", "Björn", "Chidi", "Divya", "Emre", "Farida", "Goran", "Hana",
    ];
    let signed = executives.map(|name| approved("sign-offs", name, "executive", "-10m"));
    let mut facts = vec![
        by("slice-a", "tech-lead"),
        by("controller", "tech-lead"),
        data("staging-canary", json!({"hours": 48})).with("environment", "staging"),
        by("no-personal-data", "privacy"),
        data("api-contract", json!({"pass_rate": 1.0})),
        by("standby", "on-call"),
        by("rollback-drill", "sre"),
        by("test-review", "tech-lead"),
        by("guidance", "support-lead"),
        evidence("security-scan", "-30m"),
        approved("plan-approved", "ada", "plan-reviewer", "-10m"),
        approved("plan-approved", "ben", "plan-approver", "-10m"),
        data("plan-review", json!({"reviewed": "2025-10-12T09:00:00Z"})),
    ];
    facts.extend(signed);
    let before = json!({"error_rate": 0.002, "latency_p95": 300.0, "support_tickets": 12.0});
    Complete {
        scene: row("S3-02", "preconditions").baseline("before", before),
        facts,
    }
}

fn hotfix() -> Complete {
    let commander = |rule: &str| attested(rule, "omar", "incident-commander", "-20m");
    let audited = [
        "deployer",
        "deployed_at",
        "migrations",
        "rollback",
        "approvers",
    ];
    let scene = audited
        .iter()
        .fold(row("S2-124", "hotfix"), |scene, field| {
            scene.subject(field, "noted")
        });
    Complete {
        scene,
        facts: vec![
            filled(
                commander("bypass-reason"),
                json!({"reason": "nobody can log in"}),
            ),
            filled(commander("incident-ticket"), json!({"ticket": "INC-7"})),
            approved("code-review", "ada", "engineer", "-20m"),
            approved("code-review", "ben", "sre", "-20m"),
            evidence("smoke-prod", "-20m"),
            evidence("deploy-hotfix", "-20m"),
        ],
    }
}

fn deploy() -> Complete {
    Complete {
        scene: row("S4-11", "deploy"),
        facts: vec![
            record("prerequisites", "go", "-2h"),
            evidence("render-deploy", "-20m"),
        ],
    }
}

fn all() -> [Complete; 5] {
    [staging(), launch(), preconditions(), hotfix(), deploy()]
}

fn decided(scene: &Scene, facts: &[Fact]) -> Decision {
    scene.clone().all(facts).verdict().verdict
}

#[test]
fn with_all_facts_it_goes() {
    for Complete { scene, facts } in all() {
        let verdict = scene.all(&facts).verdict();
        assert_eq!(
            verdict.verdict,
            Decision::Go,
            "{}: {}",
            verdict.stage,
            verdict.reason
        );
    }
}

#[test]
fn without_any_one_of_them_it_does_not() {
    for Complete { scene, facts } in all() {
        for index in 0..facts.len() {
            let mut fewer = facts.clone();
            fewer.remove(index);
            assert_eq!(
                decided(&scene, &fewer),
                Decision::NoGo,
                "without fact {index}"
            );
        }
    }
}

#[test]
fn nor_where_one_is_later_or_undated() {
    for Complete { scene, facts } in all() {
        for index in 0..facts.len() {
            let mut changed = facts.clone();
            changed[index] = facts[index].clone().at("+1s");
            assert_eq!(
                decided(&scene, &changed),
                Decision::NoGo,
                "fact {index} later"
            );
            changed[index] = facts[index].clone().without("at");
            assert_eq!(
                decided(&scene, &changed),
                Decision::NoGo,
                "fact {index} undated"
            );
        }
    }
}

#[test]
fn nor_where_one_is_of_another_commit() {
    for Complete { scene, facts } in all() {
        for (index, fact) in facts.iter().enumerate() {
            let mut changed = facts.clone();
            changed[index] = match fact.clone() {
                Fact("records", of) => Fact("records", of).with("subject", json!({"commit": "c0"})),
                other => other.with("commit", "c0"),
            };
            assert_eq!(
                decided(&scene, &changed),
                Decision::NoGo,
                "fact {index} of c0"
            );
        }
    }
}

/// The order of facts, and whether they come twice, is nothing.
#[test]
fn in_any_order_and_twice_it_goes() {
    for Complete { scene, mut facts } in all() {
        facts.reverse();
        facts.extend(facts.clone());
        assert_eq!(decided(&scene, &facts), Decision::Go);
    }
}
