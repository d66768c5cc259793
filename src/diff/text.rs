//! A difference for people: what lets more pass first, readable in 80 columns, the same words with and without colour.
//! Never decides what a change comes to.

use std::fmt::Write as _;

use super::difference::{Change, Detail, Difference, Direction, Item};
use super::flips::{Flips, Run, Told};
use crate::report::text::{INDENT, Style, WIDTH, paint, printable};
use crate::report::wrap::wrap;
use crate::verdict::{Decision, Place};

/// How many runs of samples are shown.
const RUNS: usize = 20;

/// The report of a difference.
#[must_use]
pub fn report(difference: &Difference, color: bool) -> String {
    let style = Style {
        color,
        ..Style::default()
    };
    let mut out = String::new();
    let (old, new) = (&difference.old, &difference.new);
    if difference.changes.is_empty() {
        // One line, however long the paths are.
        let word = paint("same", "32", style);
        let _ = writeln!(out, "{word}      {}", printable(&unchanged(difference)));
    } else {
        let head = format!("{} → {}", old.path, new.path);
        lines(&mut out, "diff", style, &head);
        lines(&mut out, "", style, &counts(difference).join(" · "));
    }
    for item in &difference.changes {
        out.push('\n');
        one(&mut out, item, style);
    }
    if let Some(flips) = &difference.flips {
        out.push('\n');
        verdicts(&mut out, flips, style);
    }
    out
}

/// What is said where nothing changed that decides anything.
pub(super) fn unchanged(difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    let both = format!("{} and {}", old.path, new.path);
    let texts = difference.counts.text_only;
    if old.digest == new.digest {
        format!("no difference: {both} are the same")
    } else if texts > 0 {
        let rules = counted(texts, "rule");
        format!("no difference in what is decided: {both} differ in the texts of {rules}")
    } else {
        format!("no difference in what is decided: {both} differ only in how they are written")
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// How much of what there is, without what there is none of.
pub(super) fn counts(difference: &Difference) -> Vec<String> {
    let counts = &difference.counts;
    let all = [
        (counts.loosened, "loosened"),
        (counts.both, "both looser and tighter"),
        (counts.changed, "changed, direction not known"),
        (counts.tightened, "tightened"),
        (counts.neutral, "of no direction"),
        (counts.text_only, "in texts only"),
        (counts.unchanged, "the same"),
    ];
    let told = all.iter().filter(|(count, _)| *count > 0);
    told.map(|(count, what)| format!("{count} {what}"))
        .collect()
}

fn one(out: &mut String, item: &Item, style: Style<'_>) {
    lines(out, word(item.direction), style, &head(item));
    for detail in &item.details {
        let mut told = part(item, detail);
        if item.direction == Direction::Both {
            told.push_str(&format!(" ({})", word(detail.direction)));
        }
        lines(out, "", style, &told);
        if let Some(note) = &detail.note {
            lines(out, "", style, &format!("({note})"));
        }
    }
    if let Some(places) = places(item) {
        lines(out, "", style, &places);
    }
}

/// The word for a direction.
pub(super) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Neutral => "other",
        other => other.name(),
    }
}

/// `rule error-spike changed · canary-5, canary-25`.
pub(super) fn head(item: &Item) -> String {
    let was = item.was_name.as_ref().map(|was| format!(" (was {was})"));
    let stages = item.stages.join(", ");
    let alone = item.stages.len() == 1 && stages == "default";
    let stages = if stages.is_empty() || alone {
        String::new()
    } else {
        format!(" · {stages}")
    };
    let change = item.change.name();
    let was = was.unwrap_or_default();
    format!("{} {}{was} {change}{stages}", item.about, item.name)
}

/// `for: 2m → 5m`.
fn part(item: &Item, detail: &Detail) -> String {
    let what = &detail.what;
    let whole = matches!(item.change, Change::Added | Change::Removed);
    match (&detail.old, &detail.new) {
        (Some(one), None) | (None, Some(one)) if whole => format!("{what}: {one}"),
        // What it stands for changed, as the note says.
        (Some(old), Some(new)) if old == new => format!("{what}: {new}"),
        (old, new) => {
            let told = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
            format!("{what}: {} → {}", told(old), told(new))
        }
    }
}

