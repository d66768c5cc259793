//! What is tried of one starting point, the simplest first: the values of one input, of two and three together, times and
//! proofs. It tries nothing.

use super::axis::{Axis, axes};
use super::change::{Change, give};
use super::ground::Ground;
use super::local::{Local, State};
use super::{Hint, Sought, builtin, facts, held};
use crate::expr::value::Value;
use crate::policy::{Proof, Rule};

/// Some changes that are made together.
pub(super) type Candidate = Vec<Change>;

/// The values of all inputs but one that let that one decide.
pub(super) struct Turn<'a> {
    pub(super) context: Vec<(&'a Axis, &'a Value)>,
    pub(super) axis: &'a Axis,
    pub(super) yes: &'a Value,
    pub(super) no: &'a Value,
}

/// The most other values that are held for an input to decide, and the most ways in which it does.
const HELD: usize = 3;
const WAYS: usize = 3;

/// All that is tried, in order.
pub(super) fn candidates(ground: &Ground<'_>, sought: &Sought<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = vec![Vec::new()];
    let rule = super::find(ground, sought.rule).map(|(_, rule)| rule);
    found.extend(hinted(ground, sought));
    let Some(rule) = rule else {
        found.extend(builtin::candidates(ground, sought.rule));
        return distinct(found);
    };
    let local = Local::new(ground, rule);
    let axes = axes(ground, rule, &local);
    let turns = turns(&local, &axes);
    let singles = axes.iter().flat_map(|axis| {
        let values = axis.values.iter();
        values.filter_map(|value| Some(vec![give(ground, sought.rule, &axis.at(value))?]))
    });
    let singles: Vec<Candidate> = singles.collect();
    if rule.proof.is_of_facts() || matches!(rule.proof, Proof::During(_)) {
        found.extend(facts::candidates(ground, rule));
        found.extend(singles);
    } else {
        // The values of each input take turns, so that no input waits for all of another's.
        found.extend(singles);
        found.extend(held::candidates(ground, rule, &turns));
    }
    found.extend(together(ground, sought.rule, &turns));
    found.extend(times(ground, rule));
    distinct(found)
}

fn hinted<'a>(
    ground: &'a Ground<'_>,
    sought: &'a Sought<'_>,
) -> impl Iterator<Item = Candidate> + 'a {
    let of = |hint: &Hint| {
        let points = hint.iter();
        points
            .map(|point| give(ground, sought.rule, point))
            .collect::<Option<Candidate>>()
    };
    sought.hints.iter().filter_map(of)
}

/// The ways in which one input decides while others are held.
fn turns<'a>(local: &Local<'_>, axes: &'a [Axis]) -> Vec<Turn<'a>> {
    let mut found: Vec<Turn<'a>> = Vec::new();
    let mut contexts: Vec<Vec<(usize, &Value)>> = vec![Vec::new()];
    let ends: Vec<(usize, &Value)> = axes
        .iter()
        .enumerate()
        .flat_map(|(index, axis)| {
            axis.values
                .iter()
                .take(HELD)
                .map(move |value| (index, value))
        })
        .collect();
    contexts.extend(ends.iter().map(|end| vec![*end]));
    for (at, one) in ends.iter().enumerate() {
        let later = ends.get(at..).unwrap_or_default().iter();
        contexts.extend(
            later
                .filter(|other| other.0 != one.0)
                .map(|other| vec![*one, *other]),
        );
    }
    // All others at their first, second or third value.
    for which in 0..HELD {
        let all = axes.iter().enumerate();
        let all: Vec<(usize, &Value)> = all
            .filter_map(|(index, axis)| Some((index, axis.values.get(which)?)))
            .collect();
        contexts.push(all);
    }
    let mut ways = vec![0_usize; axes.len()];
    for context in contexts.iter().take(400) {
        for (index, axis) in axes.iter().enumerate() {
            let Some(count) = ways.get_mut(index).filter(|count| **count < WAYS) else {
                continue;
            };
            let held: Vec<(&Axis, &Value)> = context
                .iter()
                .filter(|(other, _)| *other != index)
                .filter_map(|(other, value)| Some((axes.get(*other)?, *value)))
                .collect();
            if held.len() < context.len() && context.len() < HELD {
                continue;
            }
            let states = |wanted: State| {
                axis.values.iter().find(|value| {
                    let mut given = held.clone();
                    given.push((axis, value));
                    local.states(&mut local.with(&given)).first() == Some(&wanted)
                })
            };
            if let Some(yes) = states(State::True)
                && let Some(no) = states(State::False).or_else(|| states(State::Skipped))
            {
                *count = count.saturating_add(1);
                found.push(Turn {
                    context: held,
                    axis,
                    yes,
                    no,
                });
            }
        }
    }
    found
}

/// The values of inputs that decide, with those that let them.
fn together(ground: &Ground<'_>, rule: &str, turns: &[Turn<'_>]) -> Vec<Candidate> {
    let turns = turns.iter().filter(|turn| !turn.context.is_empty());
    turns
        .flat_map(|turn| {
            let context: Option<Candidate> = turn
                .context
                .iter()
                .map(|(axis, value)| give(ground, rule, &axis.at(value)))
                .collect();
            let values = turn.axis.values.iter();
            values.filter_map(move |value| {
                let mut changes = context.clone()?;
                changes.push(give(ground, rule, &turn.axis.at(value))?);
                Some(changes)
            })
        })
        .collect()
}

/// The times that a rule is due, or judged at.
fn times(ground: &Ground<'_>, rule: &Rule) -> Vec<Candidate> {
    let mut found = Vec::new();
    if let Some(due) = rule.due {
        found.extend(builtin::due(ground, due));
    }
    if let Some(at) = &rule.at {
        let each = (0..4).filter_map(|index| at.due(index));
        let each = each.flat_map(|due| {
            let ends = [due, due.saturating_add(at.within)];
            ends.into_iter().flat_map(super::limits::spans)
        });
        found.extend(each.filter_map(|span| Some(vec![Change::entered(ground.now, span)?])));
    }
    found
}

fn distinct(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let known = |have: &Candidate| {
            have.len() == candidate.len()
                && have
                    .iter()
                    .zip(&candidate)
                    .all(|(have, one)| have.way == one.way && have.value == one.value)
        };
        if !found.iter().any(known) {
            found.push(candidate);
        }
    }
    found
}
