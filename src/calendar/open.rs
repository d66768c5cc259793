//! Whether a calendar is open, and when that changes: allowed stretches without the denied ones, day by day. Every
//! question is answered within [`AHEAD`] days, so that a calendar that never opens is no endless loop.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::clock::first_shown;
use super::days::Days;
use super::period::{Stretch, Times};
use super::{AHEAD, Calendar, Denied, shifted};

impl Calendar {
    /// Whether it is open at an instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.stretches(at, 0).any(|open| open.begin <= at)
    }

    /// The first instant from this one on at which it is open, this one included; nothing within ten years: never.
    #[must_use]
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        let open = self.stretches(at, AHEAD).next()?;
        Some(open.begin.max(at))
    }

    /// The first instant after this one at which it opens or closes; nothing within ten years: never.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        // The end of the open time that `at` lies in.
        let mut closes: Option<Timestamp> = None;
        for date in self.dates(at, AHEAD) {
            for open in self.on(date).into_iter().filter(|open| open.end > at) {
                match closes {
                    None if open.begin > at => return Some(open.begin),
                    Some(end) if open.begin > end => return Some(end),
                    _ => closes = closes.max(Some(open.end)),
                }
            }
            let midnight = first_shown(&self.zone, date, Times::DAY);
            if let Some(end) = closes.filter(|end| midnight.is_none_or(|next| *end < next)) {
                return Some(end);
            }
        }
        None
    }

    /// What it is closed by at an instant although that may be allowed.
    #[must_use]
    pub fn denied(&self, at: Timestamp) -> Option<&Denied> {
        let dates: Vec<Date> = self.dates(at, 0).collect();
        self.deny.iter().find(|denied| {
            let mut stretches = dates
                .iter()
                .filter_map(|date| denied.period.denied_on(*date, &self.zone));
            stretches.any(|closed| closed.begin <= at && at < closed.end)
        })
    }

    /// Whether there is any time at all at which it is open, as far as twenty years of its days tell.
    #[must_use]
    pub fn ever_opens(&self) -> bool {
        let first = |days: &Days| match days {
            Days::Dates(first, _) => Some(*first),
            Days::Weekly(_) | Days::Nth(..) => None,
        };
        let denied = self.deny.iter().map(|denied| &denied.period.days);
        // Long before the first date that is denied only weekly periods are.
        let before = denied.filter_map(first).min().and_then(|first| {
            let days = AHEAD.saturating_add(1).saturating_neg();
            shifted(first, days)
        });
        let before = before.unwrap_or(date(2000, 1, 1));
        let allowed = || self.allow.iter().map(|allowed| &allowed.days);
        let weekly = allowed().any(|days| first(days).is_none());
        let weekly = weekly.then(|| days(before, AHEAD)).into_iter().flatten();
        let dated = allowed().filter_map(|allowed| match allowed {
            Days::Dates(first, last) => Some((*first, *last)),
            Days::Weekly(_) | Days::Nth(..) => None,
        });
        let dated = dated
            .flat_map(|(first, last)| days(first, i32::MAX).take_while(move |date| *date <= last));
        let mut looked = 0;
        for date in weekly.chain(dated) {
            // Who denies decades day by day is believed to have left one.
            if looked > AHEAD.saturating_mul(2) || !self.on(date).is_empty() {
                return true;
            }
            looked = looked.saturating_add(1);
        }
        false
    }

    /// The stretches in which it is open that end after an instant, in order, as far as they begin in so many days.
    pub(super) fn stretches(&self, at: Timestamp, ahead: i32) -> impl Iterator<Item = Stretch> {
        self.dates(at, ahead)
            .flat_map(|date| self.on(date))
            .filter(move |open| open.end > at)
    }

    /// The dates on which what matters from an instant on begins: yesterday's windows may end after midnight.
    pub(super) fn dates(&self, at: Timestamp, ahead: i32) -> impl Iterator<Item = Date> + use<> {
        let today = at.to_zoned(self.zone.clone()).date();
        let from = shifted(today, -1).unwrap_or(today);
        let end = self.allow.iter().map(|allowed| match allowed.days {
            Days::Dates(_, last) => last,
            Days::Weekly(_) | Days::Nth(..) => Date::MAX,
        });
        // A day more: on it the last window is known to be over.
        let end = end
            .max()
            .map_or(Date::MIN, |last| shifted(last, 1).unwrap_or(last));
        days(from, ahead.saturating_add(1)).take_while(move |date| *date <= end)
    }

    /// When it is open in the windows that begin on a date, in order.
    pub(super) fn on(&self, date: Date) -> Vec<Stretch> {
        let begins = |date: Date| {
            let allowed = self.allow.iter();
            allowed.filter_map(move |allowed| allowed.on(date, &self.zone))
        };
        let mut open: Vec<Stretch> = begins(date).collect();
        if open.is_empty() || self.deny.is_empty() {
            open.sort();
            return open;
        }
        // A window ends on the next day at the latest, and what is denied may have begun on the day before.
        for near in [shifted(date, -1), Some(date), shifted(date, 1)] {
            let Some(near) = near else { continue };
            for denied in &self.deny {
                if let Some(closed) = denied.period.denied_on(near, &self.zone) {
                    open = open
                        .iter()
                        .flat_map(|open| without(*open, closed))
                        .collect();
                }
            }
        }
        open.sort();
        open
    }
}

/// A date and so many more.
fn days(from: Date, ahead: i32) -> impl Iterator<Item = Date> {
    (0..=ahead).map_while(move |days| shifted(from, days))
}

/// What is left of a stretch without another one.
fn without(open: Stretch, closed: Stretch) -> impl Iterator<Item = Stretch> {
    let before = Stretch {
        begin: open.begin,
        end: open.end.min(closed.begin),
    };
    let after = Stretch {
        begin: open.begin.max(closed.end),
        end: open.end,
    };
    [before, after]
        .into_iter()
        .filter(|left| left.begin < left.end)
}
