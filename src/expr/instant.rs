//! Instants of the years 1 to 9999, to the nanosecond, and their dates in a time zone.
//!
//! The calendar's crate ends a day before CEL does: what lies beyond is asked 400 years earlier, when the calendar was the
//! same. It never asks what time it is.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Since 1970.
    seconds: i64,
    /// INVARIANT: less than a second.
    nanos: u32,
}

/// The seconds of 400 years, after which dates and weekdays are the same again.
const CYCLE: i64 = 12_622_780_800;
/// The years of that.
const YEARS: i16 = 400;
/// The first second of the year 1.
const FIRST: i64 = -62_135_596_800;
/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

impl Instant {
    /// The instant so many nanoseconds after 1970 began, if it lies in the years 1 to 9999.
    #[must_use]
    pub fn of_nanoseconds(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
        (FIRST..=LAST)
            .contains(&seconds)
            .then_some(Self { seconds, nanos })
    }

    /// The nanoseconds since 1970 began.
    #[must_use]
    pub fn nanoseconds(self) -> i128 {
        i128::from(self.seconds)
            .saturating_mul(1_000_000_000)
            .saturating_add(i128::from(self.nanos))
    }

    /// The whole seconds since 1970 began, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// The instant as the calendar's crate has it; nothing for the last day of the year 9999.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        let nanos = i32::try_from(self.nanos).ok()?;
        Timestamp::new(self.seconds, nanos).ok()
    }

    /// Its date and time of day in a zone, and how many years to add to that.
    pub(crate) fn civil(self, zone: &TimeZone) -> Option<(DateTime, i16)> {
        let (at, years) = match self.timestamp() {
            Some(at) => (at, 0),
            None => (self.earlier()?, YEARS),
        };
        Some((zone.to_datetime(at), years))
    }

    /// The same date 400 years before.
    fn earlier(self) -> Option<Timestamp> {
        Self {
            seconds: self.seconds.checked_sub(CYCLE)?,
            ..self
        }
        .timestamp()
    }

    /// Reads an instant as RFC 3339 writes it: with a zone, without leap seconds.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to)?;
            let all = part.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| part.parse::<i16>().ok()).flatten()
        };
        let small = |from: usize| i8::try_from(digits(from, from.saturating_add(2))?).ok();
        let marks = |at: usize, wanted: &[u8]| {
            text.as_bytes()
                .get(at)
                .is_some_and(|byte| wanted.contains(byte))
        };
        let shaped = marks(4, b"-")
            && marks(7, b"-")
            && marks(10, b"Tt")
            && marks(13, b":")
            && marks(16, b":");
        if !shaped {
            return None;
        }
        let year = digits(0, 4)?;
        // A year that may lie beyond the calendar's end is read 400 years earlier.
        let late = year > 9_000;
        let read = if late { year.checked_sub(YEARS)? } else { year };
        let mut zone = 19_usize;
        let mut nanos = 0_i32;
        if marks(19, b".") {
            let rest = text.get(20..)?;
            let count = rest.bytes().take_while(u8::is_ascii_digit).count();
            let fraction = rest.get(..count).filter(|_| (1..=9).contains(&count))?;
            nanos = format!("{fraction:0<9}").parse().ok()?;
            zone = count.checked_add(20)?;
        }
        let (hour, minute, second) = (small(11)?, small(14)?, small(17)?);
        let read = DateTime::new(read, small(5)?, small(8)?, hour, minute, second, nanos).ok()?;
        let local = Offset::UTC.to_timestamp(read).ok()?.as_nanosecond();
        let offset = match text.get(zone..)? {
            "Z" | "z" => 0,
            rest => {
                let after = zone.checked_add(1)?;
                let shaped = rest.len() == 6 && marks(zone.checked_add(3)?, b":");
                let (hours, minutes) = (small(after)?, small(after.checked_add(3)?)?);
                if !shaped || hours > 23 || minutes > 59 {
                    return None;
                }
                let minutes = i128::from(hours)
                    .checked_mul(60)?
                    .checked_add(minutes.into())?;
                let length = minutes.checked_mul(60_000_000_000)?;
                match rest.as_bytes().first() {
                    Some(b'+') => length,
                    Some(b'-') => length.checked_neg()?,
                    _ => return None,
                }
            }
        };
        let shift = if late {
            SignedDuration::from_secs(CYCLE).as_nanos()
        } else {
            0
        };
        Self::of_nanoseconds(local.checked_add(shift)?.checked_sub(offset)?)
    }
}

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        let nanos = at.as_nanosecond();
        let part = |part: i128| i64::try_from(part).unwrap_or(0);
        Self {
            seconds: part(nanos.div_euclid(1_000_000_000)),
            nanos: u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0),
        }
    }
}

/// A text that is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a timestamp between the years 1 and 9999")]
pub struct NoInstant;

impl FromStr for Instant {
    type Err = NoInstant;

    fn from_str(text: &str) -> Result<Self, NoInstant> {
        Self::parse(text).ok_or(NoInstant)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.timestamp() {
            return at.fmt(f);
        }
        let text = self.earlier().map(|at| at.to_string()).unwrap_or_default();
        // Of what lies beyond the calendar's end the year is 9999.
        write!(f, "9999{}", text.get(4..).unwrap_or_default())
    }
}
