//! A CSV file to the tree of a table: its first row has the names of the columns, each row below it is one entry. Columns
//! that are not declared are left out; it never takes a row whose cells do not stand under the names of the first one.

mod shape;

use std::collections::BTreeMap;

use crate::expr::types::Type;
use crate::snapshot::read::csv::whole::{Row, Rows, each};
use crate::snapshot::read::csv::written;
use crate::source::problem::nearest;
use crate::source::tree::{Entry, Kind, Node, Places, Scalar, Style};
use crate::source::{Code, Problem, Problems, Source, Span};

use shape::Columns;
pub(super) use shape::{Shape, shape};

/// The most cells of a table.
const MOST: usize = 400_000;

/// A cell: its text, whether it stands in quotes, and where.
#[derive(Clone)]
struct Cell {
    text: String,
    quoted: bool,
    span: Span,
}

/// Reads a file.
pub(super) fn read(file: &Source, shape: &Shape, problems: &mut Problems) -> Option<Node> {
    let mut table = Table {
        reading: Reading { file, problems },
        shape,
        header: None,
        entries: Vec::new(),
        known: BTreeMap::new(),
        cells: 0,
    };
    let sound = each(file, &mut table);
    let Table {
        header, entries, ..
    } = table;
    // Whatever is wrong has been told.
    let found = header.map(|header| header.found);
    if found.is_none() && sound {
        let problem = Problem::new(Code::Empty, "there is nothing in it");
        problems.push(problem.at(file, Span::default(), ""));
    }
    if !sound {
        return None;
    }
    found??;
    let span = Span::new(0, file.text().len());
    let kind = if shape.key.is_some() {
        let entries = entries.into_iter().filter_map(|(key, value)| {
            let key = key?;
            Some(Entry {
                key_span: key.span,
                key: scalar(key.text, Style::Quoted, key.span),
                value,
            })
        });
        Kind::Map(entries.collect())
    } else {
        Kind::List(entries.into_iter().map(|(_, node)| node).collect())
    };
    Some(Node { span, kind })
}

/// A table while it is read.
struct Table<'f> {
    reading: Reading<'f>,
    shape: &'f Shape,
    /// None before the first row.
    header: Option<Header>,
    entries: Vec<(Option<Cell>, Node)>,
    /// Where each key was met.
    known: BTreeMap<String, Span>,
    cells: usize,
}

/// The first row.
struct Header {
    names: usize,
    /// None: one is missing, or two have one name.
    found: Option<Found>,
}

impl Rows for Table<'_> {
    fn problem(&mut self, problem: Problem) {
        self.reading.problems.push(problem);
    }

    fn row(&mut self, row: &Row<'_>) -> bool {
        let row: Vec<Cell> = (0..row.len()).map(|index| Cell::of(row, index)).collect();
        self.cells = self.cells.saturating_add(row.len());
        if self.cells > MOST {
            let message = format!("more than {MOST} cells in one table");
            let help = "leave out what no rule reads".to_owned();
            let label = "too much begins here";
            let span = whole(&row);
            self.reading
                .wrong(Code::TooLarge, span, message, label, help);
            return false;
        }
        let Some(header) = &self.header else {
            let found = self.reading.columns(&row, self.shape);
            let names = row.len();
            self.header = Some(Header { names, found });
            return true;
        };
        let Some(found) = &header.found else {
            // What a row is to have is not known; quotes are looked after all the same.
            return true;
        };
        if !self.reading.fits(&row, header.names) {
            return true;
        }
        let Some(node) = entry(&row, self.shape, found) else {
            return true;
        };
        let key = found.key.and_then(|key| row.get(key)).cloned();
        // In quotes it is what is written.
        let key = key.map(|mut key| {
            if !key.quoted {
                key.text = key.text.trim().to_owned();
            }
            key
        });
        let new = |key: &Cell| self.reading.is_new(key, &mut self.known);
        if key.as_ref().is_none_or(new) {
            self.entries.push((key, node));
        }
        true
    }
}

impl Cell {
    fn of(row: &Row<'_>, index: usize) -> Self {
        Self {
            text: row.text(index).into_owned(),
            quoted: row.quoted(index),
            span: row.span(index),
        }
    }
}

fn scalar(text: String, style: Style, span: Span) -> Scalar {
    let map = Places::from([(0, span.start)]);
    Scalar { text, style, map }
}

/// Where the declared columns are.
struct Found {
    key: Option<usize>,
    columns: Vec<usize>,
}

struct Reading<'f> {
    file: &'f Source,
    problems: &'f mut Problems,
}

