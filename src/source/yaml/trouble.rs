//! What is said of a text that is not YAML.
//!
//! Words only: it never reads on and never mends.

use granit_parser::{ErrorKind, ScanError};

use super::super::tree::build::too_deep;
use super::super::{Code, Problem, Source, Span};
use super::{indent, unquoted, words};

fn syntax(source: &Source, span: Span, message: impl Into<String>) -> Problem {
    Problem::new(Code::YamlSyntax, message).at(source, span, "")
}

/// A tag that is not followed.
pub(super) fn tag(source: &Source, span: Span) -> Problem {
    let written = source.text().get(span.start..span.end).unwrap_or_default();
    syntax(
        source,
        span,
        format!("`{written}` is a YAML tag, which is not followed"),
    )
    .help("take the tag out; quote a text that looks like a number")
}

/// What the parser refused. `bracket` is where the innermost open bracket stands that is known.
pub(super) fn scan(source: &Source, error: &ScanError, bracket: Option<usize>) -> Problem {
    let text = source.text();
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let span = Span::new(
        at,
        at.saturating_add(character(text, at).map_or(0, char::len_utf8)),
    );
    let kind = error.kind();
    if matches!(kind, ErrorKind::RecursionLimitExceeded) {
        return too_deep(source, at);
    }
    if let Some(found) = forbidden(text, at, kind) {
        return forbidden_problem(source, found);
    }
    if let Some(tab) = tab(text, at, kind, bracket.is_some()) {
        let span = Span::new(tab, tab.saturating_add(1));
        return Problem::new(Code::YamlTab, "a tab stands where YAML counts spaces")
            .at(source, span, "this is a tab")
            .help("indent with spaces");
    }
    if let Some(problem) = unclosed(source, span, kind, bracket) {
        return problem;
    }
    if let Some(span) = unquoted::around(text, at, bracket.is_some()) {
        return unquoted::problem(source, span);
    }
    if let (None, Some(problem)) = (bracket, indent::problem(source, at)) {
        return problem;
    }
    plain(source, span, kind, bracket)
}

/// The character that YAML takes nowhere, if one is to blame: the parser may stop where the text begins that it stands in.
fn forbidden(text: &str, at: usize, kind: &ErrorKind) -> Option<(usize, char)> {
    let rest = text.get(at..)?;
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let far = matches!(kind, ErrorKind::UnexpectedCharacter { .. });
    let mut chars = line.char_indices().take(if far { usize::MAX } else { 1 });
    let (index, found) = chars.find(|(_, c)| !is_printable(*c))?;
    Some((at.saturating_add(index), found))
}

/// Whether a character may stand in YAML, quoted or not: `c-printable` of its grammar.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

fn forbidden_problem(source: &Source, (at, found): (usize, char)) -> Problem {
    let span = Span::new(at, at.saturating_add(found.len_utf8()));
    let shown = found.escape_debug();
    let number = u32::from(found);
    let message = format!("YAML takes the character `{shown}` nowhere, not even between quotes");
    syntax(source, span, message).help(format!(
        "take it out, or write \"\\u{number:04X}\" between double quotes"
    ))
}

/// The tab that is to blame, if one is: the parser may stop at the end of the line before.
fn tab(text: &str, at: usize, kind: &ErrorKind, in_brackets: bool) -> Option<usize> {
    if character(text, at) == Some('\t') && !in_brackets {
        return Some(at);
    }
    let of_indentation = |start: usize| {
        let line = text.get(start..)?;
        let blank = line.get(
            ..line
                .find(|c| !matches!(c, ' ' | '\t'))
                .unwrap_or(line.len()),
        )?;
        blank.find('\t').map(|found| start.saturating_add(found))
    };
    let start = text
        .get(..at)?
        .rfind(['\n', '\r'])
        .map_or(0, |found| found.saturating_add(1));
    let following = text
        .get(at..)?
        .find('\n')
        .map(|found| at.saturating_add(found).saturating_add(1));
    let named = matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    );
    let found = of_indentation(start);
    if !named {
        // Inside brackets a tab is as good as a space.
        return found.filter(|_| !in_brackets);
    }
    let before = || {
        text.get(start..at)
            .and_then(|line| line.rfind('\t'))
            .map(|tab| start.saturating_add(tab))
    };
    found
        .or_else(|| following.and_then(of_indentation))
        .or_else(before)
        .or(Some(at))
}

