//! Starting points that no test gives: an existing one that begins earlier, and a snapshot that says nothing but the stage.
//! It judges nothing.

use jiff::{SignedDuration, Timestamp};

use super::Sought;
use super::flow::Flow;
use super::ground::words;
use crate::policy::Rule;
use crate::snapshot::Format;
use crate::source::Source;
use crate::suite::bound::{Suite, bind};
use crate::suite::document::{SuiteDocument, read};

/// The instant of a verdict that nobody gave a time for.
const NOON: &str = "2026-01-14T12:00:00Z";

/// Suites of one test each, by the same policy.
pub(super) fn suites(suite: &Suite, sought: &Sought<'_>, stage: &str) -> Vec<Suite> {
    let mut found = Vec::new();
    let Some((_, policy)) = suite.policies.first() else {
        return found;
    };
    let long = policy
        .stage(stage)
        .map_or(SignedDuration::from_hours(1), |stage| {
            let own = stage
                .rules
                .iter()
                .filter(|rule| rule.id.as_ref() == sought.rule);
            let holds = own.filter_map(|rule: &std::sync::Arc<Rule>| rule.hold.as_ref());
            let longest = holds.map(crate::policy::Hold::at_least).max();
            longest.unwrap_or(SignedDuration::from_hours(1))
        });
    let long = long
        .saturating_add(long)
        .saturating_add(SignedDuration::from_secs(60));
    let stretched = suite.cases.iter().filter(|case| case.problems.is_empty());
    let stretched = stretched.filter(|case| {
        let asked = case.test.stage.as_ref();
        asked.is_none_or(|asked| asked.as_str() == stage)
    });
    for case in stretched.take(2) {
        let Ok(fixture) = suite.fixture(case) else {
            continue;
        };
        let times = fixture.history.times();
        if let (Some(last), Some(first)) = (times.last(), times.first())
            && last.duration_since(*first) < long
            && let Ok(at) = last.checked_sub(long)
        {
            let mut test = words(&case.test, false);
            let mut given = match test.get("given").cloned() {
                Some(Flow::List(items)) => items,
                other => other.into_iter().collect(),
            };
            // What begins earlier says the same from then on.
            let mut early = match given.as_slice() {
                [one @ Flow::Map(_)] => one.clone(),
                _ => Flow::Map(Vec::new()),
            };
            early.put(&["at".to_owned()], Flow::plain(at.to_string()));
            given.insert(0, early);
            test.put(&["given".to_owned()], Flow::List(given));
            found.extend(made(suite, &test));
        }
    }
    let Ok(now) = NOON.parse::<Timestamp>() else {
        return found;
    };
    let bake = policy.stage(stage).and_then(|stage| stage.bake.as_ref());
    let bake = bake.map_or(long, |bake| bake.at_least().max(long));
    let entered = now.checked_sub(bake).unwrap_or(now);
    let about = Flow::Map(vec![
        ("name".to_owned(), Flow::text(stage)),
        ("entered".to_owned(), Flow::plain(entered.to_string())),
    ]);
    let sample = |at: Timestamp| {
        Flow::Map(vec![
            ("at".to_owned(), Flow::plain(at.to_string())),
            ("stage".to_owned(), about.clone()),
        ])
    };
    let given = if bake.is_zero() {
        sample(now)
    } else {
        Flow::List(vec![sample(entered), sample(now)])
    };
    let test = Flow::Map(vec![
        ("given".to_owned(), given),
        ("stage".to_owned(), Flow::text(stage)),
    ]);
    found.extend(made(suite, &test));
    found
}

/// A suite with one test that is given what no other one is.
fn made(suite: &Suite, test: &Flow) -> Option<Suite> {
    let mut test = test.clone();
    test.put(&["name".to_owned()], Flow::text("a"));
    test.put(
        &["expect".to_owned()],
        Flow::one("verdict", Flow::text("go")),
    );
    let text = format!("gonogo: 1\npolicy: policy.yaml\ntests:\n  - {test}\n");
    let source = Source::new(std::sync::Arc::clone(&suite.file), text);
    let (document, _) = read(&source, Format::Yaml);
    let mut document = document?;
    document.snapshots = named(suite, &document);
    bind(&document, &suite.policy, suite.files.clone()).ok()
}

/// The snapshots that a test names, as the suite has them.
fn named(
    suite: &Suite,
    document: &SuiteDocument,
) -> Vec<(
    crate::policy::decode::Text,
    Vec<crate::suite::document::GivenDocument>,
)> {
    let format = if suite.file.ends_with(".json") {
        Format::Json
    } else {
        Format::Yaml
    };
    let (own, _) = read(&suite.source, format);
    let given = document.tests.iter().flat_map(|test| {
        let baselines = test.baselines.iter().flat_map(|(_, given)| given);
        test.given.iter().chain(baselines)
    });
    let names: Vec<&str> = given
        .filter_map(|given| match given {
            crate::suite::document::GivenDocument::Named(name) => Some(name.as_str()),
            crate::suite::document::GivenDocument::Inline(_) => None,
        })
        .collect();
    let snapshots = own.into_iter().flat_map(|own| own.snapshots);
    snapshots
        .filter(|(name, _)| names.contains(&name.as_str()))
        .collect()
}
