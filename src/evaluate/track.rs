//! One rule on its way through a history: judged at every moment, its run, or that of each of its items, carried on.
//!
//! A condition that reads the clock can change between two moments; the instant at which it does is found by halving
//! the stretch, which sees one change (and then the next), but not two that cancel out within a stretch.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::each::{self, Listed, items};
use super::moment::Moment;
use super::run::{Run, Trigger, Truth};
use super::status::{self, Judged};
use super::{Doubt, Exceeded, Outcome, Subject, World};
use crate::expr::budget::STEPS;
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Compiled, Fault, Limit, Reason, Tri};
use crate::policy::{Hold, Rule};
use crate::snapshot::layout::{Context, Layout};
use crate::verdict::Effect;

/// One rule on its way through the history.
pub(super) struct Track<'p> {
    rule: &'p Arc<Rule>,
    item_slot: usize,
    horizon: Option<Timestamp>,
    pub(super) reads_clock: bool,
    /// The run of the rule, or of each of its items.
    runs: Runs,
}

enum Runs {
    One(Run),
    Each {
        runs: BTreeMap<Key, (Value, Run)>,
        /// The items at this moment; none: unknown, or beyond a limit.
        listed: Result<Listed, Option<Limit>>,
    },
}

impl<'p> Track<'p> {
    pub(super) fn new(
        rule: &'p Arc<Rule>,
        layout: &Layout,
        item_slot: usize,
        horizon: Option<Timestamp>,
    ) -> Self {
        let clock = [
            layout.context(Context::Now),
            layout.context(Context::StageElapsed),
        ];
        let expressions = rule.when.iter().chain([&rule.expr]);
        let reads_clock = expressions
            .into_iter()
            .any(|expr| clock.iter().any(|slot| expr.slots().contains(slot)));
        let runs = match rule.for_each {
            None => Runs::One(Run::new()),
            Some(_) => Runs::Each {
                runs: BTreeMap::new(),
                listed: Err(None),
            },
        };
        Self {
            rule,
            item_slot,
            horizon,
            reads_clock,
            runs,
        }
    }

    pub(super) fn judge(&mut self, world: &mut World<'_>, moment: Moment) {
        let (rule, slot) = (self.rule, self.item_slot);
        let trigger = trigger(rule, world.entered(), self.horizon);
        match &mut self.runs {
            Runs::One(run) => {
                let seen = see(rule, world, &mut Costs::of(rule));
                run.over = seen.over;
                run.turn(seen.value, seen.applies, trigger, moment);
            }
            Runs::Each { runs, listed } => {
                *listed = match &rule.for_each {
                    Some(each) => items(each, world).and_then(|listed| known(runs, listed)),
                    None => Err(None),
                };
                // All items of a moment together cost no more than a rule without items may.
                let mut costs = Costs::of(rule);
                for (key, (item, run)) in runs.iter_mut() {
                    let seen = if is_listed(listed, key) {
                        world.set(slot, item.clone());
                        see(rule, world, &mut costs)
                    } else {
                        // Nobody speaks of it: nothing is known, and it neither fires nor clears.
                        Seen {
                            value: Truth::Unknown,
                            applies: Truth::Unknown,
                            over: None,
                        }
                    };
                    run.over = seen.over;
                    run.turn(seen.value, seen.applies, trigger, moment);
                }
                world.set(slot, super::ABSENT);
            }
        }
    }

    pub(super) fn close(&mut self, world: &World<'_>, end: Moment, inclusive: bool) {
        let rule = self.rule;
        let trigger = trigger(rule, world.entered(), self.horizon);
        let values = || judged_on(rule, world);
        match &mut self.runs {
            Runs::One(run) => run.close(trigger, end, inclusive, values),
            Runs::Each { runs, .. } => {
                for (_, run) in runs.values_mut() {
                    run.close(trigger, end, inclusive, values);
                }
            }
        }
    }

