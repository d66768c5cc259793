//! What a finding that stands against a go needs so that it does not: values, people, commands, another entry, time.
//! Never whether that is enough.

mod people;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::super::ways::{self, Asked};
use super::super::with_item;
use super::ask::{Ask, Of, Wanted};
use super::clock::crosses;
use super::target::{Target, back, growing, over_samples, over_stage, target, trending};
use super::{Scene, facts, seed};
use crate::evaluate::{Doubt, Outcome, Subject, World};
use crate::expr::value::Value;
use crate::expr::window::Over;
use crate::expr::{Budget, Compiled, Tri, brief};
use crate::policy::{Hold, Proof, Rule};
use crate::snapshot::layout::{Context, Kind};
use crate::verdict::{Change, Effect, Finding, Lack, Status};

/// The steps that looking for what would change one condition may take.
const TRIALS: u64 = 1_000_000;

/// What is needed.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) asks: Vec<Ask>,
    /// When what only takes time has taken it.
    pub(super) later: Option<Timestamp>,
    /// That may be later than it must be.
    pub(super) rough: bool,
    /// What takes time.
    pub(super) waits: Vec<String>,
    /// When what is looked back at is over, of what fired for good.
    pub(super) clears: Option<Timestamp>,
    /// A finding that has yet another way.
    pub(super) stuck: Option<String>,
}

/// What all that stands against a go needs, at an instant.
pub(super) fn all(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    world: &mut World<'_>,
    choice: &BTreeMap<String, usize>,
    at: Timestamp,
) -> Needs {
    let mut needs = Needs::default();
    for (outcome, finding) in outcomes.iter().zip(findings) {
        if outcome.weight.is_none() {
            continue;
        }
        let name = finding.name();
        if scene.open.contains(&name) {
            continue;
        }
        let mut one = One {
            scene,
            outcome,
            finding,
            choice: choice.get(&name).copied().unwrap_or_default(),
            name,
            at,
            needs: &mut needs,
            later: None,
        };
        one.ask(world);
        let later = one.later;
        needs.later = needs.later.max(later);
    }
    needs
}

/// One finding.
struct One<'n, 's, 'p> {
    scene: &'n Scene<'s, 'p>,
    outcome: &'n Outcome<'n>,
    finding: &'n Finding,
    choice: usize,
    name: String,
    at: Timestamp,
    needs: &'n mut Needs,
    later: Option<Timestamp>,
}

