//! Where each byte of a plain or quoted YAML scalar is written: escapes and folded lines (YAML 1.2.2, 7.3).
//!
//! It follows the text as the parser does, only to know places: what the text says is the parser's word.

use super::super::tree::Places;
use super::super::tree::written::Written;

/// How the scalar is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Single,
    Double,
}

/// The map of the scalar written as `raw`, quotes included, which begins at `start`.
pub(super) fn map(raw: &str, start: usize, quote: Quote) -> Places {
    let (inner, start) = match quote {
        Quote::None => (raw, start),
        Quote::Single | Quote::Double => (
            raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default(),
            start.saturating_add(1),
        ),
    };
    let stops: &[char] = match quote {
        Quote::None => &['\n', '\r'],
        Quote::Single => &['\n', '\r', '\''],
        Quote::Double => &['\n', '\r', '\\'],
    };
    let mut written = Written::default();
    // What an escape gave is not trimmed before a line break.
    let mut keep = 0;
    let mut at = 0;
    while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find(stops).unwrap_or(rest.len());
        written.copy(
            rest.get(..plain).unwrap_or_default(),
            start.saturating_add(at),
        );
        at = at.saturating_add(plain);
        let Some(special) = rest.get(plain..).filter(|special| !special.is_empty()) else {
            break;
        };
        let place = start.saturating_add(at);
        let length = if special.starts_with('\'') {
            // Two quotes for one.
            written.put('\'', place);
            2
        } else if special.starts_with('\\') {
            let length = escape(special, place, &mut written);
            keep = written.len();
            length
        } else {
            written.trim(keep);
            fold(special, place, false, &mut written)
        };
        at = at.saturating_add(length);
    }
    written.finish(start).1
}

/// A line break, the empty lines behind it and the indentation of the next: one space, or a line break for each empty
/// line. An `escaped` break gives no space. Returns the length.
fn fold(text: &str, place: usize, escaped: bool, written: &mut Written) -> usize {
    let mut at = break_length(text);
    let mut empty = false;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at = at.saturating_add(
            rest.len()
                .saturating_sub(rest.trim_start_matches([' ', '\t']).len()),
        );
        let length = break_length(text.get(at..).unwrap_or_default());
        if length == 0 {
            break;
        }
        empty = true;
        written.put('\n', place.saturating_add(at));
        at = at.saturating_add(length);
    }
    if !empty && !escaped {
        written.put(' ', place);
    }
    at
}

/// How many bytes the line break has that the text begins with; 0 if it does not.
fn break_length(text: &str) -> usize {
    if text.starts_with("\r\n") {
        2
    } else {
        usize::from(text.starts_with(['\n', '\r']))
    }
}

/// An escape of a double-quoted scalar. Returns its length.
fn escape(text: &str, place: usize, written: &mut Written) -> usize {
    let code = |from: usize, digits: usize| {
        let digits = text
            .get(from..from.saturating_add(digits))
            .unwrap_or_default();
        u32::from_str_radix(digits, 16).unwrap_or(0)
    };
    let Some(kind) = text.get(1..).and_then(|rest| rest.chars().next()) else {
        return 1;
    };
    let (character, length) = match kind {
        '\n' | '\r' => {
            let rest = text.get(1..).unwrap_or_default();
            return fold(rest, place.saturating_add(1), true, written).saturating_add(1);
        }
        'x' => (char::from_u32(code(2, 2)), 4),
        'U' => (char::from_u32(code(2, 8)), 10),
        'u' => char::from_u32(code(2, 4)).map_or_else(
            || {
                // The first half of a surrogate pair.
                let pair = [code(2, 4), code(8, 4)].map(|unit| u16::try_from(unit).unwrap_or(0));
                (char::decode_utf16(pair).next().and_then(Result::ok), 12)
            },
            |character| (Some(character), 6),
        ),
        // Next line, no-break space, line and paragraph separator: longer than one byte when decoded.
        'N' => (Some('\u{85}'), 2),
        '_' => (Some('\u{a0}'), 2),
        'L' => (Some('\u{2028}'), 2),
        'P' => (Some('\u{2029}'), 2),
        // All others are one byte; which one does not matter to the map.
        _ => (Some('?'), 2),
    };
    written.put(character.unwrap_or(char::REPLACEMENT_CHARACTER), place);
    length
}
