//! Periods as policies write them: `Tue-Thu 10:00-16:00`, `1st Tue`, `2026-12-24/2027-01-02`. Never reads a date by the
//! customs of a country, and never guesses: what is meant is offered, not taken.

mod days;
mod meant;
mod times;
mod word;

use super::days::{Days, Nth, Weekdays};
use super::period::{Period, Times};
use crate::expr::Mistake;
use days::{ORDINALS, dates, one_weekday, weekdays};
use meant::meant;
use times::times;
use word::{Word, wrong};

/// What a period may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Weekdays or dates, with or without times.
    Any,
    /// Dates only, with or without times.
    Dates,
    /// Weekdays only, with or without times.
    Weekly,
}

/// Reads a period.
///
/// # Errors
/// The first thing that is wrong with it, at its place in the text.
pub fn period(text: &str, form: Form) -> Result<Period, Mistake> {
    let mistake = match read(text) {
        Ok(period) => return fitting(text, period, form),
        Err(mistake) => mistake,
    };
    Err(match meant(text) {
        Some(right) => mistake.help(format!("write `{right}`")),
        None => mistake,
    })
}

fn fitting(text: &str, period: Period, form: Form) -> Result<Period, Mistake> {
    let dates = matches!(period.days, Days::Dates(..));
    let (what, help) = match form {
        Form::Dates if !dates => ("no date", "write `weekly` instead of `dates`"),
        Form::Weekly if dates => ("a date", "write `dates` instead of `weekly`"),
        _ => return Ok(period),
    };
    let message = format!("`{}` is {what}", text.trim());
    Err(wrong(0..text.len(), message, what, help))
}

fn read(text: &str) -> Result<Period, Mistake> {
    let whole = Word { text, at: 0 };
    let mut words = whole.split(|c| c.is_ascii_whitespace());
    words.retain(|word| !word.text.is_empty());
    let clock = |word: &Word<'_>| word.text.contains(':');
    let last = words.pop_if(|word| clock(word));
    if let Some(word) = words.iter().chain(&last).find(|word| {
        let lists = word.text.contains(',');
        clock(word) && (lists || last.is_some_and(|last| last.at != word.at))
    }) {
        let message = format!("`{}` has two times of day", text.trim());
        let help = "write two periods, each with its own days and times";
        return Err(wrong(word.range(), message, "one is enough", help));
    }
    let times = last.map(times).transpose()?;
    let days = match words.as_slice() {
        [] if times.is_none() => {
            let help = "write weekdays, dates or times, such as `Tue-Thu 10:00-16:00`";
            return Err(wrong(
                0..text.len(),
                "a period without days and times",
                "nothing here",
                help,
            ));
        }
        [] => Days::Weekly(Weekdays::ALL),
        [nth, weekday] if nth.lookup(&ORDINALS).is_some() => {
            let nth = nth.lookup(&ORDINALS).unwrap_or(Nth::Last);
            Days::Nth(nth, one_weekday(*weekday)?)
        }
        [nth] if nth.lookup(&ORDINALS).is_some() => {
            let message = format!("`{}` of which weekday?", nth.text);
            let help = format!("write the weekday, such as `{} Mon`", nth.text);
            return Err(wrong(nth.range(), message, "no weekday follows", help));
        }
        [days] if days.text.starts_with(|c: char| c.is_ascii_digit()) => dates(*days)?,
        [days] => Days::Weekly(weekdays(*days)?),
        [first, .., last] => {
            let message = format!("`{}` is no period", text.trim());
            let help = "write days, then times: `Tue-Thu 10:00-16:00`, `1st Tue 10:00-16:00` or `2026-12-24/2027-01-02`";
            let range = first.at..last.range().end;
            return Err(wrong(range, message, "neither days nor times", help));
        }
    };
    Ok(Period {
        days,
        times: times.unwrap_or(Times::ALL),
    })
}
