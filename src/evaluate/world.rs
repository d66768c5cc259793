//! What is known at a moment: the newest value of each slot, as long as it is good. Never looks at a rule.

use std::sync::Arc;

use jiff::Timestamp;

use super::ABSENT;
use super::moment::{Moment, Span};
use crate::expr::value::{Missing, Value};
use crate::policy::Policy;
use crate::snapshot::layout::{Context, Kind, Layout};
use crate::snapshot::{Observed, Sample};

/// The values that hold at a moment.
#[derive(Clone, Debug)]
pub struct World<'p> {
    layout: &'p Layout,
    /// One value for each slot of the layout, one for the item of a `for_each`, one for each window.
    slots: Vec<Value>,
    roles: Vec<Role>,
    /// When the value of a slot was given; before all time: never.
    given: Vec<Moment>,
    /// When the value of a slot stops being good.
    stale: Vec<Moment>,
    /// Whether a declared default stands in.
    assumed: Vec<bool>,
    /// The slots that have a default.
    defaults: Vec<usize>,
    /// The newest sample that has a metric.
    metrics: Option<Moment>,
    /// The stage that was asked for, which wins over what samples say.
    asked: Option<Arc<str>>,
    /// The stage that samples say.
    told: Option<Arc<str>>,
    /// Nothing stops being good before this.
    wake: Moment,
    /// The slots that were given something, or changed, since somebody looked.
    touched: Touched,
}

/// Slots of which something is new.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    /// Those that were given something, or changed.
    pub(super) all: Vec<usize>,
    /// Those of them that may hold another value than before.
    pub(super) changed: Vec<usize>,
}

impl Touched {
    /// A slot may hold another value.
    pub(super) fn changes(&mut self, slot: usize) {
        self.all.push(slot);
        self.changed.push(slot);
    }
}

/// What happens to a value that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Nobody reads it.
    Unread,
    /// It is good for so long.
    Aging(Span),
    /// It is good until it is given anew.
    Holding,
    /// It tells something of the stage or the subject.
    Telling(Context),
}

impl<'p> World<'p> {
    /// Before the first sample: nothing is known but the stage that was asked for.
    #[must_use]
    pub fn new(policy: &'p Policy, asked: Option<&str>) -> Self {
        let layout = &policy.layout;
        let size = layout.len();
        let role = |slot| match (layout.kind(slot), layout.max_age(slot)) {
            (Some(Kind::Context(context)), _) => Role::Telling(context),
            (_, Some(max_age)) => Role::Aging(Span::of(max_age)),
            (_, None) => Role::Holding,
        };
        let has_default = |slot: &usize| {
            let input = layout.inputs().get(*slot);
            input.is_some_and(|input| input.default.is_some())
        };
        let mut world = Self {
            layout,
            slots: vec![ABSENT; policy.slots()],
            roles: (0..size).map(role).collect(),
            given: vec![Moment::NEVER; size],
            stale: vec![Moment::NEVER; size],
            assumed: vec![false; size],
            defaults: (0..layout.inputs().len()).filter(has_default).collect(),
            metrics: None,
            asked: asked.map(Arc::from),
            told: None,
            wake: Moment::NEVER,
            touched: Touched::default(),
        };
        if let Some(asked) = world.asked.clone() {
            world.set(layout.context(Context::StageName), Value::String(asked));
        }
        world
    }

    /// The same in a history of a baseline's own, where its values age as the inputs' do.
    #[must_use]
    pub(super) fn of_baseline(policy: &'p Policy) -> Self {
        let mut world = Self::new(policy, None);
        for (slot, role) in world.roles.iter_mut().enumerate() {
            if let (Role::Holding, Some(age)) = (*role, policy.layout.own_age(slot)) {
                *role = Role::Aging(Span::of(age));
            }
        }
        world
    }

    /// Takes in only what somebody reads; what is told of stage and subject always, and what an audit needs of it.
    pub(super) fn only(&mut self, read: impl Fn(usize) -> bool) {
        for (slot, role) in self.roles.iter_mut().enumerate() {
            let field = matches!(self.layout.kind(slot), Some(Kind::Field(_)));
            if !field && !matches!(role, Role::Telling(_)) && !read(slot) {
                *role = Role::Unread;
            }
        }
        self.defaults.retain(|slot| read(*slot));
    }

    /// The values by slot: those of the layout, the item of a `for_each`, the windows.
    #[must_use]
    pub fn slots(&self) -> &[Value] {
        &self.slots
    }

