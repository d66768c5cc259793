//! The days of a period: weekdays, the nth of a weekday in its month, or dates. Never a time of day.

use std::fmt;

use jiff::civil::{Date, Weekday};

/// Days on which a period begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Days {
    /// These weekdays, every week.
    Weekly(Weekdays),
    /// One weekday of each month; a month without a fifth one has none.
    Nth(Nth, Weekday),
    /// From the first date to the second, both included.
    Dates(Date, Date),
}

/// Which one of a weekday in its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// The first is 1.
    Number(i8),
    /// The last, be it the fourth or the fifth.
    Last,
}

/// A set of weekdays, Monday first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays([bool; 7]);

impl Days {
    /// Whether a date is one of them.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        match self {
            Self::Weekly(weekdays) => weekdays.has(date.weekday()),
            Self::Nth(nth, weekday) => {
                date.weekday() == *weekday && nth.is(date.day(), date.days_in_month())
            }
            Self::Dates(first, last) => *first <= date && date <= *last,
        }
    }
}

impl Days {
    /// Whether all of them are among others, for sure.
    #[must_use]
    pub fn are_in(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Weekly(own), Self::Weekly(others)) => own.iter().all(|day| others.has(day)),
            (Self::Nth(_, day), Self::Weekly(others)) => others.has(*day),
            (Self::Dates(first, last), Self::Dates(begin, end)) => begin <= first && last <= end,
            (Self::Dates(..), Self::Weekly(others)) => *others == Weekdays::ALL,
            (own, other) => own == other,
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |day: &Weekday| match day {
            Weekday::Monday => "Mon",
            Weekday::Tuesday => "Tue",
            Weekday::Wednesday => "Wed",
            Weekday::Thursday => "Thu",
            Weekday::Friday => "Fri",
            Weekday::Saturday => "Sat",
            Weekday::Sunday => "Sun",
        };
        match self {
            Self::Weekly(days) if *days == Weekdays::ALL => f.write_str("every day"),
            Self::Weekly(days) => {
                let days: Vec<&str> = days.iter().map(|day| short(&day)).collect();
                f.write_str(&days.join(","))
            }
            Self::Nth(Nth::Number(number), day) => {
                let ending = match number {
                    1 => "st",
                    2 => "nd",
                    3 => "rd",
                    _ => "th",
                };
                write!(f, "{number}{ending} {}", short(day))
            }
            Self::Nth(Nth::Last, day) => write!(f, "last {}", short(day)),
            Self::Dates(first, last) if first == last => write!(f, "{first}"),
            Self::Dates(first, last) => write!(f, "{first}/{last}"),
        }
    }
}

impl Nth {
    /// Whether a weekday on this day of a month of this length is the one.
    #[must_use]
    pub fn is(self, day: i8, length: i8) -> bool {
        match self {
            Self::Number(number) => day.saturating_sub(1) / 7 == number.saturating_sub(1),
            Self::Last => day > length.saturating_sub(7),
        }
    }
}

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self([true; 7]);

    /// Whether a weekday is among them.
    #[must_use]
    pub fn has(self, weekday: Weekday) -> bool {
        self.0.get(index(weekday)).copied().unwrap_or(false)
    }

    /// Takes a weekday in; whether it was not among them.
    pub fn insert(&mut self, weekday: Weekday) -> bool {
        match self.0.get_mut(index(weekday)) {
            Some(day) => !std::mem::replace(day, true),
            None => false,
        }
    }

    /// Those that are among them.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        let week = Weekday::Monday.cycle_forward().take(7);
        week.filter(move |weekday| self.has(*weekday))
    }
}

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(usize::MAX)
}
