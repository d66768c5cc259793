//! Runs a plan over slots: three-valued, within a budget.
//!
//! An unknown is an `Err` here: what is strict passes it on, what is not (`&&`, `||`, `?:`, `all`, `exists`, `known`)
//! decides without it where it can. It never panics and never changes a slot.

mod arithmetic;
pub(crate) use arithmetic::instant;
mod folds;
pub(super) use folds::Items;
mod logic;
mod optionals;

use std::sync::Arc;

use super::budget::Budget;
use super::fault::{Fault, Reason};
use super::pattern::Patterns;
use super::plan::{Step, What};
use super::same;
use super::trace::Recorder;
use super::tree::{Id, Op};
use super::value::{Map, Missing, Value};

/// A value, or why there is none.
pub(crate) type Outcome = Result<Value, Fault>;

/// One evaluation.
pub(crate) struct Run<'a> {
    pub(crate) steps: &'a [Step],
    pub(crate) slots: &'a [Value],
    pub(crate) budget: &'a mut Budget,
    /// Whether numbers that are not finite are unknown, as the policy language has it.
    pub(crate) strict: bool,
    pub(crate) locals: Vec<Value>,
    pub(crate) recorder: Option<&'a mut Recorder>,
    pub(crate) patterns: Patterns,
    /// A step that is the opposite of what it is, for a trial.
    pub(crate) denied: Option<Id>,
}

