//! The CEL dialect: text in, typed plan out, three-valued results. Knows no policy and no YAML.

pub mod types;
pub mod value;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::source::Code;
use types::Type;
use value::{Missing, Value};

/// A unit of measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit(Arc<str>);

/// What a name in an expression stands for.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A value that is known only when a snapshot is at hand.
    Slot(Variable),
    /// A value that never changes, folded into the plan.
    Constant {
        /// The value.
        value: Value,
        /// Its declared type.
        ty: Type,
    },
    /// A named expression.
    Let(Arc<Compiled>),
}

/// A name whose value comes from a slot.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The index of its value in the slots.
    pub slot: usize,
    /// Its type.
    pub ty: Type,
    /// The unit of its numbers (of the leaves of a list, map or struct).
    pub unit: Option<Unit>,
    /// The texts it can be, where they are listed.
    pub values: Option<Arc<[Arc<str>]>>,
}

/// The names an expression may use. Names may have dots: `stage.name`, `before.error_rate`.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: BTreeMap<Arc<str>, Binding>,
}

/// A checked expression: it cannot raise a type or a name error.
#[derive(Debug)]
pub struct Compiled {}

/// Something wrong in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What kind.
    pub code: Code,
    /// The bytes of the expression's text it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The reason.
    pub reason: Reason,
    /// The first byte of the sub-expression in which it arose.
    pub start: u32,
    /// The byte after its last one.
    pub end: u32,
}

/// The reasons for having no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An input is missing.
    Missing(Missing),
}

/// True, false, or unknown and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tri {
    /// It is true.
    True,
    /// It is false.
    False,
    /// Nobody can tell.
    Unknown(Fault),
}
