//! The parts of one value, found one after another: a number, or the entries of a map. Two for one entry are added up where
//! that is asked for, and otherwise nobody knows which counts. Never takes the first or the last.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::taking::Taking;
use crate::source::tree::{Datum, Entry, Kind, Node, Places, Scalar, Style};
use crate::source::{Code, Problem, Span};

/// The parts of one value, by the keys that lead to them.
#[derive(Debug, Default)]
pub(super) struct Entries {
    parts: BTreeMap<Vec<Arc<str>>, Vec<Part>>,
    /// Why nothing is known of the whole: a part without its key.
    lost: Option<(Span, Problem)>,
}

/// One part.
#[derive(Debug)]
pub(super) struct Part {
    /// Its value; none where its place is empty.
    pub(super) node: Option<Node>,
    /// Where it is told.
    pub(super) place: Span,
}

/// How parts are called, and what is done with several for one entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joined<'j> {
    /// The name of the input.
    pub(super) name: &'j str,
    /// Whether they are added up.
    pub(super) sum: bool,
    /// `series` or `rows`.
    pub(super) parts: &'static str,
    /// How to have one of them.
    pub(super) help: &'static str,
}

impl Entries {
    /// Adds a part.
    pub(super) fn push(&mut self, keys: Vec<Arc<str>>, part: Part) {
        self.parts.entry(keys).or_default().push(part);
    }

    /// Says that a part cannot be told from the others.
    pub(super) fn lose(&mut self, place: Span, problem: Problem) {
        self.lost.get_or_insert((place, problem));
    }

    /// The value they are together; nothing where all places are empty.
    pub(super) fn node(self, taking: &mut Taking<'_, '_>, joined: Joined<'_>) -> Option<Node> {
        if let Some((place, problem)) = self.lost {
            taking.problem(problem);
            return Some(null(place));
        }
        let mut parts = Vec::with_capacity(self.parts.len());
        for (keys, several) in self.parts {
            let place = several
                .first()
                .map_or_else(Span::default, |part| part.place);
            if let Some(node) = one(taking, joined, &keys, several) {
                parts.push((keys, place, node));
            }
        }
        nested(parts, 0)
    }
}

/// The value of an entry.
fn one(
    taking: &mut Taking<'_, '_>,
    joined: Joined<'_>,
    keys: &[Arc<str>],
    mut parts: Vec<Part>,
) -> Option<Node> {
    let place = parts.first()?.place;
    if parts.len() == 1 {
        return parts.pop()?.node;
    }
    if !joined.sum {
        let mut places = parts.iter().map(|part| part.place);
        let message = format!(
            "{} {} for `{}`",
            parts.len(),
            joined.parts,
            called(joined, keys)
        );
        let mut problem = Problem::new(Code::Conflict, message)
            .warning()
            .help(format!("it counts as unknown; {}", joined.help));
        for (place, label) in places.by_ref().zip(["the first", "the second"]) {
            problem = problem.at(taking.source, place, label);
        }
        taking.problem(problem);
        return Some(null(place));
    }
    let empty = parts
        .iter()
        .find(|part| part.node.is_none())
        .map(|part| part.place);
    if parts.iter().all(|part| part.node.is_none()) {
        return None;
    }
    if let Some(empty) = empty {
        let message = format!("an empty cell in the sum of `{}`", called(joined, keys));
        let problem = Problem::new(Code::NoValue, message)
            .warning()
            .help("it counts as unknown, for the sum would be too small; write 0, or leave the row out with `where`")
            .at(taking.source, empty, "nothing here");
        taking.problem(problem);
        return Some(null(place));
    }
    Some(sum(parts
        .into_iter()
        .filter_map(|part| part.node)
        .collect()))
}