    /// The value of one slot.
    #[must_use]
    pub fn value(&self, slot: usize) -> &Value {
        self.slots.get(slot).unwrap_or(&ABSENT)
    }

    /// Something about the stage, the subject or the clock.
    #[must_use]
    pub fn context(&self, context: Context) -> &Value {
        self.value(self.layout.context(context))
    }

    /// When the stage was entered, where known.
    #[must_use]
    pub fn entered(&self) -> Option<Timestamp> {
        match self.context(Context::StageEntered) {
            Value::Timestamp(at) => at.timestamp(),
            _ => None,
        }
    }

    /// Whether a declared default stands in for this slot.
    #[must_use]
    pub fn assumed(&self, slot: usize) -> bool {
        self.assumed.get(slot).copied().unwrap_or(false)
    }

    /// When the value of a slot was given last.
    #[must_use]
    pub fn given(&self, slot: usize) -> Option<Timestamp> {
        let given = self.given.get(slot).copied()?;
        (given != Moment::NEVER).then(|| given.instant())
    }

    /// The layout of its slots.
    #[must_use]
    pub fn layout(&self) -> &'p Layout {
        self.layout
    }

    /// Whether defaults may stand in: then it matters which samples have metrics.
    pub(super) fn has_defaults(&self) -> bool {
        !self.defaults.is_empty()
    }

    /// Puts a value into a slot, as a trial or for the item of a `for_each`.
    pub fn set(&mut self, slot: usize, value: Value) {
        if let Some(held) = self.slots.get_mut(slot) {
            *held = value;
        }
    }

    /// Sets the clock: `now`, and `stage.elapsed` where the entry is known.
    pub fn clock(&mut self, now: Timestamp) {
        for clock in [Context::Now, Context::StageElapsed] {
            let slot = self.layout.context(clock);
            self.set(slot, self.value_at(slot, now));
        }
    }

    /// What stands in a slot when the clock shows that instant.
    pub(super) fn value_at(&self, slot: usize, now: Timestamp) -> Value {
        if slot == self.layout.context(Context::Now) {
            return Value::Timestamp(now.into());
        }
        if slot != self.layout.context(Context::StageElapsed) {
            return self.value(slot).clone();
        }
        match self.context(Context::StageEntered) {
            // An entry that is still to come says nothing about the time spent.
            Value::Timestamp(_) => match self.entered().filter(|entered| *entered <= now) {
                Some(entered) => Value::Duration(now.duration_since(entered)),
                None => Value::Unknown(Missing::NotEntered),
            },
            Value::Unknown(missing) => Value::Unknown(*missing),
            _ => ABSENT,
        }
    }

    /// Takes in what a sample says.
    pub fn observe(&mut self, sample: &Sample) {
        let at = Moment::at(sample.at);
        let metrics =
            |observed: &Observed| matches!(self.layout.kind(observed.slot), Some(Kind::Input(_)));
        if self.has_defaults() && sample.values.iter().any(metrics) {
            self.metrics(at);
        }
        for observed in &sample.values {
            if self.reads(observed.slot) {
                self.give(observed.slot, observed.value.clone(), at);
            }
        }
        self.stand_in(at);
    }

    /// Whether anybody reads a slot.
    pub(super) fn reads(&self, slot: usize) -> bool {
        self.roles
            .get(slot)
            .is_some_and(|role| *role != Role::Unread)
    }

    /// There is a sample with metrics.
    pub(super) fn metrics(&mut self, at: Moment) {
        self.metrics = Some(at);
    }

    /// A slot is given a value.
    pub(super) fn give(&mut self, slot: usize, value: Value, at: Moment) {
        let role = self.roles.get(slot).copied().unwrap_or(Role::Unread);
        let mut changed = true;
        match role {
            Role::Unread => return,
            Role::Telling(context) => self.tell(slot, value, context),
            Role::Aging(_) | Role::Holding => {
                let stale = match (role, &value) {
                    (_, Value::Unknown(_)) => Moment::NEVER,
                    (Role::Aging(span), _) => at.shifted(span).just_after(),
                    _ => Moment::NEVER,
                };
                if let (Some(held), Some(given), Some(good), Some(assumed)) = (
                    self.slots.get_mut(slot),
                    self.given.get_mut(slot),
                    self.stale.get_mut(slot),
                    self.assumed.get_mut(slot),
                ) {
                    changed = *assumed || !is_same(held, &value);
                    *held = value;
                    *given = at;
                    *good = stale;
                    *assumed = false;
                }
                self.wake = self.wake.min(stale);
            }
        }
        if changed {
            self.touched.changes(slot);
        } else {
            self.touched.all.push(slot);
        }
    }

    /// The slots that were given something, or changed, since this was asked last.
    pub(super) fn touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// Gives back the lists of touched slots, so that they need not be made anew.
    pub(super) fn untouched(&mut self, mut lists: Touched) {
        lists.all.clear();
        lists.changed.clear();
        if self.touched.all.is_empty() {
            self.touched = lists;
        }
    }

    /// The next moment before `end` at which something is no longer good.
    #[must_use]
    pub fn expiry(&mut self, end: Moment) -> Option<Moment> {
        if self.wake >= end {
            return None;
        }
        let mut wake = self.stale.iter().copied().min().unwrap_or(Moment::NEVER);
        if let Some(stops) = self.stops().filter(|_| self.assumed.contains(&true)) {
            wake = wake.min(stops);
        }
        self.wake = wake;
        (wake < end).then_some(wake)
    }

    /// Lets go of what is no longer good at a moment.
    pub fn expire(&mut self, moment: Moment) {
        for (slot, stale) in self.stale.iter_mut().enumerate() {
            if *stale > moment {
                continue;
            }
            *stale = Moment::NEVER;
            if let Some(value) = self.slots.get_mut(slot) {
                *value = Value::Unknown(Missing::Stale);
            }
            self.touched.changes(slot);
        }
        self.stand_in(moment);
    }

    /// All that is known stays good: it will be given again before it would be too old.
    pub(super) fn stays_good(&mut self) {
        for role in &mut self.roles {
            if matches!(role, Role::Aging(_)) {
                *role = Role::Holding;
            }
        }
        self.stale.fill(Moment::NEVER);
    }

    /// When the newest sample with metrics is no longer fresh.
    fn stops(&self) -> Option<Moment> {
        let fresh = Span::of(self.layout.fresh());
        self.metrics
            .map(|metrics| metrics.shifted(fresh).just_after())
    }

    /// What a sample says of the stage or the subject. A stage of another name begins anew: the entry and the traffic of
    /// the one before say nothing about it. Where another stage was asked for, its entry does not count.
    fn tell(&mut self, slot: usize, value: Value, context: Context) {
        match context {
            Context::StageName => {
                let told = match &value {
                    Value::String(name) => Some(Arc::clone(name)),
                    _ => None,
                };
                if told != self.told {
                    for context in [Context::StageEntered, Context::StageTraffic] {
                        let slot = self.layout.context(context);
                        self.set(slot, ABSENT);
                        self.touched.changes(slot);
                    }
                }
                self.told = told;
                if self.asked.is_none() {
                    self.set(slot, value);
                }
            }
            Context::StageEntered => {
                let other =
                    matches!((&self.asked, &self.told), (Some(asked), Some(told)) if asked != told);
                if !other {
                    self.set(slot, value);
                }
            }
            _ => self.set(slot, value),
        }
    }

    /// Defaults stand in where they may.
    ///
    /// A default stands in only where no value is held, the last one given was neither null nor malformed, and the
    /// newest sample with metrics is fresh.
    pub(super) fn stand_in(&mut self, moment: Moment) {
        if self.defaults.is_empty() {
            return;
        }
        let stops = self.stops();
        let fresh = stops.is_some_and(|stops| stops > moment);
        for slot in &self.defaults {
            let input = self.layout.inputs().get(*slot);
            let (Some(default), Some(value), Some(assumed)) = (
                input.and_then(|input| input.default.as_ref()),
                self.slots.get_mut(*slot),
                self.assumed.get_mut(*slot),
            ) else {
                continue;
            };
            if *assumed && !fresh {
                *assumed = false;
                let given = self.given.get(*slot);
                *value = if given.is_some_and(|given| *given != Moment::NEVER) {
                    Value::Unknown(Missing::Stale)
                } else {
                    ABSENT
                };
                self.touched.changes(*slot);
            } else if fresh && matches!(value, Value::Unknown(Missing::Absent | Missing::Stale)) {
                *assumed = true;
                *value = default.clone();
                self.touched.changes(*slot);
            }
            if let Some(stops) = stops.filter(|_| *assumed) {
                self.wake = self.wake.min(stops);
            }
        }
    }
}

/// Whether two values are one to every expression; where that takes long to tell, they are taken not to be.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => one.to_bits() == other.to_bits(),
        (Value::Int(one), Value::Int(other)) => one == other,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::String(one), Value::String(other)) => one == other,
        _ => false,
    }
}
