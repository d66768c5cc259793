//! A patch of a history: a JSON merge patch (RFC 7386) on each of its samples, and one of the facts it names. It is read as
//! snapshots are. Never writes a sample out.

use std::sync::Arc;

use super::{keeps_places, with};
use crate::expr::value::{Key, Map, Missing, Value};
use crate::snapshot::layout::{Kind, Layout};
use crate::snapshot::{History, Reading};
use crate::source::tree::Node;
use crate::source::{Code, Problem, Source};

impl History {
    /// The same with a patch in the shape of a snapshot without `at`: what it gives every sample gives, null takes away,
    /// maps are merged. Facts are changed by their id, rule or stage, and added where there is none.
    #[must_use]
    pub fn patched(&self, layout: &Layout, source: &Source, node: &Node) -> (Self, Vec<Problem>) {
        let mut reading = Reading::beside(layout, &self.files);
        let patch = reading.patch(source, node);
        let mut patched = self.clone();
        let rows = self.rows();
        if rows == 0 && !(patch.cleared.is_empty() && patch.values.is_empty()) {
            let message = "there is no sample that the patch could change";
            let problem = Problem::new(Code::NoData, message).help(
                "give the test a snapshot with a sample, or write what the patch gives as one",
            );
            reading.problem(problem.at(source, node.span, "changes nothing"));
        }
        for slot in &patch.cleared {
            if let Some(column) = patched.columns.get_mut(*slot)
                && !column.is_empty()
            {
                *column = Arc::new(column.emptied());
            }
        }
        for observed in &patch.values {
            let place = keeps_places(layout, observed.slot).then_some(observed.place);
            if let Some(column) = patched.columns.get_mut(observed.slot) {
                // A sample without the map has the one before it: its other parts hold, and the patch hides none of them.
                let mut held = None;
                let changed = column.changed(rows, place, |_, known| {
                    held = known.or_else(|| held.take());
                    merged(held.clone(), &observed.value)
                });
                *column = Arc::new(changed);
            }
        }
        let metric = |slot| matches!(layout.kind(slot), Some(Kind::Input(_)));
        let mut slots = patch.values.iter().map(|observed| observed.slot);
        if slots.any(metric) || patch.cleared.iter().copied().any(metric) {
            patched.flag(layout);
        }
        if let Some(facts) = reading.patched_facts(source, node, &patched) {
            patched.facts = Arc::new(facts);
        }
        patched.files = reading.files().to_vec();
        (patched, reading.finish())
    }
}

/// A value with a patch: null takes it away, maps are merged, anything else stands in its place.
fn merged(known: Option<Value>, patch: &Value) -> Option<Value> {
    match patch {
        Value::Unknown(Missing::Null) => None,
        Value::Map(changes) => {
            let mut map = match known {
                Some(Value::Map(map)) => map,
                _ => Arc::new(Map::default()),
            };
            for (key, change) in changes.iter() {
                let Key::String(key) = key else {
                    continue;
                };
                let value = merged(map.get_str(key).cloned(), change);
                if let Value::Map(changed) = with(Some(&map), key, value) {
                    map = changed;
                }
            }
            Some(Value::Map(map))
        }
        other => Some(other.clone()),
    }
}
