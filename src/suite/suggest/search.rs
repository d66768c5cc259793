//! The search: one starting point after the other, each change of it tried as a test, within a budget. It makes up no
//! change.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::candidates::{Candidate, candidates};
use super::change::{changed, ordered};
use super::expects::{expectations, told};
use super::flow::Flow;
use super::ground::{Ground, trial, words};
use super::{Sought, Suggestion, Tried, Wanted, bare};
use crate::explain::explain_found;
use crate::policy::{Rule, Stage};
use crate::suite::bound::Suite;
use crate::suite::result::Outcome;
use crate::suite::run::run;
use crate::verdict::Verdict;

/// The most tests that are tried for one question, and of one starting point.
const TRIES: usize = 300;
const EACH: usize = 150;
/// The most rules that are looked at for what they refer to.
const RULES: usize = 4;
/// The most starting points of one kind.
const GROUNDS: usize = 4;

/// Of the expectations, how many are short; and how many more tests are tried where only a longer one notices.
const SHORT: usize = 3;
const MORE: usize = 60;

/// How a starting point is taken from a test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    /// What it is given.
    Given,
    /// The same with its changes.
    Changed,
    /// What it is given, in another stage.
    Elsewhere,
}

struct Search<'q> {
    sought: &'q Sought<'q>,
    wanted: &'q mut dyn Wanted,
    /// The names of all tests of the suite.
    names: BTreeSet<&'q str>,
    left: usize,
    /// How many starting points there were.
    grounds: usize,
    /// One that takes many words to notice: told where no other is found soon.
    wordy: Option<Suggestion>,
}

/// The first test that shows what is wanted. What is no rule, a parameter or a named expression, is looked for in the
/// rules that refer to it.
pub(super) fn search(
    suite: &Suite,
    sought: &Sought<'_>,
    wanted: &mut dyn Wanted,
) -> Option<Suggestion> {
    let (_, policy) = suite.policies.first()?;
    let stages = sought.stages.iter();
    let stages: Vec<&Stage> = stages.filter_map(|stage| policy.stage(stage)).collect();
    let rules = || stages.iter().flat_map(|stage| &stage.rules);
    let known = rules().any(|rule| rule.id.as_ref() == sought.rule);
    let built_in = ["stage.", "record."]
        .iter()
        .any(|of| sought.rule.starts_with(of));
    if known || built_in {
        return about(suite, sought, wanted);
    }
    let refers = |rule: &&Arc<Rule>| {
        let exprs = super::axis::expressions(rule);
        exprs.iter().any(|expr| {
            let mut names = expr.names().into_iter();
            names.any(|name| name == sought.rule)
        })
    };
    let ids: BTreeSet<&str> = rules()
        .filter(refers)
        .map(|rule| rule.id.as_ref())
        .collect();
    let mut found = ids.into_iter().take(RULES).filter_map(|rule| {
        let sought = Sought {
            rule,
            ..sought.clone()
        };
        about(suite, &sought, wanted)
    });
    found.next()
}

fn about(suite: &Suite, sought: &Sought<'_>, wanted: &mut dyn Wanted) -> Option<Suggestion> {
    let cases = suite.cases.iter();
    let mut search = Search {
        sought,
        wanted,
        names: cases.map(|case| case.test.name.as_str()).collect(),
        left: TRIES,
        grounds: 0,
        wordy: None,
    };
    let mut seen = BTreeSet::new();
    for from in [From::Given, From::Changed, From::Elsewhere] {
        let mut count = 0_usize;
        for ground in grounds(suite, sought, from, &mut seen) {
            if let Some(found) = search.ground(&ground) {
                return Some(found);
            }
            count = count.saturating_add(1);
            if count >= GROUNDS || search.left == 0 {
                break;
            }
        }
    }
    if search.wordy.is_some() {
        return search.wordy;
    }
    // Nothing that is given will do: what is made up may.
    for stage in &sought.stages {
        for made in bare::suites(suite, sought, stage) {
            let like = made.cases.first()?;
            let test = words(&like.test, true);
            search.left = search.left.max(EACH);
            let ground = Ground::new(&made, like, test, sought.rule);
            if let Some(found) = ground.and_then(|ground| search.ground(&ground)) {
                return Some(found);
            }
        }
    }
    search.wordy
}

