//! The macros that go through lists and maps. Items that are unknown count only where they matter.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Outcome, Run, at};
use crate::expr::fault::{Fault, Reason};
use crate::expr::functions::sort;
use crate::expr::number;
use crate::expr::plan::{Folded, Step};
use crate::expr::same;
use crate::expr::tree::How;
use crate::expr::value::{Key, Map, Value};

/// How many deciding items a trace shows.
const SHOWN: usize = 3;

impl Run<'_> {
    /// The value of a macro.
    pub(super) fn fold(&mut self, step: &Step, folded: &Folded) -> Outcome {
        let of = self.eval(folded.of)?;
        let items = Items::of(of).ok_or_else(|| at(step, Reason::WrongType))?;
        match folded.how {
            How::All | How::Exists | How::ExistsOne => self.quantify(step, folded, &items),
            How::Filter | How::Map | How::Values | How::Entries | How::SortBy => {
                // Bodies that build are shown in no trace: what they built is.
                let recorder = self.recorder.take();
                let built = self.build(step, folded, &items);
                self.recorder = recorder;
                built
            }
        }
    }

    /// `all`, `exists`, `exists_one`.
    fn quantify(&mut self, step: &Step, folded: &Folded, items: &Items) -> Outcome {
        let recorder = self.recorder.take();
        let mut unknown: Option<Fault> = None;
        let mut passed = 0_usize;
        let mut told = Told::default();
        // What one item needs to be to decide: `all` is decided by false, the others by true.
        let decisive = folded.how != How::All;
        for index in 0..items.len() {
            items.enter(self, folded, index);
            let result = self.test(step, folded);
            let decides = match result {
                Ok(value) => value == decisive,
                Err(fault) => {
                    unknown = unknown.or(Some(fault));
                    false
                }
            };
            if decides {
                passed = passed.saturating_add(1);
            }
            if recorder.is_some() {
                told.see(index, decides, result.is_err());
            }
            if decides && folded.how != How::ExistsOne && recorder.is_none() {
                break;
            }
        }
        self.recorder = recorder;
        self.show(step, folded, items, &told);
        let undecided = |otherwise: bool| unknown.map_or(Ok(Value::Bool(otherwise)), Err);
        match folded.how {
            How::ExistsOne if passed > 1 && folded.absorb => Ok(Value::Bool(false)),
            How::ExistsOne => undecided(passed == 1),
            _ if passed > 0 => Ok(Value::Bool(decisive)),
            _ => undecided(!decisive),
        }
    }

    /// Records the body for the items that decided.
    fn show(&mut self, step: &Step, folded: &Folded, items: &Items, told: &Told) {
        let (deciding, count) = told.deciding();
        let more = count.saturating_sub(deciding.len());
        let Some(recorder) = self.recorder.as_deref_mut() else {
            return;
        };
        if more > 0 {
            recorder.rest(step, more);
        }
        for index in deciding {
            items.enter(self, folded, *index);
            let item = items.key(*index);
            let steps = self.steps;
            let mut entered = 0;
            if let Some(recorder) = self.recorder.as_deref_mut() {
                entered = recorder.names.entered();
                let is_list = matches!(items, Items::List(_));
                let text = Arc::clone(&recorder.text);
                recorder.names.enter((&text, steps), folded, &item, is_list);
                recorder.items.push(item);
            }
            let _ = self.test(step, folded);
            if let Some(recorder) = self.recorder.as_deref_mut() {
                recorder.names.leave(entered);
                recorder.items.pop();
            }
        }
    }

    /// The test of a macro for the item entered.
    fn test(&mut self, step: &Step, folded: &Folded) -> Result<bool, Fault> {
        folded.test.map_or(Ok(true), |test| self.truth(step, test))
    }

    /// `filter`, `map` and the transforms: an unknown test or result makes the whole unknown.
    fn build(&mut self, step: &Step, folded: &Folded, items: &Items) -> Outcome {
        let mut list = Vec::new();
        let mut entries: Vec<(Key, Value)> = Vec::new();
        for index in 0..items.len() {
            items.enter(self, folded, index);
            if !self.test(step, folded)? {
                continue;
            }
            let paid = match folded.how {
                How::Values => self.budget.entries(entries.len(), 1),
                // What its maps bring is paid for when they are there.
                How::Entries => self.budget.pay(1),
                _ => self.budget.item(list.len()),
            };
            paid.map_err(|reason| at(step, reason))?;
            let Some(make) = folded.make else {
                list.push(items.value(index));
                continue;
            };
            let result = self.eval(make)?;
            match folded.how {
                How::Values => entries.push((items.key(index), result)),
                How::Entries => {
                    let Value::Map(map) = result else {
                        return Err(at(step, Reason::WrongType));
                    };
                    self.budget
                        .entries(entries.len(), map.len())
                        .and_then(|()| map.iter().try_for_each(|(key, _)| self.budget.key(key)))
                        .map_err(|reason| at(step, reason))?;
                    entries.extend(map.iter().cloned());
                }
                _ => list.push(result),
            }
        }
        if folded.how == How::SortBy {
            return self.sorted(step, items, list);
        }
        if !matches!(folded.how, How::Values | How::Entries) {
            return Ok(Value::List(list.into()));
        }
        let given = entries.len();
        let map = Map::new(entries);
        if map.len() < given {
            return Err(at(step, Reason::RepeatedKey));
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// The items in the order of their keys; of equal keys in their own order.
    fn sorted(&mut self, step: &Step, items: &Items, keys: Vec<Value>) -> Outcome {
        let mut pairs: Vec<(Value, Value)> = (0..keys.len())
            .map(|index| items.value(index))
            .zip(keys.iter().cloned())
            .collect();
        // Sorting the keys alone pays, and finds those that have no order.
        sort(&[Value::List(keys.into())], self.budget).map_err(|reason| at(step, reason))?;
        pairs.sort_by(|(_, a), (_, b)| same::order(a, b).flatten().unwrap_or(Ordering::Equal));
        Ok(Value::List(
            pairs.into_iter().map(|(item, _)| item).collect(),
        ))
    }
}

/// The first items of a macro, and how many there are: those that decide, those that are unknown, all others.
#[derive(Default)]
struct Told {
    kinds: [(Vec<usize>, usize); 3],
}

impl Told {
    fn see(&mut self, index: usize, decides: bool, unknown: bool) {
        let [deciding, unclear, others] = &mut self.kinds;
        let (shown, count) = match (decides, unknown) {
            (true, _) => deciding,
            (false, true) => unclear,
            (false, false) => others,
        };
        *count = count.saturating_add(1);
        if shown.len() < SHOWN {
            shown.push(index);
        }
    }

    /// Those that decided: one is enough, an unknown one leaves it open, and otherwise all did together.
    fn deciding(&self) -> (&[usize], usize) {
        let mut kinds = self.kinds.iter();
        let found = kinds.find(|(_, count)| *count > 0);
        found.map_or((&[], 0), |(shown, count)| (shown, *count))
    }
}

/// What a macro goes through.
pub(in crate::expr) enum Items {
    List(Arc<[Value]>),
    Map(Arc<Map>),
}

impl Items {
    pub(in crate::expr) fn of(value: Value) -> Option<Self> {
        match value {
            Value::List(items) => Some(Self::List(items)),
            Value::Map(map) => Some(Self::Map(map)),
            _ => None,
        }
    }

    pub(in crate::expr) fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(map) => map.len(),
        }
    }

    /// Puts an item into the variables.
    pub(in crate::expr) fn enter(&self, run: &mut Run<'_>, folded: &Folded, index: usize) {
        if folded.two {
            run.set(folded.index, self.key(index).into());
            let value = match self {
                Self::List(items) => items.get(index).cloned(),
                Self::Map(map) => map.at(index).map(|(_, value)| value.clone()),
            };
            run.set(folded.index.saturating_add(1), value.unwrap_or(Value::Null));
        } else {
            run.set(folded.index, self.value(index));
        }
    }

    /// The item of a list, the key of a map.
    fn value(&self, index: usize) -> Value {
        match self {
            Self::List(items) => items.get(index).cloned().unwrap_or(Value::Null),
            Self::Map(_) => self.key(index).into(),
        }
    }

    /// The index of an item, the key of an entry: what a trace calls it too.
    pub(in crate::expr) fn key(&self, index: usize) -> Key {
        match self {
            Self::List(_) => Key::Int(number::size(index)),
            Self::Map(map) => map.at(index).map_or(Key::Int(0), |(key, _)| key.clone()),
        }
    }
}
