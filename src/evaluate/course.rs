//! A verdict after every sample of a history, in two passes: legs, in each of which one stage of one subject is judged, and
//! then a fold for each of them. Each verdict is the one that asking at that instant would have given; nothing is decided
//! here.

use std::sync::Arc;

use jiff::Timestamp;

use super::baseline::Summary;
use super::{Fold, Judgement, Question, asked};
use crate::policy::{Policy, Stage, Waiver};
use crate::snapshot::{Facts, Place, Sample, Standing, Survey, Surveyed};
use crate::source::Problem;

/// A stretch of a history in which one stage of one subject is judged.
#[derive(Clone, Debug)]
pub struct Leg<'p> {
    /// The first sample of it.
    pub from: Timestamp,
    /// The stage, or why there is none.
    pub stage: Result<&'p Stage, Problem>,
    surveyed: Surveyed,
}

/// The legs of a history in the making.
#[derive(Debug)]
pub struct Legs<'p> {
    survey: Survey<'p>,
    standing: Option<Standing>,
    found: Vec<(Timestamp, Surveyed)>,
    until: Option<Timestamp>,
    samples: u64,
    newest: Option<Timestamp>,
}

impl<'p> Legs<'p> {
    /// Before the first sample. Samples later than `until` are not used.
    #[must_use]
    pub fn new(policy: &'p Policy, until: Option<Timestamp>) -> Self {
        Self {
            survey: Survey::new(&policy.layout, until),
            standing: None,
            found: Vec::new(),
            until,
            samples: 0,
            newest: None,
        }
    }

    /// Takes in the next sample.
    pub fn take(&mut self, sample: &Sample) {
        if self.until.is_some_and(|until| sample.at > until) {
            return;
        }
        self.samples = self.samples.saturating_add(1);
        self.newest = Some(sample.at);
        self.survey.take(sample.at, &sample.values);
        let before = self.standing.as_ref();
        if before.is_some_and(|standing| standing.is_as_long_as(&self.survey)) {
            return;
        }
        let standing = self.survey.standing();
        if !before.is_some_and(|before| before.is(&standing)) {
            self.found.push((sample.at, self.survey.clone().finish()));
        }
        self.standing = Some(standing);
    }

    /// The newest sample that is used.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// How many samples are used.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The legs, each with its stage: the one asked for, else that of its samples. `show` names a place in a snapshot.
    #[must_use]
    pub fn finish(
        self,
        policy: &'p Policy,
        asked: Option<&str>,
        show: impl Fn(Place) -> String,
    ) -> Vec<Leg<'p>> {
        let leg = |(from, surveyed): (Timestamp, Surveyed)| Leg {
            from,
            stage: asked::stage(policy, &surveyed, &show, asked),
            surveyed,
        };
        self.found.into_iter().map(leg).collect()
    }
}

/// A history on its way, leg by leg.
#[derive(Debug)]
pub struct Course<'p> {
    legs: Vec<Under<'p>>,
    /// The index of the leg the newest sample lies in.
    current: usize,
    asked: Option<&'p str>,
    newest: Option<Timestamp>,
}

/// A leg and its fold, until it is over.
#[derive(Debug)]
struct Under<'p> {
    from: Timestamp,
    stage: Result<&'p Stage, Problem>,
    fold: Option<Box<Fold<'p>>>,
}

impl<'p> Course<'p> {
    /// Before the first sample. `asked` is the stage that was asked for by name.
    #[must_use]
    pub fn new(
        policy: &'p Policy,
        legs: Vec<Leg<'p>>,
        asked: Option<&'p str>,
        facts: &Arc<Facts>,
        baselines: &[Summary],
        waivers: &'p [Waiver],
    ) -> Self {
        let under = |leg: Leg<'p>| {
            let Leg {
                from,
                stage,
                mut surveyed,
            } = leg;
            surveyed.facts = Arc::clone(facts);
            let fold = stage.as_ref().ok().map(|stage| {
                let question = Question {
                    stage,
                    asked,
                    now: Timestamp::MAX,
                };
                let fold = Fold::new(policy, surveyed, question, baselines);
                Box::new(fold.waiving(waivers))
            });
            Under { from, stage, fold }
        };
        Self {
            legs: legs.into_iter().map(under).collect(),
            current: 0,
            asked,
            newest: None,
        }
    }

    /// Takes in the next sample: into its own leg, and into those to come, for which it is the past.
    pub fn take(&mut self, sample: &Sample) {
        self.newest = Some(sample.at);
        while let Some(next) = self.legs.get(self.current.saturating_add(1))
            && next.from <= sample.at
        {
            if let Some(over) = self.legs.get_mut(self.current) {
                over.fold = None;
            }
            self.current = self.current.saturating_add(1);
        }
        for leg in self.legs.iter_mut().skip(self.current) {
            if let Some(fold) = &mut leg.fold {
                fold.take(sample);
            }
        }
    }

    /// What is asked of the newest sample, and what became of every rule there; or why nothing can be judged. Nothing
    /// before the first sample.
    pub fn judge(&mut self) -> Option<Result<(Question<'p>, Judgement<'p>), &Problem>> {
        let now = self.newest?;
        let asked = self.asked;
        let leg = self.legs.get_mut(self.current)?;
        let stage = match &leg.stage {
            Ok(stage) => *stage,
            Err(problem) => return Some(Err(problem)),
        };
        let judgement = leg.fold.as_mut()?.at_sample(now);
        Some(Ok((Question { stage, asked, now }, judgement)))
    }

    /// The same at an instant after the newest sample.
    #[must_use]
    pub fn judge_at(
        &self,
        now: Timestamp,
    ) -> Option<Result<(Question<'p>, Judgement<'p>), &Problem>> {
        let leg = self.legs.get(self.current)?;
        let stage = match &leg.stage {
            Ok(stage) => *stage,
            Err(problem) => return Some(Err(problem)),
        };
        let question = Question {
            stage,
            asked: self.asked,
            now,
        };
        Some(Ok((question, leg.fold.as_ref()?.judgement(now))))
    }
}
