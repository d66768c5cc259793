//! Places of a document that is read from front to back, without counting its lines anew for each of them.

use crate::source::{Position, Source};

/// Where the last place stood. Going back is right too, only slower.
#[derive(Debug)]
pub(super) struct Cursor {
    offset: usize,
    position: Position,
}

impl Cursor {
    /// At the beginning of a document.
    pub(super) fn new(source: &Source) -> Self {
        Self {
            offset: 0,
            position: Position {
                line: source.first_line(),
                column: 1,
            },
        }
    }

    /// At a place inside a document, of which only a part is read.
    pub(super) fn beginning_at(source: &Source, offset: usize) -> Self {
        let mut cursor = Self::new(source);
        if source.text().is_char_boundary(offset) {
            cursor.position = source.position(offset);
            cursor.offset = offset;
        }
        cursor
    }

    /// The position of a byte offset, as [`Source::position`] tells it.
    pub(super) fn position(&mut self, source: &Source, offset: usize) -> Position {
        let walked = offset
            .checked_sub(self.offset)
            .and_then(|_| source.text().get(self.offset..offset));
        let Some(walked) = walked else {
            return source.position(offset);
        };
        for c in walked.chars() {
            if c == '\n' {
                self.position.line = self.position.line.saturating_add(1);
                self.position.column = 1;
            } else {
                self.position.column = self.position.column.saturating_add(1);
            }
        }
        self.offset = offset;
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_tells_what_counting_tells() {
        let source = Source::fragment("x", "größe: 1\r\n – b\n\n🚀c", 7);
        let starts: Vec<usize> = source.text().char_indices().map(|(at, _)| at).collect();
        let mut cursor = Cursor::new(&source);
        for at in starts.iter().chain(starts.iter().step_by(3)) {
            assert_eq!(cursor.position(&source, *at), source.position(*at));
            let mut inside = Cursor::beginning_at(&source, *at);
            assert_eq!(inside.position(&source, *at), source.position(*at));
        }
    }
}
