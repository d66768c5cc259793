//! A difference as Markdown, for a comment on a change: what lets more pass first, every text of a file as code. Never
//! decides what a change comes to.

use std::fmt::Write as _;

use super::difference::{Detail, Difference, Direction, Item};
use super::flips::{Flips, Run};
use super::text::{counted, counts, head, of_run, places, said, stretch, summary, unchanged, word};
use crate::report::mark::code;

/// How many changes, and how many runs of samples, are shown: a comment has an end.
const SHOWN: usize = 50;
/// The longest text of a file that is shown.
const LONGEST: usize = 200;

/// The report of a difference.
#[must_use]
pub fn report(difference: &Difference) -> String {
    let mut out = String::new();
    let (old, new) = (&difference.old, &difference.new);
    let _ = writeln!(out, "### Policy diff: {}\n", quoted(&new.name));
    if difference.changes.is_empty() {
        // The names of the files are texts of others.
        let _ = writeln!(out, "{}", quoted(&unchanged(difference)));
    } else {
        let counts = counts(difference).join(" · ");
        let (old, new) = (quoted(&old.path), quoted(&new.path));
        let _ = writeln!(out, "**{counts}**\n\n{old} → {new}\n");
        changes(&mut out, &difference.changes);
    }
    if let Some(flips) = &difference.flips {
        verdicts(&mut out, flips);
    }
    out
}

fn changes(out: &mut String, items: &[Item]) {
    let _ = writeln!(out, "| | what | was | is |\n|---|---|---|---|");
    for item in items.iter().take(SHOWN) {
        let what = bold(item.direction, word(item.direction));
        let name = cell(&head(item));
        let place = places(item).map(|place| format!("<br>{}", cell(&place)));
        let name = format!("{name}{}", place.unwrap_or_default());
        if item.details.is_empty() {
            let _ = writeln!(out, "| {what} | {name} | | |");
        }
        for (index, detail) in item.details.iter().enumerate() {
            let side = |side: &Option<String>| side.as_ref().map(|text| cell(text));
            let note = detail
                .note
                .as_ref()
                .map(|note| format!("<br>{}", cell(note)));
            let (first, name) = match index {
                0 => (what.as_str(), format!("{name}<br>")),
                _ => ("", String::new()),
            };
            let _ = writeln!(
                out,
                "| {first} | {name}{}{} | {} | {} |",
                cell(&part(item, detail)),
                note.unwrap_or_default(),
                side(&detail.old).unwrap_or_default(),
                side(&detail.new).unwrap_or_default(),
            );
        }
    }
    more(out, items.len(), "change");
}

/// What of it changed; where it lets more pass in one way and less in another, which this is.
fn part(item: &Item, detail: &Detail) -> String {
    match item.direction {
        Direction::Both => format!("{} ({})", detail.what, word(detail.direction)),
        _ => detail.what.clone(),
    }
}

fn verdicts(out: &mut String, flips: &Flips) {
    let _ = writeln!(out, "\n**Verdicts**: {}", summary(flips));
    if !flips.runs.is_empty() {
        let _ = writeln!(out, "\n| | verdict | because |\n|---|---|---|");
    }
    for run in flips.runs.iter().take(SHOWN) {
        let what = bold(run.direction, of_run(run.direction));
        let _ = writeln!(
            out,
            "| {what} | {} | {} |",
            cell(&stretch(run)),
            because(run)
        );
    }
    more(out, flips.runs.len(), "run");
    for note in &flips.notes {
        let _ = writeln!(out, "\n{}", quoted(note));
    }
}

fn because(run: &Run) -> String {
    let all = run.because.iter().take(SHOWN).map(|because| {
        let (old, new) = (said(because.old.as_ref()), said(because.new.as_ref()));
        cell(&format!("{}: {old} → {new}", because.rule))
    });
    all.collect::<Vec<_>>().join("<br>")
}

fn more(out: &mut String, count: usize, what: &str) {
    if let Some(more) = count.checked_sub(SHOWN).filter(|more| *more > 0) {
        let more = counted(u64::try_from(more).unwrap_or(u64::MAX), what);
        let _ = writeln!(out, "\n… and {more} more.");
    }
}

/// What a reviewer must see stands out.
fn bold(direction: Direction, word: &str) -> String {
    match direction {
        Direction::Loosened | Direction::Both => format!("**{word}**"),
        _ => word.to_owned(),
    }
}

/// Text of a file as code.
fn quoted(text: &str) -> String {
    code(&crate::expr::shortened(text, LONGEST))
}

/// The same in a cell of a table, where a bar would end it.
fn cell(text: &str) -> String {
    quoted(text).replace('|', "\\|")
}
