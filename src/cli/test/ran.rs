//! Suites opened and their tests run, on as many threads as there are: the results stand in the order of files and tests.

use std::collections::BTreeSet;

use gonogo::source::{Code, Problem};
use gonogo::suite::bound::Unbound;
use gonogo::suite::coverage::Seen;
use gonogo::suite::{Case, Outcome, Suite, SuiteResult, TestResult, run};
use gonogo::verdict::ExitCode;

use super::arguments::Arguments;
use super::discover::{self, Discovered};
use super::opened::{self, Opened};
use super::parallel::each;
use super::stamp::Stamps;
use crate::cli::progress::Progress;
use crate::cli::{Color, diagnostics};

/// What was run.
#[derive(Debug)]
pub(super) struct Ran {
    /// Every suite, whether it could be opened or not.
    pub(super) opened: Vec<Opened>,
    /// The tests that are to run: the index of a suite, and that of a test in it; none where it could not be opened.
    pub(super) chosen: Vec<(usize, Option<usize>)>,
    /// What became of them, suite by suite; one without a chosen test is not among them.
    pub(super) results: Vec<SuiteResult>,
    /// What was seen of the policy of each suite.
    pub(super) seen: Vec<Seen>,
    /// How many tests did not run because one before them did not pass.
    pub(super) left: usize,
    /// How it ends, so far.
    pub(super) code: ExitCode,
    /// All that is wrong.
    problems: Vec<Problem>,
    stamps: Stamps,
}

/// What became of a chosen test.
struct Done {
    suite: usize,
    test: Option<TestResult>,
}

impl Ran {
    /// Opens all suites and chooses among their tests.
    pub(super) fn open(arguments: &Arguments) -> Self {
        let Discovered {
            suites,
            folders,
            problems,
        } = discover::suites(&arguments.paths);
        let mut ran = Self {
            opened: Vec::new(),
            chosen: Vec::new(),
            results: Vec::new(),
            seen: Vec::new(),
            left: 0,
            code: ExitCode::Success,
            problems: Vec::new(),
            stamps: folders,
        };
        for (code, problem) in problems {
            ran.code = ran.code.max(code);
            ran.problems.push(problem);
        }
        let open = |_: &mut (), index: usize| opened::open(&suites[index]);
        ran.opened = each(suites.len(), arguments.threads(), || (), open, |_| false).0;
        for opened in &ran.opened {
            ran.stamps.extend(&opened.read);
            ran.problems.extend(opened.warnings.iter().cloned());
            let (code, problems) = match &opened.suite {
                Ok(_) => continue,
                Err(Unbound::Policy(problems)) => (ExitCode::Policy, problems),
                Err(Unbound::Suite(problems)) => (ExitCode::Input, problems),
            };
            ran.code = ran.code.max(code);
            ran.problems.extend(problems.iter().cloned());
        }
        ran.choose(&arguments.filter);
        ran
    }

    fn choose(&mut self, filter: &[String]) {
        let mut tests = 0_usize;
        for (index, opened) in self.opened.iter().enumerate() {
            let Ok(suite) = &opened.suite else {
                self.chosen.push((index, None));
                continue;
            };
            for (case, one) in suite.cases.iter().enumerate() {
                let name = opened.name(one);
                if filter.is_empty() || filter.iter().any(|text| name.contains(text)) {
                    self.chosen.push((index, Some(case)));
                    tests += 1;
                }
            }
        }
        let some = self.opened.iter().any(|opened| opened.suite.is_ok());
        if some && tests == 0 {
            let filters: Vec<String> = filter.iter().map(|text| format!("`{text}`")).collect();
            let message = format!("no test has {} in its name", filters.join(" or "));
            let help = "names are `FILE > NAME`: `gonogo test --list` tells them";
            self.problems
                .push(Problem::new(Code::Unreadable, message).help(help));
            self.code = self.code.max(ExitCode::Nothing);
        }
    }

