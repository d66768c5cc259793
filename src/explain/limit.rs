//! Rules that could not be judged because a run-time limit was exceeded: which, where, and what to do. Never a verdict.

use std::sync::Arc;

use super::values::told;
use crate::evaluate::{Exceeded, Judgement, Subject};
use crate::expr::Limit;
use crate::policy::{Policy, Rule};
use crate::source::{Code, Problem};

/// A problem for each rule that counts and is unknown because of a limit.
#[must_use]
pub fn problems(policy: &Policy, judgement: &Judgement<'_>) -> Vec<Problem> {
    let mut found: Vec<(&Arc<Rule>, Exceeded, usize)> = Vec::new();
    for outcome in &judgement.outcomes {
        let (Subject::Rule(rule, _), Some(exceeded), Some(_)) =
            (&outcome.of, outcome.limit(), outcome.weight)
        else {
            continue;
        };
        match found
            .iter_mut()
            .find(|(known, one, _)| known.id == rule.id && *one == exceeded)
        {
            Some((_, _, items)) => *items = items.saturating_add(1),
            None => found.push((rule, exceeded, 1)),
        }
    }
    found.sort_by(|a, b| (&a.0.id, a.1.limit).cmp(&(&b.0.id, b.1.limit)));
    found
        .into_iter()
        .map(|(rule, exceeded, items)| problem(policy, rule, exceeded, items))
        .collect()
}

/// The expression that exceeded a limit, as it is told.
pub(super) fn expression(rule: &Rule, exceeded: Exceeded) -> String {
    if exceeded.limit == Limit::Each {
        return "for_each".to_owned();
    }
    let when = exceeded.when.and_then(|index| rule.when.get(index));
    when.or(rule.proof.expressions().next())
        .map_or_else(String::new, |expr| told(expr.text().trim()))
}

fn problem(policy: &Policy, rule: &Rule, exceeded: Exceeded, items: usize) -> Problem {
    let limit = exceeded.limit;
    let place = format!("{}:{}:{}", policy.path, rule.place.line, rule.place.column);
    let items = if items > 1 {
        format!(", for {items} of its items")
    } else {
        String::new()
    };
    let message = format!(
        "`{}` could not be judged: `{}` needs {limit}{items} ({place})",
        rule.id,
        expression(rule, exceeded),
    );
    let help = match limit {
        Limit::Steps => {
            "one expression may take 1,000,000 steps at one instant: compute what it counts before the snapshot, or go \
             through shorter lists"
        }
        Limit::Text => "a text built in an expression may have 1 MiB: build a shorter one",
        Limit::Items => {
            "a list or map built in an expression may have 100,000 items: filter before you build, or compute it before \
             the snapshot"
        }
        Limit::Memory => {
            "all texts and lists that one expression builds may take 16 MiB: filter before you build, or compute it \
             before the snapshot"
        }
        Limit::Each => {
            "one rule may speak for 1,000 items in all the history: ask for the worst of them in one expression, with \
             `all` or `exists`"
        }
    };
    Problem::new(Code::RunTimeLimit, message).help(help)
}
