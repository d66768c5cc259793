//! JSON values as a record, or the field that does not fit. Words of people, none of the types.

use super::{beginning, data};
use crate::expr::shortened;
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Source};
use crate::verdict::{Engine, Verdict};

/// The record that a tree is.
pub(super) fn verdict(source: &Source, record: &Node) -> Result<Verdict, Problem> {
    let found = serde_path_to_error::deserialize(data::data(source, record)?);
    // Whoever laid it out anew may have written a whole number with a point.
    let found = found.or_else(|error| {
        let whole = data::data(source, record).map(data::whole);
        let whole = whole.ok().map(serde_json::from_value);
        whole.and_then(Result::ok).ok_or(error)
    });
    found.map_err(|error: serde_path_to_error::Error<serde_json::Error>| {
        let (node, path) = reached(record, error.path());
        let why = error.inner().to_string();
        let problem = misfit(node, &path, &why).at(source, beginning(node), "does not fit");
        let help = help(record, &why);
        problem.help(help)
    })
}

/// The node that a path leads to, as far as it leads, and the path in words.
fn reached<'n>(root: &'n Node, path: &serde_path_to_error::Path) -> (&'n Node, String) {
    use serde_path_to_error::Segment;
    let (mut node, mut told) = (root, String::new());
    for segment in path {
        let next = match (segment, &node.kind) {
            (Segment::Map { key }, _) => {
                if !told.is_empty() {
                    told.push('.');
                }
                told.push_str(&shortened(key, 100));
                node.get(key)
            }
            (Segment::Seq { index }, Kind::List(items)) => {
                told.push_str(&format!("[{index}]"));
                items.get(*index)
            }
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    (node, told)
}

fn misfit(node: &Node, path: &str, why: &str) -> Problem {
    let whose = if path.is_empty() {
        "the record".to_owned()
    } else {
        format!("`{path}` of the record")
    };
    if let Some(key) = quoted(why, "missing field ") {
        return Problem::new(Code::MissingKey, format!("{whose} has no `{key}`"));
    }
    if let Some((_, wanted)) = why
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let message = format!("{whose} is {}, not {}", node.describe(), kind(wanted));
        return Problem::new(Code::WrongKind, message);
    }
    let shown = node.scalar().map_or_else(
        || node.describe().to_owned(),
        |scalar| format!("`{}`", shortened(&scalar.text, 60)),
    );
    Problem::new(Code::BadValue, format!("{whose} cannot be {shown}"))
}

/// How to mend it: which words there are, and where a record of another program is read.
fn help(record: &Node, why: &str) -> String {
    if let Some((_, words)) = why
        .strip_prefix("unknown variant ")
        .and_then(|rest| rest.split_once(", expected "))
    {
        return format!("write {}", words.replace("one of ", "one of these: "));
    }
    let engine = record
        .get("engine")
        .and_then(|engine| engine.get("version"));
    let engine = engine.and_then(Node::scalar).map(|text| &text.text);
    another(engine.map(String::as_str))
}

/// Where a record is whole: in the program that wrote it, if that is another one.
pub(super) fn another(wrote: Option<&str>) -> String {
    let own = Engine::default();
    match wrote.filter(|wrote| *wrote != own.version) {
        Some(wrote) => format!(
            "it was written by gonogo {}, and this is {}: read it with that one",
            shortened(wrote, 40),
            own.version
        ),
        None => "give the record as gonogo wrote it; `gonogo eval --record FILE` writes it anew"
            .to_owned(),
    }
}

/// What a serialisation calls a kind of value, as a person does.
fn kind(wanted: &str) -> &str {
    match wanted {
        "a string" | "string" => "a text",
        "a boolean" => "a bool",
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "usize" => "a whole number",
        "f64" | "f32" => "a number",
        "a sequence" => "a list",
        // What is a word, or a word with more.
        _ if wanted.starts_with("string") => "a text",
        _ if wanted.starts_with("struct ") || wanted.contains("map") => "a map",
        _ if wanted.contains("enum ") || wanted.contains("variant") => "a word",
        _ => "a text",
    }
}

/// The name in backticks behind a beginning.
fn quoted<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(before)?.strip_prefix('`')?;
    rest.split_once('`').map(|(name, _)| name)
}
