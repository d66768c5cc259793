//! Instants, and the moment just after one: a value that is good up to its `max_age` is good at that instant still,
//! and gone immediately after it. Nothing else about time is decided here.

use jiff::{SignedDuration, Timestamp};

/// An instant, or the moment just after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// Just after it.
    pub after: bool,
}

impl Moment {
    /// The instant itself.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { at, after: false }
    }

    /// Just after the instant.
    #[must_use]
    pub fn after(at: Timestamp) -> Self {
        Self { at, after: true }
    }

    /// So much later; the end of time where there is no such instant.
    #[must_use]
    pub fn plus(self, duration: SignedDuration) -> Self {
        Self {
            at: later(self.at, duration),
            after: self.after,
        }
    }
}

/// So much later; the end of time where there is no such instant.
#[must_use]
pub fn later(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// So much earlier; the beginning of time where there is no such instant.
#[must_use]
pub fn earlier(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_sub(duration).unwrap_or(Timestamp::MIN)
}
