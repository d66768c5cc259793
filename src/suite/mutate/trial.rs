//! The tests that a mutant is tried with: each built once, and judged again by the changed policy for as long as none
//! notices. A test that compares a whole text with an approved one notices nothing by that alone: the text tells every
//! condition, whether anything depends on it or not. Has no threads: whoever has them shares one of these.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::alone::{became, is_of_one_rule};
use super::wanted::Differs;
use super::{Fate, Mutant, Mutation, Tried, mutants};
use crate::policy::Policy;
use crate::policy::check::{Settings, again, in_full};
use crate::policy::document::PolicyDocument;
use crate::source::problem::nearest;
use crate::source::{Code, Problem, Source};
use crate::suite::bound::{Case, Suite};
use crate::suite::expect::Expected;
use crate::suite::fixture::Fixture;
use crate::suite::result::Outcome;
use crate::suite::run;
use crate::suite::suggest::{Sought, Suggestion, suggest};

/// All that is needed to try mutants.
#[derive(Debug)]
pub struct Trial<'s> {
    /// The policy's name.
    pub policy: String,
    /// What to try, in the order of the policy.
    pub mutants: Vec<Mutant>,
    source: Source,
    document: PolicyDocument,
    suites: Vec<&'s Suite>,
    tests: Vec<Test<'s>>,
}

/// A test that passes, with what it gives.
#[derive(Debug)]
struct Test<'s> {
    suite: &'s Suite,
    case: &'s Case,
    expected: Expected,
    fixture: Fixture<'s>,
    /// The stage it judges.
    stage: Arc<str>,
    settings: &'s Settings,
}

/// Why mutants cannot be tried.
#[derive(Debug)]
pub enum Unfit {
    /// There is no policy that is right.
    Policy(Vec<Problem>),
    /// A rule was asked for that the policy does not have.
    Unknown(Problem),
    /// Tests that do not pass as it is: `FILE > NAME`.
    Failing(Vec<String>),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(_) => f.write_str("the policy is wrong"),
            Self::Unknown(problem) => f.write_str(&problem.message),
            Self::Failing(tests) => {
                let (first, more) = (tests.first(), tests.len().saturating_sub(1));
                let first = first.map_or("", String::as_str);
                write!(f, "no mutant is tried while a test fails: {first}")?;
                match more {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
        }
    }
}

/// The suites of each policy: mutants are tried with all the tests of one.
#[must_use]
pub fn grouped<'s>(suites: impl IntoIterator<Item = &'s Suite>) -> Vec<Vec<&'s Suite>> {
    let mut groups: Vec<Vec<&Suite>> = Vec::new();
    for suite in suites {
        let same = |group: &&mut Vec<&Suite>| {
            let first = group.first();
            first.is_some_and(|first| first.policy.says_as(&suite.policy))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(suite),
            None => groups.push(vec![suite]),
        }
    }
    groups
}

/// Makes ready to try the mutants of some rules, or of all, with the tests of some suites of one policy. A rule is asked
/// for by its id, `STAGE/ID`, or as reports name what is none: `let.NAME`, `params.NAME`, `stage.bake`.
///
/// # Errors
/// Why that cannot be.
pub fn prepare<'s>(suites: &[&'s Suite], rules: &[String]) -> Result<Trial<'s>, Unfit> {
    let Some(source) = suites.first().map(|suite| &suite.policy) else {
        return Err(Unfit::Policy(Vec::new()));
    };
    let (checked, problems) = in_full(source, &Settings::new());
    let Some(checked) = checked else {
        return Err(Unfit::Policy(problems));
    };
    let mut found = mutants(source, &checked);
    for asked in rules {
        if !found.iter().any(|mutant| is(mutant, asked)) {
            return Err(Unfit::Unknown(unknown(source, asked, &found)));
        }
    }
    if !rules.is_empty() {
        found.retain(|mutant| rules.iter().any(|asked| is(mutant, asked)));
    }
    let mut tests = Vec::new();
    let mut failing = Vec::new();
    for suite in suites.iter().copied() {
        for case in &suite.cases {
            match test(suite, case) {
                Some(test) => tests.push(test),
                None => failing.push(named(suite, case)),
            }
        }
    }
    if !failing.is_empty() {
        return Err(Unfit::Failing(failing));
    }
    Ok(Trial {
        policy: checked.policy.name.to_string(),
        mutants: found,
        source: source.clone(),
        document: checked.document,
        suites: suites.to_vec(),
        tests,
    })
}

/// Whether a mutant is one of a rule that is asked for.
fn is(mutant: &Mutant, asked: &str) -> bool {
    let in_stage = |(stage, rule): (&str, &str)| {
        mutant.stage.as_deref() == Some(stage) && mutant.rule.as_ref() == rule
    };
    mutant.rule.as_ref() == asked || asked.split_once('/').is_some_and(in_stage)
}

