//! What the language promises, as properties: silence is never go, every rule is always evaluated, nothing depends on
//! order, and worse data or more rules never make a better verdict.

use crate::support;
pub(crate) mod generate;
mod windows;

use std::collections::BTreeSet;
use std::path::Path;

use generate::{history, lines, policy, windowed};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::verdict::{Decision, Effect, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

fn judge(policy: &str, histories: &[&str]) -> Verdict {
    asked(policy, histories, support::judge_found)
}

/// With what would make it a go.
fn judge_whole(policy: &str, histories: &[&str]) -> Verdict {
    asked(policy, histories, support::judge)
}

fn asked(
    policy: &str,
    histories: &[&str],
    judge: fn(&Policy, &[&str], Option<&str>, Option<Timestamp>) -> Verdict,
) -> Verdict {
    let policy = support::policy(policy, &Settings::new());
    let now = "2026-03-01T10:10:00Z".parse().ok();
    let newest = support::history(&policy, histories).0.newest();
    // As a CI step would: at the newest sample, or a little later.
    judge(&policy, histories, None, newest.or(now))
}

/// A verdict without what must change when a policy's text does: places, and digests of texts.
fn comparable(verdict: &Verdict) -> Json {
    let mut json = serde_json::to_value(verdict).expect("JSON");
    json["digests"]["policy"] = Json::Null;
    json["digests"]["record"] = Json::Null;
    for finding in json["findings"].as_array_mut().expect("findings") {
        finding["at"] = Json::Null;
    }
    json
}

/// Every place in a sample that holds a value that can be set to null.
fn places(sample: &Json) -> Vec<String> {
    fn below(value: &Json, path: &str, found: &mut Vec<String>) {
        if let Json::Object(entries) = value {
            for (key, value) in entries {
                let path = format!("{path}/{key}");
                found.push(path.clone());
                below(value, &path, found);
            }
        }
    }
    let mut found = Vec::new();
    for part in ["metrics", "baselines", "stage", "subject"] {
        if let Some(value) = sample.get(part) {
            below(value, &format!("/{part}"), &mut found);
        }
    }
    // Without a name the judged stage is another question, not another answer.
    found.retain(|path| path != "/stage/name");
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Setting values to null, or leaving out baselines, never turns a non-go into a go. A stop's own past is left out
    /// (`latch: false`): what a stop was told in silence it cannot remember.
    #[test]
    fn silence_is_never_go(
        mut policy in policy(),
        history in history(),
        struck in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6),
        baselines in any::<bool>(),
    ) {
        policy.rules.iter_mut().for_each(|rule| rule.latch = false);
        let text = policy.plain();
        let before = judge(&text, &[&lines(&history)]);
        let mut silent = history.clone();
        for (sample, place) in struck {
            let sample = sample.get(&silent).clone();
            let places = places(&sample);
            if places.is_empty() {
                continue;
            }
            let path = place.get(&places).clone();
            let at = silent.iter_mut().find(|one| one["at"] == sample["at"]).expect("a sample");
            if let Some(value) = at.pointer_mut(&path) {
                *value = Json::Null;
            }
        }
        if baselines {
            silent.iter_mut().for_each(|sample| { sample.as_object_mut().map(|one| one.remove("baselines")); });
        }
        let after = judge(&text, &[&lines(&silent)]);
        prop_assert!(
            before.verdict == Decision::Go || after.verdict != Decision::Go,
            "{} became {}\n{text}\n{}\n{}",
            before.verdict.name(), after.verdict.name(), lines(&history), lines(&silent),
        );
    }

    /// Every rule has a finding, whatever became of the others.
    #[test]
    fn every_rule_is_always_evaluated(policy in prop_oneof![policy(), windowed()], history in history()) {
        let verdict = judge(&policy.plain(), &[&lines(&history)]);
        let named: BTreeSet<&str> = verdict.findings.iter().map(|finding| finding.rule.as_str()).collect();
        for index in 0..policy.rules.len() {
            let id = format!("r{index}");
            prop_assert!(named.contains(id.as_str()), "{id} has no finding");
        }
    }

    /// What was unknown is told, whether or not the result needed it.
    #[test]
    fn nothing_is_absorbed_in_silence(mut history in history()) {
        // One subject throughout: what is told of it is counted below.
        for sample in &mut history {
            sample.as_object_mut().map(|sample| sample.remove("subject"));
        }
        let text = "gonogo: 1\nname: n\ninputs: {a: {type: double}, b: {type: double, default: 1}, n: {type: int}, ok: {type: bool}, m: {type: 'map<string, double>'}}\n\
                    baselines: [was, {name: twin, live: true}]\nrequire:\n  - {id: either, expr: a < 100.0 || b < 100.0}\n";
        let verdict = judge(text, &[&lines(&history)]);
        let finding = verdict.findings.iter().find(|finding| finding.rule == "either").expect("a finding");
        let at = |sample: &Json| sample["at"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok()).expect("an instant");
        let now = at(history.last().expect("a sample"));
        let fresh = |sample: &&Json| now.duration_since(at(sample)) <= jiff::SignedDuration::from_mins(5);
        let newest = |key: &str| history.iter().rev().find(|sample| sample["metrics"].get(key).is_some());
        let told = |name: &str| finding.unknown.iter().any(|gap| gap.expr == name);
        let known = |name: &str| newest(name).filter(fresh).is_some_and(|sample| sample["metrics"][name].is_number());
        prop_assert_eq!(known("a"), !told("a"), "{:?}", finding);
        // The default of b stands in unless it was given as something that is no number, or nothing is fresh.
        let given_wrong = newest("b").is_some_and(|sample| !sample["metrics"]["b"].is_number());
        let any_fresh = history.iter().rev().find(|s| s["metrics"].as_object().is_some_and(|m| !m.is_empty())).filter(fresh);
        let stands_in = !known("b") && !given_wrong && any_fresh.is_some();
        prop_assert_eq!(stands_in, finding.assumed == ["b"], "{:?}", finding);
        prop_assert_eq!(!known("b") && !stands_in, told("b"), "{:?}", finding);
    }

    /// One more requirement that is not met never makes a better verdict.
    #[test]
    fn an_unmet_rule_never_improves(policy in prop_oneof![policy(), windowed()], history in history()) {
        let before = judge(&policy.plain(), &[&lines(&history)]);
        let mut more = policy.clone();
        more.rules.push(generate::Rule {
            effect: "require", expr: "1 > 2".to_owned(), hold: None, when: None, on_unmet: false, latch: true,
        });
        let after = judge(&more.plain(), &[&lines(&history)]);
        prop_assert!(after.verdict >= before.verdict && after.verdict >= Decision::NoGo);
    }

    /// A change that is told does flip its rule: applied to the newest sample, the condition is the other one.
    #[test]
    fn every_change_told_flips_its_rule(policy in policy(), history in history()) {
        let mut policy = policy;
        policy.rules.iter_mut().for_each(|rule| { rule.latch = false; rule.hold = None; rule.when = None; });
        let text = policy.plain();
        let verdict = judge(&text, &[&lines(&history)]);
        for finding in &verdict.findings {
            for change in &finding.to_change {
                let all: Vec<_> = std::iter::once(change).chain(&change.and).collect();
                if !all.iter().all(|change| ["a", "b", "n", "ok"].contains(&change.input.as_str())) {
                    continue;
                }
                let mut changed = history.clone();
                let newest = changed.last_mut().expect("a sample");
                for change in all {
                    let value = match (&change.value, change.input.as_str()) {
                        // Any will do.
                        (Json::Null, "ok") => json!(true),
                        (Json::Null, _) => json!(1),
                        (value, input) => applied(change.op.as_str(), value, input == "n"),
                    };
                    newest["metrics"][change.input.as_str()] = value;
                }
                let after = judge(&text, &[&lines(&changed)]);
                let again = after.findings.iter().find(|other| other.rule == finding.rule).expect("the finding");
                let flipped = match finding.effect {
                    Effect::Require => again.status.name() == "met",
                    Effect::Hold | Effect::Rollback => again.status.name() == "clear",
                };
                prop_assert!(flipped, "{change:?} leaves {} {}\n{text}\n{}", finding.rule, again.status.name(), lines(&changed));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The order of rules, keys, samples and files changes no byte.
    #[test]
    fn order_never_matters(
        policy in prop_oneof![policy(), windowed()],
        history in history(),
        seed in any::<u64>(),
    ) {
        let verdict = judge_whole(&policy.plain(), &[&lines(&history)]);
        let mut order: Vec<usize> = (0..policy.rules.len()).collect();
        let turn = usize::try_from(seed % 7).expect("small");
        let by = turn % order.len().max(1);
        order.rotate_left(by);
        if seed % 2 == 0 {
            order.reverse();
        }
        // Keys the other way round, every sample in one of two files, the later ones first.
        let backwards: Vec<String> = history.iter().rev().map(reversed).collect();
        let (mut one, mut two) = (String::new(), String::new());
        for (index, line) in backwards.iter().enumerate() {
            if index % 2 == 0 { &mut one } else { &mut two }.push_str(&format!("{line}\n"));
        }
        let files: Vec<&str> = [one.as_str(), two.as_str()].into_iter().filter(|file| !file.is_empty()).collect();
        let shuffled = judge_whole(&policy.text(&order), &files);
        // Warnings name files and lines; what they say must be the same.
        let strip = |mut json: Json| {
            json["warnings"] = Json::Null;
            json
        };
        prop_assert_eq!(strip(comparable(&verdict)), strip(comparable(&shuffled)));
    }

    /// Same inputs, same bytes.
    #[test]
    fn the_same_question_has_the_same_answer(policy in prop_oneof![policy(), windowed()], history in history()) {
        let text = policy.plain();
        prop_assert_eq!(judge_whole(&text, &[&lines(&history)]).to_json(), judge_whole(&text, &[&lines(&history)]).to_json());
    }
}

/// The nearest value that satisfies a change.
fn applied(op: &str, value: &Json, whole: bool) -> Json {
    let Some(limit) = value.as_f64() else {
        return value.clone();
    };
    let step = if whole { 1.0 } else { 1e-9 };
    let number = match op {
        "<" => limit - step,
        ">" | "!=" => limit + step,
        _ => limit,
    };
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below ten")]
    if whole {
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// The text of a JSON value with the keys of every object the other way round.
fn reversed(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .rev()
                .map(|(key, value)| format!("{}: {}", json!(key), reversed(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// The inputs that the rules of a verdict surely need: those of counting rules whose condition has no way around them.
fn needed(verdict: &Verdict, policy: &gonogo::policy::Policy) -> BTreeSet<usize> {
    let stage = policy.stage(&verdict.stage).expect("the stage");
    let around = ["||", "?", "known(", "exists", "has(", " in "];
    stage
        .rules
        .iter()
        .filter(|rule| {
            !rule.watch && rule.missing == gonogo::policy::OnMissing::Block && rule.when.is_empty()
        })
        .filter(|rule| {
            let text = rule.expr().map_or("", |expr| expr.text());
            !around.iter().any(|way| text.contains(way))
        })
        .flat_map(|rule| rule.expr().into_iter().flat_map(|expr| expr.inputs()))
        .map(|input| input.slot)
        .filter(|slot| {
            policy
                .layout
                .inputs()
                .get(*slot)
                .is_some_and(|input| input.default.is_none())
        })
        .collect()
}

/// Removes each input that is needed from every sample, one at a time: never a go. Counts how many were removed.
fn without_any_one(
    name: &str,
    policy_text: &str,
    settings: &Settings,
    history: &str,
    stage: Option<&str>,
    now: Option<jiff::Timestamp>,
) -> usize {
    let policy = support::policy(policy_text, settings);
    let before = support::judge_found(&policy, &[history], stage, now);
    if before.verdict != Decision::Go {
        return 0;
    }
    let slots = needed(&before, &policy);
    for slot in &slots {
        let input = policy.layout.name(*slot);
        let samples: Vec<Json> = history
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let mut sample: Json = serde_json::from_str(line).expect("JSON");
                if let Some(metrics) = sample.get_mut("metrics").and_then(Json::as_object_mut) {
                    metrics.remove(&input);
                }
                sample
            })
            .collect();
        let after = support::judge_found(
            &policy,
            &[&lines(&samples)],
            stage,
            now.or(Some(before.now)),
        );
        assert_ne!(after.verdict, Decision::Go, "{name}: go without `{input}`");
    }
    slots.len()
}

#[test]
fn no_go_case_survives_the_loss_of_a_metric_it_uses() {
    let removed: usize = support::cases()
        .iter()
        .map(|case| {
            let (stage, now) = (case.stage.as_deref(), case.now);
            without_any_one(
                &case.name,
                &case.policy,
                &case.settings,
                &case.history,
                stage,
                now,
            )
        })
        .sum();
    assert!(removed >= 10, "only {removed} metrics were removed");
}

#[test]
fn no_healthy_rollout_survives_the_loss_of_a_metric_it_uses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for (policy, history, least) in [
        ("phase9-canary", "canary-5-healthy", 10),
        ("gradual-cutover", "canary-10-healthy", 5),
        ("gradual-cutover", "full-100-healthy", 5),
    ] {
        let text = support::read(&root.join(policy).join("policy.yaml"));
        let samples = support::read(&root.join(policy).join(format!("snapshots/{history}.jsonl")));
        let removed = without_any_one(history, &text, &Settings::new(), &samples, None, None);
        assert!(
            removed >= least,
            "{history}: only {removed} metrics were removed"
        );
    }
}

#[test]
fn shuffled_cases_give_the_same_bytes() {
    for case in support::cases() {
        let policy = support::policy(&case.policy, &case.settings);
        let stage = case.stage.as_deref();
        let plain = support::judge(&policy, &[&case.history], stage, case.now);
        let backwards: String = case
            .history
            .lines()
            .rev()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("{}\n", reversed(&serde_json::from_str(line).expect("JSON"))))
            .collect();
        let shuffled = support::judge(&policy, &[&backwards], stage, case.now);
        let strip = |mut json: Json| {
            json["warnings"] = Json::Null;
            // Where a fact was read is another place in another file.
            let findings = json["findings"].as_array_mut().into_iter().flatten();
            let given = findings.filter_map(|finding| finding["proof"]["given"].as_array_mut());
            given
                .flatten()
                .for_each(|given| given["place"] = Json::Null);
            json
        };
        assert_eq!(
            strip(comparable(&plain)),
            strip(comparable(&shuffled)),
            "{}",
            case.name
        );
    }
}

#[test]
fn generated_worlds_reach_every_verdict() {
    // A generator that never goes would prove nothing.
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..400 {
        let policy = policy().new_tree(&mut runner).expect("a policy").current();
        let history = history()
            .new_tree(&mut runner)
            .expect("a history")
            .current();
        seen.insert(judge(&policy.plain(), &[&lines(&history)]).verdict);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}
