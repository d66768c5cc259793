//! The fold against the slow, obvious definition: every rule judged at every instant of a fine grid, straight from the
//! words of the language. Samples, ages and durations are multiples of ten seconds, the grid has one point every five:
//! the point behind each multiple stands for the moments just after it.

use crate::support;
use gonogo::policy::check::Settings;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::world::{Hold, STEP, Second, instant, sample, written};

#[derive(Clone, Debug)]
struct World {
    /// When, and what is said of `x` and `y`: nothing, null, or a number.
    samples: Vec<(Second, Option<Json>, Option<Json>)>,
    ages: [Second; 2],
    entered: Option<Second>,
    now: Second,
    expr: usize,
    effect: &'static str,
    hold: Hold,
    on_unmet: bool,
    latch: bool,
}

/// What a stop tells that stays fired.
#[derive(Debug, PartialEq)]
struct Runs {
    since: Timestamp,
    held: SignedDuration,
    fired: Timestamp,
    ended: Option<Timestamp>,
    cleared: Option<Timestamp>,
    again: Option<Timestamp>,
}

const EXPRESSIONS: [&str; 4] = [
    "x < 5.0",
    "x < 5.0 && y < 5.0",
    "x < 5.0 || y < 5.0",
    "!(x < 5.0) || y < 5.0",
];

impl World {
    /// The value of an input: the newest at or before the instant, not older than its age, not null.
    fn value(&self, input: usize, at: Second) -> Option<f64> {
        let given = |sample: &(Second, Option<Json>, Option<Json>)| {
            if input == 0 {
                sample.1.clone()
            } else {
                sample.2.clone()
            }
        };
        let (when, value) = self
            .samples
            .iter()
            .filter(|sample| sample.0 <= at)
            .filter_map(|sample| Some((sample.0, given(sample)?)))
            .max_by_key(|(when, _)| *when)?;
        if at - when > self.ages[input] {
            None
        } else {
            value.as_f64()
        }
    }

    fn condition(&self, at: Second) -> Option<bool> {
        let below = |input| self.value(input, at).map(|value| value < 5.0);
        let and = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let or =
            |a: Option<bool>, b: Option<bool>| and(a.map(|a| !a), b.map(|b| !b)).map(|both| !both);
        match self.expr {
            0 => below(0),
            1 => and(below(0), below(1)),
            2 => or(below(0), below(1)),
            _ => or(below(0).map(|x| !x), below(1)),
        }
    }

    /// The status at an instant, without latches.
    fn status(&self, at: Second) -> &'static str {
        let truth = |at: Second| self.condition(at);
        self.hold.status(self.effect, at, self.entered, truth)
    }

    /// The status at the end, latches included.
    fn judged(&self) -> &'static str {
        let stop = self.effect == "rollback" || (self.effect == "require" && self.on_unmet);
        if stop && self.latch {
            let first = self.samples[0].0;
            let from = self.entered.unwrap_or(first).max(first);
            // The grid of the window ends at `now`; each instant since the entry is asked.
            let mut at = self.now;
            while at >= from {
                match self.status(at) {
                    "fired" => return "fired",
                    "unmet" => return "unmet",
                    _ => at -= STEP,
                }
            }
        }
        self.status(self.now)
    }

    /// What a latched stop tells of its runs, read off the grid: the newest run in which it fired, and what is so now.
    fn runs(&self) -> Option<Runs> {
        let on = self.effect == "rollback";
        let first = self.samples[0].0;
        let from = self.entered.unwrap_or(first).max(first);
        let fires = |at: &Second| matches!(self.status(*at), "fired" | "unmet");
        let points =
            |from: Second, to: Second| (0..=(to - from) / STEP).map(move |step| from + step * STEP);
        // The point behind an instant stands for the moments just after it.
        let instant = |point: Second| instant(point - point.rem_euclid(2 * STEP));
        let begin = |point: Second, is: &dyn Fn(Second) -> bool| {
            points(first, point)
                .rev()
                .take_while(|at| is(*at))
                .last()
                .expect("the point itself")
        };
        let active = |at: Second| self.condition(at) == Some(on);
        let clear = |at: Second| self.condition(at) == Some(!on);
        let newest = points(from, self.now).rev().find(fires)?;
        let since = begin(newest, &active);
        let end = points(newest, self.now).find(|at| !active(*at));
        Some(Runs {
            since: instant(since),
            held: instant(end.unwrap_or(self.now)).duration_since(instant(since)),
            fired: instant(points(from, self.now).find(fires)?),
            ended: end.map(instant),
            cleared: clear(self.now).then(|| instant(begin(self.now, &clear))),
            again: (active(self.now) && end.is_some()).then(|| instant(begin(self.now, &active))),
        })
    }

    fn policy(&self) -> String {
        let [x, y] = self.ages;
        let (bake, keys) = written(self.effect, self.hold, self.on_unmet, self.latch);
        format!(
            "gonogo: 1\nname: oracle\ninputs:\n  x: {{type: double, max_age: {x}s}}\n  y: {{type: double, max_age: {y}s}}\n\
             stages:\n  - name: s\n{bake}    {}:\n      - id: r\n        expr: '{}'\n{keys}",
            self.effect, EXPRESSIONS[self.expr],
        )
    }

    fn history(&self) -> String {
        let samples = self.samples.iter().enumerate();
        samples
            .map(|(index, (at, x, y))| {
                let metrics = [("x", x.clone()), ("y", y.clone())];
                let entered = self.entered.filter(|_| index == 0);
                format!("{}\n", sample(*at, metrics, index == 0, entered))
            })
            .collect()
    }
}

