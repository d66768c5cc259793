//! Whether two conditions can differ at all: decided where they are nothing but comparisons of inputs with constants, by
//! trying one value of each input from every interval between its limits, the limits themselves, and no value. Never
//! guesses: of any other condition it says nothing.

mod points;

use std::sync::Arc;

use super::budget::Budget;
use super::compiled::Compiled;
use super::fault::Tri;
use super::plan::{Load, Step, What};
use super::same;
use super::tree::Id;
use super::value::{Key, Map, Missing, Value};
use points::points;

/// What is declared of the value of a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    /// The least and the greatest number.
    pub(crate) range: Option<(f64, f64)>,
    /// The texts it can be.
    pub(crate) values: Option<Arc<[Arc<str>]>>,
}

/// The most combinations of values that are tried.
const MOST: usize = 20_000;

/// An input that is compared, or a part of one, and what with.
struct Axis {
    slot: usize,
    key: Option<Key>,
    load: Load,
    /// Constants in the unit they are compared in, and what the input is multiplied with before.
    limits: Vec<(Value, f64)>,
    /// The values to try, unknown last.
    points: Vec<Value>,
}

/// Every combination of values that some conditions could tell apart.
pub(crate) struct Cells {
    axes: Vec<Axis>,
    width: usize,
}

impl Cells {
    /// The cells of some conditions whose slots are fewer than `width`; nothing if one of them is more than comparisons
    /// with constants, or there are too many.
    pub(crate) fn of<'c>(
        conditions: impl IntoIterator<Item = &'c Compiled>,
        declared: &dyn Fn(usize) -> Declared,
        width: usize,
    ) -> Option<Self> {
        let mut axes = Vec::new();
        for condition in conditions {
            walk(condition, condition.root, &mut axes)?;
        }
        let whole = |axis: &Axis| axis.key.is_none();
        let torn = axes.iter().filter(|axis| whole(axis)).any(|axis| {
            axes.iter()
                .any(|other| other.slot == axis.slot && !whole(other))
        });
        if torn || axes.iter().any(|axis| axis.slot >= width) {
            return None;
        }
        let mut cells = 1_usize;
        for axis in &mut axes {
            axis.points = points(axis.load, &axis.limits, &declared(axis.slot))?;
            axis.points.push(Value::Unknown(Missing::Absent));
            cells = cells
                .checked_mul(axis.points.len())
                .filter(|cells| *cells <= MOST)?;
        }
        Some(Self { axes, width })
    }

    /// What a condition is in each cell.
    pub(crate) fn truth(&self, condition: &Compiled) -> Vec<Option<bool>> {
        let mut at = vec![0_usize; self.axes.len()];
        let mut found = Vec::new();
        loop {
            let slots = self.slots(&at);
            found.push(match condition.test(&slots, &mut Budget::default()) {
                Tri::True => Some(true),
                Tri::False => Some(false),
                Tri::Unknown(_) => None,
            });
            if !self.advance(&mut at) {
                return found;
            }
        }
    }

    /// The values of a cell: of each input, or part of one, its slot, the way into it and the value.
    pub(crate) fn cell(&self, index: usize) -> Vec<(usize, Option<Key>, Value)> {
        let mut rest = index;
        let mut found = Vec::new();
        for axis in &self.axes {
            let here = rest.checked_rem(axis.points.len()).unwrap_or(0);
            rest = rest.checked_div(axis.points.len()).unwrap_or(0);
            let value = axis.points.get(here).cloned();
            found.extend(value.map(|value| (axis.slot, axis.key.clone(), value)));
        }
        found
    }

    fn slots(&self, at: &[usize]) -> Vec<Value> {
        let mut slots = vec![Value::Unknown(Missing::Absent); self.width];
        let mut parts: Vec<(usize, Vec<(Key, Value)>)> = Vec::new();
        for (axis, at) in self.axes.iter().zip(at) {
            let Some(value) = axis.points.get(*at).cloned() else {
                continue;
            };
            match &axis.key {
                None => {
                    if let Some(slot) = slots.get_mut(axis.slot) {
                        *slot = value;
                    }
                }
                Some(key) => match parts.iter_mut().find(|(slot, _)| *slot == axis.slot) {
                    Some((_, entries)) => entries.push((key.clone(), value)),
                    None => parts.push((axis.slot, vec![(key.clone(), value)])),
                },
            }
        }
        for (slot, entries) in parts {
            if let Some(slot) = slots.get_mut(slot) {
                *slot = Value::Map(Arc::new(Map::new(entries)));
            }
        }
        slots
    }

    fn advance(&self, at: &mut [usize]) -> bool {
        for (axis, at) in self.axes.iter().zip(at) {
            *at = at.saturating_add(1);
            if *at < axis.points.len() {
                return true;
            }
            *at = 0;
        }
        false
    }
}

