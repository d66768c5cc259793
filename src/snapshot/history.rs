//! Samples in the order of time, column by column, and facts: merged, and digested in a form that does not depend on files,
//! keys or order. Never looks at what a value means.

use std::sync::Arc;

use jiff::Timestamp;

pub use super::canonical::hex;
use super::columns::{Column, Cursor};
use super::layout::{Context, Kind, Layout};
use super::survey::{Survey, Surveyed};
use super::{Digest, Facts, Given, Merge, Observed, Place, Reading, Sample};
use crate::expr::types::Type;

/// Everything observed: a row for each instant, a column for each slot.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// INVARIANT: ascending, no instant twice; one for each row.
    pub(super) times: Vec<Timestamp>,
    /// By slot; shared with histories that have the same there.
    pub(super) columns: Vec<Arc<Column>>,
    /// Whether a row gives any input a value.
    pub(super) metrics: Vec<bool>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) facts: Arc<Facts>,
}

impl History {
    /// A history of samples in the order of time, no instant twice.
    #[must_use]
    pub fn of(
        layout: &Layout,
        files: Vec<Arc<str>>,
        samples: impl IntoIterator<Item = Sample>,
    ) -> Self {
        let column = |slot| match layout.kind(slot) {
            Some(Kind::Context(context)) => Column::new(&context.ty()),
            _ => {
                let input = layout.input_of(slot);
                let input = input.and_then(|index| layout.inputs().get(index));
                Column::new(input.map_or(&Type::Dyn, |input| &input.ty))
            }
        };
        let mut columns: Vec<Column> = (0..layout.len()).map(column).collect();
        let (mut times, mut metrics) = (Vec::new(), Vec::new());
        for sample in samples {
            // Rows beyond what fits are millennia of samples.
            let Ok(row) = u32::try_from(times.len()) else {
                break;
            };
            times.push(sample.at);
            let mut any = false;
            for observed in sample.values {
                let context = match layout.kind(observed.slot) {
                    Some(Kind::Input(_)) => {
                        any = true;
                        false
                    }
                    Some(Kind::Context(_) | Kind::Field(_)) => true,
                    _ => false,
                };
                if let Some(column) = columns.get_mut(observed.slot) {
                    let place = context.then_some(observed.place);
                    column.push(row, observed.value, place);
                }
            }
            metrics.push(any);
        }
        Self {
            times,
            columns: columns.into_iter().map(Arc::new).collect(),
            metrics,
            files,
            facts: Arc::default(),
        }
    }

    /// All these samples in the order of time, whatever order they come in, and the facts that were read.
    #[must_use]
    pub fn new(mut given: Vec<Sample>, reading: &mut Reading<'_>) -> Self {
        given.sort_by_key(|sample| sample.at);
        let layout = reading.layout();
        let mut merge = Merge::new([Given(given.into_iter())]);
        let mut history = Self::of(
            layout,
            Vec::new(),
            std::iter::from_fn(|| merge.sample(reading)),
        );
        history.facts = Arc::new(reading.facts());
        history.files = reading.files().to_vec();
        history
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The instants in order, one for each row.
    #[must_use]
    pub fn times(&self) -> &[Timestamp] {
        &self.times
    }

    /// The values of a slot.
    #[must_use]
    pub fn column(&self, slot: usize) -> Option<&Column> {
        self.columns.get(slot).map(AsRef::as_ref)
    }

    /// Commands that were run, what people said, and earlier verdicts.
    #[must_use]
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// Whether a row gives any input a value.
    #[must_use]
    pub fn has_metrics(&self, row: usize) -> bool {
        self.metrics.get(row).copied().unwrap_or(false)
    }

    /// The samples in the order of time, put together again.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        let mut cursors: Vec<Cursor<'_>> = self
            .columns
            .iter()
            .map(|column| Cursor::new(column))
            .collect();
        self.times.iter().zip(0_u32..).map(move |(at, row)| {
            let values = cursors.iter_mut().enumerate().filter_map(|(slot, cursor)| {
                let (value, place) = cursor.placed(row)?;
                Some(Observed { slot, value, place })
            });
            Sample {
                at: *at,
                values: values.collect(),
            }
        })
    }

    /// A first look over all samples; those after `until` cannot be used.
    #[must_use]
    pub fn survey(&self, layout: &Layout, until: Option<Timestamp>) -> Surveyed {
        let end = until.map_or(self.times.len(), |until| {
            self.times.partition_point(|at| *at <= until)
        });
        let mut survey = Survey::new(layout, until);
        let start = layout.context(Context::StageName);
        let mut cursors: Vec<(usize, Cursor<'_>)> = self
            .columns
            .iter()
            .enumerate()
            .skip(start)
            .map(|(slot, column)| (slot, Cursor::new(column)))
            .collect();
        let mut row = 0_usize;
        while let Some(at) = self.times.get(row).filter(|_| row < end) {
            let told = cursors.iter().filter_map(|(_, cursor)| cursor.row());
            let next = told.min().and_then(|next| usize::try_from(next).ok());
            let next = next.unwrap_or(end).min(end);
            if next > row {
                // Nothing is told of stage and subject up to there.
                let last = next.checked_sub(1).and_then(|last| self.times.get(last));
                let count = u64::try_from(next.saturating_sub(row)).unwrap_or(u64::MAX);
                let metrics = (row..next).find(|row| self.has_metrics(*row));
                let begins = metrics.and_then(|row| self.times.get(row).copied());
                survey.plain((*at, last.copied().unwrap_or(*at)), begins, count);
                row = next;
                continue;
            }
            let here = u32::try_from(row).unwrap_or(u32::MAX);
            let values: Vec<Observed> = cursors
                .iter_mut()
                .filter_map(|(slot, cursor)| {
                    let (value, place) = cursor.placed(here)?;
                    let slot = *slot;
                    Some(Observed { slot, value, place })
                })
                .collect();
            survey.told(*at, &values, self.has_metrics(row));
            row = row.saturating_add(1);
        }
        for at in self.times.iter().skip(end) {
            survey.take(*at, &[]);
        }
        Surveyed {
            facts: Arc::clone(&self.facts),
            ..survey.finish()
        }
    }

    /// The names of the files a [`Place`] speaks of.
    #[must_use]
    pub fn files(&self) -> &[Arc<str>] {
        &self.files
    }

    /// `file:line:column` of a place.
    #[must_use]
    pub fn place(&self, place: Place) -> String {
        place.display(&self.files)
    }

    /// The instant of the newest sample, or of the newest fact where there is no sample.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.times.last().copied().or_else(|| self.facts.newest())
    }

    /// SHA-256 of what was observed, in hexadecimal: the same for the same facts, whatever files they came in.
    #[must_use]
    pub fn digest(&self, layout: &Layout) -> String {
        let mut digest = Digest::new(layout);
        self.samples().for_each(|sample| digest.take(&sample));
        digest.facts(&self.facts);
        digest.finish()
    }
}
