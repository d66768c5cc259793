//! One finding for people: what became of it, on which values, since when, and what would change it.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::times::{times, waiting};
use super::waiver::waived;
use super::{INDENT, Style, WIDTH, full, hung, indented, paint, printable, proof};
use crate::explain::number::{pair, with_digits};
use crate::explain::reason::{plain, unit, way};
use crate::verdict::{Effect, Finding, Gap, Margin, Status};

/// How many operands are shown of one finding.
const OPERANDS: usize = 6;

/// Writes one finding.
pub(super) fn one(out: &mut String, finding: &Finding, now: Timestamp, style: Style<'_>) {
    let (label, code) = label(finding);
    let mut tail: Vec<String> = Vec::new();
    tail.extend(finding.severity.iter().map(|severity| printable(severity)));
    tail.extend(finding.cite.iter().map(|row| printable(row)));
    let tail = tail.join(" ");
    let mut head = format!("{}  {}", printable(&finding.name()), finding.told());
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
        return evidence(out, finding, now, style);
    }
    if let Some(expr) = &finding.expr {
        let hold = match finding.hold.as_deref() {
            Some("bake") => ", for the bake time".to_owned(),
            Some(hold) => format!(", for {hold}"),
            None => String::new(),
        };
        let at = finding.checkpoints.as_ref();
        let at = at.map_or_else(String::new, |at| format!(", at {at}"));
        let when = applies(finding, style);
        indented(out, &format!("{}{hold}{at}{when}", printable(expr)));
    }
    if let Some(waiver) = &finding.waiver {
        waived(out, waiver);
        // The values and times are told as they would be without it.
        let mut told = finding.clone();
        told.status = waiver.instead_of;
        return judged(out, &told, now, style);
    }
    if let Some(skipped) = &finding.skipped {
        indented(out, &printable(skipped));
    }
    judged(out, finding, now, style);
}

/// What must be true for a rule to apply, where nobody knows whether it is, and in full.
fn applies(finding: &Finding, style: Style<'_>) -> String {
    let Some(when) = &finding.when else {
        return String::new();
    };
    let mut gaps = finding.unknown.iter();
    let is_unknown =
        finding.status == Status::Unknown && gaps.any(|gap| when.contains(gap.expr.as_str()));
    if !style.full && !is_unknown {
        return String::new();
    }
    format!(", when {}", printable(when))
}

