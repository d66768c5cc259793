//! A history that is in memory, row by row into a fold: only the columns that are read are touched. Judges nothing.

use jiff::Timestamp;

use super::Fold;
use crate::snapshot::columns::Cursor;
use crate::snapshot::layout::{Context, Layout};
use crate::snapshot::{History, Observed};

/// Folds every row up to the verdict.
pub(super) fn fold(fold: &mut Fold<'_>, layout: &Layout, history: &History, now: Timestamp) {
    let start = layout.context(Context::StageName);
    let mut told: Vec<(usize, Cursor<'_>)> = (start..layout.len())
        .filter_map(|slot| Some((slot, Cursor::new(history.column(slot)?))))
        .filter(|(_, cursor)| cursor.row().is_some())
        .collect();
    let next = |told: &[(usize, Cursor<'_>)]| {
        told.iter()
            .filter_map(|(_, cursor)| cursor.row())
            .min()
            .unwrap_or(u32::MAX)
    };
    let mut next_told = next(&told);
    // Read in the order in which they are asked for.
    let mut read: Vec<Cursor<'_>> = fold
        .read()
        .iter()
        .filter_map(|slot| history.column(*slot).map(Cursor::new))
        .collect();
    let needs_metrics = fold.needs_metrics();
    for (index, (row, at)) in (0_u32..).zip(history.times()).enumerate() {
        if *at > now {
            return;
        }
        let mut values: Vec<Observed> = Vec::new();
        if row == next_told {
            values.extend(told.iter_mut().filter_map(|(slot, cursor)| {
                let (value, place) = cursor.placed(row)?;
                let slot = *slot;
                Some(Observed { slot, value, place })
            }));
            next_told = next(&told);
        }
        let metrics = needs_metrics && history.has_metrics(index);
        let mut cursors = read.iter_mut();
        fold.row(*at, &values, metrics, |_| cursors.next()?.at(row));
    }
}
