//! One condition of a rule, or that of one item: its run, its checkpoints, its windows, its proof.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::evaluate::checks::Checks;
use crate::evaluate::each::{self, Listed};
use crate::evaluate::look::Look;
use crate::evaluate::moment::Moment;
use crate::evaluate::proof::{DueAt, Prover, State};
use crate::evaluate::run::Run;
use crate::evaluate::seen::Rests;
use crate::evaluate::{Doubt, World};
use crate::expr::Limit;
use crate::expr::value::{Key, Value};
use crate::policy::Rule;
use crate::snapshot::layout::Derived;

/// One condition.
#[derive(Clone, Debug)]
pub(super) struct Line<'p> {
    pub(super) run: Run,
    pub(super) checks: Checks,
    pub(super) looks: Vec<Look>,
    /// What proves it, where that is no condition.
    pub(super) prover: Option<Prover<'p>>,
    pub(super) state: State,
    /// The moment it was judged at last.
    pub(super) at: Moment,
}

impl<'p> Line<'p> {
    pub(super) fn new(looks: Vec<Look>, prover: Option<Prover<'p>>) -> Self {
        Self {
            run: Run::new(),
            checks: Checks::default(),
            looks,
            prover,
            state: State::Unclear,
            at: Moment::BEFORE,
        }
    }

    /// Goes on to a moment: when its proof may say something else by itself.
    pub(super) fn step(&mut self, rule: &Rule, world: &World<'_>, moment: Moment) -> Moment {
        self.at = moment;
        let Some(prover) = &mut self.prover else {
            return Moment::NEVER;
        };
        prover.step(rule, world, moment);
        prover.wake(moment)
    }

    /// What it rests on at the moment it has come to.
    pub(super) fn rests(&self, due: DueAt) -> Rests<'_, 'p> {
        Rests {
            prover: self.prover.as_ref(),
            due,
            moment: self.at,
        }
    }

    /// What its windows say.
    pub(super) fn show(&self, world: &mut World<'_>) {
        for look in &self.looks {
            world.set(look.slot(), look.value().clone());
        }
    }
}

/// Takes items into the lines, as long as there are not too many: those that are gone are remembered.
pub(super) fn known<'p>(
    lines: &mut BTreeMap<Key, (Value, Line<'p>)>,
    listed: Listed,
    new: impl Fn(&Key) -> Line<'p>,
) -> Result<Listed, Option<Limit>> {
    for (key, item) in &listed {
        if lines.contains_key(key) {
            continue;
        }
        if lines.len() >= each::MOST {
            return Err(Some(Limit::Each));
        }
        lines.insert(key.clone(), (item.clone(), new(key)));
    }
    Ok(listed)
}

/// Whether an item is among those of this moment, which are in order.
pub(super) fn is_listed(listed: &Result<Listed, Option<Limit>>, key: &Key) -> bool {
    listed
        .as_ref()
        .is_ok_and(|listed| listed.binary_search_by(|(other, _)| other.cmp(key)).is_ok())
}

/// The values a rule is judged on, by slot, when the clock shows that instant. The item of a `for_each` is not among them:
/// the outcome names it.
pub(super) fn judged_on(rule: &Rule, world: &World<'_>, at: Timestamp) -> Vec<(usize, Value)> {
    let layout = world.layout();
    let data = layout.derived(Derived::Data);
    rule.proof
        .expressions()
        .flat_map(|expr| expr.slots())
        .filter(|slot| **slot != layout.len() && **slot != data)
        .map(|slot| (*slot, world.value_at(*slot, at)))
        .collect()
}

/// A doubt that comes from a run-time limit is told as such.
pub(super) fn over_limit(run: &Run, doubt: Option<Doubt>) -> Option<Doubt> {
    match (doubt, run.over) {
        (Some(Doubt::Condition | Doubt::When), Some(exceeded)) => Some(Doubt::Limit(exceeded)),
        (other, _) => other,
    }
}