    /// Finds the instants strictly between two moments at which a condition that reads the clock changes.
    pub(super) fn between(&mut self, world: &mut World<'_>, begin: Moment, end: Moment) {
        let (rule, slot) = (self.rule, self.item_slot);
        let trigger = trigger(rule, world.entered(), self.horizon);
        let mut costs = Costs::search(rule);
        let mut one = |run: &mut Run, world: &mut World<'_>| {
            // Beyond a limit nothing can be found.
            if run.over.is_some() {
                return;
            }
            let mut from = begin.instant();
            // A condition of comparisons with the clock changes a few times at most.
            for _ in 0..4 {
                let was = (run.value, run.applies);
                let Some(at) = crossing(rule, world, &mut costs, was, from, end.instant()) else {
                    break;
                };
                let moment = Moment::at(at);
                if moment <= begin || moment >= end {
                    break;
                }
                world.clock(from);
                run.close(trigger, moment, false, || judged_on(rule, world));
                world.clock(at);
                let seen = see(rule, world, &mut Costs::of(rule));
                run.turn(seen.value, seen.applies, trigger, moment);
                from = at;
            }
        };
        match &mut self.runs {
            Runs::One(run) => one(run, world),
            Runs::Each { runs, listed } => {
                for (key, _) in listed.iter().flatten() {
                    let Some((item, run)) = runs.get_mut(key) else {
                        continue;
                    };
                    world.set(slot, item.clone());
                    one(run, world);
                }
                world.set(slot, super::ABSENT);
            }
        }
        world.clock(begin.instant());
    }

    pub(super) fn outcomes(&self, world: &mut World<'_>, now: Moment, into: &mut Vec<Outcome<'p>>) {
        let rule = self.rule;
        let counts_from = counts_from(rule, world.entered());
        let mut push = |item: Option<(Key, Value)>, judged: Judged| {
            into.push(Outcome {
                of: Subject::Rule(rule, item),
                status: judged.status,
                weight: judged.weight,
                timing: judged.timing,
                doubt: judged.doubt,
            });
        };
        match &self.runs {
            Runs::One(run) => {
                let mut judged =
                    status::judge(rule, run, now, counts_from, world.entered().is_some());
                judged.doubt = over_limit(run, judged.doubt);
                push(None, judged);
            }
            Runs::Each { runs, listed } => {
                let here = |key: &Key| is_listed(listed, key);
                let mut any = false;
                for (key, (item, run)) in runs {
                    let latched = run.fired.is_some() && rule.latch;
                    if !here(key) && !latched {
                        continue;
                    }
                    any |= here(key);
                    world.set(self.item_slot, item.clone());
                    let mut judged =
                        status::judge(rule, run, now, counts_from, world.entered().is_some());
                    judged.doubt = over_limit(run, judged.doubt);
                    push(Some((key.clone(), item.clone())), judged);
                }
                world.set(self.item_slot, super::ABSENT);
                if !any {
                    // Where it does not apply whatever the item, nothing is asked of the list.
                    let seen = see(rule, world, &mut Costs::of(rule));
                    let mut judged = status::no_items(rule, seen.applies);
                    if let (Err(Some(limit)), Some(_)) = (listed, judged.doubt) {
                        judged.doubt = Some(Doubt::Limit(Exceeded {
                            limit: *limit,
                            when: None,
                        }));
                    }
                    push(None, judged);
                }
            }
        }
    }
}

/// Takes items into the runs, as long as there are not too many: those that are gone are remembered.
fn known(runs: &mut BTreeMap<Key, (Value, Run)>, listed: Listed) -> Result<Listed, Option<Limit>> {
    for (key, item) in &listed {
        if runs.contains_key(key) {
            continue;
        }
        if runs.len() >= each::MOST {
            return Err(Some(Limit::Each));
        }
        runs.insert(key.clone(), (item.clone(), Run::new()));
    }
    Ok(listed)
}

/// Whether an item is among those of this moment, which are in order.
fn is_listed(listed: &Result<Listed, Option<Limit>>, key: &Key) -> bool {
    listed
        .as_ref()
        .is_ok_and(|listed| listed.binary_search_by(|(other, _)| other.cmp(key)).is_ok())
}

