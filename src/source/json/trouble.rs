//! What is said of a text that is not JSON.
//!
//! Words only: it never reads on and never mends.

use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;

use super::super::{Code, Problem, Source, Span};
use super::Expected;

const NO_NAN: &str = "JSON has no NaN; leave the value out or write null";

fn syntax(source: &Source, span: Span, message: impl Into<String>, label: &str) -> Problem {
    Problem::new(Code::JsonSyntax, message).at(source, span, label)
}

/// What the scanner refused; its offsets begin at `base`.
pub(super) fn scan(source: &Source, base: usize, error: &ParseError) -> Problem {
    let range = error.range();
    let span = Span::new(
        base.saturating_add(range.start),
        base.saturating_add(range.end),
    );
    let written = source.text().get(span.start..span.end).unwrap_or_default();
    let first = Span::new(
        span.start,
        span.start
            .saturating_add(written.chars().next().map_or(0, char::len_utf8)),
    );
    match error.kind() {
        ParseErrorKind::String(kind) => match kind {
            ParseStringErrorKind::UnterminatedStringLiteral => syntax(
                source,
                first,
                "the text ends inside a string: a `\"` is missing",
                "the string begins here",
            )
            .help("close the string with `\"`"),
            ParseStringErrorKind::ExpectedFourHexDigits => {
                syntax(source, span, "`\\u` without four hexadecimal digits", "")
                    .help("write `\\u00e9`, or the character itself")
            }
            ParseStringErrorKind::InvalidUnicodeEscapeSequence(_) => {
                syntax(source, span, "half of a surrogate pair", "")
                    .help("write both halves, or the character itself")
            }
            _ => syntax(
                source,
                span,
                "a backslash before a character that is not an escape",
                "",
            )
            .help("write `\\\\` for a backslash"),
        },
        ParseErrorKind::BareDecimalPointNumbersNotAllowed => syntax(
            source,
            span,
            "a number without a digit on each side of its point",
            "",
        )
        .help("write `0.5` for `.5` and `1.0` for `1.`"),
        ParseErrorKind::UnaryPlusNumbersNotAllowed => {
            syntax(source, first, "a number does not begin with `+`", "").help("leave the `+` out")
        }
        ParseErrorKind::HexadecimalNumbersNotAllowed => {
            syntax(source, span, "JSON has no hexadecimal numbers", "").help("write it in decimal")
        }
        ParseErrorKind::NonFiniteNumbersNotAllowed => {
            syntax(source, span, format!("`{written}` is not a JSON value"), "").help(NO_NAN)
        }
        ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            syntax(source, span, "a number ends where a digit is expected", "")
        }
        ParseErrorKind::SingleQuotedStringsNotAllowed => {
            syntax(source, first, "a string in single quotes", "")
                .help("JSON strings stand in double quotes")
        }
        ParseErrorKind::UnterminatedCommentBlock => comment(source, first),
        _ => word(source, span, written),
    }
}

fn comment(source: &Source, span: Span) -> Problem {
    syntax(source, span, "JSON has no comments", "").help("take the comment out")
}

/// Something bare: a word, or a character that belongs nowhere.
fn word(source: &Source, span: Span, written: &str) -> Problem {
    let problem = syntax(
        source,
        span,
        format!("`{}` is not a JSON value", short(written)),
        "",
    );
    match written.to_ascii_lowercase().as_str() {
        "nan" | "inf" | "infinity" | "-inf" | "-infinity" => problem.help(NO_NAN),
        "true" | "false" | "null" => {
            problem.help(format!("write `{}`", written.to_ascii_lowercase()))
        }
        "none" | "nil" | "undefined" => problem.help("write `null`, or leave the value out"),
        _ if written.starts_with(char::is_alphabetic) => {
            problem.help("text stands in double quotes")
        }
        _ => problem,
    }
}

/// A space that JSON does not know.
pub(super) fn space(source: &Source, at: usize) -> Problem {
    let character = source
        .text()
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .unwrap_or(' ');
    let span = Span::new(at, at.saturating_add(character.len_utf8()));
    let message = format!(
        "`{}` is not a space that JSON knows",
        character.escape_unicode()
    );
    syntax(source, span, message, "").help("use an ordinary space")
}

