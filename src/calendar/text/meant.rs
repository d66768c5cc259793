//! What a text was meant to be that is no period, for people. Never taken for it.

use super::days::WEEKDAYS;
use super::read;

/// What a text was meant to be, where it is right but for the way it is written.
pub(super) fn meant(text: &str) -> Option<String> {
    let mut right = text.replace(['–', '—', '−'], "-");
    for mark in ["-", ",", "/", ":"] {
        right = right.replace(&format!(" {mark}"), mark);
        right = right.replace(&format!("{mark} "), mark);
    }
    let mut words = String::new();
    let mut rest = right.as_str();
    while let Some(first) = rest.chars().next() {
        let same = |c: char| c.is_alphabetic() == first.is_alphabetic();
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end)?;
        // `9:00`, and the hours behind a `-`.
        words.push_str(&if first.is_alphabetic() {
            weekday(word)
        } else {
            padded(word)
        });
        rest = behind;
    }
    let right = words.trim().to_owned();
    (right != text && read(&right).is_ok()).then_some(right)
}

/// A weekday by its whole name, or in other letters, as it is written.
fn weekday(word: &str) -> String {
    let lower = word.to_lowercase();
    let known = WEEKDAYS.iter().find(|(name, day)| {
        let whole = format!("{day:?}").to_lowercase();
        let name = name.to_lowercase();
        lower == name || (lower.len() > 3 && whole.starts_with(&lower))
    });
    match (known, lower.as_str()) {
        (Some((name, _)), _) => (*name).to_owned(),
        (None, "last") => lower,
        (None, _) => word.to_owned(),
    }
}

/// Times of day with two digits for the hours.
fn padded(text: &str) -> String {
    let mut out = String::new();
    let mut digits = 0_usize;
    for (at, char) in text.char_indices() {
        if !char.is_ascii_digit() {
            digits = 0;
        } else if digits == 0
            && text
                .get(at.saturating_add(1)..)
                .is_some_and(|rest| rest.starts_with(':'))
        {
            out.push('0');
            digits = 2;
        } else {
            digits = digits.saturating_add(1);
        }
        // A minute behind the hour has its two digits.
        if char == ':' {
            digits = 1;
        }
        out.push(char);
    }
    out
}
