//! Facts about to be written down, held against the policy that will ask for them: what would never count is told before it
//! stands in a file. Never writes one.

pub mod evidence;
pub mod statement;

use std::sync::Arc;

use super::{Policy, Rule};
use crate::source::hidden::hides;
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// The rules of the stages a fact can be about: of all that can be judged, or of the one it names.
fn rules<'p>(
    policy: &'p Policy,
    stage: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Vec<&'p Arc<Rule>> {
    let names = || policy.judged().map(|stage| stage.name.as_ref());
    if let Some(name) = stage
        && !names().any(|known| known == name)
    {
        let message = match policy.stage(name) {
            Some(_) => format!("the stage `{name}` is only there to be extended"),
            None => format!("the policy has no stage `{name}`"),
        };
        let help = did_you_mean(name, names);
        problems.push(Problem::new(Code::UnknownStage, message).help(help));
        return Vec::new();
    }
    let stages = policy
        .judged()
        .filter(|one| stage.is_none_or(|name| one.name.as_ref() == name));
    let mut rules: Vec<&Arc<Rule>> = Vec::new();
    for rule in stages.flat_map(|stage| &stage.rules) {
        if !rules.iter().any(|known| Arc::ptr_eq(known, rule)) {
            rules.push(rule);
        }
    }
    rules
}

/// The first of the rules it could be for that takes it; where none does, what is wrong by the first of them.
fn taken<'p>(
    rules: impl Iterator<Item = &'p Arc<Rule>>,
    wrong: impl Fn(&Rule) -> Vec<Problem>,
) -> Result<&'p Rule, Vec<Problem>> {
    let mut first = None;
    for rule in rules {
        let problems = wrong(rule);
        if problems.is_empty() {
            return Ok(rule);
        }
        first = first.or(Some(problems));
    }
    Err(first.unwrap_or_default())
}

/// A text that must say something, and that a person can read.
fn readable(text: &str, what: &str, help: &str) -> Option<Problem> {
    let wrong = if text.trim().is_empty() {
        format!("{what} is empty")
    } else if text.chars().any(hides) {
        format!("{what} has a character in it that nobody sees")
    } else {
        return None;
    };
    Some(Problem::new(Code::BadValue, wrong).help(help))
}

/// Whether a fact names an item where the rule speaks for each, and only there.
fn item(rule: &Rule, key: Option<&str>) -> Option<Problem> {
    let problem = |message: String, help: &str| Problem::new(Code::BadValue, message).help(help);
    match (rule.for_each.is_some(), key) {
        (true, None) => Some(problem(
            format!("the rule `{}` speaks for each of several items", rule.id),
            "name the one it is about with --key",
        )),
        (false, Some(_)) => Some(problem(
            format!("the rule `{}` has no items", rule.id),
            "leave out --key",
        )),
        _ => None,
    }
}

fn did_you_mean<'a, I: Iterator<Item = &'a str>>(name: &str, known: impl Fn() -> I) -> String {
    nearest(name, known()).map_or_else(
        || {
            let mut known: Vec<&str> = known().collect();
            known.sort_unstable();
            known.dedup();
            match known.as_slice() {
                [] => "there is none".to_owned(),
                known => format!("there are {}", known.join(", ")),
            }
        },
        |near| format!("did you mean `{near}`?"),
    )
}
