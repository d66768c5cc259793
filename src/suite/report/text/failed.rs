//! A test that failed: what was expected beside what came of it, the rules that this is about as an evaluation prints
//! them, and what is doubtful in what it is given. Never all rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::difference::table;
use super::{Style, headline};
use crate::report::text::{INDENT, Style as Look, excerpt, lines, paint, printable};
use crate::suite::expect::Approved;
use crate::suite::result::TestResult;
use crate::verdict::{Finding, Verdict};

/// How many rules are explained of one test.
const RULES: usize = 6;
/// How many lines of an approved explanation are shown.
const LINES: usize = 200;
/// The keys that are about what follows from the verdict.
const FOLLOWING: [&str; 3] = ["escalation", "duties", "rollback"];

/// Writes a test that failed.
pub(super) fn write(out: &mut String, test: &TestResult, style: Style) {
    headline(out, "FAILED", "31", test, style);
    out.push('\n');
    details(out, test, style);
}

/// The same without its name.
pub(super) fn details(out: &mut String, test: &TestResult, style: Style) {
    table(out, &test.differences);
    if let Some(approved) = &test.approved {
        out.push('\n');
        unified(out, approved, style);
    }
    let only_approved = test.differences.iter().all(|one| one.key == "approved");
    if let Some(verdict) = test.verdict.as_deref().filter(|_| !only_approved) {
        out.push('\n');
        why(out, test, verdict, style);
    }
    for problem in &test.warnings {
        let place = problem.place();
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        let text = format!("{}: {}{place}", problem.code, problem.message);
        lines(out, "warning", &text);
    }
}

/// The rules that differences are about.
fn why(out: &mut String, test: &TestResult, verdict: &Verdict, style: Style) {
    let named: BTreeSet<&String> = test.differences.iter().flat_map(|one| &one.rules).collect();
    // In the order of the verdict: the worst first.
    let findings = verdict.findings.iter();
    let about = findings.filter(|one| named.contains(&one.rule) || named.contains(&one.name()));
    let mut rules: Vec<String> = about.map(Finding::name).collect();
    let all = rules.len();
    rules.truncate(RULES);
    let look = Look {
        color: style.color,
        rules: &rules,
        brief: false,
        full: false,
    };
    let following = test.differences.iter().any(|one| {
        let key = one.key.split('.').next().unwrap_or_default();
        FOLLOWING.contains(&key)
    });
    out.push_str(&excerpt(verdict, look, following));
    if all > RULES {
        let text = format!("{RULES} are shown of the {all} rules and items that this is about");
        lines(out, "note", &text);
    }
}

/// What is other in an explanation than in the approved one.
fn unified(out: &mut String, approved: &Approved, style: Style) {
    let look = Look {
        color: style.color,
        ..Look::default()
    };
    let was = approved.was.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(was, &approved.text);
    let _ = writeln!(out, "--- approved {}", printable(&approved.path));
    let _ = writeln!(out, "+++ actual");
    let mut shown = 0_usize;
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            shown = shown.saturating_add(1);
            if shown > LINES {
                continue;
            }
            let text = change.value().trim_end_matches('\n');
            let line = format!("{}{}", change.tag(), visible(text));
            let line = line.trim_end();
            let _ = match change.tag() {
                ChangeTag::Delete => writeln!(out, "{}", paint(line, "31", look)),
                ChangeTag::Insert => writeln!(out, "{}", paint(line, "32", look)),
                ChangeTag::Equal => writeln!(out, "{line}"),
            };
        }
    }
    if shown > LINES {
        let more = shown.saturating_sub(LINES);
        let _ = writeln!(out, "{:INDENT$}… and {more} more lines", "");
    }
}

/// A line without what could steer a terminal; its spaces stay.
fn visible(line: &str) -> String {
    printable(line)
}
