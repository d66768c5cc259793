//! A verdict in the formats that people and machines read: one file for each. Never decides, never guesses colours.

pub mod checklist;
#[cfg(feature = "cross-check")]
pub mod cross_check;
pub mod diagnostics;
pub mod text;
pub(crate) mod wrap;
