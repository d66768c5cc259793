//! Since when: a decision, and a row over rules. Counted from what became of rules when, so that every evaluation prints the
//! same times as long as nothing changes.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::moment::{Moment, later};
use super::super::{Outcome, Subject, World};
use super::lists::{LISTS, Member};
use super::rows::Asking;
use crate::expr::{Compiled, Op};

use crate::expr::value::Value;
use crate::policy::Row;
use crate::snapshot::layout::Derived;
use crate::verdict::{Decision, Effect, Status};

/// Since when a decision is what it is: a rollback since the first stop fired, a no-go since the first of what counts became
/// so, a go since the last requirement was met. None: not known.
pub(super) fn decided(
    decision: Decision,
    outcomes: &[Outcome<'_>],
    world: &World<'_>,
) -> Option<Timestamp> {
    let forces = |outcome: &&Outcome<'_>| {
        let weight = outcome.weight;
        weight.is_some_and(|(worst, _)| worst == decision)
    };
    let since = |outcome: &Outcome<'_>| outcome.timing.fired_at.or(outcome.timing.since);
    match decision {
        Decision::Go => outcomes.iter().filter_map(|one| met(one, world)).max(),
        Decision::NoGo | Decision::Rollback => {
            outcomes.iter().filter(forces).filter_map(since).min()
        }
    }
}

/// When a requirement that counts was met.
fn met(outcome: &Outcome<'_>, world: &World<'_>) -> Option<Timestamp> {
    if outcome.status != Status::Met {
        return None;
    }
    let since = outcome.timing.since;
    match &outcome.of {
        Subject::Rule(rule, _) if rule.watch || rule.effect != Effect::Require => None,
        Subject::Rule(rule, _) => match (&rule.at, &rule.hold) {
            (Some(spec), _) => {
                let last = spec.due(spec.count()?.checked_sub(1)?)?;
                Some(later(world.entered()?, last))
            }
            (None, Some(hold)) => Some(Moment::at(since?).held(hold).instant()),
            (None, None) => since,
        },
        Subject::Bake(bake) => Some(bake.after(since?)),
        _ => since,
    }
}

/// Since when a row over rules is true: the earliest of the rules it names, else of all it sees. With `for`, since the
/// first of them had been so for that long.
pub(super) fn rests_on(
    row: &Row,
    world: &World<'_>,
    asking: &Asking<'_>,
    seen: impl Fn(&Member) -> bool,
) -> Option<Timestamp> {
    let layout = world.layout();
    let reads = |derived: Derived| row.expr.slots().contains(&layout.derived(derived));
    let mut first: Option<Timestamp> = asking.from.filter(|_| reads(Derived::Verdict));
    for list in LISTS.into_iter().filter(|list| reads(*list)) {
        let named = named(&row.expr, layout.derived(list));
        let members = || asking.lists.members(list).filter(|member| seen(member));
        let by_name = members().filter(|member| named.contains(&member.id));
        let since = if members().any(|member| named.contains(&member.id)) {
            by_name.filter_map(|member| member.since).min()
        } else {
            members().filter_map(|member| member.since).min()
        };
        first = match (first, since) {
            (Some(first), Some(since)) => Some(first.min(since)),
            (first, since) => first.or(since),
        };
    }
    let first = first.or(asking.from)?;
    Some(row.hold.map_or(first, |hold| later(first, hold)))
}

/// The ids that a condition asks for in a list by name.
fn named(expr: &Compiled, slot: usize) -> Vec<Arc<str>> {
    let comparisons = expr.comparisons().into_iter();
    let asks = comparisons.filter(|one| one.op == Op::In && one.right.slot == Some(slot));
    asks.filter_map(|one| match one.left.constant {
        Some(Value::String(id)) => Some(id),
        _ => None,
    })
    .collect()
}
