//! Lengths of time as policies and expressions write them: `90s`, `1h30m`, `7d`.
//!
//! It knows no calendar: a day is 24 hours, and months do not exist.

use jiff::SignedDuration;

/// The units in the order of their size: name, nanoseconds.
const UNITS: &[(&str, i128)] = &[
    ("w", 604_800_000_000_000),
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ns", 1),
];

/// Reads a duration of a policy: `90s`, `5m`, `1h30m`, `24h`, `7d`, `2w`, `1.5h`, `500ms`. It is never negative.
///
/// # Errors
/// What is wrong and how to write it, for people.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    if text.is_empty() {
        return Err("a duration is missing: write a number and a unit, such as `10m`".to_owned());
    }
    if text.starts_with('-') {
        return Err(format!("`{text}` is negative: a length of time cannot be"));
    }
    nanoseconds(text)
        .and_then(signed)
        .ok_or_else(|| format!("`{text}` is not a duration: {}", advice(text)))
}

/// Reads a duration as CEL's `duration("…")` takes it: a sign, and any number of parts with `d` and `w` too.
pub(crate) fn parse_cel(text: &str) -> Option<SignedDuration> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let nanos = nanoseconds(rest)?;
    signed(if negative {
        nanos.checked_neg()?
    } else {
        nanos
    })
}

/// The sum of the parts in nanoseconds; what is less than one is dropped.
fn nanoseconds(text: &str) -> Option<i128> {
    let mut rest = text;
    let mut total = 0_i128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(end)?;
        let length = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (name, next) = after.split_at_checked(length)?;
        let scale = UNITS.iter().find(|(unit, _)| *unit == name)?.1;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        if !whole.is_empty() {
            total = total.checked_add(whole.parse::<i128>().ok()?.checked_mul(scale)?)?;
        }
        let mut place = scale;
        for digit in fraction.bytes() {
            // Digits below a nanosecond of the smallest unit that matters are worth nothing.
            let worth = place.checked_mul(i128::from(digit.checked_sub(b'0')?))?;
            total = total.checked_add(worth.checked_div(10)?)?;
            place = place.checked_div(10)?;
        }
        rest = next;
    }
    (!text.is_empty()).then_some(total)
}

/// A duration of so many nanoseconds, if it lies within CEL's range of about 10,000 years.
pub(crate) fn signed(nanos: i128) -> Option<SignedDuration> {
    const LIMIT: i128 = 315_576_000_000 * 1_000_000_000;
    if nanos.checked_abs()? > LIMIT {
        return None;
    }
    let seconds = i64::try_from(nanos.checked_div(1_000_000_000)?).ok()?;
    let rest = i32::try_from(nanos.checked_rem(1_000_000_000)?).ok()?;
    Some(SignedDuration::new(seconds, rest))
}

/// How a text that is no duration should be written, for people.
pub(crate) fn advice(text: &str) -> String {
    match meant(text) {
        Ok(right) => format!("write `{right}`"),
        Err(advice) => advice.to_owned(),
    }
}

/// The duration that a text which is none was meant to be; else how to write one.
pub(crate) fn meant(text: &str) -> Result<String, &'static str> {
    let trimmed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // A length of time is never negative.
    let trimmed = trimmed
        .strip_prefix('-')
        .map_or(trimmed.clone(), str::to_owned);
    if let Some(nanos) = nanoseconds(&trimmed) {
        return match signed(nanos) {
            Some(_) => Ok(trimmed),
            None => Err("a length of time is at most 10,000 years"),
        };
    }
    let split = trimmed
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(trimmed.len());
    let (number, name) = trimmed.split_at_checked(split).unwrap_or((&trimmed, ""));
    let short = match name.to_lowercase().as_str() {
        "" => return Err("say the unit, such as `10s` or `10m`"),
        "mo" | "mon" | "month" | "months" => {
            return Err("months differ in length: write days, such as `30d`");
        }
        "y" | "yr" | "year" | "years" => {
            return Err("years differ in length: write days, such as `365d`");
        }
        "min" | "mins" | "minute" | "minutes" => "m",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "week" | "weeks" => "w",
        "msec" | "millis" | "millisecond" | "milliseconds" => "ms",
        _ => {
            return Err(
                "write a number and one of `ms`, `s`, `m`, `h`, `d`, `w`, such as `10m` or `1h30m`",
            );
        }
    };
    if number.is_empty() {
        return Err("write a number before the unit, such as `10m`");
    }
    Ok(format!("{number}{short}"))
}

/// A duration as a policy would write it, exact to the nanosecond: `3m30s`, `24h`, `48h`, `7d`, `3h12m`, `500ms`.
#[must_use]
pub fn format_duration(duration: SignedDuration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    let mut text = if nanos < 0 {
        "-".to_owned()
    } else {
        String::new()
    };
    let mut rest = nanos.unsigned_abs();
    // Whole days are days only above 48 hours: `24h` and `48h` are what people say.
    let whole_days = rest.is_multiple_of(86_400_000_000_000) && rest > 172_800_000_000_000;
    let units: &[(&str, u128)] = if whole_days {
        &[("d", 86_400_000_000_000)]
    } else {
        &[
            ("h", 3_600_000_000_000),
            ("m", 60_000_000_000),
            ("s", 1_000_000_000),
            ("ms", 1_000_000),
            ("us", 1_000),
            ("ns", 1),
        ]
    };
    for (name, size) in units {
        let count = rest.checked_div(*size).unwrap_or(0);
        rest = rest.checked_rem(*size).unwrap_or(0);
        if count > 0 {
            text.push_str(&count.to_string());
            text.push_str(name);
        }
    }
    text
}
