//! Where a value is kept that an expression reads: a slot, or a part of what is in it. It never writes one.

use std::sync::Arc;

use super::{Builder, Inside, Local, Test};
use crate::expr::branches::children;
use crate::expr::plan::{Load, What};
use crate::expr::same;
use crate::expr::tree::Id;
use crate::expr::units::Unit;
use crate::expr::value::{Key, Value};

/// The most places of one test.
const PLACES: usize = 64;
/// The most limits of one test.
const LIMITS: usize = 128;
/// How deep lists and maps in one another are looked into.
const DEEP: usize = 4;

/// Where a value is kept.
#[derive(Clone, Debug)]
pub struct Place {
    /// How an expression names it: `incidents["P0"]`.
    pub text: String,
    /// Whether a named expression reads it, which names it in its own way.
    pub within: bool,
    /// The slot it is kept in.
    pub slot: usize,
    /// The way into the slot's value.
    pub path: Vec<Key>,
    /// What is kept there.
    pub sort: Sort,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
}

/// What kind of value is kept somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// Text.
    String,
    /// An instant.
    Timestamp,
    /// A length of time.
    Duration,
    /// Anything else, or nobody knows.
    Other,
}

impl Place {
    /// The value that is kept there.
    #[must_use]
    pub fn value<'v>(&self, slots: &'v [Value]) -> Option<&'v Value> {
        let mut value = slots.get(self.slot)?;
        for key in &self.path {
            value = match (value, key) {
                (Value::Map(map), key) => map.get(key)?,
                (Value::List(items), Key::Int(index)) => {
                    items.get(usize::try_from(*index).ok()?)?
                }
                // Of what is unknown every part is.
                (Value::Unknown(_), _) => return Some(value),
                _ => return None,
            };
        }
        Some(value)
    }

    /// A part of it.
    pub(super) fn part(&self, key: &Key, slots: &[Value]) -> Self {
        let mut part = self.clone();
        let key_text = match key {
            Key::String(text) => Value::String(Arc::clone(text)).to_string(),
            other => other.to_string(),
        };
        part.text = format!("{}[{key_text}]", self.text);
        part.path.push(key.clone());
        part.sort = part.value(slots).map_or(Sort::Other, Sort::of);
        part
    }
}

impl Sort {
    /// The kind of a value.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Int(_) => Self::Int,
            Value::Double(_) => Self::Double,
            Value::String(_) => Self::String,
            Value::Timestamp(_) => Self::Timestamp,
            Value::Duration(_) => Self::Duration,
            _ => Self::Other,
        }
    }

    fn loaded(load: Load) -> Self {
        match load {
            Load::Bool => Self::Bool,
            Load::Int => Self::Int,
            Load::Double => Self::Double,
            Load::String => Self::String,
            Load::Timestamp => Self::Timestamp,
            Load::Duration => Self::Duration,
            Load::Any | Load::List | Load::Map => Self::Other,
        }
    }
}

