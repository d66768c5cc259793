//! A row's rule on facts: what is known of a rollout around its planned time `T`, and what becomes of the rule.

use gonogo::expr::duration::parse_duration;
use gonogo::verdict::Verdict;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::support;

/// Thursday, 16 October 2025, 10:00 in Los Angeles.
const PLANNED: &str = "2025-10-16T17:00:00Z";

/// What is known at an instant.
#[derive(Clone)]
pub(super) struct Scene {
    row: &'static str,
    stage: &'static str,
    now: Timestamp,
    entered: Option<Timestamp>,
    subject: Map<String, Json>,
    baselines: Map<String, Json>,
    samples: Vec<(Timestamp, Map<String, Json>)>,
    facts: Vec<Json>,
}

/// A fact: a list of a snapshot, and what stands in it.
#[derive(Clone)]
pub(super) struct Fact(pub(super) &'static str, pub(super) Map<String, Json>);

/// A row of a playbook, judged in a stage that was entered an hour ago.
pub(super) fn row(row: &'static str, stage: &'static str) -> Scene {
    let subject = json!({
        "service": "app", "version": "2.0.1", "commit": "c1", "environment": "production",
        "author": "mira", "planned_at": PLANNED,
    });
    Scene {
        row,
        stage,
        now: at("T"),
        entered: Some(at("-1h")),
        subject: subject.as_object().expect("a map").clone(),
        baselines: Map::new(),
        samples: Vec::new(),
        facts: Vec::new(),
    }
}

/// `T`, `-48h` before it, `+5m` after it, or an instant.
fn at(text: &str) -> Timestamp {
    let planned: Timestamp = PLANNED.parse().expect("an instant");
    let length = |text: &str| parse_duration(text).unwrap_or_else(|_| panic!("{text}"));
    match text.split_at(1) {
        ("T", "") => planned,
        ("+", rest) => planned + length(rest),
        ("-", rest) => planned - length(rest),
        _ => text.parse().unwrap_or_else(|_| panic!("{text}")),
    }
}

/// A command that passed, of the commit that is released.
pub(super) fn evidence(id: &str, when: &str) -> Fact {
    let fact = Fact("evidence", Map::new());
    let fact = fact.with("id", id).with("status", "passed");
    fact.at(when).with("commit", "c1")
}

/// Somebody who attests a rule.
pub(super) fn attested(rule: &str, by: &str, role: &str, when: &str) -> Fact {
    let fact = Fact("attestations", Map::new());
    let fact = fact.with("rule", rule).with("by", by).with("role", role);
    fact.at(when)
}

/// Somebody who approves.
pub(super) fn approved(rule: &str, by: &str, role: &str, when: &str) -> Fact {
    let fact = Fact("approvals", Map::new());
    let fact = fact.with("rule", rule).with("by", by).with("role", role);
    fact.at(when).with("decision", "approved")
}

/// An earlier verdict on what is released.
pub(super) fn record(stage: &str, verdict: &str, when: &str) -> Fact {
    let fact = Fact("records", Map::new());
    let fact = fact.with("stage", stage).with("verdict", verdict);
    fact.at(when)
        .with("subject", json!({"service": "app", "commit": "c1"}))
}

impl Fact {
    /// The same with a key more, or another value of it.
    pub(super) fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.1.insert(key.to_owned(), value.into());
        self
    }

    /// The same at another time.
    pub(super) fn at(self, when: &str) -> Self {
        self.with("at", at(when).to_string())
    }

    /// The same without a key.
    pub(super) fn without(mut self, key: &str) -> Self {
        self.1.remove(key);
        self
    }
}

impl Scene {
    pub(super) fn now(mut self, now: &str) -> Self {
        self.now = at(now);
        self
    }

    pub(super) fn entered(mut self, entered: &str) -> Self {
        self.entered = Some(at(entered));
        self
    }

    pub(super) fn subject(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.subject.insert(key.to_owned(), value.into());
        self
    }

    pub(super) fn baseline(mut self, name: &str, values: Json) -> Self {
        self.baselines.insert(name.to_owned(), values);
        self
    }

    /// Metrics at one time.
    pub(super) fn sample(mut self, when: &str, metrics: &Json) -> Self {
        let metrics = metrics.as_object().expect("a map").clone();
        self.samples.push((at(when), metrics));
        self
    }

    /// Metrics of now.
    pub(super) fn known(mut self, metrics: &Json) -> Self {
        let metrics = metrics.as_object().expect("a map").clone();
        self.samples.push((self.now, metrics));
        self
    }

    /// Metrics every minute for so many minutes, up to now.
    pub(super) fn minutes(mut self, count: i64, metrics: &Json) -> Self {
        let metrics = metrics.as_object().expect("a map").clone();
        for back in (0..=count).rev() {
            let when = self.now - jiff::SignedDuration::from_mins(back);
            self.samples.push((when, metrics.clone()));
        }
        self
    }

    pub(super) fn given(mut self, fact: Fact) -> Self {
        let Fact(list, fact) = fact;
        self.facts.push(json!({list: [fact]}));
        self
    }

    pub(super) fn all(self, facts: &[Fact]) -> Self {
        let mut scene = self;
        for fact in facts {
            scene = scene.given(fact.clone());
        }
        scene
    }

    /// A rule, or an item of one, has this status.
    pub(super) fn is(&self, rule: &str, status: &str) {
        let verdict = self.verdict();
        let mut findings = verdict.findings.iter();
        let found = findings.find(|finding| finding.name() == rule);
        let found = found.map_or("-", |finding| finding.status.name());
        assert_eq!(found, status, "{} {rule} at {}", self.row, self.now);
    }

    pub(super) fn verdict(&self) -> Verdict {
        let playbook = &self.row[..2];
        let policy = super::policy(playbook);
        let lines = self.lines();
        support::judge(&policy, &[&lines], Some(self.stage), Some(self.now))
    }

    /// The stage and the subject are told on the entry. The facts name no subject: what they are about they say themselves.
    fn lines(&self) -> String {
        let mut stage = json!({"name": self.stage, "traffic": "1%"});
        if let Some(entered) = self.entered {
            stage["entered"] = json!(entered.to_string());
        }
        let first = self.samples.iter().map(|(at, _)| *at).min();
        let first = first.unwrap_or(self.now).min(self.now);
        let first = self.entered.map_or(first, |entered| entered.min(first));
        let mut lines = format!(
            "{}\n",
            json!({
                "at": first.to_string(),
                "stage": stage,
                "subject": self.subject,
                "baselines": self.baselines,
            })
        );
        for (at, metrics) in &self.samples {
            let line = json!({"at": at.to_string(), "metrics": metrics});
            lines.push_str(&format!("{line}\n"));
        }
        for fact in &self.facts {
            lines.push_str(&format!("{fact}\n"));
        }
        lines
    }
}
