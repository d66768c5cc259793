//! The literals of CEL: numbers, texts and bytes with their escapes. It never rounds a whole number.

use super::{Cut, TokenKind, word_end};
use crate::expr::mistake::Mistake;
use crate::expr::units::Quantity;
use crate::expr::value::Value;
use crate::source::Code;

/// A text or bytes with a prefix, if one begins here: `r"…"`, `b'…'`, `br"…"`.
pub(super) fn prefixed(text: &str, start: usize) -> Option<Cut> {
    let bytes = text.as_bytes();
    let (mut raw, mut binary, mut at) = (false, false, start);
    loop {
        match bytes.get(at)? {
            b'r' | b'R' if !raw => raw = true,
            b'b' | b'B' if !binary => binary = true,
            b'"' | b'\'' => return Some(self::text(text, start, at, raw, binary)),
            _ => return None,
        }
        at = at.saturating_add(1);
    }
}

/// A text or bytes: the token begins at `start`, its quote at `quote`.
pub(super) fn text(text: &str, start: usize, quote: usize, raw: bool, binary: bool) -> Cut {
    let rest = text.get(quote..).unwrap_or_default();
    let delimiter = delimiter(rest);
    let long = delimiter.len() == 3;
    let mut at = quote.saturating_add(delimiter.len());
    let mut out = Vec::new();
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(delimiter) {
            at = at.saturating_add(delimiter.len());
            break;
        }
        let Some(c) = rest.chars().next() else {
            return Err(unclosed(start, text.len(), delimiter).into());
        };
        if matches!(c, '\n' | '\r') && !long {
            return Err(unclosed(start, at, delimiter).into());
        }
        if c == '\\' && !raw {
            at = escape(text, at, binary, &mut out)?;
            continue;
        }
        if c == '\\' {
            // In a raw text a backslash keeps the quote after it from closing, and stays itself.
            if let Some(next) = rest
                .chars()
                .nth(1)
                .filter(|next| delimiter.starts_with(*next) || *next == '\\')
            {
                push(&mut out, c);
                push(&mut out, next);
                at = at.saturating_add(1).saturating_add(next.len_utf8());
                continue;
            }
        }
        push(&mut out, c);
        at = at.saturating_add(c.len_utf8());
    }
    let value = if binary {
        Value::Bytes(out.into())
    } else {
        let Ok(out) = String::from_utf8(out) else {
            return Err(
                Mistake::new(Code::ExpressionSyntax, start..at, "the text is not UTF-8").into(),
            );
        };
        Value::String(out.into())
    };
    Ok((TokenKind::Literal(value), at))
}

/// The byte behind the text that begins at `start`, whatever is wrong inside: where its quote closes, or the line ends.
pub(super) fn end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let quote = rest.find(['"', '\'']).unwrap_or(0);
    let body = rest.get(quote..).unwrap_or_default();
    let delimiter = delimiter(body);
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(delimiter.len()) {
        let here = start.saturating_add(quote).saturating_add(at);
        if matches!(c, '\n' | '\r') && delimiter.len() == 1 {
            return here;
        }
        if !escaped
            && body
                .get(at..)
                .is_some_and(|rest| rest.starts_with(delimiter))
        {
            return here.saturating_add(delimiter.len());
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// The quotes that a text begins and ends with.
fn delimiter(text: &str) -> &'static str {
    ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quotes| text.starts_with(quotes))
        .unwrap_or("\"")
}

/// Appends a character in UTF-8.
fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A text that does not end.
fn unclosed(start: usize, end: usize, delimiter: &str) -> Mistake {
    Mistake::new(
        Code::ExpressionSyntax,
        start..end,
        "the text has no closing quote",
    )
    .label("begins here")
    .help(format!("close it with `{delimiter}`"))
}

/// Reads the escape at `at`; gives the byte after it.
fn escape(text: &str, at: usize, binary: bool, out: &mut Vec<u8>) -> Result<usize, Box<Mistake>> {
    let body = at.saturating_add(1);
    let rest = text.get(body..).unwrap_or_default();
    let c = rest.chars().next().unwrap_or(' ');
    let wrong = |end: usize, message: &str| {
        Mistake::new(Code::ExpressionSyntax, at..end.min(text.len()), message)
            .help("write `\\\\` for a backslash, or a raw text: `r\"…\"`")
    };
    let simple = match c {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' => Some(b'\\'),
        '?' => Some(b'?'),
        '"' => Some(b'"'),
        '\'' => Some(b'\''),
        '`' => Some(b'`'),
        _ => None,
    };
    if let Some(byte) = simple {
        out.push(byte);
        return Ok(body.saturating_add(1));
    }
    let (skip, digits, radix) = match c {
        'x' | 'X' => (1, 2, 16),
        'u' if !binary => (1, 4, 16),
        'U' if !binary => (1, 8, 16),
        '0'..='3' => (0, 3, 8),
        _ => {
            let end = body.saturating_add(c.len_utf8());
            return Err(wrong(end, &format!("`\\{c}` is not an escape")).into());
        }
    };
    let first = body.saturating_add(skip);
    let end = first.saturating_add(digits);
    let code = text
        .get(first..end)
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|code| u32::from_str_radix(code, radix).ok());
    let Some(code) = code else {
        let cut = (first..=end)
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(first);
        return Err(wrong(cut, &format!("an escape `\\{c}` needs {digits} digits")).into());
    };
    if binary {
        let Ok(byte) = u8::try_from(code) else {
            return Err(wrong(end, "a byte is at most 255").into());
        };
        out.push(byte);
    } else {
        let Some(c) = char::from_u32(code) else {
            return Err(wrong(end, "there is no such character").into());
        };
        push(out, c);
    }
    Ok(end)
}

