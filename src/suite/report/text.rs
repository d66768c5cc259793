//! What became of tests, for people: what failed first, with what was expected, what came of it and why; then counts.
//! Readable in 80 columns, the same words with and without colour. Never the details of what could not run.

mod difference;
mod failed;

use std::fmt::Write as _;

use super::Counts;
use crate::report::text::{INDENT, Style as Look, WIDTH, lines, paint, printable};
use crate::source::Problem;
use crate::suite::result::{Outcome, SuiteResult, TestResult};

/// How the report is to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With colour; every colour repeats what a word says.
    pub color: bool,
    /// The counts alone.
    pub quiet: bool,
}

/// The report.
#[must_use]
pub fn report(results: &[SuiteResult], style: Style) -> String {
    let mut out = String::new();
    if !style.quiet {
        let tests = || results.iter().flat_map(|suite| &suite.tests);
        for test in tests().filter(|test| test.outcome == Outcome::Failed) {
            failed::write(&mut out, test, style);
            out.push('\n');
        }
        for test in tests().filter(|test| test.outcome == Outcome::Error) {
            headline(&mut out, "ERROR", "33", test, style);
            because(&mut out, &test.problems);
            out.push('\n');
        }
        for suite in results {
            ran(&mut out, suite);
        }
        if !results.is_empty() {
            out.push('\n');
        }
    }
    let _ = writeln!(out, "{}", total(Counts::of(results)));
    out
}

/// Why a test failed, without its name: what was expected and what came of it, and the rules this is about.
#[must_use]
pub fn failure(test: &TestResult) -> String {
    let mut out = String::new();
    failed::details(&mut out, test, Style::default());
    out
}

/// `FAILED    FILE:LINE:COLUMN  name`, the name below where it does not fit.
fn headline(out: &mut String, word: &str, code: &str, test: &TestResult, style: Style) {
    let look = Look {
        color: style.color,
        ..Look::default()
    };
    let word = paint(
        &format!("{word:<width$}", width = INDENT.saturating_sub(2)),
        code,
        look,
    );
    let at = &test.at;
    let place = format!("{}:{}:{}", printable(&at.file), at.line, at.column);
    let name = printable(&test.name);
    let used = [INDENT, 2, place.chars().count(), name.chars().count()];
    if used
        .iter()
        .fold(0_usize, |sum, one| sum.saturating_add(*one))
        <= WIDTH
    {
        let _ = writeln!(out, "{word}  {place}  {name}");
    } else {
        let _ = writeln!(out, "{word}  {place}");
        lines(out, "", &name);
    }
}

/// The first thing that is wrong, and how many more there are: they are told in full elsewhere.
fn because(out: &mut String, problems: &[Problem]) {
    let Some(first) = problems.first() else {
        return;
    };
    let place = first.place();
    let place = place.map_or_else(String::new, |place| format!(" ({place})"));
    let more = match problems.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    lines(out, "", &format!("{}{place}{more}", first.message));
}

/// One line on a suite.
fn ran(out: &mut String, suite: &SuiteResult) {
    let counts = Counts::of(std::slice::from_ref(suite));
    let file = printable(&suite.file);
    if counts.suites > 0 {
        let _ = writeln!(out, "{file}  could not run");
        because(out, &suite.problems);
        return;
    }
    let parts = [
        (counts.passed, "passed"),
        (counts.failed, "failed"),
        (counts.errors, "could not run"),
    ];
    let told = parts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let told = if told.is_empty() {
        "no test".to_owned()
    } else {
        told.join(" · ")
    };
    let _ = writeln!(out, "{file}  {told}");
}

fn total(counts: Counts) -> String {
    let suites = match counts.suites {
        0 => String::new(),
        1 => " · 1 suite could not run".to_owned(),
        several => format!(" · {several} suites could not run"),
    };
    format!(
        "{} passed · {} failed · {} could not run{suites}",
        counts.passed, counts.failed, counts.errors
    )
}
