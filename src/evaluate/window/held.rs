//! What an expression's value was at each moment of a stretch of time: the changes. Never judges whether it may count.

use super::queue::Queue;
use crate::evaluate::moment::Moment;
use crate::expr::value::Value;

/// The values an expression had.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// INVARIANT: oldest first, no two neighbours the same.
    changes: Queue<(Moment, Value)>,
}

impl Held {
    pub(super) const fn new() -> Self {
        Self {
            changes: Queue::new(),
        }
    }

    /// It has this value from this moment on. What says the same again is no change: otherwise every moment at which it
    /// is asked would be asked about once more when it leaves a window.
    pub(super) fn change(&mut self, at: Moment, value: &Value) {
        while self.changes.back().is_some_and(|(last, _)| *last >= at) {
            self.changes.pop_back();
        }
        if self.newest().is_none_or(|last| !same(last, value)) {
            self.changes.push_back((at, value.clone()));
        }
    }

    /// Forgets what was before a moment, but for the value held then.
    #[inline]
    pub(super) fn forget(&mut self, before: Moment) {
        while self
            .changes
            .items()
            .get(1)
            .is_some_and(|(at, _)| *at <= before)
        {
            self.changes.pop_front();
        }
    }

    /// The number held at the beginning, all that was before being forgotten.
    #[inline]
    pub(super) fn front(&self, begin: Moment) -> Option<f64> {
        match self.changes.front()? {
            (at, Value::Double(number)) if *at <= begin => Some(*number),
            _ => None,
        }
    }

    /// It has this number from a moment on that is later than all before.
    #[inline]
    pub(super) fn number(&mut self, at: Moment, number: f64) {
        let same = matches!(self.changes.back(), Some((_, Value::Double(last))) if last.to_bits() == number.to_bits());
        if !same {
            self.changes.push_back((at, Value::Double(number)));
        }
    }

    /// When the value changes next that is held at the beginning.
    pub(super) fn second(&self) -> Option<Moment> {
        self.changes.items().get(1).map(|(at, _)| *at)
    }

    /// Whether one more change would need more memory.
    pub(super) fn is_full(&self) -> bool {
        self.changes.is_full()
    }

    /// The value held at a moment.
    pub(super) fn at(&self, moment: Moment) -> Option<&Value> {
        let after = self.after(moment);
        let (_, value) = self.changes.items().get(after.checked_sub(1)?)?;
        Some(value)
    }

    /// The value held last.
    pub(super) fn newest(&self) -> Option<&Value> {
        self.changes.back().map(|(_, value)| value)
    }

    /// The first change after a moment.
    pub(super) fn next(&self, moment: Moment) -> Option<Moment> {
        self.changes
            .items()
            .get(self.after(moment))
            .map(|(at, _)| *at)
    }

    /// The index of the first change after a moment; in a window that is among the first.
    fn after(&self, moment: Moment) -> usize {
        match self.changes.items().get(1) {
            Some((second, _)) if *second > moment => {
                let first = self.changes.front();
                usize::from(first.is_some_and(|(at, _)| *at <= moment))
            }
            _ => self
                .changes
                .items()
                .partition_point(|(at, _)| *at <= moment),
        }
    }
}

/// Whether two values are the same beyond doubt.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Double(left), Value::Double(right)) => left.to_bits() == right.to_bits(),
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Uint(left), Value::Uint(right)) => left == right,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Unknown(left), Value::Unknown(right)) => left == right,
        (Value::Map(left), Value::Map(right)) => {
            let equal = |((left_key, left), (right_key, right)): (&(_, _), &(_, _))| {
                left_key == right_key && flat(left) && same(left, right)
            };
            std::sync::Arc::ptr_eq(left, right)
                || left.len() == right.len() && left.iter().zip(right.iter()).all(equal)
        }
        _ => false,
    }
}

/// Whether a value has no parts: maps of maps are compared no further.
fn flat(value: &Value) -> bool {
    !matches!(value, Value::Map(_))
}
