//! A verdict in the formats that people and machines read: one file for each. Never decides, never guesses colours.

pub mod checklist;
#[cfg(feature = "cross-check")]
pub mod cross_check;
pub mod diagnostics;
pub mod plot;
pub mod text;
pub(crate) mod wrap;

use crate::source::Problem;
use crate::verdict::{ExitCode, Verdict};
pub use plot::Plot;

/// What a report is of: a verdict, or why there is none.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The verdict; none where something could not be read.
    pub verdict: Option<&'t Verdict>,
    /// What the process ends with.
    pub exit: ExitCode,
    /// What reading the policy and the snapshots said: of a verdict warnings, else also the errors that stand in its way.
    pub problems: &'t [Problem],
    /// The course of what decided, as far as the snapshots are at hand.
    pub plots: &'t [Plot],
}
