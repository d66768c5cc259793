//! A test with a matrix, once for each of its rows: on the tree, before it is read. Never what the values mean.

use std::collections::{BTreeMap, BTreeSet};

use super::fill::{Fill, values};
use super::hole::{Piece, pieces};
use crate::policy::decode::{Decoder, Text};
use crate::source::problem::nearest;
use crate::source::tree::{Entry, Kind, Node, Scalar};
use crate::source::{Code, Problem, Span};

/// The most values that the matrices of a suite make together.
pub(super) const MOST: usize = 1_000_000;

/// A test with the values of one row in it.
#[derive(Debug)]
pub(super) struct Expanded {
    /// The test without its matrix.
    pub(super) test: Node,
    /// `k=v, k2=v2`, where its name does not say which row it is.
    pub(super) row: Option<String>,
    /// Where its row stands.
    pub(super) span: Option<Span>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

/// The tests of an entry of `tests`; none where its matrix is wrong, which is told.
pub(super) fn expanded(
    d: &mut Decoder<'_>,
    node: &Node,
    left: &mut usize,
) -> Option<Vec<Expanded>> {
    let template = without_matrix(node);
    let Some(matrix) = node.get("matrix") else {
        if !has_holes(&template) {
            let (test, problems) = (template, Vec::new());
            return Some(vec![Expanded {
                test,
                row: None,
                span: None,
                problems,
            }]);
        }
        let rows = BTreeMap::new();
        return fits(d, &template, &rows, None).then(|| {
            let mut fill = Fill::new(d.source, &rows);
            let test = fill.node(&template);
            vec![Expanded {
                test,
                row: None,
                span: None,
                problems: fill.problems,
            }]
        });
    };
    let rows = rows(d, matrix)?;
    let keys: BTreeMap<&str, &Node> = rows
        .first()
        .map(|(_, row)| by_name(row))
        .unwrap_or_default();
    if !fits(d, &template, &keys, Some(matrix)) {
        return None;
    }
    let named = node.get("name").is_some_and(has_holes);
    let mut tests = Vec::new();
    for (span, row) in &rows {
        let values_of = by_name(row);
        let mut fill = Fill::new(d.source, &values_of);
        let test = fill.node(&template);
        if fill.made > *left {
            let message = format!("the matrices of the suite make more than {MOST} values");
            let help = "write fewer rows, or several suites";
            d.at(Code::BadMatrix, *span, message, "from this row on", help);
            return None;
        }
        *left = left.saturating_sub(fill.made);
        tests.push(Expanded {
            test,
            row: (!named).then(|| values(row)),
            span: Some(*span),
            problems: fill.problems,
        });
    }
    Some(tests)
}

type Row<'n> = Vec<(Text, &'n Node)>;

fn by_name<'r>(row: &'r Row<'_>) -> BTreeMap<&'r str, &'r Node> {
    row.iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect()
}

