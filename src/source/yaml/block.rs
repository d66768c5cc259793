//! Where each byte of a YAML block scalar is written: `|` and `>`, with indentation taken off (YAML 1.2.2, 8.1).
//!
//! It follows the lines of the text beside what the parser decoded; it never decides on a fold or on chomping itself.

use super::super::Span;
use super::super::tree::Places;
use super::super::tree::written::Written;

/// The map and the whole place, from the `|` or `>` to the last byte of content, of the block scalar that the parser
/// decoded and found at `at`: its first line that is not blank.
pub(super) fn place(text: &str, at: usize, decoded: &str) -> (Places, Span) {
    let header = header(text, at, decoded);
    let first = header.saturating_add(line(text, header).1);
    let indent = indent(text, first, decoded);
    let content_end = decoded.trim_end_matches('\n').len();
    let mut written = Written::default();
    let mut done = 0;
    let mut end = header.saturating_add(1).min(text.len());
    // The line breaks since the last content.
    let mut breaks: Vec<usize> = Vec::new();
    let mut start = first;
    while start < text.len() {
        let rest = decoded.get(done..).unwrap_or_default();
        let content_left = done < content_end;
        if !content_left && breaks.len() >= rest.len() {
            break;
        }
        let (length, next) = line(text, start);
        let whole = text
            .get(start..start.saturating_add(length))
            .unwrap_or_default();
        let taken_off = leading_spaces(whole).min(indent);
        let content = whole.get(taken_off..).unwrap_or_default();
        if content_left && !content.is_empty() {
            let separators = separators(rest, content);
            if rest
                .get(separators..)
                .is_some_and(|rest| rest.starts_with(content))
            {
                let content_at = start.saturating_add(taken_off);
                separate(
                    rest.get(..separators).unwrap_or_default(),
                    &breaks,
                    end,
                    &mut written,
                );
                breaks.clear();
                written.copy(content, content_at);
                done = done
                    .saturating_add(separators)
                    .saturating_add(content.len());
                end = content_at.saturating_add(content.len());
            }
        }
        breaks.push(start.saturating_add(length));
        start = start.saturating_add(next);
    }
    let chomped = decoded.len().saturating_sub(done.max(content_end));
    for index in 0..chomped {
        written.put(
            '\n',
            breaks.get(index).or(breaks.last()).copied().unwrap_or(end),
        );
    }
    (written.finish(at).1, Span::new(header, end))
}

/// How many bytes of the decoded text stand between the last content and this one: line breaks, or one folded space.
fn separators(rest: &str, content: &str) -> usize {
    let breaks = rest
        .len()
        .saturating_sub(rest.trim_start_matches('\n').len());
    let folded = breaks == 0 && rest.starts_with(' ') && !content.starts_with([' ', '\t']);
    breaks.max(usize::from(folded))
}

/// Writes what stands between two contents. Where folding dropped a line break it was the first.
fn separate(separators: &str, breaks: &[usize], end: usize, written: &mut Written) {
    let dropped = breaks.len().saturating_sub(separators.len());
    let skip = if separators == " " { 0 } else { dropped };
    for (index, character) in separators.chars().enumerate() {
        written.put(
            character,
            breaks
                .get(skip.saturating_add(index))
                .copied()
                .unwrap_or(end),
        );
    }
}

/// How many spaces are taken off each line: those of the first line with content that the parser did not keep.
fn indent(text: &str, first: usize, decoded: &str) -> usize {
    let Some(kept) = decoded
        .split('\n')
        .find(|line| !is_blank(line))
        .map(leading_spaces)
    else {
        // Nothing but spaces: all before the longest is indentation, and no place in it matters.
        return usize::MAX;
    };
    let mut start = first;
    while start < text.len() {
        let (length, next) = line(text, start);
        let line = text
            .get(start..start.saturating_add(length))
            .unwrap_or_default();
        if !is_blank(line) {
            return leading_spaces(line).saturating_sub(kept);
        }
        start = start.saturating_add(next);
    }
    0
}

/// Where the `|` or `>` stands.
fn header(text: &str, at: usize, decoded: &str) -> usize {
    // Without any content the parser's place may be that of the indicator itself.
    if is_blank(decoded)
        && text
            .get(at..)
            .is_some_and(|here| here.starts_with(['|', '>']))
    {
        return at;
    }
    let mut end = line_start(text, at);
    loop {
        // The line before.
        let before = text.get(..end).unwrap_or_default();
        let before = before.strip_suffix('\n').unwrap_or(before);
        let before = before.strip_suffix('\r').unwrap_or(before);
        let start = line_start(text, before.len());
        let line = before.get(start..).unwrap_or_default();
        if !is_blank(line) || start == 0 {
            return start.saturating_add(indicator(line).unwrap_or(0));
        }
        end = start;
    }
}

/// Where in a line the indicator of a block scalar stands, which ends it but for a comment.
fn indicator(line: &str) -> Option<usize> {
    let ends = |rest: &str| {
        let rest = rest
            .trim_start_matches(['+', '-'])
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest.trim_start_matches(['+', '-']);
        let comment = rest.trim_start_matches([' ', '\t']);
        comment.is_empty() || (comment.len() < rest.len() && comment.starts_with('#'))
    };
    let separated = |at: usize| {
        let before = at
            .checked_sub(1)
            .and_then(|before| line.as_bytes().get(before));
        before.is_none_or(|byte| matches!(byte, b' ' | b'\t'))
    };
    line.match_indices(['|', '>'])
        .filter(|(at, _)| separated(*at))
        .find(|(at, _)| line.get(at.saturating_add(1)..).is_some_and(ends))
        .map(|(at, _)| at)
}

/// The lengths of the line that begins at `start`: without and with its line break.
fn line(text: &str, start: usize) -> (usize, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let Some(length) = rest.find(['\n', '\r']) else {
        return (rest.len(), rest.len());
    };
    let line_break = if rest
        .get(length..)
        .is_some_and(|rest| rest.starts_with("\r\n"))
    {
        2
    } else {
        1
    };
    (length, length.saturating_add(line_break))
}

/// Where the line begins that the byte `at` stands in.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind(['\n', '\r']))
        .map_or(0, |found| found.saturating_add(1))
}

fn leading_spaces(line: &str) -> usize {
    line.len()
        .saturating_sub(line.trim_start_matches(' ').len())
}

fn is_blank(line: &str) -> bool {
    line.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}