/// The starting points of one kind, no two the same.
fn grounds<'s>(
    suite: &'s Suite,
    sought: &Sought<'_>,
    from: From,
    seen: &mut BTreeSet<String>,
) -> impl Iterator<Item = Ground<'s>> {
    let cases = suite.cases.iter().filter(|case| case.problems.is_empty());
    cases.flat_map(move |case| {
        let mut found: Vec<Ground<'s>> = Vec::new();
        let mut test = words(&case.test, from == From::Changed);
        let asked = case
            .test
            .stage
            .as_ref()
            .map(crate::policy::decode::Text::as_str);
        if from != From::Elsewhere && asked.is_some_and(|asked| !sought.stages.contains(&asked)) {
            return found;
        }
        let stages: &[&str] = if from == From::Elsewhere {
            &sought.stages
        } else {
            &[""]
        };
        for stage in stages {
            if from == From::Elsewhere {
                test.put(&["stage".to_owned()], Flow::text(*stage));
                test = ordered(test);
            }
            if !seen.insert(test.to_string()) {
                continue;
            }
            let ground = Ground::new(suite, case, test.clone(), sought.rule);
            let ground = ground.filter(|ground| sought.stages.contains(&ground.stage.as_ref()));
            found.extend(ground);
        }
        found
    })
}

impl Search<'_> {
    /// Tries the changes of one starting point.
    fn ground(&mut self, ground: &Ground<'_>) -> Option<Suggestion> {
        for candidate in candidates(ground, self.sought).iter().take(EACH) {
            if self.left == 0 {
                return None;
            }
            self.left = self.left.saturating_sub(1);
            if let Some(found) = self.attempt(ground, candidate) {
                return Some(found);
            }
        }
        self.grounds = self.grounds.saturating_add(1);
        None
    }

    fn attempt(&mut self, ground: &Ground<'_>, candidate: &Candidate) -> Option<Suggestion> {
        let test = changed(&ground.test, candidate);
        let verdict = self.shown(ground, &test)?;
        for (index, expect) in expectations(&verdict, self.sought).into_iter().enumerate() {
            let short = index < SHORT;
            if !short && self.wordy.is_some() {
                return None;
            }
            let told = match (&expect, index) {
                (Flow::Map(keys), 1..) => keys.last().map(|(key, _)| key.as_str()),
                _ => None,
            };
            let name = self.name(ground, &verdict, candidate, told);
            let mut test = test.clone();
            test.put(&["name".to_owned()], Flow::text(&name));
            test.put(&["expect".to_owned()], expect);
            let test = ordered(test);
            let Some(trial) = trial(ground.suite, &ground.like, &test) else {
                continue;
            };
            if self.notices(&trial) {
                let line = format!("- {test}");
                let found = Suggestion { name, line };
                if short {
                    return Some(found);
                }
                self.wordy = Some(found);
                self.left = self.left.min(MORE);
                return None;
            }
        }
        None
    }

    /// The verdict of a test that shows what is wanted.
    fn shown(&mut self, ground: &Ground<'_>, test: &Flow) -> Option<Verdict> {
        let suite = &trial(ground.suite, &ground.like, test)?;
        let case = suite.cases.first()?;
        let fixture = suite.fixture(case).ok()?;
        let (_, policy) = suite.policies.get(fixture.policy)?;
        let tried = Tried {
            suite,
            case,
            policy,
            fixture: &fixture,
        };
        if !self.wanted.shows(&tried) {
            return None;
        }
        let (question, judgement) = fixture.judge(policy).ok()?;
        if !self.sought.stages.contains(&question.stage.name.as_ref()) {
            return None;
        }
        Some(explain_found(policy, question, judgement, &[]))
    }

    /// Whether a test passes, and its expectations are enough.
    fn notices(&mut self, suite: &Suite) -> bool {
        let Some(case) = suite.cases.first() else {
            return false;
        };
        if run(suite, case, None).outcome != Outcome::Passed {
            return false;
        }
        let Ok(fixture) = suite.fixture(case) else {
            return false;
        };
        let Some((_, policy)) = suite.policies.get(fixture.policy) else {
            return false;
        };
        self.wanted.notices(&Tried {
            suite,
            case,
            policy,
            fixture: &fixture,
        })
    }

    /// A name that says what a test shows, and that no other test has.
    fn name(
        &self,
        ground: &Ground<'_>,
        verdict: &Verdict,
        candidate: &Candidate,
        seen: Option<&str>,
    ) -> String {
        let changes: Vec<&str> = candidate
            .iter()
            .map(|change| change.told.as_str())
            .collect();
        let mut name = told(verdict, self.sought.rule);
        if ground.policy.judged().nth(1).is_some() {
            name = format!("{name} in {}", ground.stage);
        }
        if !changes.is_empty() {
            name = format!("{name} with {}", changes.join(" and "));
        }
        // What another starting point, or more words, shows is another test.
        if self.grounds > 0 {
            name = format!("{name}, from another start {}", self.grounds);
        }
        if let Some(seen) = seen {
            name = format!("{name}, seen in {seen}");
        }
        // A name is for people, and no place of a matrix.
        let name: String = name.chars().filter(|c| !matches!(c, '"' | '$')).collect();
        let mut unique = name.clone();
        let mut count = 2_usize;
        while self.names.contains(unique.as_str()) {
            unique = format!("{name} ({count})");
            count = count.saturating_add(1);
        }
        unique
    }
}
