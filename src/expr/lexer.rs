//! Cuts the text of an expression into tokens, each with its bytes.
//!
//! It knows no grammar; what cannot be a token at all is a mistake here, and a token that means nothing stands for it.

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

/// A token and the byte after it; a mistake is rare and large, and kept out of the way.
type Cut = Result<(TokenKind, usize), Box<Mistake>>;

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
    /// What is no token: its mistake has been told.
    Bad,
    /// The end of the text.
    End,
}

/// The mark that begins with these bytes, the longer one of two.
fn mark_of(first: u8, second: Option<u8>) -> Option<&'static str> {
    Some(match (first, second) {
        (b'&', Some(b'&')) => "&&",
        (b'|', Some(b'|')) => "||",
        (b'<', Some(b'=')) => "<=",
        (b'>', Some(b'=')) => ">=",
        (b'=', Some(b'=')) => "==",
        (b'!', Some(b'=')) => "!=",
        (b'<', _) => "<",
        (b'>', _) => ">",
        (b'+', _) => "+",
        (b'-', _) => "-",
        (b'*', _) => "*",
        (b'/', _) => "/",
        (b'%', _) => "%",
        (b'!', _) => "!",
        (b'?', _) => "?",
        (b':', _) => ":",
        (b'.', _) => ".",
        (b',', _) => ",",
        (b'(', _) => "(",
        (b')', _) => ")",
        (b'[', _) => "[",
        (b']', _) => "]",
        (b'{', _) => "{",
        (b'}', _) => "}",
        (b'=', _) => "=",
        (b'&', _) => "&",
        (b'|', _) => "|",
        _ => return None,
    })
}

