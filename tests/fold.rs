//! One fold, whichever way it is gone: sample by sample with a verdict after each, from rows in memory, or anew for every
//! part of a history.

use crate::support;
use gonogo::evaluate::{Fold, Judgement, Question, evaluate};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::History;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::world::instant;

const POLICY: &str = r#"
gonogo: 1
name: fold
inputs:
  a: {type: double, max_age: 60s}
  b: {type: double, max_age: 5m, default: 4.0}
  ok: {type: bool, max_age: 90s}
  n: {type: int, max_age: 2m}
  rates: {type: "map<string, double>", max_age: 90s}
baselines: [before, {name: blue, live: true}]
let:
  mean: a.avg("1m")
stages:
  - name: s
    bake: 2m
    require:
      - {id: mean, expr: mean < 5.0, for: 30s}
      - {id: peak, expr: 'a.max("2m") <= 8.0'}
      - {id: ago, expr: 'b.ago("1m") <= b + 1.0'}
      - {id: counter, expr: 'n.increase("2m") < 10'}
      - {id: share, expr: '(a > b).share("1m") < 0.5'}
      - {id: streak, expr: ok.streak() >= 3}
      - {id: middle, expr: 'a.median("1m") < 5.0', for: bake}
      - {id: enough, expr: 'a.count("stage") > 3'}
      - {id: delta, expr: 'b.delta("1m") < blue.a.avg("1m") + 3.0'}
      - {id: checkpoint, expr: 'a.avg("30s") < 6.0', at: {every: 1m, within: 45s}}
      - {id: late, expr: now - stage.entered > duration("90s") || a < 5.0}
    hold:
      - {id: rising, expr: 'a.rising("4m", 1.0)'}
      - {id: each, for_each: {f: rates}, expr: 'rates[f].avg("1m") >= 5.0', for: 20s}
    rollback:
      - {id: floor, expr: 'a.min("30s") > 7.0', for: 10s}
      - {id: rate, expr: 'n.rate("1m") > 0.1', latch: false}
      - {id: edges, expr: 'ok.edges("2m") >= 2', missing: ignore}
"#;

fn value(least: i64, most: i64) -> impl Strategy<Value = Option<Json>> {
    prop_oneof![
        6 => (least..most).prop_map(|value| Some(json!(value))),
        1 => Just(Some(Json::Null)),
        3 => Just(None),
    ]
}

fn history() -> impl Strategy<Value = String> {
    let gap =
        prop_oneof![2 => Just(5_i64), 4 => Just(10), 3 => Just(30), 1 => Just(95), 1 => Just(400)];
    let ok = prop_oneof![4 => any::<bool>().prop_map(|ok| Some(json!(ok))), 1 => Just(Some(Json::Null)), 2 => Just(None)];
    let rates = prop::option::of(prop::collection::btree_map("csv|pdf|png", 3_i64..8, 0..3));
    let one = (
        gap,
        value(0, 10),
        value(2, 6),
        ok,
        value(0, 30),
        rates,
        value(0, 9),
    );
    prop::collection::vec(one, 1..25).prop_map(|steps| {
        let mut at = 0;
        let mut lines = String::new();
        for (index, (gap, a, b, ok, n, rates, blue)) in steps.into_iter().enumerate() {
            let mut metrics = serde_json::Map::new();
            for (name, value) in [("a", a), ("b", b), ("ok", ok), ("n", n)] {
                metrics.extend(value.map(|value| (name.to_owned(), value)));
            }
            metrics.extend(rates.map(|rates| ("rates".to_owned(), json!(rates))));
            let mut sample = json!({"at": instant(at).to_string(), "metrics": metrics});
            if let Some(blue) = blue {
                sample["baselines"] = json!({"blue": {"a": blue}});
            }
            if index == 0 {
                sample["stage"] = json!({"name": "s", "entered": instant(at + 15).to_string()});
            }
            lines.push_str(&format!("{sample}\n"));
            at += gap;
        }
        lines
    })
}

fn told(judgement: &Judgement<'_>) -> String {
    let mut outcomes: Vec<String> = judgement
        .outcomes
        .iter()
        .map(|outcome| format!("{outcome:#?}"))
        .collect();
    outcomes.sort();
    format!(
        "{:?} {:?}\n{}",
        judgement.decision,
        judgement.causes,
        outcomes.join("\n")
    )
}

fn question(policy: &Policy, now: Timestamp) -> Question<'_> {
    let stage = policy.stage("s").expect("the stage");
    Question {
        stage,
        asked: None,
        now,
    }
}

