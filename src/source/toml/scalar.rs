//! Single values and keys of a TOML text as the tree has them: numbers as YAML writes them, dates as texts.
//!
//! It never rounds a whole number, and never lets a date pass that is none.

use jiff::civil::{Date, Time};
use toml_parser::decoder::{IntegerRadix, ScalarKind};
use toml_parser::{ErrorSink, Raw};

use super::super::tree::written::Written;
use super::super::tree::{Places, Scalar, Style};
use super::super::{Problem, Source, Span};
use super::trouble;

/// A key.
pub(super) fn key(raw: Raw<'_>, span: toml_parser::Span, error: &mut dyn ErrorSink) -> Scalar {
    let mut text = String::new();
    raw.decode_key(&mut text, error);
    quoted(raw.as_str(), text, span.start())
}

/// A value. What the crate finds wrong goes to `error`.
pub(super) fn value(
    source: &Source,
    raw: Raw<'_>,
    span: toml_parser::Span,
    error: &mut dyn ErrorSink,
) -> Result<Scalar, Problem> {
    let mut text = String::new();
    let kind = raw.decode_scalar(&mut text, error);
    let here = Span::new(span.start(), span.end());
    let plain = |text: String| Scalar {
        text,
        style: Style::Plain,
        map: Places::from([(0, span.start())]),
    };
    Ok(match kind {
        ScalarKind::String => quoted(raw.as_str(), text, span.start()),
        ScalarKind::Boolean(value) => plain(value.to_string()),
        ScalarKind::Float => plain(match text.trim_start_matches(['+', '-']) {
            "inf" if text.starts_with('-') => "-.inf".to_owned(),
            "inf" => ".inf".to_owned(),
            "nan" => ".nan".to_owned(),
            _ => text,
        }),
        ScalarKind::Integer(radix) => plain(
            whole(&text, radix)
                .ok_or_else(|| trouble::beyond(source, here))?
                .to_string(),
        ),
        ScalarKind::DateTime => {
            let text = text.replacen([' ', 't'], "T", 1).replacen('z', "Z", 1);
            if !is_date(&text) {
                return Err(trouble::no_date(source, here));
            }
            Scalar {
                text,
                style: Style::Quoted,
                map: Places::from([(0, span.start())]),
            }
        }
    })
}

/// A whole number that fits 64 bits. Of one that the crate refuses there may be no digits: that has been told.
fn whole(text: &str, radix: IntegerRadix) -> Option<i64> {
    match text {
        "" => Some(0),
        _ => i64::from_str_radix(text, radix.value()).ok(),
    }
}

/// Whether it is a date, a time of day or both, with an offset or without, as RFC 3339 has them.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (Some(date), Some(time)),
        None if text.contains(':') => (None, Some(text)),
        None => (Some(text), None),
    };
    let day = date.is_none_or(|date| shaped(date, "0000-00-00") && date.parse::<Date>().is_ok());
    let moment = time.is_none_or(|time| {
        let (clock, offset) = match time.find(['Z', '+', '-']) {
            // A time of day alone is in no zone.
            Some(at) if date.is_some() => time.split_at(at),
            _ => (time, ""),
        };
        let (clock, fraction) = clock
            .split_once('.')
            .map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
        let seconds = shaped(clock, "00:00:00");
        let digits = fraction.is_none_or(|part| {
            seconds && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
        });
        let zone = offset.strip_prefix(['+', '-']);
        let known = offset.is_empty() || offset == "Z" || zone.is_some_and(is_clock);
        (seconds || shaped(clock, "00:00")) && digits && known && clock.parse::<Time>().is_ok()
    });
    day && moment
}

fn is_clock(text: &str) -> bool {
    shaped(text, "00:00") && text.parse::<Time>().is_ok()
}

/// Whether a text has a digit wherever the shape has a zero, and is the same elsewhere.
fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, like)| {
            if like == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == like
            }
        })
}

/// A text and where each part of it stands.
fn quoted(raw: &str, text: String, start: usize) -> Scalar {
    let map = map(raw, &text, start);
    Scalar {
        text,
        style: Style::Quoted,
        map,
    }
}

/// The places of a decoded text: escapes, and lines that a backslash joins, are where it is other than it is written.
fn map(raw: &str, text: &str, start: usize) -> Places {
    let (marks, escapes) = match raw.as_bytes() {
        [b'"', b'"', b'"', ..] if raw.len() >= 6 => (3, true),
        [b'\'', b'\'', b'\'', ..] if raw.len() >= 6 => (3, false),
        [b'"', ..] => (1, true),
        [b'\'', ..] => (1, false),
        _ => (0, false),
    };
    let mut inside = raw.get(marks..).unwrap_or_default();
    if marks == 3 {
        // The line break behind the marks is no part of the text.
        inside = inside
            .strip_prefix("\r\n")
            .or_else(|| inside.strip_prefix('\n'))
            .unwrap_or(inside);
    }
    let from = start.saturating_add(raw.len().saturating_sub(inside.len()));
    if !escapes || !inside.contains('\\') {
        return Places::from([(0, from)]);
    }
    let mut written = Written::default();
    let mut rest = inside;
    let mut at = from;
    for character in text.chars() {
        // A backslash at the end of a line takes the spaces with it.
        while let Some(joined) = joined(rest) {
            at = at.saturating_add(rest.len().saturating_sub(joined.len()));
            rest = joined;
        }
        let width = match rest.as_bytes() {
            [b'\\', b'x', ..] => 4,
            [b'\\', b'u', ..] => 6,
            [b'\\', b'U', ..] => 10,
            [b'\\', ..] => 2,
            _ => character.len_utf8(),
        };
        if rest.starts_with('\\') {
            written.put(character, at);
        } else {
            written.copy(character.encode_utf8(&mut [0; 4]), at);
        }
        rest = rest.get(width..).unwrap_or_default();
        at = at.saturating_add(width);
    }
    written.finish(from).1
}

/// What follows a backslash that ends its line, without the space before it.
fn joined(rest: &str) -> Option<&str> {
    let behind = rest.strip_prefix('\\')?;
    let line = behind.trim_start_matches([' ', '\t']);
    if line.starts_with('\n') || line.starts_with("\r\n") {
        Some(line.trim_start_matches([' ', '\t', '\r', '\n']))
    } else {
        None
    }
}
