//! `doubtful-unit`: a limit without a unit that is less than one of the unit it is compared in, as where an author thinks
//! in seconds of an input in milliseconds. Never judges a quantity: that says what it means.

use super::Subject;
use crate::expr::{Comparison, Compiled, Side};
use crate::source::{Code, Problem};

/// Units of which one is little, each with what the same number may have been meant in.
const SMALL: &[(&str, &str, &str)] = &[
    ("percent", "%", "%"),
    ("ns", "ns", "us"),
    ("us", "us", "ms"),
    ("ms", "ms", "s"),
    ("B", "B", "KB"),
];

/// `doubtful-unit`
pub(super) fn doubtful_unit(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (text, compiled) in subject.expressions() {
        for comparison in compiled.comparisons() {
            let Some((limit, message, help)) = doubt(compiled, &comparison) else {
                continue;
            };
            let span = text.scalar.locate(limit.range.start, limit.range.end);
            let label = "less than one of its unit";
            problems.push(subject.problem(Code::DoubtfulUnit, span, message, label, help));
        }
    }
    problems
}

/// The limit that is in doubt, what is said of it, and what may be meant.
fn doubt<'c>(
    compiled: &Compiled,
    comparison: &'c Comparison,
) -> Option<(&'c Side, String, String)> {
    if !comparison.op.compares() {
        return None;
    }
    let shown = |side: &Side| compiled.text().get(side.range.clone()).unwrap_or_default();
    let (limit, other) = match (
        number(shown(&comparison.left)),
        number(shown(&comparison.right)),
    ) {
        (Some(_), None) => (&comparison.left, &comparison.right),
        (None, Some(_)) => (&comparison.right, &comparison.left),
        _ => return None,
    };
    let unit = other.unit.as_ref()?.name();
    let (_, own, larger) = SMALL.iter().find(|(name, ..)| *name == unit)?;
    let written = shown(limit);
    let value = number(written).filter(|value| *value != 0.0 && value.abs() < 1.0)?;
    let input = shown(other);
    let message = format!("`{input}` is in `{unit}`, and `{written}` is less than one of it");
    let meant = if unit == "percent" {
        // Seven hundredths are 7 percent, not 7.000000000000001.
        format!("q(\"{}%\")", (value * 1e8).round() / 1e6)
    } else {
        format!("q(\"{written}{larger}\")")
    };
    let help = format!("say which is meant: `q(\"{written}{own}\")` or `{meant}`");
    Some((limit, message, help))
}

/// A number as it is written, without a unit.
fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}
