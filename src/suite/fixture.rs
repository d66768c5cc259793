//! All that one test gives: a history with its changes, the instant, the stage, what is set aside. It judges with the
//! evaluator that `gonogo eval` has, and never by itself.

use jiff::Timestamp;

use super::bound::{Case, Suite};
use crate::evaluate::{Judgement, Question, Summary, evaluate_waiving, stage};
use crate::policy::decode::Text;
use crate::policy::{Policy, Waiver};
use crate::snapshot::History;
use crate::source::{Code, Problem};

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
    /// What baselines of their own come to.
    pub baselines: Vec<Summary>,
    /// What is set aside.
    pub waivers: Vec<Waiver>,
}

impl Suite {
    /// Builds what a test gives.
    ///
    /// # Errors
    /// What is wrong with it, at its place in the suite.
    pub fn fixture<'s>(&'s self, case: &'s Case) -> Result<Fixture<'s>, Vec<Problem>> {
        let history = self.histories.get(case.given);
        let history = history
            .map(|given| given.history.clone())
            .unwrap_or_default();
        let Some(now) = case.test.now.or(history.newest()) else {
            let message = "there is no sample to take the time of";
            let problem = Problem::new(Code::NoData, message)
                .help("give the test `now`, or a snapshot with a sample")
                .at(&self.source, case.test.span, "this test");
            return Err(vec![problem]);
        };
        Ok(Fixture {
            policy: case.policy,
            history,
            now,
            asked: case.test.stage.as_ref().map(Text::as_str),
            baselines: Vec::new(),
            waivers: Vec::new(),
        })
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
        let (asked, now) = (self.asked, self.now);
        let stage = stage(policy, &self.history, asked, now)?;
        let question = Question { stage, asked, now };
        let judgement = evaluate_waiving(
            policy,
            &self.history,
            question,
            &self.baselines,
            &self.waivers,
        );
        Ok((question, judgement))
    }
}
