//! Instants after the entry of a stage at which a requirement is judged once: `at: {times: [1h, 6h], within: 30m}`. Never
//! judges it.

use std::fmt;

use jiff::SignedDuration;

use crate::expr::duration::format_duration;

/// The checkpoints of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoints {
    /// When they are due, counted from the entry.
    pub times: Times,
    /// How long after that a sample may come.
    pub within: SignedDuration,
}

/// When checkpoints are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// At each of these; ascending, none twice.
    Listed(Vec<SignedDuration>),
    /// Again and again, so often or without end.
    Every {
        /// The time between two of them, longer than nothing.
        every: SignedDuration,
        /// How many there are.
        times: Option<u64>,
    },
}

impl Checkpoints {
    /// How many there are; none: without end.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        match &self.times {
            Times::Listed(times) => u64::try_from(times.len()).ok(),
            Times::Every { times, .. } => *times,
        }
    }

    /// How long after the entry one of them is due, counted from 0.
    #[must_use]
    pub fn due(&self, index: u64) -> Option<SignedDuration> {
        match &self.times {
            Times::Listed(times) => times.get(usize::try_from(index).ok()?).copied(),
            Times::Every { every, times } => {
                if times.is_some_and(|times| index >= times) {
                    return None;
                }
                let nanos = every
                    .as_nanos()
                    .checked_mul(i128::from(index).saturating_add(1))?;
                crate::expr::duration::signed(nanos)
            }
        }
    }

    /// How many are due before so many nanoseconds after the entry; with `inclusive` at that instant too.
    #[must_use]
    pub fn before(&self, nanos: i128, inclusive: bool) -> u64 {
        let due = |time: &SignedDuration| {
            let time = time.as_nanos();
            time < nanos || (inclusive && time == nanos)
        };
        match &self.times {
            Times::Listed(times) => u64::try_from(times.partition_point(due)).unwrap_or(u64::MAX),
            Times::Every { every, times } => {
                let nanos = if inclusive {
                    nanos
                } else {
                    nanos.saturating_sub(1)
                };
                let passed = nanos.checked_div(every.as_nanos()).unwrap_or(0).max(0);
                let passed = u64::try_from(passed).unwrap_or(u64::MAX);
                times.map_or(passed, |times| passed.min(times))
            }
        }
    }
}

impl fmt::Display for Checkpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.times {
            Times::Listed(times) => {
                let times: Vec<String> = times.iter().copied().map(format_duration).collect();
                f.write_str(&times.join(", "))?;
            }
            Times::Every { every, times } => {
                write!(f, "every {}", format_duration(*every))?;
                if let Some(times) = times {
                    write!(f, ", {times} times")?;
                }
            }
        }
        write!(f, ", within {}", format_duration(self.within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    #[test]
    fn one_that_is_due_now_is_due() {
        for times in [
            Times::Listed(vec![minutes(10), minutes(20), minutes(30)]),
            Times::Every {
                every: minutes(10),
                times: Some(3),
            },
        ] {
            let spec = Checkpoints {
                times,
                within: minutes(1),
            };
            let at = |minute| minutes(minute).as_nanos();
            let counted = |inclusive| {
                [-5, 0, 9, 10, 11, 20, 30, 99].map(|minute| spec.before(at(minute), inclusive))
            };
            assert_eq!(counted(true), [0, 0, 0, 1, 1, 2, 3, 3]);
            assert_eq!(counted(false), [0, 0, 0, 0, 1, 1, 2, 3]);
            assert_eq!(spec.due(2), Some(minutes(30)));
            assert_eq!((spec.due(3), spec.count()), (None, Some(3)));
        }
    }
}
