//! One rule on its way through a history: judged whenever something it reads is another, its run, or that of each of its
//! items, carried on.
//!
//! A condition that reads the clock can change between two moments; the instant at which it does is found by halving
//! the stretch, which sees one change (and then the next), but not two that cancel out within a stretch.

mod imagined;
mod line;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::World;
use super::baseline::{OfItems, Summary};
use super::each::{Listed, items};
use super::look::{self, Look};
use super::moment::Moment;
use super::proof::{self, DueAt, Ground, Prover, State};
use super::run::{Trigger, Truth, counts_from};
use super::seen::{Costs, Rests, Seen, crossing, see};
use crate::expr::value::{Key, Value};
use crate::expr::{Compiled, Limit, Window};
use crate::policy::{Policy, Rule};
use crate::snapshot::layout::Context;
use crate::verdict::Effect;
use line::{Line, is_listed, judged_on, known};

/// One rule on its way through the history.
#[derive(Clone, Debug)]
pub(super) struct Track<'p> {
    rule: &'p Arc<Rule>,
    item_slot: usize,
    /// When the stage was entered, as the whole history tells it.
    horizon: Option<Timestamp>,
    pub(super) reads_clock: bool,
    /// Whether it is remembered that it fired.
    pub(super) can_fire: bool,
    /// Something it reads was touched.
    pub(super) dirty: bool,
    /// When what it rests on counts first, where that may be before the first sample; none: it has been judged.
    begins: Option<Timestamp>,
    /// The moment it was judged at last.
    judged: Option<Moment>,
    /// Up to here it is known that nothing changes.
    pub(super) done: Moment,
    /// When a window of one of its items may change although nothing is given.
    wake: Moment,
    trigger: Trigger<'p>,
    /// The inputs a checkpoint of it is judged at.
    inputs: Vec<usize>,
    /// The windows of each of its items.
    windows: Vec<&'p Arc<Window>>,
    /// What baselines with a history of their own say of items.
    settled: Vec<Arc<OfItems>>,
    earliest: Option<Moment>,
    ground: Ground<'p>,
    /// When it is due, as it is known.
    due: DueAt,
    lines: Lines<'p>,
}

/// What is followed: one condition, or one for each item.
#[derive(Clone, Debug)]
enum Lines<'p> {
    One(Box<Line<'p>>),
    Each {
        lines: BTreeMap<Key, (Value, Line<'p>)>,
        /// The items at this moment; none: unknown, or beyond a limit.
        listed: Result<Listed, Option<Limit>>,
    },
}

/// What happens at a moment.
#[derive(Clone, Copy)]
pub(super) struct Event<'e> {
    pub(super) moment: Moment,
    /// The slots that were given something, or changed.
    pub(super) touched: &'e [usize],
    /// Whether a sample did it.
    pub(super) given: bool,
}

impl<'p> Track<'p> {
    pub(super) fn new(
        rule: &'p Arc<Rule>,
        policy: &'p Policy,
        horizon: Option<Timestamp>,
        earliest: Option<Moment>,
        baselines: &[Summary],
        ground: &Ground<'p>,
    ) -> Self {
        let layout = &policy.layout;
        let clock = [
            layout.context(Context::Now),
            layout.context(Context::StageElapsed),
        ];
        let reads_clock = rule
            .expressions()
            .any(|expr| clock.iter().any(|slot| expr.slots().contains(slot)));
        let own = |slot| rule.mentioned().any(|expr| expr.slots().contains(&slot));
        let (_, windows) = look::windows(policy, own);
        let is_input = |slot: &usize| layout.input_of(*slot).is_some();
        let lines = match rule.for_each {
            None => Lines::One(Box::new(Line::new(
                Vec::new(),
                Prover::of(rule, ground, None),
            ))),
            Some(_) => Lines::Each {
                lines: BTreeMap::new(),
                listed: Err(None),
            },
        };
        Self {
            rule,
            item_slot: policy.item_slot,
            horizon,
            reads_clock,
            can_fire: rule.effect != Effect::Require || rule.on_unmet,
            dirty: true,
            begins: horizon.filter(|_| rule.proof.is_of_facts()),
            judged: None,
            done: Moment::BEFORE,
            wake: Moment::NEVER,
            trigger: Trigger::of(rule, None, horizon),
            inputs: rule
                .expr()
                .into_iter()
                .flat_map(|expr| expr.reads().iter().copied())
                .filter(is_input)
                .collect(),
            windows,
            settled: baselines
                .iter()
                .map(|baseline| Arc::clone(baseline.of_items()))
                .collect(),
            earliest,
            ground: ground.clone(),
            due: DueAt::Never,
            lines,
        }
    }

