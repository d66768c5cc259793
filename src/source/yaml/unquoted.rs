//! Expressions that YAML reads as something else, because they are not quoted.
//!
//! It looks at characters only: it never knows which key takes an expression, nor whether one is well formed.

use super::super::{Code, Problem, Source, Span};

/// A text at `span` that must be quoted to reach the reader whole.
pub(super) fn problem(source: &Source, span: Span) -> Problem {
    let written = source.text().get(span.start..span.end).unwrap_or_default();
    let message = if written.starts_with('!') {
        "YAML takes a text that begins with `!` for a tag".to_owned()
    } else {
        "YAML does not read this as one text: it needs quotes".to_owned()
    };
    let help = format!("write {}", quoted(written));
    Problem::new(Code::UnquotedExpression, message)
        .at(source, span, "quote the whole of it")
        .help(help)
}

/// The text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The unquoted expression on the line of `at`, where the parser stopped, if there seems to be one.
pub(super) fn around(text: &str, at: usize, in_brackets: bool) -> Option<Span> {
    let start = text
        .get(..at)?
        .rfind(['\n', '\r'])
        .map_or(0, |found| found.saturating_add(1));
    let (value, brackets) = value_start(text.get(start..)?, at.saturating_sub(start))?;
    let span = rest(text, start.saturating_add(value), in_brackets || brackets);
    let written = text.get(span.start..span.end)?;
    (span.end > at.saturating_sub(1) && is_expression(written)).then_some(span)
}

/// Whether it has something of an expression that a plain text seldom has.
fn is_expression(text: &str) -> bool {
    const SIGNS: [&str; 9] = ["==", "!=", "<", "> ", ">=", "&&", "||", " ? ", "("];
    // `incidents["P0"]`: a list of YAML never follows a name without a space.
    let indexed = text
        .split('[')
        .rev()
        .skip(1)
        .any(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let contained = text.starts_with(['"', '\'']) && text.contains(" in ");
    text.starts_with('!') || indexed || contained || SIGNS.iter().any(|sign| text.contains(sign))
}

/// The place in a line at which the value begins that holds the byte `at`, and whether it stands in brackets.
fn value_start(line: &str, at: usize) -> Option<(usize, bool)> {
    // The brackets of YAML that are open, each with the value it begins, and the value being read.
    let mut open: Vec<(char, Option<usize>)> = Vec::new();
    let mut value: Option<usize> = None;
    // Whether a value may begin here, and whether it would be one: after a `:` or as an item of a list.
    let (mut fresh, mut counts) = (true, false);
    let mut quote: Option<char> = None;
    let mut parentheses: usize = 0;
    let mut previous = ' ';
    for (index, character) in line.char_indices().take_while(|(index, _)| *index <= at) {
        let next = line
            .get(index.saturating_add(character.len_utf8())..)
            .and_then(|rest| rest.chars().next());
        let separated = next.is_none_or(char::is_whitespace);
        if let Some(closing) = quote {
            if character == closing {
                quote = None;
            }
        } else if character.is_whitespace() {
        } else if fresh && character == '-' && separated {
            counts = true;
        } else if character == ':' && separated && index < at && parentheses == 0 {
            (fresh, counts) = (true, true);
        } else if character == ',' && !open.is_empty() && parentheses == 0 {
            (fresh, counts) = (
                true,
                open.last().is_some_and(|(bracket, _)| *bracket == '['),
            );
        } else {
            if fresh {
                value = counts.then_some(index);
            }
            let begins = fresh;
            fresh = false;
            match character {
                '{' | '[' if begins => {
                    open.push((character, value));
                    (fresh, counts) = (true, character == '[');
                }
                '}' | ']' if parentheses == 0 => value = open.pop().and_then(|(_, value)| value),
                '(' | '{' | '[' => parentheses = parentheses.saturating_add(1),
                ')' | '}' | ']' => parentheses = parentheses.saturating_sub(1),
                '"' | '\'' if begins || parentheses > 0 || !previous.is_alphanumeric() => {
                    quote = Some(character);
                }
                _ => {}
            }
        }
        previous = character;
    }
    value.map(|value| (value, !open.is_empty()))
}

/// From `start` to where the value ends for a person: the end of its line, a comment, and in brackets the comma or
/// bracket behind it.
pub(super) fn rest(text: &str, start: usize, in_brackets: bool) -> Span {
    // Not cut at the line's end first: a list of many such texts on one line would cost the square of its length.
    let line = text.get(start..).unwrap_or_default();
    let mut depth: usize = 0;
    let mut quote: Option<char> = None;
    let mut previous = ' ';
    let mut end = line.len();
    for (index, character) in line.char_indices() {
        match character {
            '\n' | '\r' => {
                end = index;
                break;
            }
            _ if quote == Some(character) && previous != '\\' => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(character),
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ',' | ']' | '}' if depth == 0 && in_brackets => {
                end = index;
                break;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '#' if previous.is_whitespace() => {
                end = index;
                break;
            }
            _ => {}
        }
        previous = character;
    }
    let length = line.get(..end).unwrap_or_default().trim_end().len();
    Span::new(start, start.saturating_add(length))
}
