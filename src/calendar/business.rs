//! Business time: so many open days later at the same time of day, and so much open time later. Nothing within
//! [`AHEAD`] days is never; it never rounds to an opening time.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::clock::{first_shown, same_time};
use super::period::{Stretch, Times};
use super::{AHEAD, Calendar, shifted};

impl Calendar {
    /// So many open days later, and then so much open time.
    #[must_use]
    pub fn plus(&self, from: Timestamp, days: u32, open: SignedDuration) -> Option<Timestamp> {
        self.plus_open(self.plus_days(from, days)?, open)
    }

    /// The same time of day on the `days`-th open day after the date of `from`, be that an open day or not. The time of
    /// day itself may lie outside the open hours.
    #[must_use]
    pub fn plus_days(&self, from: Timestamp, days: u32) -> Option<Timestamp> {
        let Some(last) = days.checked_sub(1) else {
            return Some(from);
        };
        let from = from.to_zoned(self.zone.clone());
        let ahead = 1..=AHEAD;
        let later = ahead.map_while(|days| shifted(from.date(), days));
        let mut open = later.filter(|date| self.is_open_day(*date));
        let date = open.nth(usize::try_from(last).ok()?)?;
        same_time(&self.zone, date, from.time())
    }

    /// The first instant at which it has been open for so long since `from`.
    #[must_use]
    pub fn plus_open(&self, from: Timestamp, length: SignedDuration) -> Option<Timestamp> {
        let (mut at, mut left) = (from, length);
        if !left.is_positive() {
            return Some(from);
        }
        for open in self.stretches(from, AHEAD) {
            let begin = open.begin.max(at);
            let here = open.end.duration_since(begin);
            if left <= here {
                return begin.checked_add(left).ok();
            }
            if here.is_positive() {
                left = left.saturating_sub(here);
                at = open.end;
            }
        }
        None
    }

    /// Whether it is open at any time of a date.
    #[must_use]
    pub fn is_open_day(&self, date: Date) -> bool {
        let (midnight, next) = (
            first_shown(&self.zone, date, 0),
            first_shown(&self.zone, date, Times::DAY),
        );
        let inside = |open: &Stretch| {
            midnight.is_some_and(|midnight| midnight < open.end)
                && next.is_none_or(|next| open.begin < next)
        };
        // A window of the day before may end after midnight.
        let before = || shifted(date, -1).map(|before| self.on(before));
        self.on(date).iter().any(inside) || before().unwrap_or_default().iter().any(inside)
    }
}
