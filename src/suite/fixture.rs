//! All that one test gives: a history with its changes, the instant, the stage, what is set aside. It judges with the
//! evaluator that `gonogo eval` has, and never by itself.

mod named;
mod series;
mod shape;

use std::sync::Arc;

use jiff::Timestamp;

use super::bound::shared::{gives, summed};
use super::bound::{Case, Suite};
use crate::evaluate::{Judgement, Question, Summary, evaluate_waiving, stage};
use crate::policy::decode::Text;
use crate::policy::{Policy, Stage, Waiver};
use crate::snapshot::History;
use crate::source::problem::any_error;
use crate::source::{Code, Problem, Severity, Source};
pub use shape::Shape;

/// What one test gives.
#[derive(Debug)]
pub struct Fixture<'s> {
    /// The index of the policy among the suite's.
    pub policy: usize,
    /// The history.
    pub history: History,
    /// The instant of the verdict.
    pub now: Timestamp,
    /// The stage that is asked for.
    pub asked: Option<&'s str>,
    /// What baselines of their own come to by the suite's policy.
    pub baselines: Vec<Summary>,
    /// What is set aside.
    pub waivers: Arc<[Waiver]>,
    /// What is told of what the test changes without standing in its way: a value out of range, a fact without an instant.
    pub warnings: Vec<Problem>,
    /// The suite's policy.
    own: &'s Policy,
    /// The histories of `baselines`, by the index of the baseline.
    compared: Vec<(usize, History)>,
}

/// A fixture in the making.
struct Making<'s> {
    suite: &'s Suite,
    case: &'s Case,
    policy: &'s Policy,
    problems: Vec<Problem>,
}

impl Suite {
    /// Builds what a test gives: what is given, patched, with its series, and then moved.
    ///
    /// # Errors
    /// What is wrong with it, at its place in the suite.
    pub fn fixture<'s>(&'s self, case: &'s Case) -> Result<Fixture<'s>, Vec<Problem>> {
        let policy = self
            .policies
            .get(case.policy)
            .map(|(_, policy)| policy.as_ref());
        let given = self.histories.get(case.given);
        let (Some(policy), Some(given)) = (policy, given) else {
            return Err(Vec::new());
        };
        let mut making = Making {
            suite: self,
            case,
            policy,
            problems: Vec::new(),
        };
        // A series that says nothing of its last samples takes them away, and not the time that passed.
        let end = given.history.newest();
        let history = making.history(&given.history);
        let (history, compared, baselines) = making.compared(history);
        let history = making.moved(history);
        let shift = case.test.shift.unwrap_or_default();
        let end = end.and_then(|end| end.checked_add(shift).ok());
        let now = case
            .test
            .now
            .or(history.newest().and(end).max(history.newest()));
        // Where something is wrong already, that there is no sample may come of it.
        if now.is_none() && !any_error(&making.problems) {
            making.wrong(
                Code::NoData,
                "there is no sample to take the time of",
                "give the test `now`, or a snapshot with a sample",
            );
        }
        let Some(now) = now.filter(|_| !any_error(&making.problems)) else {
            return Err(making.problems);
        };
        Ok(Fixture {
            policy: case.policy,
            history,
            now,
            asked: case.test.stage.as_ref().map(Text::as_str),
            baselines,
            waivers: Arc::clone(&case.waivers),
            warnings: making.problems,
            own: policy,
            compared,
        })
    }
}

