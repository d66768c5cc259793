//! Conditions of different policies in one form, so that they can be held against one another: names of slots instead of
//! their numbers, named expressions and constants seen through, `!` pushed down to where it can go no further. It keeps
//! what an expression means, never how it is written, and evaluates nothing.

mod known;
mod number;
mod order;
mod read;
mod sets;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::same;
use super::value::Value;
pub(crate) use order::{Order, Ordered};
pub(crate) use read::Leaf;

/// The most constants of a list that are held against one another one by one.
const FEW: usize = 100;

/// Up to here, both ways, every whole number is a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The index of a form.
pub(crate) type Id = usize;

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Always true, or always false.
    Truth(bool),
    /// A value that is always the same.
    Const(String),
    /// What a slot holds.
    Leaf(String),
    /// All of them. INVARIANT: sorted, none twice, at least two.
    All(Vec<Id>),
    /// Any of them. INVARIANT: the same.
    Any(Vec<Id>),
    /// The opposite of something that says no more of itself.
    Not(Id),
    /// A comparison; `>` and `>=` are turned around.
    Compare(Sort, Id, Id),
    /// Anything else: what is done, with what.
    Of(String, Vec<Id>),
}

/// How a comparison compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Less,
    AtMost,
    Equal,
    Unequal,
}

/// All forms met so far: two that mean the same by their form have one index.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    met: Vec<Form>,
    known: BTreeMap<Form, Id>,
    /// The values of constants.
    values: BTreeMap<Id, Value>,
    /// Constants with parts, each once.
    parts: Vec<Value>,
    /// Leaves that may be negative.
    signed: BTreeSet<Id>,
    /// How many more questions may be asked of numbers: parts may be shared, so that there are far more ways through them
    /// than parts.
    fuel: Cell<usize>,
}

impl Forms {
    fn get(&self, id: Id) -> Option<&Form> {
        self.met.get(id)
    }

    fn add(&mut self, form: Form) -> Id {
        if let Some(id) = self.known.get(&form) {
            return *id;
        }
        let id = self.met.len();
        self.met.push(form.clone());
        self.known.insert(form, id);
        id
    }

    fn constant(&mut self, value: &Value) -> Id {
        if let Value::Bool(truth) = value {
            return self.add(Form::Truth(*truth));
        }
        let name = match value {
            Value::List(_) | Value::Map(_) | Value::Optional(_) | Value::Bytes(_) => {
                let same = |known: &Value| known.equals(value) == Some(true);
                let known = self.parts.iter().position(same);
                let index = known.unwrap_or_else(|| {
                    self.parts.push(value.clone());
                    self.parts.len().saturating_sub(1)
                });
                format!("parts {index}")
            }
            // Numbers compare across types.
            Value::Int(whole) => match same_double(*whole) {
                Some(double) => format!("{:?}", Value::Double(double)),
                None => format!("{value:?}"),
            },
            other => format!("{other:?}"),
        };
        let id = self.add(Form::Const(name));
        self.values.entry(id).or_insert_with(|| value.clone());
        id
    }

    /// All, or any, of these.
    fn join(&mut self, all: bool, parts: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Vec::new();
        for part in parts {
            match (self.get(part), all) {
                (Some(Form::All(inner)), true) | (Some(Form::Any(inner)), false) => {
                    flat.extend(inner.iter().copied());
                }
                // True changes nothing of all, and false nothing of any.
                (Some(Form::Truth(truth)), _) if *truth == all => {}
                (Some(Form::Truth(_)), _) => return part,
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match (flat.as_slice(), all) {
            ([], _) => self.add(Form::Truth(all)),
            ([one], _) => *one,
            (_, true) => self.add(Form::All(flat)),
            (_, false) => self.add(Form::Any(flat)),
        }
    }

    /// A comparison of a whole number with a constant, with the limit itself included: `n < 5` is `n <= 4`.
    fn whole(&mut self, sort: Sort, left: Id, right: Id) -> (Sort, Id, Id) {
        let limit = |id: Id| match self.values.get(&id) {
            Some(Value::Int(limit)) => Some(Limit::At(*limit)),
            Some(Value::Double(limit)) => between(*limit),
            _ => None,
        };
        let closed = match (sort, limit(left), limit(right)) {
            (Sort::Less, None, Some(Limit::At(limit))) => {
                limit.checked_sub(1).map(|limit| (false, limit))
            }
            (Sort::Less, Some(Limit::At(limit)), None) => {
                limit.checked_add(1).map(|limit| (true, limit))
            }
            (Sort::Less | Sort::AtMost, None, Some(Limit::Above(limit))) => Some((false, limit)),
            (Sort::Less | Sort::AtMost, Some(Limit::Above(limit)), None) => {
                limit.checked_add(1).map(|limit| (true, limit))
            }
            _ => None,
        };
        match closed {
            Some((true, limit)) => (Sort::AtMost, self.constant(&Value::Int(limit)), right),
            Some((false, limit)) => (Sort::AtMost, left, self.constant(&Value::Int(limit))),
            None => (sort, left, right),
        }
    }

    /// That something is one of these constants, or none of them: that it equals any of them, or that it differs from all.
    fn one_of(&mut self, item: Id, list: Id, opposite: bool) -> Option<Id> {
        let Some(Value::List(items)) = self.values.get(&list) else {
            return None;
        };
        // Of an empty list it is known without the item.
        if items.is_empty() || items.len() > FEW || self.values.contains_key(&item) {
            return None;
        }
        let items: Vec<Value> = items.iter().cloned().collect();
        let equal: Vec<Id> = items
            .iter()
            .map(|value| {
                let value = self.constant(value);
                let sort = if opposite { Sort::Unequal } else { Sort::Equal };
                self.add(Form::Compare(sort, item.min(value), item.max(value)))
            })
            .collect();
        Some(self.join(opposite, equal))
    }

    /// All of these.
    pub(crate) fn all(&mut self, parts: impl IntoIterator<Item = Id>) -> Id {
        self.join(true, parts)
    }
}

/// Where a limit of whole numbers lies.
enum Limit {
    /// At this one.
    At(i64),
    /// Between this one and the next.
    Above(i64),
}

/// The same of a limit that is no whole number by its type.
fn between(limit: f64) -> Option<Limit> {
    let floor = limit.floor();
    // Beyond them not every whole number has a double of its own.
    if floor.abs() >= EXACT {
        return None;
    }
    let whole = super::number::int(floor)?;
    Some(if floor.total_cmp(&limit).is_eq() {
        Limit::At(whole)
    } else {
        Limit::Above(whole)
    })
}

/// The double that is the same number, where there is one.
fn same_double(whole: i64) -> Option<f64> {
    // Beyond them several whole numbers have the same double, and equal it.
    if whole.unsigned_abs() > 1 << 53 {
        return None;
    }
    let double = super::number::double(whole);
    let equal = same::order(&Value::Int(whole), &Value::Double(double));
    (equal == Some(Some(std::cmp::Ordering::Equal))).then_some(double)
}
