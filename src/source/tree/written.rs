//! A decoded text that remembers where each of its bytes was written.
//!
//! Readers push what they decode; it never decodes anything itself.

use super::Places;

/// A decoded text in the making, with its map (see [`super::Scalar::map`]).
#[derive(Debug, Default)]
pub(in crate::source) struct Written {
    text: String,
    map: Places,
    /// The source offset at which the next byte needs no entry of its own.
    next: Option<usize>,
}

impl Written {
    /// Adds a piece that stands at `at` as it is.
    pub(in crate::source) fn copy(&mut self, piece: &str, at: usize) {
        if piece.is_empty() {
            return;
        }
        if self.next != Some(at) {
            self.map.push((self.text.len(), at));
        }
        self.text.push_str(piece);
        self.next = at.checked_add(piece.len());
    }

    /// Adds a character that is written in another way at `at`: an escape or a folded line break.
    pub(in crate::source) fn put(&mut self, character: char, at: usize) {
        self.map.push((self.text.len(), at));
        self.text.push(character);
        self.next = None;
    }

    /// Removes the spaces and tabs at the end, but nothing before the byte `keep`.
    pub(in crate::source) fn trim(&mut self, keep: usize) {
        let length = self
            .text
            .trim_end_matches([' ', '\t'])
            .len()
            .max(keep)
            .min(self.text.len());
        if length < self.text.len() {
            self.text.truncate(length);
            while self.map.last().is_some_and(|(text, _)| *text >= length) {
                self.map.pop();
            }
            self.next = None;
        }
    }

    /// How many bytes there are so far.
    pub(in crate::source) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text and its map; `start` stands in the map of a text without a byte.
    pub(in crate::source) fn finish(mut self, start: usize) -> (String, Places) {
        if self.map.is_empty() {
            self.map.push((0, start));
        }
        (self.text, self.map)
    }
}