/// A number: `7`, `0xff`, `7u`, `0.5`, `.5`, `1e-3`.
pub(super) fn number(text: &str, start: usize) -> Cut {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at = at.saturating_add(1);
        }
        at
    };
    let rest = text.get(start..).unwrap_or_default();
    let hex = rest.starts_with("0x") || rest.starts_with("0X");
    let mut double = false;
    let mut at = if hex {
        let mut at = start.saturating_add(2);
        while bytes.get(at).is_some_and(u8::is_ascii_hexdigit) {
            at = at.saturating_add(1);
        }
        at
    } else {
        let mut at = digits(start);
        let after = at.saturating_add(1);
        if bytes.get(at) == Some(&b'.') && bytes.get(after).is_some_and(u8::is_ascii_digit) {
            double = true;
            at = digits(after);
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = at.saturating_add(1);
            let first = if matches!(bytes.get(sign), Some(b'+' | b'-')) {
                sign.saturating_add(1)
            } else {
                sign
            };
            if bytes.get(first).is_some_and(u8::is_ascii_digit) {
                double = true;
                at = digits(first);
            }
        }
        at
    };
    let body = text.get(start..at).unwrap_or_default();
    let unsigned = !double && matches!(bytes.get(at), Some(b'u' | b'U'));
    if unsigned {
        at = at.saturating_add(1);
    }
    let end = word_end(bytes, at);
    if end > at {
        return Err(glued(text, start, end, body).into());
    }
    let kind = if double {
        body.parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
            .map(|value| TokenKind::Literal(Value::Double(value)))
    } else {
        let parsed = if hex {
            u64::from_str_radix(body.get(2..).unwrap_or_default(), 16).ok()
        } else {
            body.parse::<u64>().ok()
        };
        parsed.and_then(|value| match i64::try_from(value) {
            _ if unsigned => Some(TokenKind::Literal(Value::Uint(value))),
            Ok(value) => Some(TokenKind::Literal(Value::Int(value))),
            Err(_) => (value == 1 << 63).then_some(TokenKind::IntEnd),
        })
    };
    kind.map(|kind| (kind, at)).ok_or_else(|| {
        Mistake::new(
            Code::ExpressionSyntax,
            start..at,
            format!(
                "`{}` is too large a number",
                text.get(start..at).unwrap_or_default()
            ),
        )
        .help("a whole number has 64 bits; write `1e20` for a larger one")
        .into()
    })
}

/// A number with letters right behind it.
fn glued(text: &str, start: usize, end: usize, body: &str) -> Mistake {
    let all = text.get(start..end).unwrap_or_default();
    let suffix = all.get(body.len()..).unwrap_or_default();
    let mistake = Mistake::new(
        Code::ExpressionSyntax,
        start..end,
        format!("`{all}` is not a number"),
    );
    if Quantity::parse(all).is_ok() {
        let before = text.get(..start).unwrap_or_default().trim_end();
        let after = text.get(end..).unwrap_or_default().trim_start();
        if before.ends_with('[') && after.starts_with(']') {
            return mistake.help(format!(
                "write a window as a method, such as `.avg(\"{all}\")`"
            ));
        }
        if before.ends_with(['(', ',']) && after.starts_with([')', ',']) {
            return mistake.help(format!("write it as text: `\"{all}\"`"));
        }
        return mistake.help(format!(
            "write a number with a unit as a quantity: `q(\"{all}\")`"
        ));
    }
    let digits = all.replace('_', "");
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return mistake.help(format!("write the digits without `_`: `{digits}`"));
    }
    let zeros = match suffix {
        "k" | "K" => "000",
        "M" => "000000",
        "bn" => "000000000",
        _ => "",
    };
    if !zeros.is_empty() && body.bytes().all(|byte| byte.is_ascii_digit()) {
        return mistake.help(format!("write it out: `{body}{zeros}`"));
    }
    if matches!(suffix, "e" | "E") {
        return mistake.help(format!(
            "write the power of ten behind `{suffix}`: `{body}{suffix}3`"
        ));
    }
    if matches!(suffix, "f" | "d" | "L" | "l") {
        return mistake.help(format!("leave out `{suffix}`: `{body}`"));
    }
    let meant = Quantity::meant(all).map_or_else(
        || format!("leave out `{suffix}`"),
        |meant| format!("write a number with a unit as a quantity: `q(\"{meant}\")`"),
    );
    mistake.help(meant)
}
