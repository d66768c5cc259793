//! Rules over windows through the whole engine, against the slow, obvious definition: every rule judged at every instant
//! of a fine grid, straight from the words of the language. Samples, ages and lengths are multiples of ten seconds, the
//! grid has one point every five: the point behind each multiple stands for the moments just after it.

mod expr;
mod slow;

use crate::support;
use expr::{Condition, INPUTS, N, OK, WAS, X, Y, condition};
use gonogo::policy::check::Settings;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::world::{self, Hold, STEP, Second, instant, written};

/// What does not age is good for longer than any history here.
const FOR_GOOD: Second = 1_000_000;

#[derive(Clone, Debug)]
struct World {
    samples: Vec<Sample>,
    /// The ages of `x`, `y`, `n` and `ok`.
    ages: [Second; 4],
    now: Second,
    rule: Rule,
    /// The lines come newest first.
    backwards: bool,
}

#[derive(Clone, Debug)]
struct Sample {
    at: Second,
    /// What each input is given: nothing, null, nonsense or a value.
    given: [Option<Json>; INPUTS],
    /// The entry that is told.
    entered: Option<Second>,
    twice: Twice,
}

/// How often a sample is written.
#[derive(Clone, Copy, Debug)]
enum Twice {
    Once,
    /// The same line again.
    Same,
    /// Some of its inputs in a line of their own.
    Split,
}

#[derive(Clone, Debug)]
struct Rule {
    condition: Condition,
    effect: &'static str,
    hold: Hold,
    on_unmet: bool,
    latch: bool,
}

impl World {
    fn age(&self, input: usize) -> Second {
        match input {
            X | Y | N => self.ages[input],
            WAS => FOR_GOOD,
            _ => self.ages[3],
        }
    }

    /// The value of an input: the newest at or before the instant, not older than its age, not null, not nonsense.
    fn value(&self, input: usize, at: Second) -> Option<f64> {
        let told = |sample: &Sample| Some((sample.at, sample.given[input].clone()?));
        let mut until = self.samples.iter().rev().filter(|sample| sample.at <= at);
        let (when, value) = until.find_map(told)?;
        if at - when > self.age(input) {
            return None;
        }
        match value {
            Json::Bool(truth) => Some(f64::from(u8::from(truth))),
            value => value.as_f64(),
        }
    }

    /// The entry of the stage as it is known at an instant.
    fn entry(&self, at: Second) -> Option<Second> {
        let mut until = self.samples.iter().rev().filter(|sample| sample.at <= at);
        until.find_map(|sample| sample.entered)
    }

    /// What was never looked at by then: samples later than `now`.
    fn cut(mut self) -> Self {
        let now = self.now;
        self.samples.retain(|sample| sample.at <= now);
        self
    }

    /// The condition at each point of the grid from the first sample to `now`, oldest first.
    fn grid(&self) -> Vec<(Second, Option<bool>)> {
        let mut points = Vec::new();
        let mut at = self.samples[0].at;
        while at <= self.now {
            points.push((at, self.truth(&self.rule.condition, at)));
            at += STEP;
        }
        points
    }

