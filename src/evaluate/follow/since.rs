//! Since when: a decision, and a row over rules. Counted from what became of rules when, so that every evaluation prints the
//! same times as long as nothing changes.

use jiff::{SignedDuration, Timestamp};

use super::super::moment::{Moment, later};
use super::super::{ABSENT, Outcome, Subject, World};
use super::lists::LISTS;
use super::rows::Asking;
use crate::expr::{Budget, Tri};
use crate::policy::Row;
use crate::snapshot::layout::Derived;
use crate::verdict::{Decision, Effect, Status};

/// The most instants at which it is looked whether a row was true: the first ones.
const INSTANTS: usize = 256;

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
        Subject::Traffic(_) | Subject::Needs(_) | Subject::Field(..) => since,
    }
}

/// Since when a row over rules is true, if it is true now: the first instant from which on it was, as the rules became one
/// after the other what they are. With `for` a rule is seen only once it has been so for that long.
pub(super) fn spoken(row: &Row, world: &mut World<'_>, asking: &Asking<'_>) -> Option<Timestamp> {
    let hold = row.hold.unwrap_or(SignedDuration::ZERO);
    let verdict = world.layout().derived(Derived::Verdict);
    let shown = world.value(verdict).clone();
    let mut first = None;
    let mut budget = Budget::default();
    for at in instants(row, world, asking, hold) {
        let lists = asking.lists;
        lists.show_only(world, |member| {
            let since = member.since;
            since.is_none_or(|since| later(since, hold) <= at)
        });
        // What the verdict was before nobody knows any more.
        let decided = asking.from.is_none_or(|from| from <= at);
        world.set(verdict, if decided { shown.clone() } else { ABSENT });
        budget.forget();
        first = match row.expr.test(world.slots(), &mut budget) {
            Tri::True => first.or(Some(at)),
            Tri::False | Tri::Unknown(_) => None,
        };
    }
    world.set(verdict, shown);
    asking.lists.show_only(world, |_| true);
    first.or(asking.from)
}

/// The instants at which what a row sees became another.
fn instants(
    row: &Row,
    world: &World<'_>,
    asking: &Asking<'_>,
    hold: SignedDuration,
) -> Vec<Timestamp> {
    let layout = world.layout();
    let reads = |derived: &Derived| row.expr.slots().contains(&layout.derived(*derived));
    let members = LISTS.into_iter().filter(reads);
    let members = members.flat_map(|list| asking.lists.members(list));
    let mut instants: Vec<Timestamp> = members
        .filter_map(|member| Some(later(member.since?, hold)))
        .chain(asking.from.filter(|_| reads(&Derived::Verdict)))
        .filter(|at| *at <= asking.now)
        .collect();
    instants.sort_unstable();
    instants.dedup();
    instants.truncate(INSTANTS);
    instants
}
