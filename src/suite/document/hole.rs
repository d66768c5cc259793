//! The holes of a text, `${rate}`, and what is put into them. Never where the values come from.

use std::ops::Range;

use crate::source::Span;
use crate::source::tree::{Places, Scalar, Style};

/// A part of a text with holes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text as it stands: `start..end` of the whole.
    Text(Range<usize>),
    /// A hole, and the name in it.
    Hole(Range<usize>, &'t str),
    /// `${` that is no hole, because it is written `$${`.
    Escaped(Range<usize>),
    /// `${` that is never closed.
    Open(Range<usize>),
}

/// The parts of a text in order.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0_usize;
    while let Some(found) = text.get(done..).and_then(|rest| rest.find("${")) {
        let open = done.saturating_add(found);
        let inside = open.saturating_add(2);
        let before = text.get(done..open).unwrap_or_default();
        if let Some(kept) = before.strip_suffix('$') {
            let end = done.saturating_add(kept.len());
            push(&mut pieces, done..end);
            pieces.push(Piece::Escaped(end..inside));
            done = inside;
            continue;
        }
        push(&mut pieces, done..open);
        let Some(length) = text.get(inside..).and_then(|rest| rest.find('}')) else {
            pieces.push(Piece::Open(open..text.len()));
            return pieces;
        };
        let close = inside.saturating_add(length);
        let name = text.get(inside..close).unwrap_or_default();
        done = close.saturating_add(1);
        pieces.push(Piece::Hole(open..done, name.trim()));
    }
    push(&mut pieces, done..text.len());
    pieces
}

fn push(pieces: &mut Vec<Piece<'_>>, range: Range<usize>) {
    if !range.is_empty() {
        pieces.push(Piece::Text(range));
    }
}

/// A text in the making, each byte of which knows where it stands.
#[derive(Debug, Default)]
pub(super) struct Filled {
    text: String,
    map: Places,
}

impl Filled {
    /// Adds a part of a text as it stands.
    pub(super) fn copy(&mut self, from: &Scalar, range: Range<usize>) {
        let start = self.text.len();
        let map = from.part(range.start, range.end);
        let moved = map
            .into_iter()
            .map(|(text, source)| (text.saturating_add(start), source));
        self.map.extend(moved);
        self.text.push_str(from.text.get(range).unwrap_or_default());
    }

    /// Adds a value in place of what stands at `span`: all of it stands there.
    pub(super) fn put(&mut self, value: &str, span: Span) {
        let start = self.text.len();
        let last = value.len().saturating_sub(1);
        // Whatever part of it is asked for, it is the hole from its start, to its end where the value ends.
        for at in 0..value.len() {
            let source = if at == last && at > 0 {
                span.end.saturating_sub(1)
            } else {
                span.start
            };
            self.map.push((start.saturating_add(at), source));
        }
        self.text.push_str(value);
    }

    /// The text with its map; `start` stands in the map of a text without a byte.
    pub(super) fn finish(mut self, style: Style, start: usize) -> Scalar {
        if self.map.is_empty() {
            self.map.push((0, start));
        }
        Scalar {
            text: self.text,
            style,
            map: self.map,
        }
    }
}
