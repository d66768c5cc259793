//! One finding for people: what became of it, on which values, since when, and what would change it.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::waiver::waived;
use super::{INDENT, Style, WIDTH, indented, paint, printable, proof};
use crate::explain::finding::BAKE;
use crate::explain::number::{pair, quantity, with_digits};
use crate::explain::reason::{plain, unit};
use crate::expr::duration::format_duration;
use crate::verdict::{Change, Checkpoint, Effect, Finding, Margin, Status};

/// How many operands are shown of one finding.
const OPERANDS: usize = 6;

/// Writes one finding.
pub(super) fn one(out: &mut String, finding: &Finding, now: Timestamp, style: Style<'_>) {
    let (label, code) = label(finding);
    let mut tail: Vec<String> = Vec::new();
    tail.extend(finding.severity.iter().map(|severity| printable(severity)));
    tail.extend(finding.cite.iter().map(|row| printable(row)));
    let tail = tail.join(" ");
    let mut head = format!("{}  {}", printable(&finding.name()), finding.status.name());
    if finding.watch {
        head.push_str(" (watched only)");
    }
    let used = INDENT
        .saturating_add(head.chars().count())
        .saturating_add(tail.chars().count());
    let gap = WIDTH.saturating_sub(used).max(2);
    let label = paint(&format!("{label:<8}"), code, style);
    let _ = writeln!(
        out,
        "{label}  {head}{:gap$}{tail}",
        "",
        gap = if tail.is_empty() { 0 } else { gap }
    );
    // What only watches never takes more than its line and its figure.
    if finding.watch && !style.names(finding) {
        return evidence(out, finding, now);
    }
    if let Some(expr) = &finding.expr {
        let hold = match finding.hold.as_deref() {
            Some("bake") => ", for the bake time".to_owned(),
            Some(hold) => format!(", for {hold}"),
            None => String::new(),
        };
        let at = finding.checkpoints.as_ref();
        let at = at.map_or_else(String::new, |at| format!(", at {at}"));
        indented(out, &format!("{}{hold}{at}", printable(expr)));
    }
    if let Some(waiver) = &finding.waiver {
        waived(out, waiver);
        // The values and times are told as they would be without it.
        let mut told = finding.clone();
        told.status = waiver.instead_of;
        return judged(out, &told, now);
    }
    if let Some(skipped) = &finding.skipped {
        indented(out, &printable(skipped));
    }
    judged(out, finding, now);
}

/// What a finding was judged on, and what would change it.
fn judged(out: &mut String, finding: &Finding, now: Timestamp) {
    if let Some(proof) = &finding.proof {
        proof::block(out, finding, proof, now);
    }
    if finding.status == Status::Pending {
        if finding.proof.is_none() {
            indented(out, &waiting(finding, now));
        }
        proof::due(out, finding, now);
        doubts(out, finding);
        return;
    }
    proof::due(out, finding, now);
    evidence(out, finding, now);
    advice(out, finding);
    if let Some(text) = finding.message.as_ref().or(finding.title.as_ref()) {
        indented(out, &printable(text));
    }
    if let Some(at) = &finding.at {
        indented(
            out,
            &format!("at {}:{}:{}", printable(&at.file), at.line, at.column),
        );
    }
}

/// The values, the margin and the times of a finding.
fn evidence(out: &mut String, finding: &Finding, now: Timestamp) {
    let mut told = None;
    if let Some(margin) = &finding.margin {
        told = Some(margin.input.as_str());
        let times = times(finding, now);
        let comma = if times.is_empty() { "" } else { ", " };
        indented(
            out,
            &format!(
                "{}{comma}{times}",
                measured(margin, unit(finding, &margin.input))
            ),
        );
    } else {
        let times = times(finding, now);
        if !times.is_empty() {
            indented(out, &times);
        }
    }
    let limit = finding.margin.as_ref().map(|margin| margin.limit);
    let others: Vec<String> = finding
        .values
        .iter()
        .filter(|operand| Some(operand.expr.as_str()) != told)
        // The limit has been told with the margin.
        .filter(|operand| {
            limit.is_none() || operand.value.as_f64() != limit || finding.values.len() > 2
        })
        .take(OPERANDS)
        .map(|operand| {
            format!(
                "{} = {}",
                printable(&operand.expr),
                clipped(&plain(&operand.value, operand.unit.as_deref()))
            )
        })
        .collect();
    if !others.is_empty() {
        indented(out, &format!("with {}", others.join(", ")));
    }
    doubts(out, finding);
}

