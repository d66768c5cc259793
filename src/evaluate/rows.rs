//! A history that is in memory, row by row into a fold: only the columns that are read are touched. Judges nothing.

use jiff::Timestamp;

use super::Fold;
use super::ahead::STRETCH;
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
    let times = history.times();
    let end = times.partition_point(|at| *at <= now);
    let (mut lanes, all) = fold.lanes(history);
    let mut slots = vec![super::ABSENT; fold.slots()];
    let mut row = 0_usize;
    while let Some(at) = times.get(row).filter(|_| row < end) {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        if row > 0 && !lanes.is_empty() {
            let told = usize::try_from(next_told).unwrap_or(usize::MAX);
            let stretch = end.min(told).min(row.saturating_add(STRETCH));
            for lane in &mut lanes {
                fold.go(lane, row, stretch, times, &mut slots);
            }
            let ahead = lanes.iter().map(|lane| lane.row).min().unwrap_or(row);
            if all && ahead > row {
                // Nothing happens before that row.
                row = ahead;
                let last = row.saturating_sub(1);
                let number = u32::try_from(last).unwrap_or(u32::MAX);
                let mut cursors = read.iter_mut();
                if let Some(at) = times.get(last) {
                    fold.comes_to(*at, |_| cursors.next()?.at(number));
                }
                continue;
            }
        }
        let mut values: Vec<Observed> = Vec::new();
        if number == next_told {
            values.extend(told.iter_mut().filter_map(|(slot, cursor)| {
                let (value, place) = cursor.placed(number)?;
                let slot = *slot;
                Some(Observed { slot, value, place })
            }));
            next_told = next(&told);
        }
        let metrics = needs_metrics && history.has_metrics(row);
        let mut cursors = read.iter_mut();
        fold.row(*at, &values, metrics, |_| cursors.next()?.at(number));
        row = row.saturating_add(1);
    }
}
