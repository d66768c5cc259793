//! Patches of facts: found by what they are called, merged, read again, added where there is none.

use serde_json::{Value as Json, json};

use super::same;

fn sample() -> Json {
    json!({
        "at": "2025-10-16T10:00:00Z",
        "subject": {"service": "s", "version": "1", "commit": "c1"},
        "metrics": {"error_rate": 0.01, "flag": true, "mode": "on"},
    })
}

fn facts() -> Json {
    json!({
        "subject": {"service": "s", "version": "1"},
        "evidence": [
            {"id": "unit-tests", "status": "passed", "exit_code": 0, "at": "2025-10-16T09:00:00Z", "commit": "c1",
                "data": {"coverage": 0.83, "tests": {"run": 10, "failed": 0}, "tags": ["a", null]}},
            {"id": "unit-tests", "status": "passed", "at": "2025-10-16T08:00:00Z", "started": "2025-10-16T07:00:00Z"},
            {"id": "scan", "status": "failed", "at": "2025-10-16T09:00:00Z", "url": "https://x", "key": 7},
        ],
        "attestations": [
            {"rule": "drill", "by": "jon", "role": "sre", "at": "2025-10-16T09:00:00Z", "expires": "2025-10-17T09:00:00Z",
                "fields": {"minutes": "4", "who": "jon"}},
        ],
        "approvals": [
            {"rule": "cab", "by": "ada", "role": "lead", "at": "2025-10-16T09:00:00Z", "decision": "approved", "commit": "c1"},
            {"rule": "cab", "by": "Eve  Adams", "role": "lead", "at": "2025-10-16T09:10:00Z", "decision": "rejected"},
        ],
        "records": [
            {"stage": "staging", "verdict": "go", "at": "2025-10-16T08:00:00Z", "subject": {"service": "s", "version": "1"}},
        ],
    })
}

/// Holds that a patch gives what the facts give once they are changed by hand.
fn patched(patch: &Json, change: impl FnOnce(&mut Json)) {
    let mut test = json!({"name": "t", "given": [sample(), facts()], "patch": patch, "expect": {"verdict": "go"}});
    let mut edited = facts();
    change(&mut edited);
    let mut documents = [sample(), edited];
    same(&test, &documents);
    // And at another time.
    test["shift"] = json!("36h");
    for document in &mut documents {
        *document = super::slow::shifted(document, jiff::SignedDuration::from_hours(36));
    }
    same(&test, &documents);
}

#[test]
fn a_patch_without_facts_leaves_them_as_they_are() {
    patched(&json!({"x-note": 1}), |_| {});
    patched(&json!({"evidence": {}, "approvals": []}), |_| {});
}

#[test]
fn evidence_is_changed_by_its_id_all_of_it() {
    patched(
        &json!({"evidence": {"unit-tests": {"status": "failed", "exit_code": null}}}),
        |facts| {
            for index in [0, 1] {
                facts["evidence"][index]["status"] = json!("failed");
            }
            facts["evidence"][0]["exit_code"] = Json::Null;
        },
    );
    patched(&json!({"evidence": {"unit-tests": null}}), |facts| {
        facts["evidence"].as_array_mut().expect("a list").drain(..2);
    });
    patched(&json!({"evidence": null}), |facts| {
        facts["evidence"] = json!([]);
    });
}

#[test]
fn data_of_evidence_is_merged() {
    patched(
        &json!({"evidence": {"unit-tests": {"at": "2025-10-16T09:30:00Z", "data": {"coverage": 0.5, "tests": {"failed": null, "new": true}}}}}),
        |facts| {
            facts["evidence"] = json!([
                {"id": "unit-tests", "status": "passed", "exit_code": 0, "at": "2025-10-16T09:30:00Z", "commit": "c1",
                    "data": {"coverage": 0.5, "tests": {"run": 10, "new": true}, "tags": ["a", null]}},
                {"id": "unit-tests", "status": "passed", "at": "2025-10-16T09:30:00Z", "started": "2025-10-16T07:00:00Z",
                    "data": {"coverage": 0.5, "tests": {"new": true}}},
                facts["evidence"][2],
            ]);
        },
    );
}

#[test]
fn another_commit_is_what_evidence_and_approvals_are_about() {
    patched(
        &json!({"evidence": {"unit-tests": {"commit": "c2"}}, "approvals": {"cab": {"commit": "c2"}}}),
        |facts| {
            for list in ["evidence", "approvals"] {
                for index in [0, 1] {
                    facts[list][index]["commit"] = json!("c2");
                }
            }
        },
    );
    patched(&json!({"approvals": {"cab": {"commit": null}}}), |facts| {
        facts["approvals"][0]
            .as_object_mut()
            .expect("a map")
            .remove("commit");
    });
}

#[test]
fn a_statement_is_changed_by_its_rule_and_by_who_said_it_where_that_is_named() {
    patched(
        &json!({"approvals": [{"rule": "cab", "by": "eve adams", "decision": "approved"}]}),
        |facts| {
            facts["approvals"][1]["decision"] = json!("approved");
            facts["approvals"][1]["by"] = json!("eve adams");
        },
    );
    patched(
        &json!({"approvals": {"cab": {"decision": "withdrawn"}}, "attestations": {"drill": {"fields": {"minutes": null, "result": "fine"}}}}),
        |facts| {
            for index in [0, 1] {
                facts["approvals"][index]["decision"] = json!("withdrawn");
            }
            facts["attestations"][0]["fields"] = json!({"who": "jon", "result": "fine"});
        },
    );
    // An attestation is no approval, though they share a rule's name.
    patched(&json!({"attestations": {"cab": null}}), |_| {});
}

#[test]
fn what_there_is_none_of_is_added_about_what_the_history_is_about() {
    patched(
        &json!({
            "approvals": [{"rule": "cab", "by": "bob", "at": "2025-10-16T09:00:00Z", "decision": "approved"}],
            "attestations": {"soak": {"by": "jon", "at": "2025-10-16T09:00:00Z"}},
        }),
        |facts| {
            // The history knows the commit too.
            let commit = "c1";
            let add = |facts: &mut Json, list: &str, mut fact: Json| {
                fact["commit"] = json!(commit);
                facts[list].as_array_mut().expect("a list").push(fact);
            };
            add(
                facts,
                "approvals",
                json!({"rule": "cab", "by": "bob", "at": "2025-10-16T09:00:00Z", "decision": "approved"}),
            );
            add(
                facts,
                "attestations",
                json!({"rule": "soak", "by": "jon", "at": "2025-10-16T09:00:00Z"}),
            );
        },
    );
}

#[test]
fn records_are_changed_by_their_stage() {
    patched(
        &json!({"records": {"staging": {"verdict": "no-go"}}}),
        |facts| {
            facts["records"][0]["verdict"] = json!("no-go");
        },
    );
    patched(
        &json!({"records": {"staging": {"subject": {"version": "2"}}, "canary": {"verdict": "go", "at": "2025-10-16T09:00:00Z", "subject": {"version": "1"}}}}),
        |facts| {
            facts["records"] = json!([
                {"stage": "staging", "verdict": "go", "at": "2025-10-16T08:00:00Z", "subject": {"service": "s", "version": "2"}},
                {"stage": "canary", "verdict": "go", "at": "2025-10-16T09:00:00Z", "subject": {"version": "1"}},
            ]);
        },
    );
}
