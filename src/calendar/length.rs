//! Lengths of business time as policies write them: `1d`, `4h`, `1d4h30m`. Never which calendar they are of.

use jiff::SignedDuration;

use super::AHEAD;
use crate::expr::duration::{advice, parse_duration};

/// Reads a length of business time: open days, and open time.
///
/// # Errors
/// How to write it, for people.
pub fn length(text: &str) -> Result<(u32, SignedDuration), String> {
    let (days, open) = match text.split_once('d') {
        None => (0, text),
        Some((days, open)) => {
            if open.contains('d') || !days.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(otherwise(text));
            }
            let days = days.parse::<u32>().map_err(|_| otherwise(text))?;
            (days, open)
        }
    };
    if open.contains('w') {
        return Err(otherwise(text));
    }
    let open = if open.is_empty() && text.contains('d') {
        SignedDuration::ZERO
    } else {
        parse_duration(open).map_err(|_| otherwise(text))?
    };
    let most = SignedDuration::from_secs(i64::from(AHEAD).saturating_mul(86_400));
    if i64::from(days) > i64::from(AHEAD) || open > most {
        return Err("write less than ten years: nothing is looked further ahead for".to_owned());
    }
    if days == 0 && open.is_zero() {
        return Err("write some time, such as `1d` or `4h`".to_owned());
    }
    Ok((days, open))
}

/// How a text that is no length of business time should be written.
fn otherwise(text: &str) -> String {
    let plain = parse_duration(text).is_ok();
    if plain && text.contains('w') {
        return "write open days, such as `5d`: how many a week has is for the calendar to say"
            .to_owned();
    }
    if plain {
        return "write whole days once and first, then hours and minutes, such as `1d4h`"
            .to_owned();
    }
    advice(text)
}
