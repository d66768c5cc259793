//! A baseline out of a history of its own, such as what an earlier stage recorded: the last value of each input, and what
//! its windows say over the time of that history. Compares nothing.

mod items;

use std::sync::Arc;

use super::look::{self, Look};
use super::moment::Moment;
use super::{ABSENT, World};
use crate::expr::value::Value;
use crate::policy::Policy;
use crate::snapshot::Sample;
use crate::snapshot::layout::Kind;
use items::Following;
pub(super) use items::OfItems;

/// What is known of a baseline for good, by slot.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// INVARIANT: ascending by slot, none twice.
    values: Vec<(usize, Value)>,
    of_items: Arc<OfItems>,
}

/// A summary in the making.
#[derive(Clone, Debug)]
pub struct Summing<'p> {
    baseline: usize,
    policy: &'p Policy,
    world: World<'p>,
    looks: Vec<Look>,
    of_items: Following<'p>,
    /// What was given last, by slot.
    last: Vec<Value>,
}

impl<'p> Summing<'p> {
    /// Before the first sample of the baseline of this index in the layout.
    #[must_use]
    pub fn new(policy: &'p Policy, baseline: usize) -> Self {
        let own = |slot: usize| matches!(policy.layout.kind(slot), Some(Kind::Baseline(index, _)) if index == baseline);
        // What looks at more than this baseline has another time: that of the history that is judged.
        let alone = |slot: &usize| own(*slot) || *slot == policy.item_slot;
        let (windows, of_items) = look::windows(policy, |slot| {
            let window = policy.windows.iter().find(|window| window.slot == slot);
            window.is_some_and(|window| {
                let reads = window.of.reads();
                reads.iter().all(alone) && reads.iter().any(|slot| own(*slot))
            })
        });
        let world = World::of_baseline(policy);
        Self {
            baseline,
            of_items: Following::new(policy, of_items, &world),
            world,
            looks: windows
                .iter()
                .map(|window| Look::of_baseline(window, &policy.layout))
                .collect(),
            last: vec![ABSENT; policy.layout.len()],
            policy,
        }
    }

    /// Takes in the next sample: its values stand in the slots of the baseline; what it tells of the stage is that
    /// history's own.
    pub fn take(&mut self, sample: &Sample) {
        let at = Moment::at(sample.at);
        self.goes_on(at);
        for observed in &sample.values {
            if let Some(last) = self.last.get_mut(observed.slot) {
                *last = observed.value.clone();
            }
        }
        self.of_items.list(sample);
        self.world.observe(sample);
        self.step(at, true);
    }

    /// What is known at its end.
    #[must_use]
    pub fn finish(self) -> Summary {
        let layout = &self.policy.layout;
        let own = (0..layout.inputs().len()).map(|input| layout.baseline(self.baseline, input));
        let mut values: Vec<(usize, Value)> = own
            .filter_map(|slot| Some((slot, self.last.get(slot)?.clone())))
            .collect();
        values.extend(
            self.looks
                .iter()
                .map(|look| (look.slot(), look.value().clone())),
        );
        values.sort_by_key(|(slot, _)| *slot);
        Summary {
            values,
            of_items: Arc::new(self.of_items.finish()),
        }
    }

    fn goes_on(&mut self, end: Moment) {
        loop {
            let wake = self.looks.iter().map(Look::wake).min();
            let wake = wake.unwrap_or(Moment::NEVER).min(self.of_items.wake());
            let wake = self
                .world
                .expiry(end)
                .map_or(wake, |expiry| expiry.min(wake));
            if wake >= end {
                return;
            }
            self.world.expire(wake);
            self.step(wake, false);
        }
    }

    fn step(&mut self, moment: Moment, given: bool) {
        let touched = self.world.touched().all;
        for look in &mut self.looks {
            look.touch_all(&touched, given);
            look.step(&self.world, moment);
        }
        self.of_items.step(&mut self.world, &touched, given, moment);
    }
}

impl Summary {
    /// Whether it says something of a slot: a value, or that there is none.
    #[must_use]
    pub fn gives(&self, slot: usize) -> bool {
        self.values
            .binary_search_by_key(&slot, |(slot, _)| *slot)
            .is_ok()
    }

    /// What it says, by slot.
    #[must_use]
    pub fn values(&self) -> &[(usize, Value)] {
        &self.values
    }

    /// What it says of the items of a `for_each`.
    pub(super) fn of_items(&self) -> &Arc<OfItems> {
        &self.of_items
    }
}