/// The inputs of a condition; nothing where it is more than comparisons with constants.
fn walk(of: &Compiled, id: Id, axes: &mut Vec<Axis>) -> Option<()> {
    let constant = |id: Id| of.steps.get(id).and_then(|step| step.what.constant());
    match &of.steps.get(id)?.what {
        What::Const(Value::Bool(_)) => Some(()),
        What::Let(named) => walk(named, named.root, axes),
        What::Not(inner) => walk(of, *inner, axes),
        What::And(left, right) | What::Or(left, right) => {
            walk(of, *left, axes)?;
            walk(of, *right, axes)
        }
        What::If { test, yes, no } => {
            walk(of, *test, axes)?;
            walk(of, *yes, axes)?;
            walk(of, *no, axes)
        }
        What::Known(inner) => input(&of.steps, *inner, axes).map(|_| ()),
        What::Compare { left, right, .. } => match (constant(*left), constant(*right)) {
            (Some(_), Some(_)) => Some(()),
            (Some(limit), None) => limited(&of.steps, *right, [limit], axes),
            (None, Some(limit)) => limited(&of.steps, *left, [limit], axes),
            (None, None) => None,
        },
        What::In { item, of: list } => match constant(*list)? {
            Value::List(items) => limited(&of.steps, *item, items.iter(), axes),
            _ => None,
        },
        What::Slot { load, .. } | What::Field { load, .. } | What::Index { load, .. }
            if *load == Load::Bool =>
        {
            input(&of.steps, id, axes).map(|_| ())
        }
        _ => None,
    }
}

fn limited<'v>(
    steps: &[Step],
    id: Id,
    limits: impl IntoIterator<Item = &'v Value>,
    axes: &mut Vec<Axis>,
) -> Option<()> {
    let (id, factor) = match &steps.get(id)?.what {
        What::Scale { of, factor } => (*of, *factor),
        _ => (id, 1.0),
    };
    let axis = input(steps, id, axes)?;
    axis.limits
        .extend(limits.into_iter().map(|limit| (limit.clone(), factor)));
    Some(())
}

/// The axis of an input or a part of one, which is new where no condition had it before.
fn input<'a>(steps: &[Step], id: Id, axes: &'a mut Vec<Axis>) -> Option<&'a mut Axis> {
    let (slot, key, load) = match &steps.get(id)?.what {
        What::Slot { slot, load } => (*slot, None, *load),
        What::Field { of, key, load } => {
            (slot(steps, *of)?, Some(Key::String(Arc::clone(key))), *load)
        }
        What::Index { of, index, load } => {
            let key = same::lookup(steps.get(*index)?.what.constant()?)?;
            (slot(steps, *of)?, Some(key), *load)
        }
        _ => return None,
    };
    let known = axes
        .iter()
        .position(|axis| axis.slot == slot && axis.key == key);
    let index = known.unwrap_or(axes.len());
    if known.is_none() {
        axes.push(Axis {
            slot,
            key,
            load,
            limits: Vec::new(),
            points: Vec::new(),
        });
    }
    axes.get_mut(index)
}

fn slot(steps: &[Step], id: Id) -> Option<usize> {
    match &steps.get(id)?.what {
        What::Slot {
            slot,
            load: Load::Map,
        } => Some(*slot),
        _ => None,
    }
}
