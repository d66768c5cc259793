//! Times of day as texts. Never a day.

use super::word::{Word, wrong};
use crate::calendar::period::Times;
use crate::expr::Mistake;

/// `10:00-16:00`, `22:00-02:00`.
pub(super) fn times(word: Word<'_>) -> Result<Times, Mistake> {
    let Some((begin, end)) = word.pair('-') else {
        let message = format!("`{}` does not say until when", word.text);
        let help = "write from when to when, such as `10:00-16:00`";
        return Err(wrong(word.range(), message, "one end only", help));
    };
    let (from, to) = (minute(begin)?, minute(end)?);
    if from == Times::DAY {
        let message = "a day ends at `24:00`: nothing begins then";
        return Err(wrong(
            begin.range(),
            message,
            "the end of the day",
            "write `00:00`",
        ));
    }
    Times::new(from, to).ok_or_else(|| {
        let message = format!("`{}` is no time at all", word.text);
        let help = "leave the times out for the whole day";
        wrong(word.range(), message, "ends where it begins", help)
    })
}

fn minute(word: Word<'_>) -> Result<i32, Mistake> {
    let two = |text: &str| -> Option<i32> {
        let all = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| all)
    };
    let written = word
        .text
        .split_once(':')
        .and_then(|(hour, minute)| Some((two(hour)?, two(minute)?)));
    match written {
        Some((24, 0)) => Ok(Times::DAY),
        Some((hour @ 0..24, minute @ 0..60)) => Ok(hour.saturating_mul(60).saturating_add(minute)),
        _ => {
            let message = format!("`{}` is no time of day", word.text);
            let help = "write hours and minutes from `00:00` to `24:00`";
            Err(wrong(word.range(), message, "no time of day", help))
        }
    }
}
