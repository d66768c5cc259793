//! What became of tests, for people and for programs: one file for each format. Never runs one.

pub mod coverage;
pub mod json;
pub mod junit;
pub mod lcov;
pub mod mutants;
pub mod text;

use super::result::{Outcome, SuiteResult};

/// How many tests became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All is as expected.
    pub passed: usize,
    /// Something is not.
    pub failed: usize,
    /// They could not run.
    pub errors: usize,
    /// Suites of which no test could run.
    pub suites: usize,
}

impl Counts {
    /// The counts of some suites.
    #[must_use]
    pub fn of(suites: &[SuiteResult]) -> Self {
        let tests = || suites.iter().flat_map(|suite| &suite.tests);
        let count = |outcome| tests().filter(|test| test.outcome == outcome).count();
        let idle = |suite: &&SuiteResult| suite.tests.is_empty() && !suite.problems.is_empty();
        Self {
            passed: count(Outcome::Passed),
            failed: count(Outcome::Failed),
            errors: count(Outcome::Error),
            suites: suites.iter().filter(idle).count(),
        }
    }
}
