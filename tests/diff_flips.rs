//! A history under two policies: at every sample the verdict is the one that asking at that instant gives.

use gonogo::diff::flips::Says;
use gonogo::diff::{Direction, Watch};
use gonogo::evaluate::{Course, Judgement, Legs, Question, evaluate, stage};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::History;
use gonogo::verdict::Decision;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support;
use crate::support::world::instant;

const POLICY: &str = r#"
gonogo: 1
name: course
inputs:
  a: {type: double, max_age: 60s}
  b: {type: double, max_age: 5m, default: 4.0}
baselines: [{name: blue, live: true}]
stages:
  - name: live
    abstract: true
    rollback:
      - {id: spike, expr: a >= 8.0, for: 20s}
      - {id: stop, attest: {role: sre}}
    hold:
      - {id: high, expr: a >= 6.0, missing: ignore}
  - name: one
    extends: live
    bake: 2m
    require:
      - {id: mean, expr: 'a.avg("1m") < 6.0'}
      - {id: calm, expr: a < 7.0, for: bake}
      - {id: near, expr: a < blue.a + b}
      - {id: unit, evidence: {id: unit, max_age: 5m, commit: same}}
  - name: two
    extends: one
    bake: 1m
    needs: [one]
    require:
      - {id: enough, expr: 'a.count("stage") > 2'}
      - {id: checkpoint, expr: a < 6.0, at: {every: 1m, within: 45s}}
      - {id: late, expr: now - stage.entered > duration("90s")}
"#;

fn value(least: i64, most: i64) -> impl Strategy<Value = Option<Json>> {
    prop_oneof![6 => (least..most).prop_map(|value| Some(json!(value))), 1 => Just(Some(Json::Null)), 3 => Just(None)]
}

/// Samples that change stage, entry and subject along the way, and facts that are told early and late.
fn history() -> impl Strategy<Value = String> {
    let gap =
        prop_oneof![2 => Just(5_i64), 4 => Just(10), 3 => Just(30), 1 => Just(95), 1 => Just(400)];
    let context = prop_oneof![
        12 => Just(0_u8), 2 => Just(1), 2 => Just(2), 1 => Just(3), 1 => Just(4), 1 => Just(5), 1 => Just(6), 1 => Just(7)
    ];
    let fact = prop_oneof![6 => Just(None), 1 => (0_u8..4, -300_i64..300).prop_map(Some)];
    let one = (gap, context, value(0, 10), value(2, 6), value(0, 9), fact);
    prop::collection::vec(one, 1..22).prop_map(|steps| {
        let (mut at, mut lines) = (0, String::new());
        for (index, (gap, context, a, b, blue, fact)) in steps.into_iter().enumerate() {
            let mut metrics = serde_json::Map::new();
            for (name, value) in [("a", a), ("b", b)] {
                metrics.extend(value.map(|value| (name.to_owned(), value)));
            }
            let now = instant(at).to_string();
            let mut sample = json!({"at": now, "metrics": metrics});
            if let Some(blue) = blue {
                sample["baselines"] = json!({"blue": {"a": blue}});
            }
            let context = if index == 0 && context == 0 { 1 } else { context };
            match context {
                1 => sample["stage"] = json!({"name": "one", "entered": now}),
                2 => sample["stage"] = json!({"name": "two", "entered": now, "traffic": "5%"}),
                3 => sample["stage"] = json!({"name": "one"}),
                4 => sample["subject"] = json!({"service": "s", "commit": "abc"}),
                5 => sample["subject"] = json!({"service": "s", "commit": "def"}),
                6 => sample["stage"] = json!({"name": "two", "traffic": "7%"}),
                7 => sample["subject"] = json!({"service": "s"}),
                _ => {}
            }
            lines.push_str(&format!("{sample}\n"));
            if let Some((kind, shift)) = fact {
                let at = instant(at + shift).to_string();
                let fact = match kind {
                    0 => json!({"evidence": [{"id": "unit", "status": "passed", "at": at, "commit": "abc"}]}),
                    1 => json!({"evidence": [{"id": "unit", "status": "failed", "at": at}]}),
                    2 => json!({"attestations": [{"rule": "stop", "by": "jon", "role": "sre", "at": at}]}),
                    _ => json!({"records": [{"stage": "one", "verdict": "go", "at": at, "subject": {"service": "s", "commit": "abc"}}]}),
                };
                lines.push_str(&format!("{fact}\n"));
            }
            at += gap;
        }
        lines
    })
}

fn told(judgement: &Judgement<'_>) -> String {
    let outcomes = judgement.outcomes.iter();
    let mut outcomes: Vec<String> = outcomes.map(|outcome| format!("{outcome:#?}")).collect();
    outcomes.sort();
    format!(
        "{:?} {:?}\n{}",
        judgement.decision,
        judgement.causes,
        outcomes.join("\n")
    )
}

