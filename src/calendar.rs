//! When something is open: weekly windows, nth weekdays and dates in a time zone, and lengths of time that are counted
//! in open time. It knows days, clocks and time zones; it never knows a rule, and never what time it is.

pub mod business;
mod clock;
pub mod cover;
pub mod days;
pub mod lasting;
pub mod length;
pub mod open;
pub mod overlap;
pub mod period;
pub mod text;
pub mod zone;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use days::{Days, Nth, Weekdays};
pub use lasting::Lasting;
pub use period::{Period, Times};
pub use text::Form;

/// How many days are looked ahead: ten years. What does not come until then never comes.
pub const AHEAD: i32 = 3_653;
/// The most periods of a calendar, denied ones included: one for each day of a year.
pub const MOST: usize = 366;

/// When something is open, by the clocks of one time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: Arc<str>,
    /// The zone whose clocks count.
    pub zone: TimeZone,
    /// When it is open.
    pub allow: Vec<Period>,
    /// When it is closed nevertheless.
    pub deny: Vec<Denied>,
}

/// A period in which a calendar is closed, whatever else it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// When.
    pub period: Period,
    /// Why.
    pub reason: Option<Arc<str>>,
}

/// So many days later, or earlier; nothing beyond the ends of the calendar.
pub(crate) fn shifted(date: Date, days: i32) -> Option<Date> {
    let seconds = i64::from(days).saturating_mul(86_400);
    date.checked_add(jiff::SignedDuration::from_secs(seconds))
        .ok()
}