impl Run<'_> {
    /// The value of a step.
    pub(crate) fn eval(&mut self, id: Id) -> Outcome {
        let mut result = self.step(id);
        if self.denied == Some(id)
            && let Ok(Value::Bool(value)) = &mut result
        {
            *value = !*value;
        }
        if let Some(recorder) = self.recorder.as_deref_mut() {
            recorder.record(self.steps, id, &result);
        }
        result
    }

    fn step(&mut self, id: Id) -> Outcome {
        let steps = self.steps;
        let Some(step) = steps.get(id) else {
            return Err(Fault {
                reason: Reason::WrongType,
                start: 0,
                end: 0,
            });
        };
        self.budget.pay(1).map_err(|reason| at(step, reason))?;
        match &step.what {
            What::Fail(reason) => Err(at(step, *reason)),
            What::Const(value) => Ok(value.clone()),
            What::Slot { slot, load } => match self.slots.get(*slot) {
                Some(value) => load.read(value).map_err(|reason| at(step, reason)),
                None => Err(at(step, Reason::Missing(Missing::Absent))),
            },
            What::Local { index, load } => match self.locals.get(*index) {
                Some(value) => load.read(value).map_err(|reason| at(step, reason)),
                None => Err(at(step, Reason::Missing(Missing::Absent))),
            },
            What::Not(of) => match self.eval(*of)? {
                Value::Bool(value) => Ok(Value::Bool(!value)),
                _ => Err(at(step, Reason::WrongType)),
            },
            What::And(left, right) => self.kleene(step, false, *left, *right),
            What::Or(left, right) => self.kleene(step, true, *left, *right),
            What::If { test, yes, no } => self.choose(step, *test, *yes, *no),
            What::Compare { op, left, right } => {
                let (left, right) = self.both(*left, *right)?;
                self.compare(*op, &left, &right)
                    .map(Value::Bool)
                    .map_err(|reason| at(step, reason))
            }
            What::Arith { op, left, right } => {
                let (left, right) = self.both(*left, *right)?;
                arithmetic::binary(*op, &left, &right, self.strict, self.budget)
                    .map_err(|reason| at(step, reason))
            }
            What::Scale { of, factor } => match self.eval(*of)? {
                Value::Double(value) => self.finite(step, value * factor),
                Value::Int(value) => self.finite(step, super::number::double(value) * factor),
                Value::Uint(value) => {
                    self.finite(step, super::number::double_of_uint(value) * factor)
                }
                _ => Err(at(step, Reason::WrongType)),
            },
            What::Minus(of) => {
                let value = self.eval(*of)?;
                arithmetic::minus(&value).map_err(|reason| at(step, reason))
            }
            What::Known(of) => {
                match self.eval(*of) {
                    // What cost too much is neither known nor unknown.
                    Err(fault) if matches!(fault.reason, Reason::Limit(_)) => Err(fault),
                    result => Ok(Value::Bool(result.is_ok())),
                }
            }
            _ => self.other(step),
        }
    }

    /// The steps that build or search something; apart so that the frames of deep chains stay small.
    #[inline(never)]
    fn other(&mut self, step: &Step) -> Outcome {
        match &step.what {
            What::Let(compiled) => self.named(step, compiled),
            What::Field { of, key, load } => {
                let of = self.eval(*of)?;
                Self::member(step, &of, false, *load, |of| optionals::entry(of, key))
            }
            What::OptField { of, key, load } => {
                let of = self.eval(*of)?;
                Self::member(step, &of, true, *load, |of| optionals::entry(of, key))
            }
            What::Index { of, index, load } => {
                let (of, index) = (self.eval(*of)?, self.eval(*index)?);
                let budget = &mut *self.budget;
                Self::member(step, &of, false, *load, |of| item(of, &index, budget))
            }
            What::OptIndex { of, index, load } => {
                let (of, index) = (self.eval(*of)?, self.eval(*index)?);
                let budget = &mut *self.budget;
                Self::member(step, &of, true, *load, |of| item(of, &index, budget))
            }
            What::Has { of, key } => {
                let of = self.eval(*of)?;
                let of = match &of {
                    Value::Optional(None) => return Ok(Value::Bool(false)),
                    Value::Optional(Some(inner)) => inner.as_ref(),
                    of => of,
                };
                match of {
                    Value::Map(map) => Ok(Value::Bool(map.get_str(key).is_some())),
                    _ => Err(at(step, Reason::WrongType)),
                }
            }
            What::Else { of, other, value } => self.otherwise(step, *of, *other, *value),
            What::OptMap {
                index,
                of,
                body,
                flat,
            } => self.opt_map(step, *index, *of, *body, *flat),
            What::In { item, of } => self.contains(step, *item, *of),
            What::List(items) => {
                self.budget
                    .items(items.len())
                    .map_err(|reason| at(step, reason))?;
                let mut values = Vec::with_capacity(items.len());
                for id in items {
                    values.extend(self.item(*id)?);
                }
                Ok(Value::List(values.into()))
            }
            What::Map(entries) => self.map(step, entries),
            What::Call { function, args } => self.call(step, function, args),
            What::Matches { of, pattern } => match self.eval(*of)? {
                Value::String(text) => pattern
                    .is_match(&text, self.budget)
                    .map(Value::Bool)
                    .map_err(|reason| at(step, reason)),
                _ => Err(at(step, Reason::WrongType)),
            },
            What::Search { of, pattern } => {
                let (of, pattern) = (self.eval(*of)?, self.eval(*pattern)?);
                let (Value::String(of), Value::String(pattern)) = (of, pattern) else {
                    return Err(at(step, Reason::WrongType));
                };
                self.patterns
                    .get(&pattern, self.budget)
                    .and_then(|pattern| pattern.is_match(&of, self.budget))
                    .map(Value::Bool)
                    .map_err(|reason| at(step, reason))
            }
            What::Within {
                left,
                right,
                by,
                relative,
            } => self.within(step, [*left, *right, *by], *relative),
            What::Fold(folded) => self.fold(step, folded),
            What::Bind { index, value, body } => {
                let value = self.eval(*value)?;
                self.set(*index, value);
                self.eval(*body)
            }
            _ => Err(at(step, Reason::WrongType)),
        }
    }

    /// Two operands. A recorded run looks at the right one even where the left one is unknown.
    fn both(&mut self, left: Id, right: Id) -> Result<(Value, Value), Fault> {
        let left = self.eval(left);
        if left.is_err() && self.recorder.is_none() {
            return left.map(|left| (left, Value::Null));
        }
        let right = self.eval(right);
        Ok((left?, right?))
    }

    /// A named expression, in place: a fault inside it is one of its reference.
    fn named(&mut self, step: &Step, compiled: &Arc<super::Compiled>) -> Outcome {
        let result = compiled.run(self.slots, self.budget, None);
        result.map_err(|fault| at(step, fault.reason))
    }

    fn call(&mut self, step: &Step, function: &super::functions::Function, args: &[Id]) -> Outcome {
        let result = match args {
            [only] => {
                let values = [self.eval(*only)?];
                (function.run)(&values, self.budget)
            }
            [first, second] => {
                let values = [self.eval(*first)?, self.eval(*second)?];
                (function.run)(&values, self.budget)
            }
            _ => {
                let values = args
                    .iter()
                    .map(|id| self.eval(*id))
                    .collect::<Result<Vec<_>, _>>()?;
                (function.run)(&values, self.budget)
            }
        };
        match result {
            Ok(Value::Double(value)) => self.finite(step, value),
            result => result.map_err(|reason| at(step, reason)),
        }
    }

    fn map(&mut self, step: &Step, entries: &[(Id, Id)]) -> Outcome {
        self.budget
            .entries(0, entries.len())
            .map_err(|reason| at(step, reason))?;
        let mut built = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = same::key(&self.eval(*key)?).ok_or_else(|| at(step, Reason::WrongType))?;
            self.budget.key(&key).map_err(|reason| at(step, reason))?;
            if let Some(value) = self.item(*value)? {
                built.push((key, value));
            }
        }
        let given = built.len();
        let map = Map::new(built);
        if map.len() < given {
            return Err(at(step, Reason::RepeatedKey));
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// A number that arithmetic or a function gave.
    fn finite(&self, step: &Step, value: f64) -> Outcome {
        if self.strict && !value.is_finite() {
            return Err(at(step, Reason::NotFinite));
        }
        Ok(Value::Double(value))
    }

    /// `|left - right| <= by`, or `<= by * |right|`.
    fn within(&mut self, step: &Step, [left, right, by]: [Id; 3], relative: bool) -> Outcome {
        let (left, right, by) = (self.eval(left)?, self.eval(right)?, self.eval(by)?);
        let number = |value: &Value| match value {
            Value::Double(value) if value.is_finite() => Ok(*value),
            Value::Int(value) => Ok(super::number::double(*value)),
            Value::Uint(value) => Ok(super::number::double_of_uint(*value)),
            Value::Double(_) => Err(at(step, Reason::NotFinite)),
            _ => Err(at(step, Reason::WrongType)),
        };
        let (left, right, by) = (number(&left)?, number(&right)?, number(&by)?);
        let limit = if relative { by * right.abs() } else { by };
        let distance = (left - right).abs();
        if !distance.is_finite() || !limit.is_finite() {
            return Err(at(step, Reason::NotFinite));
        }
        Ok(Value::Bool(distance <= limit))
    }

    /// Keeps a variable of a macro.
    pub(super) fn set(&mut self, index: usize, value: Value) {
        if self.locals.len() <= index {
            self.locals.resize(index.saturating_add(1), Value::Null);
        }
        if let Some(local) = self.locals.get_mut(index) {
            *local = value;
        }
    }

    fn compare(&mut self, op: Op, left: &Value, right: &Value) -> Result<bool, Reason> {
        if self.strict && (is_nan(left) || is_nan(right)) {
            return Err(Reason::NotFinite);
        }
        match op {
            Op::Equal | Op::NotEqual => {
                let equal = same::equal(left, right, self.budget)?
                    .ok_or_else(|| same::undecided([left, right], self.budget))?;
                Ok(equal == (op == Op::Equal))
            }
            _ => {
                self.budget.read(same::weight(left, right))?;
                let order = same::order(left, right).ok_or(Reason::WrongType)?;
                Ok(order.is_some_and(|order| holds(op, order)))
            }
        }
    }
}

