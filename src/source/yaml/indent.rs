//! Keys that stand too far left or right, and keys without the space behind their colon.
//!
//! It looks at lines only, and only after the parser has stopped: it never decides what is YAML.

use super::super::{Code, Problem, Source, Span};

/// A line that begins with a key.
struct Key<'a> {
    name: &'a str,
    /// The byte of the text at which it begins.
    at: usize,
    /// How many characters stand before it on its line, dashes of lists included.
    column: usize,
    /// Whether it stands behind the dash of a list.
    first: bool,
}

/// What is wrong with the indentation where the parser stopped, if that can be told from the lines around.
pub(super) fn problem(source: &Source, at: usize) -> Option<Problem> {
    let text = source.text();
    let start = line_start(text, at);
    let line = text.get(start..)?.lines().next()?;
    if let Some(problem) = no_space(source, (start, line)) {
        return Some(problem);
    }
    let key = key(text, start)?;
    let above = lines_above(text, start)
        .find(|line| !line.1.trim().is_empty() && !line.1.trim_start().starts_with('#'))?;
    if let Some(problem) = no_space(source, above) {
        return Some(problem);
    }
    // The nearest line above whose key is not deeper: a sister of this one, or the first key of its list item.
    let neighbour = lines_above(text, start)
        .filter_map(|(start, _)| self::key(text, start))
        .find(|other| other.first || other.column <= key.column)?;
    if key.first || neighbour.column == key.column {
        return None;
    }
    let (name, like, column) = (key.name, neighbour.name, neighbour.column);
    let end = key.at.saturating_add(name.len());
    let place = if neighbour.first {
        "the keys of its list item"
    } else {
        "its neighbours"
    };
    let problem = Problem::new(
        Code::YamlSyntax,
        format!("`{name}` is not indented like {place}"),
    )
    .at(source, Span::new(key.at, end), "")
    .at(
        source,
        Span::new(neighbour.at, neighbour.at.saturating_add(like.len())),
        "its neighbour",
    )
    .help(match column {
        0 => format!("begin it where its line does, as `{like}`"),
        1 => format!("put one space before it, so that it stands under `{like}`"),
        _ => format!("put {column} spaces before it, so that it stands under `{like}`"),
    });
    Some(problem)
}

/// A line such as `id:r`, which is a text and no key.
fn no_space(source: &Source, (start, line): (usize, &str)) -> Option<Problem> {
    let content = line.trim_start_matches([' ', '-']);
    let at = start.saturating_add(line.len().saturating_sub(content.len()));
    let (name, value) = content.split_once(':')?;
    let glued = value.starts_with(|c: char| !c.is_whitespace() && c != ':');
    if !glued || !is_name(name) || value.contains(": ") {
        return None;
    }
    let end = at.saturating_add(content.trim_end().len());
    let problem = Problem::new(
        Code::YamlSyntax,
        format!("there is no space behind `{name}:`"),
    )
    .at(source, Span::new(at, end), "read as one text")
    .help(format!("write `{name}: {}`", value.trim_end()));
    Some(problem)
}

/// The key that the line at `start` begins with.
fn key(text: &str, start: usize) -> Option<Key<'_>> {
    let line = text.get(start..)?.lines().next()?;
    let content = line.trim_start_matches([' ', '-']);
    let column = line.len().checked_sub(content.len())?;
    let first = line.get(..column)?.contains('-');
    let (name, value) = content.split_once(':')?;
    let separated = value.is_empty() || value.starts_with([' ', '\r']);
    (separated && is_name(name)).then(|| Key {
        name,
        at: start.saturating_add(column),
        column,
        first,
    })
}

/// Whether it may be a key of a policy.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before
        .rfind('\n')
        .map_or(0, |found| found.saturating_add(1))
}

/// The lines above one, nearest first, each with its first byte; no more than a screen of them.
fn lines_above(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = start;
    std::iter::from_fn(move || {
        let last = end.checked_sub(1)?;
        let begin = line_start(text, last);
        end = begin;
        Some((begin, text.get(begin..last).unwrap_or_default()))
    })
    .take(100)
}
