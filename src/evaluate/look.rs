//! One window on its way through a history: when it takes in a sample, and what its value is at a moment. What its samples
//! add up to is decided by [`Looking`] alone.

use std::sync::Arc;

use jiff::SignedDuration;

use super::World;
use super::moment::Moment;
use super::window::{Contents, Looking};
use crate::expr::types::Type;
use crate::expr::value::{Missing, Value};
use crate::expr::window::Over;
use crate::expr::{Budget, Reason, Window};
use crate::policy::Policy;
use crate::snapshot::layout::{Context, Layout};

/// One window on its way through a history.
#[derive(Clone, Debug)]
pub(super) struct Look {
    window: Arc<Window>,
    state: Looking,
    /// What its expression reads: a change of one of these may change its value.
    reads: Vec<usize>,
    /// The inputs among them: a sample of one of these is a sample of the window.
    inputs: Vec<usize>,
    /// The slot its expression stands for, where it is nothing else.
    plain: Option<usize>,
    /// Whether it may have a value although a part of what it reads has none.
    selective: bool,
    value: Value,
    /// When its value may change although nothing is given.
    wake: Moment,
    sampled: bool,
    changed: bool,
    /// Up to here its samples have been taken in ahead of the fold.
    done: Moment,
    course: Course,
}

/// Whether its value can still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// With every sample.
    Open,
    /// A sample cost more than an evaluation may: nothing is known of it any more.
    Costly,
    /// It was settled by a history that is over.
    Settled,
}

impl Look {
    /// Before the first sample. `earliest` is the earliest entry of the stage that the history tells.
    pub(super) fn new(window: &Arc<Window>, layout: &Layout, earliest: Option<Moment>) -> Self {
        let mut look = Self::aged(window, layout, |slot| layout.max_age(slot));
        look.state.keep_from(earliest);
        look
    }

    /// The same in a history of a baseline's own, which tells its entry when it likes.
    pub(super) fn of_baseline(window: &Arc<Window>, layout: &Layout) -> Self {
        Self::aged(window, layout, |slot| layout.own_age(slot))
    }

    fn aged(
        window: &Arc<Window>,
        layout: &Layout,
        age: impl Fn(usize) -> Option<SignedDuration>,
    ) -> Self {
        let mut reads = window.of.slots().to_vec();
        let is_input = |slot: &usize| layout.input_of(*slot).is_some();
        let inputs: Vec<usize> = reads.iter().copied().filter(is_input).collect();
        let ages = inputs.iter().filter_map(|slot| age(*slot));
        let whole = match window.of.ty() {
            Type::Map(_, value) => **value == Type::Int,
            ty => *ty == Type::Int,
        };
        if window.over == Over::Stage {
            reads.push(layout.context(Context::StageEntered));
        }
        Self {
            state: Looking::new(window.method, window.over, whole, ages.min()),
            reads,
            inputs,
            plain: window.of.plain(),
            selective: window.of.is_selective(),
            value: super::ABSENT,
            wake: Moment::NEVER,
            sampled: false,
            changed: true,
            done: Moment::BEFORE,
            course: Course::Open,
            window: Arc::clone(window),
        }
    }

    /// The same with a value that is known for good: that of a history which is over.
    pub(super) fn settled(self, value: Value) -> Self {
        Self {
            value,
            course: Course::Settled,
            ..self
        }
    }

    /// What it asks.
    pub(super) fn window(&self) -> &Window {
        &self.window
    }

    /// Where its value is read.
    pub(super) fn slot(&self) -> usize {
        self.window.slot
    }

    /// The slots whose change may change it.
    pub(super) fn reads(&self) -> &[usize] {
        &self.reads
    }

    /// Its value at the moment of the last step.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// When its value may change although nothing is given.
    pub(super) fn wake(&self) -> Moment {
        self.wake
    }

    /// Something it reads was touched: a sample gave it, or it changed by itself.
    pub(super) fn touch(&mut self, slot: usize, given: bool) {
        self.changed = true;
        self.sampled |= given && self.inputs.contains(&slot);
    }

    /// The same for all of these slots.
    pub(super) fn touch_all(&mut self, touched: &[usize], given: bool) {
        for slot in touched {
            if self.reads.contains(slot) {
                self.touch(*slot, given);
            }
        }
    }

    /// What it looks back at; nothing where that is not at hand any more.
    pub(super) fn contents(&self, now: Moment, entered: Option<Moment>) -> Option<Contents> {
        let open = self.course == Course::Open;
        open.then(|| self.state.contents(now, entered))
    }

