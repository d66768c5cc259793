//! Instants, and the moment just after one: a value that is good up to its `max_age` is good at that instant still,
//! and gone immediately after it. Nothing else about time is decided here.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::calendar::Lasting;
use crate::policy::Hold;

/// An instant, or the moment just after it.
///
/// INVARIANT: twice the nanoseconds since 1970, and one more for the moment just after: an order, a sum and a comparison
/// cost one operation each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i128);

impl Moment {
    /// The end of time: what never comes.
    pub const NEVER: Self = Self(i128::MAX);

    /// Before all time.
    pub const BEFORE: Self = Self(i128::MIN);

    /// The instant itself.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(at.as_nanosecond().saturating_mul(2))
    }

    /// Just after the instant.
    #[must_use]
    pub fn after(at: Timestamp) -> Self {
        Self::at(at).just_after()
    }

    /// The moment just after the instant of this one.
    #[must_use]
    pub fn just_after(self) -> Self {
        Self(self.0 | 1)
    }

    /// The moment that follows at once.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Whether it is the moment just after its instant.
    #[must_use]
    pub fn is_after(self) -> bool {
        self.0 & 1 == 1
    }

    /// The instant; the end of time where there is no such instant.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        Timestamp::from_nanosecond(self.0 >> 1).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// So much later.
    #[must_use]
    pub fn plus(self, duration: SignedDuration) -> Self {
        self.shifted(Span::of(duration))
    }

    /// When what begins at this moment has held so long.
    #[must_use]
    pub fn held(self, hold: &Hold) -> Self {
        match hold {
            Hold::For(duration) | Hold::Bake(Lasting::Wall(duration)) => self.plus(*duration),
            Hold::Bake(bake) => match bake.after(self.instant()) {
                at if at == Timestamp::MAX => Self::NEVER,
                at if self.is_after() => Self::after(at),
                at => Self::at(at),
            },
        }
    }

    /// So much earlier.
    #[must_use]
    pub fn minus(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_sub(Span::of(duration).0))
    }

    /// So much later, the length of time having been converted before.
    #[must_use]
    pub fn shifted(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The time since another moment in nanoseconds, moments just after an instant counted as the instant.
    #[must_use]
    pub fn since(self, other: Self) -> i128 {
        (self.0 >> 1).saturating_sub(other.0 >> 1)
    }
}

/// A length of time as moments add it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i128);

impl Span {
    /// The length of a duration.
    #[must_use]
    pub fn of(duration: SignedDuration) -> Self {
        Self(duration.as_nanos().saturating_mul(2))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = if self.is_after() { "+" } else { "" };
        write!(f, "{}{after}", self.instant())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_just_after_lies_between_its_instant_and_the_next() {
        let at = Timestamp::UNIX_EPOCH;
        let next = later(at, SignedDuration::from_nanos(1));
        assert!(Moment::at(at) < Moment::after(at) && Moment::after(at) < Moment::at(next));
        assert_eq!(Moment::after(at).instant(), at);
        assert_eq!(
            Moment::after(at).plus(SignedDuration::from_mins(5)),
            Moment::after(later(at, SignedDuration::from_mins(5)))
        );
        assert_eq!(Moment::at(Timestamp::MIN).instant(), Timestamp::MIN);
        assert_eq!(Moment::NEVER.instant(), Timestamp::MAX);
    }
}
