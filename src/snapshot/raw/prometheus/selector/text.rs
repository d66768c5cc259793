//! Texts in quotes as PromQL has them, which are those of Go: double, single, and back quotes that escape nothing.

use super::super::scan::Scan;
use super::SelectorError;
use super::parse::wrong;

/// Reads a text, of which the opening quote is the next character.
pub(super) fn text(scan: &mut Scan<'_>) -> Result<String, SelectorError> {
    let start = scan.here();
    let quote = scan.bump();
    let opened = scan.since(start);
    let unclosed = || {
        let help = "close it with the quote it begins with";
        wrong(opened, "a text is never closed", help)
    };
    let mut text = String::new();
    loop {
        let at = scan.here();
        let next = scan.bump().ok_or_else(unclosed)?;
        if Some(next) == quote {
            return Ok(text);
        }
        match next {
            '\\' if quote != Some('`') => {
                let escaped = escape(scan, quote).ok_or_else(|| {
                    let help = "write `\\\\` for a backslash; in a regular expression too, or put it in back quotes";
                    wrong(scan.since(at), "a backslash that escapes nothing", help)
                })?;
                text.push(escaped);
            }
            '\n' if quote != Some('`') => return Err(unclosed()),
            next => text.push(next),
        }
    }
}

/// What stands behind a backslash.
fn escape(scan: &mut Scan<'_>, quote: Option<char>) -> Option<char> {
    let next = scan.bump()?;
    Some(match next {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        'x' => ascii(digits(scan, 2, 16)?)?,
        'u' => char::from_u32(digits(scan, 4, 16)?)?,
        'U' => char::from_u32(digits(scan, 8, 16)?)?,
        '0'..='7' => {
            let rest = digits(scan, 2, 8)?;
            ascii(next.to_digit(8)?.checked_mul(64)?.checked_add(rest)?)?
        }
        next if Some(next) == quote => next,
        _ => return None,
    })
}

/// A byte is a character of its own only in ASCII: a text is never cut within one.
fn ascii(code: u32) -> Option<char> {
    char::from_u32(code).filter(char::is_ascii)
}

fn digits(scan: &mut Scan<'_>, count: u32, base: u32) -> Option<u32> {
    let mut number = 0_u32;
    for _ in 0..count {
        let digit = scan.bump()?.to_digit(base)?;
        number = number.checked_mul(base)?.checked_add(digit)?;
    }
    Some(number)
}