/// A control character inside a string.
pub(super) fn control(source: &Source, at: usize, byte: Option<u8>) -> Problem {
    let (message, help) = match byte {
        Some(b'\n' | b'\r') => (
            "a string goes over the end of its line",
            "close it with `\"`, or write `\\n` for a line break",
        ),
        Some(b'\t') => ("a tab inside a string", "write `\\t`"),
        _ => (
            "a control character inside a string",
            "write it as an escape such as `\\u0007`",
        ),
    };
    syntax(source, Span::new(at, at.saturating_add(1)), message, "").help(help)
}

/// The text ends too early.
pub(super) fn end(
    source: &Source,
    innermost: Option<(usize, bool)>,
    expected: Expected,
) -> Problem {
    let at = source.text().trim_end().len();
    let here = Span::new(at, at);
    if expected == Expected::Document {
        return Problem::new(Code::Empty, "there is nothing in it").at(source, Span::default(), "");
    }
    let Some((start, map)) = innermost else {
        return syntax(source, here, "the text ends too early", "");
    };
    let opened = Span::new(start, start.saturating_add(1));
    let (what, bracket) = if map {
        ("an object", '}')
    } else {
        ("an array", ']')
    };
    let message = match expected {
        Expected::Colon => format!("the text ends inside {what}: a `:` and a value are missing"),
        Expected::Value => format!("the text ends inside {what}: a value is missing"),
        _ => format!("the text ends inside {what}: a `{bracket}` is missing"),
    };
    syntax(source, here, message, "the text ends here")
        .at(source, opened, "opened here")
        .help(format!(
            "close it with `{bracket}`, or look whether the file was cut off"
        ))
}

/// A token where another is expected.
pub(super) fn token(
    source: &Source,
    span: Span,
    token: &Token<'_>,
    expected: Expected,
    innermost: Option<(usize, bool)>,
) -> Problem {
    let written = source.text().get(span.start..span.end).unwrap_or_default();
    match token {
        Token::CommentLine(_) | Token::CommentBlock(_) => {
            return comment(source, Span::new(span.start, span.start.saturating_add(2)));
        }
        Token::Word(_) if !matches!(expected, Expected::FirstKey | Expected::Key) => {
            return word(source, span, written);
        }
        _ => {}
    }
    let map = innermost.is_some_and(|(_, map)| map);
    let closing = matches!(token, Token::CloseBrace | Token::CloseBracket);
    let found = short(written);
    if expected != Expected::End && matches!(token, Token::Number(_)) && after_digit(source, span) {
        return syntax(source, span, "a number with a zero in front", "")
            .help("leave the leading zero out");
    }
    match expected {
        Expected::End => syntax(
            source,
            span,
            "something stands behind the end of the JSON text",
            "",
        )
        .help("one JSON text is one value; a history of many is JSON Lines"),
        Expected::Key | Expected::Item if closing && (*token == Token::CloseBrace) == map => {
            syntax(source, span, format!("a comma before `{found}`"), "")
                .help("leave the last comma out")
        }
        _ if closing => {
            let missing = if map { '}' } else { ']' };
            let problem = match (innermost, expected) {
                (Some(_), Expected::Value | Expected::Colon) => {
                    syntax(source, span, "a value is missing", "")
                }
                (Some(_), _) => syntax(
                    source,
                    span,
                    format!("`{found}` where `{missing}` is expected"),
                    "",
                ),
                (None, _) => syntax(source, span, format!("`{found}` closes nothing"), ""),
            };
            match innermost {
                Some((start, _)) => problem.at(
                    source,
                    Span::new(start, start.saturating_add(1)),
                    "opened here",
                ),
                None => problem,
            }
        }
        Expected::FirstKey | Expected::Key => syntax(
            source,
            span,
            format!("`{found}` where a key is expected"),
            "",
        )
        .help("keys stand in double quotes"),
        Expected::Colon => syntax(
            source,
            span,
            format!("`{found}` where the `:` after the key is expected"),
            "",
        ),
        Expected::Comma => syntax(
            source,
            span,
            format!("`{found}` where a comma is expected"),
            "",
        )
        .help("put a `,` between the two"),
        Expected::Document | Expected::FirstItem | Expected::Item | Expected::Value => syntax(
            source,
            span,
            format!("`{found}` where a value is expected"),
            "",
        ),
    }
}

/// Whether a digit stands directly before: a number in two pieces.
fn after_digit(source: &Source, span: Span) -> bool {
    let before = span
        .start
        .checked_sub(1)
        .and_then(|at| source.text().as_bytes().get(at));
    before.is_some_and(u8::is_ascii_digit)
}

/// The beginning of a text that may be long.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
