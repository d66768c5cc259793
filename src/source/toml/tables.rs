//! The tables of a TOML text as they grow: which one a header begins, which ones a path with dots may go on with.
//!
//! They lie in one list and know each other by index, since a header may go on with any table before it. It never reads
//! text.

use std::collections::BTreeMap;

use super::super::tree::{Entry, Kind, Node, Scalar};
use super::super::{Problem, Source, Span};
use super::trouble;

/// A key and where it stands.
pub(super) type Key = (Scalar, Span);

/// Where a value belongs.
pub(super) struct Target {
    pub(super) table: usize,
    pub(super) key: Key,
}

/// How a table came to be: what may go on with it follows from that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// As a part of a header's path: a header of its own may follow once.
    Passed,
    /// By its header, or the text itself.
    Headed,
    /// As a part of a key's path.
    Dotted,
    /// In braces: nothing outside them adds to it.
    Inline,
}

/// What stands at a key.
pub(super) enum Item {
    Value(Node),
    Table(usize),
    /// A list of tables, each with a header `[[…]]`.
    Tables(Span, Vec<usize>),
}

struct Table {
    made: Made,
    span: Span,
    /// How many lists and maps it is in, itself among them.
    depth: usize,
    entries: Vec<(Key, Item)>,
    index: BTreeMap<String, usize>,
}

/// All of a text.
pub(super) struct Tables<'a> {
    source: &'a Source,
    all: Vec<Table>,
    /// The one that keys go to.
    current: usize,
}

/// What a step of a path comes upon.
enum Found {
    Nothing,
    Table(usize, Made),
    Last(usize),
    Value,
}

