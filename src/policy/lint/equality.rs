//! `float-equality`: a measured number is never exactly another one for long. Never looks at a message: what is only
//! printed decides nothing.

use std::ops::Range;

use super::Subject;
use crate::expr::{Comparison, Op};
use crate::source::{Code, Problem};

/// `float-equality`
pub(super) fn float_equality(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (text, compiled) in subject.expressions() {
        for comparison in compiled.fragile() {
            let shown = |range: &Range<usize>| {
                let words = compiled.text().get(range.clone()).unwrap_or_default();
                words.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            let message = format!(
                "`{}` hangs on the last digit of a measured number",
                shown(&comparison.range)
            );
            let span = text
                .scalar
                .locate(comparison.range.start, comparison.range.end);
            let help = help(&comparison, &shown);
            let label = "exact to the last digit";
            problems.push(subject.problem(Code::FloatEquality, span, message, label, help));
        }
    }
    problems
}

fn help(comparison: &Comparison, shown: &dyn Fn(&Range<usize>) -> String) -> String {
    let (left, right) = (
        shown(&comparison.left.range),
        shown(&comparison.right.range),
    );
    let near = format!("within({left}, {right}, q(\"0.1%\"))");
    match comparison.op {
        Op::In => {
            let each = format!("within({left}, item, q(\"0.1%\"))");
            format!("say how near is near enough: `{right}.exists(item, {each})`")
        }
        Op::NotEqual => {
            format!("say how far is far enough: `!{near}`, or order them with `<` or `>`")
        }
        _ => format!("say how near is near enough: `{near}`, or order them with `<=` or `>=`"),
    }
}
