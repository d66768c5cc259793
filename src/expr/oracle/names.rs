//! The names an expression uses, bound for the second engine. What is unknown is bound to nothing: there it is an
//! undeclared name, an error that `&&` and `||` absorb just as an unknown.

use std::collections::BTreeMap;

use cel::Context;
use cel::common::types::CelMapKey;

use super::value::{Theirs, give, mapped};
use crate::expr::Compiled;
use crate::expr::budget::Budget;
use crate::expr::plan::What;
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
    for (node, step) in tree.nodes.iter().zip(&compiled.steps) {
        if !matches!(node.kind, Kind::Name { .. } | Kind::Select { .. }) {
            continue;
        }
        let value = match &step.what {
            What::Slot { slot, load } => slots.get(*slot).and_then(|value| load.read(value).ok()),
            What::Const(Value::Type(_)) => continue,
            What::Const(value) => Some(value.clone()),
            What::Let(named) => named.run(slots, budget, None, 1).ok(),
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

/// Whether an expression looks at a value that is unknown in some part where the second engine has no such thing: it may
/// read other entries of a map by their keys, but ask nothing of the whole.
pub(super) fn partly_unknown(compiled: &Compiled, slots: &[Value]) -> bool {
    compiled
        .inputs()
        .iter()
        .filter(|input| input.range.is_some())
        .any(|input| {
            let mut value = slots.get(input.slot);
            for key in &input.path {
                value = match value {
                    Some(Value::Map(map)) => map.get(key),
                    Some(list @ Value::List(_)) if list.unknown().is_some() => return true,
                    Some(Value::List(items)) => match key {
                        Key::Int(index) => usize::try_from(*index)
                            .ok()
                            .and_then(|index| items.get(index)),
                        _ => None,
                    },
                    _ => None,
                };
            }
            value.is_some_and(|value| {
                !matches!(value, Value::Unknown(_)) && value.unknown().is_some()
            })
        })
}

/// Whether a named expression has a value that is unknown in some part.
pub(super) fn named_partly_unknown(compiled: &Compiled, slots: &[Value]) -> bool {
    compiled.steps.iter().any(|step| {
        matches!(&step.what, What::Let(named) if named
            .run(slots, &mut Budget::default(), None, 1)
            .is_ok_and(|value| value.unknown().is_some()))
    })
}
