//! What is known at a moment: the newest value of each slot, as long as it is good. Never looks at a rule.

use std::sync::Arc;

use jiff::Timestamp;

use super::ABSENT;
use super::moment::{Moment, later};
use crate::expr::value::{Missing, Value};
use crate::snapshot::layout::{Context, Kind, Layout};
use crate::snapshot::{Observed, Sample};

/// The values that hold at a moment.
#[derive(Clone, Debug)]
pub struct World<'p> {
    layout: &'p Layout,
    /// One value for each slot, and one for the item of a `for_each`.
    slots: Vec<Value>,
    /// When the value of a slot was given; none: never.
    given: Vec<Option<Timestamp>>,
    /// Whether a declared default stands in.
    assumed: Vec<bool>,
    /// The newest sample that has a metric.
    metrics: Option<Timestamp>,
    /// The stage that was asked for, which wins over what samples say.
    asked: Option<Arc<str>>,
    /// The stage that samples say.
    told: Option<Arc<str>>,
    /// The earliest instant after which something is no longer good.
    expiry: Option<Timestamp>,
}

impl<'p> World<'p> {
    /// Before the first sample: nothing is known but the stage that was asked for.
    #[must_use]
    pub fn new(layout: &'p Layout, asked: Option<&str>) -> Self {
        let size = layout.len();
        let mut world = Self {
            layout,
            slots: vec![ABSENT; size.saturating_add(1)],
            given: vec![None; size],
            assumed: vec![false; size],
            metrics: None,
            asked: asked.map(Arc::from),
            told: None,
            expiry: None,
        };
        if let Some(asked) = world.asked.clone() {
            world.set(layout.context(Context::StageName), Value::String(asked));
        }
        world
    }

    /// The values by slot, the item of a `for_each` last.
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
        self.given.get(slot).copied().flatten()
    }

    /// The layout of its slots.
    #[must_use]
    pub fn layout(&self) -> &'p Layout {
        self.layout
    }

    /// Puts a value into a slot, as a trial or for the item of a `for_each`.
    pub fn set(&mut self, slot: usize, value: Value) {
        if let Some(held) = self.slots.get_mut(slot) {
            *held = value;
        }
    }

    /// Sets the clock: `now`, and `stage.elapsed` where the entry is known.
    pub fn clock(&mut self, now: Timestamp) {
        self.set(
            self.layout.context(Context::Now),
            Value::Timestamp(now.into()),
        );
        let entered = self.entered();
        let elapsed = match self.context(Context::StageEntered) {
            // An entry that is still to come says nothing about the time spent.
            Value::Timestamp(_) => match entered.filter(|entered| *entered <= now) {
                Some(entered) => Value::Duration(now.duration_since(entered)),
                None => Value::Unknown(Missing::OutOfRange),
            },
            Value::Unknown(missing) => Value::Unknown(*missing),
            _ => ABSENT,
        };
        self.set(self.layout.context(Context::StageElapsed), elapsed);
    }

    /// Takes in what a sample says.
    pub fn observe(&mut self, sample: &Sample) {
        for observed in &sample.values {
            match self.layout.kind(observed.slot) {
                Some(Kind::Input(_)) => {
                    self.metrics = Some(sample.at);
                    self.give(observed, sample.at);
                }
                Some(Kind::Baseline(..)) => self.give(observed, sample.at),
                Some(Kind::Context(context)) => self.tell(observed, context),
                None => {}
            }
        }
        self.settle(Moment::at(sample.at));
    }

    /// The next moment at which something is no longer good.
    #[must_use]
    pub fn expiry(&self) -> Option<Moment> {
        self.expiry.map(Moment::after)
    }

    /// Lets go of what is no longer good at a moment.
    pub fn expire(&mut self, moment: Moment) {
        for (slot, given) in self.given.iter().enumerate() {
            let (Some(given), Some(max_age)) = (given, self.layout.max_age(slot)) else {
                continue;
            };
            if Moment::after(later(*given, max_age)) <= moment
                && let Some(value) = self
                    .slots
                    .get_mut(slot)
                    .filter(|value| !matches!(value, Value::Unknown(_)))
            {
                *value = Value::Unknown(Missing::Stale);
            }
        }
        self.settle(moment);
    }

    fn give(&mut self, observed: &Observed, at: Timestamp) {
        self.set(observed.slot, observed.value.clone());
        if let Some(given) = self.given.get_mut(observed.slot) {
            *given = Some(at);
        }
        if let Some(assumed) = self.assumed.get_mut(observed.slot) {
            *assumed = false;
        }
    }

    /// What a sample says of the stage or the subject. A stage of another name begins anew: the entry and the traffic of
    /// the one before say nothing about it. Where another stage was asked for, its entry does not count.
    fn tell(&mut self, observed: &Observed, context: Context) {
        let value = observed.value.clone();
        match context {
            Context::StageName => {
                let told = match &value {
                    Value::String(name) => Some(Arc::clone(name)),
                    _ => None,
                };
                if told != self.told {
                    self.set(self.layout.context(Context::StageEntered), ABSENT);
                    self.set(self.layout.context(Context::StageTraffic), ABSENT);
                }
                self.told = told;
                if self.asked.is_none() {
                    self.set(observed.slot, value);
                }
            }
            Context::StageEntered => {
                let other =
                    matches!((&self.asked, &self.told), (Some(asked), Some(told)) if asked != told);
                if !other {
                    self.set(observed.slot, value);
                }
            }
            _ => self.set(observed.slot, value),
        }
    }

    /// Defaults stand in where they may, and the next expiry is found.
    ///
    /// A default stands in only where no value is held, the last one given was neither null nor malformed, and the
    /// newest sample with metrics is fresh.
    fn settle(&mut self, moment: Moment) {
        let stops = self
            .metrics
            .map(|metrics| later(metrics, self.layout.fresh()));
        let fresh = stops.is_some_and(|stops| Moment::after(stops) > moment);
        let mut expiry = None;
        let mut earliest =
            |at: Timestamp| expiry = Some(expiry.map_or(at, |other: Timestamp| other.min(at)));
        for (slot, input) in self.layout.inputs().iter().enumerate() {
            let (Some(default), Some(value), Some(assumed)) = (
                &input.default,
                self.slots.get_mut(slot),
                self.assumed.get_mut(slot),
            ) else {
                continue;
            };
            if *assumed && !fresh {
                *assumed = false;
                *value = if self.given.get(slot).is_some_and(Option::is_some) {
                    Value::Unknown(Missing::Stale)
                } else {
                    ABSENT
                };
            } else if fresh && matches!(value, Value::Unknown(Missing::Absent | Missing::Stale)) {
                *assumed = true;
                *value = default.clone();
            }
            if *assumed && let Some(stops) = stops {
                earliest(stops);
            }
        }
        for (slot, given) in self.given.iter().enumerate() {
            let held = self
                .slots
                .get(slot)
                .is_some_and(|value| !matches!(value, Value::Unknown(_)))
                && !self.assumed.get(slot).copied().unwrap_or(false);
            if let (true, Some(given), Some(max_age)) = (held, given, self.layout.max_age(slot)) {
                earliest(later(*given, max_age));
            }
        }
        self.expiry = expiry;
    }
}
