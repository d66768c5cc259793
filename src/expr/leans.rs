//! Whether a condition can only gain by a value that goes one way: once it is true, it stays true however far that goes.
//! It never guesses: what it does not follow does not lean.

use super::compiled::Compiled;
use super::plan::What;
use super::tree::{At, Id, Op};

impl Compiled {
    /// Whether it stays `wanted` when the number in a slot goes up, or else down, and all else stays as it is. The slot is
    /// compared itself; where it is not read at all, that is so either way.
    #[must_use]
    pub fn leans(&self, slot: usize, up: bool, wanted: bool) -> bool {
        !self.reads().contains(&slot) || self.rises(self.root, slot, up == wanted)
    }

    /// Whether a part can only become true when the slot goes up, or else down.
    fn rises(&self, id: Id, slot: usize, up: bool) -> bool {
        let Some(step) = self.steps.get(id) else {
            return false;
        };
        let here = |id: Id| {
            let step = self.steps.get(id);
            step.is_some_and(
                |step| matches!(step.what, What::Slot { slot: read, .. } if read == slot),
            )
        };
        let clear = |id: Id| {
            let step = self.steps.get(id);
            step.is_some_and(|step| !self.has(step.at, slot))
        };
        match &step.what {
            What::Not(of) => self.rises(*of, slot, !up),
            What::And(left, right) | What::Or(left, right) => {
                self.rises(*left, slot, up) && self.rises(*right, slot, up)
            }
            What::Let(named) => named.leans(slot, up, true),
            What::Compare { op, left, right } if here(*left) && clear(*right) => match op {
                Op::Greater | Op::GreaterEqual => up,
                Op::Less | Op::LessEqual => !up,
                _ => false,
            },
            What::Compare { op, left, right } if here(*right) && clear(*left) => match op {
                Op::Less | Op::LessEqual => up,
                Op::Greater | Op::GreaterEqual => !up,
                _ => false,
            },
            _ => !self.has(step.at, slot),
        }
    }

    /// Whether a part of the text reads a slot in any way.
    fn has(&self, at: At, slot: usize) -> bool {
        let within = |part: At| at.start <= part.start && part.end <= at.end;
        let looks_back = |read: usize| {
            let mut windows = self.windows().iter();
            windows.any(|window| window.slot == read && window.of.reads().contains(&slot))
        };
        self.steps.iter().any(|step| {
            within(step.at)
                && match &step.what {
                    What::Slot { slot: read, .. } => *read == slot || looks_back(*read),
                    What::Let(named) => named.reads().contains(&slot),
                    _ => false,
                }
        })
    }
}
