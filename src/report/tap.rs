//! A verdict as TAP 14: one plan, a test point for each rule. Never a point that passes where the gate does not.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::case::{Case, Outcome, cases, order, steps};
use super::{Told, clip};
use crate::source::runner::{in_json, spaced};

/// The report.
#[must_use]
pub fn tap(told: &Told<'_>) -> String {
    let all = cases(told);
    let (warnings, points): (Vec<Case<'_>>, Vec<Case<'_>>) = all
        .into_iter()
        .partition(|case| case.outcome == Outcome::Warning);
    let mut out = String::from("TAP version 14\n");
    if let Some(verdict) = told.verdict {
        let (policy, stage) = (clip::name(&verdict.policy.name), clip::name(&verdict.stage));
        let head = format!("{policy}@{stage}: {}", verdict.verdict.name());
        comment(&mut out, &head);
    }
    comment(&mut out, &told.reason());
    if let Some(order) = told.verdict.and_then(order) {
        comment(&mut out, &order);
    }
    let _ = writeln!(out, "1..{}", points.len());
    for (index, case) in points.iter().enumerate() {
        point(&mut out, index.saturating_add(1), case);
    }
    if let Some(verdict) = told.verdict {
        for step in steps(verdict) {
            comment(&mut out, &format!("to go: {step}"));
        }
    }
    for case in &warnings {
        comment(&mut out, &format!("{}: {}", case.rule, case.says));
    }
    if told.verdict.is_none() {
        let _ = writeln!(out, "Bail out! {}", spaced(&clip::line(&told.reason())));
    }
    out
}

fn comment(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {}", spaced(&clip::line(text)));
}

fn point(out: &mut String, number: usize, case: &Case<'_>) {
    let (ok, directive) = match case.outcome {
        Outcome::Skipped | Outcome::Waived => ("ok", "SKIP"),
        // What may fail without failing the whole.
        Outcome::Watched => ("not ok", "TODO"),
        outcome if outcome.red() => ("not ok", ""),
        _ => ("ok", ""),
    };
    let _ = write!(out, "{ok} {number} - {}", escaped(&case.name));
    if !directive.is_empty() {
        let _ = write!(out, " # {directive} {}", escaped(&case.says));
    }
    out.push('\n');
    if ok == "not ok" || case.outcome == Outcome::Open {
        diagnostics(out, case);
    }
}

/// The block of YAML below a test point. Every text in it is quoted, and a document of YAML whatever it says.
fn diagnostics(out: &mut String, case: &Case<'_>) {
    let text = |text: &str| in_json(&Json::from(text).to_string());
    let _ = writeln!(out, "  ---\n  message: {}", text(&case.says));
    if let Some(finding) = case.finding {
        let _ = writeln!(out, "  status: {}", text(finding.status.name()));
        let _ = writeln!(out, "  effect: {}", text(finding.effect.name()));
    }
    if let Some(code) = case.code {
        let _ = writeln!(out, "  code: {}", text(code.name()));
    }
    if let Some(at) = &case.at {
        let file = text(&clip::line(&at.file));
        let _ = writeln!(out, "  at:\n    file: {file}");
        let _ = writeln!(out, "    line: {}\n    column: {}", at.line, at.column);
    }
    if !case.details.is_empty() {
        let _ = writeln!(out, "  details:");
        for line in &case.details {
            let _ = writeln!(out, "    - {}", text(line));
        }
    }
    let _ = writeln!(out, "  ...");
}

/// A text in which no directive begins.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_has_no_directive() {
        assert_eq!(escaped("a # SKIP \\"), "a \\# SKIP \\\\");
    }
}