impl Reading<'_> {
    fn wrong(&mut self, code: Code, span: Span, message: String, label: &str, help: String) {
        self.problems.push(
            Problem::new(code, message)
                .help(help)
                .at(self.file, span, label),
        );
    }

    /// Finds the columns in the first row; nothing where one is missing or two have one name.
    fn columns(&mut self, header: &[Cell], shape: &Shape) -> Option<Found> {
        let names: Vec<&str> = header.iter().map(|cell| cell.text.trim()).collect();
        let mut sound = true;
        for (index, (name, cell)) in names.iter().zip(header).enumerate() {
            let before = names.iter().take(index).position(|other| other == name);
            if let Some(first) = before.and_then(|first| header.get(first)) {
                let message = format!("two columns are named `{name}`");
                let problem = Problem::new(Code::DuplicateKey, message)
                    .help("leave one of them out, or give it its own name")
                    .at(self.file, cell.span, "second")
                    .at(self.file, first.span, "first");
                self.problems.push(problem);
                sound = false;
            }
        }
        let key = shape
            .key
            .as_ref()
            .map(|key| self.column(key, header, &names));
        let columns = match &shape.columns {
            Columns::Named(columns) => {
                let each = columns.iter();
                each.map(|(name, _)| self.column(name, header, &names))
                    .collect()
            }
            Columns::Other(_) => vec![self.other(header, shape)],
        };
        sound.then_some(())?;
        Some(Found {
            key: match key {
                Some(found) => Some(found?),
                None => None,
            },
            columns: columns.into_iter().collect::<Option<Vec<usize>>>()?,
        })
    }

    fn column(&mut self, name: &str, header: &[Cell], names: &[&str]) -> Option<usize> {
        let found = names.iter().position(|known| *known == name);
        if found.is_none() {
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("is `{near}` meant?"),
                None if names.iter().any(|name| name.contains([';', '\t'])) => {
                    "separate the cells by commas".to_owned()
                }
                None => format!("the columns are {}", names.join(", ")),
            };
            let message = format!("no column is named `{name}`");
            self.wrong(
                Code::BadTable,
                whole(header),
                message,
                "not in this row",
                help,
            );
        }
        found
    }

    /// The one column beside that of the keys.
    fn other(&mut self, header: &[Cell], shape: &Shape) -> Option<usize> {
        let key = shape.key.as_deref();
        let mut others = header.iter().enumerate();
        let mut others = others
            .by_ref()
            .filter(|(_, cell)| Some(cell.text.trim()) != key);
        match (others.next(), others.next()) {
            (Some((index, _)), None) => Some(index),
            (first, _) => {
                let many = if first.is_some() {
                    "more than one"
                } else {
                    "no"
                };
                let message = format!("{many} column beside that of the keys");
                let help = "write `map<string, {column: double}>`: it names the columns that count";
                self.wrong(
                    Code::BadTable,
                    whole(header),
                    message,
                    "which one?",
                    help.to_owned(),
                );
                None
            }
        }
    }

    /// Whether a row has as many cells as there are names.
    fn fits(&mut self, row: &[Cell], named: usize) -> bool {
        let given = row.len();
        if given != named {
            let message = format!("a row of {given} cells under {named} names");
            let help =
                "give each row a cell for each name; one with a comma in it stands in quotes";
            self.wrong(
                Code::CsvSyntax,
                whole(row),
                message,
                "this row",
                help.to_owned(),
            );
        }
        given == named
    }

    /// Whether the key of a row is one that no row before it has.
    fn is_new(&mut self, key: &Cell, known: &mut BTreeMap<String, Span>) -> bool {
        if key.text.trim().is_empty() {
            let help = "write the key, or take the row out".to_owned();
            self.wrong(
                Code::BadTable,
                key.span,
                "a row without a key".to_owned(),
                "empty",
                help,
            );
            return false;
        }
        match known.get(&key.text) {
            None => {
                known.insert(key.text.clone(), key.span);
                true
            }
            Some(first) => {
                let message = format!("two rows have the key `{}`", key.text);
                let problem = Problem::new(Code::DuplicateKey, message)
                    .help("keep one of them")
                    .at(self.file, key.span, "second")
                    .at(self.file, *first, "first");
                self.problems.push(problem);
                false
            }
        }
    }
}

/// A row as its shape has it.
fn entry(row: &[Cell], shape: &Shape, found: &Found) -> Option<Node> {
    match &shape.columns {
        Columns::Other(ty) => Some(single(row.get(*found.columns.first()?)?, ty)),
        Columns::Named(columns) => {
            let each = columns.iter().zip(&found.columns);
            let entries = each.filter_map(|((name, ty), index)| {
                let cell = row.get(*index)?;
                Some(Entry {
                    key: scalar(name.to_string(), Style::Quoted, cell.span),
                    key_span: cell.span,
                    value: single(cell, ty),
                })
            });
            Some(Node {
                span: whole(row),
                kind: Kind::Map(entries.collect()),
            })
        }
    }
}

/// A cell as a value of this type is written; an empty one is nothing.
fn single(cell: &Cell, ty: &Type) -> Node {
    let empty = cell.text.trim().is_empty() && !cell.quoted;
    let (text, style) = if empty {
        (String::new(), Style::Plain)
    } else {
        written(ty, cell.text.clone(), cell.quoted)
    };
    Node {
        span: cell.span,
        kind: Kind::Scalar(scalar(text, style, cell.span)),
    }
}

/// All of a row.
fn whole(row: &[Cell]) -> Span {
    row.iter()
        .map(|cell| cell.span)
        .reduce(Span::to)
        .unwrap_or_default()
}