impl<'a> Tables<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let span = Span::new(0, source.text().len());
        let mut tables = Self {
            source,
            all: Vec::new(),
            current: 0,
        };
        tables.add(Made::Headed, span, 1);
        tables
    }

    /// Whether nothing has been put into any.
    pub(super) fn is_empty(&self) -> bool {
        self.all.iter().all(|table| table.entries.is_empty())
    }

    fn add(&mut self, made: Made, span: Span, depth: usize) -> usize {
        self.all.push(Table {
            made,
            span,
            depth,
            entries: Vec::new(),
            index: BTreeMap::new(),
        });
        self.all.len().saturating_sub(1)
    }

    /// A table in braces, which belongs nowhere until it is closed.
    pub(super) fn inline(&mut self, depth: usize) -> usize {
        self.add(Made::Inline, Span::default(), depth)
    }

    /// How deep a table is: the one in braces, or the one that keys go to.
    pub(super) fn depth_of(&self, inside: Option<usize>) -> usize {
        let table = self.all.get(inside.unwrap_or(self.current));
        table.map_or(1, |table| table.depth)
    }

    /// How deep what a value belongs to is.
    pub(super) fn depth(&self, table: usize, target: Option<&Target>) -> usize {
        self.depth_of(Some(target.map_or(table, |target| target.table)))
    }

    /// The same outside of braces.
    pub(super) fn here(&self, target: Option<&Target>) -> usize {
        self.depth(self.current, target)
    }

    fn find(&self, table: usize, key: &str) -> Found {
        let entry = self.all.get(table).and_then(|table| {
            let at = table.index.get(key)?;
            table.entries.get(*at)
        });
        match entry {
            None => Found::Nothing,
            Some((_, Item::Value(_))) => Found::Value,
            Some((_, Item::Table(id))) => {
                let made = self.all.get(*id).map_or(Made::Headed, |table| table.made);
                Found::Table(*id, made)
            }
            Some((_, Item::Tables(_, ids))) => {
                ids.last().map_or(Found::Value, |id| Found::Last(*id))
            }
        }
    }

    fn insert(&mut self, table: usize, key: Key, item: Item) {
        if let Some(table) = self.all.get_mut(table) {
            table.index.insert(key.0.text.clone(), table.entries.len());
            table.entries.push((key, item));
        }
    }

    /// Begins the table of a header. What is wrong is told, and its keys are read all the same.
    pub(super) fn header(
        &mut self,
        path: Vec<Key>,
        last: Key,
        span: Span,
        many: bool,
    ) -> Option<Problem> {
        let mut at = 0;
        for key in path {
            at = match self.find(at, &key.0.text) {
                Found::Nothing => self.child(at, key, Made::Passed),
                Found::Table(id, _) | Found::Last(id) => id,
                Found::Value => {
                    self.lost(span);
                    return Some(trouble::extended(self.source, &key, self.first(at, &key)));
                }
            };
        }
        let depth = self.depth_of(Some(at)).saturating_add(1);
        match (self.find(at, &last.0.text), many) {
            (Found::Nothing, false) => {
                self.current = self.child(at, last, Made::Headed);
            }
            (Found::Table(id, Made::Passed), false) => {
                self.current = id;
                if let Some(table) = self.all.get_mut(id) {
                    table.made = Made::Headed;
                }
            }
            (Found::Nothing, true) => {
                self.current = self.add(Made::Headed, span, depth.saturating_add(1));
                let item = Item::Tables(span, vec![self.current]);
                self.insert(at, last, item);
            }
            (Found::Last(_), true) => {
                self.current = self.add(Made::Headed, span, depth.saturating_add(1));
                let current = self.current;
                let table = self.all.get_mut(at);
                let item = table.and_then(|table| {
                    let index = table.index.get(&last.0.text)?;
                    table.entries.get_mut(*index)
                });
                if let Some((_, Item::Tables(_, ids))) = item {
                    ids.push(current);
                }
            }
            _ => {
                self.lost(span);
                return Some(trouble::twice(self.source, &last, self.first(at, &last)));
            }
        }
        if let Some(table) = self.all.get_mut(self.current) {
            table.span = span;
        }
        None
    }

    /// Lets what follows a refused header go to a table of its own, which is part of nothing.
    fn lost(&mut self, span: Span) {
        self.current = self.add(Made::Headed, span, 2);
    }

    fn child(&mut self, at: usize, key: Key, made: Made) -> usize {
        let depth = self.depth_of(Some(at)).saturating_add(1);
        let id = self.add(made, key.1, depth);
        self.insert(at, key, Item::Table(id));
        id
    }

    /// Where a key was given first.
    fn first(&self, table: usize, key: &Key) -> Option<Span> {
        let table = self.all.get(table)?;
        let at = table.index.get(&key.0.text)?;
        table.entries.get(*at).map(|((_, span), _)| *span)
    }

    /// The table at the end of a key's path.
    pub(super) fn follow(
        &mut self,
        inside: Option<usize>,
        path: Vec<Key>,
    ) -> Result<usize, Problem> {
        let mut at = inside.unwrap_or(self.current);
        for key in path {
            at = match self.find(at, &key.0.text) {
                Found::Nothing => self.child(at, key, Made::Dotted),
                Found::Table(id, Made::Passed | Made::Dotted) => {
                    if let Some(table) = self.all.get_mut(id) {
                        table.made = Made::Dotted;
                    }
                    id
                }
                Found::Table(_, Made::Headed) | Found::Last(_) => {
                    return Err(trouble::twice(self.source, &key, self.first(at, &key)));
                }
                Found::Table(_, Made::Inline) | Found::Value => {
                    return Err(trouble::extended(self.source, &key, self.first(at, &key)));
                }
            };
        }
        Ok(at)
    }

    /// Puts a value at its key, unless the key is given before.
    pub(super) fn put(&mut self, target: Target, node: Node) -> Option<Problem> {
        let Target { table, key } = target;
        if let Some(first) = self.first(table, &key) {
            return Some(trouble::twice(self.source, &key, Some(first)));
        }
        self.insert(table, key, Item::Value(node));
        None
    }

    /// A table in braces as a node, once it is closed.
    pub(super) fn taken(&mut self, table: usize, span: Span) -> Node {
        let mut node = self.node(table);
        node.span = span;
        node
    }

    /// The whole tree.
    pub(super) fn finish(mut self) -> Node {
        self.node(0)
    }

    /// A table with all in it. As deep as the tables are, which is bounded where they are made.
    fn node(&mut self, table: usize) -> Node {
        let (span, entries) = self.all.get_mut(table).map_or_else(
            || (Span::default(), Vec::new()),
            |table| (table.span, std::mem::take(&mut table.entries)),
        );
        let entries = entries.into_iter().map(|((key, key_span), item)| Entry {
            key,
            key_span,
            value: match item {
                Item::Value(node) => node,
                Item::Table(id) => self.node(id),
                Item::Tables(span, ids) => Node {
                    span,
                    kind: Kind::List(ids.into_iter().map(|id| self.node(id)).collect()),
                },
            },
        });
        Node {
            span,
            kind: Kind::Map(entries.collect()),
        }
    }
}
