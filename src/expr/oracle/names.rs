//! The names an expression uses, bound for the second engine. What is unknown is bound to nothing: there it is an
//! undeclared name, an error that `&&` and `||` absorb just as an unknown.

use std::collections::BTreeMap;

use cel::Context;
use cel::common::types::CelMapKey;

use super::text::window_name;
use super::value::{Theirs, give, mapped};
use crate::expr::Compiled;
use crate::expr::budget::Budget;
use crate::expr::compiled::path;
use crate::expr::plan::What;
use crate::expr::same;
use crate::expr::tree::{Kind, Tree};
use crate::expr::value::{Key, Value};

/// A name, or names that begin alike: `stage.name` and `stage.traffic`.
enum Bound {
    /// Nothing if it is unknown.
    Value(Option<Value>),
    Names(BTreeMap<String, Bound>),
}

/// Binds every name; a named expression to the value it has here.
pub(super) fn bind(
    compiled: &Compiled,
    tree: &Tree,
    slots: &[Value],
    budget: &mut Budget,
    context: &mut Context<'_, '_>,
) {
    let mut names = BTreeMap::new();
    let windows = compiled.own_windows();
    let hidden = compiled.hidden();
    for ((node, step), hidden) in tree.nodes.iter().zip(&compiled.steps).zip(hidden) {
        if hidden {
            continue;
        }
        if let (What::Slot { slot, load }, true) = (&step.what, windows.contains(&step.at)) {
            let value = slots.get(*slot).and_then(|value| load.read(value).ok());
            names.insert(window_name(*slot), Bound::Value(value));
            continue;
        }
        if !matches!(node.kind, Kind::Name { .. } | Kind::Select { .. }) {
            continue;
        }
        let value = match &step.what {
            What::Slot { slot, load } => slots.get(*slot).and_then(|value| load.read(value).ok()),
            What::Const(Value::Type(_)) => continue,
            What::Const(value) => Some(value.clone()),
            What::Let(named) => named.run(slots, budget, None).ok(),
            _ => continue,
        };
        let name = node.at.of(&compiled.text);
        let parts: Vec<&str> = name
            .split('.')
            .map(|part| part.trim().trim_matches('`'))
            .filter(|part| !part.is_empty())
            .collect();
        insert(&mut names, &parts, value);
    }
    for (name, bound) in names {
        if let Some(value) = theirs(bound) {
            context.add_variable_as_val(name, value);
        }
    }
}

/// Puts a value at the end of a dotted name. A field of what is bound already is reached through it.
fn insert(names: &mut BTreeMap<String, Bound>, parts: &[&str], value: Option<Value>) {
    match parts {
        [] => {}
        [last] => {
            names
                .entry((*last).to_owned())
                .or_insert(Bound::Value(value));
        }
        [first, rest @ ..] => {
            let entry = names
                .entry((*first).to_owned())
                .or_insert_with(|| Bound::Names(BTreeMap::new()));
            if let Bound::Names(names) = entry {
                insert(names, rest, value);
            }
        }
    }
}

fn theirs(bound: Bound) -> Option<Theirs> {
    match bound {
        Bound::Value(value) => give(&value?),
        Bound::Names(names) => {
            let entries = names
                .into_iter()
                .filter_map(|(name, bound)| Some((CelMapKey::from(name), theirs(bound)?)));
            Some(Box::new(mapped(entries.collect())))
        }
    }
}

/// Whether an expression needs more of a value that is unknown in some part than the second engine can be given: it may
/// read the entries of a map by their keys, but ask nothing of the whole, nor of a list.
pub(super) fn partly_unknown(compiled: &Compiled, slots: &[Value]) -> bool {
    let steps = &compiled.steps;
    // What is read by a key, and whether that key is always the same.
    let mut read = vec![None; steps.len()];
    for step in steps {
        let (of, always) = match &step.what {
            What::Field { of, .. } => (*of, true),
            What::Index { of, index, .. } => {
                let index = steps.get(*index);
                (
                    *of,
                    index.is_some_and(|index| index.what.constant().is_some()),
                )
            }
            _ => continue,
        };
        if let Some(read) = read.get_mut(of) {
            *read = Some(always);
        }
    }
    let hidden = compiled.hidden();
    read.into_iter()
        .zip(hidden)
        .enumerate()
        .any(|(id, (read, hidden))| {
            if hidden {
                return false;
            }
            let value = path(steps, id).and_then(|(slot, keys)| part(slots.get(slot)?, &keys));
            match (value, read) {
                (Some(Value::Map(_)), Some(true)) => false,
                (Some(Value::Map(map)), Some(false)) => map.iter().any(|(_, value)| in_part(value)),
                (value, _) => value.is_some_and(in_part),
            }
        })
}

/// The part of a value that keys lead to.
fn part<'v>(value: &'v Value, keys: &[Key]) -> Option<&'v Value> {
    keys.iter()
        .try_fold(value, |value, key| match (value, key) {
            (Value::Map(map), key) => map.get(key),
            (Value::List(items), Key::Int(index)) => items.get(usize::try_from(*index).ok()?),
            _ => None,
        })
}

/// Whether a value is known, but not in every part.
fn in_part(value: &Value) -> bool {
    let unknown = || same::unknown(value, &mut Budget::default());
    // What is too large to look through is not compared either.
    !matches!(value, Value::Unknown(_)) && !matches!(unknown(), Ok(None))
}

/// Whether a named expression has a value that is unknown in some part.
pub(super) fn named_partly_unknown(compiled: &Compiled, slots: &[Value]) -> bool {
    let hidden = compiled.hidden();
    compiled.steps.iter().zip(hidden).any(|(step, hidden)| {
        matches!(&step.what, What::Let(named) if !hidden && named
            .run(slots, &mut Budget::default(), None)
            .is_ok_and(|value| in_part(&value)))
    })
}
