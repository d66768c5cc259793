//! The items a rule speaks for at a moment: values of a list, keys of a map. Never judges them.

use std::sync::Arc;

use super::World;
use crate::expr::Budget;
use crate::expr::value::{Key, Value};
use crate::policy::{ForEach, Items};

/// The items by key, none twice; none where the list is unknown.
#[must_use]
pub fn items(each: &ForEach, world: &World<'_>) -> Option<Vec<(Key, Value)>> {
    let value = match &each.items {
        Items::Listed(values) => Value::List(Arc::clone(values)),
        Items::Expression(compiled) => {
            compiled.value(world.slots(), &mut Budget::default()).ok()?
        }
    };
    let mut items: Vec<(Key, Value)> = match value {
        Value::List(values) => {
            // An item nobody knows may be one whose rule would speak up.
            if values
                .iter()
                .any(|value| matches!(value, Value::Unknown(_)))
            {
                return None;
            }
            values
                .iter()
                .map(|value| (key(value), value.clone()))
                .collect()
        }
        Value::Map(map) => map
            .iter()
            .map(|(key, _)| (key.clone(), Value::from(key.clone())))
            .collect(),
        _ => return None,
    };
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items.dedup_by(|a, b| a.0 == b.0);
    Some(items)
}

fn key(value: &Value) -> Key {
    match value {
        Value::Bool(value) => Key::Bool(*value),
        Value::Int(value) => Key::Int(*value),
        Value::Uint(value) => i64::try_from(*value).map_or(Key::Uint(*value), Key::Int),
        Value::String(value) => Key::String(Arc::clone(value)),
        other => Key::String(Arc::from(other.to_string())),
    }
}