impl Builder<'_> {
    /// What a part rests on, and where it may change.
    pub(super) fn gather(&mut self, inside: Inside<'_>, id: Id, test: &mut Test) {
        let Some(step) = inside.compiled.steps.get(id) else {
            return;
        };
        if self.budget.pay(1).is_err() {
            return;
        }
        if let Some(place) = self.place(inside, id) {
            self.open(place, DEEP, test);
            if let What::Index { index, .. } | What::OptIndex { index, .. } = &step.what {
                self.gather(inside, *index, test);
            }
            return;
        }
        match &step.what {
            What::Const(value) => limit(test, value, 1.0),
            What::Let(named) => {
                let inside = Inside {
                    compiled: named,
                    named: Some(named),
                    locals: &[],
                };
                self.gather(inside, named.root, test);
                return;
            }
            What::Has { of, key } => {
                if let Some(of) = self.place(inside, *of) {
                    let part = of.part(&Key::String(Arc::clone(key)), self.slots);
                    let text = format!("{}.{key}", of.text);
                    self.open(Place { text, ..part }, DEEP, test);
                }
            }
            What::In { item, of } if self.is_map(inside, *of) => {
                let item = inside.run(self.slots, self.budget).eval(*item);
                let key = item.ok().and_then(|item| same::lookup(&item));
                if let (Some(key), Some(of)) = (key, self.place(inside, *of)) {
                    let part = of.part(&key, self.slots);
                    self.open(part, DEEP, test);
                }
            }
            What::Compare { left, right, .. }
            | What::In {
                item: left,
                of: right,
            }
            | What::Within { left, right, .. } => self.sides(inside, [*left, *right], test),
            What::Fold(folded) => {
                let parts = [Some(folded.of), folded.test, folded.make];
                for part in parts.into_iter().flatten() {
                    self.gather(inside, part, test);
                }
                return;
            }
            _ => {}
        }
        for child in children(&step.what) {
            self.gather(inside, child, test);
        }
    }

    /// The values of what is compared: each may be where the other one must pass. In its own unit too.
    fn sides(&mut self, inside: Inside<'_>, sides: [Id; 2], test: &mut Test) {
        for side in sides {
            let Ok(value) = inside.run(self.slots, self.budget).eval(side) else {
                continue;
            };
            limit(test, &value, 1.0);
            for side in sides {
                if let Some(What::Scale { factor, .. }) =
                    inside.compiled.steps.get(side).map(|step| &step.what)
                {
                    limit(test, &value, *factor);
                }
            }
        }
    }

    fn is_map(&mut self, inside: Inside<'_>, id: Id) -> bool {
        let place = self.place(inside, id);
        let value = place.as_ref().and_then(|place| place.value(self.slots));
        matches!(value, Some(Value::Map(_)))
    }

    /// The numbers that are kept: two of them may have to be close together.
    pub(super) fn around(&mut self, test: &mut Test) {
        if test.places.len() < 2 {
            return;
        }
        let places = test.places.iter();
        let values = places.filter_map(|place| place.value(self.slots));
        let number = |value: &&Value| {
            matches!(
                value,
                Value::Int(_) | Value::Double(_) | Value::Duration(_) | Value::Timestamp(_)
            )
        };
        let values: Vec<Value> = values.filter(number).cloned().collect();
        for value in values {
            limit(test, &value, 1.0);
        }
    }

    /// A place, or what is in it one by one.
    fn open(&mut self, place: Place, deep: usize, test: &mut Test) {
        if test.places.len() >= PLACES || self.budget.pay(1).is_err() {
            return;
        }
        let keys: Vec<Key> = match place.value(self.slots) {
            Some(Value::Map(map)) => {
                let keys = map.iter().take(PLACES);
                keys.map(|(key, _)| key.clone()).collect()
            }
            Some(Value::List(items)) => (0..items.len().min(PLACES))
                .map(|index| Key::Int(crate::expr::number::size(index)))
                .collect(),
            _ => return keep(test, place),
        };
        if place.value(self.slots).is_some_and(is_texts) {
            keep(test, place.clone());
        }
        if deep > 0 {
            for key in &keys {
                let part = place.part(key, self.slots);
                self.open(part, deep.saturating_sub(1), test);
            }
        }
    }

    /// Where a part is kept, if it is nothing but a slot, or a part of what is in one.
    pub(super) fn place(&mut self, inside: Inside<'_>, id: Id) -> Option<Place> {
        let step = inside.compiled.steps.get(id)?;
        let (of, load, key) = match &step.what {
            What::Slot { slot, load } => {
                return Some(Place {
                    text: step.at.of(&inside.compiled.text).to_owned(),
                    within: inside.named.is_some(),
                    slot: *slot,
                    path: Vec::new(),
                    sort: Sort::loaded(*load),
                    unit: step.unit.clone(),
                });
            }
            What::Local { index, load } => {
                let Local::Place(place) = inside.locals.get(*index)? else {
                    return None;
                };
                return Some(Place {
                    sort: Sort::loaded(*load),
                    ..place.clone()
                });
            }
            What::Field { of, key, load } | What::OptField { of, key, load } => {
                (*of, *load, Key::String(Arc::clone(key)))
            }
            What::Index { of, index, load } | What::OptIndex { of, index, load } => {
                let value = inside.run(self.slots, self.budget).eval(*index).ok()?;
                (*of, *load, same::lookup(&value)?)
            }
            _ => return None,
        };
        let outer = self.place(inside, of)?;
        let mut place = outer.part(&key, self.slots);
        // As it is written, where that says which part it is.
        let written = |id: Id| Some(inside.compiled.steps.get(id)?.at.of(&inside.compiled.text));
        let suffix = written(id).and_then(|text| text.strip_prefix(written(of)?));
        match (&step.what, suffix) {
            (What::Field { .. }, Some(suffix)) => place.text = outer.text + suffix.trim_start(),
            (What::Field { key, .. }, None) => place.text = format!("{}.{key}", outer.text),
            _ => {}
        }
        if Sort::loaded(load) != Sort::Other {
            place.sort = Sort::loaded(load);
        }
        place.unit = step.unit.clone().or(place.unit);
        Some(place)
    }
}

/// Whether a value is a list of texts: one is added to it or leaves it as a whole.
pub(super) fn is_texts(value: &Value) -> bool {
    let Value::List(items) = value else {
        return false;
    };
    items.iter().all(|item| matches!(item, Value::String(_)))
}

/// Keeps a place, once.
fn keep(test: &mut Test, place: Place) {
    let mut known = test.places.iter_mut();
    match known.find(|known| known.slot == place.slot && known.path == place.path) {
        None => test.places.push(place),
        Some(known) if known.sort == Sort::Other => known.sort = place.sort,
        Some(_) => {}
    }
}

/// Keeps where a test may change, divided by what it was multiplied with.
fn limit(test: &mut Test, value: &Value, factor: f64) {
    if test.limits.len() >= LIMITS {
        return;
    }
    match value {
        Value::List(items) => items
            .iter()
            .take(LIMITS)
            .for_each(|item| limit(test, item, factor)),
        Value::Double(number) => test.limits.push(Value::Double(number / factor)),
        Value::Int(_) | Value::String(_) | Value::Duration(_) | Value::Timestamp(_) => {
            test.limits.push(value.clone());
        }
        _ => {}
    }
}
