//! The report for people: failing first, passing as a count, readable in 80 columns, the same words with and without
//! colour.

pub(super) mod finding;
pub(super) mod first;
pub(super) mod follow;
mod full;
pub(super) mod proof;
pub(super) mod times;
mod waiver;

use std::fmt::Write as _;

use super::alike::{Apart, is_of};
use super::case::shown_reason as reason;
use super::clip;
use super::wrap::wrap;
use crate::explain::reason::EMPTY;
use crate::source::Code;
use crate::source::hidden::hides;
use crate::source::runner::harmless;
use crate::verdict::{Cause, Decision, Effect, Finding, Status, Verdict};
use finding::one;

/// The width that every line keeps to where words allow.
pub(crate) const WIDTH: usize = 80;
/// How far details are indented: under the name of the rule.
pub(crate) const INDENT: usize = 10;

/// How a report is to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style<'s> {
    /// With colour; every colour repeats what a word says.
    pub color: bool,
    /// Only these rules, if any are named.
    pub rules: &'s [String],
    /// The verdict and its reason alone.
    pub brief: bool,
    /// All that is known of every finding.
    pub full: bool,
}

impl Style<'_> {
    /// Whether a finding is asked for by its rule, or by its own name.
    fn names(&self, finding: &Finding) -> bool {
        // A very long one is shown cut.
        let same = |rule: &String| finding.rule == *rule || finding.rule == clip::name(rule);
        let own = |rule: &String| same(rule) || is_of(&finding.rule, rule);
        self.rules.iter().any(own)
            || (finding.key.is_some() && self.rules.contains(&finding.name()))
    }
}

/// The report of a verdict.
#[must_use]
pub fn report(verdict: &Verdict, style: Style<'_>) -> String {
    // Runners read what is printed, and what a job shows of a file.
    harmless(&match Apart::of(verdict) {
        Some(apart) => shown(&apart.shown(verdict), style),
        None => shown(verdict, style),
    })
}

/// The report of a verdict in which no two names look alike.
fn shown(verdict: &Verdict, style: Style<'_>) -> String {
    let mut out = String::new();
    header(&mut out, verdict, style);
    if style.brief {
        let _ = writeln!(out, "{}", printable(&reason(verdict)));
        return clip::lines(out);
    }
    let all = first::lines(&mut out, verdict);
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
        one(&mut out, finding, verdict.now, style);
        waiver::ended(&mut out, finding, verdict);
    }
    if verdict.causes.contains(&Cause::Empty) {
        let _ = writeln!(out, "\n{:<INDENT$}{EMPTY}", "empty");
    }
    if style.full {
        let others = shown.iter().filter(|one| !self::detailed(one, style));
        for (index, finding) in others.enumerate() {
            if index == 0 {
                out.push('\n');
            }
            full::line(&mut out, finding, verdict.now);
        }
    }
    out.push('\n');
    counted(&mut out, verdict);
    if !all {
        first::steps(&mut out, verdict);
    }
    follow::follows(&mut out, verdict);
    notes(&mut out, verdict, style);
    clip::lines(out)
}

/// The head of a report, the rules and items that are named in `style`, and the counts: for whoever shows a verdict among
/// other things. `following` adds what follows from the verdict.
#[must_use]
pub fn excerpt(verdict: &Verdict, style: Style<'_>, following: bool) -> String {
    let mut out = String::new();
    header(&mut out, verdict, style);
    let named = |finding: &&Finding| style.names(finding);
    for finding in verdict.findings.iter().filter(named) {
        out.push('\n');
        one(&mut out, finding, verdict.now, style);
        waiver::ended(&mut out, finding, verdict);
    }
    if verdict.causes.contains(&Cause::Empty) {
        let _ = writeln!(out, "\n{:<INDENT$}{EMPTY}", "empty");
    }
    out.push('\n');
    counted(&mut out, verdict);
    if following {
        follow::follows(&mut out, verdict);
    }
    out
}