/// What was not known, and what stood in for it.
fn doubts(out: &mut String, finding: &Finding) {
    for gap in &finding.unknown {
        indented(
            out,
            &format!(
                "unknown: {}: {}",
                printable(&gap.expr),
                printable(&gap.reason)
            ),
        );
    }
    if !finding.assumed.is_empty() {
        indented(
            out,
            &format!(
                "assumed: the default of {}",
                printable(&finding.assumed.join(", "))
            ),
        );
    }
}

/// `error_rate = 6.1% ≥ 5% (22% over)`.
fn measured(margin: &Margin, unit: Option<&str>) -> String {
    let (value, limit) = pair(margin.value, margin.limit, unit);
    let sign = match margin.relation.as_str() {
        "<=" => "≤",
        ">=" => "≥",
        // The value is the limit: once is enough.
        "==" => return format!("{} = {value}", printable(&margin.input)),
        "!=" => "≠",
        other => other,
    };
    let share = match margin.relative {
        Some(share) if share > 0.0 => {
            let way = if margin.value > margin.limit {
                "over"
            } else {
                "under"
            };
            format!(" ({}% {way})", percent(share))
        }
        _ => String::new(),
    };
    format!(
        "{} = {value} {sign} {limit}{share}",
        printable(&margin.input)
    )
}

/// A share as a percentage in two or three digits.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10_000.0 {
        return "over 10000".to_owned();
    }
    with_digits(percent, None, if percent < 1.0 { 1 } else { 3 })
}

/// The checkpoint that decided, and how many were met.
fn checkpoint(finding: &Finding, one: &Checkpoint, now: Timestamp) -> String {
    let count = |met: u64| format!("{met} checkpoint{} met", if met == 1 { "" } else { "s" });
    let judged = one.judged.map(|at| format!(", judged {}", clock(at, now)));
    match (one.due, finding.status) {
        (Some(due), Status::Pending) => {
            format!("{}, next {}", count(one.met), clock(due, now))
        }
        (Some(due), _) => format!(
            "at the checkpoint {}{}",
            clock(due, now),
            judged.unwrap_or_default()
        ),
        (None, _) => count(one.met),
    }
}

fn times(finding: &Finding, now: Timestamp) -> String {
    if let Some(one) = &finding.checkpoint {
        return checkpoint(finding, one, now);
    }
    if finding.proof.is_some() && finding.fired_at.is_none() {
        // When it was given says it better.
        return String::new();
    }
    let held = finding.held.map(coarse);
    let since = finding.since.map(|since| clock(since, now));
    let over = finding.cleared_at.is_some() || (finding.latched && !finding.unknown.is_empty());
    let value = match finding.status {
        // Its condition may be true, only not for long enough.
        Status::Unmet if finding.late && finding.hold.is_some() && over => "was not met",
        Status::Unmet if finding.late && finding.hold.is_some() => "not met",
        Status::Unmet if over => "was false",
        Status::Unmet | Status::Clear => "false",
        Status::Fired if over => "was true",
        // It counts as fired because nobody knows (`missing: fire`).
        Status::Fired if !finding.unknown.is_empty() && finding.margin.is_none() => "unknown",
        Status::Unknown => "unknown",
        _ => "true",
    };
    let mut text = match (held, since) {
        // One sample is no length of time.
        (Some(_), Some(since)) if finding.held.is_some_and(|held| held.as_secs() == 0) => {
            format!("{value} since {since}")
        }
        (Some(held), Some(since)) => format!("{value} {held} since {since}"),
        _ => return String::new(),
    };
    if let Some(fired) = finding
        .fired_at
        .filter(|fired| Some(*fired) != finding.since)
    {
        let _ = write!(text, ", fired {}", clock(fired, now));
    }
    if let Some(cleared) = finding.cleared_at {
        let _ = write!(text, ", clear since {}", clock(cleared, now));
    }
    text
}

