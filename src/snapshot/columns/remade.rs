//! Columns made of another one: with other rows, or with other values in them. The one they are made of stays as it is.

use super::{Cells, Column, Cursor};
use crate::expr::value::Value;
use crate::snapshot::Place;

impl Column {
    /// An empty column of values of the same type.
    pub(in crate::snapshot) fn emptied(&self) -> Self {
        let cells = match &self.cells {
            Cells::Numbers { whole, .. } => Cells::Numbers {
                numbers: Vec::new(),
                whole: *whole,
                others: Vec::new(),
            },
            Cells::Values(_) => Cells::Values(Vec::new()),
        };
        Self {
            rows: None,
            cells,
            places: Vec::new(),
        }
    }

    /// Whether each of so many rows has a value.
    pub(in crate::snapshot) fn is_full(&self, rows: usize) -> bool {
        self.rows.is_none() && self.len() >= rows
    }

    /// The rows that have a value, in ascending order.
    pub(in crate::snapshot) fn told(&self) -> impl Iterator<Item = u32> {
        let gaps = self.rows.iter().flatten().copied();
        let dense = if self.rows.is_none() { self.len() } else { 0 };
        gaps.chain((0_u32..).take(dense))
    }

    /// A row for each of these rows of it, which ascend and may come again.
    pub(in crate::snapshot) fn rows_of(&self, from: &[u32]) -> Self {
        if let Some(numbers) = self.dense_rows_of(from) {
            return numbers;
        }
        let mut made = self.emptied();
        let mut next = 0_usize;
        for (row, source) in (0_u32..).zip(from) {
            let cell = match &self.rows {
                None => usize::try_from(*source).ok(),
                Some(rows) => {
                    while rows.get(next).is_some_and(|have| have < source) {
                        next = next.saturating_add(1);
                    }
                    (rows.get(next) == Some(source)).then_some(next)
                }
            };
            if let Some(cell) = cell
                && let Some(value) = self.cell(cell)
            {
                made.push(row, value, self.places.get(cell).copied());
            }
        }
        made
    }

    /// The same where all that is asked for are finite numbers without places.
    fn dense_rows_of(&self, from: &[u32]) -> Option<Self> {
        let Cells::Numbers {
            numbers,
            whole,
            others,
        } = &self.cells
        else {
            return None;
        };
        if self.rows.is_some() || !others.is_empty() || !self.places.is_empty() {
            return None;
        }
        let of = |row: &u32| numbers.get(usize::try_from(*row).ok()?).copied();
        let numbers: Option<Vec<f64>> = from.iter().map(of).collect();
        Some(Self {
            rows: None,
            cells: Cells::Numbers {
                numbers: numbers?,
                whole: *whole,
                others: Vec::new(),
            },
            places: Vec::new(),
        })
    }

    /// So many rows, each with the value that `change` makes of the one it has; `place` is where changed values are
    /// read, for columns that keep it.
    pub(in crate::snapshot) fn changed(
        &self,
        rows: u32,
        place: Option<Place>,
        mut change: impl FnMut(u32, Option<Value>) -> Option<Value>,
    ) -> Self {
        let (mut made, mut cursor) = (self.emptied(), Cursor::new(self));
        for row in 0..rows {
            if let Some(value) = change(row, cursor.at(row)) {
                made.push(row, value, place);
            }
        }
        made
    }
}