/// What a finding was judged on, and what would change it.
fn judged(out: &mut String, finding: &Finding, now: Timestamp, style: Style<'_>) {
    if let Some(proof) = &finding.proof {
        proof::block(out, finding, proof, now);
    }
    if finding.status == Status::Pending {
        if finding.proof.is_none() {
            indented(out, &waiting(finding, now));
        } else if let Some(margin) = &finding.margin {
            indented(out, &measured(margin, unit(finding, &margin.input)));
        }
        if finding.proof.is_some() {
            advice(out, finding, style);
        }
        proof::due(out, finding, now);
        doubts(out, finding);
        in_full(out, finding, now, style);
        if style.full {
            runbook(out, finding);
        }
        return;
    }
    proof::due(out, finding, now);
    evidence(out, finding, now, style);
    in_full(out, finding, now, style);
    advice(out, finding, style);
    runbook(out, finding);
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
fn evidence(out: &mut String, finding: &Finding, now: Timestamp, style: Style<'_>) {
    if let Some(margin) = &finding.margin {
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
    let most = if style.full { usize::MAX } else { OPERANDS };
    let others = operands(finding, most);
    if !others.is_empty() {
        indented(out, &format!("with {}", others.join(", ")));
    }
    doubts(out, finding);
}

/// The operands that are not told with the margin, with their values.
pub(super) fn operands(finding: &Finding, most: usize) -> Vec<String> {
    let told = finding.margin.as_ref().map(|margin| margin.input.as_str());
    let limit = finding.margin.as_ref().map(|margin| margin.limit);
    finding
        .values
        .iter()
        .filter(|operand| Some(operand.expr.as_str()) != told)
        // The limit has been told with the margin.
        .filter(|operand| {
            limit.is_none() || operand.value.as_f64() != limit || finding.values.len() > 2
        })
        .take(most)
        .map(|operand| {
            format!(
                "{} = {}",
                printable(&operand.expr),
                clipped(&plain(&operand.value, operand.unit.as_deref()))
            )
        })
        .collect()
}

/// What a full report tells beside.
fn in_full(out: &mut String, finding: &Finding, now: Timestamp, style: Style<'_>) {
    if style.full {
        full::trace(out, finding);
        full::windows(out, finding, now);
        full::controls(out, finding);
    }
}

/// What a finding was decided without, where it was decided.
pub(super) fn missing(finding: &Finding) -> Option<String> {
    let whole = finding.trace.first();
    let decided = match finding.status {
        Status::Met | Status::Clear | Status::Pending | Status::Unmet | Status::Fired => {
            whole.is_none_or(|whole| whole.unknown.is_none())
        }
        Status::Unknown | Status::Skipped | Status::Waived => false,
    };
    // The condition itself was not known long enough, or what it was decided on is gone by now.
    let is_undecided = |gap: &Gap| {
        let mut parts = finding.trace.iter();
        finding.expr.as_ref() == Some(&gap.expr)
            || parts.any(|part| part.expr == gap.expr && part.value.is_some())
    };
    let undecided = finding.unknown.iter().any(is_undecided);
    if !decided || undecided || finding.unknown.is_empty() || finding.checkpoint.is_some() {
        return None;
    }
    let gaps = finding.unknown.iter();
    let gaps: Vec<String> = gaps
        .map(|gap| format!("{} ({})", printable(&gap.expr), printable(&gap.reason)))
        .collect();
    Some(format!("decided without {}", gaps.join(", ")))
}

/// What was not known, and what stood in for it.
fn doubts(out: &mut String, finding: &Finding) {
    let decided = missing(finding).filter(|_| !finding.is_over());
    if let Some(decided) = &decided {
        indented(out, decided);
    }
    for gap in finding.unknown.iter().filter(|_| decided.is_none()) {
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
pub(in crate::report) fn measured(margin: &Margin, unit: Option<&str>) -> String {
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
        Some(share) if share > 0.0 && margin.relation != "!=" => {
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
        return ">10000".to_owned();
    }
    if percent < 0.0001 {
        return "less than 0.0001".to_owned();
    }
    with_digits(percent, None, if percent < 1.0 { 1 } else { 3 })
}

/// What would change a finding.
fn advice(out: &mut String, finding: &Finding, style: Style<'_>) {
    let clear = match finding.status {
        Status::Unknown => finding.effect != Effect::Require,
        status => status == Status::Fired,
    };
    if finding.checkpoint.is_some() {
        if finding.status != Status::Met {
            indented(
                out,
                "a checkpoint is judged once, for good: enter the stage again",
            );
        }
    } else if finding.is_over() {
        indented(out, "stays fired until the stage is entered again");
    } else if !finding.to_change.is_empty() {
        let ways: Vec<String> = finding
            .to_change
            .iter()
            .map(|change| printable(&way(finding, change)))
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
        let rest = format!("{long}{again}");
        if let (true, [_, _, ..]) = (style.full, ways.as_slice()) {
            indented(out, &format!("{what}, one of{rest}:"));
            for way in &ways {
                hung(out, &format!("- {way}"));
            }
        } else {
            indented(out, &format!("{what}: {}{rest}", one_line(&ways, finding)));
        }
    }
}

/// Ways in one line. Where some are of several changes only the two simplest: all of them are told in full.
fn one_line(ways: &[String], finding: &Finding) -> String {
    let several = finding
        .to_change
        .iter()
        .any(|change| change.and.iter().any(|one| one.input != change.input));
    if !several {
        return ways.join(" or ");
    }
    let mut told: Vec<String> = ways.iter().take(2).cloned().collect();
    match ways.len().saturating_sub(told.len()) {
        0 => {}
        1 => told.push("1 other way".to_owned()),
        more => told.push(format!("{more} other ways")),
    }
    told.join(", or ")
}

fn runbook(out: &mut String, finding: &Finding) {
    if let Some(runbook) = &finding.runbook {
        indented(out, &format!("runbook {}", printable(runbook)));
    }
}

fn label(finding: &Finding) -> (&'static str, &'static str) {
    match (finding.watch, finding.status, finding.effect) {
        (true, ..) => ("watch", "36"),
        _ if finding.asks_back() => ("rollback", "31"),
        (_, Status::Met | Status::Clear, _)
        | (_, Status::Pending, Effect::Hold | Effect::Rollback) => ("ok", "32"),
        (_, Status::Waived, _) => ("waived", "36"),
        (_, Status::Skipped, _) => ("-", "2"),
        _ if !finding.counts => ("-", "2"),
        _ => ("no-go", "33"),
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