/// What would change a finding.
fn advice(out: &mut String, finding: &Finding) {
    let clear = matches!(finding.status, Status::Fired);
    if finding.checkpoint.is_some() {
        if finding.status != Status::Met {
            indented(
                out,
                "a checkpoint is judged once, for good: enter the stage again",
            );
        }
    } else if finding.cleared_at.is_some() {
        indented(out, "stays fired until the stage is entered again");
    } else if !finding.to_change.is_empty() {
        let ways: Vec<String> = finding
            .to_change
            .iter()
            .map(|change| way(finding, change))
            .collect();
        let what = if clear { "to clear" } else { "to meet" };
        let long = match finding.hold.as_deref() {
            Some("bake") if !clear => ", for the bake time".to_owned(),
            Some(hold) if !clear => format!(", for {hold}"),
            _ => String::new(),
        };
        let again = if finding.latched {
            ", and the stage entered again"
        } else {
            ""
        };
        indented(out, &format!("{what}: {}{long}{again}", ways.join(" or ")));
    }
    if let Some(runbook) = &finding.runbook {
        indented(out, &format!("runbook {}", printable(runbook)));
    }
}

fn way(finding: &Finding, change: &Change) -> String {
    let unit = unit(finding, &change.input);
    let value = match change.value.as_f64() {
        Some(number) => quantity(number, unit),
        None => change.value.to_string(),
    };
    format!("{} {} {value}", printable(&change.input), change.op)
}

fn label(finding: &Finding) -> (&'static str, &'static str) {
    match (finding.watch, finding.status, finding.effect) {
        (true, ..) => ("watch", "36"),
        (_, Status::Fired, Effect::Rollback) => ("rollback", "31"),
        (_, Status::Unmet, _) if finding.fired_at.is_some() => ("rollback", "31"),
        (_, Status::Met | Status::Clear, _)
        | (_, Status::Pending, Effect::Hold | Effect::Rollback) => ("ok", "32"),
        (_, Status::Waived, _) => ("waived", "36"),
        (_, Status::Skipped, _) => ("-", "2"),
        _ if !finding.counts => ("-", "2"),
        _ => ("no-go", "33"),
    }
}

/// How long a pending finding has held, of how long, and when it can be met.
fn waiting(finding: &Finding, now: Timestamp) -> String {
    if let Some(one) = &finding.checkpoint {
        return checkpoint(finding, one, now);
    }
    let mut held = finding.held.map_or_else(
        || "not yet".to_owned(),
        |held| format!("held {}", coarse(held)),
    );
    if let Some(margin) = &finding.margin {
        held = format!("{}, {held}", measured(margin, unit(finding, &margin.input)));
    }
    let bake = finding.hold.clone().filter(|_| finding.rule == BAKE);
    let whole = match (finding.since, finding.met_at, bake) {
        // Business time in a calendar that does not open any more.
        (_, None, Some(bake)) => return format!("{held} of {bake}, not over within ten years"),
        (_, None, None) | (None, Some(_), None) => return held,
        // The stage is entered only later.
        (None, Some(_), Some(bake)) => bake,
        (Some(since), Some(met_at), bake) => {
            let whole = bake.unwrap_or_else(|| coarse(met_at.duration_since(since)));
            format!("{whole} since {}", clock(since, now))
        }
    };
    let earliest = finding.met_at.map(|met_at| clock(met_at, now));
    let earliest = earliest.map(|at| format!(", earliest {at} if nothing changes"));
    format!("{held} of {whole}{}", earliest.unwrap_or_default())
}

/// A length of time to the second, for people.
fn coarse(duration: SignedDuration) -> String {
    format_duration(SignedDuration::from_secs(duration.as_secs()))
}

/// The time of day where it is the day of the verdict, else the whole instant.
pub(super) fn clock(at: Timestamp, now: Timestamp) -> String {
    let (text, today) = (at.to_string(), now.to_string());
    match (text.split_once('T'), today.split_once('T')) {
        (Some((day, time)), Some((same, _))) if day == same => time.to_owned(),
        _ => text,
    }
}

/// Very long values are shown by their beginning.
fn clipped(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return printable(text);
    }
    format!(
        "{}…",
        printable(&text.chars().take(LONGEST).collect::<String>())
    )
}
