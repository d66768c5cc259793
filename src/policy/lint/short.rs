//! `short-for`: within a `for` shorter than an input's `max_age` one sample, held, is "throughout". Never counts a
//! baseline that does not age: it holds however long the `for` is.

use super::Subject;
use crate::expr::duration::format_duration;
use crate::policy::Hold;
use crate::snapshot::layout::Kind;
use crate::source::{Code, Problem};

/// `short-for`
pub(super) fn short_for(subject: &Subject<'_>) -> Vec<Problem> {
    let layout = &subject.checked.policy.layout;
    let mut problems = Vec::new();
    for pair in subject.pairs() {
        let (Some(hold), Some(text)) = (&pair.rule.hold, &pair.document.hold) else {
            continue;
        };
        let ages = pair
            .rule
            .expr()
            .into_iter()
            .flat_map(|expr| expr.slots())
            .filter_map(|slot| {
                let input = match layout.kind(*slot)? {
                    Kind::Input(input) => input,
                    Kind::Baseline(baseline, input) => layout
                        .baselines()
                        .get(baseline)
                        .filter(|baseline| baseline.live)
                        .map(|_| input)?,
                    Kind::Context(_) | Kind::Derived(_) | Kind::Field(_) => return None,
                };
                layout.inputs().get(input)
            });
        let Some(oldest) = ages
            .filter(|input| hold.at_least() < input.max_age)
            .max_by_key(|input| input.max_age)
        else {
            continue;
        };
        let (name, age) = (&oldest.name, format_duration(oldest.max_age));
        let message = format!(
            "one value of `{name}` is held for {age}, longer than `for: {}`",
            text.as_str()
        );
        let least = match hold {
            Hold::For(_) => format!("write `for: {age}` or longer"),
            Hold::Bake(_) => "lengthen the stage's `bake`".to_owned(),
        };
        let help = format!("{least}, or give `{name}` a shorter `max_age`");
        let label = "one sample can satisfy it";
        let mut problem = subject.problem(Code::ShortFor, text.span, message, label, help);
        let declared = subject.checked.document.inputs.iter();
        if let Some(input) = declared
            .into_iter()
            .find(|input| input.name.as_str() == name.as_ref())
        {
            let age = input
                .max_age
                .as_ref()
                .map_or(input.name.span, |age| age.span);
            problem = problem.at(subject.source, age, "held this long");
        }
        problems.push(problem);
    }
    problems
}