    /// The input it looks back at, where it looks at nothing else and its value is a number.
    pub(super) fn input(&self) -> Option<usize> {
        self.plain.filter(|slot| self.inputs.contains(slot))
    }

    /// Whether it can go ahead: its value is a known number.
    pub(super) fn is_calm(&self) -> bool {
        matches!(self.value, Value::Double(_)) && self.course == Course::Open
    }

    /// Takes in the next sample ahead of the fold, if that is as plain as can be.
    #[inline]
    pub(super) fn calm(&mut self, at: Moment, number: f64) -> Option<f64> {
        if self.state.calm_until() < at {
            return None;
        }
        let figure = self.state.calm(at, number)?;
        self.done = at;
        self.value = if figure.is_finite() {
            Value::Double(figure)
        } else {
            Value::Unknown(Missing::NotFinite)
        };
        Some(figure)
    }

    /// It will go no further ahead for now.
    pub(super) fn went_ahead(&mut self) {
        if self.done != Moment::BEFORE {
            self.wake = self.state.next(self.done).max(self.done.next());
        }
    }

    /// Goes on to a moment; whether its value is another one now.
    pub(super) fn step(&mut self, world: &World<'_>, moment: Moment) -> bool {
        if moment <= self.done {
            (self.sampled, self.changed) = (false, false);
            // What it came to ahead of the fold is seen when the fold is there.
            return moment == self.done;
        }
        if self.course == Course::Settled || (!self.changed && self.wake > moment) {
            return false;
        }
        let holds = self.state.holds();
        if self.course == Course::Open && (self.sampled || (self.changed && holds)) {
            match self.plain {
                Some(slot) => self.take(world.value(slot), moment, holds),
                None => {
                    let value = self.now(world);
                    self.take(&value, moment, holds);
                    if self.is_partial(world, &value) {
                        self.state.partial(moment);
                    }
                }
            }
        }
        (self.sampled, self.changed) = (false, false);
        let value = if self.course == Course::Costly {
            Value::Unknown(Missing::Costly)
        } else {
            let entered = match self.window.over {
                Over::Stage => world.entered().map(Moment::at),
                Over::Last(_) | Over::Samples => None,
            };
            self.state.value(moment, entered)
        };
        self.wake = if self.course == Course::Costly {
            Moment::NEVER
        } else {
            // Whatever is asked for at once again must not hold the fold.
            self.state.next(moment).max(moment.next())
        };
        if same(&self.value, &value) {
            return false;
        }
        self.value = value;
        true
    }

    fn take(&mut self, value: &Value, moment: Moment, holds: bool) {
        if holds {
            self.state.hold(moment, value);
        }
        if self.sampled {
            self.state.sample(moment, value);
        }
    }

    /// Whether a sample that is unknown must not be left out: something it reads is known.
    fn is_partial(&self, world: &World<'_>, value: &Value) -> bool {
        let known = |slot: &usize| !matches!(world.value(*slot), Value::Unknown(_));
        self.selective
            && self.sampled
            && matches!(value, Value::Unknown(_))
            && self.inputs.iter().any(known)
    }

    /// The value its expression has now.
    fn now(&mut self, world: &World<'_>) -> Value {
        match self.window.of.value(world.slots(), &mut Budget::default()) {
            Ok(value) => value,
            Err(fault) => {
                if matches!(fault.reason, Reason::Limit(_)) {
                    self.course = Course::Costly;
                }
                Value::Unknown(match fault.reason {
                    Reason::Missing(missing) => missing,
                    Reason::NotFinite | Reason::DivisionByZero | Reason::Overflow => {
                        Missing::NotFinite
                    }
                    _ => Missing::Absent,
                })
            }
        }
    }
}

/// The windows that the rules of a stage read, those that speak of the item of a `for_each` apart.
pub(super) fn windows(
    policy: &Policy,
    read: impl Fn(usize) -> bool,
) -> (Vec<&Arc<Window>>, Vec<&Arc<Window>>) {
    policy
        .windows
        .iter()
        .filter(|window| read(window.slot))
        .partition(|window| !window.of.slots().contains(&policy.item_slot))
}

/// Whether two values of a window are the same to the bit.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => a.to_bits() == b.to_bits(),
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Unknown(a), Value::Unknown(b)) => a == b,
        _ => false,
    }
}
