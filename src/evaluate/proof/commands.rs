//! Commands that were run for one id and item, as time goes on: the newest that matches decides. Whether what it says of
//! its data is true is for whoever has the values.

use std::sync::Arc;

use jiff::Timestamp;

use super::around::Around;
use super::fit::Why;
use super::whom::{About, about};
use crate::evaluate::moment::{Moment, Span};
use crate::expr::value::Value;
use crate::policy::proof::Evidence as Asked;
use crate::snapshot::Subject;
use crate::snapshot::facts::Evidence;
use crate::snapshot::layout::Layout;

/// Commands that were run, up to a moment.
#[derive(Clone, Debug)]
pub(super) struct Commands<'p> {
    pub(super) asked: &'p Asked,
    layout: &'p Layout,
    subject: Arc<Subject>,
    /// In the order of time.
    pub(super) run: Arc<[Arc<Evidence>]>,
    around: Around,
    next: usize,
    /// Those of the newest instant that match.
    newest: Vec<usize>,
    /// A command of which nobody knows whether it is about this subject, no older than that: when, and what is not known.
    unsure: Option<(Option<Timestamp>, usize)>,
    /// Those whose data are as they should be, whatever they say.
    granted: Vec<Arc<Evidence>>,
}

/// What decides.
#[derive(Clone, Debug)]
pub(super) enum Newest {
    /// There is none, or none that is fresh.
    Nothing,
    /// Nobody knows: the slot of what is not known.
    Unknown(usize),
    /// The newest failed, or passed; their data.
    Ran { failed: bool, data: Vec<Value> },
}

impl<'p> Commands<'p> {
    pub(super) fn new(
        asked: &'p Asked,
        layout: &'p Layout,
        subject: &Arc<Subject>,
        run: &[Arc<Evidence>],
    ) -> Self {
        let run: Vec<Arc<Evidence>> = run.iter().filter(|one| one.at.is_some()).cloned().collect();
        Self {
            asked,
            layout,
            subject: Arc::clone(subject),
            run: Arc::from(run),
            around: Around::default(),
            next: 0,
            newest: Vec::new(),
            unsure: None,
            granted: Vec::new(),
        }
    }

    /// What is asked of the data of these commands is so.
    pub(super) fn grants(&mut self, granted: &[Arc<Evidence>]) {
        self.granted = granted.to_vec();
    }

    /// Goes on to a moment. Where what it rests on is another, everything is looked at again.
    pub(super) fn step(&mut self, around: &Around, moment: Moment) {
        if *around != self.around {
            self.around = around.clone();
            self.next = 0;
            self.newest.clear();
            self.unsure = None;
        }
        let run = Arc::clone(&self.run);
        while let Some(one) = run.get(self.next) {
            if one.at.is_none_or(|at| Moment::at(at) > moment) {
                break;
            }
            match self.against(one) {
                Some(Why::Unsure(slot)) => self.unsure = Some((one.at, slot)),
                Some(_) => {}
                None => {
                    let newest = self.newest.first().and_then(|index| run.get(*index));
                    if newest.is_some_and(|newest| newest.at != one.at) {
                        self.newest.clear();
                    }
                    self.unsure = self.unsure.filter(|(at, _)| *at == one.at);
                    self.newest.push(self.next);
                }
            }
            self.next = self.next.saturating_add(1);
        }
    }

    /// Why a command does not match, whenever it was run.
    pub(super) fn against(&self, one: &Evidence) -> Option<Why> {
        let Some(at) = one.at else {
            return Some(Why::Undated);
        };
        let unsure = match about(&one.about, &self.subject) {
            About::Other => return Some(Why::Other(one.about.clone())),
            About::Unsure(part) => Some(self.layout.context(part)),
            About::This => None,
        };
        // A run that began before does not show what is so since.
        let begun = one.started.map_or(at, |started| started.min(at));
        if let Some(Ok(entered)) = self.around.from
            && begun < entered
        {
            return Some(Why::RunBefore(entered));
        }
        if let Some(Ok(commit)) = &self.around.commit {
            match &one.commit {
                None => return Some(Why::NoCommit),
                Some(own) if own != commit => return Some(Why::Commit(Arc::clone(own))),
                Some(_) => {}
            }
        }
        if let Some(Ok(environment)) = &self.around.environment {
            match &one.environment {
                None => return Some(Why::NoEnvironment),
                Some(own) if own != environment => {
                    return Some(Why::Environment(Arc::clone(own)));
                }
                Some(_) => {}
            }
        }
        unsure.map(Why::Unsure)
    }

    /// From which moment on a command is too old.
    fn end(&self, one: &Evidence) -> Moment {
        let age = one.at.zip(self.asked.max_age);
        age.map_or(Moment::NEVER, |(at, age)| {
            Moment::at(at).shifted(Span::of(age)).just_after()
        })
    }

    /// Whether a command is too old at a moment.
    pub(super) fn old(&self, one: &Evidence, moment: Moment) -> bool {
        self.end(one) <= moment
    }

    /// When it may say something else by itself.
    pub(super) fn wake(&self, moment: Moment) -> Moment {
        let next = self.run.get(self.next).and_then(|one| one.at);
        let old = self.newest.first().and_then(|index| self.run.get(*index));
        let old = old.map_or(Moment::NEVER, |one| self.end(one));
        let old = if old > moment { old } else { Moment::NEVER };
        next.map_or(Moment::NEVER, Moment::at).min(old)
    }

    /// Those that decide at a moment, by index: of one instant a failed one.
    pub(super) fn decide(&self, moment: Moment) -> Vec<usize> {
        let fresh = |index: &&usize| {
            let one = self.run.get(**index);
            one.is_some_and(|one| self.end(one) > moment)
        };
        let fresh: Vec<usize> = self.newest.iter().filter(fresh).copied().collect();
        let failed = |index: &usize| self.run.get(*index).is_some_and(|one| !one.passed);
        let any = fresh.iter().any(failed);
        fresh
            .into_iter()
            .filter(|index| failed(index) == any)
            .collect()
    }

    /// What decides at a moment.
    pub(super) fn newest(&self, moment: Moment) -> Newest {
        if let Some(slot) = self.around.unknown().or(self.unsure.map(|(_, slot)| slot)) {
            return Newest::Unknown(slot);
        }
        let deciding = self.decide(moment);
        let deciding = deciding.iter().filter_map(|index| self.run.get(*index));
        let deciding: Vec<&Arc<Evidence>> = deciding.collect();
        let Some(first) = deciding.first() else {
            return Newest::Nothing;
        };
        Newest::Ran {
            failed: !first.passed,
            data: deciding
                .iter()
                .filter(|one| !self.granted.iter().any(|granted| Arc::ptr_eq(granted, one)))
                .map(|one| one.data.clone())
                .collect(),
        }
    }
}
