//! A look back over time: which expression, how far, and what is asked of its samples.
//!
//! It holds definitions only. Values are found by whoever goes through a history, and read here from a slot.

use std::sync::Arc;

use jiff::SignedDuration;

use super::compiled::Compiled;

/// An expression that is looked back at: `error_rate.avg("10m")`.
#[derive(Debug)]
pub struct Window {
    /// As the text has it.
    pub text: Arc<str>,
    /// What is looked at: a number, true or false, or for some methods a map of numbers.
    pub of: Arc<Compiled>,
    /// What is asked.
    pub method: Method,
    /// How far it looks back.
    pub over: Over,
    /// Where its value is read.
    pub slot: usize,
}

/// How far a window looks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Over {
    /// So long.
    Last(SignedDuration),
    /// Since the stage was entered.
    Stage,
    /// As far as there are samples.
    Samples,
}

/// What is asked of the samples of a window.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Method {
    /// Their mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Their sum.
    Sum,
    /// How many are known.
    Count,
    /// The value below which this share of them lies, `median` with a half.
    Quantile(f64),
    /// The standard deviation of the population.
    Stddev,
    /// The first.
    First,
    /// The value where the window begins.
    Ago,
    /// The value now less the value where the window begins.
    Delta,
    /// How much a counter grew, resets included.
    Increase,
    /// The same in each second.
    Rate,
    /// The least-squares slope per hour.
    Slope,
    /// Whether there is a trend upwards, of at least this slope per hour.
    Rising(Option<f64>),
    /// Whether there is a trend downwards, of at least this slope per hour.
    Falling(Option<f64>),
    /// The share of samples that are true.
    Share,
    /// How many of the last samples in a row are true.
    Streak,
    /// How often it became true.
    Edges,
}
