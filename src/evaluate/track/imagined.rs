//! A rule on its way through what nobody gave: another entry, other facts. What really became of it is never touched.

use std::sync::Arc;

use jiff::Timestamp;

use super::line::Line;
use super::{Lines, Track};
use crate::evaluate::checks::Checks;
use crate::evaluate::look::Look;
use crate::evaluate::proof::{Ground, Prover};
use crate::evaluate::run::Trigger;
use crate::expr::value::Key;
use crate::snapshot::facts::Evidence;

impl<'p> Track<'p> {
    /// The stage is entered again: what fired before is forgiven, and checkpoints are counted anew.
    pub(in crate::evaluate) fn enters_again(&mut self, at: Timestamp) {
        self.horizon = Some(at);
        self.begins = None;
        self.trigger = Trigger::of(self.rule, Some(at), self.horizon);
        self.dirty = true;
        for line in self.lines_mut() {
            line.run.fired = None;
            line.checks = Checks::default();
        }
    }

    /// What it rests on is judged anew on other facts; what is asked of the data of these commands is so.
    pub(in crate::evaluate) fn grounds(&mut self, ground: &Ground<'p>, granted: &[Arc<Evidence>]) {
        self.ground = ground.clone();
        self.dirty = true;
        let rule = self.rule;
        let prover = |key: Option<&Key>| {
            let mut prover = Prover::of(rule, ground, key)?;
            prover.grants(granted);
            Some(prover)
        };
        match &mut self.lines {
            Lines::One(line) => line.prover = prover(None),
            Lines::Each { lines, .. } => {
                for (key, (_, line)) in lines {
                    line.prover = prover(Some(key));
                }
            }
        }
    }

    /// The windows of its items, each with its item.
    pub(in crate::evaluate) fn looked(&self) -> impl Iterator<Item = (&Look, Option<&Key>)> {
        let lines = match &self.lines {
            Lines::One(_) => None,
            Lines::Each { lines, .. } => Some(lines),
        };
        let lines = lines.into_iter().flatten();
        lines.flat_map(|(key, (_, line))| line.looks.iter().map(move |look| (look, Some(key))))
    }

    /// Whether it matters to it when there are samples.
    pub(in crate::evaluate) fn asks_for_samples(&self) -> bool {
        self.rule.at.is_some() || self.looked().next().is_some()
    }

    fn lines_mut(&mut self) -> impl Iterator<Item = &mut Line<'p>> {
        let (one, each) = match &mut self.lines {
            Lines::One(line) => (Some(&mut **line), None),
            Lines::Each { lines, .. } => (None, Some(lines.values_mut().map(|(_, line)| line))),
        };
        one.into_iter().chain(each.into_iter().flatten())
    }
}
