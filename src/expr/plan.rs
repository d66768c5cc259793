//! What a checked expression does: one step per node of its tree, with constants folded and names resolved.
//!
//! It holds no text and computes nothing.

use std::sync::Arc;

use super::compiled::Compiled;
use super::fault::Reason;
use super::functions::Function;
use super::number;
use super::pattern::Pattern;
use super::tree::{At, How, Id, Op};
use super::types::Type;
use super::units::Unit;
use super::value::{Missing, Value};

/// A step and the bytes it came from.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) what: What,
    pub(crate) at: At,
    pub(crate) unit: Option<Unit>,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum What {
    /// It has no value, for a reason known before it runs.
    Fail(Reason),
    /// It is a value.
    Const(Value),
    /// It reads a slot.
    Slot {
        slot: usize,
        load: Load,
    },
    /// It reads a variable of a macro.
    Local {
        index: usize,
        load: Load,
    },
    /// It evaluates a named expression.
    Let(Arc<Compiled>),
    /// A field, or the entry of a text key.
    Field {
        of: Id,
        key: Arc<str>,
        load: Load,
    },
    /// An item or entry.
    Index {
        of: Id,
        index: Id,
        load: Load,
    },
    /// A field as an optional.
    OptField {
        of: Id,
        key: Arc<str>,
        load: Load,
    },
    /// An item or entry as an optional.
    OptIndex {
        of: Id,
        index: Id,
        load: Load,
    },
    /// A part of a list or map that stands there only if this optional has a value.
    OptItem(Id),
    /// `of.or(other)`, or with `value` `of.orValue(other)`.
    Else {
        of: Id,
        other: Id,
        value: bool,
    },
    /// `optMap`, or with `flat` `optFlatMap`.
    OptMap {
        index: usize,
        of: Id,
        body: Id,
        flat: bool,
    },
    /// Whether a key is there.
    Has {
        of: Id,
        key: Arc<str>,
    },
    Not(Id),
    Minus(Id),
    And(Id, Id),
    Or(Id, Id),
    If {
        test: Id,
        yes: Id,
        no: Id,
    },
    Arith {
        op: Op,
        left: Id,
        right: Id,
    },
    Compare {
        op: Op,
        left: Id,
        right: Id,
    },
    In {
        item: Id,
        of: Id,
    },
    /// A number in another unit.
    Scale {
        of: Id,
        factor: f64,
    },
    List(Vec<Id>),
    Map(Vec<(Id, Id)>),
    Call {
        function: &'static Function,
        args: Vec<Id>,
    },
    /// `matches` with a constant pattern.
    Matches {
        of: Id,
        pattern: Arc<Pattern>,
    },
    /// `matches` with a pattern that is known only when it runs.
    Search {
        of: Id,
        pattern: Id,
    },
    Known(Id),
    Within {
        left: Id,
        right: Id,
        by: Id,
        relative: bool,
    },
    Fold(Box<Folded>),
    Bind {
        index: usize,
        value: Id,
        body: Id,
    },
}

/// A macro over a list or map, with its variables resolved.
#[derive(Debug)]
pub(crate) struct Folded {
    pub(crate) how: How,
    pub(crate) of: Id,
    /// Where the item (or key) is kept.
    pub(crate) index: usize,
    /// Whether the value is kept behind it.
    pub(crate) two: bool,
    pub(crate) test: Option<Id>,
    pub(crate) make: Option<Id>,
    /// Whether two items that pass make `exists_one` false even if others are unknown.
    pub(crate) absorb: bool,
}

/// What a value read from outside must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    Any,
    Bool,
    Int,
    /// A finite double; a whole number stands for one.
    Double,
    String,
    Timestamp,
    Duration,
    List,
    Map,
}

impl Load {
    /// What a value declared with this type must be.
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Int => Self::Int,
            Type::Double => Self::Double,
            Type::String => Self::String,
            Type::Timestamp => Self::Timestamp,
            Type::Duration => Self::Duration,
            Type::List(_) => Self::List,
            Type::Map(..) | Type::Struct(_) => Self::Map,
            Type::Dyn | Type::Null | Type::Uint | Type::Bytes | Type::Type | Type::Optional(_) => {
                Self::Any
            }
        }
    }

    /// The value, if it is what it must be.
    pub(crate) fn read(self, value: &Value) -> Result<Value, Reason> {
        let wrong = Err(Reason::Missing(Missing::WrongType));
        match (self, value) {
            (_, Value::Unknown(missing)) => Err(Reason::Missing(*missing)),
            (Self::Double, Value::Double(double)) if !double.is_finite() => {
                Err(Reason::Missing(Missing::NotFinite))
            }
            (Self::Double, Value::Int(int)) => Ok(Value::Double(number::double(*int))),
            (Self::Any, _)
            | (Self::Bool, Value::Bool(_))
            | (Self::Int, Value::Int(_))
            | (Self::Double, Value::Double(_))
            | (Self::String, Value::String(_))
            | (Self::Timestamp, Value::Timestamp(_))
            | (Self::Duration, Value::Duration(_))
            | (Self::List, Value::List(_))
            | (Self::Map, Value::Map(_)) => Ok(value.clone()),
            _ => wrong,
        }
    }
}

impl What {
    /// The value of a constant.
    pub(crate) fn constant(&self) -> Option<&Value> {
        if let Self::Const(value) = self {
            Some(value)
        } else {
            None
        }
    }
}
