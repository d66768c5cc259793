//! What was observed: samples in the order of time, read from files and fitted to what a policy declares.
//!
//! This room turns documents into values and says what does not fit. It never judges what a value means.

pub mod columns;
pub mod convert;
mod cursor;
pub mod history;
pub mod layout;
pub mod read;
pub mod subject;
pub mod survey;

use jiff::Timestamp;

use crate::expr::value::Value;
pub use history::History;
pub use layout::{Baseline, Input, Layout};
pub use read::{Format, Reader};
pub use subject::Subject;
pub use survey::{Survey, Surveyed};

/// Everything that was told about one instant.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The instant.
    pub at: Timestamp,
    /// What was told, by slot, no slot twice.
    pub values: Vec<Observed>,
}

/// One value that was told.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Where it belongs in the [`Layout`].
    pub slot: usize,
    /// The value; [`Value::Unknown`] for an explicit null and for what does not fit its declaration.
    pub value: Value,
    /// Where it was read.
    pub place: Place,
}

/// A place in one of the files of a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The index of the file's name in [`History::files`].
    pub file: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}
