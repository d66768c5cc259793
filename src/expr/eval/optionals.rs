//! Optional values: members that need not be there, and what holds without a value.
//!
//! What is unknown never becomes an optional without a value: a map that is unknown, or a key whose value is, makes the
//! whole unknown. Only a key that a known map does not have gives none, just as `has` is false of it and `in` does not
//! find it; that is so for a declared field that a snapshot leaves out, too.

use super::{Outcome, Run, at};
use crate::expr::fault::Reason;
use crate::expr::plan::{Load, Step};
use crate::expr::tree::Id;
use crate::expr::value::Value;

impl Run<'_> {
    /// A member: as an optional if it is asked for so, or is one of an optional.
    pub(super) fn member(
        step: &Step,
        of: &Value,
        asked: bool,
        load: Load,
        find: impl FnOnce(&Value) -> Result<&Value, Reason>,
    ) -> Outcome {
        let (of, optional) = match of {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => (inner.as_ref(), true),
            other => (other, asked),
        };
        match find(of) {
            Ok(value) => {
                let value = load.read(value).map_err(|reason| at(step, reason))?;
                Ok(if optional { Value::some(value) } else { value })
            }
            Err(Reason::NoSuchKey | Reason::OutOfBounds) if optional => Ok(Value::Optional(None)),
            Err(reason) => Err(at(step, reason)),
        }
    }

    /// `of.or(other)` and `of.orValue(other)`: the other is looked at only where there is no value.
    pub(super) fn otherwise(&mut self, step: &Step, of: Id, other: Id, value: bool) -> Outcome {
        match self.eval(of)? {
            Value::Optional(Some(inner)) if value => Ok(inner.as_ref().clone()),
            Value::Optional(None) if value => self.eval(other),
            Value::Optional(None) => self.optional(step, other).map(Value::Optional),
            optional @ Value::Optional(Some(_)) => Ok(optional),
            _ => Err(at(step, Reason::WrongType)),
        }
    }

    /// `of.optMap(name, body)` and `of.optFlatMap(name, body)`
    pub(super) fn opt_map(
        &mut self,
        step: &Step,
        index: usize,
        of: Id,
        body: Id,
        flat: bool,
    ) -> Outcome {
        let Some(inner) = self.optional(step, of)? else {
            return Ok(Value::Optional(None));
        };
        self.set(index, inner.as_ref().clone());
        if flat {
            self.optional(step, body).map(Value::Optional)
        } else {
            self.eval(body).map(Value::some)
        }
    }

    /// A part of a list or map that was written out; nothing if it is an optional without a value.
    pub(super) fn item(&mut self, id: Id) -> Result<Option<Value>, super::Fault> {
        match self.steps.get(id) {
            Some(step) => match step.what {
                super::What::OptItem(of) => {
                    let inner = self.optional(step, of)?;
                    Ok(inner.map(|inner| inner.as_ref().clone()))
                }
                _ => self.eval(id).map(Some),
            },
            None => Ok(None),
        }
    }

    /// What an optional has inside.
    fn optional(
        &mut self,
        step: &Step,
        of: Id,
    ) -> Result<Option<std::sync::Arc<Value>>, super::Fault> {
        match self.eval(of)? {
            Value::Optional(inner) => Ok(inner),
            _ => Err(at(step, Reason::WrongType)),
        }
    }
}

/// The entry of a text key.
pub(super) fn entry<'v>(of: &'v Value, key: &str) -> Result<&'v Value, Reason> {
    match of {
        Value::Map(map) => map.get_str(key).ok_or(Reason::NoSuchKey),
        _ => Err(Reason::WrongType),
    }
}