fn unknown(source: &Source, asked: &str, mutants: &[Mutant]) -> Problem {
    let near = nearest(asked, mutants.iter().map(|mutant| mutant.rule.as_ref()));
    let help = near.map_or_else(
        || "name a rule by its id, or as `STAGE/ID`".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("`{}` has no rule `{asked}` to change", source.name());
    Problem::new(Code::UnknownRule, message).help(help)
}

fn named(suite: &Suite, case: &Case) -> String {
    format!("{} > {}", suite.file, case.test.name)
}

/// A test made ready; nothing if it does not pass.
fn test<'s>(suite: &'s Suite, case: &'s Case) -> Option<Test<'s>> {
    if run::run(suite, case, None).outcome != Outcome::Passed {
        return None;
    }
    let fixture = suite.fixture(case).ok()?;
    let (settings, policy) = suite.policies.get(fixture.policy)?;
    let (question, _) = fixture.judge(policy).ok()?;
    let stage = Arc::clone(&question.stage.name);
    Some(Test {
        suite,
        case,
        expected: Expected::read(suite, case).ok()?,
        fixture,
        stage,
        settings,
    })
}

/// Whether a test notices a policy: what it expects does not come of it, or it cannot run.
pub(super) fn notices(
    suite: &Suite,
    expected: &Expected,
    fixture: &Fixture<'_>,
    policy: &Policy,
) -> bool {
    run::notices(suite, expected, fixture, policy).unwrap_or(true)
}

impl Test<'_> {
    /// Whether something else becomes of the only rule that is other in a policy, or its reasons are looked at.
    fn may_notice(&self, policy: &Policy, rule: &str) -> bool {
        let own = self.suite.policies.get(self.fixture.policy);
        let was = own.and_then(|(_, own)| became(&self.fixture, own, rule));
        self.expected.needs_reasons() || was != became(&self.fixture, policy, rule)
    }
}

impl Trial<'_> {
    /// Tries a mutant. Tests of stages that have no part in it are left out.
    #[must_use]
    pub fn try_mutant(&self, mutant: &Mutant) -> Fate {
        let document = mutant.change.of(&self.document);
        let plain = Settings::new();
        let mut policies: BTreeMap<&Settings, Option<Policy>> = BTreeMap::new();
        let made = |settings: &Settings| again(&self.source, document.clone(), settings);
        if policies
            .entry(&plain)
            .or_insert_with(|| made(&plain))
            .is_none()
        {
            return Fate::Refused;
        }
        if mutant.equivalent {
            return Fate::Equivalent;
        }
        let one = is_of_one_rule(mutant, &self.document);
        for test in self.tests.iter().filter(|test| judges(mutant, &test.stage)) {
            let policy = policies
                .entry(test.settings)
                .or_insert_with(|| made(test.settings));
            // What a setting makes wrong nobody can run.
            let noticed = policy.as_ref().is_none_or(|policy| {
                (!one || test.may_notice(policy, &mutant.rule))
                    && notices(test.suite, &test.expected, &test.fixture, policy)
            });
            if noticed {
                return Fate::Killed(named(test.suite, test.case));
            }
        }
        Fate::Survived
    }

    /// Tries a mutant, and looks for a test that would notice it where none does.
    #[must_use]
    pub fn tried(&self, mutant: &Mutant) -> Tried {
        let fate = self.try_mutant(mutant);
        let survived = fate == Fate::Survived;
        Tried {
            mutant: mutant.clone(),
            suggestion: survived.then(|| self.suggest(mutant)).flatten(),
            fate,
        }
    }

    /// What became of all mutants, one after the other.
    #[must_use]
    pub fn all(&self) -> Mutation {
        Mutation {
            policy: self.policy.clone(),
            tried: self
                .mutants
                .iter()
                .map(|mutant| self.tried(mutant))
                .collect(),
        }
    }

    /// A test that would notice a mutant, tried, if one is found.
    #[must_use]
    pub fn suggest(&self, mutant: &Mutant) -> Option<Suggestion> {
        let judged = |suite: &Suite| {
            let mut tests = self.tests.iter();
            tests.any(|test| std::ptr::eq(test.suite, suite) && judges(mutant, &test.stage))
        };
        // The suite that judges such a stage already, else the first.
        let suite = self.suites.iter().find(|suite| judged(suite));
        let suite = suite.or(self.suites.first())?;
        let (_, policy) = suite.policies.first()?;
        let stages = policy.judged().map(|stage| stage.name.as_ref());
        let sought = Sought {
            stages: stages.filter(|stage| judges(mutant, stage)).collect(),
            rule: &mutant.rule,
            hints: mutant.hints.clone(),
        };
        let document = mutant.change.of(&self.document);
        let one = is_of_one_rule(mutant, &self.document);
        let one = one.then_some(mutant.rule.as_ref());
        suggest(
            suite,
            &sought,
            &mut Differs::new(&self.source, document, one),
        )
    }
}

/// Whether a verdict on a stage may be another one.
fn judges(mutant: &Mutant, stage: &str) -> bool {
    let stages = mutant.stages.as_ref();
    stages.is_none_or(|stages| stages.iter().any(|known| known.as_ref() == stage))
}