/// The rows of a matrix, all of the same keys.
fn rows<'n>(d: &mut Decoder<'_>, matrix: &'n Node) -> Option<Vec<(Span, Row<'n>)>> {
    let Kind::List(items) = &matrix.kind else {
        d.wrong_kind(matrix, "matrix", "a list of rows");
        return None;
    };
    let mut wrong = Wrong { d, any: false };
    if items.is_empty() {
        let help = "write a row, such as `{rate: 0.05, verdict: rollback}`, or remove it";
        wrong.at(matrix.span, "a matrix without a row", "empty", help);
    }
    let mut rows: Vec<(Span, Row<'n>)> = Vec::new();
    for item in items {
        if !matches!(item.kind, Kind::Map(_)) {
            let message = format!("a row of a matrix is {}, not a map", item.describe());
            let help = "write its values by name: `{rate: 0.05, verdict: rollback}`";
            wrong.at(item.span, &message, "expected a map", help);
            continue;
        }
        let row = wrong.d.entries(item, "a row");
        if row.is_empty() {
            let help = "write its values by name: `{rate: 0.05, verdict: rollback}`";
            wrong.at(
                item.span,
                "a row of a matrix without a value",
                "empty",
                help,
            );
            continue;
        }
        if let Some((_, first)) = rows.first() {
            wrong.alike(item.span, &row, first);
        }
        rows.push((item.span, row));
    }
    (!wrong.any).then_some(rows)
}

/// Collects what is wrong with a matrix.
struct Wrong<'d, 's> {
    d: &'d mut Decoder<'s>,
    any: bool,
}

impl Wrong<'_, '_> {
    fn at(&mut self, span: Span, message: &str, label: &str, help: &str) {
        self.any = true;
        self.d.at(Code::BadMatrix, span, message, label, help);
    }

    /// Whether a row has the keys of the first one.
    fn alike(&mut self, span: Span, row: &Row<'_>, first: &Row<'_>) {
        let (own, known) = (by_name(row), by_name(first));
        let missing = first.iter().map(|(name, _)| name.as_str());
        let mut missing: Vec<&str> = missing.filter(|name| !own.contains_key(name)).collect();
        let more = row.iter().map(|(name, _)| name);
        for name in more.filter(|name| !known.contains_key(name.as_str())) {
            let message = format!("the first row of the matrix has no `{}`", name.as_str());
            let near = nearest(name.as_str(), missing.iter().copied());
            let help = near.map_or_else(
                || "all rows have the same keys: write it in each of them, or remove it".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.at(name.span, &message, "not in the first row", &help);
            // What is mistyped is not missing as well.
            let near = near.map(str::to_owned);
            missing.retain(|name| Some(*name) != near.as_deref());
        }
        for name in missing {
            let message = format!("a row of the matrix has no `{name}`");
            let help =
                "all rows have the same keys: write its value, or `null` where there is none";
            self.at(span, &message, "without it", help);
        }
    }
}

/// Whether each hole has a value and each value a hole.
fn fits(
    d: &mut Decoder<'_>,
    template: &Node,
    keys: &BTreeMap<&str, &Node>,
    matrix: Option<&Node>,
) -> bool {
    let mut wrong = Wrong { d, any: false };
    let mut used = BTreeSet::new();
    scalars(template, &mut |scalar, _| {
        for piece in pieces(&scalar.text) {
            match piece {
                Piece::Hole(_, name) if keys.contains_key(name) => {
                    used.insert(name.to_owned());
                }
                Piece::Hole(range, name) => {
                    let span = scalar.locate(range.start, range.end);
                    wrong.hole(span, name, keys, matrix);
                }
                Piece::Open(range) => {
                    let span = scalar.locate(range.start, range.end);
                    let help = "close it with `}`, or write `$${` for `${` itself";
                    wrong.at(span, "`${` is never closed", "opened here", help);
                }
                Piece::Text(_) | Piece::Escaped(_) => {}
            }
        }
    });
    if wrong.any {
        return false;
    }
    let first = matrix.and_then(|matrix| match &matrix.kind {
        Kind::List(items) => items.first(),
        Kind::Scalar(_) | Kind::Map(_) => None,
    });
    if let Some(Kind::Map(entries)) = first.map(|first| &first.kind) {
        let own = entries
            .iter()
            .filter(|entry| keys.contains_key(entry.key.text.as_str()));
        for entry in own.filter(|entry| !used.contains(&entry.key.text)) {
            let name = &entry.key.text;
            let message = format!("nothing in the test takes `{name}` of its matrix");
            let help = format!("write `${{{name}}}` where it belongs, or remove it");
            wrong.at(entry.key_span, &message, "not used", &help);
        }
    }
    !wrong.any
}

impl Wrong<'_, '_> {
    /// A hole that no row has a value for.
    fn hole(
        &mut self,
        span: Span,
        name: &str,
        keys: &BTreeMap<&str, &Node>,
        matrix: Option<&Node>,
    ) {
        let known: Vec<&str> = keys.keys().copied().collect();
        let (message, help) = if matrix.is_none() {
            (
                format!("`${{{name}}}` in a test without a matrix"),
                "give the test `matrix`, a list of rows; write `$${` for `${` itself".to_owned(),
            )
        } else {
            let near = nearest(name, known.iter().copied());
            let help = near.map_or_else(
                || {
                    format!(
                        "its rows have {}; write `$${{` for `${{` itself",
                        known.join(", ")
                    )
                },
                |near| format!("did you mean `${{{near}}}`?"),
            );
            (format!("the matrix has no `{name}`"), help)
        };
        self.at(span, &message, "no value", &help);
    }
}

/// A test without its matrix.
fn without_matrix(node: &Node) -> Node {
    let mut node = node.clone();
    if let Kind::Map(entries) = &mut node.kind {
        entries.retain(|entry| entry.key.text != "matrix");
    }
    node
}

fn has_holes(node: &Node) -> bool {
    let mut found = false;
    scalars(node, &mut |scalar, _| {
        found = found || scalar.text.contains("${");
    });
    found
}

/// Every scalar of a tree, the keys of maps among them.
pub(super) fn scalars(node: &Node, see: &mut dyn FnMut(&Scalar, Span)) {
    match &node.kind {
        Kind::Scalar(scalar) => see(scalar, node.span),
        Kind::List(items) => items.iter().for_each(|item| scalars(item, see)),
        Kind::Map(entries) => entries.iter().for_each(|entry: &Entry| {
            see(&entry.key, entry.key_span);
            scalars(&entry.value, see);
        }),
    }
}
