//! Whatever one step changes of a shipped policy, `diff` tells, and by the direction that the step has.

use std::path::Path;

use gonogo::diff::{Direction, diff};
use gonogo::expr::duration::parse_duration;
use gonogo::policy::{Policy, Rule};
use gonogo::source::Source;
use gonogo::suite::mutate::{Mutant, mutated};
use gonogo::verdict::Effect;

use crate::support;

/// One mutant of so many is tried: each is a policy to be checked.
const EVERY: usize = 41;

fn rule<'p>(policy: &'p Policy, mutant: &Mutant) -> Option<&'p Rule> {
    let mut stages = policy.stages.iter().filter(|stage| {
        let written = mutant.stage.as_ref();
        written.is_none_or(|name| *name == stage.name)
    });
    let rule = stages.find_map(|stage| stage.rules.iter().find(|rule| rule.id == mutant.rule));
    rule.map(AsRef::as_ref)
}

/// `left op number`.
fn limit(text: &str) -> Option<(&str, &str, f64)> {
    let (op, at) = ["<=", ">=", "<", ">"]
        .iter()
        .find_map(|op| Some((*op, text.find(op)?)))?;
    let (left, right) = (text[..at].trim(), text[at + op.len()..].trim());
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || "._[]\"".contains(c))
    };
    plain(left).then_some((left, op, right.parse().ok()?))
}

/// What the step does to the verdict, where its words alone say so.
fn expected(policy: &Policy, mutant: &Mutant) -> Option<Direction> {
    let way = |tightened: bool| {
        if tightened {
            Direction::Tightened
        } else {
            Direction::Loosened
        }
    };
    match (mutant.was.as_str(), mutant.becomes.as_str()) {
        ("hold", "rollback") => return Some(Direction::Tightened),
        ("rollback", "hold") => return Some(Direction::Loosened),
        _ => {}
    }
    let rule = rule(policy, mutant)?;
    if mutant.becomes == "no rule" {
        return (!rule.watch).then_some(Direction::Loosened);
    }
    let requires = rule.effect == Effect::Require;
    let lengths = (
        mutant.was.strip_prefix("for: "),
        mutant.becomes.strip_prefix("for: "),
    );
    if let (Some(was), Some(is)) = lengths {
        let (was, is) = (parse_duration(was).ok()?, parse_duration(is).ok()?);
        return Some(way((is > was) == requires));
    }
    let (left, op, was) = limit(&mutant.was)?;
    let (same, now, is) = limit(&mutant.becomes)?;
    if left != same || op.chars().next() != now.chars().next() {
        return None;
    }
    let upper = op.starts_with('<');
    let wider = if was.total_cmp(&is).is_eq() {
        now.len() > op.len()
    } else {
        (is > was) == upper
    };
    Some(way(wider != requires))
}

#[test]
fn every_step_of_shipped_policies_is_told() {
    let (mut tried, mut directed) = (0, 0);
    for folder in support::folders("policies") {
        let path = folder.join("policy.yaml");
        let source = Source::new("policy.yaml", support::read(&path));
        let source = support::with_files(source, Path::new(&folder));
        let (policy, _) = support::shipped(&folder);
        for (mutant, changed) in mutated(&source, EVERY) {
            if mutant.equivalent {
                continue;
            }
            tried += 1;
            let difference = diff(&policy, &changed);
            let line = mutant.line();
            assert!(
                !difference.changes.is_empty(),
                "{}: {line}",
                folder.display()
            );
            let Some(wanted) = expected(&policy, &mutant) else {
                continue;
            };
            let named = |item: &&gonogo::diff::Item| item.name == mutant.rule.as_ref();
            let found: Vec<Direction> = difference
                .changes
                .iter()
                .filter(named)
                .map(|item| item.direction)
                .collect();
            assert!(
                !found.is_empty() && found.iter().all(|found| *found == wanted),
                "{}: {line}: {found:?}",
                folder.display()
            );
            directed += 1;
        }
    }
    assert!(
        tried > 40 && directed > 8,
        "{tried} tried, {directed} of a direction"
    );
}
