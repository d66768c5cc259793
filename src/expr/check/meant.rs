//! What was meant by a name or a function that nobody declared. It only suggests, and never resolves anything.

use super::{Checker, Info};
use crate::expr::functions;
use crate::expr::mistake::Mistake;
use crate::expr::tree::{Id, Kind};
use crate::expr::types::Type;
use crate::source::Code;
use crate::source::problem::nearest;

/// Functions of other languages and their names here.
const ALIASES: &[(&str, &str)] = &[
    ("length", "size"),
    ("len", "size"),
    ("count", "size"),
    ("abs", "math.abs"),
    ("absolute", "math.abs"),
    ("ceil", "math.ceil"),
    ("floor", "math.floor"),
    ("round", "math.round"),
    ("trunc", "math.trunc"),
    ("sqrt", "math.sqrt"),
    ("sign", "math.sign"),
    ("min", "math.least"),
    ("max", "math.greatest"),
    ("any", "exists"),
    ("some", "exists"),
    ("every", "all"),
    ("each", "all"),
    ("select", "filter"),
    ("where", "filter"),
    ("lower", "lowerAscii"),
    ("toLower", "lowerAscii"),
    ("upper", "upperAscii"),
    ("toUpper", "upperAscii"),
    ("strip", "trim"),
    ("includes", "contains"),
    ("float", "double"),
    ("str", "string"),
];

/// What goes through the items of a list or map.
const MACROS: &[&str] = &["all", "exists", "exists_one", "existsOne", "map", "filter"];

/// Macros that are recognised by their arguments alone.
const MORE: &[&str] = &[
    "transformList",
    "transformMap",
    "transformMapEntry",
    "cel.bind",
];

/// Ways to ask whether a value is there.
const PRESENT: &[&str] = &[
    "defined", "exists", "present", "isset", "isnull", "isNull", "is_null", "isNaN", "isnan",
    "missing", "absent", "coalesce",
];

