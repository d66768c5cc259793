//! Paths into a document: `checks.database.status`, `a["key.with.dots"].b`, `list[0]`. A path leads to one place or to
//! none, and never chooses between several.

use std::ops::Range;
use std::sync::Arc;

use crate::expr::mistake::Mistake;
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Span};

/// A path, as written and step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: Arc<str>,
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The value of a key.
    Key(Arc<str>),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found<'n> {
    /// To this value; or to a null above it, of which nothing is known.
    At(&'n Node),
    /// Nowhere: this is the last value on the way, and the number of the step that it does not have.
    Nowhere(&'n Node, usize),
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// `bad-from`, with the bytes that are no step.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut parser = Parser { text, at: 0 };
        let mut steps = vec![parser.first()?];
        while parser.at < text.len() {
            steps.push(parser.step()?);
        }
        Ok(Self {
            text: Arc::from(text),
            steps,
        })
    }

    /// The path as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it leads in a document.
    pub(super) fn find<'n>(&self, root: &'n Node) -> Found<'n> {
        let mut node = root;
        for (number, step) in self.steps.iter().enumerate() {
            if node.is_null() {
                break;
            }
            let next = match (step, &node.kind) {
                (Step::Key(key), Kind::Map(_)) => node.get(key),
                (Step::Item(index), Kind::List(items)) => items.get(*index),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return Found::Nowhere(node, number),
            }
        }
        Found::At(node)
    }

    /// The name of the key that the step of this number asks for.
    pub(super) fn key(&self, number: usize) -> Option<&str> {
        match self.steps.get(number)? {
            Step::Key(key) => Some(key),
            Step::Item(_) => None,
        }
    }

    /// The steps before the one of this number, as they would be written; nothing for the first.
    pub(super) fn before(&self, number: usize) -> String {
        let mut text = String::new();
        for step in self.steps.iter().take(number) {
            match step {
                Step::Item(index) => text.push_str(&format!("[{index}]")),
                Step::Key(key) if bare(key, text.is_empty()) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key);
                }
                Step::Key(key) => {
                    let key = key.replace('\\', "\\\\").replace('"', "\\\"");
                    text.push_str(&format!("[\"{key}\"]"));
                }
            }
        }
        text
    }
}

/// A path that is being read.
struct Parser<'t> {
    text: &'t str,
    /// The byte that is next.
    at: usize,
}

/// What a key without quotes may consist of.
fn plain(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || matches!(c, '.' | '[' | ']' | '"' | '\'' | '*' | '(' | ')'))
}

/// Whether a key can be written without quotes.
fn bare(key: &str, first: bool) -> bool {
    let slip = first && key.starts_with(['$', '/']);
    !key.is_empty() && !slip && key.chars().all(plain)
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn first(&mut self) -> Result<Step, Mistake> {
        let rest = self.rest();
        let (range, message, help) = if rest.trim().is_empty() {
            (
                0..rest.len(),
                "an empty path",
                "name a key, as in `checks.database.status`",
            )
        } else if rest == "$" || rest.starts_with("$.") || rest.starts_with("$[") {
            (
                0..1,
                "a path begins with a key, not with `$`",
                "leave out `$.`; a key of this name is written `[\"$\"]`",
            )
        } else if rest.starts_with('.') {
            (
                0..1,
                "a path begins with a key, not with a dot",
                "leave out the first dot",
            )
        } else if rest.starts_with('/') {
            (
                0..1,
                "a path begins with a key, not with a slash",
                "write dots between keys, as in `checks.database.status`",
            )
        } else if rest.starts_with('[') {
            return self.bracket();
        } else {
            return self.name();
        };
        Err(mistake(range, message).help(help))
    }

    fn step(&mut self) -> Result<Step, Mistake> {
        match self.rest().bytes().next() {
            Some(b'[') => self.bracket(),
            Some(b'.') => {
                self.at = self.at.saturating_add(1);
                self.name()
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A key without quotes.
    fn name(&mut self) -> Result<Step, Mistake> {
        let rest = self.rest();
        let length = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        let key = rest.get(..length).filter(|key| !key.is_empty());
        let Some(key) = key.map(Arc::from) else {
            return Err(self.unexpected());
        };
        self.at = self.at.saturating_add(length);
        Ok(Step::Key(key))
    }

    /// `["key"]` or `[0]`.
    fn bracket(&mut self) -> Result<Step, Mistake> {
        let rest = self.rest();
        let inside = rest.get(1..).unwrap_or_default();
        if let Some(quoted) = inside.strip_prefix('"') {
            let (key, length) = self.quoted(quoted)?;
            // The bracket, the quote, the key, and the quote and the bracket behind it.
            self.at = self.at.saturating_add(length).saturating_add(4);
            return Ok(Step::Key(Arc::from(key)));
        }
        let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
        let index = inside.get(..digits).and_then(|digits| digits.parse().ok());
        let closed = inside.as_bytes().get(digits) == Some(&b']');
        match index {
            Some(index) if closed => {
                self.at = self.at.saturating_add(digits).saturating_add(2);
                Ok(Step::Item(index))
            }
            _ => Err(self.no_bracket()),
        }
    }

    /// A key in quotes up to the bracket behind it, and how many bytes are written for it.
    fn quoted(&self, text: &str) -> Result<(String, usize), Mistake> {
        let mut key = String::new();
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if text
                    .get(at.saturating_add(1)..)
                    .is_some_and(|rest| rest.starts_with(']')) =>
                {
                    return Ok((key, at));
                }
                '"' => break,
                '\\' => match chars.next() {
                    Some((_, c @ ('"' | '\\'))) => key.push(c),
                    _ => break,
                },
                c => key.push(c),
            }
        }
        Err(self.no_bracket())
    }

    fn no_bracket(&self) -> Mistake {
        let rest = self.rest();
        let end = rest.find(']').map_or(rest.len(), |at| at.saturating_add(1));
        let range = self.at..self.at.saturating_add(end);
        let help = if rest.starts_with("[*]") {
            "a path leads to one place: write out the item, as in `[0]`, or the list as a whole"
        } else {
            "write `[0]` for an item, or `[\"a key\"]` with `\\\"` and `\\\\` for the two characters that end it"
        };
        mistake(range, "no item and no key in quotes").help(help)
    }

    fn unexpected(&self) -> Mistake {
        let rest = self.rest();
        let length = rest.chars().next().map_or(0, char::len_utf8);
        let range = self.at..self.at.saturating_add(length);
        let help = if rest.starts_with('*') {
            "a path leads to one place: write out the key, or give the map as a whole"
        } else {
            "write a key that has more than letters and digits in quotes, as in `a[\"b c\"]`"
        };
        let message = if rest.is_empty() {
            "a path that ends with a dot".to_owned()
        } else {
            format!(
                "`{}` where a key is expected",
                rest.get(..length).unwrap_or_default()
            )
        };
        mistake(range, message).help(help)
    }
}

fn mistake(range: Range<usize>, message: impl Into<String>) -> Mistake {
    Mistake::new(Code::BadFrom, range, message).label("not a path")
}

/// The place that stands for a value in messages: not all of a map of many lines.
pub(super) fn place(node: &Node) -> Span {
    node.first_key().unwrap_or(node.span)
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    reason = "a test may say that something cannot be"
)]
mod tests {
    use super::*;
    use crate::source::{Source, json};
    use proptest::prelude::*;

