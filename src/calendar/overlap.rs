//! Whether two periods ever have a minute in common, worked out from what they say: no calendar is walked through but
//! for dates. Shifts of the clock make no difference.

use jiff::civil::{Date, Weekday};

use super::days::{Days, Nth};
use super::period::{Period, Times};
use super::shifted;

/// More days than pass between two days of any weekly or monthly pattern.
const CYCLE: i32 = 400;

/// Whether there is a minute that both cover.
#[must_use]
pub fn overlap(one: &Period, other: &Period) -> bool {
    // A period over midnight reaches into the next day.
    [-1, 0, 1].into_iter().any(|days| {
        let moved = Times::DAY.saturating_mul(days);
        let begin = other.times.begin().saturating_add(moved);
        let end = other.times.end().saturating_add(moved);
        one.times.begin() < end && begin < one.times.end() && meet(&one.days, &other.days, days)
    })
}

/// Whether there is a date among the one, so many days after which is a date among the other.
fn meet(one: &Days, other: &Days, later: i32) -> bool {
    let after = |weekday: Weekday| weekday.wrapping_add(i64::from(later));
    match (one, other) {
        (Days::Dates(first, last), Days::Dates(begin, end)) => {
            let moved = |date: Date| shifted(date, later);
            // A date that does not exist is later, or earlier, than all.
            let (first, last) = (moved(*first), moved(*last));
            first.is_none_or(|first| first <= *end) && last.is_none_or(|last| *begin <= last)
        }
        (Days::Dates(first, last), pattern) => (0..CYCLE)
            .map_while(|days| shifted(*first, days))
            .take_while(|date| date <= last)
            .any(|date| shifted(date, later).is_some_and(|date| pattern.covers(date))),
        (Days::Weekly(one), Days::Weekly(other)) => {
            one.iter().any(|weekday| other.has(after(weekday)))
        }
        (Days::Nth(_, weekday), Days::Weekly(other)) => other.has(after(*weekday)),
        (Days::Nth(nth, weekday), Days::Nth(other, day)) => {
            after(*weekday) == *day && months((*nth, *weekday), (*other, *day), later)
        }
        (_, Days::Dates(..)) | (Days::Weekly(_), Days::Nth(..)) => {
            meet(other, one, later.saturating_neg())
        }
    }
}

/// Whether the one is so many days before the other in a month of any length that begins on any weekday.
fn months(one: (Nth, Weekday), other: (Nth, Weekday), later: i32) -> bool {
    if later < 0 {
        return months(other, one, later.saturating_neg());
    }
    let later = i8::try_from(later).unwrap_or(0);
    (28..=31).any(|length: i8| {
        (1..=length)
            .filter(|day| one.0.is(*day, length))
            .any(|day| {
                let day = day.saturating_add(later);
                if day <= length {
                    other.0.is(day, length)
                } else {
                    // The first days of a month are the first of their weekday, whatever its length.
                    other.0 == Nth::Number(1)
                }
            })
    })
}
