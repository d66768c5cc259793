//! A suite with all that it names: the policy checked once for each setting of its parameters, every history read once.
//! Judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document::{GivenDocument, SuiteDocument, TestDocument};
use super::files::{Files, Named, Use};
use crate::policy::Policy;
use crate::policy::check::{Settings, check};
use crate::snapshot::{Format, History, Reader};
use crate::source::problem::{any_error, nearest};
use crate::source::{Code, Problem, Source};

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
    pub policies: Vec<(Settings, Policy)>,
    /// Histories that are given, by the policy they were read for.
    pub histories: Vec<Arc<Given>>,
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
        policies: vec![(Settings::new(), plain)],
        histories: Vec::new(),
        cases: Vec::new(),
        files,
    };
    let named: BTreeMap<&str, &[GivenDocument]> = document
        .snapshots
        .iter()
        .map(|(name, given)| (name.as_str(), given.as_slice()))
        .collect();
    let mut known = BTreeMap::new();
    for test in &document.tests {
        let case = suite.case(test, &named, &mut known);
        suite.cases.push(case);
    }
    Ok(suite)
}

impl Suite {
    fn case(
        &mut self,
        test: &TestDocument,
        named: &BTreeMap<&str, &[GivenDocument]>,
        known: &mut BTreeMap<(usize, String), usize>,
    ) -> Case {
        let mut case = Case {
            test: test.clone(),
            policy: 0,
            given: 0,
            problems: test.problems.clone(),
        };
        match self.policed(test) {
            Ok(index) => case.policy = index,
            Err(problems) => case.problems.extend(problems),
        }
        // Tests that are given the same share it.
        let key = (case.policy, format!("{:?}", test.given));
        case.given = match known.get(&key) {
            Some(index) => *index,
            None => {
                let given = self.read(&test.given, named, case.policy);
                self.histories.push(Arc::new(given));
                let index = self.histories.len().saturating_sub(1);
                known.insert(key, index);
                index
            }
        };
        if let Some(given) = self.histories.get(case.given) {
            let wrong = given.problems.iter();
            let wrong = wrong.filter(|problem| any_error(std::slice::from_ref(*problem)));
            case.problems.extend(wrong.cloned());
        }
        case
    }

    /// The index of the policy with the parameters a test sets.
    fn policed(&mut self, test: &TestDocument) -> Result<usize, Vec<Problem>> {
        let settings = test.set.iter();
        let settings: Settings = settings
            .map(|(name, (value, _))| (name.clone(), value.clone()))
            .collect();
        let known = self.policies.iter().position(|(set, _)| *set == settings);
        if let Some(index) = known {
            return Ok(index);
        }
        match check(&self.policy, &settings) {
            (Some(policy), _) => {
                self.policies.push((settings, policy));
                Ok(self.policies.len().saturating_sub(1))
            }
            (None, problems) => Err(problems),
        }
    }

    fn read(
        &self,
        given: &[GivenDocument],
        named: &BTreeMap<&str, &[GivenDocument]>,
        policy: usize,
    ) -> Given {
        let layout = self.policies.get(policy).map(|(_, policy)| &policy.layout);
        let Some(layout) = layout else {
            return Given {
                history: History::default(),
                problems: Vec::new(),
            };
        };
        let mut reader = Reader::new(layout);
        for one in given {
            match one {
                GivenDocument::Inline(node) => reader.snapshot(&self.source, node),
                GivenDocument::Named(name) => match named.get(name.as_str()) {
                    Some(given) => given.iter().for_each(|one| self.give(&mut reader, one)),
                    None => {
                        let near = nearest(name.as_str(), named.keys().copied());
                        let help = near.map_or_else(
                            || "name it in the suite's `snapshots`".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                        let message = format!("there are no snapshots `{}`", name.as_str());
                        let problem = Problem::new(Code::UnknownSnapshot, message).help(help);
                        reader.problem(problem.at(&self.source, name.span, "not named"));
                    }
                },
            }
        }
        let (history, problems) = reader.finish();
        Given { history, problems }
    }

    fn give(&self, reader: &mut Reader<'_>, one: &GivenDocument) {
        match one {
            GivenDocument::Inline(node) => reader.snapshot(&self.source, node),
            GivenDocument::Named(path) => {
                let path = path.as_str().to_owned();
                let of = Use::Snapshots;
                if let Some(Ok(documents)) = self.files.found.get(&Named { of, path }) {
                    let each = documents.iter();
                    each.for_each(|(source, format): &(Source, Format)| {
                        reader.document(source, *format);
                    });
                }
            }
        }
    }
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
    let unused = unused.filter(|(name, _)| !used.contains(name.as_str()));
    unused
        .map(|(name, _)| {
            let message = format!("no test is given `{}`", name.as_str());
            Problem::new(Code::UnusedSnapshot, message)
                .help("write a test for it, or remove it")
                .at(&document.source, name.span, "not used")
        })
        .collect()
}

fn unreadable(files: &Files) -> Vec<Problem> {
    let found = files.found.values();
    found
        .filter_map(|found| found.as_ref().err().cloned())
        .collect()
}
