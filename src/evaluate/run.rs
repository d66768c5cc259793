//! The runs of one condition: since when it has the value it has, when it was last false, and whether it fired.
//! Everything `for`, a latch and "held since" need, in constant space whatever the length of the history.

use jiff::Timestamp;

use super::Exceeded;
use super::moment::Moment;
use crate::expr::Tri;
use crate::expr::value::Value;
use crate::policy::{Hold, Rule};
use crate::verdict::Effect;

/// A condition's value at a moment, without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It is true.
    True,
    /// It is false.
    False,
    /// It is not so yet: a requirement that waits for people, a time or a calendar.
    Waiting,
    /// Nobody can tell.
    Unknown,
}

/// The runs of one condition up to a moment.
#[derive(Clone, Debug)]
pub struct Run {
    /// The value it has.
    pub value: Truth,
    /// Since when; none: as far back as anything is known of it.
    pub since: Option<Moment>,
    /// The end of the last stretch in which it was false, exclusive.
    pub false_until: Option<Moment>,
    /// Whether the rule applies.
    pub applies: Truth,
    /// Since when it does, or does not.
    pub applies_since: Option<Moment>,
    /// The stop that fired.
    pub fired: Option<Fired>,
    /// The run-time limit because of which it is unknown, if that is why.
    pub over: Option<Exceeded>,
    /// When the run that began then has held long enough.
    due: Option<(Moment, Moment)>,
}

/// A stop that fired, and the newest of the runs in which it did.
#[derive(Clone, Debug)]
pub struct Fired {
    /// When it fired first, in whichever run.
    pub at: Moment,
    /// Since when the condition was so in the newest run in which it fired.
    pub since: Moment,
    /// When that run ended: from then on the condition is not known to hold, or the rule to apply.
    pub ended: Option<Moment>,
    /// The values it was judged on when it fired in that run, by slot.
    pub values: Vec<(usize, Value)>,
    /// Since when it is clear, throughout: the condition is known not to hold, or the rule not to apply.
    pub cleared: Option<Moment>,
}

/// What makes a condition a stop.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'p> {
    /// The value that fires: true for stops, false for a requirement whose failure is one.
    pub on: Truth,
    /// How long it must have that value throughout.
    pub hold: Option<&'p Hold>,
    /// Nothing before this counts towards that time (`for: bake`).
    pub counts_from: Option<Timestamp>,
    /// Only what fires from here on counts: the entry of the stage.
    pub horizon: Option<Timestamp>,
    /// Whether it stays fired once it is clear.
    pub latch: bool,
}

impl<'p> Trigger<'p> {
    /// What makes a rule's condition a stop, where the stage was entered then.
    pub(super) fn of(
        rule: &'p Rule,
        entered: Option<Timestamp>,
        horizon: Option<Timestamp>,
    ) -> Self {
        let unmet = rule.effect == Effect::Require;
        let hold = rule.hold.as_ref().filter(|_| !unmet);
        // Until the entry is known nothing can have held since then.
        let unknown_entry = matches!(hold, Some(Hold::Bake(_))) && entered.is_none();
        Self {
            on: if unmet { Truth::False } else { Truth::True },
            hold,
            // A requirement that is false is unmet at once: nothing has to hold since the entry.
            counts_from: if unknown_entry {
                Some(Timestamp::MAX)
            } else if unmet {
                None
            } else {
                counts_from(rule, entered)
            },
            horizon,
            latch: rule.latch,
        }
    }
}

/// From where on time counts towards a rule's `for`: with `for: bake`, from the entry on.
pub(super) fn counts_from(rule: &Rule, entered: Option<Timestamp>) -> Option<Timestamp> {
    match &rule.hold {
        Some(Hold::Bake(_)) => entered,
        Some(Hold::For(_)) | None => None,
    }
}

impl From<Tri> for Truth {
    fn from(tri: Tri) -> Self {
        match tri {
            Tri::True => Self::True,
            Tri::False => Self::False,
            Tri::Unknown(_) => Self::Unknown,
        }
    }
}

