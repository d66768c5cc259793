//! What a condition is whatever is measured: decided by its literals, by comparing a thing with itself, or by the
//! declared range of an input. It never guesses: what it does not follow is not certain, and a parameter is not, for
//! `--set` may change it.

use std::cmp::Ordering;
use std::ops::Range;

use super::compiled::{Compiled, side};
use super::plan::{Step, What};
use super::same;
use super::shape::shape;
use super::tree::{Id, Op};
use super::value::Value;

/// The least and the greatest number a slot can hold, where they are declared.
pub type Bounds<'b> = &'b dyn Fn(usize) -> Option<(f64, f64)>;

/// A condition, or a part of one, that is always the same; where a value is missing it may be unknown all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certain {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it always is.
    pub value: bool,
    /// The slots whose declared range decided it.
    pub bounded: Vec<usize>,
    /// Whether it is all of the condition, not a part of it.
    pub whole: bool,
}

impl Compiled {
    /// The condition if it is certain; otherwise the operands of its `&&`, `||` and `!` that are.
    #[must_use]
    pub fn certain(&self, bounds: Bounds<'_>) -> Vec<Certain> {
        let mut found = Vec::new();
        self.spine(self.root, true, bounds, &mut found);
        found
    }

    fn spine(&self, id: Id, whole: bool, bounds: Bounds<'_>, found: &mut Vec<Certain>) {
        let Some(step) = self.steps.get(id) else {
            return;
        };
        let mut bounded = Vec::new();
        if let Some(value) = self.always(id, bounds, &mut bounded) {
            bounded.sort_unstable();
            bounded.dedup();
            found.push(Certain {
                range: step.at.range(),
                value,
                bounded,
                whole,
            });
            return;
        }
        match &step.what {
            What::And(left, right) | What::Or(left, right) => {
                self.spine(*left, false, bounds, found);
                self.spine(*right, false, bounds, found);
            }
            What::Not(of) => self.spine(*of, false, bounds, found),
            _ => {}
        }
    }

    fn always(&self, id: Id, bounds: Bounds<'_>, bounded: &mut Vec<usize>) -> Option<bool> {
        let step = self.steps.get(id)?;
        match &step.what {
            What::Const(Value::Bool(value)) => (!self.may_be_set(step)).then_some(*value),
            What::Let(named) => named.always(named.root, bounds, bounded),
            What::Not(of) => self.always(*of, bounds, bounded).map(|value| !value),
            What::And(left, right) => self.joined([*left, *right], false, bounds, bounded),
            What::Or(left, right) => self.joined([*left, *right], true, bounds, bounded),
            What::If { test, yes, no } => match self.always(*test, bounds, bounded) {
                Some(true) => self.always(*yes, bounds, bounded),
                Some(false) => self.always(*no, bounds, bounded),
                None => {
                    let yes = self.always(*yes, bounds, bounded)?;
                    (self.always(*no, bounds, bounded)? == yes).then_some(yes)
                }
            },
            What::Compare { op, left, right } => {
                self.compared(*op, [*left, *right], bounds, bounded)
            }
            _ => None,
        }
    }

    /// `&&`, which one false decides, or `||`, which one true does.
    fn joined(
        &self,
        sides: [Id; 2],
        decides: bool,
        bounds: Bounds<'_>,
        bounded: &mut Vec<usize>,
    ) -> Option<bool> {
        let mut used = [Vec::new(), Vec::new()];
        let mut values = [None; 2];
        for ((side, used), value) in sides.into_iter().zip(&mut used).zip(&mut values) {
            *value = self.always(side, bounds, used);
            if *value == Some(decides) {
                bounded.append(used);
                return Some(decides);
            }
        }
        let certain = values.iter().all(Option::is_some);
        bounded.extend(used.iter().flatten().filter(|_| certain));
        certain.then_some(!decides)
    }

    fn compared(
        &self,
        op: Op,
        [left, right]: [Id; 2],
        bounds: Bounds<'_>,
        bounded: &mut Vec<usize>,
    ) -> Option<bool> {
        let (a, b) = (self.steps.get(left)?, self.steps.get(right)?);
        if shape(a.at.of(&self.text)).is_some_and(|one| Some(one) == shape(b.at.of(&self.text))) {
            return Some(matches!(op, Op::LessEqual | Op::GreaterEqual | Op::Equal));
        }
        if self.may_be_set(a) || self.may_be_set(b) {
            return None;
        }
        let (one, other) = (side(&self.steps, left), side(&self.steps, right));
        match (&one.constant, &other.constant) {
            (Some(one), Some(other)) => ordered(op, one, other),
            (None, Some(limit)) => {
                let (slot, limit) = (one.slot?, number(limit)?);
                let value = within(op, bounds(slot)?, one.factor, limit)?;
                bounded.push(slot);
                Some(value)
            }
            (Some(limit), None) => {
                let (slot, limit) = (other.slot?, number(limit)?);
                let value = within(op.turned(), bounds(slot)?, other.factor, limit)?;
                bounded.push(slot);
                Some(value)
            }
            (None, None) => None,
        }
    }

    /// Whether a part names a parameter.
    fn may_be_set(&self, step: &Step) -> bool {
        step.at.of(&self.text).contains("params")
    }
}

/// Two constants compared.
fn ordered(op: Op, one: &Value, other: &Value) -> Option<bool> {
    match op {
        Op::Equal => same::equal(one, other),
        Op::NotEqual => same::equal(one, other).map(|equal| !equal),
        _ => {
            let order = same::order(one, other)??;
            Some(match op {
                Op::Less => order.is_lt(),
                Op::LessEqual => order.is_le(),
                Op::Greater => order.is_gt(),
                Op::GreaterEqual => order.is_ge(),
                _ => return None,
            })
        }
    }
}

/// A number between two ends compared with a limit. Multiplying rounds, but never turns an order round.
fn within(op: Op, (least, greatest): (f64, f64), factor: f64, limit: f64) -> Option<bool> {
    if factor <= 0.0 {
        return None;
    }
    let least = (least * factor).partial_cmp(&limit)?;
    let greatest = (greatest * factor).partial_cmp(&limit)?;
    let all = |fits: fn(Ordering) -> bool| match (fits(least), fits(greatest)) {
        (true, true) => Some(true),
        (false, false) => Some(false),
        _ => None,
    };
    match op {
        Op::Less => all(Ordering::is_lt),
        Op::LessEqual => all(Ordering::is_le),
        Op::Greater => all(Ordering::is_gt),
        Op::GreaterEqual => all(Ordering::is_ge),
        Op::Equal | Op::NotEqual => {
            (least.is_gt() || greatest.is_lt()).then_some(op == Op::NotEqual)
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::Int(number) => Some(super::number::double(*number)),
        _ => None,
    }
}
