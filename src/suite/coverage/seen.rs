//! What judgements show of a policy, counted. The order in which they come never matters.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::key::{Bytes, Key, Of, What, declared};
use crate::calendar::Lasting;
use crate::evaluate::{Doubt, Judgement, Outcome, Question, Subject, Timing};
use crate::expr::value::Value;
use crate::expr::{Budget, Compiled, Sighted};
use crate::policy::{Hold, Policy, Proof, Rule, Stage};
use crate::snapshot::layout::Derived;
use crate::verdict::Status;

/// What was seen of a policy, and in how many verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    counts: BTreeMap<Key, u64>,
}

impl Seen {
    /// Takes in what a judgement shows.
    pub fn take(&mut self, policy: &Policy, question: Question<'_>, judgement: &Judgement<'_>) {
        // Several items of one rule show a thing once.
        self.merge(Self {
            counts: found(policy, question, judgement, None),
        });
    }

    /// What a judgement shows, looked for where any of these can be seen.
    pub(super) fn only(
        policy: &Policy,
        question: Question<'_>,
        judgement: &Judgement<'_>,
        keys: &[Key],
    ) -> Self {
        Self {
            counts: found(policy, question, judgement, Some(keys)),
        }
    }

    /// Adds what others saw: the order in which never matters.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            let held = self.counts.entry(key).or_default();
            *held = held.saturating_add(count);
        }
    }

    /// In how many verdicts any of these was seen.
    pub(super) fn count<'k>(&self, keys: impl IntoIterator<Item = &'k Key>) -> u64 {
        let counts = keys.into_iter().filter_map(|key| self.counts.get(key));
        counts.fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// What a judgement shows; of nothing but some keys, where they are given.
fn found(
    policy: &Policy,
    question: Question<'_>,
    judgement: &Judgement<'_>,
    only: Option<&[Key]>,
) -> BTreeMap<Key, u64> {
    let name = &question.stage.name;
    // A part of a stage may be judged: what is seen is counted where it stands in the whole.
    let mut stages = policy.stages.iter().enumerate();
    let Some((stage, of)) = stages.find(|(_, stage)| stage.name == *name) else {
        return BTreeMap::new();
    };
    let mut look = Look {
        policy,
        of,
        stage,
        entered: judgement.world.entered(),
        only,
        found: BTreeMap::new(),
    };
    for outcome in &judgement.outcomes {
        look.outcome(outcome, judgement.world.slots());
    }
    look.found
}

/// One judgement that is looked at.
struct Look<'j> {
    policy: &'j Policy,
    of: &'j Stage,
    stage: usize,
    entered: Option<Timestamp>,
    /// What is looked for; none: all.
    only: Option<&'j [Key]>,
    found: BTreeMap<Key, u64>,
}

