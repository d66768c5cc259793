//! From what a clock shows to an instant. Three rules and no fourth: when the clock first shows a time, for windows,
//! when it last does, for the ends of what is denied, and the same time on another day, for business days.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::period::Times;
use super::shifted;

/// The first instant at which the clocks of a zone show this minute of a day, or any later time: of a time that comes
/// twice the first, of a time that is left out the instant at which the clocks jump over it. So of two times the
/// earlier one never comes later, and windows that do not overlap on paper never do.
pub(super) fn first_shown(zone: &TimeZone, date: Date, minutes: i32) -> Option<Timestamp> {
    let date = shifted(date, minutes.div_euclid(Times::DAY))?;
    let minute = minutes.rem_euclid(Times::DAY);
    let hour = i8::try_from(minute.div_euclid(60)).ok()?;
    let time = Time::new(hour, i8::try_from(minute.rem_euclid(60)).ok()?, 0, 0).ok()?;
    let shown = DateTime::from_parts(date, time);
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    if let AmbiguousOffset::Gap { after, .. } = ambiguous.offset()
        // With the offset that holds behind the jump it lies before it, by less than the jump is wide.
        && let Ok(before) = after.to_timestamp(shown)
        && let Some(jump) = zone.following(before).next()
    {
        return Some(jump.timestamp());
    }
    ambiguous.compatible().ok()
}

/// The first instant from which on the clocks of a zone show no earlier time than this minute of a day any more: of a
/// time that comes twice the second, where what is right before it comes twice as well; else when it is first shown.
pub(super) fn last_shown(zone: &TimeZone, date: Date, minutes: i32) -> Option<Timestamp> {
    let first = first_shown(zone, date, minutes)?;
    let shown = first.to_zoned(zone.clone()).datetime();
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    if !matches!(ambiguous.offset(), AmbiguousOffset::Fold { .. }) {
        return Some(first);
    }
    let second = ambiguous.later().ok()?;
    // Where the clocks go back to this very time, nothing before it comes twice.
    let back = zone.following(first).next()?.timestamp();
    Some(if second == back { first } else { second })
}

/// The instant at which the clocks of a zone show a date and time, as RFC 5545 has it: of a time that comes twice the
/// first, and a time that is left out as much later as the clocks jump.
pub(super) fn same_time(zone: &TimeZone, date: Date, time: Time) -> Option<Timestamp> {
    let shown = DateTime::from_parts(date, time);
    zone.to_ambiguous_timestamp(shown).compatible().ok()
}
