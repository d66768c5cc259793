//! Where raw documents have the value of an input: its `from`, checked. Never reads one.

use std::sync::Arc;

use super::path::Path;
use super::prometheus::Selector;

/// Where raw documents have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The name of the document; of any one of its kind where none is given.
    pub file: Option<Arc<str>>,
    /// Where in it.
    pub way: Way,
}

/// Where a document has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// JSON, YAML and TOML: at this path.
    Tree(Path),
    /// An exposition: in these series.
    Series(Series),
    /// CSV: in these cells.
    Rows(Rows),
}

/// Series of an exposition.
#[derive(Clone, Debug)]
pub struct Series {
    /// The selector as written.
    pub text: Arc<str>,
    /// Which series they are.
    pub selector: Selector,
    /// The labels whose values are the keys of a map, the outer one first; none: a single number.
    pub by: Vec<Arc<str>>,
    /// Whether several series for one entry are added up.
    pub sum: bool,
}

impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        // A selector is what its text says.
        self.text == other.text && self.by == other.by && self.sum == other.sum
    }
}

impl Eq for Series {}

/// Cells of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The column of the values.
    pub column: Arc<str>,
    /// The column of the keys of a map; none: a single value.
    pub key: Option<Arc<str>>,
    /// What the cells of other columns must say.
    pub filters: Vec<(Arc<str>, Arc<str>)>,
    /// The column of the instants; none: all rows are of the document's instant.
    pub at: Option<Arc<str>>,
    /// Whether several rows for one entry are added up.
    pub sum: bool,
}

impl Way {
    /// What it reads, in the words of `from`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Tree(_) => "json",
            Self::Series(_) => "prometheus",
            Self::Rows(_) => "csv",
        }
    }

    /// What it asks of a document, as written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Tree(path) => path.as_str(),
            Self::Series(series) => &series.text,
            Self::Rows(rows) => &rows.column,
        }
    }
}

/// Whether a text can be the name of a raw document: letters, digits, `_` and `-`, no digit or `-` first.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