impl One<'_, '_, '_> {
    fn ask(&mut self, world: &mut World<'_>) {
        let outcome = self.outcome;
        match &outcome.of {
            Subject::Traffic(limit) => {
                let layout = &self.scene.policy.layout;
                let target = Target {
                    text: Context::StageTraffic.name().to_owned(),
                    slot: layout.context(Context::StageTraffic),
                    path: Vec::new(),
                    unit: Some("ratio".to_owned()),
                    over: None,
                };
                let seed = (outcome.status == Status::Unknown).then_some(Value::Double(*limit));
                self.push(Of::Value(Wanted {
                    target,
                    op: "<=".to_owned(),
                    limit: serde_json::Value::from(*limit),
                    seed,
                    keep: false,
                }));
            }
            Subject::Bake(_) if outcome.doubt == Some(Doubt::Entry) => self.enter(true),
            Subject::Bake(_) => self.waits(outcome.timing.met_at),
            Subject::Needs(need) => match outcome.doubt {
                Some(Doubt::Slot(slot)) => self.told(slot),
                _ => {
                    if let Some(record) = facts::went(self.scene, need, self.scene.ahead.done()) {
                        let lack = self.lack(&format!("a go of {}", record.stage));
                        self.push(Of::Went { record, lack });
                    }
                }
            },
            Subject::Field(_, slot) => self.told(*slot),
            Subject::Rule(rule, _) => {
                let shown = with_item(world, self.scene.policy.item_slot, outcome);
                self.rule(rule, world);
                shown
                    .iter()
                    .for_each(|slot| world.set(*slot, crate::evaluate::ABSENT));
            }
        }
    }

    fn rule(&mut self, rule: &Arc<Rule>, world: &mut World<'_>) {
        match self.outcome.doubt {
            Some(Doubt::Slot(slot)) => return self.told(slot),
            Some(Doubt::Entry) => return self.enter(true),
            Some(Doubt::Limit(_) | Doubt::Items) => return,
            Some(Doubt::When) => {
                for when in &rule.when {
                    self.fill(when, world, rule, true);
                }
                return;
            }
            _ => {}
        }
        match &rule.proof {
            Proof::Expr(expr) => self.condition(rule, expr, world),
            Proof::Evidence(wanted) => {
                let require = rule.effect == Effect::Require;
                let passed = wanted.failed != require;
                let (key, at) = (self.key(), self.scene.ahead.done());
                let evidence = facts::ran(self.scene, wanted, key.as_ref(), passed, at);
                let what = self.finding.proof.as_ref().map(|proof| proof.asks.clone());
                let lack = self.lack(&format!("evidence {}", wanted.id));
                self.push(Of::Ran {
                    evidence,
                    lack,
                    what: what.unwrap_or_default(),
                });
            }
            Proof::Attest(_) | Proof::Approve(_) => self.people(rule),
            Proof::During(during) => {
                self.waits(self.outcome.timing.met_at);
                for closed in &during.closed {
                    let says = closed.condition.test(world.slots(), &mut Budget::default());
                    if says == Tri::True {
                        self.flip(rule, &closed.condition, world, false);
                    }
                }
            }
        }
        if self.finding.latched && self.outcome.timing.fired_at.is_some() {
            self.enter(false);
        }
    }

    fn condition(&mut self, rule: &Rule, expr: &Arc<Compiled>, world: &mut World<'_>) {
        let before = self.needs.asks.len();
        let wanted = rule.effect == Effect::Require;
        let says = expr.test(world.slots(), &mut Budget::default());
        let mut flips = 0;
        match says {
            Tri::Unknown(_) => self.fill(expr, world, rule, wanted),
            Tri::True if wanted => {}
            Tri::False if !wanted => {}
            Tri::True | Tri::False => flips = self.flip(rule, expr, world, wanted),
        }
        if matches!(says, Tri::True | Tri::False)
            && self.needs.asks.len() == before
            && self.outcome.status != Status::Pending
        {
            self.keep(rule, self.choice.saturating_sub(flips), world);
        }
        let asked = self.needs.asks.len() > before;
        let checkpoint = rule.at.is_some() && self.outcome.status != Status::Pending;
        if checkpoint {
            self.enter(false);
        }
        self.waits(self.outcome.timing.met_at);
        let pending = self.outcome.status == Status::Pending;
        if pending && self.later.is_none() && rule.at.is_some() {
            // It is due, and judged at the next sample.
            self.waits_on();
        }
        if pending || self.later.is_some() {
            return;
        }
        // What was in the windows leaves them; what must hold for a time holds for it.
        let hold = rule.hold.as_ref();
        let hold = hold.map_or(SignedDuration::ZERO, Hold::at_least);
        let long = back(rule).unwrap_or_default();
        let late = self.scene.ahead.done();
        let late = late.checked_add(long.saturating_add(hold)).ok();
        let overdue = self.finding.late && !hold.is_zero();
        if (!long.is_zero() || overdue || self.outcome.doubt == Some(Doubt::Throughout))
            && late.is_some_and(|late| late > self.at)
        {
            self.needs.rough = true;
            self.waits(late);
            self.stay(rule, world);
        } else if !asked && over_samples(rule) {
            self.waits_on();
        } else if over_stage(rule) && (!asked || self.at > self.scene.ahead.done()) {
            self.enter(false);
            // Once it is entered, what is looked back at only grows.
            self.waits_on();
        }
    }

    /// As many samples as it takes: looked for in longer and longer steps.
    fn waits_on(&mut self) {
        let apart = self.scene.ahead.every();
        let apart = apart.unwrap_or(SignedDuration::from_mins(1));
        let passed = self.at.duration_since(self.scene.ahead.done());
        self.needs.rough = true;
        self.waits(self.at.checked_add(passed.max(apart)).ok());
    }

    /// What makes a condition that is known what it should be; how many ways there are.
    fn flip(&mut self, rule: &Rule, expr: &Compiled, world: &mut World<'_>, wanted: bool) -> usize {
        let found;
        let known = !self.finding.to_change.is_empty() && rule.expr().is_some();
        let ways = if known {
            &self.finding.to_change
        } else {
            found = flips(expr, world, wanted);
            &found
        };
        // What comes by itself is waited for: to give another instant than there was would be no help.
        let layout = world.layout();
        let clock = [Context::Now, Context::StageElapsed].map(|clock| layout.context(clock));
        let timed = clock.iter().any(|slot| expr.slots().contains(slot));
        let crossed = timed.then(|| crosses(expr, world, self.at, wanted));
        let crossed = crossed.flatten();
        if self.choice == 0 && crossed.is_some() {
            self.needs.stuck = self.needs.stuck.take().or_else(|| Some(self.name.clone()));
            self.waits(crossed);
            return 0;
        }
        let choice = self.choice.saturating_sub(usize::from(crossed.is_some()));
        let usable: Vec<Vec<Wanted>> = ways
            .iter()
            .filter_map(|way| self.wanted(rule, way, world))
            .filter_map(|way| self.begun(expr, world, way))
            .collect();
        if choice.saturating_add(1) < usable.len() && self.needs.stuck.is_none() {
            self.needs.stuck = Some(self.name.clone());
        }
        let ways = usable.len();
        for wanted in usable.into_iter().nth(choice).unwrap_or_default() {
            if matches!(wanted.target.over, Some(Over::Stage)) && self.at > self.scene.ahead.done()
            {
                self.enter(false);
            }
            self.push(Of::Value(wanted));
        }
        ways
    }

    /// A way as values that are asked for; nothing where samples cannot give one of them.
    fn wanted(&self, rule: &Rule, way: &Change, world: &World<'_>) -> Option<Vec<Wanted>> {
        let one = |change: &Change| {
            Some(Wanted {
                target: target(self.scene.policy, rule, &change.input, world)?,
                op: change.op.clone(),
                limit: change.value.clone(),
                seed: None,
                keep: false,
            })
        };
        let mut all = vec![one(way)?];
        for other in &way.and {
            all.push(one(other)?);
        }
        Some(all)
    }

    /// What gives an expression a value that has none.
    fn fill(&mut self, expr: &Compiled, world: &mut World<'_>, rule: &Rule, wanted: bool) {
        let usable: Vec<Vec<Wanted>> = self
            .finding
            .to_change
            .iter()
            .filter_map(|way| self.wanted(rule, way, world))
            .filter(|way| way.iter().all(|one| seed::is_held(world, &one.target)))
            .collect();
        let mut filled = usable.into_iter().nth(self.choice).unwrap_or_default();
        if filled.is_empty() {
            let found;
            let mut ways = self.finding.to_change.as_slice();
            if ways.is_empty() {
                found = ways_of(expr, world, wanted, true);
                ways = &found;
            }
            let ways = ways
                .iter()
                .filter_map(|way| self.wanted(rule, way, world))
                .filter_map(|way| self.begun(expr, world, way));
            filled = ways.clone().nth(self.choice).unwrap_or_default();
        }
        if filled.is_empty() {
            filled = seed::seeds(self.scene.policy, rule, expr, world, wanted);
        }
        for wanted in filled {
            self.push(Of::Value(wanted));
        }
    }

    /// A way with values to begin with where nothing is known.
    fn begun(&self, expr: &Compiled, world: &World<'_>, way: Vec<Wanted>) -> Option<Vec<Wanted>> {
        let policy = self.scene.policy;
        way.into_iter()
            .map(|one| seed::begun(policy, expr, world, one))
            .collect()
    }

    /// What a rule asks a trend of stays as it is: whoever waits for the trend to end must be told so.
    fn stay(&mut self, rule: &Rule, world: &World<'_>) {
        let layout = &self.scene.policy.layout;
        for slot in trending(rule) {
            if layout.input_of(slot).is_some() && !matches!(world.value(slot), Value::Unknown(_)) {
                self.push(Of::Stays {
                    slot,
                    text: layout.name(slot),
                });
            }
        }
    }

    /// What a rule asks the growth of counts no further: one alone, for a share of two is none where neither does, or all.
    fn keep(&mut self, rule: &Rule, choice: usize, world: &World<'_>) {
        let layout = &self.scene.policy.layout;
        let mut slots = growing(rule);
        slots.retain(|slot| {
            let held = world.value(*slot);
            layout.input_of(*slot).is_some() && !matches!(held, Value::Unknown(_))
        });
        if slots.len() > 1 {
            if choice < slots.len() && self.needs.stuck.is_none() {
                self.needs.stuck = Some(self.name.clone());
            }
            if let Some(only) = slots.get(choice).copied() {
                slots = vec![only];
            }
        }
        for slot in slots {
            self.push(Of::Value(Wanted {
                target: Target {
                    text: layout.name(slot),
                    slot,
                    path: Vec::new(),
                    unit: None,
                    over: None,
                },
                op: "==".to_owned(),
                limit: brief(self.scene.world.value(slot)),
                seed: None,
                keep: true,
            }));
        }
        if self.finding.latched {
            let long = back(rule).unwrap_or_default();
            let clear = self.scene.ahead.done().checked_add(long).ok();
            self.needs.clears = self.needs.clears.max(clear.filter(|_| !long.is_zero()));
        }
    }

    /// Something that nobody told of the stage or the subject.
    fn told(&mut self, slot: usize) {
        let layout = &self.scene.policy.layout;
        let value = match layout.kind(slot) {
            Some(Kind::Context(Context::StageEntered)) => return self.enter(true),
            Some(Kind::Context(Context::SubjectPlannedAt)) => {
                Value::Timestamp(self.scene.ahead.done().into())
            }
            Some(Kind::Context(_) | Kind::Field(_)) => Value::String(Arc::from("given")),
            _ => return,
        };
        let what = layout.name(slot);
        let lack = Some(self.lack(&what)).filter(|lack| lack.what == what);
        let lack = lack.unwrap_or_else(|| Lack::one(&what));
        self.push(Of::Told { slot, value, lack });
    }

    fn enter(&mut self, untold: bool) {
        self.push(Of::Enter { untold });
    }

    fn waits(&mut self, until: Option<Timestamp>) {
        let Some(until) = until else { return };
        // What begins just after an instant is not over at the instant that is so much later, but just after it.
        let until = if until == self.at {
            until.checked_add(SignedDuration::from_nanos(1)).ok()
        } else {
            Some(until)
        };
        let Some(until) = until.filter(|until| *until > self.at) else {
            return;
        };
        self.later = self.later.max(Some(until));
        if !self.needs.waits.contains(&self.name) {
            self.needs.waits.push(self.name.clone());
        }
    }

    fn push(&mut self, of: Of) {
        self.needs.asks.push(Ask {
            rules: vec![self.name.clone()],
            of,
        });
    }

    fn key(&self) -> Option<Arc<str>> {
        self.finding.key.as_deref().map(Arc::from)
    }

    /// What is lacking, as the finding tells it.
    fn lack(&self, what: &str) -> Lack {
        let missing = self.finding.proof.as_ref();
        let missing = missing.and_then(|proof| proof.missing.first().cloned());
        missing.unwrap_or_else(|| Lack::one(what))
    }
}

/// The changes of inputs that make a condition what it must be, whose value is known.
pub(super) fn flips(expr: &Compiled, world: &mut World<'_>, wanted: bool) -> Vec<Change> {
    ways_of(expr, world, wanted, false)
}

fn ways_of(expr: &Compiled, world: &mut World<'_>, wanted: bool, missing: bool) -> Vec<Change> {
    let mut budget = Budget::of(TRIALS);
    let asked = Asked {
        expr,
        wanted,
        missing,
        items: None,
    };
    ways::ways(asked, world, &mut budget).changes
}
