//! How many of the last samples in a row are true. Never counts over a sample that is unknown or a hole.

use crate::evaluate::moment::Moment;
use crate::expr::number;
use crate::expr::value::{Missing, Value};

use super::samples::Samples;

/// The run of true samples up to the newest.
#[derive(Clone, Debug, Default)]
pub(super) struct Streak {
    length: usize,
    /// Why nobody knows how long it is: what stands in the way between the newest sample and the newest false one.
    broken: Option<Missing>,
}

impl Streak {
    /// Takes in a sample, before the samples do.
    pub(super) fn sample(&mut self, at: Moment, value: &Value, before: &Samples) {
        match value {
            Value::Bool(false) => *self = Self::default(),
            Value::Bool(true) => {
                self.length = self.length.saturating_add(1);
                if late(before, at) {
                    self.broken = Some(Missing::Hole);
                }
            }
            Value::Unknown(missing) => self.broken = Some(*missing),
            _ => self.broken = Some(Missing::WrongType),
        }
    }

    /// How many of the last samples in a row are true, as far as is known.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn value(&self, now: Moment, samples: &Samples) -> Result<Value, Missing> {
        if samples.newest.is_none() {
            return Err(Missing::Short);
        }
        if late(samples, now) {
            return Err(Missing::Hole);
        }
        match self.broken {
            Some(missing) => Err(missing),
            None => Ok(Value::Int(number::size(self.length))),
        }
    }

    /// The moment at which the time since the newest sample becomes a hole.
    pub(super) fn opens(samples: &Samples) -> Option<Moment> {
        let (newest, age) = (samples.newest?, samples.max_age?);
        Some(newest.shifted(age).just_after())
    }
}

/// Whether a moment comes so long after the newest sample that a hole lies between.
fn late(samples: &Samples, at: Moment) -> bool {
    Streak::opens(samples).is_some_and(|opens| opens <= at)
}
