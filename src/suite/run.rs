//! One test: built, judged, compared, and explained where that is needed. Never stops another one.

use super::bound::{Case, Suite};
use super::coverage::Seen;
use super::expect::{self, Expected, Outline};
use super::fixture::Fixture;
use super::result::{Difference, Outcome, TestResult};
use crate::evaluate::{Judgement, Question};
use crate::explain::explain_found;
use crate::policy::Policy;
use crate::source::Problem;
use crate::verdict::{Decision, Effect, Finding, Status, Verdict};

/// Runs a test, and notes what it saw of the policy where that is asked for.
#[must_use]
pub fn run(suite: &Suite, case: &Case, seen: Option<&mut Seen>) -> TestResult {
    let mut result = TestResult {
        name: case.test.name.clone(),
        at: expect::place(&suite.source, &suite.file, case.test.span),
        outcome: Outcome::Passed,
        differences: Vec::new(),
        problems: case.problems.clone(),
        warnings: Vec::new(),
        verdict: None,
        approved: None,
    };
    let expected = match Expected::read(suite, case) {
        Ok(expected) if result.problems.is_empty() => expected,
        Ok(_) => return error(result, Vec::new()),
        Err(problems) => return error(result, problems),
    };
    let fixture = match suite.fixture(case) {
        Ok(fixture) => fixture,
        Err(problems) => return error(result, problems),
    };
    let Some((_, policy)) = suite.policies.get(fixture.policy) else {
        return error(result, Vec::new());
    };
    let (question, judgement) = match fixture.judge(policy) {
        Ok(judged) => judged,
        Err(problem) => {
            let problem = problem.at(&suite.source, case.test.span, "this test");
            return error(result, vec![problem]);
        }
    };
    let unknown = expected.unknown(policy, question.stage);
    if !unknown.is_empty() {
        return error(result, unknown);
    }
    if let Some(seen) = seen {
        seen.take(policy, question, &judgement);
    }
    let warnings = warnings(suite, case, &fixture);
    let (mut differences, verdict) =
        compared(suite, &expected, policy, question, judgement, &warnings);
    if let Some(verdict) = verdict.filter(|_| !differences.is_empty()) {
        result.outcome = Outcome::Failed;
        result.approved = expected
            .approved()
            .filter(|_| differences.iter().any(|one| one.key == "approved"))
            .map(|path| expect::Approved::new(path, suite, &verdict));
        explained(&mut differences, &verdict);
        result.verdict = Some(Box::new(verdict));
        result.differences = differences;
        result.warnings = warnings;
    }
    result
}

/// Whether a policy other than the suite's own, of the same layout, would be noticed: anything is other than expected. An
/// approved text alone notices nothing: it quotes every condition, whether anything depends on it or not.
///
/// # Errors
/// The fixture cannot be judged by it.
pub fn notices(
    suite: &Suite,
    expected: &Expected,
    fixture: &Fixture<'_>,
    policy: &Policy,
) -> Result<bool, Problem> {
    let (question, judgement) = fixture.judge(policy)?;
    let outline = Outline::of(policy, question, &judgement);
    if !expected.against(&outline).is_empty() {
        return Ok(true);
    }
    if !expected.needs_reasons() {
        return Ok(false);
    }
    let verdict = explain_found(policy, question, judgement, &[]);
    let differences = expected.against_reasons(suite, &verdict);
    Ok(differences.iter().any(|one| one.key != "approved"))
}

/// What is other than expected, in the order of the suite; with the verdict, where there is anything or it was needed.
fn compared(
    suite: &Suite,
    expected: &Expected,
    policy: &Policy,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> (Vec<Difference>, Option<Verdict>) {
    let outline = Outline::of(policy, question, &judgement);
    let mut differences = expected.against(&outline);
    if differences.is_empty() && !expected.needs_reasons() {
        return (differences, None);
    }
    let verdict = explain_found(policy, question, judgement, warnings);
    differences.extend(expected.against_reasons(suite, &verdict));
    differences.sort_by_key(|one| (one.at.line, one.at.column));
    (differences, Some(verdict))
}

/// What is doubtful in the history a test is given.
fn warnings(suite: &Suite, case: &Case, fixture: &Fixture<'_>) -> Vec<Problem> {
    let given = suite.histories.get(case.given);
    let given = given.into_iter().flat_map(|given| &given.problems);
    given.chain(&fixture.warnings).cloned().collect()
}

/// What is about no rule by itself is explained by the rules that decide.
fn explained(differences: &mut [Difference], verdict: &Verdict) {
    let decisive = verdict.findings.iter().filter(|finding| finding.decisive);
    let decisive: Vec<String> = decisive.map(Finding::name).collect();
    let whole = [
        "verdict",
        "causes",
        "exit_code",
        "reason",
        "next",
        "rollback",
    ];
    for one in differences {
        let key = one.key.split('.').next().unwrap_or_default();
        if whole.contains(&key) {
            one.rules.clone_from(&decisive);
        }
        if key == "verdict" && one.expected == Decision::Rollback.name() {
            one.rules.extend(stops(verdict));
        }
    }
}

/// The hard stops that might have been expected to fire: those that wait, then those nearest to their limits.
fn stops(verdict: &Verdict) -> impl Iterator<Item = String> {
    const MOST: usize = 3;
    let silent =
        |finding: &&Finding| finding.effect == Effect::Rollback && finding.status != Status::Fired;
    let mut stops: Vec<&Finding> = verdict.findings.iter().filter(silent).collect();
    let distance = |finding: &Finding| {
        let margin = finding.margin.as_ref().and_then(|margin| margin.relative);
        margin.unwrap_or(f64::INFINITY)
    };
    stops.sort_by(|a, b| {
        let waits = |finding: &Finding| finding.status != Status::Pending;
        let (one, other) = (distance(a), distance(b));
        waits(a).cmp(&waits(b)).then(one.total_cmp(&other))
    });
    let names: Vec<String> = stops.into_iter().take(MOST).map(Finding::name).collect();
    names.into_iter()
}

fn error(mut result: TestResult, problems: Vec<Problem>) -> TestResult {
    result.problems.extend(problems);
    result.outcome = Outcome::Error;
    result
}