/// A fault in a step.
pub(crate) fn at(step: &Step, reason: Reason) -> Fault {
    Fault {
        reason,
        start: step.at.start,
        end: step.at.end,
    }
}

/// Whether an ordering operator holds for two values in this order.
pub(crate) fn holds(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Less => order.is_lt(),
        Op::LessEqual => order.is_le(),
        Op::Greater => order.is_gt(),
        Op::GreaterEqual => order.is_ge(),
        Op::NotEqual => order.is_ne(),
        _ => order.is_eq(),
    }
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Double(value) if value.is_nan())
}

/// The item of a list or the value of a key.
fn item<'a>(of: &'a Value, index: &Value, budget: &mut Budget) -> Result<&'a Value, Reason> {
    match of {
        Value::List(items) => {
            let at = match same::lookup(index) {
                Some(super::value::Key::Int(at)) => at,
                Some(super::value::Key::Uint(_)) => return Err(Reason::OutOfBounds),
                _ => return Err(Reason::WrongType),
            };
            let at = usize::try_from(at).map_err(|_| Reason::OutOfBounds)?;
            items.get(at).ok_or(Reason::OutOfBounds)
        }
        Value::Map(map) => {
            let key = same::lookup(index).ok_or(Reason::NoSuchKey)?;
            budget.key(&key)?;
            map.get(&key).ok_or(Reason::NoSuchKey)
        }
        _ => Err(Reason::WrongType),
    }
}
