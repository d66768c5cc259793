//! What became of tests, for programs: the same bytes for the same run. Never how long it took.

use serde_json::{Map, Value as Json, json};

use super::Counts;
use crate::report::diagnostics;
use crate::source::visible::pretty;
use crate::suite::result::{SuiteResult, TestResult};

/// What others found out beside the tests themselves.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// What the tests cover of the policies.
    pub coverage: Option<Json>,
    /// Which changes of the policies they notice.
    pub mutants: Option<Json>,
}

/// The report as indented JSON, with a line end.
#[must_use]
pub fn report(results: &[SuiteResult], parts: Parts) -> String {
    let counts = Counts::of(results);
    let suites: Vec<Json> = results.iter().map(suite).collect();
    let mut report = Map::new();
    let mut add = |key: &str, value: Json| report.insert(key.to_owned(), value);
    add("suites", suites.into());
    add("passed", counts.passed.into());
    add("failed", counts.failed.into());
    add("errors", counts.errors.saturating_add(counts.suites).into());
    parts.coverage.and_then(|part| add("coverage", part));
    parts.mutants.and_then(|part| add("mutants", part));
    pretty(&report)
}

fn suite(suite: &SuiteResult) -> Json {
    json!({
        "file": suite.file,
        "policy": suite.policy,
        "tests": suite.tests.iter().map(test).collect::<Vec<_>>(),
        "diagnostics": diagnostics::json(&suite.problems),
    })
}

fn test(test: &TestResult) -> Json {
    let problems = test.problems.iter().chain(&test.warnings).cloned();
    json!({
        "name": test.name,
        "at": test.at,
        "status": test.outcome,
        "differences": test.differences,
        "diagnostics": diagnostics::json(&problems.collect::<Vec<_>>()),
    })
}