/// All that is told of one finding, a line each: without its head, and not indented.
pub(crate) fn details(finding: &Finding, verdict: &Verdict) -> Vec<String> {
    let mut out = String::new();
    one(&mut out, finding, verdict.now, Style::default());
    waiver::ended(&mut out, finding, verdict);
    let lines = out.lines().skip(1);
    lines.map(|line| line.trim_start().to_owned()).collect()
}

/// What follows from a verdict, a line each.
pub(crate) fn following(verdict: &Verdict) -> Vec<String> {
    follow::told_apart(verdict)
}

fn selected(finding: &Finding, style: Style<'_>) -> bool {
    style.rules.is_empty() || style.names(finding)
}

/// Whether a finding is shown by itself: whatever is not as it should be, or was asked for.
fn detailed(finding: &Finding, style: Style<'_>) -> bool {
    let quiet = matches!(
        finding.status,
        Status::Met | Status::Clear | Status::Skipped
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
        .map(|commit| format!("({})", clip::name(commit)));
    let named: Vec<String> = subject.named().map(clip::name).chain(commit).collect();
    let place = format!(
        "{} @ {}",
        clip::name(&verdict.policy.name),
        clip::name(&verdict.stage)
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
        let _ = writeln!(out, "{:INDENT$}next stage: {}", "", clip::name(next));
    }
}

/// How many rules became what, in one line.
pub(crate) fn counts(verdict: &Verdict) -> String {
    let count = |status: Status| {
        verdict
            .findings
            .iter()
            .filter(|f| f.listed() == status && !f.watch)
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

/// The counts, on lines that are broken between two of them.
fn counted(out: &mut String, verdict: &Verdict) {
    let mut line = String::new();
    for count in counts(verdict).split(" · ") {
        let used = line.chars().count().saturating_add(count.chars().count());
        if !line.is_empty() && used.saturating_add(3) > WIDTH {
            let _ = writeln!(out, "{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(count);
    }
    let _ = writeln!(out, "{line}");
}

/// What was decided without or on a default, and what was left out.
fn notes(out: &mut String, verdict: &Verdict, style: Style<'_>) {
    for finding in &verdict.findings {
        if let Some(late) = proof::late(finding, verdict.now) {
            lines(out, "note", &late);
        }
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
        let quiet = !detailed(finding, style) || settled;
        if let Some(missing) = finding::missing(finding).filter(|_| quiet && !style.full) {
            lines(out, "note", &format!("{} was {missing}", finding.name()));
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

fn indented(out: &mut String, text: &str) {
    for line in wrap(printable(text).trim_end(), WIDTH.saturating_sub(INDENT), 0) {
        let _ = writeln!(out, "{:INDENT$}{line}", "");
    }
}

/// The same, further lines a little further in.
fn hung(out: &mut String, text: &str) {
    let width = WIDTH.saturating_sub(INDENT).saturating_sub(2);
    let text = printable(text);
    for (index, line) in wrap(text.trim_end(), width, 0).iter().enumerate() {
        let inner = if index == 0 { 0 } else { 2 };
        let _ = writeln!(out, "{:INDENT$}{:inner$}{line}", "", "");
    }
}

/// A label, and a text beside it in as many lines as it takes.
pub(crate) fn lines(out: &mut String, label: &str, text: &str) {
    for (index, line) in wrap(&printable(text), WIDTH.saturating_sub(INDENT), 0)
        .iter()
        .enumerate()
    {
        let label = if index == 0 { label } else { "" };
        let _ = writeln!(out, "{label:<INDENT$}{line}");
    }
}

/// Text from a file, in one line and without what could steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
            c if hides(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// A text in bold and a colour, where the style has any.
pub(crate) fn paint(text: &str, code: &str, style: Style<'_>) -> String {
    if style.color {
        format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_hides_in_a_text_is_seen() {
        assert_eq!(printable("a\u{200b}b\u{1b}[2J"), "a\u{fffd}b\u{fffd}[2J");
        assert_eq!(printable("a\nb\u{2028}c"), "a b c");
    }
}
