//! Messages with values in them: `tickets at ${support_tickets}`. Never evaluates.

use std::sync::Arc;

use crate::expr::{Compiled, Expect, Mistake, Scope, compile};
use crate::source::Code;

/// A message whose holes are compiled.
#[derive(Debug)]
pub struct Template {
    /// Text and holes in order.
    pub pieces: Vec<Piece>,
}

/// A part of a message.
#[derive(Debug)]
pub enum Piece {
    /// Text as it stands.
    Text(Arc<str>),
    /// The value of an expression.
    Value(Arc<Compiled>),
}

impl Template {
    /// The expressions in it.
    pub fn expressions(&self) -> impl Iterator<Item = &Arc<Compiled>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(expr) => Some(expr),
            Piece::Text(_) => None,
        })
    }

    /// The message with its holes as written.
    #[must_use]
    pub fn text(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Value(expr) => format!("${{{}}}", expr.text().trim()),
        });
        pieces.collect()
    }
}

/// Compiles a message. Mistakes carry ranges of the whole message.
///
/// # Errors
/// All mistakes in its expressions, and a `${` that is never closed.
pub fn template(text: &str, scope: &Scope) -> Result<Template, Vec<Mistake>> {
    let mut pieces = Vec::new();
    let mut mistakes = Vec::new();
    let mut rest = 0_usize;
    while let Some(open) = text.get(rest..).and_then(|tail| tail.find("${")) {
        let open = rest.saturating_add(open);
        push_text(&mut pieces, text.get(rest..open));
        let start = open.saturating_add(2);
        let Some(end) = closing(text, start) else {
            let message = "`${` is never closed";
            mistakes.push(
                Mistake::new(Code::ExpressionSyntax, open..text.len(), message)
                    .label("opened here")
                    .help("write `${EXPRESSION}`"),
            );
            rest = text.len();
            break;
        };
        match compile(text.get(start..end).unwrap_or_default(), scope, Expect::Any) {
            Ok(compiled) => pieces.push(Piece::Value(Arc::new(compiled))),
            Err(found) => mistakes.extend(found.into_iter().map(|mut mistake| {
                mistake.range.start = mistake.range.start.saturating_add(start);
                mistake.range.end = mistake.range.end.saturating_add(start);
                mistake
            })),
        }
        rest = end.saturating_add(1);
    }
    push_text(&mut pieces, text.get(rest..));
    if mistakes.is_empty() {
        Ok(Template { pieces })
    } else {
        Err(mistakes)
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece::Text(Arc::from(text)));
    }
}

/// The `}` that closes a hole: not one inside a string or of a map literal.
fn closing(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, char) in text.get(start..)?.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, '{') => depth = depth.saturating_add(1),
            (None, '}') if depth == 0 => return Some(start.saturating_add(at)),
            (None, '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
