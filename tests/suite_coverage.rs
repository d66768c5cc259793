//! What verdicts cover of a policy: points written out by hand for each kind, and what holds whatever the policy.

mod boundaries;
mod branches;
mod formats;
mod rules;

use crate::support;
use gonogo::evaluate::{Question, evaluate, stage};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::suite::coverage::{Coverage, Kind, Point, Seen, Total};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::world::instant;

/// A policy that is tested, and what has been seen of it.
struct Watched {
    policy: Policy,
    seen: Seen,
}

impl Watched {
    /// Of a policy as it is written behind its name.
    fn new(rest: &str) -> Self {
        Self {
            policy: written(rest, &[]),
            seen: Seen::default(),
        }
    }

    /// A verdict at the last of these samples, each so many seconds after the entry of the stage.
    fn see(&mut self, metrics: &[(i64, Json)]) -> &mut Self {
        let samples: Vec<(i64, Json)> = metrics
            .iter()
            .map(|(at, metrics)| (*at, json!({ "metrics": metrics })))
            .collect();
        self.given(&samples)
    }

    /// The same with all that the samples say.
    fn given(&mut self, samples: &[(i64, Json)]) -> &mut Self {
        see(&self.policy, &mut self.seen, samples);
        self
    }

    /// The points of a kind of a rule: `a < 5.0: below, at`, with the sides that were seen; those that were not in brackets.
    fn points(&self, rule: &str, kind: Kind) -> Vec<String> {
        let coverage = Coverage::of(&self.policy, &self.seen);
        let parts = coverage.parts.iter().filter(|part| part.rule == rule);
        let points = parts.flat_map(|part| &part.points);
        let points = points.filter(|point| point.kind == kind);
        points.map(line).collect()
    }

    fn all(&self) -> Coverage {
        Coverage::of(&self.policy, &self.seen)
    }
}

fn line(point: &Point) -> String {
    let sides = point.sides.iter().map(|side| match side.seen {
        0 => format!("({})", side.side),
        _ => side.side.clone(),
    });
    format!("{}: {}", point.what, sides.collect::<Vec<_>>().join(" "))
}

fn written(rest: &str, settings: &[(&str, &str)]) -> Policy {
    let settings: Settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    support::policy(&format!("gonogo: 1\nname: seen\n{rest}"), &settings)
}

fn see(policy: &Policy, seen: &mut Seen, samples: &[(i64, Json)]) {
    let only = policy.judged().count() == 1;
    let lines: Vec<String> = samples
        .iter()
        .map(|(at, sample)| {
            let mut sample = sample.clone();
            sample["at"] = json!(instant(*at).to_string());
            if sample["stage"]["entered"].is_null() {
                sample["stage"]["entered"] = json!(instant(0).to_string());
            }
            if only && sample["stage"]["name"].is_null() {
                let name = &policy.judged().next().expect("a stage").name;
                sample["stage"]["name"] = json!(name.as_ref());
            }
            sample.to_string()
        })
        .collect();
    let (history, problems) = support::history(policy, &[&lines.join("\n")]);
    assert!(problems.is_empty(), "{problems:?}");
    let now = history.newest().expect("a sample");
    let stage = stage(policy, &history, None, now).expect("a stage");
    let question = Question {
        stage,
        asked: None,
        now,
    };
    seen.take(policy, question, &evaluate(policy, &history, question));
}

#[test]
fn a_share_is_never_rounded_up_and_of_nothing_all_is_covered() {
    for (covered, of, percent) in [
        (0, 0, 100.0),
        (0, 3, 0.0),
        (1, 3, 33.3),
        (2, 3, 66.6),
        (3, 3, 100.0),
        (1_999, 2_000, 99.9),
    ] {
        let total = Total::new(covered, of);
        assert!(
            (total.percent - percent).abs() < 1e-9,
            "{covered} of {of}: {}",
            total.percent
        );
    }
}

const ALL: &str = r#"
inputs:
  a: {type: double}
  n: {type: int}
  ok: {type: bool}
  by: {type: "map<string, double>"}
let:
  quiet: a < 2.0 || n == 0
stages:
  - name: s
    bake: 1m
    require:
      - {id: both, expr: a < 5.0 && (ok || quiet), for: 30s}
      - {id: each, for_each: {k: by}, expr: 'by[k] < 3.0'}
    rollback:
      - {id: stop, expr: 'by.exists(k, by[k] > 8.0 && n > 2)', when: ok}
"#;

fn samples() -> impl Strategy<Value = Vec<(i64, Json)>> {
    let one = (
        0_i32..10,
        0_i64..4,
        any::<Option<bool>>(),
        prop::collection::btree_map("x|y|z", 0_i32..10, 0..3),
    );
    prop::collection::vec(one, 1..5).prop_map(|samples| {
        let metrics = |(a, n, ok, by): (i32, i64, Option<bool>, _)| {
            json!({"metrics": {"a": f64::from(a), "n": n, "ok": ok, "by": by}})
        };
        let at = (0..).step_by(30);
        at.zip(samples.into_iter().map(metrics)).collect()
    })
}

/// How many sides have been seen.
fn sides(policy: &Policy, seen: &Seen) -> Vec<bool> {
    let coverage = Coverage::of(policy, seen);
    let points = coverage.parts.iter().flat_map(|part| &part.points);
    let sides = points.flat_map(|point| &point.sides);
    sides.map(|side| side.seen > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_test_more_never_covers_less_and_the_order_of_tests_never_matters(tests in prop::collection::vec(samples(), 1..5)) {
        let policy = written(ALL, &[]);
        let one = |samples: &Vec<(i64, Json)>| {
            let mut seen = Seen::default();
            see(&policy, &mut seen, samples);
            seen
        };
        let mut forth = Seen::default();
        for test in &tests {
            let before = sides(&policy, &forth);
            forth.merge(one(test));
            let after = sides(&policy, &forth);
            prop_assert!(before.iter().zip(&after).all(|(before, after)| *after || !before));
        }
        let mut back = Seen::default();
        tests.iter().rev().for_each(|test| back.merge(one(test)));
        prop_assert_eq!(Coverage::of(&policy, &forth), Coverage::of(&policy, &back));
    }
}