/// Where it stands in both files.
pub(super) fn places(item: &Item) -> Option<String> {
    let told = |place: &Place| format!("{}:{}:{}", place.file, place.line, place.column);
    match (&item.old, &item.new) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(told(one)),
        (Some(old), Some(new)) => Some(format!("{} → {}", told(old), told(new))),
    }
}

fn verdicts(out: &mut String, flips: &Flips, style: Style<'_>) {
    lines(out, "verdicts", style, &summary(flips));
    for run in flips.runs.iter().take(RUNS) {
        out.push('\n');
        lines(out, of_run(run.direction), style, &stretch(run));
        for because in &run.because {
            let sides = [&because.old, &because.new].map(|side| said(side.as_ref()));
            let [old, new] = sides;
            lines(out, "", style, &format!("{}: {old} → {new}", because.rule));
        }
    }
    if let Some(more) = flips.runs.len().checked_sub(RUNS).filter(|more| *more > 0) {
        let _ = writeln!(
            out,
            "\n{:INDENT$}… and {more} more: --format json has all",
            ""
        );
    }
    for note in &flips.notes {
        lines(out, "note", style, note);
    }
}

/// The word for a run.
pub(super) fn of_run(direction: Direction) -> &'static str {
    match direction {
        Direction::Loosened => "looser",
        Direction::Tightened => "tighter",
        _ => "one side",
    }
}

/// How many samples there are, and how many of them differ.
pub(super) fn summary(flips: &Flips) -> String {
    let (Some(from), Some(to)) = (flips.from, flips.to) else {
        return "there is no sample".to_owned();
    };
    let parts = [
        (flips.looser, "looser"),
        (flips.tighter, "tighter"),
        (flips.one_sided, "judged by one policy alone"),
        (flips.neither, "judged by neither"),
        (flips.later, "later and not used"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: String = parts
        .map(|(count, what)| format!(", {count} {what}"))
        .collect();
    let samples = counted(flips.samples, "sample");
    format!("{samples}, {from} to {to}: {} the same{parts}", flips.same)
}

/// `rollback → go from … to … (3 samples) · canary-5`.
pub(super) fn stretch(run: &Run) -> String {
    let name = |side: Option<Decision>| side.map_or("not judged", Decision::name);
    let when = match run.samples {
        0 => format!("at the end, {}", run.from),
        1 => format!("at {}", run.from),
        count => format!("from {} to {} ({count} samples)", run.from, run.to),
    };
    let stage = match run.stage.as_str() {
        "" | "default" => String::new(),
        stage => format!(" · {stage}"),
    };
    format!("{} → {} {when}{stage}", name(run.old), name(run.new))
}

/// `fired (error_rate is 6.1%, limit 5%)`.
pub(super) fn said(told: Option<&Told>) -> String {
    let Some(told) = told else {
        return "no such rule".to_owned();
    };
    match &told.reason {
        Some(reason) if *reason != told.status => format!("{} ({reason})", told.status),
        _ => told.status.clone(),
    }
}

/// A word, and a text beside it in as many lines as it takes.
fn lines(out: &mut String, label: &str, style: Style<'_>, text: &str) {
    let code = match label {
        "loosened" | "looser" => "31",
        "tightened" | "tighter" => "32",
        "both" | "changed" | "one side" => "33",
        _ => "1",
    };
    let text = printable(text);
    for (index, line) in wrap(&text, WIDTH.saturating_sub(INDENT), 0)
        .iter()
        .enumerate()
    {
        let label = if index == 0 { label } else { "" };
        let space = " ".repeat(INDENT.saturating_sub(label.chars().count()));
        let label = match label {
            "" => String::new(),
            label => paint(label, code, style),
        };
        let indent = if index == 0 { "" } else { "  " };
        let _ = writeln!(out, "{label}{space}{indent}{line}");
    }
}