    /// The status at a point of the grid, without latches.
    fn status(&self, grid: &[(Second, Option<bool>)], at: Second) -> &'static str {
        let truth = |at: Second| {
            let index = usize::try_from((at - grid[0].0) / STEP).ok()?;
            grid.get(index).filter(|_| at >= grid[0].0)?.1
        };
        let rule = &self.rule;
        rule.hold.status(rule.effect, at, self.entry(at), truth)
    }

    /// The status at the end, latches included.
    fn judged(&self) -> &'static str {
        let grid = self.grid();
        let rule = &self.rule;
        let stop = rule.effect == "rollback" || (rule.effect == "require" && rule.on_unmet);
        if stop && rule.latch {
            let entered = self.entry(self.now).unwrap_or(Second::MIN);
            for (at, _) in grid.iter().filter(|(at, _)| *at >= entered) {
                let status = self.status(&grid, *at);
                if ["fired", "unmet"].contains(&status) {
                    return status;
                }
            }
        }
        self.status(&grid, self.now)
    }

    fn policy(&self) -> String {
        let rule = &self.rule;
        let [x, y, n, ok] = self.ages;
        let (bake, keys) = written(rule.effect, rule.hold, rule.on_unmet, rule.latch);
        format!(
            "gonogo: 1\nname: oracle\nbaselines: [was]\ninputs:\n  x: {{type: double, max_age: {x}s}}\n  \
             y: {{type: double, max_age: {y}s}}\n  n: {{type: int, max_age: {n}s}}\n  ok: {{type: bool, max_age: {ok}s}}\n\
             stages:\n  - name: s\n{bake}    {}:\n      - id: r\n        expr: '{}'\n{keys}",
            rule.effect,
            rule.condition.text(),
        )
    }

    fn history(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (index, sample) in self.samples.iter().enumerate() {
            let parts: &[&[usize]] = match sample.twice {
                Twice::Once => &[&[X, Y, N, WAS, OK]],
                Twice::Same => &[&[X, Y, N, WAS, OK], &[X, Y, N, WAS, OK]],
                Twice::Split => &[&[X, N, WAS], &[Y, N, OK]],
            };
            for inputs in parts {
                lines.push(sample.line(inputs, index == 0));
            }
        }
        if self.backwards {
            lines.reverse();
        }
        lines.concat()
    }
}

impl Sample {
    fn line(&self, inputs: &[usize], first: bool) -> String {
        let given = |input: usize| {
            let given = self.given[input].clone();
            given.filter(|_| inputs.contains(&input))
        };
        let metrics = [(X, "x"), (Y, "y"), (N, "n"), (OK, "ok")];
        let metrics = metrics.map(|(input, name)| (name, given(input)));
        let mut line = world::sample(self.at, metrics, first, self.entered);
        if let Some(value) = given(WAS) {
            line["baselines"] = json!({"was": {"x": value}});
        }
        format!("{line}\n")
    }
}

/// What a number is given; a counter makes steps of it.
fn number() -> BoxedStrategy<Option<Json>> {
    prop_oneof![
        10 => (2_u8..9).prop_map(|value| Some(json!(f64::from(value)))),
        1 => Just(Some(Json::Null)),
        1 => Just(Some(json!("broken"))),
        2 => Just(None),
    ]
    .boxed()
}

fn sample() -> BoxedStrategy<Sample> {
    let gap = prop_oneof![8 => Just(10_i64), 4 => Just(20), 1 => Just(40), 1 => Just(60)];
    let truth = prop_oneof![
        8 => any::<bool>().prop_map(|truth| Some(json!(truth))), 1 => Just(Some(Json::Null)), 2 => Just(None),
    ];
    let twice =
        prop_oneof![6 => Just(Twice::Once), 1 => Just(Twice::Same), 1 => Just(Twice::Split)];
    (gap, [number(), number(), number(), number()], truth, twice)
        .prop_map(|(at, [x, y, n, was], ok, twice)| Sample {
            at,
            given: [x, y, n, was, ok],
            entered: None,
            twice,
        })
        .boxed()
}

fn rule() -> BoxedStrategy<Rule> {
    let hold = prop_oneof![
        3 => Just(Hold::Nothing), 1 => Just(Hold::For(10)), 2 => Just(Hold::For(30)), 2 => Just(Hold::For(60)),
        2 => Just(Hold::Bake(40)),
    ];
    let effect = prop_oneof![Just("require"), Just("hold"), Just("rollback")];
    (condition(), effect, hold, any::<bool>(), any::<bool>())
        .prop_map(|(condition, effect, hold, on_unmet, latch)| Rule {
            condition,
            effect,
            hold,
            on_unmet,
            latch,
        })
        .boxed()
}