impl Look<'_> {
    fn outcome(&mut self, outcome: &Outcome<'_>, slots: &[Value]) {
        let stage = self.stage;
        // What is set aside is what it would be without.
        let status = outcome.waived.map_or(outcome.status, |(_, status)| status);
        let (timing, known) = (&outcome.timing, outcome.doubt.is_none());
        let of = match &outcome.of {
            Subject::Rule(rule, _) => {
                let rules = &self.of.rules;
                let Some(index) = rules.iter().position(|other| Arc::ptr_eq(other, rule)) else {
                    return;
                };
                let of = Of::Rule { stage, rule: index };
                if !self.is_asked(&of) {
                    return;
                }
                self.conditions(&of, rule, outcome, status, slots);
                if let Some(hold) = rule.hold.as_ref().filter(|_| known && counts(status)) {
                    self.held(&of, hold, timing);
                }
                of
            }
            Subject::Bake(lasting) => {
                let of = Of::Bake { stage };
                self.lasted(&of, lasting, timing, timing.since);
                of
            }
            Subject::Traffic(_) => Of::Traffic { stage },
            Subject::Needs(need) => {
                let Some(need) = self.of.needs.iter().position(|other| other == *need) else {
                    return;
                };
                Of::Needs { stage, need }
            }
            Subject::Field(name, _) => {
                let fields = &self.of.fields;
                let Some(field) = fields.iter().position(|(other, _)| other == *name) else {
                    return;
                };
                Of::Field { stage, field }
            }
        };
        let held = match status {
            // A stop that fires because nobody knows has not been seen to hold.
            Status::Fired if !known && timing.fired_at.is_none() => None,
            Status::Met | Status::Fired => Some(true),
            Status::Unmet | Status::Clear | Status::Pending => Some(false),
            Status::Unknown | Status::Skipped | Status::Waived => None,
        };
        if let Some(held) = held {
            self.saw(of, What::Held(held));
        }
    }

    /// Whether a rule can show anything that is looked for: itself, or by a named expression.
    fn is_asked(&self, of: &Of) -> bool {
        let asks = |key: &Key| key.of == *of || matches!(key.of, Of::Named(_));
        self.only.is_none_or(|keys| keys.iter().any(asks))
    }

    /// Whether it applies, and its condition where it does.
    fn conditions(
        &mut self,
        of: &Of,
        rule: &Rule,
        outcome: &Outcome<'_>,
        status: Status,
        slots: &[Value],
    ) {
        if matches!(outcome.doubt, Some(Doubt::Limit(_))) {
            return;
        }
        let Subject::Rule(_, item) = &outcome.of else {
            return;
        };
        let mut world = slots.to_vec();
        let put = |world: &mut Vec<Value>, slot: usize, value: &Value| {
            if let Some(held) = world.get_mut(slot) {
                *held = value.clone();
            }
        };
        if let Some((_, item)) = item {
            put(&mut world, self.policy.item_slot, item);
        }
        for (slot, value) in &outcome.windows {
            put(&mut world, *slot, value);
        }
        // A rule that speaks for nothing asks nothing of an item.
        let asked = rule.for_each.is_none() || item.is_some();
        for (index, when) in rule.when.iter().enumerate().filter(|_| asked) {
            self.expression(of, index, when, &world);
        }
        if !asked || status == Status::Skipped || outcome.doubt == Some(Doubt::When) {
            return;
        }
        // A record that is not there is asked nothing.
        let data = self.policy.layout.derived(Derived::Data);
        let shown = outcome.windows.iter().any(|(slot, _)| *slot == data);
        if matches!(rule.proof, Proof::Evidence(_)) && !shown {
            return;
        }
        let told = [&outcome.timing.fired_on, &outcome.timing.met_on];
        let mut judged: Vec<Vec<Value>> = Vec::new();
        for values in told.into_iter().filter(|values| !values.is_empty()) {
            let mut then = world.clone();
            for (slot, value) in values {
                put(&mut then, *slot, value);
            }
            judged.push(then);
        }
        // Checkpoints are judged at their own time only.
        if judged.is_empty() && rule.at.is_none() {
            judged.push(world);
        }
        for (index, expr) in rule.proof.expressions().enumerate() {
            let index = rule.when.len().saturating_add(index);
            for world in &judged {
                self.expression(of, index, expr, world);
            }
        }
    }

    fn expression(&mut self, of: &Of, index: usize, expr: &Compiled, slots: &[Value]) {
        for sighting in expr.sightings(slots, &mut Budget::default()) {
            let (of, index) = match &sighting.named {
                Some(name) => (Of::Named(declared(name)), 0),
                None => (of.clone(), index),
            };
            let bytes = Bytes::new(index, &sighting.range);
            self.saw(
                of,
                match sighting.what {
                    Sighted::Decided(value) => What::Operand(bytes, value),
                    Sighted::Compared(lies) => What::Limit(bytes, lies),
                },
            );
        }
    }

    /// How long a condition has held, beside how long it must.
    fn held(&mut self, of: &Of, hold: &Hold, timing: &Timing) {
        match hold {
            Hold::For(duration) => {
                self.lasted(of, &Lasting::Wall(*duration), timing, timing.since);
            }
            Hold::Bake(bake) => {
                // Until the entry is known nothing has held since then.
                let since = timing.since.zip(self.entered);
                let since = since.map(|(since, entered)| since.max(entered));
                self.lasted(of, bake, timing, since);
            }
        }
    }

    fn lasted(&mut self, of: &Of, whole: &Lasting, timing: &Timing, since: Option<Timestamp>) {
        let (Some(begun), Some(held), Some(since)) = (timing.since, timing.held, since) else {
            return;
        };
        if let Ok(end) = begun.checked_add(held) {
            self.saw(of.clone(), What::Lasted(end.cmp(&whole.after(since))));
        }
    }

    fn saw(&mut self, of: Of, what: What) {
        self.found.insert(Key { of, what }, 1);
    }
}

/// Whether how long something held is about its condition being true.
fn counts(status: Status) -> bool {
    matches!(status, Status::Met | Status::Fired | Status::Pending)
}

/// The three ways to lie beside a limit.
pub(super) const LIES: [Ordering; 3] = [Ordering::Less, Ordering::Equal, Ordering::Greater];
