//! `from` of an input: its path, selector or columns, and whether what they give can be of the input's type.

use std::sync::Arc;

use super::Checker;
use crate::expr::types::Type;
use crate::policy::decode::Text;
use crate::policy::document::{FromDocument, WayDocument};
use crate::snapshot::raw::origin::{Origin, Rows, Series, Way, is_name};
use crate::snapshot::raw::path::Path;
use crate::snapshot::raw::prometheus::Selector;
use crate::source::{Code, Span};

impl Checker<'_> {
    /// Where raw documents have the value of an input of this type.
    pub(super) fn from(&mut self, written: &FromDocument, ty: &Type) -> Option<Origin> {
        let file = match &written.file {
            Some(file) => Some(self.document(file)?),
            None => None,
        };
        let way = match &written.way {
            WayDocument::Tree(path) => match Path::parse(path.as_str()) {
                Ok(path) => Way::Tree(path),
                Err(mistake) => {
                    self.mistakes(path, vec![mistake]);
                    return None;
                }
            },
            WayDocument::Series { selector, by, sum } => {
                let labels = self.labels(by);
                self.depth(ty, by, selector.span);
                Way::Series(Series {
                    text: Arc::from(selector.as_str()),
                    selector: self.selector(selector)?,
                    by: labels?,
                    sum: *sum,
                })
            }
            WayDocument::Rows {
                column,
                key,
                filters,
                at,
                sum,
            } => {
                self.cell(ty, column.span, key.as_ref(), *sum);
                for name in [Some(column), key.as_ref(), at.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    self.filled(name, "the name of a column");
                }
                let name = |text: &Text| Arc::from(text.as_str().trim());
                Way::Rows(Rows {
                    column: name(column),
                    key: key.as_ref().map(name),
                    filters: filters
                        .iter()
                        .map(|(of, is)| (name(of), name(is)))
                        .collect(),
                    at: at.as_ref().map(name),
                    sum: *sum,
                })
            }
        };
        Some(Origin { file, way })
    }

    /// The name of a raw document.
    fn document(&mut self, name: &Text) -> Option<Arc<str>> {
        if is_name(name.as_str()) {
            return Some(Arc::from(name.as_str()));
        }
        let message = format!("`{}` cannot be the name of a document", name.as_str());
        let help =
            "a name has letters, digits, `_` and `-`: it is the NAME of `-s NAME=FILE`, not a path";
        self.error(Code::BadFrom, name.span, message, "not a name", help);
        None
    }

    fn selector(&mut self, text: &Text) -> Option<Selector> {
        match Selector::parse(text.as_str()) {
            Ok(selector) => Some(selector),
            Err(wrong) => {
                let span = text.scalar.locate(wrong.range.start, wrong.range.end);
                self.error(
                    Code::BadFrom,
                    span,
                    wrong.message,
                    "not a selector",
                    wrong.help,
                );
                None
            }
        }
    }

    /// The labels of `by`, no one twice.
    fn labels(&mut self, by: &[Text]) -> Option<Vec<Arc<str>>> {
        let mut labels: Vec<Arc<str>> = Vec::with_capacity(by.len());
        for label in by {
            let text = label.as_str();
            let twice = labels.iter().any(|known| known.as_ref() == text);
            if twice || text.is_empty() || text == "__name__" {
                let (message, help) = if twice {
                    (
                        format!("`by` names `{text}` twice"),
                        "each label makes one level of the map: name it once",
                    )
                } else {
                    (
                        format!("`{text}` is no label that a map can be made by"),
                        "name a label of the series, as in `by: format`",
                    )
                };
                self.error(Code::BadFrom, label.span, message, "here", help);
                return None;
            }
            labels.push(Arc::from(text));
        }
        Some(labels)
    }

    /// A map within a map for each label, numbers inside.
    fn depth(&mut self, ty: &Type, by: &[Text], selector: Span) {
        let mut inner = ty;
        let mut levels = 0_usize;
        while let Type::Map(_, value) = inner {
            inner = value;
            levels = levels.saturating_add(1);
        }
        let span = by
            .iter()
            .map(|label| label.span)
            .reduce(Span::to)
            .unwrap_or(selector);
        if !matches!(inner, Type::Int | Type::Double) {
            let help = "declare `int` or `double`, or a map of them with `by`";
            let message = format!("series are numbers, and the input is a `{ty}`");
            return self.error(Code::BadFrom, selector, message, "gives numbers", help);
        }
        if levels == by.len() {
            return;
        }
        let (message, help) = if by.is_empty() {
            (
                format!("the input is a `{ty}`, and nothing says what its keys are"),
                "name the label whose values are the keys: `by: LABEL`".to_owned(),
            )
        } else {
            let labels = by.len();
            let number = if matches!(inner, Type::Int) {
                "int"
            } else {
                "double"
            };
            let open = "map<string, ".repeat(labels);
            let fit = format!("{open}{number}{}", ">".repeat(labels));
            (
                format!(
                    "`by` has {}, and the input is a `{ty}`",
                    count(labels, "label")
                ),
                format!(
                    "each label makes one map: declare `type: \"{fit}\"`, or name as many labels as the type has maps"
                ),
            )
        };
        self.error(Code::BadFrom, span, message, "does not fit the type", help);
    }

    /// One value in each cell.
    fn cell(&mut self, ty: &Type, column: Span, key: Option<&Text>, sum: bool) {
        let inner = match (ty, key) {
            (Type::Map(_, value), Some(_)) => value.as_ref(),
            (Type::Map(..), None) => {
                let message = format!("the input is a `{ty}`, and nothing says what its keys are");
                let help = "name the column whose cells are the keys: `key: COLUMN`";
                return self.error(Code::BadFrom, column, message, "one value of it", help);
            }
            (_, Some(key)) => {
                let message = format!("`key` makes a map, and the input is a `{ty}`");
                let help = format!("leave out `key`, or declare `type: \"map<string, {ty}>\"`");
                return self.error(
                    Code::BadFrom,
                    key.span,
                    message,
                    "does not fit the type",
                    help,
                );
            }
            (_, None) => ty,
        };
        if matches!(inner, Type::Map(..) | Type::List(_) | Type::Struct(_)) {
            let message = format!("a cell holds one value, and the input is a `{ty}`");
            let help = "declare a single value, or a map of them with `key`";
            self.error(Code::BadFrom, column, message, "one value", help);
        } else if sum && !matches!(inner, Type::Int | Type::Double) {
            let message = format!("`sum` adds up numbers, and the input is a `{ty}`");
            let help = "leave out `sum`, or declare `int` or `double`";
            self.error(Code::BadFrom, column, message, "not numbers", help);
        }
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 {
        format!("1 {what}")
    } else {
        format!("{number} {what}s")
    }
}
