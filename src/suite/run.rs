//! One test: built, judged, explained, compared. Never stops another one.

use super::bound::{Case, Suite};
use super::coverage::Seen;
use super::expect;
use super::result::{Outcome, TestResult};
use crate::explain::{Digested, explain_digested};
use crate::source::Problem;

/// Runs a test, and notes what it saw of the policy where that is asked for.
#[must_use]
pub fn run(suite: &Suite, case: &Case, seen: Option<&mut Seen>) -> TestResult {
    let mut result = TestResult {
        name: case.test.name.clone(),
        at: expect::place(suite, case.test.span),
        outcome: Outcome::Passed,
        differences: Vec::new(),
        problems: case.problems.clone(),
        verdict: None,
    };
    result.problems.extend(expect::problems(suite, case));
    if !result.problems.is_empty() {
        return failed(result);
    }
    let fixture = match suite.fixture(case) {
        Ok(fixture) => fixture,
        Err(problems) => return errors(result, problems),
    };
    let Some((_, policy)) = suite.policies.get(fixture.policy) else {
        return result;
    };
    let (question, judgement) = match fixture.judge(policy) {
        Ok(judged) => judged,
        Err(problem) => {
            let problem = problem.at(&suite.source, case.test.span, "this test");
            return errors(result, vec![problem]);
        }
    };
    if let Some(seen) = seen {
        seen.take(policy, question, &judgement);
    }
    // Nobody is shown the digest of a fixture.
    let digested = Digested {
        history: "",
        waivers: None,
    };
    let verdict = explain_digested(policy, digested, question, judgement, &[]);
    result.differences = expect::compare(suite, case, &verdict);
    if !result.differences.is_empty() {
        result.outcome = Outcome::Failed;
        result.verdict = Some(Box::new(verdict));
    }
    result
}

fn errors(mut result: TestResult, problems: Vec<Problem>) -> TestResult {
    result.problems.extend(problems);
    failed(result)
}

fn failed(mut result: TestResult) -> TestResult {
    result.outcome = Outcome::Error;
    result
}
