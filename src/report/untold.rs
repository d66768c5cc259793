//! Why there is no verdict, for people. Never takes the place of a verdict: there is no go in it.

use std::fmt::Write as _;

use super::text::{INDENT, lines};
use super::{Told, clip};
use crate::source::runner::harmless;
use crate::source::{Problem, Severity};
use crate::verdict::Region;

/// The report for people of what could not be judged.
#[must_use]
pub fn text(told: &Told<'_>) -> String {
    let (meaning, code) = (told.exit.meaning(), told.exit.code());
    let mut out = format!("NO VERDICT\n{:INDENT$}{meaning} (exit code {code})\n", "");
    for problem in told.problems {
        let label = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = writeln!(out);
        lines(&mut out, label, &line(problem));
        if let Some(help) = &problem.help {
            lines(&mut out, "", &format!("help: {help}"));
        }
    }
    harmless(&clip::lines(out))
}

/// A problem in one line, with its code and its place.
#[must_use]
pub fn line(problem: &Problem) -> String {
    let place = problem.place();
    let place = place.map_or_else(String::new, |place| format!(" ({place})"));
    format!("{}: {}{place}", problem.code, problem.message)
}

/// Where a problem stands: the stretch that its main label marks, without the blanks behind it.
#[must_use]
pub fn region(problem: &Problem) -> Option<Region> {
    let label = problem.labels.first()?;
    let source = &label.source;
    let marked = source.text().get(label.span.start..label.span.end);
    let length = marked.unwrap_or_default().trim_end().len();
    let begin = source.position(label.span.start);
    let end = source.position(label.span.start.saturating_add(length));
    Some(Region {
        file: source.name().to_string(),
        line: begin.line,
        column: begin.column,
        end_line: end.line,
        end_column: end.column,
    })
}