fn folded<'p>(policy: &'p Policy, history: &History, now: Timestamp) -> Fold<'p> {
    let surveyed = history.survey(&policy.layout, Some(now));
    Fold::new(policy, surveyed, question(policy, now), &[])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_after_every_sample_is_the_verdict_on_the_samples_up_to_it(lines in history(), later in 0_i64..200) {
        let policy = support::policy(POLICY, &Settings::new());
        let (history, _) = support::history(&policy, &[&lines]);
        let end = history.newest().expect("a sample") + jiff::SignedDuration::from_secs(later);
        let mut fold = folded(&policy, &history, end);
        let samples: Vec<_> = history.samples().collect();
        let all: Vec<&str> = lines.lines().collect();
        for (index, sample) in samples.iter().enumerate() {
            fold.take(sample);
            let next = samples.get(index + 1).map_or(end, |next| next.at);
            // At the sample itself, and somewhere before the next one.
            let between = sample.at + next.duration_since(sample.at) / 3;
            for now in [sample.at, between] {
                let part = all[..=index].join("\n");
                let (part, _) = support::history(&policy, &[&part]);
                let batch = evaluate(&policy, &part, question(&policy, now));
                prop_assert_eq!(told(&fold.judgement(now)), told(&batch), "{} at {}", lines, now);
            }
        }
        let whole = evaluate(&policy, &history, question(&policy, end));
        prop_assert_eq!(told(&fold.finish()), told(&whole));
    }
}

/// Rules that can go ahead of the fold; the last ones cannot, and are left out in half of the worlds.
const CALM: &str = r#"
gonogo: 1
name: calm
inputs:
  a: {type: double, max_age: 60s}
  b: {type: double, max_age: 100s}
  c: {type: double, max_age: 45s}
stages:
  - name: s
    require:
      - {id: now, expr: a < 8.0}
      - {id: held, expr: b < 8.0, for: 5m}
      - {id: mean, expr: 'a.avg("2m") < 5.0'}
      - {id: sum, expr: 'c.sum("50s") < 40.0', for: 1m}
      - {id: ago, expr: 'b <= b.ago("90s") + 4.0'}
      - {id: both, expr: 'a < 8.5 && c.max("1m") < 8.5', on_unmet: rollback}
    hold:
      - {id: floor, expr: 'c.min("30s") > 4.5', for: 20s}
    rollback:
      - {id: spike, expr: a >= 9.0, for: 30s}
      - {id: high, expr: 'b.avg("1m") > 6.5', latch: false}
"#;
const RESTLESS: &str = r#"
      - {id: clock, expr: now - stage.entered > duration("10m") || a < 5.0}
      - {id: middle, expr: 'a.median("2m") > 6.0', for: 10s}
"#;

/// A long history: a walk of three numbers, mostly every ten seconds, and what disturbs it.
fn walk() -> impl Strategy<Value = String> {
    let disturbed = (0_usize..600, 0_u8..9);
    let seeds = (any::<u64>(), prop::collection::vec(disturbed, 0..14));
    seeds.prop_map(|(mut state, disturbed)| {
        let mut random = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33).cast_signed()
        };
        let mut at = 0_i64;
        let mut lines = String::new();
        for row in 0..600 {
            let mut numbers =
                [random() % 5 + 1, random() % 5 + 1, random() % 5 + 1].map(|number| {
                    json!(
                        [0.5, 1.0, 1.5, 2.0, 2.5]
                            [usize::try_from(number - 1).expect("a small number")]
                    )
                });
            let mut stage = None;
            for (_, kind) in disturbed
                .iter()
                .filter(|(where_, _)| *where_ == row || *where_ + 1 == row)
            {
                match kind {
                    0 => numbers[0] = json!(9.5),
                    1 => numbers[1] = json!(8.0),
                    2 => numbers[2] = json!(8.5),
                    3 => numbers[0] = Json::Null,
                    4 => at += 3,
                    5 => at += 70,
                    6 => numbers[1] = json!("high"),
                    7 => at += 1,
                    _ => stage = Some(json!({"name": "s", "entered": instant(at).to_string()})),
                }
            }
            if disturbed.contains(&(row, 4)) {
                numbers = [json!(7.0), json!(7.0), json!(7.0)];
            }
            let metrics = json!({"a": numbers[0], "b": numbers[1], "c": numbers[2]});
            let mut sample = json!({"at": instant(at).to_string(), "metrics": metrics});
            if row == 0 {
                stage = Some(json!({"name": "s", "entered": instant(0).to_string()}));
            }
            if let Some(stage) = stage {
                sample["stage"] = stage;
            }
            lines.push_str(&format!("{sample}\n"));
            at += 10;
        }
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// From columns conditions go ahead of the fold; sample by sample none does.
    #[test]
    fn what_goes_ahead_of_the_fold_comes_to_the_same(lines in walk(), restless in any::<bool>(), later in 0_i64..120) {
        let text = if restless { format!("{CALM}{RESTLESS}") } else { CALM.to_owned() };
        let policy = support::policy(&text, &Settings::new());
        let (history, _) = support::history(&policy, &[&lines]);
        let newest = history.newest().expect("a sample");
        for end in [newest + jiff::SignedDuration::from_secs(later), history.times()[history.len() / 2]] {
            let mut fold = folded(&policy, &history, end);
            history.samples().for_each(|sample| fold.take(&sample));
            let rows = evaluate(&policy, &history, question(&policy, end));
            let steps = fold.finish();
            prop_assert_eq!(told(&rows), told(&steps), "{}", lines);
            prop_assert_eq!(format!("{:?}", rows.world.slots()), format!("{:?}", steps.world.slots()));
        }
    }
}
