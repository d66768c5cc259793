//! What became of tests, as plain data: what scripts read of `gonogo test --format json`. Never compares.

use schemars::JsonSchema;
use serde::Serialize;

use super::expect::Approved;
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
    /// What is other than expected, key by key, in the order of the suite.
    pub differences: Vec<Difference>,
    /// What is wrong with it, where it could not run.
    pub problems: Vec<Problem>,
    /// What is doubtful in what it is given, where it failed.
    pub warnings: Vec<Problem>,
    /// The verdict, where it is other than expected.
    pub verdict: Option<Box<Verdict>>,
    /// The explanation to be approved, where it is not the approved one: what `--update` writes.
    pub approved: Option<Approved>,
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
    /// What was expected; null where it was expected not to be there.
    pub expected: serde_json::Value,
    /// What came of it; null where it is not there.
    pub actual: serde_json::Value,
    /// Of a set: what is expected and not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Of a set: what is there and not expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<String>,
    /// The unit of what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
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
