//! What one evaluation may cost: steps, and the size of what it builds.
//!
//! It never measures time: the same expression on the same values costs the same everywhere.

use super::fault::{Limit, Reason};

/// The most steps an expression may take at one instant.
pub const STEPS: u64 = 1_000_000;
/// The most bytes a text built at run time may have.
pub const TEXT: usize = 1 << 20;
/// The most items a list or map built at run time may have.
pub const ITEMS: usize = 100_000;

/// What is left to spend of one evaluation.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: STEPS }
    }
}

impl Budget {
    /// A budget of so many steps instead of the usual [`STEPS`].
    #[must_use]
    pub fn of(steps: u64) -> Self {
        Self { steps }
    }

    /// The steps that are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.steps
    }

    /// Pays for steps; when they run out nothing is left for anything else either.
    pub(crate) fn pay(&mut self, steps: u64) -> Result<(), Reason> {
        if let Some(left) = self.steps.checked_sub(steps) {
            self.steps = left;
            Ok(())
        } else {
            self.steps = 0;
            Err(Reason::Limit(Limit::Steps))
        }
    }

    /// Pays for building a text of so many bytes.
    pub(crate) fn text(&mut self, bytes: usize) -> Result<(), Reason> {
        if bytes > TEXT {
            return Err(Reason::Limit(Limit::Text));
        }
        self.pay(u64::try_from(bytes / 16).unwrap_or(u64::MAX))
    }

    /// Pays for reading a text of so many bytes.
    pub(crate) fn read(&mut self, bytes: usize) -> Result<(), Reason> {
        self.pay(u64::try_from(bytes / 16).unwrap_or(u64::MAX))
    }

    /// Pays for building a list or map of so many items.
    pub(crate) fn items(&mut self, items: usize) -> Result<(), Reason> {
        if items > ITEMS {
            return Err(Reason::Limit(Limit::Items));
        }
        self.pay(u64::try_from(items).unwrap_or(u64::MAX))
    }
}
