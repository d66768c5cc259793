//! The course of what was measured, for reports that draw it: what there is to draw, as plain data. Never reads a file,
//! never draws.

mod course;
mod gather;
mod line;
mod reads;

use jiff::{SignedDuration, Timestamp};

pub use course::{Bar, Course};
pub use gather::Gather;

/// The course of one input, or of one part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// The input, or the part of one, as expressions write it: `error_rate`, `incidents["P0"]`.
    pub input: String,
    /// What it is.
    pub title: Option<String>,
    /// Its unit; of a length of time, which is drawn in seconds, `s`.
    pub unit: Option<String>,
    /// Whether it is true or false, drawn as 1 and 0.
    pub is_bool: bool,
    /// How long a value of it is good.
    pub max_age: SignedDuration,
    /// The findings that read it, by name, the worst first.
    pub rules: Vec<String>,
    /// What it is compared with by them.
    pub limits: Vec<Limit>,
    /// What baselines have of it, where a finding reads that too.
    pub levels: Vec<Level>,
    /// When the stage was entered, where that is known.
    pub entered: Option<Timestamp>,
    /// From the first sample of all to the verdict.
    pub whole: View,
    /// The last stretch of it, about as long as what decided, where little of that would be seen in the whole.
    pub close: Option<View>,
    /// How many known values were given.
    pub known: u64,
    /// How often it was given as unknown.
    pub unknown: u64,
}

/// A stretch of time, and the course in it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends: the instant of the verdict.
    pub to: Timestamp,
    /// The values in the order of time; between two that do not touch nothing is known.
    pub bars: Vec<Bar>,
}

/// A number that an input is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The number, in the unit of the input.
    pub value: f64,
    /// What is compared with it: the input, or a window over it.
    pub of: String,
    /// The findings that compare, by name.
    pub rules: Vec<String>,
}

/// What a baseline has of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// As the condition reads it: `before.error_rate`.
    pub name: String,
    /// Its value, in the unit of the input.
    pub value: f64,
}
