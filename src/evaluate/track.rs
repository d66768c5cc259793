//! One rule on its way through a history: judged at every moment, its run, or that of each of its items, carried on.
//!
//! A condition that reads the clock can change between two moments; the instant at which it does is found by halving
//! the stretch, which sees one change (and then the next), but not two that cancel out within a stretch.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::each::items;
use super::moment::Moment;
use super::run::{Run, Trigger, Truth};
use super::status::{self, Judged};
use super::{Doubt, Outcome, Subject, World};
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Compiled, Fault, Reason, Tri};
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
        /// The items at this moment; none: unknown.
        listed: Option<Vec<(Key, Value)>>,
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
                listed: None,
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
                let (value, applies) = truth(rule, world);
                run.turn(value, applies, trigger, moment);
            }
            Runs::Each { runs, listed } => {
                *listed = rule.for_each.as_ref().and_then(|each| items(each, world));
                for (key, item) in listed.iter().flatten() {
                    if !runs.contains_key(key) {
                        runs.insert(key.clone(), (item.clone(), Run::new()));
                    }
                }
                for (key, (item, run)) in runs.iter_mut() {
                    let here = is_listed(listed.as_deref(), key);
                    let (value, applies) = if here {
                        world.set(slot, item.clone());
                        truth(rule, world)
                    } else {
                        // Nobody speaks of it: nothing is known, and it neither fires nor clears.
                        (Truth::Unknown, Truth::Unknown)
                    };
                    run.turn(value, applies, trigger, moment);
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
        let one = |run: &mut Run, world: &mut World<'_>| {
            let mut from = begin.at;
            // A condition of comparisons with the clock changes a few times at most.
            for _ in 0..4 {
                let Some(at) = crossing(rule, world, (run.value, run.applies), from, end.at) else {
                    break;
                };
                let moment = Moment::at(at);
                if moment <= begin || moment >= end {
                    break;
                }
                world.clock(from);
                run.close(trigger, moment, false, || judged_on(rule, world));
                world.clock(at);
                let (value, applies) = truth(rule, world);
                run.turn(value, applies, trigger, moment);
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
        world.clock(begin.at);
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
                judged.doubt = over_limit(rule, world, judged.doubt);
                push(None, judged);
            }
            Runs::Each { runs, listed } => {
                let here = |key: &Key| is_listed(listed.as_deref(), key);
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
                    judged.doubt = over_limit(rule, world, judged.doubt);
                    push(Some((key.clone(), item.clone())), judged);
                }
                world.set(self.item_slot, super::ABSENT);
                if !any {
                    // Where it does not apply whatever the item, nothing is asked of the list.
                    push(None, status::no_items(rule, applies(rule, world)));
                }
            }
        }
    }
}

/// Whether an item is among those of this moment, which are in order.
fn is_listed(listed: Option<&[(Key, Value)]>, key: &Key) -> bool {
    listed.is_some_and(|listed| listed.binary_search_by(|(other, _)| other.cmp(key)).is_ok())
}

/// What a rule says at this moment: its condition, and whether it applies.
fn truth(rule: &Rule, world: &World<'_>) -> (Truth, Truth) {
    (test(&rule.expr, world).into(), applies(rule, world))
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

fn applies(rule: &Rule, world: &World<'_>) -> Truth {
    let mut all = Truth::True;
    for when in &rule.when {
        match test(when, world) {
            Tri::False => return Truth::False,
            Tri::Unknown(_) => all = Truth::Unknown,
            Tri::True => {}
        }
    }
    all
}

fn test(expr: &Compiled, world: &World<'_>) -> Tri {
    expr.test(world.slots(), &mut Budget::default())
}

/// A doubt that comes from a run-time limit is told as such.
fn over_limit(rule: &Rule, world: &World<'_>, doubt: Option<Doubt>) -> Option<Doubt> {
    let limited = |tri| {
        matches!(
            tri,
            Tri::Unknown(Fault {
                reason: Reason::Limit(_),
                ..
            })
        )
    };
    match doubt {
        Some(Doubt::Condition | Doubt::When)
            if limited(test(&rule.expr, world))
                || rule.when.iter().any(|when| limited(test(when, world))) =>
        {
            Some(Doubt::Limit)
        }
        other => other,
    }
}

/// From where on time counts towards a rule's `for`: with `for: bake`, from the entry on.
fn counts_from(rule: &Rule, entered: Option<Timestamp>) -> Option<Timestamp> {
    match rule.hold {
        Some(Hold::Bake(_)) => entered,
        Some(Hold::For(_)) | None => None,
    }
}

fn trigger(rule: &Rule, entered: Option<Timestamp>, horizon: Option<Timestamp>) -> Trigger {
    let unmet = rule.effect == Effect::Require;
    let hold = if unmet { None } else { rule.hold };
    // Until the entry is known nothing can have held since then.
    let unknown_entry = matches!(hold, Some(Hold::Bake(_))) && entered.is_none();
    Trigger {
        on: if unmet { Truth::False } else { Truth::True },
        hold: hold.map_or(SignedDuration::ZERO, Hold::duration),
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
/// at `to`.
fn crossing(
    rule: &Rule,
    world: &mut World<'_>,
    was: (Truth, Truth),
    from: Timestamp,
    to: Timestamp,
) -> Option<Timestamp> {
    let at = |world: &mut World<'_>, nanosecond: i128| -> Option<(Timestamp, bool)> {
        let at = Timestamp::from_nanosecond(nanosecond).ok()?;
        world.clock(at);
        Some((at, truth(rule, world) != was))
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
