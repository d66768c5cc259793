//! A suite with all that it names: the policy checked once for each setting of its parameters, every history read once.
//! Judges nothing.

mod binding;
mod settings;
pub mod shared;
mod trial;
mod waivers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document::{GivenDocument, SuiteDocument, TestDocument};
use super::files::{Files, Use};
use crate::policy::check::{Settings, check};
use crate::policy::{Policy, Waiver};
use crate::snapshot::History;
use crate::source::problem::any_error;
use crate::source::{Code, Problem, Source};
use binding::Binding;
pub use shared::{Compared, Stretch};

/// A suite that can run.
#[derive(Debug)]
pub struct Suite {
    /// Its file, as it was named.
    pub file: Arc<str>,
    /// Its text.
    pub source: Source,
    /// The text of its policy.
    pub policy: Source,
    /// The policy once for each setting of its parameters, the first one with none.
    pub policies: Vec<(Settings, Arc<Policy>)>,
    /// Histories that are given, once for each layout of a policy.
    pub histories: Vec<Arc<Given>>,
    /// Histories with the rows that series add: once for all tests that add the same ones.
    pub stretches: Vec<Stretch>,
    /// Histories of baselines.
    pub compared: Vec<Compared>,
    /// Its tests in order.
    pub cases: Vec<Case>,
    /// What it names.
    pub files: Files,
}

/// A history as it is given to one or more tests.
#[derive(Debug)]
pub struct Given {
    /// All samples and facts.
    pub history: History,
    /// What is wrong with it; warnings are told where a test fails.
    pub problems: Vec<Problem>,
}

/// A test that can run, unless something is wrong with it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it says.
    pub test: TestDocument,
    /// The index of its policy.
    pub policy: usize,
    /// The index of its history.
    pub given: usize,
    /// The index of the history with the rows that its series add, where it has series.
    pub stretch: Option<usize>,
    /// The indices of its baselines of their own.
    pub compared: Vec<usize>,
    /// What is set aside.
    pub waivers: Arc<[Waiver]>,
    /// What is wrong with it: then it does not run.
    pub problems: Vec<Problem>,
}

/// Why a suite cannot run at all.
#[derive(Debug)]
pub enum Unbound {
    /// Its policy is wrong.
    Policy(Vec<Problem>),
    /// The suite is.
    Suite(Vec<Problem>),
}

/// Binds a suite to its policy and to the files it names.
///
/// # Errors
/// What is wrong with the policy, or with what all tests share.
pub fn bind(document: &SuiteDocument, policy: &Source, files: Files) -> Result<Suite, Unbound> {
    let (plain, problems) = check(policy, &Settings::new());
    let Some(plain) = plain else {
        return Err(Unbound::Policy(problems));
    };
    let mut wrong = unused(document);
    wrong.extend(unreadable(&files));
    if any_error(&wrong) {
        return Err(Unbound::Suite(wrong));
    }
    let mut suite = Suite {
        file: Arc::clone(document.source.name()),
        source: document.source.clone(),
        policy: policy.clone(),
        policies: vec![(Settings::new(), Arc::new(plain))],
        histories: Vec::new(),
        stretches: Vec::new(),
        compared: Vec::new(),
        cases: Vec::new(),
        files,
    };
    let named: BTreeMap<&str, &[GivenDocument]> = document
        .snapshots
        .iter()
        .map(|(name, given)| (name.as_str(), given.as_slice()))
        .collect();
    let mut binding = Binding::new(&mut suite, named);
    let cases = document.tests.iter().map(|test| binding.case(test));
    let cases = cases.collect();
    suite.cases = cases;
    Ok(suite)
}

/// Snapshots that no test is given.
fn unused(document: &SuiteDocument) -> Vec<Problem> {
    let given = document.tests.iter().flat_map(|test| {
        let baselines = test.baselines.iter().flat_map(|(_, given)| given);
        test.given.iter().chain(baselines)
    });
    let used: BTreeSet<&str> = given
        .filter_map(|one| match one {
            GivenDocument::Named(name) => Some(name.as_str()),
            GivenDocument::Inline(_) => None,
        })
        .collect();
    let unused = document.snapshots.iter();
    let unused = unused.filter(|(name, _)| {
        !used.contains(name.as_str()) && !document.doubtful.contains(name.as_str())
    });
    unused
        .map(|(name, _)| {
            let message = format!("no test is given `{}`", name.as_str());
            Problem::new(Code::UnusedSnapshot, message)
                .help("write a test for it, or remove it")
                .at(&document.source, name.span, "not used")
        })
        .collect()
}

/// Approved files that are there and cannot be read: nobody could tell what was approved.
fn unreadable(files: &Files) -> Vec<Problem> {
    let approved = files
        .found
        .iter()
        .filter(|(named, _)| named.of == Use::Approved);
    approved
        .filter_map(|(_, found)| found.as_ref().err().cloned())
        .collect()
}