/// What judging a rule at one moment may still cost: a budget for each of its expressions, shared by its items.
struct Costs {
    expr: Budget,
    when: Vec<Budget>,
}

impl Costs {
    fn of(rule: &Rule) -> Self {
        Self {
            expr: Budget::default(),
            when: vec![Budget::default(); rule.when.len()],
        }
    }

    /// What looking for an instant between two moments may cost: some sixty evaluations, most of them of few steps.
    fn search(rule: &Rule) -> Self {
        let budget = Budget::of(STEPS.saturating_mul(16));
        Self {
            when: vec![budget.clone(); rule.when.len()],
            expr: budget,
        }
    }
}

/// What a rule says at a moment.
struct Seen {
    value: Truth,
    applies: Truth,
    /// The run-time limit because of which one of them is unknown.
    over: Option<Exceeded>,
}

/// What a rule says at this moment: its condition, and whether it applies.
fn see(rule: &Rule, world: &World<'_>, costs: &mut Costs) -> Seen {
    let mut over = None;
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
    let value = test(&rule.expr, None, &mut costs.expr);
    let mut applies = Truth::True;
    for (index, (when, budget)) in rule.when.iter().zip(&mut costs.when).enumerate() {
        match test(when, Some(index), budget) {
            Truth::False => {
                applies = Truth::False;
                break;
            }
            Truth::Unknown => applies = Truth::Unknown,
            Truth::True => {}
        }
    }
    Seen {
        value,
        applies,
        over,
    }
}

/// The values a rule is judged on, by slot. The item of a `for_each` is not among them: the outcome names it.
fn judged_on(rule: &Rule, world: &World<'_>) -> Vec<(usize, Value)> {
    rule.expr
        .slots()
        .iter()
        .filter(|slot| **slot < world.layout().len())
        .map(|slot| (*slot, world.value(*slot).clone()))
        .collect()
}

/// A doubt that comes from a run-time limit is told as such.
fn over_limit(run: &Run, doubt: Option<Doubt>) -> Option<Doubt> {
    match (doubt, run.over) {
        (Some(Doubt::Condition | Doubt::When), Some(exceeded)) => Some(Doubt::Limit(exceeded)),
        (other, _) => other,
    }
}

/// From where on time counts towards a rule's `for`: with `for: bake`, from the entry on.
fn counts_from(rule: &Rule, entered: Option<Timestamp>) -> Option<Timestamp> {
    match &rule.hold {
        Some(Hold::Bake(_)) => entered,
        Some(Hold::For(_)) | None => None,
    }
}

fn trigger(rule: &Rule, entered: Option<Timestamp>, horizon: Option<Timestamp>) -> Trigger<'_> {
    let unmet = rule.effect == Effect::Require;
    let hold = rule.hold.as_ref().filter(|_| !unmet);
    // Until the entry is known nothing can have held since then.
    let unknown_entry = matches!(hold, Some(Hold::Bake(_))) && entered.is_none();
    Trigger {
        on: if unmet { Truth::False } else { Truth::True },
        hold,
        counts_from: if unknown_entry {
            Some(Timestamp::MAX)
        } else {
            counts_from(rule, entered)
        },
        horizon,
        latch: rule.latch,
    }
}

/// The first instant after `from`, and not after `to`, at which the rule says something else than `was`, if it does so
/// at `to`. Where looking for it costs too much there is none.
fn crossing(
    rule: &Rule,
    world: &mut World<'_>,
    costs: &mut Costs,
    was: (Truth, Truth),
    from: Timestamp,
    to: Timestamp,
) -> Option<Timestamp> {
    let mut at = |world: &mut World<'_>, nanosecond: i128| -> Option<(Timestamp, bool)> {
        let at = Timestamp::from_nanosecond(nanosecond).ok()?;
        world.clock(at);
        let seen = see(rule, world, costs);
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
