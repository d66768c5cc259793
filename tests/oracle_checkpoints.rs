//! Checkpoints against the slow, obvious definition, straight from the words of the language: each is judged at the first
//! sample of an input it uses at or after it, if there is one in time.

use crate::support;
use gonogo::policy::check::Settings;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::world::{Second, instant, sample};

#[derive(Clone, Debug)]
struct World {
    /// When, and what is said of `x` and of an input the rule does not use.
    samples: Vec<(Second, Option<Json>, bool)>,
    entered: Option<Second>,
    now: Second,
    times: Times,
    within: Second,
}

#[derive(Clone, Debug)]
enum Times {
    Listed(Vec<Second>),
    Every(Second, Option<i64>),
}

impl World {
    /// When checkpoints are due, as far as anybody could ask.
    fn due(&self, entered: Second) -> Vec<Second> {
        match &self.times {
            Times::Listed(times) => times.iter().map(|time| entered + time).collect(),
            Times::Every(every, times) => (1..=times.unwrap_or(1000))
                .map(|index| entered + every * index)
                .collect(),
        }
    }

    /// One checkpoint: judged, for good, or not yet.
    fn judged(&self, due: Second) -> &'static str {
        let first = self
            .samples
            .iter()
            .filter(|(at, x, _)| *at >= due && *at <= self.now && x.is_some())
            .min_by_key(|(at, ..)| *at)
            .filter(|(at, ..)| *at <= due + self.within);
        match first {
            Some((_, Some(value), _)) => match value.as_f64() {
                Some(value) if value < 5.0 => "met",
                Some(_) => "unmet",
                None => "unknown",
            },
            _ if due > self.now => "not yet",
            _ if self.now <= due + self.within => "can come",
            _ => "unknown",
        }
    }

    fn status(&self) -> &'static str {
        let Some(entered) = self.entered else {
            return "unknown";
        };
        let all: Vec<&str> = self
            .due(entered)
            .into_iter()
            .map(|due| self.judged(due))
            .collect();
        let open = matches!(self.times, Times::Every(_, None));
        if all.contains(&"unmet") {
            "unmet"
        } else if all.contains(&"unknown") {
            "unknown"
        } else if all.contains(&"can come")
            || (all.contains(&"not yet") && !open)
            || !all.contains(&"met")
        {
            "pending"
        } else {
            "met"
        }
    }

    fn policy(&self) -> String {
        let at = match &self.times {
            Times::Listed(times) => {
                let times: Vec<String> = times.iter().map(|time| format!("{time}s")).collect();
                format!("times: [{}]", times.join(", "))
            }
            Times::Every(every, None) => format!("every: {every}s"),
            Times::Every(every, Some(times)) => format!("every: {every}s, times: {times}"),
        };
        format!(
            "gonogo: 1\nname: oracle\ninputs: {{x: {{type: double, max_age: 1h}}, other: {{type: double}}}}\nstages:\n  \
             - name: s\n    require:\n      - {{id: r, expr: 'x < 5.0', at: {{{at}, within: {}s}}}}\n",
            self.within
        )
    }

    fn history(&self) -> String {
        let samples = self.samples.iter().enumerate();
        samples
            .map(|(index, (at, x, other))| {
                let metrics = [("x", x.clone()), ("other", other.then(|| json!(1.0)))];
                let entered = self.entered.filter(|_| index == 0);
                format!("{}\n", sample(*at, metrics, index == 0, entered))
            })
            .collect()
    }
}

fn world() -> impl Strategy<Value = World> {
    let x = prop_oneof![
        6 => Just(Some(json!(4.0))), 1 => Just(Some(json!(6.0))), 1 => Just(Some(Json::Null)), 3 => Just(None),
    ];
    let times = prop_oneof![
        prop::collection::btree_set(1_i64..12, 1..4)
            .prop_map(|set| Times::Listed(set.into_iter().map(|time| time * 10).collect())),
        (1_i64..5, prop::option::of(1_i64..5))
            .prop_map(|(every, times)| Times::Every(every * 10, times)),
    ];
    let gap = prop_oneof![3 => Just(5_i64), 4 => Just(10), 2 => Just(20), 1 => Just(45)];
    (
        prop::collection::vec((gap, x, any::<bool>()), 1..14),
        prop::option::weighted(0.9, prop_oneof![Just(-15_i64), Just(0), Just(10)]),
        prop_oneof![Just(0_i64), Just(5), Just(10), Just(40)],
        times,
        prop_oneof![Just(5_i64), Just(10), Just(25)],
    )
        .prop_map(|(steps, entered, later, times, within)| {
            let mut at = 0;
            let mut samples = Vec::new();
            for (gap, x, other) in steps {
                samples.push((at, x, other));
                at += gap;
            }
            let newest = samples.last().map_or(0, |sample| sample.0);
            World {
                samples,
                entered,
                now: newest + later,
                times,
                within,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn checkpoints_are_the_slow_definition(world in world()) {
        let policy = support::policy(&world.policy(), &Settings::new());
        let verdict = support::judge_found(&policy, &[&world.history()], None, Some(instant(world.now)));
        let finding = verdict.findings.iter().find(|finding| finding.rule == "r").expect("a finding");
        prop_assert_eq!(
            finding.status.name(), world.status(),
            "\n{}\n{}\nnow {}\n{:?}", world.policy(), world.history(), instant(world.now), finding,
        );
    }
}
