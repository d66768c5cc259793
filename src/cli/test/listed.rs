//! The tests there are, without running one.

use gonogo::source::hidden::hides;
use serde_json::json;

use super::arguments::Format;
use super::ran::Ran;
use crate::cli::{self, Printed};

/// Prints the chosen tests: one a line, or as JSON with their places.
pub(super) fn print(ran: &Ran, format: Format) {
    let tests = ran.chosen.iter().filter_map(|(suite, case)| {
        let opened = &ran.opened[*suite];
        let suite = opened.suite.as_ref().ok()?;
        Some((opened, suite, suite.cases.get((*case)?)?))
    });
    if format == Format::Json {
        let tests: Vec<_> = tests
            .map(|(opened, suite, case)| {
                let position = suite.source.position(case.test.span.start);
                json!({
                    "file": opened.file.display().to_string(),
                    "name": case.test.name,
                    "line": position.line,
                    "column": position.column,
                })
            })
            .collect();
        return cli::print(&Printed::Json(&json!({ "tests": tests })));
    }
    let line = |text: String| -> String {
        let shown = text.chars().map(|c| if hides(c) { '\u{fffd}' } else { c });
        shown.chain(['\n']).collect()
    };
    let lines: String = tests
        .map(|(opened, _, case)| line(opened.name(case)))
        .collect();
    cli::print(&Printed::Text(&lines));
}
