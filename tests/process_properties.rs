//! Proofs by people, commands and earlier verdicts, as properties over generated facts: they are judged as a slow and
//! obvious definition judges them, none counts for what it is not about, and none that speaks for a go makes one worse
//! by being there.

mod generate;
mod slow;

use gonogo::policy::check::Settings;
use gonogo::verdict::{Decision, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use crate::support;
use generate::{Policy, World, at, facts, policy, shuffled, world};

fn judge(policy: &str, documents: &[String], now: Timestamp) -> Verdict {
    let policy = support::policy(policy, &Settings::new());
    let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
    support::judge_found(&policy, &texts, Some("prod"), Some(now))
}

/// What became of each rule, and when, without the facts that are told.
fn became(verdict: &Verdict) -> Json {
    let findings = verdict.findings.iter().map(|finding| {
        json!([
            finding.name(),
            finding.status.name(),
            finding.counts,
            finding.late,
            finding.since,
            finding.fired_at,
            finding.cleared_at,
            finding.due,
            finding.met_at,
        ])
    });
    json!({
        "verdict": verdict.verdict.name(),
        "causes": verdict.causes.iter().map(|cause| cause.name()).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// A verdict without places and digests.
fn comparable(verdict: &Verdict) -> Json {
    let mut json = serde_json::to_value(verdict).expect("JSON");
    json["digests"]["record"] = Json::Null;
    for finding in json["findings"].as_array_mut().expect("findings") {
        if let Some(given) = finding["proof"]["given"].as_array_mut() {
            for one in given {
                one["place"] = Json::Null;
            }
        }
    }
    json["warnings"] = Json::Null;
    json
}

fn status(verdict: &Verdict, rule: &str) -> String {
    let found = verdict
        .findings
        .iter()
        .find(|finding| finding.name() == rule);
    found
        .map_or("-", |finding| finding.status.name())
        .to_owned()
}

/// Whether a fact speaks for a go.
fn speaks_for(list: &str, fact: &Json) -> bool {
    match list {
        "attestations" => fact["rule"] != "stop" && fact["decision"] != "withdrawn",
        "approvals" => fact["decision"] == "approved",
        "evidence" => fact["status"] == "passed" && fact["id"] == "unit-tests",
        _ => fact["verdict"] == "go",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// What people said is counted as the obvious definition counts it, whoever could fill whichever role.
    #[test]
    fn people_are_counted_as_the_slow_definition_counts_them(
        policy in policy(),
        world in world(),
        facts in facts(),
        now in 0_i64..26,
    ) {
        let verdict = judge(&policy.text(), &world.documents(std::slice::from_ref(&facts)), at(now));
        let expected = slow::attest(&policy, &world, &facts, now);
        prop_assert_eq!(status(&verdict, "drill"), expected, "drill, {:#?}", facts);
        let expected = slow::approve(&policy, &world, &facts, now);
        prop_assert_eq!(status(&verdict, "cab"), expected, "cab, {:#?}", facts);
    }

    /// Removing an approval, an attestation, evidence that passed or a go record never makes a verdict better.
    #[test]
    fn without_what_speaks_for_it_nothing_goes(
        policy in policy(),
        world in world(),
        facts in facts(),
        picked in any::<Index>(),
        now in 0_i64..26,
    ) {
        let text = policy.text();
        let before = judge(&text, &world.documents(std::slice::from_ref(&facts)), at(now)).verdict;
        let mut places: Vec<(&str, usize)> = Vec::new();
        for list in ["attestations", "approvals", "evidence", "records"] {
            let all = facts[list].as_array().expect("a list");
            places.extend(all.iter().enumerate().filter(|(_, fact)| speaks_for(list, fact)).map(|(index, _)| (list, index)));
        }
        prop_assume!(!places.is_empty());
        let (list, index) = places[picked.index(places.len())];
        let mut fewer = facts.clone();
        let gone = fewer[list].as_array_mut().expect("a list").remove(index);
        let after = judge(&text, &world.documents(&[fewer]), at(now)).verdict;
        prop_assert!(after >= before, "without {gone} {before:?} became {after:?}");
    }

    /// Where a sample says `null` of stage or subject, in place of a value, nothing goes that did not. A stop's own past is
    /// left out (`latch: false`): what it was told in silence it cannot remember.
    #[test]
    fn silence_about_stage_and_subject_is_never_go(
        policy in policy(),
        world in world(),
        facts in facts(),
        struck in prop::collection::vec((any::<Index>(), 0_usize..5), 1..5),
        now in 0_i64..26,
    ) {
        let text = policy.text().replace("{id: stop, attest: {}}", "{id: stop, attest: {}, latch: false}");
        let documents = world.documents(&[facts]);
        let before = judge(&text, &documents, at(now)).verdict;
        let mut samples: Vec<Json> = documents[0].lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        for (index, field) in struck {
            let sample = index.get(&samples).clone();
            let at = samples.iter().position(|other| *other == sample).expect("a sample");
            match ["service", "version", "commit", "author", "entered"][field] {
                "entered" => samples[at]["stage"]["entered"] = Json::Null,
                field => samples[at]["subject"][field] = Json::Null,
            }
        }
        let lines = samples.iter().map(|sample| sample.to_string() + "\n").collect();
        let silent = [lines, documents[1].clone()];
        let after = judge(&text, &silent, at(now));
        prop_assert!(
            before == Decision::Go || after.verdict != Decision::Go,
            "{before:?} became {:?} with {:#?} and {}", after.verdict, silent, documents[1]
        );
    }

    /// In whatever files and order facts come, the verdict is the same.
    #[test]
    fn facts_are_the_same_in_any_order_and_place(
        policy in policy(),
        world in world(),
        facts in facts(),
        seed in any::<u64>(),
        now in 0_i64..26,
    ) {
        let text = policy.text();
        let one = judge(&text, &world.documents(std::slice::from_ref(&facts)), at(now));
        let many = judge(&text, &world.documents(&shuffled(&facts, seed)), at(now));
        prop_assert_eq!(comparable(&one), comparable(&many));
    }

    /// What is dated after an instant says nothing at it: to know it already changes nothing.
    #[test]
    fn facts_count_from_their_own_instant_on(
        policy in policy(),
        world in world(),
        facts in facts(),
        now in 0_i64..26,
    ) {
        let text = policy.text();
        let all = judge(&text, &world.documents(std::slice::from_ref(&facts)), at(now));
        let mut known = facts.clone();
        for list in ["attestations", "approvals", "evidence", "records"] {
            let all = known[list].as_array_mut().expect("a list");
            all.retain(|fact| fact["at"].as_str().is_none_or(|told| told.parse::<Timestamp>().expect("an instant") <= at(now)));
        }
        let then = judge(&text, &world.documents(&[known]), at(now));
        prop_assert_eq!(became(&all), became(&then));
    }

    /// A stop that fired, and when, stays what it was as time goes on, in whatever steps somebody looked.
    #[test]
    fn a_hard_stop_by_people_is_the_same_whenever_it_is_looked_for(
        policy in policy(),
        world in world(),
        facts in facts(),
        now in 0_i64..20,
        more in 0_i64..6,
    ) {
        let text = policy.text();
        let documents = world.documents(&[facts]);
        let first = judge(&text, &documents, at(now));
        let later = judge(&text, &documents, at(now + more));
        let fired = |verdict: &Verdict| {
            let found = verdict.findings.iter().find(|finding| finding.rule == "stop");
            found.and_then(|finding| finding.fired_at)
        };
        // A sample between the two may begin the stage anew.
        if let (Some(fired_at), false) = (fired(&first), world.enters_between(now, now + more)) {
            prop_assert_eq!(fired(&later), Some(fired_at));
            prop_assert_eq!(later.verdict, Decision::Rollback);
        }
    }

    /// An attestation, or an approval, never counts for another rule, commit, service, stage or item, nor once it is over,
    /// nor before it is made.
    #[test]
    fn what_is_about_something_else_says_nothing(
        policy in policy(),
        world in world(),
        facts in facts(),
        picked in any::<Index>(),
        other in 0_usize..7,
        now in 0_i64..26,
    ) {
        let text = policy.text();
        let before = judge(&text, &world.documents(std::slice::from_ref(&facts)), at(now));
        let mut places: Vec<(&str, usize)> = Vec::new();
        for list in ["attestations", "approvals"] {
            let all = facts[list].as_array().expect("a list");
            places.extend((0..all.len()).map(|index| (list, index)));
        }
        prop_assume!(!places.is_empty());
        let (list, index) = places[picked.index(places.len())];
        let mut copy = facts[list][index].clone();
        // It is by somebody who has said nothing yet, so that it would count for one more.
        copy["by"] = json!("zoe");
        let mut document = json!({});
        match other {
            0 => copy["rule"] = json!("another"),
            1 => copy["commit"] = json!("0ther"),
            2 => document["subject"] = json!({"service": "another"}),
            3 => copy["stage"] = json!("staging"),
            4 => copy["key"] = json!("item"),
            5 => {
                copy["at"] = json!(at(now - 2).to_string());
                copy["expires"] = json!(at(now).to_string());
            }
            _ => copy["at"] = json!(at(now).checked_add(jiff::SignedDuration::from_secs(1)).expect("an instant").to_string()),
        }
        // What is over now may have stopped the stage for good before.
        prop_assume!(other != 5 || copy["rule"] != "stop");
        document[list] = json!([copy]);
        let mut documents = world.documents(&[facts]);
        documents.push(document.to_string());
        let after = judge(&text, &documents, at(now));
        let told = |verdict: &Verdict| {
            let mut told = became(verdict);
            if other == 5 {
                // For a while it did count: since when is another.
                told["findings"] = verdict.findings.iter().map(|finding| json!([finding.name(), finding.status.name()])).collect();
            }
            told
        };
        prop_assert_eq!(told(&before), told(&after), "with {}", document);
    }
}

#[test]
fn the_generated_policies_are_right() {
    // That the properties above judge anything at all: both answers come up.
    let (mut met, mut pending) = (0, 0);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..200 {
        let made = (policy(), world(), facts())
            .new_tree(&mut runner)
            .expect("a tree");
        let (policy, world, facts): (Policy, World, Json) =
            proptest::strategy::ValueTree::current(&made);
        match slow::approve(&policy, &world, &facts, 15).as_str() {
            "met" => met += 1,
            "pending" => pending += 1,
            _ => {}
        }
    }
    assert!(met > 10 && pending > 10, "{met} met, {pending} pending");
}
