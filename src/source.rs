//! Text with a name: what was read, where in it something stands, and what is wrong there.
//!
//! This room knows files, spans, the tree of a YAML or JSON document and the shape of a diagnostic.
//! It never opens a file, and never knows what a policy or a snapshot is.

pub mod canonical;
pub mod hidden;
pub mod json;
pub mod problem;
pub mod problems;
pub mod runner;
pub mod toml;
pub mod tree;
pub mod visible;
pub mod yaml;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use problem::{Code, Label, Problem, Severity};
pub use problems::Problems;

/// How many bytes a document may have: 64 MiB.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;
/// The most bytes a line of a JSON Lines history may have: 4 MiB.
pub const MAX_LINE: usize = 4 * 1024 * 1024;

/// Bytes as they were read, as a source; a problem if they are too many or are not UTF-8. Nothing is stripped, not
/// even a byte order mark, so that places stay those of the file.
///
/// # Errors
/// `too-large` and `not-utf8`.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<Source, Problem> {
    if bytes.len() > MAX_DOCUMENT {
        let (length, most) = (bytes.len(), MAX_DOCUMENT);
        return Err(Problem::new(
            Code::TooLarge,
            format!("`{name}` has {length} bytes, more than the {most} that are read"),
        )
        .help("split it: every file given is merged, and a history streams as JSON Lines"));
    }
    String::from_utf8(bytes).map(|text| Source::new(name, text)).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let good = String::from_utf8_lossy(error.as_bytes().get(..offset).unwrap_or_default());
        let source = Source::new(name, good);
        let line = source.position(offset).line;
        Problem::new(Code::NotUtf8, format!("`{name}` is not UTF-8 text: byte {offset}, on line {line}, does not belong in it"))
            .at(&source, Span::new(offset, offset), "readable up to here")
            .help("save it as UTF-8")
    })
}

/// The files that a text names: by the path as it is written there, the file's text, or why it cannot be read.
pub type Beside = BTreeMap<String, Result<Source, Problem>>;

/// A text and the name a person knows it by, usually a path as it was given.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// The line number of the first line, counted from 1: more than 1 for a line cut out of a history.
    first_line: u32,
    /// How many lines end before each block of the text, found when the first place is asked for.
    lines: Arc<OnceLock<Vec<u32>>>,
    /// The files it names, where whoever may open files found any.
    beside: Option<Arc<Beside>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.text == other.text
            && self.first_line == other.first_line
            && self.beside == other.beside
    }
}

impl Eq for Source {}

impl Source {
    /// A whole document.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self::fragment(name, text, 1)
    }

    /// A part of a longer text that begins at line `first_line` (counted from 1), such as one line of a JSON Lines
    /// history: places are told as they are in the whole.
    #[must_use]
    pub fn fragment(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>, first_line: u32) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            first_line: first_line.max(1),
            lines: Arc::default(),
            beside: None,
        }
    }

    /// The same text with the files that it names.
    #[must_use]
    pub fn with(mut self, beside: Beside) -> Self {
        self.beside = (!beside.is_empty()).then(|| Arc::new(beside));
        self
    }

    /// The files that it names and that were looked for, by their paths as written.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Result<Source, Problem>)> {
        let beside = self.beside.iter().flat_map(|beside| beside.iter());
        beside.map(|(path, found)| (path.as_str(), found))
    }

    /// What was found at a path that it names; nothing where nobody looked.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Result<Source, Problem>> {
        self.beside.as_ref()?.get(path)
    }

    /// Whether another one says the same, whatever the names: the same text, and the same texts of files.
    #[must_use]
    pub fn says_as(&self, other: &Self) -> bool {
        let texts = |source: &Self| -> Vec<(String, Option<Arc<str>>)> {
            let text = |found: &Result<Self, Problem>| Some(Arc::clone(&found.as_ref().ok()?.text));
            let files = source.files();
            files
                .map(|(path, found)| (path.to_owned(), text(found)))
                .collect()
        };
        self.text == other.text && texts(self) == texts(other)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of its first line in the whole, from 1.
    #[must_use]
    pub fn first_line(&self) -> u32 {
        self.first_line
    }

    /// Where a byte offset stands, for people: line and column from 1, the column in characters. An offset past the
    /// end is the end; one inside a character is that character.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset = offset.saturating_sub(1);
        }
        let blocks = self.lines.get_or_init(|| {
            let mut before = 0_u32;
            let blocks = self.text.as_bytes().chunks(BLOCK);
            blocks
                .map(|block| {
                    let here = before;
                    before = before.saturating_add(breaks(block));
                    here
                })
                .collect()
        });
        let block = offset / BLOCK;
        let bytes = self.text.as_bytes();
        let lines = blocks.get(block).copied().map_or_else(
            || breaks(bytes),
            |before| {
                let rest = bytes.get(block.saturating_mul(BLOCK)..offset);
                before.saturating_add(breaks(rest.unwrap_or_default()))
            },
        );
        let line_start = self
            .text
            .get(..offset)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at.saturating_add(1));
        let column = self
            .text
            .get(line_start..offset)
            .unwrap_or_default()
            .chars()
            .count();
        Position {
            line: self.first_line.saturating_add(lines),
            column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1),
        }
    }

    /// Whether two are one text, shared.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }
}

/// The bytes of a block of which the lines are counted once: what is kept is a thirty-second part of the text, whatever
/// stands in it, and a place is found without counting far.
const BLOCK: usize = 128;

/// How many lines end in these bytes.
#[expect(
    clippy::naive_bytecount,
    reason = "a block at a time, and no crate for it"
)]
fn breaks(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// A range of bytes in a source, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// How many bytes it covers.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}
