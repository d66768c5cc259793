//! Parts of instants and lengths of time, in UTC or a named zone. It never asks what time it is.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::value::Value;

table! {
    "getFullYear" full_year { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getMonth" month { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getDate" date { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getDayOfMonth" day_of_month { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getDayOfWeek" day_of_week { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getDayOfYear" day_of_year { method(Timestamp) Int; method(Timestamp, String) Int; }
    "getHours" hours { method(Timestamp) Int; method(Timestamp, String) Int; method(Duration) Int; }
    "getMinutes" minutes { method(Timestamp) Int; method(Timestamp, String) Int; method(Duration) Int; }
    "getSeconds" seconds { method(Timestamp) Int; method(Timestamp, String) Int; method(Duration) Int; }
    "getMilliseconds" milliseconds { method(Timestamp) Int; method(Timestamp, String) Int; method(Duration) Int; }
}

/// The zone of a text: an IANA name, or an offset such as `+05:30` or `-08:00`.
fn zone(text: &str) -> Result<TimeZone, Reason> {
    if text.is_empty() || text == "UTC" || text == "Z" {
        return Ok(TimeZone::UTC);
    }
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        Some(b'0'..=b'9') => (false, text),
        _ => return TimeZone::get(text).map_err(|_| Reason::BadZone),
    };
    let (hours, minutes) = digits.split_once(':').ok_or(Reason::BadZone)?;
    let (hours, minutes) = (
        hours.parse::<i32>().map_err(|_| Reason::BadZone)?,
        minutes.parse::<i32>().map_err(|_| Reason::BadZone)?,
    );
    let seconds = hours
        .checked_mul(3_600)
        .and_then(|seconds| seconds.checked_add(minutes.checked_mul(60)?))
        .filter(|_| minutes < 60)
        .ok_or(Reason::BadZone)?;
    let seconds = if negative {
        seconds.saturating_neg()
    } else {
        seconds
    };
    Offset::from_seconds(seconds)
        .map(TimeZone::fixed)
        .map_err(|_| Reason::BadZone)
}

/// The date and time of day of an instant in the zone asked for, and how many years to add to it.
fn civil(args: &[Value]) -> Result<(DateTime, i16), Reason> {
    let (at, zone) = match args {
        [Value::Timestamp(at)] => (at, TimeZone::UTC),
        [Value::Timestamp(at), Value::String(text)] => (at, zone(text)?),
        _ => return Err(Reason::WrongType),
    };
    at.civil(&zone).ok_or(Reason::BadTimestamp)
}

/// A part of an instant, less what CEL counts from zero.
fn part(args: &[Value], of: impl Fn(&DateTime) -> i64) -> Result<Value, Reason> {
    civil(args).map(|(at, _)| Value::Int(of(&at)))
}

fn full_year(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    let (at, more) = civil(args)?;
    Ok(Value::Int(i64::from(at.year().saturating_add(more))))
}

fn month(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    part(args, |at| i64::from(at.month()).saturating_sub(1))
}

fn date(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    part(args, |at| i64::from(at.day()))
}

fn day_of_month(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    part(args, |at| i64::from(at.day()).saturating_sub(1))
}

fn day_of_week(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    part(args, |at| i64::from(at.weekday().to_sunday_zero_offset()))
}

fn day_of_year(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    part(args, |at| i64::from(at.day_of_year()).saturating_sub(1))
}

fn hours(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    if let [Value::Duration(length)] = args {
        return Ok(Value::Int(length.as_hours()));
    }
    part(args, |at| i64::from(at.hour()))
}

fn minutes(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    if let [Value::Duration(length)] = args {
        return Ok(Value::Int(length.as_mins()));
    }
    part(args, |at| i64::from(at.minute()))
}

fn seconds(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    if let [Value::Duration(length)] = args {
        return Ok(Value::Int(length.as_secs()));
    }
    part(args, |at| i64::from(at.second()))
}

/// The milliseconds within the second, as cel-spec has it for durations too.
fn milliseconds(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    if let [Value::Duration(length)] = args {
        return Ok(Value::Int(i64::from(length.subsec_millis())));
    }
    part(args, |at| i64::from(at.millisecond()))
}
