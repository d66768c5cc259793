//! The values of a history slot by slot: numbers eight bytes each, and the rows a slot has a value in. Never looks at what
//! a value means.

mod remade;

use super::Place;
use crate::expr::types::Type;
use crate::expr::value::Value;

/// All values of one slot in the order of time.
#[derive(Clone, Debug)]
pub struct Column {
    /// The rows it has a value in; none: the first ones, without a gap.
    rows: Option<Vec<u32>>,
    cells: Cells,
    /// Where each value was read; kept for what is told of stage and subject only.
    places: Vec<Place>,
}

#[derive(Clone, Debug)]
enum Cells {
    /// Finite numbers; NaN where another value stands in `others`.
    Numbers {
        numbers: Vec<f64>,
        /// Whether they are whole numbers of 64 bits.
        whole: bool,
        /// INVARIANT: ascending by the index of the cell.
        others: Vec<(usize, Value)>,
    },
    Values(Vec<Value>),
}

/// The greatest whole number up to which a double holds each of them.
const EXACT: i64 = 1 << 53;

impl Column {
    /// An empty column of values of a type.
    pub(super) fn new(ty: &Type) -> Self {
        let cells = match ty {
            Type::Double | Type::Int => Cells::Numbers {
                numbers: Vec::new(),
                whole: *ty == Type::Int,
                others: Vec::new(),
            },
            _ => Cells::Values(Vec::new()),
        };
        Self {
            rows: None,
            cells,
            places: Vec::new(),
        }
    }

    /// How many values it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers { numbers, .. } => numbers.len(),
            Cells::Values(values) => values.len(),
        }
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the value of a row; rows come in ascending order.
    pub(super) fn push(&mut self, row: u32, value: Value, place: Option<Place>) {
        let length = self.len();
        if self.rows.is_none() && usize::try_from(row) != Ok(length) {
            self.rows = Some((0..row).take(length).collect());
        }
        if let Some(rows) = &mut self.rows {
            rows.push(row);
        }
        self.places.extend(place);
        match &mut self.cells {
            Cells::Numbers {
                numbers,
                whole,
                others,
            } => match (&value, *whole) {
                (Value::Double(number), false) if number.is_finite() => numbers.push(*number),
                (Value::Int(number), true) if (-EXACT..=EXACT).contains(number) => {
                    #[expect(clippy::cast_precision_loss, reason = "within what a double holds")]
                    numbers.push(*number as f64);
                }
                _ => {
                    others.push((numbers.len(), value));
                    numbers.push(f64::NAN);
                }
            },
            Cells::Values(values) => values.push(value),
        }
    }

    /// Its numbers, where each row up to its last one has a value; NaN stands for one that is no finite number.
    #[must_use]
    pub fn numbers(&self) -> Option<&[f64]> {
        match (&self.rows, &self.cells) {
            (
                None,
                Cells::Numbers {
                    numbers,
                    whole: false,
                    ..
                },
            ) => Some(numbers),
            _ => None,
        }
    }

    fn cell(&self, index: usize) -> Option<Value> {
        match &self.cells {
            Cells::Numbers {
                numbers,
                whole,
                others,
            } => {
                let number = *numbers.get(index)?;
                if number.is_nan() {
                    let at = others.binary_search_by_key(&index, |other| other.0).ok()?;
                    return others.get(at).map(|(_, value)| value.clone());
                }
                #[expect(clippy::cast_possible_truncation, reason = "it was a whole number")]
                Some(if *whole {
                    Value::Int(number as i64)
                } else {
                    Value::Double(number)
                })
            }
            Cells::Values(values) => values.get(index).cloned(),
        }
    }
}

/// A column that is read row by row.
#[derive(Clone, Debug)]
pub struct Cursor<'h> {
    column: &'h Column,
    /// The cell that comes next.
    next: usize,
}

impl<'h> Cursor<'h> {
    /// Before the first row.
    #[must_use]
    pub fn new(column: &'h Column) -> Self {
        Self { column, next: 0 }
    }

    /// The next row that has a value.
    #[must_use]
    pub fn row(&self) -> Option<u32> {
        match &self.column.rows {
            Some(rows) => rows.get(self.next).copied(),
            None if self.next < self.column.len() => u32::try_from(self.next).ok(),
            None => None,
        }
    }

    /// The value of a row, if it has one; rows are asked for in ascending order.
    #[inline]
    pub fn at(&mut self, row: u32) -> Option<Value> {
        let index = self.find(row)?;
        self.column.cell(index)
    }

    /// The same with the place it was read at.
    pub fn placed(&mut self, row: u32) -> Option<(Value, Place)> {
        let index = self.find(row)?;
        let place = self.column.places.get(index).copied().unwrap_or_default();
        Some((self.column.cell(index)?, place))
    }

    #[inline]
    fn find(&mut self, row: u32) -> Option<usize> {
        let index = match &self.column.rows {
            None => usize::try_from(row).ok()?,
            Some(rows) => {
                while rows.get(self.next).is_some_and(|have| *have < row) {
                    self.next = self.next.saturating_add(1);
                }
                if rows.get(self.next) != Some(&row) {
                    return None;
                }
                self.next
            }
        };
        if index >= self.column.len() {
            return None;
        }
        self.next = index.saturating_add(1);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::value::Missing;

    fn read(column: &Column, rows: u32) -> Vec<Option<String>> {
        let mut cursor = Cursor::new(column);
        (0..rows)
            .map(|row| cursor.at(row).map(|value| format!("{value:?}")))
            .collect()
    }

    #[test]
    fn a_column_gives_back_what_it_was_given() {
        let mut column = Column::new(&Type::Double);
        let values = [
            (0, Value::Double(0.5)),
            (1, Value::Unknown(Missing::Null)),
            (3, Value::Double(-0.0)),
            (7, Value::Unknown(Missing::WrongType)),
        ];
        for (row, value) in &values {
            column.push(*row, value.clone(), None);
        }
        let expected: Vec<Option<String>> = (0..9)
            .map(|row| {
                let found = values.iter().find(|(at, _)| *at == row);
                found.map(|(_, value)| format!("{value:?}"))
            })
            .collect();
        assert_eq!(read(&column, 9), expected);
    }

    #[test]
    fn whole_numbers_stay_whole_however_large() {
        let mut column = Column::new(&Type::Int);
        for (row, value) in (0..).zip([0, 1 << 53, i64::MAX, i64::MIN]) {
            column.push(row, Value::Int(value), None);
        }
        let told = |value: i64| Some(format!("{:?}", Value::Int(value)));
        assert_eq!(
            read(&column, 4),
            [told(0), told(1 << 53), told(i64::MAX), told(i64::MIN)]
        );
    }

    #[test]
    fn rows_may_be_left_out_while_reading() {
        let mut column = Column::new(&Type::Bool);
        for row in [0, 1, 2, 5, 9] {
            column.push(row, Value::Bool(row % 2 == 0), None);
        }
        let mut cursor = Cursor::new(&column);
        assert!(matches!(cursor.at(1), Some(Value::Bool(false))));
        assert_eq!(cursor.row(), Some(2));
        assert!(cursor.at(4).is_none());
        assert!(matches!(cursor.at(9), Some(Value::Bool(false))));
        assert_eq!(cursor.row(), None);
    }
}
