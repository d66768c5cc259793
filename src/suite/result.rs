//! What became of tests, as plain data: what scripts read of `gonogo test --format json`. Never compares.

use schemars::JsonSchema;
use serde::Serialize;

use crate::source::Problem;
use crate::verdict::{Place, Verdict};

/// What became of a suite.
#[derive(Clone, Debug, Default)]
pub struct SuiteResult {
    /// Its file, as it was named.
    pub file: String,
    /// The name of its policy, where it could be read.
    pub policy: Option<String>,
    /// Its tests in order.
    pub tests: Vec<TestResult>,
    /// Why none of them ran, where none did.
    pub problems: Vec<Problem>,
}

/// What became of a test.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Its name.
    pub name: String,
    /// Where its name stands in the suite.
    pub at: Place,
    /// What became of it.
    pub outcome: Outcome,
    /// What is other than expected, key by key.
    pub differences: Vec<Difference>,
    /// What is wrong with it, where it could not run.
    pub problems: Vec<Problem>,
    /// The verdict, where it is other than expected.
    pub verdict: Option<Box<Verdict>>,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All is as expected.
    Passed,
    /// Something is not.
    Failed,
    /// It could not run.
    Error,
}

/// Something that is other than expected.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// The key of `expect`: `verdict`, `fired`, `values.error-spike.error_rate`.
    pub key: String,
    /// What was expected.
    pub expected: serde_json::Value,
    /// What came of it.
    pub actual: serde_json::Value,
    /// Where the expectation stands in the suite.
    pub at: Place,
    /// The rules it is about, whose findings explain it.
    #[serde(skip)]
    pub rules: Vec<String>,
}

impl Outcome {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}
