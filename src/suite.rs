//! Suites: a policy tested against fixtures, what the tests cover of it, and which changes of it they would notice. It builds
//! histories and compares verdicts; it never judges by itself, opens no file and has no clock.
//!
//! ```text
//! canary.test.yaml ─read─▶ SuiteDocument ─bind(files)─▶ Suite ─fixture(case)─▶ Fixture ─judge(policy)─▶ Judgement ─compare─▶ TestResult
//! ```

pub mod bound;
pub mod coverage;
pub mod document;
pub mod expect;
pub mod files;
pub mod fixture;
pub mod mutate;
pub mod report;
pub mod result;
pub mod run;
pub mod shape;
pub mod suggest;

pub use bound::{Case, Suite, bind};
pub use document::{SuiteDocument, read};
pub use files::{Files, Named, Use};
pub use fixture::Fixture;
pub use result::{Difference, Outcome, SuiteResult, TestResult};
