//! Conditions that go ahead of the fold where all they need lies in columns, and the fold coming after them. Never what a
//! condition says.

use jiff::Timestamp;

use super::Fold;
use crate::evaluate::ahead::{Lane, Stretch};
use crate::evaluate::moment::Moment;
use crate::expr::value::Value;
use crate::snapshot::History;

impl<'p> Fold<'p> {
    /// The conditions that can go ahead of the fold, and whether no other needs any row.
    pub(in crate::evaluate) fn lanes<'h>(&self, history: &'h History) -> (Vec<Lane<'p, 'h>>, bool) {
        let shared = |slot: usize| {
            let readers = self.readers.get(slot);
            readers.is_none_or(|readers| readers.tracks.len() != 1)
        };
        let lanes: Vec<Lane<'p, 'h>> = self
            .tracks
            .iter()
            .enumerate()
            .filter_map(|(index, track)| {
                Lane::of(self.policy, history, index, track, &self.looks, shared)
            })
            .collect();
        let numbers = |slot: &usize| {
            let column = history.column(*slot);
            column.is_some_and(|column| {
                column
                    .numbers()
                    .is_some_and(|all| all.len() == history.len())
            })
        };
        let all = lanes.len() == self.tracks.len()
            && !self.needs_metrics()
            && self.read.iter().all(numbers);
        (lanes, all)
    }

    /// Lets a condition go ahead through a stretch; the row before it has been folded.
    pub(in crate::evaluate) fn go(
        &mut self,
        lane: &mut Lane<'p, '_>,
        stretch: &Stretch,
        slots: &mut [Value],
    ) {
        if self.ours {
            lane.go(stretch, &mut self.tracks, &mut self.looks, slots);
        }
    }

    /// Comes to a row up to which every condition has gone ahead: what is given there is all there is to be known.
    pub(in crate::evaluate) fn comes_to(
        &mut self,
        at: Timestamp,
        mut give: impl FnMut(usize) -> Option<Value>,
    ) {
        let at = Moment::at(at);
        for slot in &self.read {
            if let Some(value) = give(*slot) {
                self.world.give(*slot, value, at);
            }
        }
        let touched = self.world.touched();
        self.world.untouched(touched);
        self.wake = Moment::NEVER;
        for look in &self.looks {
            if !matches!(look.value(), Value::Unknown(_)) {
                self.world.set(look.slot(), look.value().clone());
            }
            self.wake = self.wake.min(look.wake());
        }
        self.moment = Some(at);
    }
}
