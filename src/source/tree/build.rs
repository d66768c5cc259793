//! Nodes to a tree, in the order they are read: what the YAML and the JSON reader share.
//!
//! It keeps its own stack, so no document can exhaust the thread's; it never looks at the text itself.

use super::super::{Code, Problem, Problems, Source, Span};
use super::{Entry, Kind, MAX_DEPTH, Node, Scalar};

/// The most values of one document, keys among them: a tree takes many times the memory of its text.
pub(in crate::source) const MAX_VALUES: usize = 400_000;

/// The most bytes one text of a document may have.
pub(in crate::source) const MAX_TEXT: usize = 4 * 1024 * 1024;
/// The most places at which texts of one document are other than they are written: escapes, folds, indentation.
const MAX_PIECES: usize = 1_000_000;

/// Up to this many entries all keys are compared with each other; above it they are sorted.
const FEW: usize = 12;

/// A list or a map that is not closed yet.
enum Open {
    List {
        start: usize,
        items: Vec<Node>,
    },
    Map {
        start: usize,
        entries: Vec<Entry>,
        key: Pending,
    },
}

/// What has been read of the next entry of a map.
enum Pending {
    Nothing,
    Key(Scalar, Span),
    /// A key that cannot be one: its value is read and left out.
    Refused,
}

/// A tree in the making.
pub(in crate::source) struct Builder<'a> {
    source: &'a Source,
    open: Vec<Open>,
    problems: Problems,
    /// How many values have been read.
    values: usize,
    /// How many pieces their texts have.
    pieces: usize,
}

impl<'a> Builder<'a> {
    pub(in crate::source) fn new(source: &'a Source) -> Self {
        Self {
            source,
            open: Vec::new(),
            problems: Problems::default(),
            values: 0,
            pieces: 0,
        }
    }