    fn step() -> impl Strategy<Value = Step> {
        let key = prop_oneof!["[a-z]{1,4}", "[$/.\\[\\]\"\\\\ aé*]{0,4}", "\\PC{0,4}"];
        prop_oneof![
            key.prop_map(|key| Step::Key(Arc::from(key))),
            any::<usize>().prop_map(Step::Item),
        ]
    }

    proptest! {
        #[test]
        fn a_path_that_is_written_out_is_read_back(steps in prop::collection::vec(step(), 1..5)) {
            let text = Arc::from("");
            let path = Path { text, steps };
            let written = path.before(usize::MAX);
            let read = Path::parse(&written).map(|path| path.steps);
            prop_assert_eq!(read, Ok(path.steps), "{}", written);
        }

        #[test]
        fn a_mistake_stands_in_the_text(text in "[a$./*\\[\\]\"\\\\0-9é ]{0,12}") {
            if let Err(mistake) = Path::parse(&text) {
                prop_assert!(text.get(mistake.range).is_some());
            }
        }
    }

    const DOCUMENT: &str = r#"{"checks": {"database": {"status": "healthy"}, "queue": null},
        "a": {"key.with.dots": {"b": 1}, "q\"\\": 2}, "list": [{"x": 3}, [4, 5]], "http-2xx": 6, "": 7}"#;

    /// The text of the scalar a path leads to.
    fn at(path: &str) -> Option<String> {
        let (root, problems) = json::parse(&Source::new("a.json", DOCUMENT));
        assert!(problems.is_empty());
        let root = root.expect("a document");
        match Path::parse(path).expect("a path").find(&root) {
            Found::At(node) => node.scalar().map(|scalar| scalar.text.clone()),
            Found::Nowhere(..) => None,
        }
    }

    #[test]
    fn a_path_leads_to_one_place() {
        for (path, text) in [
            ("checks.database.status", "healthy"),
            (r#"a["key.with.dots"].b"#, "1"),
            (r#"["a"]["q\"\\"]"#, "2"),
            ("list[0].x", "3"),
            ("list[1][1]", "5"),
            ("http-2xx", "6"),
            (r#"[""]"#, "7"),
            ("checks.queue", "null"),
            // Of what is below a null nothing is known.
            ("checks.queue.length", "null"),
        ] {
            assert_eq!(at(path).as_deref(), Some(text), "{path}");
        }
        for path in [
            "check",
            "checks.database.state",
            "list[2]",
            "list.x",
            "a[0]",
            "checks.database.status.x",
        ] {
            assert_eq!(at(path), None, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused_at_its_place() {
        for (path, range) in [
            ("", 0..0),
            ("  ", 0..2),
            ("$.a", 0..1),
            (".a", 0..1),
            ("/a/b", 0..1),
            ("a.", 2..2),
            ("a..b", 2..3),
            ("a b", 1..2),
            ("a[*].b", 1..4),
            ("a.*", 2..3),
            ("a[b]", 1..4),
            ("a['b']", 1..6),
            ("a[-1]", 1..5),
            ("a[0", 1..3),
            ("a[99999999999999999999999]", 1..26),
            (r#"a["b]"#, 1..5),
            (r#"a["b\n"]"#, 1..8),
            ("a[0]b", 4..5),
            ("a.size()", 6..7),
            ("größe.ü(", 10..11),
        ] {
            let mistake = Path::parse(path).expect_err(path);
            assert_eq!(mistake.range, range, "{path}: {}", mistake.message);
            assert!(mistake.help.is_some(), "{path}");
        }
    }
}
