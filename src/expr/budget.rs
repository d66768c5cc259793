//! What one evaluation may cost: steps, the size of what it builds, and the memory of all it builds together.
//!
//! It never measures time or the memory of the process: the same expression on the same values costs the same everywhere.

use super::fault::{Limit, Reason};
use super::value::Key;

/// The most steps an expression may take at one instant.
pub const STEPS: u64 = 1_000_000;
/// The most bytes a text built at run time may have.
pub const TEXT: usize = 1 << 20;
/// The most items a list or map built at run time may have.
pub const ITEMS: usize = 100_000;
/// The most bytes that all texts, lists and maps built in one evaluation may take, whether still used or not.
pub const MEMORY: usize = 16 << 20;

/// What an item of a list takes, an entry of a map, and a text beside its bytes.
const ITEM: usize = 24;
const ENTRY: usize = 48;
const HEAD: usize = 32;

/// What is left to spend of one evaluation.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: u64,
    memory: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(STEPS)
    }
}

impl Budget {
    /// A budget of so many steps instead of the usual [`STEPS`].
    #[must_use]
    pub fn of(steps: u64) -> Self {
        Self {
            steps,
            memory: MEMORY,
        }
    }

    /// The steps that are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.steps
    }

    /// The steps that were taken, of a budget of the usual [`STEPS`].
    #[must_use]
    pub fn spent(&self) -> u64 {
        STEPS.saturating_sub(self.steps)
    }

    /// Makes the memory new, for an evaluation that begins when what the one before has built is gone.
    pub fn forget(&mut self) {
        self.memory = MEMORY;
    }

    /// The bytes that are left.
    pub(crate) fn memory(&self) -> usize {
        self.memory
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

    /// Pays a step for each of so many things.
    pub(crate) fn each(&mut self, things: usize) -> Result<(), Reason> {
        self.pay(u64::try_from(things).unwrap_or(u64::MAX))
    }

    /// Pays for reading a text of so many bytes.
    pub(crate) fn read(&mut self, bytes: usize) -> Result<(), Reason> {
        self.each(bytes / 16)
    }

    /// Pays for building a text of so many bytes. To be called before it is built.
    pub(crate) fn text(&mut self, bytes: usize) -> Result<(), Reason> {
        fits_text(bytes)?;
        self.read(bytes)?;
        self.hold(bytes.saturating_add(HEAD))
    }

    /// Pays for building a list of so many items. To be called before it is built.
    pub(crate) fn items(&mut self, items: usize) -> Result<(), Reason> {
        fits(items)?;
        self.each(items)?;
        self.hold(items.saturating_mul(ITEM))
    }

    /// Pays for one more item of a list that has `have`.
    pub(crate) fn item(&mut self, have: usize) -> Result<(), Reason> {
        fits(have.saturating_add(1))?;
        self.pay(1)?;
        self.hold(ITEM)
    }

    /// Pays for so many more entries of a map that has `have`.
    pub(crate) fn entries(&mut self, have: usize, more: usize) -> Result<(), Reason> {
        fits(have.saturating_add(more))?;
        self.each(more)?;
        self.hold(more.saturating_mul(ENTRY))
    }

    /// Pays for finding a key among others: each of a few of them may be compared to its end.
    pub(crate) fn key(&mut self, key: &Key) -> Result<(), Reason> {
        match key {
            Key::String(text) => self.read(text.len().saturating_mul(8)),
            Key::Bool(_) | Key::Int(_) | Key::Uint(_) => Ok(()),
        }
    }

    /// Takes memory.
    fn hold(&mut self, bytes: usize) -> Result<(), Reason> {
        if let Some(left) = self.memory.checked_sub(bytes) {
            self.memory = left;
            Ok(())
        } else {
            self.memory = 0;
            Err(Reason::Limit(Limit::Memory))
        }
    }
}

/// Whether a text may have so many bytes.
pub(crate) fn fits_text(bytes: usize) -> Result<(), Reason> {
    if bytes > TEXT {
        return Err(Reason::Limit(Limit::Text));
    }
    Ok(())
}

/// Whether a list or map may have so many items.
fn fits(items: usize) -> Result<(), Reason> {
    if items > ITEMS {
        return Err(Reason::Limit(Limit::Items));
    }
    Ok(())
}
