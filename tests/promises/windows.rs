//! Silence is never go, through windows: an input that falls silent for as long as anything looks back never turns a
//! non-go into a go. One lost sample may: what is unknown is left out of a window, as long as it leaves no hole.

use std::collections::BTreeSet;

use super::generate::{LONGEST, Policy, history, lines, windowed};
use super::judge;
use gonogo::verdict::Decision;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The longest `for` of a generated rule.
const HELD: SignedDuration = SignedDuration::from_mins(5);

/// Every input, and those of baselines that windows read.
const INPUTS: [&str; 7] = [
    "/metrics/a",
    "/metrics/b",
    "/metrics/n",
    "/metrics/ok",
    "/metrics/m",
    "/baselines/was/a",
    "/baselines/twin/a",
];

fn at(sample: &Json) -> Timestamp {
    let at = sample["at"].as_str().and_then(|at| at.parse().ok());
    at.expect("an instant")
}

/// Moves the entry, where there is one, to a sample's instant: told with the first sample, it is known before it comes.
fn entered(history: &mut [Json], index: usize) {
    let entry = history[index % history.len()]["at"].clone();
    if let Some(entered) = history[0]["stage"].get_mut("entered") {
        *entered = entry;
    }
}

/// The same history without an input.
fn without(history: &[Json], input: &str) -> Vec<Json> {
    let (parent, key) = input.rsplit_once('/').expect("a path");
    let strike = |mut sample: Json| {
        let parent = sample.pointer_mut(parent).and_then(Json::as_object_mut);
        parent.map(|parent| parent.remove(key));
        sample
    };
    history.iter().cloned().map(strike).collect()
}

/// The same history in which an input, wherever it is given from an instant on, is null.
fn silent(history: &[Json], input: &str, since: Timestamp) -> Vec<Json> {
    let strike = |mut sample: Json| {
        if at(&sample) >= since
            && let Some(value) = sample.pointer_mut(input)
        {
            *value = Json::Null;
        }
        sample
    };
    history.iter().cloned().map(strike).collect()
}

/// An instant from which on everything that is asked looks back at nothing earlier, and is not asked earlier.
fn out_of_sight(history: &[Json]) -> Timestamp {
    let now = at(history.last().expect("a sample"));
    let back = LONGEST.checked_add(HELD).expect("minutes");
    let far = now.checked_sub(back).expect("an instant");
    let entered = history[0]["stage"].get("entered").and_then(Json::as_str);
    entered.map_or(far, |entered| far.min(entered.parse().expect("an instant")))
}

/// What a stop was told in silence it cannot remember.
fn forgetful(mut policy: Policy) -> String {
    policy.rules.iter_mut().for_each(|rule| rule.latch = false);
    policy.plain()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_input_that_is_silent_is_never_go(
        policy in windowed(),
        mut history in history(),
        entry in 0..12_usize,
        input in prop::sample::select(INPUTS.as_slice()),
    ) {
        entered(&mut history, entry);
        let text = forgetful(policy);
        let before = judge(&text, &[&lines(&history)]).verdict;
        for (how, silent) in [
            ("left out", without(&history, input)),
            ("null", silent(&history, input, Timestamp::MIN)),
            ("null for long", silent(&history, input, out_of_sight(&history))),
        ] {
            let after = judge(&text, &[&lines(&silent)]).verdict;
            prop_assert!(
                before == Decision::Go || after != Decision::Go,
                "{} became {} with `{input}` {how}\n{text}\n{}", before.name(), after.name(), lines(&history),
            );
        }
    }
}

/// A sample each minute, `a` good for three.
fn minutes(values: &[Json]) -> String {
    let sample = |(minute, value): (usize, &Json)| json!({"at": format!("2026-03-01T10:{minute:02}:00Z"), "metrics": {"a": value}});
    lines(&values.iter().enumerate().map(sample).collect::<Vec<_>>())
}

const CALM: &str = "gonogo: 1\nname: calm\ndata: {max_age: 3m}\ninputs: {a: {type: double}}\n\
                    require:\n  - {id: calm, expr: 'a.max(\"5m\") < 5.0'}\n";

#[test]
fn one_lost_sample_is_left_out_and_a_hole_is_not() {
    let mut values = vec![json!(4.0); 8];
    values[5] = json!(6.0);
    assert_eq!(judge(CALM, &[&minutes(&values)]).verdict, Decision::NoGo);
    // The one that was too high, lost: what is left is known closely enough.
    values[5] = Json::Null;
    assert_eq!(judge(CALM, &[&minutes(&values)]).verdict, Decision::Go);
    // Three minutes between two that are known are no hole yet.
    values[4] = Json::Null;
    assert_eq!(judge(CALM, &[&minutes(&values)]).verdict, Decision::Go);
    values[3] = Json::Null;
    assert_eq!(judge(CALM, &[&minutes(&values)]).verdict, Decision::NoGo);
    // Who minds the lost one counts.
    let counted = CALM.replace("< 5.0", "< 5.0 && a.count(\"5m\") >= 5");
    let mut values = vec![json!(4.0); 8];
    assert_eq!(judge(&counted, &[&minutes(&values)]).verdict, Decision::Go);
    values[5] = Json::Null;
    assert_eq!(
        judge(&counted, &[&minutes(&values)]).verdict,
        Decision::NoGo
    );
}

#[test]
fn generated_windows_reach_every_verdict() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    let mut goes = 0;
    for _ in 0..1200 {
        let policy = windowed().new_tree(&mut runner).expect("a policy");
        let history = history().new_tree(&mut runner).expect("a history");
        let text = policy.current().plain();
        let verdict = judge(&text, &[&lines(&history.current())]).verdict;
        let looks_back = ["m\")", "stage\")", "streak()"]
            .iter()
            .any(|end| text.contains(end));
        goes += usize::from(verdict == Decision::Go && looks_back);
        seen.insert(verdict);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert!(goes >= 5, "only {goes} policies with windows went");
}
