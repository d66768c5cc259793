//! The items a rule speaks for at a moment: values of a list, keys of a map. Never judges them.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::World;
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Limit, Reason};
use crate::policy::{ForEach, Items};

/// The most items one rule may speak for.
pub const MOST: usize = 1_000;
/// The most bytes that the names of items that are no plain text may have together.
const NAMES: usize = 64 * 1024;

/// Items by key.
pub type Listed = Vec<(Key, Value)>;

/// The items by key, none twice; where there are none, the limit that is exceeded, or nothing where the list is unknown.
///
/// # Errors
/// The list is unknown, or longer than a rule may speak for.
pub fn items(each: &ForEach, world: &World<'_>) -> Result<Listed, Option<Limit>> {
    let value = match &each.items {
        Items::Listed(values) => Value::List(Arc::clone(values)),
        Items::Expression(compiled) => compiled
            .value(world.slots(), &mut Budget::default())
            .map_err(|fault| match fault.reason {
                Reason::Limit(limit) => Some(limit),
                _ => None,
            })?,
    };
    let mut items: Listed = match value {
        Value::List(values) => {
            if values.len() > MOST {
                return Err(Some(Limit::Each));
            }
            // An item nobody knows may be one whose rule would speak up.
            if values
                .iter()
                .any(|value| matches!(value, Value::Unknown(_)))
            {
                return Err(None);
            }
            let mut names = Names { left: NAMES };
            values
                .iter()
                .map(|value| Ok((names.key(value)?, value.clone())))
                .collect::<Result<_, Option<Limit>>>()?
        }
        Value::Map(map) => {
            if map.len() > MOST {
                return Err(Some(Limit::Each));
            }
            map.iter()
                .map(|(key, _)| (key.clone(), Value::from(key.clone())))
                .collect()
        }
        _ => return Err(None),
    };
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items.dedup_by(|a, b| a.0 == b.0);
    Ok(items)
}

/// The names of items, as long as they may still be.
struct Names {
    left: usize,
}

impl Names {
    fn key(&mut self, value: &Value) -> Result<Key, Option<Limit>> {
        Ok(match value {
            Value::Bool(value) => Key::Bool(*value),
            Value::Int(value) => Key::Int(*value),
            Value::Uint(value) => i64::try_from(*value).map_or(Key::Uint(*value), Key::Int),
            Value::String(value) => Key::String(Arc::clone(value)),
            other => {
                let mut name = Name {
                    text: String::new(),
                    left: &mut self.left,
                };
                write!(name, "{other}").map_err(|_| Some(Limit::Text))?;
                Key::String(Arc::from(name.text))
            }
        })
    }
}

/// A name in the making: a list of lists may be longer than memory.
struct Name<'n> {
    text: String,
    left: &'n mut usize,
}

impl fmt::Write for Name<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        *self.left = self.left.checked_sub(part.len()).ok_or(fmt::Error)?;
        self.text.push_str(part);
        Ok(())
    }
}