fn world() -> BoxedStrategy<World> {
    let age = prop_oneof![1 => Just(10_i64), 2 => Just(20), 4 => Just(40), 6 => Just(100)];
    let samples = prop_oneof![
        3 => prop::collection::vec(sample(), 1..14), 2 => prop::collection::vec(sample(), 14..30),
    ];
    // Each input is given with every sample, every second, or every third one.
    let every = prop_oneof![5 => Just(1_usize), 1 => Just(2), 1 => Just(3)];
    let entry = prop_oneof![
        Just(-20_i64),
        Just(0),
        Just(10),
        Just(30),
        Just(50),
        Just(90)
    ];
    // With which sample it is told: mostly the first.
    let entries = prop::collection::vec(
        (prop_oneof![3 => Just(0_usize), 2 => 0..8_usize], entry),
        0..3,
    );
    let later = prop_oneof![4 => Just(0_i64), 1 => Just(5), 1 => Just(10), 1 => Just(30), 1 => Just(45), 1 => Just(110), 1 => Just(-25)];
    (
        samples,
        [
            every.clone(),
            every.clone(),
            every.clone(),
            every.clone(),
            every,
        ],
        [age.clone(), age.clone(), age.clone(), age],
        entries,
        later,
        rule(),
        [any::<bool>(), any::<bool>()],
        prop_oneof![4 => Just(0_i32), 1 => Just(1), 1 => Just(-1)],
    )
        .prop_map(
            |(mut samples, every, ages, entries, later, rule, [backwards, clean], drift)| {
                let mut at = 0;
                let mut counter = 0;
                for (index, sample) in samples.iter_mut().enumerate() {
                    (sample.at, at) = (at, at + sample.at);
                    for (given, every) in sample.given.iter_mut().zip(every) {
                        // In every other world all that is given is good.
                        let bad = given
                            .as_ref()
                            .is_some_and(|given| given.is_null() || given.is_string());
                        if index % every != 0 || (clean && bad) {
                            *given = None;
                        }
                    }
                    // In some worlds `x` goes up or down.
                    let drift = drift * i32::try_from(index).expect("few");
                    if let Some(value) = sample.given[X].as_ref().and_then(Json::as_f64) {
                        sample.given[X] = Some(json!(value + f64::from(drift)));
                    }
                    // Values from 2 to 8 are steps of up to 4, and beginnings anew.
                    if let Some(value) = sample.given[N].as_ref().and_then(Json::as_f64) {
                        counter = match value {
                            8.0 => 0,
                            7.0 => 2,
                            2.0 | 3.0 => counter + 1,
                            4.0 => counter,
                            _ => counter + 4,
                        };
                        sample.given[N] = Some(json!(counter));
                    }
                }
                for (index, entered) in entries {
                    let index = index % samples.len();
                    samples[index].entered = Some(entered);
                }
                let newest = samples.last().map_or(0, |sample| sample.at);
                World {
                    samples,
                    ages,
                    now: (newest + later).max(0),
                    rule,
                    backwards,
                }
            },
        )
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_over_windows_are_the_slow_definition(world in world()) {
        let policy = support::policy(&world.policy(), &Settings::new());
        let verdict = support::judge_found(&policy, &[&world.history()], None, Some(instant(world.now)));
        let finding = verdict.findings.iter().find(|finding| finding.rule == "r").expect("a finding");
        let cut = world.clone().cut();
        prop_assert_eq!(
            finding.status.name(), cut.judged(),
            "\n{}\n{}\nnow {}\n{:?}", world.policy(), world.history(), instant(world.now), finding,
        );
    }
}

#[test]
fn generated_worlds_reach_every_status() {
    // Worlds in which every window is unknown would prove nothing.
    use proptest::strategy::ValueTree as _;
    use std::collections::BTreeMap;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut known: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for index in 0..3000 {
        let world = world().new_tree(&mut runner).expect("a world");
        let world = world.current().cut();
        if index < 500 {
            let status = (world.rule.effect, world.judged());
            *seen.entry(status).or_default() += 1;
        }
        if let Some(truth) = world.truth(&world.rule.condition, world.now) {
            for method in world.rule.condition.methods() {
                *known.entry((method, truth)).or_default() += 1;
            }
        }
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
    // Nineteen methods, in conditions that are true and in ones that are false.
    assert_eq!(known.len(), 38, "{known:?}");
}
