//! A JSON string as a scalar: what it says, and where each byte of that is written.
//!
//! It never decides whether an escape is valid: the scanner has.

use super::super::tree::written::Written;
use super::super::tree::{Places, Scalar, Style};
use super::super::{Problem, Source, Span};
use super::trouble;

/// The scalar of the string at `span`, quotes included, that the scanner decoded to `decoded`.
pub(super) fn scalar(
    source: &Source,
    span: Span,
    decoded: &str,
) -> Result<Scalar, Option<Problem>> {
    let start = span.start.saturating_add(1);
    let raw = source
        .text()
        .get(start..span.end.saturating_sub(1))
        .unwrap_or_default();
    // The scanner lets them pass.
    if let Some(at) = raw.bytes().position(|byte| byte < b' ') {
        return Err(Some(trouble::control(
            source,
            start.saturating_add(at),
            raw.as_bytes().get(at).copied(),
        )));
    }
    // Nothing is longer decoded than written, so equal length is no escape.
    let map = if raw.len() == decoded.len() {
        Places::from([(0, start)])
    } else {
        map(raw, start)
    };
    Ok(Scalar {
        text: decoded.to_owned(),
        style: Style::Quoted,
        map,
    })
}

/// The map of a string with escapes.
fn map(raw: &str, start: usize) -> Places {
    let mut written = Written::default();
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('\\').unwrap_or(rest.len());
        let source = start.saturating_add(at);
        written.copy(rest.get(..plain).unwrap_or_default(), source);
        at = at.saturating_add(plain);
        if let Some(escape) = rest.get(plain..).filter(|escape| !escape.is_empty()) {
            let (character, length) = escaped(escape);
            written.put(character, source.saturating_add(plain));
            at = at.saturating_add(length);
        }
    }
    written.finish(start).1
}

/// The character of an escape and how many bytes it is written with.
fn escaped(escape: &str) -> (char, usize) {
    if !escape.starts_with("\\u") {
        // All others are one byte either way; which one does not matter to the map.
        return (' ', 2);
    }
    let unit = |from: usize| {
        escape
            .get(from..from.saturating_add(4))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .unwrap_or(0)
    };
    let second = escape
        .get(6..8)
        .filter(|next| *next == "\\u")
        .map(|_| unit(8));
    match (char::decode_utf16([unit(2)]).next(), second) {
        (Some(Ok(character)), _) => (character, 6),
        (_, Some(second)) => {
            let pair = char::decode_utf16([unit(2), second]).next();
            (
                pair.and_then(Result::ok)
                    .unwrap_or(char::REPLACEMENT_CHARACTER),
                12,
            )
        }
        (_, None) => (char::REPLACEMENT_CHARACTER, 6),
    }
}
