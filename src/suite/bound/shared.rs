//! What several tests share, made when the first of them asks for it. Never what one test changes.

use std::sync::{Arc, OnceLock};

use crate::evaluate::Summary;
use crate::evaluate::baseline::Summing;
use crate::policy::Policy;
use crate::snapshot::History;
use crate::snapshot::baseline::compared;
use crate::snapshot::edit::{Before, Grid};
use crate::snapshot::layout::Layout;
use crate::suite::fixture::Shape;

/// A history with the rows that series add.
#[derive(Debug)]
pub struct Stretch {
    /// The index of the history.
    pub given: usize,
    /// How many rows series add, and where.
    pub shape: Shape,
    /// How many tests add the same.
    pub tests: usize,
    made: OnceLock<Result<Arc<Stretched>, Before>>,
}

/// A history on a grid.
#[derive(Debug)]
pub struct Stretched {
    /// The rows.
    pub grid: Grid,
    /// The history with those rows.
    pub history: History,
}

/// A history of a baseline's own.
#[derive(Debug)]
pub struct Compared {
    /// The index of the policy.
    pub policy: usize,
    /// The index of the baseline in the layout.
    pub baseline: usize,
    /// Whether its values age as the inputs' do: then it is a part of what is judged.
    pub live: bool,
    /// The index of its history.
    pub history: usize,
    made: OnceLock<Summary>,
}

impl Stretch {
    pub(super) fn new(given: usize, shape: Shape) -> Self {
        Self {
            given,
            shape,
            tests: 0,
            made: OnceLock::new(),
        }
    }

    /// The history with the rows that series add.
    ///
    /// # Errors
    /// They begin before it.
    pub fn of(&self, history: &History) -> Result<Arc<Stretched>, Before> {
        let make = || {
            let grid = self.shape.grid(history)?;
            let history = history.stretched(&grid);
            Ok(Arc::new(Stretched { grid, history }))
        };
        // What one test alone asks for is not kept.
        if self.tests > 1 {
            self.made.get_or_init(make).clone()
        } else {
            make()
        }
    }
}

impl Compared {
    pub(super) fn new(policy: usize, (baseline, live): (usize, bool), history: usize) -> Self {
        Self {
            policy,
            baseline,
            live,
            history,
            made: OnceLock::new(),
        }
    }

    /// What its history comes to by its own policy.
    pub fn summary(&self, policy: &Policy, history: &History) -> Summary {
        let make = || summed(policy, self.baseline, history);
        self.made.get_or_init(make).clone()
    }
}

/// What a history comes to as the baseline of this index.
#[must_use]
pub fn summed(policy: &Policy, baseline: usize, history: &History) -> Summary {
    let mut summing = Summing::new(policy, baseline);
    for sample in history.samples() {
        let of_baseline = compared(&policy.layout, baseline, sample);
        let mut sample = of_baseline.sample;
        // What it tells of its own stage begins its windows over that stage.
        sample.values.extend(of_baseline.context);
        summing.take(&sample);
    }
    summing.finish()
}

/// Whether a history gives values of a baseline itself; the name of the first.
#[must_use]
pub fn gives(layout: &Layout, history: &History, baseline: usize) -> Option<String> {
    let slots = (0..layout.inputs().len()).map(|input| layout.baseline(baseline, input));
    let given = |slot: &usize| {
        history
            .column(*slot)
            .is_some_and(|column| !column.is_empty())
    };
    let mut slots = slots.filter(given);
    slots.next().map(|slot| layout.name(slot))
}
