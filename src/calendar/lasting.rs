//! How long something lasts: plain time, or time counted in the open days and hours of a calendar. Never since when.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Calendar;
use crate::expr::duration::format_duration;

/// A length of time of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// Plain time.
    Wall(SignedDuration),
    /// Business time.
    Business {
        /// So many open days, to the same time of day.
        days: u32,
        /// And then so much open time.
        open: SignedDuration,
        /// What is open when.
        calendar: Arc<Calendar>,
    },
}

impl Lasting {
    /// When what begins at `from` has lasted so long; the end of time where it never has. In business time what begins
    /// later may end earlier: Friday 15:00 and a day is Monday 15:00, Saturday 10:00 and a day is Monday 10:00.
    #[must_use]
    pub fn after(&self, from: Timestamp) -> Timestamp {
        match self {
            Self::Wall(duration) => from.checked_add(*duration).ok(),
            Self::Business {
                days,
                open,
                calendar,
            } => calendar.plus(from, *days, *open),
        }
        .unwrap_or(Timestamp::MAX)
    }

    /// How long it is at the shortest, closed time and shifts of the clock left aside.
    #[must_use]
    pub fn at_least(&self) -> SignedDuration {
        match self {
            Self::Wall(duration) => *duration,
            Self::Business { days, open, .. } => {
                let days = i64::from(*days).saturating_mul(86_400);
                open.saturating_add(SignedDuration::from_secs(days))
            }
        }
    }
}

impl fmt::Display for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Business {
            days,
            open,
            calendar,
        } = self
        else {
            return f.write_str(&format_duration(self.at_least()));
        };
        let word = if *days == 1 { "day" } else { "days" };
        let time = format_duration(*open);
        match (*days, open.is_zero()) {
            (0, _) => write!(f, "{time} of business time")?,
            (_, true) => write!(f, "{days} business {word}")?,
            (_, false) => write!(f, "{days} business {word} and {time} of business time")?,
        }
        write!(f, " ({})", calendar.name)
    }
}
