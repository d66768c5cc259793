//! The course of what was measured, for reports that draw it. Never reads a snapshot.

use jiff::Timestamp;

/// The course of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// The input, or the part of one, as expressions write it.
    pub input: String,
    /// What it is.
    pub title: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// Its values in the order of time; none: unknown from there on.
    pub points: Vec<(Timestamp, Option<f64>)>,
}
