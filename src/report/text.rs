//! The report for people: failing first, passing as a count, readable in 80 columns, the same words with and without
//! colour.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::wrap::wrap;
use crate::explain::number::{pair, quantity};
use crate::explain::reason::{EMPTY, plain, unit};
use crate::expr::duration::format_duration;
use crate::source::Code;
use crate::verdict::{Cause, Change, Decision, Effect, Finding, Margin, Status, Verdict};

/// The width that every line keeps to where words allow.
const WIDTH: usize = 80;
/// How far details are indented: under the name of the rule.
const INDENT: usize = 10;
/// How many operands are shown of one finding.
const OPERANDS: usize = 6;

/// How a report is to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style<'s> {
    /// With colour; every colour repeats what a word says.
    pub color: bool,
    /// Only these rules, if any are named.
    pub rules: &'s [String],
    /// The verdict and its reason alone.
    pub brief: bool,
}

/// The report of a verdict.
#[must_use]
pub fn report(verdict: &Verdict, style: Style<'_>) -> String {
    let mut out = String::new();
    header(&mut out, verdict, style);
    if style.brief {
        let _ = writeln!(out, "{}", printable(&verdict.reason));
        return out;
    }
    let shown: Vec<&Finding> = verdict
        .findings
        .iter()
        .filter(|finding| selected(finding, style))
        .collect();
    let detailed: Vec<&&Finding> = shown
        .iter()
        .filter(|finding| detailed(finding, style))
        .collect();
    for finding in &detailed {
        out.push('\n');
        one(&mut out, finding, verdict, style);
    }
    if verdict.causes.contains(&Cause::Empty) {
        let _ = writeln!(out, "\n{:<INDENT$}{EMPTY}", "empty");
    }
    out.push('\n');
    let _ = writeln!(out, "{}", counts(verdict));
    next_steps(&mut out, verdict);
    notes(&mut out, verdict);
    out
}

fn selected(finding: &Finding, style: Style<'_>) -> bool {
    style.rules.is_empty() || style.rules.contains(&finding.rule)
}

/// Whether a finding is shown by itself: whatever is not as it should be, or was asked for.
fn detailed(finding: &Finding, style: Style<'_>) -> bool {
    let quiet = matches!(
        finding.status,
        Status::Met | Status::Clear | Status::Skipped | Status::Waived
    ) || (finding.status == Status::Pending && finding.effect != Effect::Require);
    !quiet || !style.rules.is_empty()
}

fn header(out: &mut String, verdict: &Verdict, style: Style<'_>) {
    let (word, code) = match verdict.verdict {
        Decision::Go => ("GO", "32"),
        Decision::NoGo => ("NO-GO", "33"),
        Decision::Rollback => ("ROLLBACK", "31"),
    };
    let subject = &verdict.subject;
    let commit = subject
        .commit
        .as_ref()
        .map(|commit| format!("({})", printable(commit)));
    let named: Vec<String> = [subject.service.as_deref(), subject.version.as_deref()]
        .into_iter()
        .flatten()
        .map(printable)
        .chain(commit)
        .collect();
    let place = format!(
        "{} @ {}",
        printable(&verdict.policy.name),
        printable(&verdict.stage)
    );
    let mut parts = vec![place];
    if !named.is_empty() {
        parts.push(named.join(" "));
    }
    parts.push(verdict.now.to_string());
    let line = parts.join("   ");
    let _ = if line.chars().count().saturating_add(INDENT) > WIDTH {
        let (first, rest) = parts
            .split_first()
            .map_or(("", Vec::new()), |(first, rest)| {
                (first.as_str(), rest.to_vec())
            });
        writeln!(
            out,
            "{}  {first}\n{:INDENT$}{}",
            paint(word, code, style),
            "",
            rest.join("   ")
        )
    } else {
        writeln!(out, "{}  {line}", paint(word, code, style))
    };
    if let Some(next) = &verdict.next {
        let _ = writeln!(out, "{:INDENT$}next stage: {}", "", printable(next));
    }
}

fn one(out: &mut String, finding: &Finding, verdict: &Verdict, style: Style<'_>) {
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
    if let Some(expr) = &finding.expr {
        let hold = match finding.hold.as_deref() {
            Some("bake") => ", for the bake time".to_owned(),
            Some(hold) => format!(", for {hold}"),
            None => String::new(),
        };
        indented(out, &format!("{}{hold}", printable(expr)));
    }
    if finding.status == Status::Pending {
        indented(out, &waiting(finding, verdict.now));
        return;
    }
    evidence(out, finding, verdict.now);
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
        "==" => "=",
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
    crate::explain::number::with_digits(percent, None, if percent < 1.0 { 1 } else { 3 })
}