impl Making<'_> {
    /// What is given with its patch and its series.
    fn history(&mut self, given: &History) -> History {
        let (layout, test) = (&self.policy.layout, &self.case.test);
        let patched = test.patch.as_ref().map(|patch| {
            let (history, mut problems) = given.patched(layout, &self.suite.source, patch);
            strict(&mut problems, &self.suite.source);
            self.problems.extend(problems);
            let unknown = named::unknown(self.policy, &self.suite.source, patch);
            self.problems.extend(unknown);
            history
        });
        let stretch = self.case.stretch;
        let stretch = stretch.and_then(|index| self.suite.stretches.get(index));
        let (Some(document), Some(stretch)) = (&test.series, stretch) else {
            return patched.unwrap_or_else(|| given.clone());
        };
        let (series, problems) = series::read(layout, &self.suite.source, document);
        self.problems.extend(problems);
        let stretched = match stretch.of(given) {
            Ok(stretched) => stretched,
            Err(before) => {
                let problems = series::before(&self.suite.source, document, before);
                self.problems.extend(problems);
                return History::default();
            }
        };
        let history = match &patched {
            Some(patched) => patched.stretched_as(given, &stretched.history, &stretched.grid),
            None => stretched.history.clone(),
        };
        history.ending(layout, &stretched.grid, &series)
    }

    /// Baselines of their own: live ones are a part of the history, the others are summed up.
    fn compared(&mut self, mut history: History) -> (History, Vec<(usize, History)>, Vec<Summary>) {
        let (layout, suite) = (&self.policy.layout, self.suite);
        let (mut apart, mut summaries) = (Vec::new(), Vec::new());
        for index in &self.case.compared {
            let Some(compared) = suite.compared.get(*index) else {
                continue;
            };
            let Some(given) = suite.histories.get(compared.history) else {
                continue;
            };
            if compared.live {
                let (joined, problems) = history.joined(layout, compared.baseline, &given.history);
                let placed =
                    |problem: Problem| problem.at(&suite.source, self.case.test.span, "this test");
                self.problems.extend(problems.into_iter().map(placed));
                history = joined;
                continue;
            }
            if let Some(name) = gives(layout, &history, compared.baseline) {
                let message = format!("`{name}` is given by a snapshot and by `baseline`");
                let help = "leave it out of what is given, or out of `baseline`";
                self.wrong(Code::Conflict, &message, help);
            }
            let moved = self
                .case
                .test
                .shift
                .map(|by| given.history.moved(layout, by));
            summaries.push(match &moved {
                Some(Some(moved)) => summed(self.policy, compared.baseline, moved),
                _ => compared.summary(self.policy, &given.history),
            });
            let own = moved.flatten().unwrap_or_else(|| given.history.clone());
            apart.push((compared.baseline, own));
        }
        (history, apart, summaries)
    }

    fn moved(&mut self, history: History) -> History {
        let Some(by) = self.case.test.shift else {
            return history;
        };
        history.moved(&self.policy.layout, by).unwrap_or_else(|| {
            self.wrong(
                Code::BadDuration,
                "`shift` moves the history out of the years that there are",
                "move it less far",
            );
            history
        })
    }

    fn wrong(&mut self, code: Code, message: &str, help: &str) {
        let problem = Problem::new(code, message).help(help);
        let problem = problem.at(&self.suite.source, self.case.test.span, "this test");
        self.problems.push(problem);
    }
}

/// What the author of a suite writes out is there to be read: a name that the policy does not declare is an error there.
pub(super) fn strict(problems: &mut [Problem], suite: &Source) {
    for problem in problems {
        let label = problem.labels.first();
        if problem.code == Code::UndeclaredMetric
            && label.is_some_and(|label| label.source.is(suite))
        {
            problem.severity = Severity::Error;
        }
    }
}

impl Fixture<'_> {
    /// Judges it by a policy: the suite's own, or a changed one of the same layout.
    ///
    /// # Errors
    /// `unknown-stage`, `no-stage`.
    pub fn judge<'f>(
        &'f self,
        policy: &'f Policy,
    ) -> Result<(Question<'f>, Judgement<'f>), Problem> {
        let stage = self.stage(policy)?;
        Ok(self.judge_in(policy, stage))
    }

    /// The stage of a policy that is judged.
    ///
    /// # Errors
    /// `unknown-stage`, `no-stage`.
    pub fn stage<'f>(&self, policy: &'f Policy) -> Result<&'f Stage, Problem> {
        stage(policy, &self.history, self.asked, self.now)
    }

    /// Judges it in a stage of a policy, or in a part of one.
    #[must_use]
    pub fn judge_in<'f>(
        &'f self,
        policy: &'f Policy,
        stage: &'f Stage,
    ) -> (Question<'f>, Judgement<'f>) {
        let (asked, now) = (self.asked, self.now);
        let question = Question { stage, asked, now };
        // Another policy may have other windows over a baseline.
        let others: Option<Vec<Summary>> = (!std::ptr::eq(policy, self.own)).then(|| {
            let compared = self.compared.iter();
            compared
                .map(|(baseline, history)| summed(policy, *baseline, history))
                .collect()
        });
        let baselines = others.as_deref().unwrap_or(&self.baselines);
        let judgement = evaluate_waiving(policy, &self.history, question, baselines, &self.waivers);
        (question, judgement)
    }
}
