//! What a second engine says of the conditions of a verdict, for people. It changes no verdict: it says whether there may
//! be one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::evaluate::{Condition, Part};
use crate::expr::oracle::{ENGINE, Opinion, Second};
use crate::verdict::ExitCode;

/// What came of comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossCheck {
    /// How many conditions have one value in both engines, or none in both.
    pub same: usize,
    /// How many could not be compared, by the reason.
    pub apart: BTreeMap<String, usize>,
    /// Those that differ.
    pub different: Vec<Difference>,
}

/// A condition on which two engines differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rule and the part of it.
    pub of: String,
    /// The file, line and column of the rule's condition.
    pub at: String,
    /// The expression.
    pub expr: String,
    /// Its value here.
    pub ours: String,
    /// Its value there.
    pub theirs: String,
}

/// Compares every condition. `path` is the file the policy was read from.
///
/// It needs [`STACK`](crate::expr::oracle::STACK) bytes of stack.
#[must_use]
pub fn cross_check(second: &Second, path: &str, conditions: &[Condition]) -> CrossCheck {
    let mut found = CrossCheck::default();
    for condition in conditions {
        found.add(
            path,
            condition,
            second.compare(&condition.expr, &condition.slots),
        );
    }
    found
}

impl CrossCheck {
    /// Takes in what comparing one condition gave. What is asked of several rules and differs is told once.
    pub fn add(&mut self, path: &str, condition: &Condition, opinion: Opinion) {
        match opinion {
            Opinion::Same => self.same = self.same.saturating_add(1),
            Opinion::Apart(why) => {
                let count = self.apart.entry(why.to_string()).or_default();
                *count = count.saturating_add(1);
            }
            Opinion::Different { ours, theirs } => self.different.push(Difference {
                of: match &condition.part {
                    Part::Expr => condition.rule.clone(),
                    Part::Fired => format!("{} as it fired", condition.rule),
                    Part::When => format!("{}, `when`", condition.rule),
                    Part::ForEach => format!("{}, `for_each`", condition.rule),
                    Part::Let(name) => format!("{}, `let` {name}", condition.rule),
                },
                at: format!("{path}:{}:{}", condition.place.line, condition.place.column),
                expr: condition.expr.text().to_owned(),
                ours,
                theirs,
            }),
        }
    }

    /// The exit code that stands instead of the verdict's, where there may be no verdict.
    #[must_use]
    pub fn exit_code(&self) -> Option<ExitCode> {
        (!self.different.is_empty()).then_some(ExitCode::Bug)
    }

    /// The result in a line, or every difference.
    #[must_use]
    pub fn text(&self) -> String {
        if self.different.is_empty() {
            return self.agreement();
        }
        let mut text = "cross-check: two engines differ, so there is no verdict\n".to_owned();
        for difference in &self.different {
            let Difference {
                of,
                at,
                expr,
                ours,
                theirs,
            } = difference;
            let _ = write!(
                text,
                "  {of}  {at}\n    {}\n",
                expr.trim_end().replace('\n', "\n    ")
            );
            let width = ENGINE.len();
            let _ = write!(
                text,
                "    {:<width$}  {ours}\n    {ENGINE}  {theirs}\n",
                "gonogo"
            );
        }
        text.push_str("this is a bug in gonogo or in the second engine; please report it with policy and snapshots\n");
        text
    }

    fn agreement(&self) -> String {
        let conditions = |count: usize| {
            if count == 1 {
                "1 condition agrees".to_owned()
            } else {
                format!("{count} conditions agree")
            }
        };
        let mut text = format!("cross-check: {} with {ENGINE}", conditions(self.same));
        let apart = self
            .apart
            .values()
            .fold(0_usize, |sum, count| sum.saturating_add(*count));
        if apart > 0 {
            let why: Vec<&str> = self.apart.keys().map(String::as_str).collect();
            let _ = write!(text, ", {apart} not compared ({})", why.join("; "));
        }
        text.push('\n');
        text
    }
}