/// All tokens of a text, with [`TokenKind::End`] last, and what is wrong with them.
pub(crate) fn tokens(text: &str) -> (Vec<Token>, Vec<Mistake>) {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity((text.len() / 4).saturating_add(4));
    let mut mistakes = Vec::new();
    let mut at = 0_usize;
    loop {
        at = skip_space(bytes, at);
        let Some(&byte) = bytes.get(at) else { break };
        let cut = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => literal::prefixed(text, at)
                .unwrap_or_else(|| Ok((TokenKind::Word, word_end(bytes, at)))),
            b'0'..=b'9' => literal::number(text, at),
            b'.' if bytes
                .get(at.saturating_add(1))
                .is_some_and(u8::is_ascii_digit)
                && !after_operand(&tokens) =>
            {
                literal::number(text, at)
            }
            b'"' | b'\'' => literal::text(text, at, at, false, false),
            b'`' => quoted(text, at),
            _ => mark(text, at),
        };
        let (kind, end) = match cut {
            Ok(cut) => cut,
            Err(mistake) => {
                let (kind, end) = instead(text, at, &mistake);
                mistakes.push(*mistake);
                match kind {
                    Some(kind) => (kind, end),
                    None => {
                        at = end;
                        continue;
                    }
                }
            }
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
    (tokens, mistakes)
}

/// What to read on with where no token could be cut, and behind which byte: what was meant, nothing, or a bad token.
fn instead(text: &str, at: usize, mistake: &Mistake) -> (Option<TokenKind>, usize) {
    let rest = text.get(at..).unwrap_or_default();
    let found = rest.chars().next().unwrap_or(' ');
    // A text with a wrong escape ends where its quote does, not at the escape.
    let end = if matches!(found, '"' | '\'' | 'r' | 'R' | 'b' | 'B') {
        literal::end(text, at)
    } else {
        mistake.range.end
    };
    let kind = match found {
        '≤' => Some(TokenKind::Mark("<=")),
        '≥' => Some(TokenKind::Mark(">=")),
        '≠' => Some(TokenKind::Mark("!=")),
        '−' | '–' => Some(TokenKind::Mark("-")),
        '×' => Some(TokenKind::Mark("*")),
        '÷' => Some(TokenKind::Mark("/")),
        '$' if end == at.saturating_add(1) => None,
        ';' if rest.get(1..).unwrap_or_default().trim().is_empty() => None,
        _ => Some(TokenKind::Bad),
    };
    (kind, end.max(at.saturating_add(1)))
}

/// Whether what was read last can be followed by a member: `a.5` is no number.
fn after_operand(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| match token.kind {
        TokenKind::Word
        | TokenKind::Quoted
        | TokenKind::Literal(_)
        | TokenKind::IntEnd
        | TokenKind::Bad => true,
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
fn quoted(text: &str, at: usize) -> Cut {
    let inner = at.saturating_add(1);
    let rest = text.get(inner..).unwrap_or_default();
    let Some(length) = rest.find('`') else {
        return Err(Mistake::new(
            Code::ExpressionSyntax,
            at..text.len(),
            "a name in backticks has no end",
        )
        .help("close it with a backtick")
        .into());
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
        .help("write `[\"…\"]` for any other key")
        .into());
    }
    Ok((TokenKind::Quoted, end))
}

/// An operator or bracket.
fn mark(text: &str, at: usize) -> Cut {
    let rest = text.get(at..).unwrap_or_default();
    let mut bytes = rest.bytes();
    let (first, second) = (bytes.next().unwrap_or(b' '), bytes.next());
    if matches!(first, b'$' | b'{')
        && let Some(mistake) = template(rest, at)
    {
        return Err(mistake.into());
    }
    if matches!((first, second), (b'=' | b'!', Some(b'~'))) {
        let range = at..at.saturating_add(2);
        let message = format!("`{}` is not an operator", rest.get(..2).unwrap_or_default());
        return Err(Mistake::new(Code::ExpressionSyntax, range, message)
            .help("write `text.matches(r\"…\")`")
            .into());
    }
    if let Some(mark) = mark_of(first, second) {
        return Ok((TokenKind::Mark(mark), at.saturating_add(mark.len())));
    }
    let found = rest.chars().next().unwrap_or(' ');
    let end = at.saturating_add(found.len_utf8());
    let mistake = Mistake::new(
        Code::ExpressionSyntax,
        at..end,
        format!("`{found}` is not part of an expression"),
    );
    Err(match found {
        '“' | '”' | '‘' | '’' | '„' | '«' | '»' => {
            // The whole text between two such quotes is one mistake.
            let inner = text.get(end..).unwrap_or_default();
            let close = inner
                .char_indices()
                .find(|(_, c)| matches!(c, '“' | '”' | '‘' | '’' | '«' | '»'));
            match close {
                Some((length, c)) => {
                    let body = inner.get(..length).unwrap_or_default();
                    let end = end.saturating_add(length).saturating_add(c.len_utf8());
                    Mistake {
                        range: at..end,
                        ..mistake
                    }
                    .help(format!("write straight quotes: `\"{body}\"`"))
                }
                None => mistake.help("write straight quotes: `\"…\"`"),
            }
        }
        '≤' => mistake.help("write `<=`"),
        '≥' => mistake.help("write `>=`"),
        '≠' => mistake.help("write `!=`"),
        '−' | '–' => mistake.help("write `-`"),
        '×' => mistake.help("write `*`"),
        '÷' => mistake.help("write `/`"),
        '$' => mistake.help("write the name alone, without `$`"),
        ';' if rest.get(1..).unwrap_or_default().trim().is_empty() => mistake.help("leave it out"),
        ';' => mistake.help("join conditions with `&&`"),
        '^' => mistake.help("CEL has no `^`: write the product, such as `x * x`"),
        '#' => mistake.help("a comment in an expression begins with `//`"),
        '~' => mistake.help("write `text.matches(r\"…\")`"),
        '@' => mistake
            .help("leave it out: a value's history is asked with methods, such as `.ago(\"1h\")`"),
        '\\' => mistake.help("leave it out: a line break needs no mark"),
        _ => mistake.help("leave it out, or put it into a text: `\"…\"`"),
    }
    .into())
}

/// `${name}` and `{{ name }}`, as templates have it.
fn template(rest: &str, at: usize) -> Option<Mistake> {
    let (body, close) = match rest.strip_prefix("${") {
        Some(body) => (body, "}"),
        None => (rest.strip_prefix("{{")?, "}}"),
    };
    let (name, _) = body.split_once(close)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let trimmed = name.trim();
    if trimmed.is_empty() || !trimmed.chars().all(plain) {
        return None;
    }
    let length = rest
        .len()
        .saturating_sub(body.len())
        .saturating_add(name.len())
        .saturating_add(close.len());
    let mistake = Mistake::new(
        Code::ExpressionSyntax,
        at..at.saturating_add(length),
        "an expression is not a template",
    );
    Some(mistake.help(format!("write the name alone: `{trimmed}`")))
}
