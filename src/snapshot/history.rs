//! Samples in the order of time, column by column: merged, and digested in a form that does not depend on files, keys or
//! order. Never looks at what a value means.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::columns::{Column, Cursor};
use super::layout::{Context, Kind, Layout};
use super::survey::{Survey, Surveyed};
use super::{Observed, Place, Sample};
use crate::expr::shortened;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::source::{Code, Problem, Problems};

/// Everything observed: a row for each instant, a column for each slot.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// INVARIANT: ascending, no instant twice; one for each row.
    times: Vec<Timestamp>,
    /// By slot.
    columns: Vec<Column>,
    /// Whether a row gives any input a value.
    metrics: Vec<bool>,
    files: Vec<Arc<str>>,
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
                    Some(Kind::Context(_)) => true,
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
            columns,
            metrics,
            files,
        }
    }

    pub(super) fn merge(
        layout: &Layout,
        files: Vec<Arc<str>>,
        mut given: Vec<Sample>,
        problems: &mut Problems,
    ) -> Self {
        given.sort_by_key(|sample| sample.at);
        let mut samples: Vec<Sample> = Vec::with_capacity(given.len());
        for sample in given {
            match samples.last_mut().filter(|last| last.at == sample.at) {
                Some(last) => last.values.extend(sample.values),
                None => samples.push(sample),
            }
        }
        for sample in &mut samples {
            sample
                .values
                .sort_by_key(|observed| (observed.slot, observed.place));
            let at = sample.at;
            sample.values.dedup_by(|second, first| {
                if second.slot != first.slot {
                    return false;
                }
                if !same(&first.value, &second.value) {
                    problems.push(conflict(layout, &files, at, first, second));
                }
                true
            });
        }
        Self::of(layout, files, samples)
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
        self.columns.get(slot)
    }

    /// Whether a row gives any input a value.
    #[must_use]
    pub fn has_metrics(&self, row: usize) -> bool {
        self.metrics.get(row).copied().unwrap_or(false)
    }

    /// The samples in the order of time, put together again.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        let mut cursors: Vec<Cursor<'_>> = self.columns.iter().map(Cursor::new).collect();
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
                survey.plain(*at, last.copied().unwrap_or(*at), count);
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
            survey.take(*at, &values);
            row = row.saturating_add(1);
        }
        for at in self.times.iter().skip(end) {
            survey.take(*at, &[]);
        }
        survey.finish()
    }

    /// The names of the files a [`Place`] speaks of.
    #[must_use]
    pub fn files(&self) -> &[Arc<str>] {
        &self.files
    }

    /// `file:line:column` of a place.
    #[must_use]
    pub fn place(&self, place: Place) -> String {
        display(&self.files, place)
    }

    /// The instant of the newest sample.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.times.last().copied()
    }

    /// SHA-256 of what was observed, in hexadecimal: the same for the same facts, whatever files they came in.
    #[must_use]
    pub fn digest(&self, layout: &Layout) -> String {
        let mut hash = Hash(Sha256::new());
        for sample in self.samples() {
            for observed in &sample.values {
                let name = layout.name(observed.slot);
                let _ = write!(hash, "{}\t{}\t", sample.at, name);
                let _ = canonical(&mut hash, &observed.value);
                let _ = hash.write_char('\n');
            }
        }
        hex(&hash.0.finalize())
    }
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A value as text that is equal exactly where the values are.
fn canonical(out: &mut impl fmt::Write, value: &Value) -> fmt::Result {
    match value {
        Value::Unknown(missing) => write!(out, "unknown: {missing}"),
        Value::List(items) => {
            out.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                out.write_str(if index == 0 { "" } else { "," })?;
                canonical(out, item)?;
            }
            out.write_char(']')
        }
        Value::Map(map) => {
            out.write_char('{')?;
            for (index, (key, value)) in map.iter().enumerate() {
                out.write_str(if index == 0 { "" } else { "," })?;
                write!(out, "{:?}:", key.to_string())?;
                canonical(out, value)?;
            }
            out.write_char('}')
        }
        other => write!(out, "{other}"),
    }
}

/// The beginning of a value as text.
fn start(value: &Value) -> String {
    const LONGEST: usize = 200;
    let mut text = String::new();
    let _ = canonical(&mut text, value);
    shortened(&text, LONGEST)
}

fn same(a: &Value, b: &Value) -> bool {
    let (mut first, mut second) = (Hash(Sha256::new()), Hash(Sha256::new()));
    canonical(&mut first, a).is_ok()
        && canonical(&mut second, b).is_ok()
        && first.0.finalize() == second.0.finalize()
}

/// A digest of text that is never held as a whole.
struct Hash(Sha256);

impl fmt::Write for Hash {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.update(part.as_bytes());
        Ok(())
    }
}

fn display(files: &[Arc<str>], place: Place) -> String {
    let file = usize::try_from(place.file)
        .ok()
        .and_then(|index| files.get(index));
    format!(
        "{}:{}:{}",
        file.map_or("", AsRef::as_ref),
        place.line,
        place.column
    )
}

fn conflict(
    layout: &Layout,
    files: &[Arc<str>],
    at: Timestamp,
    first: &Observed,
    second: &Observed,
) -> Problem {
    let name = layout.name(second.slot);
    let (first_place, second_place) = (display(files, first.place), display(files, second.place));
    Problem::new(
        Code::Conflict,
        format!(
            "`{name}` has two values at {at}: {} in {first_place} and {} in {second_place}",
            start(&first.value),
            start(&second.value),
        ),
    )
    .help("the same value twice is fine; remove the wrong one, or correct its `at`")
}
