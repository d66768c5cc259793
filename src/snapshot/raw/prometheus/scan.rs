//! A line read from left to right. Knows characters, blanks and texts in quotes, and nothing of what they mean.

use super::trouble::Trouble;
use crate::source::Span;

/// A line, and how much of it is read.
#[derive(Clone, Debug)]
pub(super) struct Scan<'t> {
    line: &'t str,
    /// Where the line begins in its text.
    base: usize,
    at: usize,
}

impl<'t> Scan<'t> {
    /// A line that begins at this byte of its text.
    pub(super) fn new(line: &'t str, base: usize) -> Self {
        Self { line, base, at: 0 }
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'t str {
        self.line.get(self.at..).unwrap_or_default()
    }

    /// The next byte of the text.
    pub(super) fn here(&self) -> usize {
        self.base.saturating_add(self.at)
    }

    /// From a byte of the text up to here.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.here())
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The place of the next character; empty at the end of the line.
    pub(super) fn next_span(&self) -> Span {
        let length = self.peek().map_or(0, char::len_utf8);
        Span::new(self.here(), self.here().saturating_add(length))
    }

    /// Reads the next character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(next.len_utf8());
        Some(next)
    }

    /// Reads this text, if it is what comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let next = self.rest().starts_with(text);
        if next {
            self.at = self.at.saturating_add(text.len());
        }
        next
    }

    /// Reads blanks and tabs.
    pub(super) fn blanks(&mut self) {
        self.take_while(|next| matches!(next, ' ' | '\t'));
    }

    /// Reads as long as this holds.
    pub(super) fn take_while(&mut self, holds: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|next| !holds(next)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    /// Reads up to the next blank.
    pub(super) fn word(&mut self) -> (&'t str, Span) {
        let start = self.here();
        let word = self.take_while(|next| !matches!(next, ' ' | '\t'));
        (word, self.since(start))
    }

    /// Reads a text in quotes, of which the first is the next character. `what` is what a mistake calls it.
    pub(super) fn quoted(&mut self, what: &str) -> Result<String, Trouble> {
        let start = self.here();
        self.bump();
        let quote = self.since(start);
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|next| !matches!(next, '"' | '\\')));
            let escape = self.here();
            match self.bump() {
                Some('"') => return Ok(text),
                Some('\\') => match self.bump() {
                    Some('n') => text.push('\n'),
                    Some(next @ ('\\' | '"')) => text.push(next),
                    Some(_) => {
                        let wrong = self.since(escape);
                        let message = format!("a backslash in {what} that escapes nothing");
                        let help = "write `\\\\` for a backslash, `\\\"` for a quote and `\\n` for a line break";
                        return Err(Trouble::new(wrong, message, help).label("no such escape"));
                    }
                    None => return Err(unclosed(quote, what)),
                },
                _ => return Err(unclosed(quote, what)),
            }
        }
    }
}

fn unclosed(quote: Span, what: &str) -> Trouble {
    let help = "close it before the line ends; a quote in it is written `\\\"`, a line break `\\n`";
    Trouble::new(quote, format!("{what} is never closed"), help).label("this quote")
}
