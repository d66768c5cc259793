//! A period: days, and the times of day from which to which it lasts on each. Never whether it is allowed or denied.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::{first_shown, last_shown};
use super::days::Days;

/// Days and times of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The days on which it begins.
    pub days: Days,
    /// From when to when.
    pub times: Times,
}

/// Times of day, half open, in minutes since midnight.
///
/// INVARIANT: `0 <= begin < 1440`, and `begin < end <= begin + 1440`: what ends after midnight ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    begin: i32,
    end: i32,
}

/// From one instant up to, not including, another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
}

impl Period {
    /// The stretch that begins on a date, where it does and the clocks of the zone show any of it.
    pub(super) fn on(&self, date: Date, zone: &TimeZone) -> Option<Stretch> {
        self.up_to(date, zone, first_shown)
    }

    /// Whether all that it covers is covered by another one, for sure.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        let times = other.times.begin <= self.times.begin && self.times.end <= other.times.end;
        times && self.days.are_in(&other.days)
    }

    /// The same for a period that is denied: of times that come twice both are.
    pub(super) fn denied_on(&self, date: Date, zone: &TimeZone) -> Option<Stretch> {
        self.up_to(date, zone, last_shown)
    }

    fn up_to(
        &self,
        date: Date,
        zone: &TimeZone,
        end: fn(&TimeZone, Date, i32) -> Option<Timestamp>,
    ) -> Option<Stretch> {
        if !self.days.covers(date) {
            return None;
        }
        let begin = first_shown(zone, date, self.times.begin)?;
        let end = end(zone, date, self.times.end).unwrap_or(Timestamp::MAX);
        (begin < end).then_some(Stretch { begin, end })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.days)?;
        if self.times == Times::ALL {
            return Ok(());
        }
        let clock = |minutes: i32| {
            let minutes = if minutes > Times::DAY {
                minutes.saturating_sub(Times::DAY)
            } else {
                minutes
            };
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        };
        write!(f, " {}-{}", clock(self.times.begin), clock(self.times.end))
    }
}

impl Times {
    /// The minutes of a day.
    pub const DAY: i32 = 1_440;
    /// All of a day.
    pub const ALL: Self = Self {
        begin: 0,
        end: Self::DAY,
    };

    /// From one minute of a day to another one, over midnight where it is not later; nothing where they are the same
    /// or no minutes of a day.
    #[must_use]
    pub fn new(begin: i32, end: i32) -> Option<Self> {
        let day = 0..=Self::DAY;
        if !day.contains(&begin) || begin == Self::DAY || !day.contains(&end) || begin == end {
            return None;
        }
        let over = if end < begin { Self::DAY } else { 0 };
        Some(Self {
            begin,
            end: end.saturating_add(over),
        })
    }

    /// The first minute.
    #[must_use]
    pub fn begin(self) -> i32 {
        self.begin
    }

    /// The minute after the last one; beyond 1440 on the next day.
    #[must_use]
    pub fn end(self) -> i32 {
        self.end
    }
}
