//! Where a window begins, and what must be remembered to find it again. Never looks at a value.

use std::collections::VecDeque;

use jiff::SignedDuration;

use super::seen::Seen;
use super::sum::Pair;
use crate::evaluate::moment::{Moment, Span};
use crate::expr::value::Value;

/// Where a window begins.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// So long ago.
    Last(Lengths),
    /// When the stage was entered.
    Stage(Since),
    /// With the first sample.
    Samples,
}

/// How long a window is, as it is needed at each sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    pub(super) forth: Span,
    pub(super) back: Span,
    /// From the moment at which a sample would be the first thing after a hole until it leaves.
    pub(super) hole: Span,
    pub(super) seconds: f64,
}

/// What a window over a stage remembers, so that it can begin anew at another entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Since {
    /// The earliest entry it may be asked for.
    pub(super) earliest: Option<Moment>,
    /// The entry as told last.
    pub(super) entered: Option<Moment>,
    /// The entry from which on its samples were taken in.
    pub(super) begun: Option<Moment>,
    /// The known samples from the earliest entry on.
    pub(super) log: VecDeque<(Moment, Seen, Value)>,
}

impl Lengths {
    pub(super) fn new(length: SignedDuration, max_age: Option<SignedDuration>) -> Self {
        let back = length.checked_neg().unwrap_or(SignedDuration::MAX);
        let age = max_age.unwrap_or(SignedDuration::ZERO);
        Self {
            forth: Span::of(length),
            back: Span::of(back),
            hole: Span::of(length.saturating_sub(age)),
            seconds: seconds(length.as_nanos()),
        }
    }
}

/// Nanoseconds as seconds.
pub(super) fn seconds(nanoseconds: i128) -> f64 {
    Pair::whole(nanoseconds).nearest() / 1e9
}