/// All of them added up; one that is no number, where there is one.
fn sum(nodes: Vec<Node>) -> Node {
    let (mut whole, mut total, mut other) = (Some(0_i64), 0.0_f64, None);
    for (index, node) in nodes.iter().enumerate() {
        match node.scalar().map(Scalar::datum) {
            Some(Datum::Int(number)) => {
                whole = whole.and_then(|whole| whole.checked_add(number));
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "used only where not all are whole, as a number of JSON is"
                )]
                let number = number as f64;
                total += number;
            }
            Some(Datum::Double(number)) => {
                whole = None;
                total += number;
            }
            _ => other = other.or(Some(index)),
        }
    }
    let mut nodes = nodes.into_iter();
    match other {
        Some(index) => nodes.nth(index),
        None => nodes.next(),
    }
    .map_or_else(
        || null(Span::default()),
        |node| match (other, whole) {
            (Some(_), _) => node,
            (None, Some(whole)) => plain(whole.to_string(), node.span),
            (None, None) => number(total, node.span),
        },
    )
}

/// What messages call an entry.
fn called(joined: Joined<'_>, keys: &[Arc<str>]) -> String {
    let keys = keys
        .iter()
        .map(|key| format!("[{:?}]", crate::expr::shortened(key, 100)));
    format!("{}{}", joined.name, keys.collect::<String>())
}

/// A part of a map: the keys that lead to it, where it is told, and its value.
type Keyed = (Vec<Arc<str>>, Span, Node);

/// Values under the keys behind the first `depth`, which all have in common; they are sorted by their keys.
fn nested(parts: Vec<Keyed>, depth: usize) -> Option<Node> {
    let mut entries: Vec<(Arc<str>, Span, Vec<Keyed>)> = Vec::new();
    for (keys, place, node) in parts {
        let Some(key) = keys.get(depth).map(Arc::clone) else {
            return Some(node);
        };
        match entries.last_mut().filter(|(known, ..)| *known == key) {
            Some((.., inside)) => inside.push((keys, place, node)),
            None => entries.push((key, place, vec![(keys, place, node)])),
        }
    }
    let span = entries.first().map(|(_, place, _)| *place)?;
    let entry = |(key, key_span, inside): (Arc<str>, Span, Vec<Keyed>)| {
        let key = Scalar {
            text: key.to_string(),
            style: Style::Quoted,
            map: Places::from([(0, key_span.start)]),
        };
        let value = nested(inside, depth.saturating_add(1))?;
        Some(Entry {
            key,
            key_span,
            value,
        })
    };
    let kind = Kind::Map(entries.into_iter().filter_map(entry).collect());
    Some(Node { span, kind })
}

/// A number, so that it is read back as the same one.
pub(super) fn number(number: f64, span: Span) -> Node {
    let text = if number.is_nan() {
        ".nan".to_owned()
    } else if number.is_infinite() {
        ".inf".to_owned()
    } else {
        // With a point or an exponent: a double that is whole is still a double.
        format!("{number:?}")
    };
    plain(text, span)
}

/// Nothing is known.
pub(super) fn null(span: Span) -> Node {
    plain("null".to_owned(), span)
}

fn plain(text: String, span: Span) -> Node {
    scalar(text, Style::Plain, span)
}

/// A single value.
pub(super) fn scalar(text: String, style: Style, span: Span) -> Node {
    let map = Places::from([(0, span.start)]);
    let kind = Kind::Scalar(Scalar { text, style, map });
    Node { span, kind }
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    reason = "a test may say that something cannot be"
)]
mod tests {
    use super::*;

    fn added(texts: &[&str]) -> String {
        let node = |text: &&str| plain((*text).to_owned(), Span::default());
        let sum = sum(texts.iter().map(node).collect());
        sum.scalar().expect("a scalar").text.clone()
    }

    #[test]
    fn a_sum_of_whole_numbers_is_one_unless_it_is_too_large() {
        assert_eq!(added(&["1", "2", "-4"]), "-1");
        assert_eq!(added(&["1", "0.5"]), "1.5");
        assert_eq!(added(&["1.0", "2.0"]), "3.0");
        assert_eq!(
            added(&["9223372036854775807", "1"]),
            "9.223372036854775807e18"
                .parse::<f64>()
                .map(|n| format!("{n:?}"))
                .expect("a number")
        );
        assert_eq!(added(&["1", "few", "null"]), "few");
        assert_eq!(added(&["1", ".nan"]), ".nan");
    }
}