fn told() -> impl Strategy<Value = Option<Json>> {
    prop_oneof![
        5 => Just(Some(json!(4.0))),
        3 => Just(Some(json!(6.0))),
        1 => Just(Some(Json::Null)),
        2 => Just(None),
    ]
}

fn world() -> impl Strategy<Value = World> {
    let gap = prop_oneof![4 => Just(10_i64), 3 => Just(20), 1 => Just(60)];
    let hold = prop_oneof![
        2 => Just(Hold::Nothing), 2 => Just(Hold::For(30)), 2 => Just(Hold::For(60)), 1 => Just(Hold::For(10)), 2 => Just(Hold::Bake(40)),
    ];
    let age = prop_oneof![Just(10_i64), Just(20), Just(40), Just(100)];
    (
        prop::collection::vec((gap, told(), told()), 1..10),
        [age.clone(), age],
        prop::option::weighted(
            0.7,
            prop_oneof![Just(-20_i64), Just(0), Just(10), Just(30), Just(50)],
        ),
        prop_oneof![3 => Just(0_i64), 1 => Just(10), 1 => Just(30), 1 => Just(110)],
        0..EXPRESSIONS.len(),
        prop_oneof![Just("require"), Just("hold"), Just("rollback")],
        hold,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(steps, ages, entered, later, expr, effect, hold, on_unmet, latch)| {
                let mut at = 0;
                let mut samples = Vec::new();
                for (gap, x, y) in steps {
                    samples.push((at, x, y));
                    at += gap;
                }
                let newest = samples.last().map_or(0, |sample| sample.0);
                World {
                    samples,
                    ages,
                    entered,
                    now: newest + later,
                    expr,
                    effect,
                    hold,
                    on_unmet,
                    latch,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fold_is_the_slow_definition(world in world()) {
        let policy = support::policy(&world.policy(), &Settings::new());
        let verdict = support::judge_found(&policy, &[&world.history()], None, Some(instant(world.now)));
        let finding = verdict.findings.iter().find(|finding| finding.rule == "r").expect("a finding");
        prop_assert_eq!(
            finding.status.name(), world.judged(),
            "\n{}\n{}\nnow {}\n{:?}", world.policy(), world.history(), instant(world.now), finding,
        );
    }

    /// Separate runs of a stop that stays fired are never told as one, and what is so now stands beside them.
    #[test]
    fn a_latched_stop_tells_of_its_newest_run(mut world in world(), is_require in any::<bool>()) {
        world.effect = if is_require { "require" } else { "rollback" };
        world.on_unmet = is_require;
        world.latch = true;
        // Before the entry nothing latches.
        world.now = world.entered.map_or(world.now, |entered| world.now.max(entered));
        let policy = support::policy(&world.policy(), &Settings::new());
        let verdict = support::judge_found(&policy, &[&world.history()], None, Some(instant(world.now)));
        let finding = verdict.findings.iter().find(|finding| finding.rule == "r").expect("a finding");
        let told = finding.latched.then(|| Runs {
            since: finding.since.expect("since when"),
            held: finding.held.expect("how long"),
            fired: finding.fired_at.expect("when it fired"),
            ended: finding.ended_at,
            cleared: finding.cleared_at,
            again: finding.again_since,
        });
        prop_assert_eq!(
            told, world.runs(),
            "\n{}\n{}\nnow {}\n{:?}", world.policy(), world.history(), instant(world.now), finding,
        );
    }

    /// A pending rule is met at the instant that is told if nothing changes, and not before.
    #[test]
    fn the_earliest_time_is_the_earliest(mut world in world()) {
        world.effect = "require";
        world.on_unmet = false;
        world.ages = [1000, 1000];
        let policy = support::policy(&world.policy(), &Settings::new());
        let at = |second: Second| {
            let verdict = support::judge_found(&policy, &[&world.history()], None, Some(instant(second)));
            verdict.findings.into_iter().find(|finding| finding.rule == "r").expect("a finding")
        };
        let finding = at(world.now);
        if let Some(met_at) = finding.met_at {
            let second = met_at.duration_since(instant(0)).as_secs();
            prop_assert_eq!(at(second).status.name(), "met");
            prop_assert_eq!(at(second - STEP).status.name(), "pending");
        }
    }
}
