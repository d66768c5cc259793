//! What is said of a text that is not TOML.
//!
//! Words only: it never reads on and never mends.

use toml_parser::{Expected, ParseError};

use super::super::tree::Scalar;
use super::super::{Code, Problem, Source, Span};

fn at(source: &Source, span: Span, message: impl Into<String>, label: &str) -> Problem {
    Problem::new(Code::TomlSyntax, message).at(source, span, label)
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}

/// What the crate refuses.
pub(super) fn syntax(source: &Source, error: &ParseError) -> Problem {
    let context = error.context().map(span);
    let here = error.unexpected().map(span).or(context).unwrap_or_default();
    let written = source.text().get(here.start..here.end).unwrap_or_default();
    let (message, help) = words(error.description(), written);
    let problem = at(
        source,
        here,
        message.unwrap_or_else(|| error.description().to_owned()),
        "",
    );
    // What is not closed began elsewhere.
    let begun = context
        .filter(|context| source.position(context.start).line < source.position(here.start).line);
    let problem = match begun {
        Some(context) => problem.at(source, context, "begins here"),
        None => problem,
    };
    problem.help(help.unwrap_or_else(|| expected(error)))
}

/// Plainer words for what the crate says most often: the message, and the fix.
fn words(said: &str, written: &str) -> (Option<String>, Option<String>) {
    let (message, help) = match said {
        "string values must be quoted" if written.is_empty() => (
            "a value is missing".to_owned(),
            "write a value behind the `=`",
        ),
        // It guesses by the first letter what was meant.
        "string values must be quoted" | "invalid boolean" | "invalid float"
            if written.starts_with(char::is_alphabetic) =>
        {
            let bare = shortened(written);
            let help = match written.to_ascii_lowercase().as_str() {
                "true" => "write `true`",
                "false" => "write `false`",
                "nan" | "inf" => "write it in lower case",
                _ => "write a text in quotes: `\"…\"`",
            };
            (format!("`{bare}` is not a TOML value"), help)
        }
        "invalid mantissa" => (
            "a number without a digit before its point".to_owned(),
            "write `0.5` for `.5`",
        ),
        "invalid fraction" => (
            "a number without a digit behind its point".to_owned(),
            "write `1.0` for `1.`",
        ),
        "unexpected leading zero" => (
            "a number with a zero in front".to_owned(),
            "leave the leading zero out",
        ),
        _ => return (None, None),
    };
    (Some(message), Some(help.to_owned()))
}

/// The beginning of a text that may be long.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What the crate expected.
fn expected(error: &ParseError) -> String {
    let words: Vec<String> = error
        .expected()
        .unwrap_or_default()
        .iter()
        .filter_map(|expected| match expected {
            Expected::Literal("\n") => Some("a line break".to_owned()),
            Expected::Literal(text) => Some(format!("`{text}`")),
            Expected::Description(text) => Some((*text).to_owned()),
            _ => None,
        })
        .collect();
    match words.split_last() {
        None => "take it out".to_owned(),
        Some((last, [])) => format!("expected here: {last}"),
        Some((last, others)) => format!("expected here: {} or {last}", others.join(", ")),
    }
}

/// A key that is given twice in one table, or a table that is begun twice.
pub(super) fn twice(source: &Source, key: &(Scalar, Span), first: Option<Span>) -> Problem {
    let message = format!("`{}` is given twice in one table", key.0.text);
    let problem = Problem::new(Code::DuplicateKey, message).at(source, key.1, "given again here");
    let problem = match first {
        Some(first) => problem.at(source, first, "first given here"),
        None => problem,
    };
    problem.help("keep one of them")
}

/// A path that goes on behind a value.
pub(super) fn extended(source: &Source, key: &(Scalar, Span), first: Option<Span>) -> Problem {
    let message = format!(
        "`{}` is a value, and not a table that can be added to",
        key.0.text
    );
    let problem = at(source, key.1, message, "added to here");
    let problem = match first {
        Some(first) => problem.at(source, first, "given here"),
        None => problem,
    };
    problem.help("write all of it in one place")
}

/// A whole number of more than 64 bits.
pub(super) fn beyond(source: &Source, here: Span) -> Problem {
    at(source, here, "a whole number that 64 bits do not hold", "")
        .help("write it with a point, as in `1e20`, if it need not be exact")
}

/// A date that no calendar has.
pub(super) fn no_date(source: &Source, here: Span) -> Problem {
    at(source, here, "neither a date nor a time of day", "")
        .help("write a date as `2026-02-03`, a time as `08:00:00`, an instant as `2026-02-03T08:00:00Z`, or a text in quotes")
}

/// Nothing but spaces and comments.
pub(super) fn empty(source: &Source) -> Problem {
    Problem::new(Code::Empty, "there is nothing in it").at(source, Span::default(), "")
}
