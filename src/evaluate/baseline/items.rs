//! The windows of a baseline that speak of the item of a `for_each`, one of each for every item that its history can be
//! asked about: those that a rule lists, and what its own maps and lists name. Never asks which of them a rule will want.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evaluate::each::{self, MOST};
use crate::evaluate::look::Look;
use crate::evaluate::moment::Moment;
use crate::evaluate::{ABSENT, World};
use crate::expr::Window;
use crate::expr::value::{Key, Missing, Value};
use crate::policy::{Items, Policy};
use crate::snapshot::Sample;

/// The windows of each item on their way through a baseline's history.
#[derive(Clone, Debug)]
pub(super) struct Following<'p> {
    policy: &'p Policy,
    windows: Vec<&'p Arc<Window>>,
    lines: BTreeMap<Key, (Value, Vec<Look>)>,
}

/// What they say at its end.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate) struct OfItems {
    by_slot: BTreeMap<usize, BTreeMap<Key, Value>>,
}

impl<'p> Following<'p> {
    pub(super) fn new(
        policy: &'p Policy,
        windows: Vec<&'p Arc<Window>>,
        world: &World<'_>,
    ) -> Self {
        let mut following = Self {
            policy,
            windows,
            lines: BTreeMap::new(),
        };
        if following.windows.is_empty() {
            return following;
        }
        let rules = policy.stages.iter().flat_map(|stage| &stage.rules);
        let listed = rules
            .filter_map(|rule| rule.for_each.as_ref())
            .filter(|each| matches!(each.items, Items::Listed(_)));
        for (key, item) in listed.flat_map(|each| each::items(each, world).unwrap_or_default()) {
            following.add(key, item);
        }
        following
    }

    /// Lists what the values that its windows look at name.
    pub(super) fn list(&mut self, sample: &Sample) {
        let mut found = Vec::new();
        for observed in &sample.values {
            let reads = |window: &&Arc<Window>| window.of.reads().contains(&observed.slot);
            if self.windows.iter().any(reads) {
                names(&observed.value, &mut found);
            }
        }
        for key in found {
            let item = Value::from(key.clone());
            self.add(key, item);
        }
    }

    /// When one of them may change although nothing is given.
    pub(super) fn wake(&self) -> Moment {
        let looks = self.lines.values().flat_map(|(_, looks)| looks);
        looks.map(Look::wake).min().unwrap_or(Moment::NEVER)
    }

    pub(super) fn step(
        &mut self,
        world: &mut World<'_>,
        touched: &[usize],
        given: bool,
        moment: Moment,
    ) {
        for (item, looks) in self.lines.values_mut() {
            world.set(self.policy.item_slot, item.clone());
            for look in looks {
                look.touch_all(touched, given);
                look.step(world, moment);
            }
        }
        world.set(self.policy.item_slot, ABSENT);
    }

    pub(super) fn finish(self) -> OfItems {
        let slots = self.windows.iter().map(|window| window.slot);
        let mut by_slot: BTreeMap<usize, BTreeMap<Key, Value>> =
            slots.map(|slot| (slot, BTreeMap::new())).collect();
        for (key, (_, looks)) in self.lines {
            for look in looks {
                if let Some(values) = by_slot.get_mut(&look.slot()) {
                    values.insert(key.clone(), look.value().clone());
                }
            }
        }
        OfItems { by_slot }
    }

    fn add(&mut self, key: Key, item: Value) {
        if self.lines.len() >= MOST || self.lines.contains_key(&key) {
            return;
        }
        let layout = &self.policy.layout;
        let looks = self.windows.iter();
        let looks = looks.map(|window| Look::of_baseline(window, layout));
        self.lines.insert(key, (item, looks.collect()));
    }
}

impl OfItems {
    /// What the window of this slot says of an item, if it looks at the baseline alone. Of an item that its history does not
    /// name nothing is known.
    pub(in crate::evaluate) fn value(&self, slot: usize, key: &Key) -> Option<Value> {
        let values = self.by_slot.get(&slot)?;
        let unknown = || Value::Unknown(Missing::Short);
        Some(values.get(key).cloned().unwrap_or_else(unknown))
    }
}

/// The keys of a map, the texts and numbers of a list, at any depth.
fn names(value: &Value, into: &mut Vec<Key>) {
    if into.len() > MOST {
        return;
    }
    match value {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                into.push(key.clone());
                names(value, into);
            }
        }
        Value::List(values) => {
            for value in values.iter() {
                match value {
                    Value::String(text) => into.push(Key::String(Arc::clone(text))),
                    Value::Int(number) => into.push(Key::Int(*number)),
                    other => names(other, into),
                }
            }
        }
        _ => {}
    }
}
