//! What a test gives: a history that was edited is the one that is read from documents edited by hand, and what is wrong
//! with an edit is told at its place.

mod edges;
mod facts;
mod mistakes;
mod shared;
mod slow;

use gonogo::evaluate::Subject;
use gonogo::snapshot::{Format, History, Reader};
use gonogo::source::problem::any_error;
use gonogo::source::{Problem, Source};
use gonogo::suite::{Files, Suite, bind, read};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use gonogo::policy::Policy;
use gonogo::policy::check::Settings;

use crate::support;

/// A policy that looks at every kind of input.
const POLICY: &str = r#"
gonogo: 1
name: p
baselines: [before, {name: blue, live: true}]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1], max_age: 2m}
  count: {type: int, max_age: 10m}
  flag: {type: bool, max_age: 10m}
  mode: {type: string, max_age: 10m}
  incidents: {type: "map<string, int>", max_age: 10m}
  seen: {type: timestamp, max_age: 1h}
  drill: {type: "{minutes: int, by: string}", max_age: 1h}
params:
  limit: {type: double, unit: ratio, default: 0.05}
hold:
  - {id: elevated, expr: error_rate > params.limit, for: 1m}
  - {id: worse, expr: error_rate > before.error_rate || error_rate > blue.error_rate + 0.01}
  - {id: incidents, expr: '"P0" in incidents && incidents["P0"] > 0'}
rollback:
  - {id: many, expr: count > 3, for: 30s}
  - {id: stale, expr: now - seen > duration("10m")}
require:
  - {id: known, expr: flag && mode == "on"}
  - {id: cab, approve: {any: 1}}
  - {id: unit, evidence: {id: unit-tests}}
  - {id: drill, attest: {}}
  - {id: soak, attest: {}}
"#;

/// A suite of one test.
fn suite(policy: &str, test: &Json) -> Suite {
    let text = json!({"gonogo": 1, "policy": "policy.yaml", "tests": [test]}).to_string();
    bound(policy, &text, Format::Json)
}

fn bound(policy: &str, text: &str, format: Format) -> Suite {
    let source = Source::new("suite.test.yaml", text);
    let (document, problems) = read(&source, format);
    assert!(!any_error(&problems), "{problems:#?}");
    let document = document.expect("a suite");
    bind(
        &document,
        &Source::new("policy.yaml", policy),
        Files::default(),
    )
    .expect("a suite that can run")
}

/// What is wrong with the first test: code, message, what is underlined, help.
fn wrong(suite: &Suite) -> Vec<String> {
    let case = &suite.cases[0];
    let told = if case.problems.is_empty() {
        suite.fixture(case).err().unwrap_or_default()
    } else {
        case.problems.clone()
    };
    told.iter().map(line).collect()
}

fn line(problem: &Problem) -> String {
    let label = problem.labels.first().expect("a place");
    let under = &label.source.text()[label.span.start..label.span.end];
    let help = problem.help.as_deref().unwrap_or_default();
    format!("{}: {} [{under}] {help}", problem.code, problem.message)
}

/// A history read from documents as they are.
fn history(policy: &Policy, documents: &[Json]) -> History {
    let mut reader = Reader::new(&policy.layout);
    for document in documents {
        reader.document(
            &Source::new("given.json", document.to_string()),
            Format::Json,
        );
    }
    let (history, problems) = reader.finish();
    assert!(!any_error(&problems), "{problems:#?}");
    history
}

/// What is known of a history, value by value.
fn told(policy: &Policy, history: &History) -> Vec<String> {
    let rows = history.samples().enumerate();
    let mut told: Vec<String> = rows
        .map(|(row, sample)| {
            let values = sample.values.iter();
            let values: Vec<String> = values
                .map(|one| format!("{}={:?}", policy.layout.name(one.slot), one.value))
                .collect();
            let metrics = history.has_metrics(row);
            format!("{} {metrics} {}", sample.at, values.join(" "))
        })
        .collect();
    told.push(history.digest(&policy.layout));
    told
}

/// Holds that a test gives the same as these documents, and is judged as they are.
fn same(test: &Json, documents: &[Json]) {
    let policy = support::policy(POLICY, &Settings::new());
    let suite = suite(POLICY, test);
    let case = &suite.cases[0];
    assert!(case.problems.is_empty(), "{:#?}", case.problems);
    let fixture = suite.fixture(case).expect("a fixture");
    let expected = history(&policy, documents);
    assert_eq!(
        told(&policy, &fixture.history),
        told(&policy, &expected),
        "{test:#}"
    );
    // The verdict is of the end of what is given, also where a series takes the last samples away.
    let given = test["given"].as_array().into_iter().flatten();
    let last = given
        .filter_map(|document| document["at"].as_str()?.parse::<Timestamp>().ok())
        .max();
    let shift = test["shift"].as_str().map_or(SignedDuration::ZERO, |text| {
        gonogo::expr::duration::parse_duration(text).expect("a length of time")
    });
    let end = last.map(|last| last + shift);
    assert_eq!(Some(fixture.now), end.max(expected.newest()), "{test:#}");
    let (_, judged) = fixture.judge(&suite.policies[0].1).expect("a judgement");
    let stage = gonogo::evaluate::stage(&policy, &expected, None, fixture.now).expect("a stage");
    let question = gonogo::evaluate::Question {
        stage,
        asked: None,
        now: fixture.now,
    };
    let other = gonogo::evaluate::evaluate(&policy, &expected, question);
    assert_eq!(judged.decision, other.decision, "{test:#}");
    let became = |judgement: &gonogo::evaluate::Judgement<'_>| {
        let mut became: Vec<String> = judgement
            .outcomes
            .iter()
            .map(|outcome| match &outcome.of {
                Subject::Rule(rule, _) => format!("{} {:?}", rule.id, outcome.status),
                other => format!("{other:?} {:?}", outcome.status),
            })
            .collect();
        became.sort();
        became
    };
    assert_eq!(became(&judged), became(&other), "{test:#}");
}