    /// Runs the chosen tests.
    pub(super) fn run(&mut self, arguments: &Arguments) {
        let covers = arguments.covers();
        // What stands behind the last test would be covered by chance.
        let alone = covers && arguments.fail_fast;
        let threads = if alone { 1 } else { arguments.threads() };
        let progress = Progress::new(!arguments.quiet && !arguments.no_progress);
        let progress = progress.count("running tests", self.chosen.len());
        let (chosen, opened) = (&self.chosen, &self.opened);
        let state = || vec![Seen::default(); if covers { opened.len() } else { 0 }];
        let work = |seen: &mut Vec<Seen>, index: usize| {
            let (suite, case) = chosen[index];
            progress.add();
            let Ok(bound) = &opened[suite].suite else {
                return Done { suite, test: None };
            };
            let case = case.and_then(|case| bound.cases.get(case));
            let test = case.map(|case| run::run(bound, case, seen.get_mut(suite)));
            Done { suite, test }
        };
        let ends = |done: &Done| arguments.fail_fast && !done.passed();
        let (done, states) = each(chosen.len(), threads, state, work, ends);
        drop(progress);
        self.left = chosen.len() - done.len();
        self.seen = vec![Seen::default(); opened.len()];
        for state in states {
            for (all, seen) in self.seen.iter_mut().zip(state) {
                all.merge(seen);
            }
        }
        self.take(done);
    }

    fn take(&mut self, done: Vec<Done>) {
        let mut last = None;
        for Done { suite, test } in done {
            if last.replace(suite) != Some(suite) {
                self.results.push(self.opened[suite].result());
            }
            let Some(test) = test else { continue };
            self.problems.extend(test.problems.iter().cloned());
            if let Some(result) = self.results.last_mut() {
                result.tests.push(test);
            }
        }
    }

    /// Takes in that an approved file could not be written.
    pub(super) fn unwritten(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.code = self.code.max(ExitCode::Input);
    }

    /// Takes in how the tests ended.
    pub(super) fn end(&mut self) {
        for test in self.results.iter().flat_map(|result| &result.tests) {
            self.code = self.code.max(match test.outcome {
                Outcome::Passed => ExitCode::Success,
                Outcome::Failed => ExitCode::Findings,
                Outcome::Error => ExitCode::Input,
            });
        }
    }

    /// Tells all that is wrong, none of it twice: tests that are given the same share what is wrong with it.
    pub(super) fn tell(&self, color: Color) {
        let mut told = BTreeSet::new();
        let new = |problem: &&Problem| {
            told.insert((problem.code, problem.message.clone(), problem.place()))
        };
        let problems: Vec<Problem> = self.problems.iter().filter(new).cloned().collect();
        diagnostics::report(&problems, color);
        if self.left > 0 {
            let tests = if self.left == 1 { "test" } else { "tests" };
            crate::cli::say(&format!("{} {tests} not run: --fail-fast", self.left));
        }
    }

    /// What was read, as it was then.
    pub(super) fn stamps(self) -> Stamps {
        self.stamps
    }
}

impl Done {
    fn passed(&self) -> bool {
        let test = self.test.as_ref();
        test.is_some_and(|test| test.outcome == Outcome::Passed)
    }
}

impl Opened {
    /// What a test is called on a command line.
    pub(super) fn name(&self, case: &Case) -> String {
        format!("{} > {}", self.file.display(), case.test.name)
    }

    /// What became of it before any test ran.
    fn result(&self) -> SuiteResult {
        let policy = |suite: &Suite| {
            let (_, policy) = suite.policies.first()?;
            Some(policy.name.to_string())
        };
        SuiteResult {
            file: self.file.display().to_string(),
            policy: self.suite.as_ref().ok().and_then(policy),
            problems: match &self.suite {
                Ok(_) => Vec::new(),
                Err(Unbound::Policy(problems) | Unbound::Suite(problems)) => problems.clone(),
            },
            ..SuiteResult::default()
        }
    }
}
