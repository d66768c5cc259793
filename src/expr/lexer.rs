//! Cuts the text of an expression into tokens, each with its bytes.
//!
//! It knows no grammar; what cannot be a token at all is a mistake here.

mod literal;

use super::mistake::Mistake;
use super::tree::At;
use super::value::Value;
use crate::source::Code;

/// A token and its bytes.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) at: At,
}

/// What a token is.
#[derive(Debug)]
pub(crate) enum TokenKind {
    /// A name, a keyword or a reserved word.
    Word,
    /// A name in backticks; the token's bytes include them.
    Quoted,
    /// A number, a text or bytes.
    Literal(Value),
    /// The digits of 2^63: an `int` only after a minus.
    IntEnd,
    /// Punctuation and operators.
    Mark(&'static str),
    /// The end of the text.
    End,
}

/// The marks, longer ones before their beginnings.
const MARKS: &[&str] = &[
    "&&", "||", "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}", "=", "&", "|",
];

/// All tokens of a text, with [`TokenKind::End`] last.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity((text.len() / 4).saturating_add(4));
    let mut at = 0_usize;
    loop {
        at = skip_space(bytes, at);
        let Some(&byte) = bytes.get(at) else { break };
        let (kind, end) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                if let Some(literal) = literal::prefixed(text, at) {
                    literal?
                } else {
                    (TokenKind::Word, word_end(bytes, at))
                }
            }
            b'0'..=b'9' => literal::number(text, at)?,
            b'.' if bytes
                .get(at.saturating_add(1))
                .is_some_and(u8::is_ascii_digit)
                && !after_operand(&tokens) =>
            {
                literal::number(text, at)?
            }
            b'"' | b'\'' => literal::text(text, at, at, false, false)?,
            b'`' => quoted(text, at)?,
            _ => mark(text, at)?,
        };
        tokens.push(Token {
            kind,
            at: span(at, end),
        });
        at = end;
    }
    tokens.push(Token {
        kind: TokenKind::End,
        at: span(text.len(), text.len()),
    });
    Ok(tokens)
}

/// Whether what was read last can be followed by a member: `a.5` is no number.
fn after_operand(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| match token.kind {
        TokenKind::Word | TokenKind::Quoted | TokenKind::Literal(_) | TokenKind::IntEnd => true,
        TokenKind::Mark(mark) => matches!(mark, ")" | "]" | "}"),
        TokenKind::End => false,
    })
}

/// Bytes as a span; texts are at most 16 KiB.
pub(super) fn span(start: usize, end: usize) -> At {
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    At {
        start: small(start),
        end: small(end),
    }
}

/// The first byte at or after `at` that is neither white space nor in a comment.
fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c) => at = at.saturating_add(1),
            Some(b'/') if bytes.get(at.saturating_add(1)) == Some(&b'/') => {
                while bytes.get(at).is_some_and(|byte| *byte != b'\n') {
                    at = at.saturating_add(1);
                }
            }
            _ => return at,
        }
    }
}

/// The byte after the word that begins at `at`.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes
        .get(at)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    {
        at = at.saturating_add(1);
    }
    at
}

/// A name in backticks.
fn quoted(text: &str, at: usize) -> Result<(TokenKind, usize), Mistake> {
    let inner = at.saturating_add(1);
    let rest = text.get(inner..).unwrap_or_default();
    let Some(length) = rest.find('`') else {
        return Err(Mistake::new(
            Code::ExpressionSyntax,
            at..text.len(),
            "a name in backticks has no end",
        )
        .help("close it with a backtick"));
    };
    let name = rest.get(..length).unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' ');
    let end = inner.saturating_add(length).saturating_add(1);
    if name.is_empty() || !name.chars().all(fits) {
        return Err(Mistake::new(
            Code::ExpressionSyntax,
            at..end,
            "a name in backticks has letters, digits, `_`, `.`, `-`, `/` and spaces only",
        )
        .help("write `[\"…\"]` for any other key"));
    }
    Ok((TokenKind::Quoted, end))
}

/// An operator or bracket.
fn mark(text: &str, at: usize) -> Result<(TokenKind, usize), Mistake> {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
        return Ok((TokenKind::Mark(mark), at.saturating_add(mark.len())));
    }
    let found = rest.chars().next().unwrap_or(' ');
    let range = at..at.saturating_add(found.len_utf8());
    let mistake = Mistake::new(
        Code::ExpressionSyntax,
        range,
        format!("`{found}` is not part of an expression"),
    );
    Err(match found {
        '“' | '”' | '‘' | '’' | '„' | '«' | '»' => {
            mistake.help("write straight quotes: `\"…\"`")
        }
        '≤' => mistake.help("write `<=`"),
        '≥' => mistake.help("write `>=`"),
        '≠' => mistake.help("write `!=`"),
        '−' | '–' => mistake.help("write `-`"),
        '×' => mistake.help("write `*`"),
        '÷' => mistake.help("write `/`"),
        '$' => mistake.help("write the name alone, without `$`"),
        ';' => mistake.help("an expression is one line of thought: join its parts with `&&`"),
        '^' => mistake.help("CEL has no `^`: write the product"),
        _ => mistake,
    })
}
