//! The rows of a history with those that series add: which instants there are, and which given row each is copied from.
//! Never a value.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::snapshot::History;
use crate::snapshot::columns::Column;

/// Instants as far from each other up to the end of a history, among the rows that are given.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The instants of the series, the last of which is the last one of the history.
    instants: Vec<Timestamp>,
    /// INVARIANT: ascending, no instant twice; one for each row.
    times: Vec<Timestamp>,
    /// The given row that each row is, or is copied from.
    from: Vec<u32>,
    /// The index of the instant each row is at; none: it is a given row between two of them.
    steps: Vec<Option<usize>>,
    /// The rows that say nothing of metrics, in ascending order: given ones at a hole.
    silent: Vec<u32>,
}

/// What a row is to a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is before the series begins.
    Before,
    /// It is a given row between two of its samples.
    Between,
    /// It is the sample of this index.
    At(usize),
}

/// Why there is no such grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// There is no sample it could end at.
    Nothing,
    /// It begins before the first sample.
    History {
        /// The first instant of the grid, where there is one.
        begins: Option<Timestamp>,
        /// The first sample.
        first: Timestamp,
        /// How many instants would fit.
        fit: usize,
    },
}

impl Grid {
    /// So many instants, `every` apart from each other, the last one at the end of the history. At those of `holes`, in
    /// ascending order, no row is added, and a given one says nothing of metrics.
    ///
    /// # Errors
    /// They begin before the history.
    pub fn new(
        history: &History,
        every: SignedDuration,
        count: usize,
        holes: &[usize],
    ) -> Result<Self, Before> {
        let given = history.times();
        let (Some(first), Some(last)) = (given.first(), given.last()) else {
            return Err(Before::Nothing);
        };
        let instants = instants(*last, every, count);
        let begins = instants.as_ref().and_then(|all| all.first().copied());
        let Some(instants) = instants.filter(|_| begins.is_none_or(|begins| begins >= *first))
        else {
            let spans = last.duration_since(*first).as_nanos();
            let fit = spans.checked_div(every.as_nanos()).unwrap_or_default();
            return Err(Before::History {
                begins,
                first: *first,
                fit: usize::try_from(fit).unwrap_or(usize::MAX).saturating_add(1),
            });
        };
        Ok(Self::merged(given, instants, holes))
    }

    fn merged(given: &[Timestamp], instants: Vec<Timestamp>, holes: &[usize]) -> Self {
        let mut grid = Self {
            times: Vec::with_capacity(given.len().saturating_add(instants.len())),
            from: Vec::new(),
            steps: Vec::new(),
            instants: Vec::new(),
            silent: Vec::new(),
        };
        let mut rows = given.iter().zip(0_u32..).peekable();
        let mut before: Option<(Timestamp, u32)> = None;
        for (step, at) in instants.iter().enumerate() {
            while let Some((time, row)) = rows.next_if(|(time, _)| *time < at) {
                grid.push(*time, row, None);
                before = Some((*time, row));
            }
            let here = rows.next_if(|(time, _)| *time == at);
            before = here.map(|(time, row)| (*time, row)).or(before);
            if holes.binary_search(&step).is_ok() {
                // What it says of stage and subject stands.
                if let Some((time, row)) = here {
                    grid.silent.extend(u32::try_from(grid.times.len()));
                    grid.push(*time, row, None);
                }
                continue;
            }
            let next = rows.peek().map(|(time, row)| (**time, *row));
            if let Some(row) = nearest(*at, before, next) {
                grid.push(*at, row, Some(step));
            }
        }
        // A grid ends where the history does, unless it has no instant at all.
        for (time, row) in rows {
            grid.push(*time, row, None);
        }
        grid.instants = instants;
        grid
    }

    fn push(&mut self, at: Timestamp, from: u32, step: Option<usize>) {
        self.times.push(at);
        self.from.push(from);
        self.steps.push(step);
    }

    /// How many instants it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.instants.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instants.is_empty()
    }

    /// The rows that say nothing of metrics, in ascending order.
    pub(super) fn silent(&self) -> &[u32] {
        &self.silent
    }

    /// What a row is to a series that begins at the instant of this index.
    pub(super) fn step(&self, row: u32, begins: usize) -> Step {
        let row = usize::try_from(row).ok();
        let at = row.and_then(|row| self.times.get(row));
        match (at, self.instants.get(begins)) {
            (Some(at), Some(begin)) if at >= begin => {}
            _ => return Step::Before,
        }
        let step = row.and_then(|row| self.steps.get(row)).copied().flatten();
        let step = step.and_then(|step| step.checked_sub(begins));
        step.map_or(Step::Between, Step::At)
    }
}

impl History {
    /// The rows of a grid: given ones as they are, new ones copied from the nearest that is given, the earlier of two as
    /// near.
    #[must_use]
    pub fn stretched(&self, grid: &Grid) -> Self {
        let same = grid.from.len() == self.times.len() && grid.times == self.times;
        let columns = self.columns.iter().map(|column| {
            if same || column.is_empty() {
                return Arc::clone(column);
            }
            Arc::new(column.rows_of(&grid.from))
        });
        self.gridded(grid, columns.collect())
    }

    /// The same rows as one that was stretched before this one was changed: what is shared with the one it was stretched
    /// from is shared with that one too.
    #[must_use]
    pub fn stretched_as(&self, from: &Self, stretched: &Self, grid: &Grid) -> Self {
        let columns = self.columns.iter().enumerate().map(|(slot, column)| {
            let known = from.columns.get(slot).zip(stretched.columns.get(slot));
            match known {
                Some((given, made)) if Arc::ptr_eq(given, column) => Arc::clone(made),
                _ if column.is_empty() => Arc::clone(column),
                _ => Arc::new(column.rows_of(&grid.from)),
            }
        });
        self.gridded(grid, columns.collect())
    }

    /// The same with the rows of a grid, whose columns these are.
    fn gridded(&self, grid: &Grid, columns: Vec<Arc<Column>>) -> Self {
        let flag = |row: &u32| usize::try_from(*row).is_ok_and(|row| self.has_metrics(row));
        Self {
            times: grid.times.clone(),
            columns,
            metrics: grid.from.iter().map(flag).collect(),
            files: self.files.clone(),
            facts: Arc::clone(&self.facts),
        }
    }
}

/// The given row that an instant is copied from.
fn nearest(
    at: Timestamp,
    before: Option<(Timestamp, u32)>,
    next: Option<(Timestamp, u32)>,
) -> Option<u32> {
    match (before, next) {
        (Some((early, row)), Some((late, other))) => {
            let (back, on) = (at.duration_since(early), late.duration_since(at));
            Some(if back <= on { row } else { other })
        }
        (Some((_, row)), None) | (None, Some((_, row))) => Some(row),
        (None, None) => None,
    }
}

fn instants(last: Timestamp, every: SignedDuration, count: usize) -> Option<Vec<Timestamp>> {
    let mut at = last;
    let mut instants = Vec::with_capacity(count);
    for step in 0..count {
        if step > 0 {
            at = at.checked_sub(every).ok()?;
        }
        instants.push(at);
    }
    instants.reverse();
    Some(instants)
}
