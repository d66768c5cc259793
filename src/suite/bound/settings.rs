//! The policy as a test sets its parameters. What is wrong with a setting is told at its place in the suite, and never as if
//! it stood on a command line.

use crate::policy::Policy;
use crate::policy::check::{Settings, check};
use crate::source::{Code, Problem, Severity, Source, Span};
use crate::suite::document::TestDocument;

/// What a test sets.
pub(super) fn settings(test: &TestDocument) -> Settings {
    let set = test.set.iter();
    set.map(|(name, (value, _))| (name.clone(), value.clone()))
        .collect()
}

/// The policy with the parameters a test sets.
///
/// # Errors
/// `unknown-param`, `bad-param`, and what is wrong with the policy where it is set so.
pub(super) fn policy(
    source: &Source,
    suite: &Source,
    test: &TestDocument,
    settings: &Settings,
) -> Result<Policy, Vec<Problem>> {
    let (policy, problems) = check(source, settings);
    let error = |problem: &Problem| problem.severity == Severity::Error;
    policy.ok_or_else(|| {
        let problems = problems.into_iter().filter(error);
        problems
            .map(|problem| placed(problem, suite, test))
            .collect()
    })
}

/// What is missing: parameters that have no value.
pub(super) fn unset(policy: &Policy, suite: &Source, span: Span) -> Vec<Problem> {
    let unset = policy.unset.iter();
    let problem = |name: &std::sync::Arc<str>| {
        let message = format!("the parameter `{name}` has no value");
        let help =
            format!("give it in the test's `set: {{{name}: …}}`, or a default in the policy");
        Problem::new(Code::BadParam, message)
            .help(help)
            .at(suite, span, "this test")
    };
    unset.map(problem).collect()
}

/// A problem with a setting, at its place.
fn placed(mut problem: Problem, suite: &Source, test: &TestDocument) -> Problem {
    if !matches!(problem.code, Code::UnknownParam | Code::BadParam) {
        return problem.at(suite, test.span, "set by this test");
    }
    let named = |name: &str| problem.message.contains(&format!("parameter `{name}`"));
    let Some((name, (_, span))) = test.set.iter().find(|(name, _)| named(name)) else {
        return problem.at(suite, test.span, "this test");
    };
    // It knows only the command line.
    problem.help = problem.help.map(|help| {
        let argument = format!("--set {name}=");
        match help.split_once(&argument) {
            Some((before, example)) => format!("{before}`set: {{{name}: {example}}}`"),
            None => help,
        }
    });
    let label = crate::source::Label {
        source: suite.clone(),
        span: *span,
        text: "set here".to_owned(),
    };
    problem.labels.insert(0, label);
    problem
}
