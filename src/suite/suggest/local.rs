//! A rule's conditions on values that are put in place of what is known: what can be tried without a history. It decides
//! nothing: what it finds is tried as a test.

use std::sync::Arc;

use super::axis::{Axis, replaced};
use super::ground::Ground;
use super::limits::number;
use crate::expr::value::{Key, Missing, Value};
use crate::expr::window::Method;
use crate::expr::{Budget, Compiled, Tri, Window};
use crate::policy::{Items, Rule};

/// The most items of a rule that are looked at, and the most turns of one input.
const ITEMS: usize = 4;
const TURNS: usize = 4;

/// What became of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    True,
    False,
    /// Its rule does not apply.
    Skipped,
    Unknown,
}

/// A rule's conditions, and what is known.
pub(super) struct Local<'g> {
    rule: &'g Rule,
    slots: &'g [Value],
    item_slot: usize,
    windows: Vec<Arc<Window>>,
    items: Vec<Value>,
}

impl<'g> Local<'g> {
    pub(super) fn new(ground: &'g Ground<'_>, rule: &'g Rule) -> Self {
        let mut windows: Vec<Arc<Window>> = Vec::new();
        for expr in super::axis::expressions(rule) {
            windows.extend(expr.windows().iter().cloned());
        }
        windows.sort_by_key(|window| window.slot);
        windows.dedup_by_key(|window| window.slot);
        let mut local = Self {
            rule,
            slots: &ground.slots,
            item_slot: ground.policy.item_slot,
            windows,
            items: Vec::new(),
        };
        local.items = local.found();
        local
    }

    fn found(&self) -> Vec<Value> {
        let items = match self.rule.for_each.as_ref().map(|each| &each.items) {
            None => return Vec::new(),
            Some(Items::Listed(items)) => items.to_vec(),
            Some(Items::Expression(expr)) => match expr.value(self.slots, &mut Budget::default()) {
                Ok(Value::List(items)) => items.to_vec(),
                Ok(Value::Map(map)) => {
                    let keys = map.iter().map(|(key, _)| key.clone());
                    keys.map(Value::from).collect()
                }
                _ => Vec::new(),
            },
        };
        items.into_iter().take(ITEMS).collect()
    }

    /// The items a rule speaks for, as keys of maps.
    pub(super) fn keys(&self) -> Vec<Key> {
        let key = |item: &Value| match item {
            Value::String(text) => Some(Key::String(Arc::clone(text))),
            Value::Int(number) => Some(Key::Int(*number)),
            Value::Bool(value) => Some(Key::Bool(*value)),
            _ => None,
        };
        self.items.iter().filter_map(key).collect()
    }

    /// What is known, with these values in place.
    pub(super) fn with(&self, given: &[(&Axis, &Value)]) -> Vec<Value> {
        let mut slots = self.slots.to_vec();
        for (axis, value) in given {
            if let Some(held) = slots.get_mut(axis.slot)
                && let Some(value) = replaced(held, &axis.path, value)
            {
                *held = value;
            }
        }
        if given.is_empty() {
            return slots;
        }
        // A value that holds throughout is its own mean, least and greatest.
        for window in &self.windows {
            let touched = given
                .iter()
                .any(|(axis, _)| window.of.reads().contains(&axis.slot));
            if !touched {
                continue;
            }
            let value = window.of.value(&slots, &mut Budget::default());
            let value = value.unwrap_or(Value::Unknown(Missing::Absent));
            let value = match (window.method, value) {
                (
                    Method::Avg
                    | Method::Min
                    | Method::Max
                    | Method::Quantile(_)
                    | Method::First
                    | Method::Ago,
                    value,
                ) => value,
                (Method::Share, Value::Bool(value)) => Value::Double(if value { 1.0 } else { 0.0 }),
                (
                    Method::Stddev
                    | Method::Delta
                    | Method::Increase
                    | Method::Rate
                    | Method::Slope,
                    Value::Int(_) | Value::Double(_),
                ) => Value::Double(0.0),
                (Method::Rising(_) | Method::Falling(_), Value::Int(_) | Value::Double(_)) => {
                    Value::Bool(false)
                }
                _ => continue,
            };
            if let Some(held) = slots.get_mut(window.slot) {
                *held = value;
            }
        }
        slots
    }

