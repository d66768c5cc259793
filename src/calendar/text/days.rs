//! Weekdays and dates as texts. Never a time of day.

use jiff::civil::{Date, Weekday};

use super::word::{Word, wrong};
use crate::calendar::days::{Days, Nth, Weekdays};
use crate::expr::Mistake;

/// The weekdays as they are written.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// Which one of a month, as it is written.
pub(super) const ORDINALS: [(&str, Nth); 6] = [
    ("1st", Nth::Number(1)),
    ("2nd", Nth::Number(2)),
    ("3rd", Nth::Number(3)),
    ("4th", Nth::Number(4)),
    ("5th", Nth::Number(5)),
    ("last", Nth::Last),
];

/// `Mon`, `Tue-Thu`, `Fri-Mon`, `Mon,Wed`.
pub(super) fn weekdays(word: Word<'_>) -> Result<Weekdays, Mistake> {
    let mut set = Weekdays::default();
    for part in word.split(|c| c == ',') {
        let mut add = |weekday: Weekday| {
            if set.insert(weekday) {
                return Ok(());
            }
            let name = WEEKDAYS.iter().find(|(_, known)| *known == weekday);
            let name = name.map_or("", |(name, _)| name);
            let message = format!("`{name}` is named twice in `{}`", word.text);
            Err(wrong(part.range(), message, "again", "name it once"))
        };
        let Some((first, last)) = part.pair('-') else {
            add(one_weekday(part)?)?;
            continue;
        };
        let (from, to) = (one_weekday(first)?, one_weekday(last)?);
        if from == to {
            let message = format!("`{}` is one day or a whole week", part.text);
            let help = format!("write `{}`, or `Mon-Sun` for every day", first.text);
            return Err(wrong(part.range(), message, "which one?", help));
        }
        // From Friday to Monday the week turns.
        let until = from.until(to);
        for weekday in from
            .cycle_forward()
            .take(usize::try_from(until).unwrap_or(0).saturating_add(1))
        {
            add(weekday)?;
        }
    }
    Ok(set)
}

pub(super) fn one_weekday(word: Word<'_>) -> Result<Weekday, Mistake> {
    word.lookup(&WEEKDAYS).ok_or_else(|| {
        let message = if word.text.is_empty() {
            "a weekday is missing".to_owned()
        } else {
            format!("`{}` is no weekday", word.text)
        };
        let help = if word.text.contains([',', '-']) {
            "write one period for each weekday"
        } else {
            "write `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`"
        };
        wrong(word.range(), message, "no weekday", help)
    })
}

/// `2026-12-24`, `2026-12-24/2027-01-02`.
pub(super) fn dates(word: Word<'_>) -> Result<Days, Mistake> {
    let Some((first, last)) = word.pair('/') else {
        let date = date(word)?;
        return Ok(Days::Dates(date, date));
    };
    let (from, to) = (date(first)?, date(last)?);
    if to < from {
        let message = format!("`{}` ends before it begins", word.text);
        let help = format!("write `{}/{}`", last.text, first.text);
        return Err(wrong(word.range(), message, "backwards", help));
    }
    Ok(Days::Dates(from, to))
}

fn date(word: Word<'_>) -> Result<Date, Mistake> {
    let parts: Vec<&str> = word.text.split('-').collect();
    let number = |text: &str, digits: usize| -> Option<i16> {
        let all = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| all && *number > 0)
    };
    let written = match parts.as_slice() {
        [year, month, day] => number(year, 4).zip(number(month, 2)).zip(number(day, 2)),
        _ => None,
    };
    let exists = written.and_then(|((year, month), day)| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    });
    exists.ok_or_else(|| {
        let message = format!("`{}` is no date", word.text);
        let (label, help) = match written {
            Some(_) => ("no such day", "write a day that its month has"),
            None => (
                "not a date",
                "write year, month and day, such as `2026-12-24`, and a range as `2026-12-24/2027-01-02`",
            ),
        };
        wrong(word.range(), message, label, help)
    })
}