fn times(finding: &Finding, now: Timestamp) -> String {
    let held = finding.held.map(coarse);
    let since = finding.since.map(|since| clock(since, now));
    let over = finding.cleared_at.is_some() || (finding.latched && !finding.unknown.is_empty());
    let value = match finding.status {
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
    if finding.cleared_at.is_some() {
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
        (_, Status::Skipped | Status::Waived, _) => ("-", "2"),
        _ if !finding.counts => ("-", "2"),
        _ => ("no-go", "33"),
    }
}

fn counts(verdict: &Verdict) -> String {
    // A requirement whose failure is a hard stop is told among the fired.
    let told = |finding: &Finding| match finding.status {
        Status::Unmet if finding.fired_at.is_some() => Status::Fired,
        status => status,
    };
    let count = |status: Status| {
        verdict
            .findings
            .iter()
            .filter(|f| told(f) == status && !f.watch)
            .count()
    };
    let mut parts: Vec<String> = [
        Status::Fired,
        Status::Unmet,
        Status::Unknown,
        Status::Pending,
        Status::Met,
    ]
    .into_iter()
    .map(|status| format!("{} {}", count(status), status.name()))
    .collect();
    for status in [Status::Clear, Status::Skipped, Status::Waived] {
        if count(status) > 0 {
            parts.push(format!("{} {}", count(status), status.name()));
        }
    }
    let watched = verdict
        .findings
        .iter()
        .filter(|finding| finding.watch)
        .count();
    if watched > 0 {
        parts.push(format!("{watched} watched"));
    }
    let assumed = verdict
        .findings
        .iter()
        .filter(|finding| !finding.assumed.is_empty())
        .count();
    if assumed > 0 {
        parts.push(format!("{assumed} assumed"));
    }
    parts.join(" · ")
}

/// What was decided without or on a default, and what was left out.
fn notes(out: &mut String, verdict: &Verdict) {
    for finding in &verdict.findings {
        let settled = matches!(finding.status, Status::Met | Status::Clear);
        if settled && !finding.assumed.is_empty() {
            lines(
                out,
                "note",
                &format!(
                    "{} rests on the default of {}",
                    finding.name(),
                    finding.assumed.join(", ")
                ),
            );
        }
        if settled && !finding.unknown.is_empty() {
            let gaps: Vec<String> = finding
                .unknown
                .iter()
                .map(|gap| format!("{} ({})", gap.expr, gap.reason))
                .collect();
            lines(
                out,
                "note",
                &format!("{} was decided without {}", finding.name(), gaps.join(", ")),
            );
        }
    }
    // Problems of the input begin with their code; they are told in full where they were found.
    let told = |warning: &&String| {
        let code = warning.split(':').next().unwrap_or_default();
        Code::ALL.iter().any(|known| known.name() == code)
    };
    for warning in verdict.warnings.iter().filter(|warning| !told(warning)) {
        lines(out, "note", warning);
    }
    let input = verdict.warnings.iter().filter(told).count();
    if input > 0 {
        let what = if input == 1 { "warning" } else { "warnings" };
        lines(
            out,
            "note",
            &format!("{input} {what} about the input, told on standard error and in the record"),
        );
    }
}

/// What to do now: actions of what failed, and who is to be told by when.
fn next_steps(out: &mut String, verdict: &Verdict) {
    let mut steps: Vec<String> = Vec::new();
    let failed = |f: &&Finding| !f.watch && matches!(f.status, Status::Fired | Status::Unmet);
    for finding in verdict.findings.iter().filter(failed) {
        steps.extend(finding.action.clone());
    }
    for row in &verdict.escalation {
        if row.notify.is_empty() {
            continue;
        }
        let by = row.respond_by.map_or_else(String::new, |by| {
            let overdue = if row.overdue { ", overdue" } else { "" };
            format!(", respond by {}{overdue}", clock(by, verdict.now))
        });
        steps.push(format!(
            "tell {}{by} ({})",
            row.notify.join(", "),
            row.severity
        ));
    }
    let mut seen = Vec::new();
    steps.retain(|step| {
        let new = !seen.contains(step);
        seen.push(step.clone());
        new
    });
    for (index, step) in steps.iter().enumerate() {
        lines(out, if index == 0 { "do now" } else { "" }, step);
    }
}

/// How long a pending finding has held, of how long, and when it can be met.
fn waiting(finding: &Finding, now: Timestamp) -> String {
    let mut held = finding.held.map_or_else(
        || "not yet".to_owned(),
        |held| format!("held {}", coarse(held)),
    );
    if let Some(margin) = &finding.margin {
        held = format!("{}, {held}", measured(margin, unit(finding, &margin.input)));
    }
    let (Some(since), Some(met_at)) = (finding.since, finding.met_at) else {
        return held;
    };
    let whole = coarse(met_at.duration_since(since));
    format!(
        "{held} of {whole} since {}, earliest {} if nothing changes",
        clock(since, now),
        clock(met_at, now)
    )
}

/// A length of time to the second, for people.
fn coarse(duration: SignedDuration) -> String {
    format_duration(SignedDuration::from_secs(duration.as_secs()))
}

/// The time of day where it is the day of the verdict, else the whole instant.
fn clock(at: Timestamp, now: Timestamp) -> String {
    let (text, today) = (at.to_string(), now.to_string());
    match (text.split_once('T'), today.split_once('T')) {
        (Some((day, time)), Some((same, _))) if day == same => time.to_owned(),
        _ => text,
    }
}

fn indented(out: &mut String, text: &str) {
    for line in wrap(text.trim_end(), WIDTH.saturating_sub(INDENT), 0) {
        let _ = writeln!(out, "{:INDENT$}{line}", "");
    }
}

fn lines(out: &mut String, label: &str, text: &str) {
    for (index, line) in wrap(&printable(text), WIDTH.saturating_sub(INDENT), 0)
        .iter()
        .enumerate()
    {
        let label = if index == 0 { label } else { "" };
        let _ = writeln!(out, "{label:<INDENT$}{line}");
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

/// Text from a file, in one line and without what could steer a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            // Control characters, and those that turn the direction of what follows.
            c if c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

fn paint(text: &str, code: &str, style: Style<'_>) -> String {
    if style.color {
        format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
