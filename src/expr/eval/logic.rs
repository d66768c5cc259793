//! `&&`, `||`, `?:` and `in` with three values, by Kleene's rules. No order of operands changes a result.

use super::{Outcome, Run, at};
use crate::expr::fault::Reason;
use crate::expr::plan::Step;
use crate::expr::same;
use crate::expr::tree::Id;
use crate::expr::value::Value;

impl Run<'_> {
    /// `&&` (decided by false) or `||` (decided by true). A recorded run looks at both operands.
    pub(super) fn kleene(&mut self, step: &Step, decisive: bool, left: Id, right: Id) -> Outcome {
        let left = self.truth(step, left);
        if left == Ok(decisive) && self.recorder.is_none() {
            return Ok(Value::Bool(decisive));
        }
        let right = self.truth(step, right);
        match (left, right) {
            (Ok(value), _) | (_, Ok(value)) if value == decisive => Ok(Value::Bool(decisive)),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
            _ => Ok(Value::Bool(!decisive)),
        }
    }

    /// A condition as true or false.
    pub(super) fn truth(&mut self, step: &Step, id: Id) -> Result<bool, crate::expr::fault::Fault> {
        match self.eval(id)? {
            Value::Bool(value) => Ok(value),
            _ => Err(self
                .steps
                .get(id)
                .map_or(at(step, Reason::WrongType), |of| at(of, Reason::WrongType))),
        }
    }

    /// `test ? yes : no`: in the policy language an unknown test does not matter where both results are the same.
    pub(super) fn choose(&mut self, step: &Step, test: Id, yes: Id, no: Id) -> Outcome {
        match self.truth(step, test) {
            Ok(true) => self.eval(yes),
            Ok(false) => self.eval(no),
            Err(fault) if !self.strict => Err(fault),
            Err(fault) => {
                let (Ok(yes), Ok(no)) = (self.eval(yes), self.eval(no)) else {
                    return Err(fault);
                };
                let alike = std::mem::discriminant(&yes) == std::mem::discriminant(&no);
                let same = alike
                    && same::equal(&yes, &no, self.budget).map_err(|reason| at(step, reason))?
                        == Some(true);
                if same { Ok(yes) } else { Err(fault) }
            }
        }
    }

    /// `item in of`: true if it is among what is known, unknown if something unknown could be it.
    pub(super) fn contains(&mut self, step: &Step, item: Id, of: Id) -> Outcome {
        let (item, of) = (self.eval(item)?, self.eval(of)?);
        match of {
            Value::Map(map) => {
                let Some(key) = same::lookup(&item) else {
                    return Ok(Value::Bool(false));
                };
                self.budget.key(&key).map_err(|reason| at(step, reason))?;
                Ok(Value::Bool(map.get(&key).is_some()))
            }
            Value::List(items) => {
                let mut undecided = None;
                for candidate in items.iter() {
                    self.budget.pay(1).map_err(|reason| at(step, reason))?;
                    let equal = same::equal(&item, candidate, self.budget)
                        .map_err(|reason| at(step, reason))?;
                    match equal {
                        Some(true) => return Ok(Value::Bool(true)),
                        Some(false) => {}
                        None => undecided = undecided.or(Some(candidate)),
                    }
                }
                undecided.map_or(Ok(Value::Bool(false)), |candidate| {
                    Err(at(step, same::undecided([candidate, &item], self.budget)))
                })
            }
            _ => Err(at(step, Reason::WrongType)),
        }
    }
}
