//! TOML text to a tree, as TOML 1.1 has it: the same tree as of YAML and JSON, with the place of everything.
//!
//! Tokens and grammar are a crate's; which tables a key may go on with, and what a number is, is decided here. It never
//! makes a number or an instant of a date: a date is a text, as it is in YAML.

mod scalar;
mod tables;
mod trouble;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError};

use self::tables::{Key, Tables, Target};
use super::tree::build::{Builder, MAX_VALUES};
use super::tree::{Kind, MAX_DEPTH, Node};
use super::{Problem, Source, Span};

/// The most tokens that are read, spaces among them: a key and its value are six.
const MAX_TOKENS: usize = MAX_VALUES * 8;

/// Reads a TOML text. The tree is missing if the text is not TOML; with a duplicate key it is there, without the later
/// entry.
#[must_use]
pub fn parse(source: &Source) -> (Option<Node>, Vec<Problem>) {
    let mut builder = Builder::new(source);
    let text = toml_parser::Source::new(source.text());
    let tokens: Vec<_> = text.lex().take(MAX_TOKENS.saturating_add(1)).collect();
    if tokens.len() > MAX_TOKENS {
        builder.too_many(tokens.last().map_or(0, |token| token.span().start()));
        return (None, builder.into_problems());
    }
    let mut refused = Vec::new();
    let mut reader = Reader {
        source,
        builder,
        tables: Tables::new(source),
        keys: Vec::new(),
        header: None,
        target: None,
        open: Vec::new(),
        stopped: false,
    };
    let mut checked = ValidateWhitespace::new(&mut reader, text);
    let mut sink = Refused {
        source,
        problems: &mut refused,
    };
    parse_document(&tokens, &mut checked, &mut sink);
    let right = refused.is_empty() && !reader.stopped;
    let Reader {
        mut builder,
        tables,
        ..
    } = reader;
    let nothing = tables.is_empty();
    for problem in refused {
        builder.report(problem);
    }
    let tree = right.then(|| tables.finish());
    let problems = builder.into_problems();
    if nothing && problems.is_empty() {
        return (None, vec![trouble::empty(source)]);
    }
    (tree, problems)
}

/// What the crate refuses, up to the number that is kept of a text.
struct Refused<'a, 'p> {
    source: &'a Source,
    problems: &'p mut Vec<Problem>,
}

impl ErrorSink for Refused<'_, '_> {
    fn report_error(&mut self, error: ParseError) {
        // One more than is listed, so that it is said that there are more.
        if self.problems.len() <= super::problems::MAX_PROBLEMS {
            self.problems.push(trouble::syntax(self.source, &error));
        }
    }
}

/// A list or a table in brackets that is not closed yet.
enum Open {
    List {
        start: usize,
        items: Vec<Node>,
        depth: usize,
    },
    Table {
        start: usize,
        table: usize,
        target: Option<Target>,
    },
}

/// What is known between two events.
struct Reader<'a> {
    source: &'a Source,
    builder: Builder<'a>,
    tables: Tables<'a>,
    /// The keys of a path so far.
    keys: Vec<Key>,
    /// Where the header begins that is being read.
    header: Option<usize>,
    /// Where the value belongs that comes next, outside of brackets.
    target: Option<Target>,
    open: Vec<Open>,
    /// Whether a limit ended the reading.
    stopped: bool,
}