    /// Notes a problem.
    pub(in crate::source) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The problems, in the order of their places.
    pub(in crate::source) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.finish();
        problems.sort_by_key(|problem| {
            let label = problem.labels.first();
            label.map_or(usize::MAX, |label| label.span.start)
        });
        problems
    }

    /// Counts a value that begins at `start`. False, and reported, if it is one too many.
    #[must_use]
    pub(in crate::source) fn count(&mut self, start: usize) -> bool {
        self.values = self.values.saturating_add(1);
        let fits = self.values <= MAX_VALUES;
        if self.values == MAX_VALUES.saturating_add(1) {
            self.too_large(
                start,
                format!("more than {MAX_VALUES} values in one document"),
            );
        }
        fits
    }

    /// Counts a single value whose text has so many bytes. False, and reported, if it is one too many or too long.
    #[must_use]
    pub(in crate::source) fn count_text(&mut self, start: usize, bytes: usize) -> bool {
        let fits = bytes <= MAX_TEXT;
        if !fits {
            self.too_large(start, "a text of more than 4 MiB in a document".to_owned());
        }
        self.count(start) && fits
    }

    /// Says that there is more than is read, from `start` on.
    pub(in crate::source) fn too_many(&mut self, start: usize) {
        self.too_large(
            start,
            format!("more than {MAX_VALUES} values in one document"),
        );
    }

    fn too_large(&mut self, start: usize, message: String) {
        let problem = Problem::new(Code::TooLarge, message)
            .at(
                self.source,
                Span::new(start, start.saturating_add(1)),
                "too much begins here",
            )
            .help("leave out what no rule reads, or split it: every file given is merged, and a history streams as JSON Lines");
        self.problems.push(problem);
    }

    /// Where the innermost open list or map begins, and whether it is a map.
    pub(in crate::source) fn innermost(&self) -> Option<(usize, bool)> {
        self.open.last().map(|open| match open {
            Open::List { start, .. } => (*start, false),
            Open::Map { start, .. } => (*start, true),
        })
    }

    /// Whether the next node is a key.
    pub(in crate::source) fn awaits_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open::Map {
                key: Pending::Nothing,
                ..
            })
        )
    }

    /// Begins a list. False, and reported, if it would be nested too deep.
    #[must_use]
    pub(in crate::source) fn open_list(&mut self, start: usize) -> bool {
        self.push(
            start,
            Open::List {
                start,
                items: Vec::new(),
            },
        )
    }

    /// Begins a map. False, and reported, if it would be nested too deep.
    #[must_use]
    pub(in crate::source) fn open_map(&mut self, start: usize) -> bool {
        self.push(
            start,
            Open::Map {
                start,
                entries: Vec::new(),
                key: Pending::Nothing,
            },
        )
    }

    fn push(&mut self, start: usize, open: Open) -> bool {
        if !self.count(start) {
            return false;
        }
        if self.open.len() >= MAX_DEPTH {
            let problem = too_deep(self.source, start);
            self.report(problem);
            return false;
        }
        self.open.push(open);
        true
    }

    /// Ends the innermost list or map, before the byte `end`; without `end`, after the last thing in it. Gives the whole
    /// tree back if that was the outermost.
    pub(in crate::source) fn close(&mut self, end: Option<usize>) -> Option<Node> {
        let node = match self.open.pop()? {
            Open::List { start, items } => {
                let end = end
                    .or(items.last().map(|item| item.span.end))
                    .unwrap_or(start);
                Node {
                    span: Span::new(start, end),
                    kind: Kind::List(items),
                }
            }
            Open::Map { start, entries, .. } => {
                let last = entries
                    .last()
                    .map(|entry| entry.value.span.end.max(entry.key_span.end));
                let end = end.or(last).unwrap_or(start);
                Node {
                    span: Span::new(start, end),
                    kind: Kind::Map(self.without_duplicates(entries)),
                }
            }
        };
        self.add(node)
    }

    /// Adds a node where it belongs: as an item, as a key or as the value of the key before. Gives it back if nothing
    /// is open, which makes it the tree.
    pub(in crate::source) fn add(&mut self, mut node: Node) -> Option<Node> {
        self.bound_pieces(&mut node);
        let refused = match self.open.last_mut() {
            None => return Some(node),
            Some(Open::List { items, .. }) => {
                items.push(node);
                return None;
            }
            Some(Open::Map { entries, key, .. }) => {
                match std::mem::replace(key, Pending::Nothing) {
                    Pending::Key(name, key_span) => {
                        entries.push(Entry {
                            key: name,
                            key_span,
                            value: node,
                        });
                        return None;
                    }
                    Pending::Refused => return None,
                    Pending::Nothing => match node.kind {
                        Kind::Scalar(scalar) => {
                            *key = Pending::Key(scalar, node.span);
                            return None;
                        }
                        Kind::List(_) | Kind::Map(_) => {
                            *key = Pending::Refused;
                            node
                        }
                    },
                }
            }
        };
        let what = refused.describe();
        let problem = Problem::new(
            Code::WrongKind,
            format!("{what} stands where a key is expected"),
        )
        .at(self.source, refused.span, "not a key")
        .help("a key is a text: quote it if it begins with a bracket");
        self.report(problem);
        None
    }

    /// Texts of very many pieces in one document: the places in what comes after are those of its beginning.
    fn bound_pieces(&mut self, node: &mut Node) {
        if let Kind::Scalar(scalar) = &mut node.kind {
            self.pieces = self.pieces.saturating_add(scalar.map.len());
            if self.pieces > MAX_PIECES {
                scalar.map.truncate(1);
                scalar.map.shrink_to_fit();
            }
        }
    }

    /// The entries whose key is not given before in the same map. Sorting keeps a map of many keys from costing the
    /// square of their number.
    fn without_duplicates(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        // Most maps are small and have none: no memory is taken to know that.
        let again = |index: usize, entry: &Entry| {
            let mut others = entries.iter().skip(index.saturating_add(1));
            others.any(|other| other.key.text == entry.key.text)
        };
        if entries.len() <= FEW
            && !entries
                .iter()
                .enumerate()
                .any(|(index, entry)| again(index, entry))
        {
            return entries;
        }
        let firsts = firsts(&entries);
        if firsts
            .iter()
            .enumerate()
            .all(|(index, first)| index == *first)
        {
            return entries;
        }
        for (entry, first) in entries.iter().zip(&firsts) {
            let Some(first) = entries
                .get(*first)
                .filter(|first| first.key_span != entry.key_span)
            else {
                continue;
            };
            let problem = Problem::new(
                Code::DuplicateKey,
                format!("`{}` is given twice in one map", entry.key.text),
            )
            .at(self.source, entry.key_span, "given again here")
            .at(self.source, first.key_span, "first given here")
            .help("keep one of them");
            self.report(problem);
        }
        let kept = entries
            .into_iter()
            .zip(firsts)
            .enumerate()
            .filter(|(index, (_, first))| index == first);
        kept.map(|(_, (entry, _))| entry).collect()
    }
}

/// For each entry the index of the first one with its key.
fn firsts(entries: &[Entry]) -> Vec<usize> {
    let mut order: Vec<(&str, usize)> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (entry.key.text.as_str(), index))
        .collect();
    order.sort_unstable();
    let mut firsts = vec![0; entries.len()];
    let mut first: Option<(&str, usize)> = None;
    for (text, index) in order {
        let (_, of) = *first
            .filter(|(known, _)| *known == text)
            .get_or_insert((text, index));
        first = Some((text, of));
        if let Some(slot) = firsts.get_mut(index) {
            *slot = of;
        }
    }
    firsts
}

/// A list or a map at `start` that is nested too deep.
pub(in crate::source) fn too_deep(source: &Source, start: usize) -> Problem {
    Problem::new(
        Code::TooDeep,
        format!("nested deeper than {MAX_DEPTH} lists and maps"),
    )
    .at(
        source,
        Span::new(start, start.saturating_add(1)),
        "one level too many begins here",
    )
    .help(format!(
        "at most {MAX_DEPTH} levels are read: flatten the structure"
    ))
}
