//! For people: what failed first, with its place, what was expected, and why it is not so.

use std::fmt::Write as _;

use crate::suite::result::{Outcome, SuiteResult};

/// The report of some suites.
#[must_use]
pub fn report(suites: &[SuiteResult]) -> String {
    let mut out = String::new();
    let mut counts = [0_usize; 3];
    for suite in suites {
        for test in &suite.tests {
            let count = match test.outcome {
                Outcome::Passed => &mut counts[0],
                Outcome::Failed => &mut counts[1],
                Outcome::Error => &mut counts[2],
            };
            *count = count.saturating_add(1);
            if test.outcome != Outcome::Passed {
                let place = format!("{}:{}:{}", test.at.file, test.at.line, test.at.column);
                let _ = writeln!(out, "{}  {place}  {}", test.outcome.name(), test.name);
                for difference in &test.differences {
                    let _ = writeln!(
                        out,
                        "  {}: expected {}, is {}",
                        difference.key, difference.expected, difference.actual
                    );
                }
            }
        }
    }
    let [passed, failed, errors] = counts;
    let _ = writeln!(
        out,
        "{passed} passed · {failed} failed · {errors} could not run"
    );
    out
}