impl Run {
    /// A condition of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            value: Truth::Unknown,
            since: None,
            false_until: None,
            applies: Truth::Unknown,
            applies_since: None,
            fired: None,
            over: None,
            due: None,
        }
    }

    /// When the run counts as begun: not before `counts_from`.
    #[must_use]
    pub fn begun(&self, counts_from: Option<Timestamp>) -> Option<Moment> {
        let since = self.since?;
        Some(counts_from.map_or(since, |from| since.max(Moment::at(from))))
    }

    /// Closes the stretch up to `end` (inclusive only where `inclusive`): did the stop fire in it?
    ///
    /// `values` are what the condition was judged on at a moment, asked for only if it did: at the one it fired at.
    pub fn close(
        &mut self,
        trigger: Trigger<'_>,
        end: Moment,
        inclusive: bool,
        values: impl FnOnce(Moment) -> Vec<(usize, Value)>,
    ) {
        if self.value != trigger.on || self.applies != Truth::True {
            return;
        }
        let (Some(since), Some(begun)) = (self.since, self.begun(trigger.counts_from)) else {
            return;
        };
        let mut at = self
            .due(begun, trigger.hold)
            .max(self.applies_since.unwrap_or(begun));
        if let Some(horizon) = trigger.horizon {
            at = at.max(Moment::at(horizon));
        }
        self.stops(since, at, end, inclusive, values);
    }

    /// The stop fires at a moment of the stretch up to `end`, where that lies in it, whatever the condition says: it
    /// has been so `since` then.
    pub fn stops(
        &mut self,
        since: Moment,
        at: Moment,
        end: Moment,
        inclusive: bool,
        values: impl FnOnce(Moment) -> Vec<(usize, Value)>,
    ) {
        if at > end || (at == end && !inclusive) {
            return;
        }
        // What fires in the moment in which it ended went on; later it is another run.
        let goes_on = |fired: &&mut Fired| fired.ended.is_none_or(|ended| at <= ended);
        if let Some(fired) = self.fired.as_mut().filter(goes_on) {
            (fired.cleared, fired.ended) = (None, None);
            return;
        }
        self.fired = Some(Fired {
            at: self.fired.as_ref().map_or(at, |first| first.at),
            since,
            ended: None,
            values: values(at),
            cleared: None,
        });
    }

    /// When a run that begins then has held long enough. Business time takes a while to count: it is counted once a run.
    fn due(&mut self, begun: Moment, hold: Option<&Hold>) -> Moment {
        let Some(hold) = hold else { return begun };
        match self.due {
            Some((from, due)) if from == begun => due,
            _ => {
                let due = begun.held(hold);
                self.due = Some((begun, due));
                due
            }
        }
    }

    /// Takes in the condition's value from `moment` on. The stretch before must have been closed.
    pub fn turn(&mut self, value: Truth, applies: Truth, trigger: Trigger<'_>, moment: Moment) {
        let was_active = self.value == trigger.on && self.applies == Truth::True;
        let is_active = value == trigger.on && applies == Truth::True;
        if was_active && !is_active && !trigger.latch {
            self.fired = None;
        }
        if let Some(fired) = self.fired.as_mut().filter(|_| !is_active) {
            fired.ended = fired.ended.or(Some(moment));
        }
        if let Some(fired) = &mut self.fired {
            let is_clear =
                applies == Truth::False || (value != Truth::Unknown && value != trigger.on);
            let since = fired.cleared.or(Some(moment));
            fired.cleared = since.filter(|_| is_clear);
        }
        if value != self.value || self.since.is_none() {
            if self.value == Truth::False {
                self.false_until = Some(moment);
            }
            self.value = value;
            self.since = Some(moment);
        }
        if applies != self.applies || self.applies_since.is_none() {
            self.applies = applies;
            self.applies_since = Some(moment);
        }
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}
