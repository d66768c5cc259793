//! What counters count: how fast a number grew, as a window that asks for it says, and what it comes to later. Never
//! where a window looks at more than one input.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::evaluate::World;
use crate::evaluate::look::Look;
use crate::expr::Budget;
use crate::expr::value::{Key, Map, Value};
use crate::expr::window::{Method, Over};

/// A number that grows.
#[derive(Clone, Debug)]
pub(in crate::evaluate) struct Grown {
    pub(in crate::evaluate) slot: usize,
    path: Vec<Key>,
    /// What it was when it was last known.
    base: Value,
    /// How much it grows in a second.
    rate: f64,
}

impl Grown {
    /// What a window says: for a map of numbers one for each. `since` is how long the stage has lasted.
    pub(in crate::evaluate) fn of(
        look: &Look,
        item: Option<&Key>,
        world: &World<'_>,
        since: Option<SignedDuration>,
    ) -> Vec<Self> {
        let window = look.window();
        let span = match (window.method, window.over) {
            (Method::Rate, _) => Some(SignedDuration::from_secs(1)),
            (Method::Delta | Method::Increase, Over::Last(length)) => Some(length),
            (Method::Delta | Method::Increase, Over::Stage) => since,
            _ => None,
        };
        let Some(seconds) = span.map(|span| span.as_secs_f64()).filter(|s| *s > 0.0) else {
            return Vec::new();
        };
        let Some((slot, path)) = place(look, item, world) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        spread(look.value(), path, &mut |path, number| {
            if let Some(base) = at(world.value(slot), &path)
                && number > 0.0
            {
                all.push(Self {
                    slot,
                    base: base.clone(),
                    path,
                    rate: number / seconds,
                });
            }
        });
        all
    }

    /// Whether two are the same number.
    pub(in crate::evaluate) fn is_of(&self, other: &Self) -> bool {
        self.slot == other.slot && self.path == other.path
    }

    /// Puts what it comes to after a time into what is given.
    pub(in crate::evaluate) fn puts(&self, given: &mut [(usize, Value)], after: SignedDuration) {
        let more = self.rate * after.as_secs_f64();
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        let value = match &self.base {
            Value::Double(base) => Value::Double(base + more),
            Value::Int(base) => Value::Int(base.saturating_add(more as i64)),
            _ => return,
        };
        if let Some((_, whole)) = given.iter_mut().find(|(slot, _)| *slot == self.slot)
            && let Some(new) = put(whole, &self.path, &value)
        {
            *whole = new;
        }
    }
}

/// The input that a window looks at, and the way into it; only where it looks at nothing else.
fn place(look: &Look, item: Option<&Key>, world: &World<'_>) -> Option<(usize, Vec<Key>)> {
    let of = &look.window().of;
    if let Some(slot) = of.plain() {
        return Some((slot, Vec::new()));
    }
    let inputs = of.inputs();
    let is_input = |slot: usize| world.layout().input_of(slot).is_some();
    match (inputs.as_slice(), item) {
        // Whatever name it has: what is looked at is the input itself.
        ([input], _) if is_input(input.slot) => {
            let own = at(world.value(input.slot), &input.path)?;
            let seen = of.value(world.slots(), &mut Budget::default()).ok()?;
            (own.equals(&seen) == Some(true)).then(|| (input.slot, input.path.clone()))
        }
        // `errors[f]`, of the item `f`.
        ([one, other], Some(key)) => {
            let input = [one, other].into_iter().find(|one| is_input(one.slot))?;
            let item = world.layout().len();
            let mine = one.slot == item || other.slot == item;
            let plain = of.text().trim().starts_with(input.text.trim())
                && of.text().trim().ends_with(']')
                && of.text().matches('[').count() == 1;
            (mine && plain && input.path.is_empty()).then(|| (input.slot, vec![key.clone()]))
        }
        _ => None,
    }
}

fn spread(value: &Value, path: Vec<Key>, tell: &mut impl FnMut(Vec<Key>, f64)) {
    match value {
        Value::Double(number) => tell(path, *number),
        #[expect(clippy::cast_precision_loss, reason = "a rate is no exact number")]
        Value::Int(number) => tell(path, *number as f64),
        Value::Map(map) => {
            for (key, value) in map.iter() {
                let mut path = path.clone();
                path.push(key.clone());
                spread(value, path, tell);
            }
        }
        _ => {}
    }
}

fn at<'v>(value: &'v Value, path: &[Key]) -> Option<&'v Value> {
    let mut value = value;
    for key in path {
        let Value::Map(map) = value else { return None };
        value = map.get(key)?;
    }
    Some(value)
}

fn put(value: &Value, path: &[Key], new: &Value) -> Option<Value> {
    let Some((key, rest)) = path.split_first() else {
        return Some(new.clone());
    };
    let Value::Map(map) = value else { return None };
    let inner = put(map.get(key)?, rest, new)?;
    let mut entries: Vec<(Key, Value)> = map.iter().cloned().collect();
    for (other, value) in &mut entries {
        if other == key {
            *value = inner.clone();
        }
    }
    Some(Value::Map(Arc::new(Map::new(entries))))
}
