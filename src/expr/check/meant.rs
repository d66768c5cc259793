//! Which function is meant by a name that none has. Never whether a call fits.

use super::{Checker, special};
use crate::expr::functions;
use crate::expr::tree::{Id, Kind};
use crate::source::problem::nearest;

/// The names of other languages for functions of this one.
const ELSEWHERE: &[(&str, &str)] = &[
    ("length", "size"),
    ("len", "size"),
    ("count", "size"),
    ("abs", "math.abs"),
    ("absolute", "math.abs"),
    ("ceil", "math.ceil"),
    ("floor", "math.floor"),
    ("round", "math.round"),
    ("sqrt", "math.sqrt"),
    ("sign", "math.sign"),
    ("min", "math.least"),
    ("max", "math.greatest"),
    ("any", "exists"),
    ("some", "exists"),
    ("every", "all"),
    ("lower", "lowerAscii"),
    ("toLower", "lowerAscii"),
    ("upper", "upperAscii"),
    ("toUpper", "upperAscii"),
    ("float", "double"),
    ("str", "string"),
    ("average", "avg"),
    ("mean", "avg"),
];

/// The macros: they are no functions of a table.
const MACROS: [&str; 9] = [
    "all",
    "exists",
    "exists_one",
    "filter",
    "map",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "cel.bind",
];

/// The function that is meant by a word.
pub(super) fn function(word: &str) -> Option<&'static str> {
    let elsewhere = |word: &str| {
        let found = ELSEWHERE.iter().find(|(other, _)| *other == word);
        found.map(|(_, ours)| *ours)
    };
    let ours = functions::names()
        .chain(MACROS)
        .chain(special::NAMES.iter().copied())
        .chain(special::WINDOWS.iter().copied());
    elsewhere(word)
        .or_else(|| nearest(word, ours))
        .or_else(|| elsewhere(word.strip_prefix("math.")?))
        .or_else(|| elsewhere(nearest(word, ELSEWHERE.iter().map(|(other, _)| *other))?))
}

impl Checker<'_> {
    /// Whether a call reads as a macro: its first argument names what is declared nowhere, for the others to use.
    pub(super) fn names_its_item(&self, args: &[Id]) -> bool {
        let [first, _, ..] = args else { return false };
        let name = matches!(
            self.tree.nodes.get(*first).map(|node| &node.kind),
            Some(Kind::Name { .. })
        );
        name && self.dotted(*first).is_some_and(|dotted| {
            self.local(dotted.root).is_none() && self.scope.resolve(&dotted.name).is_none()
        })
    }
}
