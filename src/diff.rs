//! What changed between two policies, rule by rule and by its direction, and which verdicts it changes over recorded
//! snapshots. Never judges by itself: rules are held against one another as they were checked, verdicts are those of the
//! evaluation.

mod aspects;
mod calendars;
pub mod difference;
pub mod flips;
mod inputs;
pub mod json;
pub mod markdown;
mod names;
mod people;
mod process;
mod rules;
mod side;
mod stages;
pub mod text;

use std::sync::Arc;

use crate::policy::Policy;
pub use difference::{Change, Detail, Difference, Direction, Item};
pub use flips::{Flips, Watch};
use side::Sides;

/// What changed from one policy to another.
#[must_use]
pub fn diff(old: &Policy, new: &Policy) -> Difference {
    let mut sides = Sides::new(old, new);
    let mut difference = Difference::of(old, new);
    names::policy(&sides, &mut difference);
    stages::stages(&mut sides, &mut difference);
    inputs::inputs(&sides, &mut difference);
    calendars::calendars(&sides, &mut difference);
    people::roles(&sides, &mut difference);
    process::process(&sides, &mut difference);
    difference.sort();
    difference
}

/// A name as it is told.
fn told(name: &Arc<str>) -> String {
    name.to_string()
}