/// Quotes and brackets that are not closed, or not by their like.
fn unclosed(
    source: &Source,
    span: Span,
    kind: &ErrorKind,
    bracket: Option<usize>,
) -> Option<Problem> {
    let text = source.text();
    let end = text.trim_end().len();
    let problem = match kind {
        ErrorKind::UnclosedQuotedScalar => {
            let quote = character(text, span.start)
                .filter(|c| matches!(c, '"' | '\''))
                .unwrap_or('"');
            syntax(source, span, format!("a `{quote}` is not closed"))
                .help(format!("end the text with `{quote}`"))
        }
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
            syntax(
                source,
                span,
                "a text in quotes is not closed, or goes on without indentation",
            )
            .help("close the quote before this line, or indent the line")
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            let closing = if *open == '[' { ']' } else { '}' };
            syntax(source, span, format!("a `{open}` is not closed"))
                .help(format!("add the missing `{closing}`"))
        }
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            let problem = syntax(
                source,
                Span::new(end, end),
                "the text ends inside brackets that are not closed",
            );
            opened(source, problem, bracket).help("add the missing bracket")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let problem = syntax(source, span, format!("`{close}` closes a `{open}`"));
            opened(source, problem, bracket).help("close each bracket with its like")
        }
        _ => return None,
    };
    Some(problem)
}

fn opened(source: &Source, problem: Problem, bracket: Option<usize>) -> Problem {
    match bracket {
        Some(start) => problem.at(
            source,
            Span::new(start, start.saturating_add(1)),
            "opened here",
        ),
        None => problem,
    }
}

/// All other errors.
fn plain(source: &Source, span: Span, kind: &ErrorKind, bracket: Option<usize>) -> Problem {
    let found = character(source.text(), span.start).map_or_else(
        || "the end".to_owned(),
        |found| format!("`{}`", found.escape_debug()),
    );
    match kind {
        ErrorKind::MisplacedFlowCollectionEnd => {
            syntax(source, span, format!("{found} closes nothing"))
                .help("take it out, or quote the text it belongs to")
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            let found = if found == "```" {
                "a backtick".to_owned()
            } else {
                found
            };
            syntax(source, span, format!("a text cannot begin with {found}")).help("quote the text")
        }
        ErrorKind::MappingValueNotAllowed if bracket.is_some() => {
            let kind = &ErrorKind::InvalidColonPlacement;
            opened(source, in_words(source, span, kind), bracket)
        }
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            opened(source, in_words(source, span, kind), bracket)
        }
        ErrorKind::ExpectedBlockMappingKey => {
            let span = dash(source.text(), span.start).unwrap_or(span);
            in_words(source, span, kind)
        }
        kind => in_words(source, span, kind),
    }
}

fn in_words(source: &Source, span: Span, kind: &ErrorKind) -> Problem {
    match words::structure(kind).or_else(|| words::scalar(kind)) {
        Some((message, help)) => syntax(source, span, message).help(help),
        // The parser's own words.
        None => syntax(source, span, kind.to_string()),
    }
}

fn character(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|rest| rest.chars().next())
}

/// The dash that begins the line up to `at`, if nothing else does.
fn dash(text: &str, at: usize) -> Option<Span> {
    let before = text.get(..at)?.trim_end_matches([' ', '\t']);
    let dash = before
        .len()
        .checked_sub(1)
        .filter(|_| before.ends_with('-'))?;
    let line = before.get(..dash)?.trim_end_matches(' ');
    (line.is_empty() || line.ends_with(['\n', '\r'])).then(|| Span::new(dash, before.len()))
}
