//! What a full report tells beside a short one: what every part of a condition was worth, what its windows looked back at,
//! and what holds, in one line each. Of a verdict alone; it never asks what was judged.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::finding::{measured, missing, operands};
use super::times::clock;
use super::{INDENT, WIDTH, hung, indented, lines, printable, proof};
use crate::explain::number::with_digits;
use crate::explain::reason::{plain, unit};
use crate::expr::duration::parse_duration;
use crate::verdict::{Contents, Finding, Part, Status};

/// How wide the parts of a condition are drawn at most.
const PARTS: usize = 44;
/// How many digits are told of what a window looked back at.
const DIGITS: usize = 6;

/// What every part of the condition was worth, drawn under it: a part of another one stands further in.
pub(super) fn trace(out: &mut String, finding: &Finding) {
    let drawn: Vec<(String, String)> = drawn(&finding.trace);
    let width = drawn
        .iter()
        .map(|(part, _)| part.chars().count())
        .max()
        .unwrap_or(0)
        .min(PARTS);
    let left = WIDTH
        .saturating_sub(INDENT)
        .saturating_sub(width)
        .saturating_sub(4);
    for (part, value) in drawn {
        if value.is_empty() {
            indented_as_is(out, &part);
            continue;
        }
        let part = cut(&part, width);
        indented_as_is(out, &format!("{part:<width$}  = {}", cut(&value, left)));
    }
}

/// What the windows looked back at.
pub(super) fn windows(out: &mut String, finding: &Finding, now: Timestamp) {
    for window in &finding.windows {
        hung(out, &window_line(window, now));
    }
}

/// The rows of the controls a rule is evidence for.
pub(super) fn controls(out: &mut String, finding: &Finding) {
    if !finding.controls.is_empty() {
        indented(
            out,
            &format!("controls {}", printable(&finding.controls.join(", "))),
        );
    }
}

/// A finding that needs no more than a line.
pub(super) fn line(out: &mut String, finding: &Finding, now: Timestamp) {
    let mut told = finding.name();
    let mut add = |text: String| {
        told.push_str(if told.contains(": ") { ", " } else { ": " });
        told.push_str(&text);
    };
    if let Some(margin) = &finding.margin {
        add(measured(margin, unit(finding, &margin.input)));
    }
    if let Some(proof) = finding
        .proof
        .as_ref()
        .filter(|_| finding.status == Status::Met)
    {
        proof::in_line(proof, now).into_iter().for_each(&mut add);
    }
    operands(finding, usize::MAX).into_iter().for_each(&mut add);
    if let Some(skipped) = &finding.skipped {
        add(skipped.clone());
    }
    if let Some(missing) = missing(finding) {
        add(missing);
    }
    lines(out, finding.status.name(), &told);
}

fn window_line(window: &Contents, now: Timestamp) -> String {
    let unit = window.unit.as_deref();
    let samples = if window.samples == 1 {
        "sample"
    } else {
        "samples"
    };
    let mut told = format!("{}: {} {samples}", printable(&window.expr), window.samples);
    // One that keeps no samples tells where it looks, and what is so now.
    let keeps_none = window.samples == 0 && window.last.is_some();
    if let Some(from) = window.from.filter(|_| keeps_none) {
        told = format!("{}: looks at {}", printable(&window.expr), clock(from, now));
    } else if let Some(from) = window.from {
        let _ = write!(told, " since {}", clock(from, now));
    }
    let figure = |value: &Json| {
        let number = value.as_f64();
        number.map_or_else(
            || plain(value, unit),
            |number| with_digits(number, unit, DIGITS),
        )
    };
    if let Some(start) = &window.start {
        let _ = write!(told, ", from {} then", printable(&figure(start)));
    }
    for (name, figure) in [
        ("min", window.min),
        ("avg", window.avg),
        ("max", window.max),
    ] {
        if let Some(figure) = figure {
            let _ = write!(told, ", {name} {}", with_digits(figure, unit, DIGITS));
        }
    }
    if let Some(last) = &window.last {
        let _ = write!(told, ", last {}", printable(&figure(last)));
    }
    for hole in &window.holes {
        let (from, to) = (clock(hole.from, now), clock(hole.to, now));
        let _ = write!(told, "; no sample from {from} to {to}");
    }
    told
}

/// The parts as they are drawn, with their values.
fn drawn(parts: &[Part]) -> Vec<(String, String)> {
    // The parts that the next one may stand in, with their ends.
    let mut around: Vec<(usize, &Part)> = Vec::new();
    let mut drawn = Vec::new();
    for part in parts {
        let start = usize::try_from(part.start).unwrap_or(usize::MAX);
        let end = start.saturating_add(part.expr.len());
        let own = part.item.as_deref();
        // An item stands around its own parts and those of the items in it.
        let around_own = |item: &str| {
            let rest = own.and_then(|own| own.strip_prefix(item));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
        };
        let apart = |item: Option<&str>| item.is_some_and(|item| !around_own(item));
        let is_over = |(last, outer): &(usize, &Part)| {
            if outer.of == part.of {
                *last < end || apart(outer.item.as_deref())
            } else {
                // A part of a named expression stands in the part that refers to it.
                part.of.as_ref() != Some(&outer.expr)
            }
        };
        while around.last().is_some_and(is_over) {
            around.pop();
        }
        let deep = "  ".repeat(around.len().min(12));
        let text: String = printable(&part.expr)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let item = part.item.as_deref();
        let told = match (&part.value, &part.unknown) {
            (Some(value), _) => value_of(value, part.unit.as_deref()),
            // Why is told once, above.
            (None, Some(_)) => "unknown".to_owned(),
            // How much more there is.
            (None, None) => {
                let more = item.unwrap_or_default();
                drawn.push((format!("{deep}  {}", printable(more)), String::new()));
                continue;
            }
        };
        let item = item.map_or_else(String::new, |item| format!("[{}] ", printable(item)));
        drawn.push((format!("{deep}{item}{text}"), printable(&told)));
        around.push((end, part));
    }
    drawn
}

/// A value in its unit; a text in quotes.
fn value_of(value: &Json, unit: Option<&str>) -> String {
    match value {
        Json::String(text) if parse_duration(text).is_ok() || text.parse::<Timestamp>().is_ok() => {
            text.clone()
        }
        Json::String(_) => value.to_string(),
        other => plain(other, unit),
    }
}

/// A line that keeps its spaces.
fn indented_as_is(out: &mut String, line: &str) {
    let _ = writeln!(out, "{:INDENT$}{}", "", line.trim_end());
}

/// The beginning of a text that is too wide.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}
