//! A scenario: one rule of a policy by itself, samples in even steps, and what the rule and the verdict are at each of three
//! samples in a row: one before a limit, the one at it, one after.

use crate::rows::series::series;
use crate::support;
use gonogo::expr::duration::parse_duration;
use gonogo::policy::check::Settings;
use gonogo::verdict::Verdict;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

/// A rule and the samples it is judged on.
pub(crate) struct Scenario {
    name: String,
    policy: String,
    rule: String,
    stage: String,
    every: SignedDuration,
    entered: SignedDuration,
    samples: Vec<Sample>,
}

#[derive(Clone, Default)]
struct Sample {
    metrics: Map<String, Json>,
    baselines: Map<String, Json>,
}

/// A rule of a playbook, alone in its stage. Beside a stop stands a requirement that is always met.
pub(crate) fn rule(playbook: &str, id: &str) -> Scenario {
    let text = super::text(playbook);
    let (head, stages) = text.split_once("\nstages:\n").expect("stages");
    let start = format!("      - {{id: {id},");
    let (mut name, mut bake, mut effect, mut line) = ("", "", "", "");
    for read in stages.lines() {
        if line.is_empty() {
            match read.trim() {
                stage if read.starts_with("  - name: ") => {
                    name = stage.trim_start_matches("- name: ");
                    bake = "";
                }
                _ if read.starts_with("    bake: ") => bake = read,
                key if read.starts_with("    ") && key.ends_with(':') => effect = key,
                _ if read.starts_with(&start) => line = read,
                _ => {}
            }
        }
    }
    assert!(!line.is_empty(), "{playbook} has no rule {id}");
    let stage = name.to_owned();
    // The least time in the stage would be a finding of its own.
    if !line.contains("for: bake") {
        bake = "";
    }
    // Without a requirement that counts there is no go.
    let (list, always) = ("\n    require:", "\n      - {id: other, expr: 'true'}");
    let before = match (effect, line.contains("watch: true")) {
        ("require:", false) => list.to_owned(),
        ("require:", true) => format!("{list}{always}"),
        _ => format!("{list}{always}\n    {effect}"),
    };
    Scenario {
        name: format!("{playbook} {id}"),
        policy: format!("{head}\nstages:\n  - name: {stage}\n{bake}{before}\n{line}\n"),
        rule: id.to_owned(),
        stage,
        every: SignedDuration::ZERO,
        entered: SignedDuration::ZERO,
        samples: Vec::new(),
    }
    .every("1m")
}

fn duration(text: &str) -> SignedDuration {
    parse_duration(text).unwrap_or_else(|_| panic!("{text} is no duration"))
}

impl Scenario {
    /// A policy of one's own, and its rule.
    pub(crate) fn of(name: &str, policy: String, rule: &str, stage: &str) -> Self {
        Self {
            name: name.to_owned(),
            policy,
            rule: rule.to_owned(),
            stage: stage.to_owned(),
            every: SignedDuration::from_mins(1),
            entered: SignedDuration::ZERO,
            samples: Vec::new(),
        }
    }

    /// The time from a sample to the next. Without it: a minute.
    pub(crate) fn every(mut self, every: &str) -> Self {
        self.every = duration(every);
        self
    }

    /// When the stage was entered, counted from the first sample. Without it: with the first sample.
    pub(crate) fn entered(mut self, entered: &str) -> Self {
        self.entered = duration(entered);
        self
    }

    /// A key of the rule more: `missing: ignore`.
    pub(crate) fn with(mut self, key: &str) -> Self {
        let start = format!("- {{id: {},", self.rule);
        self.policy = self.policy.replace(&start, &format!("{start} {key},"));
        self
    }

    /// The item of a rule that speaks for each.
    pub(crate) fn item(mut self, item: &str) -> Self {
        self.rule = format!("{}[{item}]", self.rule);
        self
    }

    /// The values of a metric, or of an entry of it: `health.database`.
    pub(crate) fn values(mut self, path: &str, values: &str) -> Self {
        self.put(path, &series(values), |sample| &mut sample.metrics);
        self
    }

    /// The values of a baseline's metric: `blue.error_rate`.
    pub(crate) fn baseline(mut self, path: &str, values: &str) -> Self {
        self.put(path, &series(values), |sample| &mut sample.baselines);
        self
    }

    fn put(
        &mut self,
        path: &str,
        values: &[Option<Json>],
        of: fn(&mut Sample) -> &mut Map<String, Json>,
    ) {
        if self.samples.len() < values.len() {
            self.samples.resize(values.len(), Sample::default());
        }
        for (sample, value) in self.samples.iter_mut().zip(values) {
            if let Some(value) = value {
                insert(of(sample), path, value);
            }
        }
    }

    /// What the rule and the verdict are at the sample before this one, at this one, and at the one after: `met go`.
    pub(crate) fn judged(self, index: usize, expected: [&str; 3]) -> Self {
        for (at, expected) in (index - 1..).zip(expected) {
            let found = self.at(at);
            assert_eq!(found, expected, "{} at sample {at}", self.name);
        }
        self
    }

    /// The same at one sample.
    pub(crate) fn at(&self, index: usize) -> String {
        assert!(index < self.samples.len(), "{}: {index}", self.name);
        let lines: String = self.samples[..=index]
            .iter()
            .enumerate()
            .map(|(index, sample)| self.line(index, sample))
            .collect();
        self.told(&lines, self.instant(index))
    }

    fn told(&self, lines: &str, now: Timestamp) -> String {
        let policy = support::policy(&self.policy, &Settings::new());
        let verdict: Verdict = support::judge_found(&policy, &[lines], None, Some(now));
        let found = verdict
            .findings
            .iter()
            .find(|finding| finding.name() == self.rule);
        let status = found.map_or("-", |finding| finding.status.name());
        format!("{status} {}", verdict.verdict.name())
    }

    fn line(&self, index: usize, sample: &Sample) -> String {
        let mut line = json!({
            "at": self.instant(index).to_string(),
            "metrics": sample.metrics,
            "baselines": sample.baselines,
        });
        if index == 0 {
            let start = self.instant(0);
            let entered = (start + self.entered).to_string();
            line["stage"] = json!({"name": self.stage, "entered": entered});
        }
        format!("{line}\n")
    }

    fn instant(&self, index: usize) -> Timestamp {
        let start: Timestamp = "2026-03-02T00:00:00Z".parse().expect("an instant");
        start + self.every * i32::try_from(index).expect("a short history")
    }
}

fn insert(map: &mut Map<String, Json>, path: &str, value: &Json) {
    match path.split_once('.') {
        None => {
            map.insert(path.to_owned(), value.clone());
        }
        Some((first, rest)) => {
            let inner = map.entry(first).or_insert_with(|| json!({}));
            insert(inner.as_object_mut().expect("a map"), rest, value);
        }
    }
}
