//! The CEL dialect: text in, typed plan out, three-valued results.
//!
//! It knows names, types, units and values. It never knows a policy or YAML, and never reads a clock or a file.

pub(crate) mod alter;
pub mod branches;
pub mod budget;
pub(crate) mod cells;
pub mod certain;
mod check;
pub mod compiled;
pub mod decided;
pub mod display;
pub mod duration;
mod eval;
mod fast;
pub mod fault;
pub(crate) mod form;
mod fragile;
mod functions;
pub mod goal;
pub mod instant;
pub mod json;
pub mod leans;
mod lexer;
pub(crate) mod mentions;
pub mod mistake;
mod names;
pub(crate) mod number;
#[cfg(feature = "cross-check")]
pub mod oracle;
mod parse;
mod pattern;
mod plan;
mod reads;
mod register;
mod same;
pub mod scope;
pub mod shape;
pub mod trace;
mod tree;
pub mod types;
pub mod units;
pub mod value;
pub mod window;

pub use branches::{Branches, Edge, Sighted, Sighting};
pub use budget::Budget;
pub use certain::Certain;
pub use compiled::{Comparison, Compiled, Expect, Side, compile};
pub use decided::{Decider, Deciding};
pub(crate) use fast::Bound;
pub use fault::{Fault, Limit, Reason, Tri};
pub(crate) use functions::encode::base64;
pub use goal::{Goal, Place, Sort, Test};
pub use instant::Instant;
pub use json::{brief, json, shortened};
pub use mistake::Mistake;
pub(crate) use number::{double, int};
pub use parse::is_reserved;
pub use reads::Input;
pub use scope::{Binding, Rules, Scope, Variable};
pub use shape::{Shape, shape};
pub use trace::{Kind, Operand, Trace, Traced};
pub use tree::Op;
pub use units::{Dimension, Unit};
pub use window::Window;
