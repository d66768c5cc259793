//! Which row of the plan of a rollback applies, and which stage comes after one that checks it. Never by when.

use std::sync::Arc;

use super::super::World;
use super::{Follows, Unsure, test};
use crate::expr::Compiled;
use crate::policy::{Plan, Policy, Stage};
use crate::snapshot::layout::{Derived, Kind};

/// The first row that applies; one nobody can tell of is passed over, which is told.
pub(super) fn plan<'p>(policy: &'p Policy, world: &World<'_>, follows: &mut Follows<'p>) {
    for plan in &policy.rollback_plan {
        let applies = plan
            .expr
            .as_ref()
            .map_or(Some(true), |expr| test(expr, world));
        match applies {
            Some(true) => {
                follows.plan = Some(plan);
                return;
            }
            None => follows.unsure.push(Unsure::PassedOver(plan)),
            Some(false) => {}
        }
    }
}

/// The stage to start again with after a stage that says that a rollback is done: that of the first row naming it that
/// applies. What fired before the rollback is not known here: where it decides between stages, none is told.
pub(super) fn reenter<'p>(
    policy: &'p Policy,
    stage: &'p Stage,
    world: &World<'_>,
    follows: &mut Follows<'p>,
) {
    let rows = policy.rollback_plan.iter();
    let mut doubtful: Vec<&Plan> = Vec::new();
    for plan in rows.filter(|plan| plan.check.as_ref() == Some(&stage.name)) {
        let applies = match &plan.expr {
            Some(_) if reads_rules(plan, world) => None,
            Some(expr) => test(expr, world),
            None => Some(true),
        };
        match applies {
            Some(true) => {
                let other = |doubtful: &&&Plan| doubtful.reenter != plan.reenter;
                match doubtful.iter().find(other) {
                    Some(doubtful) => follows.unsure.push(Unsure::Reenter(doubtful)),
                    None => follows.reenter = plan.reenter.as_deref(),
                }
                return;
            }
            None => doubtful.push(plan),
            Some(false) => {}
        }
    }
    // The row without an `expr` may send its rollbacks to another check.
    let same = |plan: &&&Plan| Some(&plan.reenter) == doubtful.first().map(|first| &first.reenter);
    match doubtful.first() {
        Some(first) if doubtful.iter().all(|plan| same(&plan)) => {
            follows.reenter = first.reenter.as_deref();
        }
        Some(first) => follows.unsure.push(Unsure::Reenter(first)),
        None => {}
    }
}

/// Whether a row asks what became of rules.
fn reads_rules(plan: &Plan, world: &World<'_>) -> bool {
    let about = |slot: &usize| {
        let kind = world.layout().kind(*slot);
        matches!(kind, Some(Kind::Derived(derived)) if derived != Derived::Records)
    };
    let mut slots = plan.expr.iter().map(Arc::as_ref).flat_map(Compiled::slots);
    slots.any(about)
}