impl Reader<'_> {
    /// The path that was read, if any key of it can be used.
    fn path(&mut self) -> Option<(Vec<Key>, Key)> {
        let mut path = std::mem::take(&mut self.keys);
        let last = path.pop()?;
        Some((path, last))
    }

    /// Ends a header: the table it names is the one that keys go to.
    fn headed(&mut self, end: usize, many: bool) {
        let (Some(start), Some((path, last))) = (self.header.take(), self.path()) else {
            return;
        };
        // The list of tables is a level of its own.
        let levels = path.len().saturating_add(if many { 3 } else { 2 });
        if self.stopped || self.too_deep(levels, start) {
            return;
        }
        let span = Span::new(start, end);
        if let Some(problem) = self.tables.header(path, last, span, many) {
            self.builder.report(problem);
        }
    }

    /// How deep the innermost list or table is.
    fn depth(&self) -> usize {
        match self.open.last() {
            Some(Open::List { depth, .. }) => *depth,
            Some(Open::Table { table, target, .. }) => self.tables.depth(*table, target.as_ref()),
            None => self.tables.here(self.target.as_ref()),
        }
    }

    /// Whether a level is one too many: then it is said, and nothing more is read.
    fn too_deep(&mut self, depth: usize, start: usize) -> bool {
        let deep = depth > MAX_DEPTH;
        if deep && !self.stopped {
            let problem = super::tree::build::too_deep(self.source, start);
            self.builder.report(problem);
            self.stopped = true;
        }
        deep
    }

    /// Counts a value. False ends the reading.
    fn counted(&mut self, start: usize, bytes: usize) -> bool {
        self.stopped = self.stopped || !self.builder.count_text(start, bytes);
        !self.stopped
    }

    /// Puts a value where it belongs.
    fn value(&mut self, node: Node) {
        let target = match self.open.last_mut() {
            Some(Open::List { items, .. }) => {
                items.push(node);
                return;
            }
            Some(Open::Table { target, .. }) => target.take(),
            None => self.target.take(),
        };
        if let Some(problem) = target.and_then(|target| self.tables.put(target, node)) {
            self.builder.report(problem);
        }
    }

    fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> toml_parser::Raw<'_> {
        let text = self.source.text().get(span.start()..span.end());
        toml_parser::Raw::new_unchecked(text.unwrap_or_default(), encoding, span)
    }
}

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.keys.clear();
        self.header = Some(span.start());
    }

    fn std_table_close(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.headed(span.end(), false);
    }

    fn array_table_open(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.keys.clear();
        self.header = Some(span.start());
    }

    fn array_table_close(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.headed(span.end(), true);
    }

    fn inline_table_open(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) -> bool {
        let depth = self.depth().saturating_add(1);
        if !self.counted(span.start(), 0) || self.too_deep(depth, span.start()) {
            return false;
        }
        self.open.push(Open::Table {
            start: span.start(),
            table: self.tables.inline(depth),
            target: None,
        });
        true
    }

    fn inline_table_close(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        if self.stopped {
            return;
        }
        let Some(Open::Table { start, table, .. }) =
            self.open.pop_if(|open| matches!(open, Open::Table { .. }))
        else {
            return;
        };
        let node = self.tables.taken(table, Span::new(start, span.end()));
        self.value(node);
    }

    fn array_open(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) -> bool {
        let depth = self.depth().saturating_add(1);
        if !self.counted(span.start(), 0) || self.too_deep(depth, span.start()) {
            return false;
        }
        self.open.push(Open::List {
            start: span.start(),
            items: Vec::new(),
            depth,
        });
        true
    }

    fn array_close(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        if self.stopped {
            return;
        }
        let Some(Open::List { start, items, .. }) =
            self.open.pop_if(|open| matches!(open, Open::List { .. }))
        else {
            return;
        };
        self.value(Node {
            span: Span::new(start, span.end()),
            kind: Kind::List(items),
        });
    }

    fn simple_key(
        &mut self,
        span: toml_parser::Span,
        encoding: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) {
        if self.counted(span.start(), span.len()) {
            let key = scalar::key(self.raw(span, encoding), span, error);
            self.keys.push((key, Span::new(span.start(), span.end())));
        }
    }

    fn key_val_sep(&mut self, span: toml_parser::Span, _error: &mut dyn ErrorSink) {
        let Some((path, last)) = self.path().filter(|_| !self.stopped) else {
            return;
        };
        let inside = match self.open.last() {
            Some(Open::Table { table, .. }) => Some(*table),
            Some(Open::List { .. }) => return,
            None => None,
        };
        let from = self.tables.depth_of(inside);
        if self.too_deep(from.saturating_add(path.len()), span.start()) {
            return;
        }
        let found = match self.tables.follow(inside, path) {
            Ok(table) => Some(Target { table, key: last }),
            Err(problem) => {
                self.builder.report(problem);
                None
            }
        };
        match self.open.last_mut() {
            Some(Open::Table { target, .. }) => *target = found,
            _ => self.target = found,
        }
    }

    fn scalar(
        &mut self,
        span: toml_parser::Span,
        encoding: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) {
        if !self.counted(span.start(), span.len()) {
            return;
        }
        match scalar::value(self.source, self.raw(span, encoding), span, error) {
            Ok(scalar) => self.value(Node {
                span: Span::new(span.start(), span.end()),
                kind: Kind::Scalar(scalar),
            }),
            Err(problem) => self.builder.report(problem),
        }
    }
}
