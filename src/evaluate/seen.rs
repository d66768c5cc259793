//! What a rule says at a moment: its condition or proof, and whether it applies. Never remembers what it said before.

use jiff::Timestamp;

use super::moment::Moment;
use super::proof::{DueAt, Prover, State};
use super::run::Truth;
use super::{Exceeded, World};
use crate::expr::budget::STEPS;
use crate::expr::{Budget, Compiled, Fault, Reason, Tri};
use crate::policy::Rule;

/// What judging a rule at one moment may still cost: a budget for each of its expressions, shared by its items.
pub(super) struct Costs {
    expr: Budget,
    when: Vec<Budget>,
}

impl Costs {
    pub(super) fn of(rule: &Rule) -> Self {
        Self {
            expr: Budget::default(),
            when: vec![Budget::default(); rule.when.len()],
        }
    }

    /// What looking for an instant between two moments may cost: some sixty evaluations, most of them of few steps.
    pub(super) fn search(rule: &Rule) -> Self {
        let budget = Budget::of(STEPS.saturating_mul(16));
        Self {
            when: vec![budget.clone(); rule.when.len()],
            expr: budget,
        }
    }
}

/// What a rule says at a moment.
pub(super) struct Seen {
    pub(super) value: Truth,
    pub(super) applies: Truth,
    /// The same as `value`, told apart further.
    pub(super) state: State,
    /// The run-time limit because of which one of them is unknown.
    pub(super) over: Option<Exceeded>,
}

/// What a rule rests on beside the values of a moment.
#[derive(Clone, Copy)]
pub(super) struct Rests<'a, 'p> {
    /// What proves it, where that is no condition.
    pub(super) prover: Option<&'a Prover<'p>>,
    /// When it is due.
    pub(super) due: DueAt,
    /// The moment.
    pub(super) moment: Moment,
}

/// What a rule says at this moment: its condition or proof, and whether it applies.
pub(super) fn see(
    rule: &Rule,
    rests: Rests<'_, '_>,
    world: &mut World<'_>,
    costs: &mut Costs,
) -> Seen {
    let mut over = None;
    let proved = rests.prover.map(|prover| {
        let (state, limit) = prover.state(rule, world, rests.moment, &mut costs.expr);
        over = limit.map(|limit| Exceeded { limit, when: None });
        state
    });
    let world = &*world;
    let mut test = |expr: &Compiled, when: Option<usize>, budget: &mut Budget| {
        budget.forget();
        let tri = expr.test(world.slots(), budget);
        if let Tri::Unknown(Fault {
            reason: Reason::Limit(limit),
            ..
        }) = tri
        {
            over = over.or(Some(Exceeded { limit, when }));
        }
        Truth::from(tri)
    };
    let said = proved.unwrap_or_else(|| {
        let expr = rule.expr();
        State::of(expr.map_or(Truth::Unknown, |expr| test(expr, None, &mut costs.expr)))
    });
    // A checkpoint that is false stays so, whenever the rule is due.
    let waits = rule.expr().is_some() && rule.at.is_none();
    let state = said.due(rests.due, rests.moment, waits);
    let value = state.truth(rule.effect);
    let mut applies = Truth::True;
    for (index, (when, budget)) in rule.when.iter().zip(&mut costs.when).enumerate() {
        match test(when, Some(index), budget) {
            Truth::False => {
                applies = Truth::False;
                break;
            }
            Truth::Unknown | Truth::Waiting => applies = Truth::Unknown,
            Truth::True => {}
        }
    }
    Seen {
        value,
        applies,
        state,
        over,
    }
}

/// The first instant after `from`, and not after `to`, at which the rule says something else than `was`, if it does so
/// at `to`. Where looking for it costs too much there is none.
pub(super) fn crossing(
    rule: &Rule,
    rests: Rests<'_, '_>,
    world: &mut World<'_>,
    costs: &mut Costs,
    was: (Truth, Truth),
    from: Timestamp,
    to: Timestamp,
) -> Option<Timestamp> {
    let mut at = |world: &mut World<'_>, nanosecond: i128| -> Option<(Timestamp, bool)> {
        let at = Timestamp::from_nanosecond(nanosecond).ok()?;
        world.clock(at);
        let seen = see(rule, rests, world, costs);
        let changed = (seen.value, seen.applies) != was;
        seen.over.is_none().then_some((at, changed))
    };
    let (mut low, mut high) = (from.as_nanosecond(), to.as_nanosecond());
    if !at(world, high)?.1 {
        return None;
    }
    while high.saturating_sub(low) > 1 {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        if at(world, middle)?.1 {
            high = middle;
        } else {
            low = middle;
        }
    }
    at(world, high).map(|(at, _)| at)
}