impl Checker<'_> {
    /// What a name that is declared nowhere was meant to be.
    pub(super) fn meant_name(&self, name: &str) -> String {
        let known = |name: &str| self.scope.get(name).is_some();
        if let Some((first, rest)) = name.split_once('.') {
            let spaces = self
                .scope
                .names()
                .filter_map(|name| name.split_once('.').map(|(space, _)| space));
            let near = nearest(first, spaces);
            // `befor.error_rate`: the set of inputs is misspelt.
            if let Some(near) = near
                .map(|space| format!("{space}.{rest}"))
                .filter(|name| known(name))
            {
                return format!("did you mean `{near}`?");
            }
            // `baseline.error_rate`: one of the declared baselines is meant.
            if matches!(first, "baseline" | "baselines")
                && let Some(found) = self.ending_with(rest)
            {
                return format!("did you mean `{found}`?");
            }
            // `metrics.error_rate`: inputs stand for themselves.
            if near.is_none() && known(rest) {
                return format!("write the name alone: `{rest}`");
            }
        } else if let Some(found) = self.ending_with(name) {
            return format!("did you mean `{found}`?");
        }
        let locals = self.locals.iter().map(|local| local.name.of(self.text));
        if let Some(near) = nearest(name, self.scope.names().chain(locals)) {
            return format!("did you mean `{near}`?");
        }
        match name {
            "True" | "TRUE" | "yes" | "YES" => "write `true`".to_owned(),
            "False" | "FALSE" | "no" | "NO" => "write `false`".to_owned(),
            "None" | "nil" | "NULL" | "undefined" => {
                "a missing value is unknown, never null: ask with `known(x)`".to_owned()
            }
            _ => "declare it under `inputs`, `params` or `let`".to_owned(),
        }
    }

    /// A declared name with a dot before this.
    fn ending_with(&self, name: &str) -> Option<&str> {
        self.scope.names().find(|known| {
            known
                .strip_suffix(name)
                .is_some_and(|space| space.ends_with('.'))
        })
    }

    /// The name of a set that is best meant where the set stands alone: one whose own name the text has too.
    pub(super) fn one_of(&self, space: &str, first: &str) -> String {
        let prefix = format!("{space}.");
        let words = |text: &str, word: &str| {
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .any(|found| found == word)
        };
        self.scope
            .names()
            .filter(|name| {
                name.strip_prefix(&prefix)
                    .is_some_and(|rest| words(self.text, rest))
            })
            .map(str::to_owned)
            .next()
            .unwrap_or_else(|| first.to_owned())
    }

    /// A plain name that nobody declared.
    fn bare(&self, id: Id) -> Option<&str> {
        let Some(Kind::Name {
            name,
            rooted: false,
        }) = self.tree.nodes.get(id).map(|node| &node.kind)
        else {
            return None;
        };
        let text = name.of(self.text);
        let free = self.local(*name).is_none()
            && self.scope.resolve(text).is_none()
            && self.scope.namespace(text).is_none();
        let near = || {
            let locals = self.locals.iter().map(|local| local.name.of(self.text));
            nearest(text, self.scope.names().chain(locals)).is_some()
                || super::names::type_named(text).is_some()
        };
        (free && !near()).then_some(text)
    }

    /// A name that nobody declared where a text is needed: a text without quotes. Whether it was.
    pub(super) fn without_quotes(&mut self, id: Id, needed: &Type) -> bool {
        if *needed != Type::String {
            return false;
        }
        let Some(word) = self.bare(id) else {
            return false;
        };
        let mistake = Mistake::new(
            Code::UnknownInput,
            self.at(id).range(),
            format!("`{word}` is not declared"),
        )
        .help(format!("write a text in quotes: `\"{word}\"`"));
        self.wrong(mistake);
        true
    }

    /// What is wrong with a function nobody knows; whether its arguments are worth a look of their own.
    pub(super) fn meant_function(&self, word: &str, of: Option<Id>, args: &[Id]) -> (String, bool) {
        let shown = |id: &Id| self.shown(*id);
        let first = args.first().map(shown);
        let rest = || {
            args.iter()
                .skip(1)
                .map(shown)
                .collect::<Vec<_>>()
                .join(", ")
        };
        if of.is_none() && matches!(word, "not" | "NOT" | "Not") {
            return (format!("write `!({})`", first.unwrap_or("…")), true);
        }
        if PRESENT.contains(&word) && args.len() <= 1 {
            let what = of.as_ref().map(shown).or(first).unwrap_or("x");
            return (
                format!("ask whether a value is there with `known({what})`"),
                true,
            );
        }
        if word == "for" {
            let help = "write `for: 10m` on a line of its own beside `expr`";
            return (help.to_owned(), true);
        }
        if let Some(help) = self.meant_window(word, of, args) {
            return (help, false);
        }
        let meant = alias(word).unwrap_or(word);
        if MACROS.contains(&meant) {
            // The variable of a macro is no input: nothing is to be said of it.
            let help = match (of, first) {
                (None, Some(list)) => format!("write it as a method: `{list}.{meant}({})`", rest()),
                _ => format!("did you mean `{meant}`?"),
            };
            return (help, false);
        }
        if meant != word {
            return (format!("did you mean `{meant}`?"), true);
        }
        if of.is_none() && self.scope.resolve(word).is_some() {
            return (
                format!("it is a value: write `{word}` without brackets"),
                true,
            );
        }
        let known = functions::names()
            .chain(MORE.iter().copied())
            .chain(MACROS.iter().copied())
            .chain(super::special::NAMES.iter().copied())
            .chain(super::optionals::NAMES.iter().copied())
            .chain(super::windows::WINDOWS.iter().copied());
        let near = nearest(word, known)
            .or_else(|| alias(word.strip_prefix("math.")?))
            .or_else(|| alias(nearest(word, aliases().map(|(alias, _)| *alias))?));
        let macros = near.is_some_and(|near| MACROS.contains(&near) || MORE.contains(&near));
        let help = near.map_or_else(
            || "write a function of CEL, such as `size`, `contains` or `startsWith`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        // Of a misspelt macro the name of the item is not told to be undeclared.
        (help, !macros)
    }
}

/// The function here that has another name elsewhere.
fn alias(word: &str) -> Option<&'static str> {
    aliases()
        .find(|(alias, _)| *alias == word)
        .map(|(_, name)| *name)
}

fn aliases() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    ALIASES.iter().chain(super::windows::ALIASES)
}

/// The fix for a number compared with a duration or an instant.
pub(super) fn timely(number: &Info, text: &str) -> Option<String> {
    let unit = number.unit.as_ref()?.name();
    let literal = text
        .strip_prefix("duration(\"")
        .and_then(|rest| rest.strip_suffix("\")"));
    Some(match literal {
        Some(length) => format!("write `q(\"{length}\")`"),
        None => format!("declare `{text}` as a `double` with `unit: {unit}` too"),
    })
}
