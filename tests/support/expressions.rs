//! What the tests of expressions share: names that are slots, maps, and conditions made of conditions.

use std::sync::Arc;

use gonogo::expr::types::Type;
use gonogo::expr::value::{Key, Map, Value};
use gonogo::expr::{Binding, Scope, Unit, Variable};
use proptest::prelude::*;

/// What stands in a slot, with its type and unit as a policy writes them.
pub(crate) fn variable(slot: usize, ty: &str, unit: Option<&str>) -> Variable {
    Variable {
        slot,
        ty: Type::parse(ty).expect("a type"),
        unit: unit.map(Unit::parse),
        values: None,
    }
}

/// Names with their types and units: the first one is in slot 0.
pub(crate) fn declare<'a>(
    scope: &mut Scope,
    names: impl IntoIterator<Item = (&'a str, &'a str, Option<&'a str>)>,
) {
    for (slot, (name, ty, unit)) in names.into_iter().enumerate() {
        scope.declare(name, Binding::Slot(variable(slot, ty, unit)));
    }
}

/// A map with texts for its keys.
pub(crate) fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries = entries.into_iter();
    let entries = entries.map(|(key, value)| (Key::String(key.into()), value));
    Value::Map(Arc::new(Map::new(entries.collect())))
}

/// Conditions made of conditions, so deep and of about so many.
pub(crate) fn logic(
    leaf: impl Strategy<Value = String> + 'static,
    deep: u32,
    many: u32,
) -> impl Strategy<Value = String> {
    leaf.prop_recursive(deep, many, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|of| format!("!({of})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        ]
    })
}