    /// What becomes of the rule's conditions, for each of its items.
    pub(super) fn states(&self, slots: &mut [Value]) -> Vec<State> {
        if self.items.is_empty() {
            return vec![self.state(slots)];
        }
        let items = self.items.iter();
        items
            .map(|item| {
                if let Some(held) = slots.get_mut(self.item_slot) {
                    *held = item.clone();
                }
                self.state(slots)
            })
            .collect()
    }

    fn state(&self, slots: &[Value]) -> State {
        let test = |expr: &Arc<Compiled>| expr.test(slots, &mut Budget::default());
        for when in &self.rule.when {
            match test(when) {
                Tri::True => {}
                Tri::False => return State::Skipped,
                Tri::Unknown(_) => return State::Unknown,
            }
        }
        let mut state = State::True;
        for expr in self.rule.proof.expressions() {
            match test(expr) {
                Tri::True => {}
                Tri::False => return State::False,
                Tri::Unknown(_) => state = State::Unknown,
            }
        }
        state
    }

    /// The numbers of an input at which any comparison of the rule turns while these others are given, each with its
    /// neighbours.
    pub(super) fn turns(&self, axis: &Axis, others: &[(&Axis, &Value)]) -> Vec<Value> {
        let slots = self.with(others);
        let held = slots.get(axis.slot);
        let held = held.and_then(|value| super::change::part(value, &axis.path));
        let first = axis.values.iter().find(|value| number(value).is_some());
        let Some(one) = held.filter(|held| number(held).is_some()).or(first) else {
            return Vec::new();
        };
        let whole = matches!(one, Value::Int(_));
        let Some(held) = number(one).filter(|held| held.is_finite()) else {
            return Vec::new();
        };
        let size = held.abs().max(1e-3);
        let mut grid = vec![held, 0.0];
        for by in [0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 100.0] {
            grid.extend([size * by, -size * by]);
        }
        grid.extend(axis.values.iter().filter_map(number));
        grid.sort_by(f64::total_cmp);
        grid.dedup();
        let told = |number: f64| self.told(axis, number, whole, others);
        let mut found = Vec::new();
        for pair in grid.windows(2) {
            let [low, high] = pair else { continue };
            let before = told(*low);
            if found.len() >= TURNS || before == told(*high) {
                continue;
            }
            let (mut low, mut high) = (*low, *high);
            for _ in 0..200 {
                let middle = low + (high - low) / 2.0;
                if middle <= low || middle >= high || (whole && high - low <= 1.0) {
                    break;
                }
                let middle = if whole { middle.floor() } else { middle };
                if told(middle) == before {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found.push((low, high));
        }
        found
            .into_iter()
            .flat_map(|(low, high)| {
                let one = |number: f64| {
                    if whole {
                        crate::expr::int(number).map(Value::Int)
                    } else {
                        Some(Value::Double(number))
                    }
                };
                let limit = Value::Double(high);
                let near = super::limits::around(&limit, 1.0, whole);
                let near: Vec<Value> = near.into_iter().take(5).collect();
                [one(high), one(low)].into_iter().flatten().chain(near)
            })
            .collect()
    }

    /// What every comparison of the rule says of one number.
    fn told(
        &self,
        axis: &Axis,
        number: f64,
        whole: bool,
        others: &[(&Axis, &Value)],
    ) -> Vec<Option<bool>> {
        let int = crate::expr::int(number).filter(|_| whole);
        let value = int.map_or(Value::Double(number), Value::Int);
        let mut given = others.to_vec();
        given.push((axis, &value));
        let mut slots = self.with(&given);
        if let (Some(held), Some(item)) = (slots.get_mut(self.item_slot), self.items.first()) {
            *held = item.clone();
        }
        let mut told = Vec::new();
        for expr in super::axis::expressions(self.rule) {
            let trace = expr.trace(&slots);
            told.extend(trace.parts.iter().map(|part| match &part.value {
                Ok(Value::Bool(value)) => Some(*value),
                _ => None,
            }));
        }
        told
    }
}
