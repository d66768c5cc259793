//! Histories made of another one: patched, with other ends of metrics, moved in time, joined with that of a baseline.
//! What a change does not touch is shared with the history it is made of. Never whether a change says anything.

mod grid;
mod join;
mod moved;
mod patch;
mod series;

use super::History;
use super::layout::{Kind, Layout};
use crate::expr::value::{Key, Map, Value};
pub use grid::{Before, Grid};
pub use series::{Series, Target, Unnamed};
use std::sync::Arc;

impl History {
    /// Says anew which rows give an input a value.
    fn flag(&mut self, layout: &Layout) {
        let rows = self.times.len();
        let inputs = self.columns.iter().take(layout.inputs().len());
        if inputs.clone().any(|column| column.is_full(rows)) {
            self.metrics = vec![true; rows];
            return;
        }
        self.metrics = vec![false; rows];
        for column in inputs {
            for row in column.told() {
                let row = usize::try_from(row).ok();
                if let Some(flag) = row.and_then(|row| self.metrics.get_mut(row)) {
                    *flag = true;
                }
            }
        }
    }

    /// How many rows there are, as columns count them.
    fn rows(&self) -> u32 {
        u32::try_from(self.times.len()).unwrap_or(u32::MAX)
    }
}

/// Whether places of what a slot is told are kept.
fn keeps_places(layout: &Layout, slot: usize) -> bool {
    matches!(layout.kind(slot), Some(Kind::Context(_) | Kind::Field(_)))
}

/// A map with another value at a key, or without it.
fn with(map: Option<&Map>, key: &str, value: Option<Value>) -> Value {
    let own = |entry: &&(Key, Value)| matches!(&entry.0, Key::String(text) if text.as_ref() == key);
    let entries = map.into_iter().flat_map(Map::iter);
    let mut entries: Vec<(Key, Value)> = entries.filter(|entry| !own(entry)).cloned().collect();
    if let Some(value) = value {
        entries.push((Key::String(Arc::from(key)), value));
    }
    Value::Map(Arc::new(Map::new(entries)))
}