    /// The slots whose change may change what it says.
    pub(super) fn reads(&self) -> Vec<usize> {
        let mut reads: Vec<usize> = self
            .rule
            .expressions()
            .flat_map(|expr| expr.slots().iter().copied())
            .collect();
        if self.rule.at.is_some() {
            reads.extend(&self.inputs);
        }
        reads.extend(proof::slots(self.rule, &self.ground.policy.layout));
        if !self.windows.is_empty() {
            reads.extend(self.rule.mentioned().flat_map(|expr| expr.reads()));
        }
        reads.sort_unstable();
        reads.dedup();
        reads
    }

    /// Whether it is that of a rule.
    pub(super) fn is_of(&self, rule: &Arc<Rule>) -> bool {
        Arc::ptr_eq(self.rule, rule)
    }

    /// The windows of one of its items.
    pub(super) fn looks(&self, key: &Key) -> Option<&[Look]> {
        match &self.lines {
            Lines::One(_) => None,
            Lines::Each { lines, .. } => lines.get(key).map(|(_, line)| line.looks.as_slice()),
        }
    }

    /// Its condition, where it has nothing else: no items, no checkpoints, no `when`, no clock.
    pub(super) fn plain(&self) -> Option<&'p Compiled> {
        let rule = self.rule;
        let plain = rule.for_each.is_none()
            && rule.at.is_none()
            && rule.when.is_empty()
            && rule.due.is_none()
            && !self.reads_clock;
        rule.expr().filter(|_| plain).map(AsRef::as_ref)
    }

    /// What its condition is, where as long as it stays so nothing is to be done.
    pub(super) fn calm(&self) -> Option<bool> {
        let Lines::One(line) = &self.lines else {
            return None;
        };
        let run = &line.run;
        let fires = self.can_fire && run.value == self.trigger.on;
        if fires || run.applies != Truth::True || run.over.is_some() {
            return None;
        }
        match run.value {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown | Truth::Waiting => None,
        }
    }

    /// Whether samples matter to it that give again what is known: to a checkpoint, to the windows of its items, and where
    /// it is late without its condition being another.
    pub(super) fn samples(&self) -> bool {
        let rule = self.rule;
        rule.at.is_some() || rule.due.is_some() || rule.expr().is_none() || !self.windows.is_empty()
    }

    /// Whether it was judged at a moment, on all that is known there.
    pub(super) fn is_judged(&self, moment: Moment) -> bool {
        self.judged == Some(moment) && !self.dirty
    }

    /// Up to this moment nothing changes.
    pub(super) fn goes_ahead(&mut self, done: Moment) {
        self.done = done;
    }

    /// When it may say something else although nothing is given.
    pub(super) fn wake(&self) -> Moment {
        self.wake
    }

    /// The stage was entered at another time than it was known before.
    pub(super) fn entered(&mut self, entered: Option<Timestamp>) {
        self.trigger = Trigger::of(self.rule, entered, self.horizon);
        self.dirty = true;
    }

    /// Judges it at a moment.
    pub(super) fn judge(&mut self, policy: &Policy, world: &mut World<'_>, event: Event<'_>) {
        if let Some(entered) = self.begins.take() {
            self.since_entry(policy, world, entered, event.moment);
        }
        self.judge_at(policy, world, event);
    }

    /// What was said and run counts from its own instant on, before the first sample too: from the entry on, with what
    /// the first sample tells.
    fn since_entry(
        &mut self,
        policy: &Policy,
        world: &mut World<'_>,
        entered: Timestamp,
        first: Moment,
    ) {
        if world.entered() != Some(entered) {
            return;
        }
        let mut moment = Moment::at(entered);
        while moment < first {
            self.close(world, moment, false);
            world.clock(moment.instant());
            let event = Event {
                moment,
                touched: &[],
                given: false,
            };
            self.judge_at(policy, world, event);
            moment = self.wake;
        }
        self.close(world, first, false);
        world.clock(first.instant());
    }

    fn judge_at(&mut self, policy: &Policy, world: &mut World<'_>, event: Event<'_>) {
        self.dirty = false;
        self.judged = Some(event.moment);
        let (rule, slot, trigger) = (self.rule, self.item_slot, self.trigger);
        // A checkpoint is judged at a sample of an input it uses.
        let sampled = |slot: &usize| event.touched.contains(slot);
        let check = rule
            .at
            .as_ref()
            .zip(self.horizon)
            .filter(|_| event.given && self.inputs.iter().any(sampled));
        let check = |line: &mut Line<'_>, seen: &Seen, world: &World<'_>| {
            if let Some((spec, entered)) = check {
                let judged = || (seen.value, judged_on(rule, world, event.moment.instant()));
                line.checks
                    .sample(spec, Moment::at(entered), event.moment, judged);
            }
        };
        self.due = proof::due(rule, world);
        self.wake = match self.due {
            DueAt::At(at) if Moment::at(at) > event.moment => Moment::at(at),
            _ => Moment::NEVER,
        };
        let due = self.due;
        match &mut self.lines {
            Lines::One(line) => {
                self.wake = self.wake.min(line.step(rule, world, event.moment));
                let seen = see(rule, line.rests(due), world, &mut Costs::of(rule));
                line.state = seen.state;
                line.run.over = seen.over;
                line.run
                    .turn(seen.value, seen.applies, trigger, event.moment);
                check(line, &seen, world);
            }
            Lines::Each { lines, listed } => {
                let look = |window: &&Arc<Window>, key: &Key| {
                    let look = Look::new(window, &policy.layout, self.earliest);
                    let mut settled = self.settled.iter();
                    match settled.find_map(|items| items.value(window.slot, key)) {
                        Some(value) => look.settled(value),
                        None => look,
                    }
                };
                let new = |key: &Key| {
                    let looks = self.windows.iter().map(|window| look(window, key));
                    let prover = Prover::of(rule, &self.ground, Some(key));
                    Line::new(looks.collect(), prover)
                };
                *listed = match &rule.for_each {
                    Some(each) => items(each, world).and_then(|listed| known(lines, listed, new)),
                    None => Err(None),
                };
                // All items of a moment together cost no more than a rule without items may.
                let mut costs = Costs::of(rule);
                for (key, (item, line)) in lines.iter_mut() {
                    world.set(slot, item.clone());
                    for look in &mut line.looks {
                        look.touch_all(event.touched, event.given);
                        look.step(world, event.moment);
                        self.wake = self.wake.min(look.wake());
                    }
                    let seen = if is_listed(listed, key) {
                        line.show(world);
                        self.wake = self.wake.min(line.step(rule, world, event.moment));
                        see(rule, line.rests(due), world, &mut costs)
                    } else {
                        // Nobody speaks of it: nothing is known, and it neither fires nor clears.
                        Seen {
                            value: Truth::Unknown,
                            applies: Truth::Unknown,
                            state: State::Unclear,
                            over: None,
                        }
                    };
                    line.state = seen.state;
                    line.run.over = seen.over;
                    line.run
                        .turn(seen.value, seen.applies, trigger, event.moment);
                    check(line, &seen, world);
                }
                self.hide(world);
            }
        }
    }

    pub(super) fn close(&mut self, world: &World<'_>, end: Moment, inclusive: bool) {
        let (rule, trigger) = (self.rule, self.trigger);
        let (horizon, due) = (self.horizon, self.due);
        let close = |line: &mut Line<'_>| {
            let (prover, at) = (&line.prover, line.at);
            let values = |fired: Moment| {
                let mut values = judged_on(rule, world, fired.instant());
                values.extend(prover.as_ref().and_then(|prover| prover.data(at)));
                values
            };
            line.run.close(trigger, end, inclusive, values);
            if let Some(at) = overdue(rule, line, horizon, due, world) {
                let values = |fired: Moment| judged_on(rule, world, fired.instant());
                line.run.stops(at, at, end, inclusive, values);
            }
        };
        match &mut self.lines {
            Lines::One(line) => close(line),
            Lines::Each { lines, .. } => lines.values_mut().for_each(|(_, line)| close(line)),
        }
    }

    /// Finds the instants strictly between two moments at which a condition that reads the clock changes.
    pub(super) fn between(&mut self, world: &mut World<'_>, begin: Moment, end: Moment) {
        let (rule, slot, trigger) = (self.rule, self.item_slot, self.trigger);
        let due = self.due;
        let mut costs = Costs::search(rule);
        let mut one = |line: &mut Line<'_>, world: &mut World<'_>| {
            let Line {
                run,
                prover,
                state,
                at: moment,
                ..
            } = line;
            let rests = Rests {
                prover: prover.as_ref(),
                due,
                moment: *moment,
            };
            // Beyond a limit nothing can be found.
            if run.over.is_some() {
                return;
            }
            let mut from = begin.instant();
            // A condition of comparisons with the clock changes a few times at most.
            for _ in 0..4 {
                let was = (run.value, run.applies);
                let to = end.instant();
                let Some(at) = crossing(rule, rests, world, &mut costs, was, from, to) else {
                    break;
                };
                let moment = Moment::at(at);
                if moment <= begin || moment >= end {
                    break;
                }
                let values = |fired: Moment| judged_on(rule, world, fired.instant());
                run.close(trigger, moment, false, values);
                world.clock(at);
                let seen = see(rule, rests, world, &mut Costs::of(rule));
                *state = seen.state;
                run.turn(seen.value, seen.applies, trigger, moment);
                from = at;
            }
        };
        match &mut self.lines {
            Lines::One(line) => one(line, world),
            Lines::Each { lines, listed } => {
                for (key, _) in listed.iter().flatten() {
                    let Some((item, line)) = lines.get_mut(key) else {
                        continue;
                    };
                    world.set(slot, item.clone());
                    line.show(world);
                    one(line, world);
                }
                self.hide(world);
            }
        }
        world.clock(begin.instant());
    }

    /// Takes the item, and what its windows say, back out of the world.
    fn hide(&self, world: &mut World<'_>) {
        world.set(self.item_slot, super::ABSENT);
        for window in &self.windows {
            world.set(window.slot, super::ABSENT);
        }
    }
}

/// When, in the stretch that has begun, a requirement fires whose failure is a stop and that is still to come when it is
/// due: its condition is true, and has not been so for long enough.
fn overdue(
    rule: &Rule,
    line: &Line<'_>,
    horizon: Option<Timestamp>,
    due: DueAt,
    world: &World<'_>,
) -> Option<Moment> {
    let hold = rule.hold.as_ref().filter(|_| rule.on_unmet)?;
    let DueAt::At(due) = due else { return None };
    let run = &line.run;
    let since = run.since.filter(|_| run.value == Truth::True)?;
    let applies = run.applies_since.filter(|_| run.applies == Truth::True)?;
    let at = Moment::at(due).max(line.at).max(since).max(applies);
    let at = horizon.map_or(at, |horizon| at.max(Moment::at(horizon)));
    let begun = run.begun(counts_from(rule, world.entered()));
    begun
        .is_none_or(|begun| begun.held(hold) > at)
        .then_some(at)
}
