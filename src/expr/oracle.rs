//! The second opinion: an expression evaluated again by the parser and the interpreter of the `cel` crate, and whether the
//! two engines agree. It decides nothing, and no result of it reaches a verdict.
//!
//! The crate reads the author's own text. What the policy language adds is written out for it: a quantity as
//! the number it is in the unit it met, a whole number that stands for a double as a double, days and weeks as seconds. A
//! named expression is bound to its value; it is an expression of its own to be compared. A window is a name
//! bound to the value it has here. `known(x)` and `within(…)` are
//! made of the crate's own operators and functions.
//!
//! The crate's parser recurses, deeper than a thread usually allows: run this on a stack of [`STACK`] bytes.

mod functions;
mod known;
mod names;
mod text;
mod value;

use std::fmt;
use std::sync::Arc;

use cel::{Env, ExecutionError};

use super::budget::Budget;
use super::fault::{Fault, Reason, Tri};
use super::tree::Tree;
use super::types::Type;
use super::value::Value;
use super::{Compiled, parse};
pub use known::{KNOWN, Known};

/// The name and version of the second engine.
pub const ENGINE: &str = "cel 0.15.0";

/// The bytes of stack on which no expression within the limits of the language exhausts it, optimised or not.
pub const STACK: usize = 64 << 20;

/// How deep the translated text may be nested: the language's 32 levels, each in a conversion of its unit.
const NESTING: u16 = 160;

/// The most steps an expression may take here to be evaluated again: the second engine counts none.
const STEPS: u64 = 100_000;

/// The second engine, ready to evaluate.
pub struct Second {
    env: Arc<Env>,
}

/// What comparing an expression on some values gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Both have the same value, or neither has one.
    Same,
    /// They differ.
    Different {
        /// What this engine has.
        ours: String,
        /// What the second one has.
        theirs: String,
    },
    /// They could not be compared.
    Apart(Why),
}

/// Why two engines were not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// They are known to differ there: the name of a [`Known`] difference.
    Known(&'static str),
    /// It takes too many steps.
    Costly,
    /// It looks into a value of which only a part is known.
    Partly,
}

/// Two results, each a value or why there is none.
struct Both {
    ours: Result<Value, Fault>,
    theirs: Result<Value, Trouble>,
}

/// Why the second engine has no value.
enum Trouble {
    Unread(String),
    Failed(ExecutionError),
    /// A kind of value this language does not have.
    Foreign(String),
}

impl Second {
    /// The second engine; nothing if it refuses to be set up.
    #[must_use]
    pub fn new() -> Option<Self> {
        functions::env().map(|env| Self { env: Arc::new(env) })
    }

    /// Evaluates an expression with both engines.
    #[must_use]
    pub fn compare(&self, compiled: &Compiled, slots: &[Value]) -> Opinion {
        // It has been read once: this cannot fail.
        let Ok(parse::Read { tree, .. }) = parse::parse(&compiled.text) else {
            return Opinion::Apart(Why::Costly);
        };
        let uses = || known::Uses {
            text: &compiled.text,
            tree: &tree,
            windows: compiled.own_windows(),
        };
        if let Some(known) = known::lacking(&uses()) {
            return Opinion::Apart(Why::Known(known.name));
        }
        let both = match self.both(compiled, &tree, slots) {
            Ok(both) => both,
            Err(why) => return Opinion::Apart(why),
        };
        if both.agree() {
            return Opinion::Same;
        }
        let case = known::Case {
            uses: uses(),
            compiled,
            slots,
            ours: &both.ours,
            theirs: both.theirs.as_ref().map_err(|trouble| match trouble {
                Trouble::Failed(error) => Some(error),
                Trouble::Unread(_) | Trouble::Foreign(_) => None,
            }),
        };
        match known::explaining(&case) {
            Some(known) => Opinion::Apart(Why::Known(known.name)),
            None => both.shown(),
        }
    }

    /// Both results, or why the second engine is not asked.
    fn both(&self, compiled: &Compiled, tree: &Tree, slots: &[Value]) -> Result<Both, Why> {
        let mut budget = Budget::of(STEPS);
        let ours = compiled.value(slots, &mut budget);
        if budget.left() == 0
            || matches!(
                ours,
                Err(Fault {
                    reason: Reason::Limit(_),
                    ..
                })
            )
        {
            return Err(Why::Costly);
        }
        if names::partly_unknown(compiled, slots) || names::named_partly_unknown(compiled, slots) {
            return Err(Why::Partly);
        }
        // A condition is decided by its lowered form where it has one.
        let ours = if compiled.ty == Type::Bool {
            match compiled.test(slots, &mut Budget::default()) {
                Tri::True => Ok(Value::Bool(true)),
                Tri::False => Ok(Value::Bool(false)),
                Tri::Unknown(fault) => Err(fault),
            }
        } else {
            ours
        };
        Ok(Both {
            ours,
            theirs: self.theirs(compiled, tree, slots),
        })
    }

    /// What the second engine has.
    fn theirs(&self, compiled: &Compiled, tree: &Tree, slots: &[Value]) -> Result<Value, Trouble> {
        let text = text::text(compiled, tree);
        let parser = self
            .env
            .parser()
            .enable_ident_escape_syntax(true)
            .max_recursion_depth(NESTING);
        let expr = parser
            .parse(&text)
            .map_err(|errors| Trouble::Unread(errors.to_string()))?;
        let foreign = |what: &str| Trouble::Foreign(what.to_owned());
        let mut context =
            functions::context(Arc::clone(&self.env)).ok_or_else(|| foreign("a function twice"))?;
        names::bind(compiled, tree, slots, &mut Budget::default(), &mut context);
        let result = cel::Value::resolve_val(&expr, &context).map_err(Trouble::Failed)?;
        value::take(result.as_ref()).ok_or_else(|| foreign(result.as_ref().get_type().name()))
    }
}

impl Both {
    /// Whether both have the same value, or neither has one.
    fn agree(&self) -> bool {
        match (&self.ours, &self.theirs) {
            (Ok(ours), Ok(theirs)) => value::same(ours, theirs),
            (Err(_), Err(Trouble::Failed(_))) => true,
            _ => false,
        }
    }

    fn shown(&self) -> Opinion {
        Opinion::Different {
            ours: match &self.ours {
                Ok(value) => value.to_string(),
                Err(fault) => format!("no value: {}", fault.reason),
            },
            theirs: match &self.theirs {
                Ok(value) => value.to_string(),
                Err(Trouble::Unread(why)) => format!("it cannot be read: {why}"),
                Err(Trouble::Failed(error)) => format!("no value: {error}"),
                Err(Trouble::Foreign(what)) => format!("a value of another kind: {what}"),
            },
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(name) => f.write_str(name),
            Self::Costly => f.write_str("too costly"),
            Self::Partly => f.write_str("a value is known in part only"),
        }
    }
}

impl fmt::Debug for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Second")
    }
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say that something cannot be"
)]
mod tests;
