//! `constant-condition`: a condition that no measurement changes. A `when` that reads parameters alone, of a
//! rule or of a calendar, is a switch, and never told.

use super::Subject;
use crate::expr::{Certain, Compiled};
use crate::policy::decode::Text;
use crate::snapshot::layout::Kind;
use crate::source::{Code, Problem, Span};

/// `constant-condition`
pub(super) fn constant_condition(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let pairs = subject.pairs().into_iter();
    let of_rules = pairs.flat_map(|pair| {
        let proves = pair.condition().map(|(text, _)| text);
        let conditions = pair.conditions();
        conditions.map(move |(text, compiled)| (text, compiled, proves != Some(text)))
    });
    let closings = subject.closings().into_iter();
    let closings = closings.map(|(text, compiled)| (text, compiled, true));
    for (text, compiled, switches) in of_rules.chain(closings) {
        let certain = certain(subject, compiled);
        problems.extend(
            certain
                .iter()
                .map(|part| told(subject, text, compiled, part)),
        );
        let reads = compiled.slots().iter().any(|slot| *slot != usize::MAX);
        if certain.is_empty() && !reads && !switches {
            let message = "the condition depends on no input".to_owned();
            let help = "compare something that is measured; where a rule is to be switched, put this under `when`";
            let label = "the same whatever is measured";
            problems.push(subject.problem(
                Code::ConstantCondition,
                text.span,
                message,
                label,
                help,
            ));
        }
    }
    problems
}

fn certain(subject: &Subject<'_>, compiled: &Compiled) -> Vec<Certain> {
    let layout = &subject.checked.policy.layout;
    compiled.certain(&|slot| match layout.kind(slot)? {
        Kind::Input(input) | Kind::Baseline(_, input) => layout.inputs().get(input)?.range,
        Kind::Context(_) | Kind::Derived(_) | Kind::Field(_) => None,
    })
}

fn told(subject: &Subject<'_>, text: &Text, compiled: &Compiled, part: &Certain) -> Problem {
    let words = compiled.text().get(part.range.clone()).unwrap_or_default();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let span = text.scalar.locate(part.range.start, part.range.end);
    let message = format!("`{words}` is always {}", part.value);
    let help = if part.bounded.is_empty() {
        "compare something that is measured, or remove it"
    } else {
        "correct the limit, or the declared `range`"
    };
    let label = "the same whatever is measured";
    let mut problem = subject.problem(Code::ConstantCondition, span, message, label, help);
    for (span, about) in ranges(subject, &part.bounded) {
        problem = problem.at(subject.source, span, about);
    }
    problem
}

/// Where the ranges stand that decided a condition.
fn ranges(subject: &Subject<'_>, slots: &[usize]) -> Vec<(Span, &'static str)> {
    let checked = subject.checked;
    let layout = &checked.policy.layout;
    let mut found: Vec<(Span, &'static str)> = slots
        .iter()
        .filter_map(|slot| {
            let (Kind::Input(input) | Kind::Baseline(_, input)) = layout.kind(*slot)? else {
                return None;
            };
            let name = &layout.inputs().get(input)?.name;
            let mut declared = checked.document.inputs.iter();
            let input = declared.find(|input| input.name.as_str() == name.as_ref())?;
            let range = input.range.as_ref()?;
            let span = range.first()?.span.to(range.last()?.span);
            Some((span, "its declared range"))
        })
        .collect();
    found.dedup();
    found
}