fn course<'p>(policy: &'p Policy, history: &History, asked: Option<&'p str>) -> Course<'p> {
    let mut legs = Legs::new(policy, None);
    history.samples().for_each(|sample| legs.take(&sample));
    let facts = history.survey(&policy.layout, None).facts;
    let legs = legs.finish(policy, asked, |_| String::new());
    Course::new(policy, legs, asked, &facts, &[], &[])
}

/// Asked anew at an instant: nothing where no stage can be judged.
fn anew<'p>(
    policy: &'p Policy,
    history: &History,
    asked: Option<&'p str>,
    now: Timestamp,
) -> Option<Judgement<'p>> {
    let stage = stage(policy, history, asked, now).ok()?;
    Some(evaluate(policy, history, Question { stage, asked, now }))
}

fn strictness(decision: Decision) -> u8 {
    match decision {
        Decision::Go => 0,
        Decision::NoGo => 1,
        Decision::Rollback => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_verdict_along_the_way_is_the_one_of_asking_then(lines in history(), asks in any::<bool>(), later in 1_i64..400) {
        let policy = support::policy(POLICY, &Settings::new());
        let (history, _) = support::history(&policy, &[&lines]);
        let asked = asks.then_some("two");
        let mut course = course(&policy, &history, asked);
        for sample in history.samples() {
            course.take(&sample);
            let then = anew(&policy, &history, asked, sample.at).map(|judgement| told(&judgement));
            let along = course.judge().expect("a sample").ok().map(|(_, judgement)| told(&judgement));
            prop_assert_eq!(along, then, "{} at {}", lines, sample.at);
        }
        let end = history.newest().expect("a sample") + jiff::SignedDuration::from_secs(later);
        let then = anew(&policy, &history, asked, end).map(|judgement| told(&judgement));
        let along = course.judge_at(end).expect("a sample").ok().map(|(_, judgement)| told(&judgement));
        prop_assert_eq!(along, then, "{} at {}", lines, end);
    }

    #[test]
    fn flips_are_those_of_asking_both_at_every_sample(lines in history(), spike in 6_u8..10, mean in 4_u8..8) {
        let changed = POLICY
            .replace("a >= 8.0, for: 20s", &format!("a >= {spike}.0"))
            .replace("< 6.0'}", &format!("< {mean}.0'}}"))
            .replace("      - {id: unit, evidence: {id: unit, max_age: 5m, commit: same}}\n", "");
        let (old, new) = (support::policy(POLICY, &Settings::new()), support::policy(&changed, &Settings::new()));
        let (history, _) = support::history(&old, &[&lines]);
        let (mut before, mut now) = (course(&old, &history, None), course(&new, &history, None));
        let mut watch = Watch::default();
        let mut differing = Vec::new();
        let (mut looser, mut tighter) = (0, 0);
        for sample in history.samples() {
            before.take(&sample);
            now.take(&sample);
            let says = |policy, judged: Option<Result<_, _>>| match judged {
                Some(Ok((question, judgement))) => Says::Judged(policy, question, Box::new(judgement)),
                _ => Says::Not("no stage".to_owned()),
            };
            watch.sample(sample.at, says(&old, before.judge()), says(&new, now.judge()));
            let decided = |policy| anew(policy, &history, None, sample.at).map(|judgement| judgement.decision);
            if let (Some(was), Some(is)) = (decided(&old), decided(&new)) && was != is {
                differing.push((sample.at, was, is));
                *(if strictness(is) < strictness(was) { &mut looser } else { &mut tighter }) += 1;
            }
        }
        let flips = watch.finish();
        prop_assert_eq!((flips.looser, flips.tighter), (looser, tighter));
        // Every differing sample lies in the one run that says so, and the runs hold no others.
        let in_runs: u64 = flips.runs.iter().map(|run| run.samples).sum();
        prop_assert_eq!(in_runs, looser + tighter);
        for (at, was, is) in differing {
            let inside = flips.runs.iter().filter(|run| run.from <= at && at <= run.to).collect::<Vec<_>>();
            prop_assert_eq!(inside.len(), 1, "{} at {}", lines, at);
            prop_assert_eq!((inside[0].old, inside[0].new), (Some(was), Some(is)));
            prop_assert!(!inside[0].because.is_empty(), "{} at {}", lines, at);
        }
        let ranks: Vec<bool> = flips.runs.iter().map(|run| run.direction != Direction::Loosened).collect();
        prop_assert!(ranks.is_sorted(), "what lets more pass comes first");
    }
}
