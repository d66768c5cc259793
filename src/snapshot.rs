//! What was observed: samples in the order of time, read from files and fitted to what a policy declares.
//!
//! This room turns documents into values and says what does not fit. It never judges what a value means.

pub mod baseline;
mod canonical;
pub mod columns;
pub mod convert;
mod cursor;
pub mod edit;
pub mod facts;
pub mod history;
pub mod layout;
pub mod merge;
pub mod raw;
pub mod read;
pub mod subject;
pub mod survey;
pub mod write;

use std::sync::Arc;

use jiff::Timestamp;

use crate::expr::value::{Missing, Value};
pub use canonical::{Digest, digest_of};
pub use facts::Facts;
pub use history::History;
pub use layout::{Baseline, Input, Layout};
pub use merge::{Feed, Given, Merge};
pub use read::{Extent, Format, Lines, Reader, Reading};
pub use subject::Subject;
pub use survey::{Standing, Survey, Surveyed};

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
    /// The column in characters, from 1; 0 where it is not known.
    pub column: u32,
}

impl Sample {
    /// What a first look takes of a sample: what it says of stage and subject. That it has metrics at all is told by the
    /// first of them, which is there without its value.
    #[must_use]
    pub fn glance(&self, layout: &Layout) -> Self {
        let kind = |observed: &&Observed| layout.kind(observed.slot);
        let metric = self
            .values
            .iter()
            .find(|observed| matches!(kind(observed), Some(layout::Kind::Input(_))));
        let context = self
            .values
            .iter()
            .filter(|observed| matches!(kind(observed), Some(layout::Kind::Context(_))));
        let metric = metric.map(|observed| Observed {
            value: Value::Unknown(Missing::Absent),
            ..observed.clone()
        });
        Self {
            at: self.at,
            values: metric.into_iter().chain(context.cloned()).collect(),
        }
    }
}

impl Place {
    /// `file:line:column`, or `file:line` where the column is not known.
    #[must_use]
    pub fn display(self, files: &[Arc<str>]) -> String {
        let file = usize::try_from(self.file)
            .ok()
            .and_then(|index| files.get(index));
        let (file, line, column) = (file.map_or("", AsRef::as_ref), self.line, self.column);
        if column == 0 {
            format!("{file}:{line}")
        } else {
            format!("{file}:{line}:{column}")
        }
    }
}
