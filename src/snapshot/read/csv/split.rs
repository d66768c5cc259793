//! Rows of CSV as RFC 4180 has them, given line by line: cells in quotes may go on over several lines. It never guesses
//! where a quote was meant to end.

use std::borrow::Cow;

use crate::source::MAX_LINE;

/// A row in the making.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    text: String,
    cells: Vec<Cell>,
    state: State,
    start: usize,
}

/// The bytes of a cell in its row, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// What stands before the next byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing of its cell.
    #[default]
    Begin,
    /// A cell without quotes.
    Plain,
    /// The inside of quotes.
    Quoted,
    /// A quote inside quotes: their end, or the first of two.
    Closed,
}

/// What a line does to the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// The row ends with it.
    Row,
    /// A cell goes on in the next line.
    Open,
    /// At this byte of the row stands what cannot stand there.
    Stray(usize),
    /// The row is longer than a line may be.
    Long,
}

impl Splitter {
    /// Takes a line with its break, if it has one.
    pub(super) fn push(&mut self, line: &str) -> Split {
        if self.text.len().saturating_add(line.len()) > MAX_LINE {
            return Split::Long;
        }
        let base = self.text.len();
        self.text.push_str(line);
        let ended = line.trim_end_matches(['\n', '\r']).len();
        for (index, byte) in line.bytes().enumerate() {
            let at = base.saturating_add(index);
            // The break ends the row, unless it is text in quotes.
            if index >= ended && self.state != State::Quoted {
                break;
            }
            self.state = match (self.state, byte) {
                (State::Begin, b'"') => State::Quoted,
                (State::Begin | State::Plain, b',') => self.end_cell(at, false),
                (State::Plain, b'"') => return Split::Stray(at),
                (State::Begin | State::Plain, _) => State::Plain,
                (State::Quoted, b'"') => State::Closed,
                (State::Quoted, _) | (State::Closed, b'"') => State::Quoted,
                (State::Closed, b',') => self.end_cell(at, true),
                (State::Closed, _) => return Split::Stray(at),
            };
        }
        if self.state == State::Quoted {
            return Split::Open;
        }
        let (end, quoted) = (base.saturating_add(ended), self.state == State::Closed);
        self.end_cell(end, quoted);
        Split::Row
    }

    fn end_cell(&mut self, end: usize, quoted: bool) -> State {
        let start = std::mem::replace(&mut self.start, end.saturating_add(1));
        self.cells.push(Cell { start, end, quoted });
        State::Begin
    }

    /// Begins the next row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.state = State::Begin;
        self.start = 0;
    }

    /// The text of the row so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The cells of the row.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Where the cell begins that is not ended yet.
    pub(super) fn open(&self) -> usize {
        self.start
    }

    /// Whether nothing has been taken of the next row.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Cell {
    /// What it says.
    pub(super) fn text(self, row: &str) -> Cow<'_, str> {
        let text = row.get(self.start..self.end).unwrap_or_default();
        if !self.quoted {
            return Cow::Borrowed(text);
        }
        let inside = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        if inside.contains('"') {
            Cow::Owned(inside.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(inside)
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    reason = "a test may say that something cannot be"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Option<Vec<Vec<String>>> {
        let (mut splitter, mut rows) = (Splitter::default(), Vec::new());
        for line in text.split_inclusive('\n') {
            match splitter.push(line) {
                Split::Row => {
                    let cells = splitter.cells().iter();
                    rows.push(
                        cells
                            .map(|cell| cell.text(splitter.text()).into_owned())
                            .collect(),
                    );
                    splitter.clear();
                }
                Split::Open => {}
                Split::Stray(_) | Split::Long => return None,
            }
        }
        splitter.is_empty().then_some(rows)
    }

    #[test]
    fn rows_are_split_as_the_standard_has_it() {
        let row = |cells: &[&str]| {
            cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            rows("a,b\r\n1,\n"),
            Some(vec![row(&["a", "b"]), row(&["1", ""])])
        );
        assert_eq!(
            rows("\"a,\"\"\r\nb\",c"),
            Some(vec![row(&["a,\"\r\nb", "c"])])
        );
        assert_eq!(rows("\"\",\"\"\n"), Some(vec![row(&["", ""])]));
        assert_eq!(rows("a,\"b\nc,d\n"), None);
        assert_eq!(rows("a\"b,c\n"), None);
        assert_eq!(rows("\"a\"b,c\n"), None);
    }

    proptest! {
        #[test]
        fn what_another_writes_is_read_as_it_was_meant(
            table in prop::collection::vec(prop::collection::vec("[ab,\"\r\n é]{0,6}", 2..5), 1..5)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).expect("memory");
            }
            let text = String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8");
            prop_assert_eq!(rows(&text), Some(table));
        }

        #[test]
        fn what_is_split_is_split_the_same_by_another(text in "[ab,\"\n]{0,24}") {
            if let Some(rows) = rows(&text) {
                let mut reader = csv::ReaderBuilder::new()
                    .flexible(true)
                    .has_headers(false)
                    .from_reader(text.as_bytes());
                let read: Vec<Vec<String>> = reader
                    .records()
                    .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
                    .collect();
                // The other one leaves out blank lines.
                let blank = |row: &Vec<String>| row.len() == 1 && row.iter().all(String::is_empty);
                let ours: Vec<_> = rows.into_iter().filter(|row| !blank(row)).collect();
                let theirs: Vec<_> = read.into_iter().filter(|row| !blank(row)).collect();
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
