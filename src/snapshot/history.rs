//! Samples in the order of time, all of them held, and selected for one subject and one instant. Never looks at what a
//! value means.

use std::sync::Arc;

use jiff::Timestamp;

pub use super::canonical::hex;
use super::layout::{Context, Kind, Layout};
use super::{Digest, Given, Merge, Place, Reading, Sample};
use crate::expr::value::Value;

/// Everything observed, one sample for each instant.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// INVARIANT: ascending, no instant twice.
    samples: Vec<Sample>,
    files: Vec<Arc<str>>,
}

/// The samples a verdict may use.
#[derive(Clone, Debug)]
pub struct Selection<'h> {
    /// In the order of time, none later than the verdict, all of one subject.
    pub samples: Vec<&'h Sample>,
    /// What was left out, and why.
    pub notices: Vec<String>,
}

impl History {
    /// All these samples in the order of time, whatever order they come in.
    #[must_use]
    pub fn new(mut given: Vec<Sample>, reading: &mut Reading<'_>) -> Self {
        given.sort_by_key(|sample| sample.at);
        let mut samples = Vec::with_capacity(given.len());
        let mut merge = Merge::new([Given(given.into_iter())]);
        while let Some(sample) = merge.sample(reading) {
            samples.push(sample);
        }
        let files = reading.files().to_vec();
        Self { samples, files }
    }

    /// The samples in the order of time.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
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

    /// The instant of the newest sample.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.samples.last().map(|sample| sample.at)
    }

    /// The samples a verdict at `now` may use: none later, and of no other subject than the newest's.
    #[must_use]
    pub fn select(&self, layout: &Layout, now: Timestamp) -> Selection<'_> {
        let end = self.samples.partition_point(|sample| sample.at <= now);
        let (past, future) = self.samples.split_at(end);
        let mut notices = Vec::new();
        if let (Some(first), count) = (future.first(), future.len()) {
            notices.push(format!(
                "{} later than the verdict not used, the first of {}",
                samples(count),
                first.at
            ));
        }
        let subjects = subjects(layout, past);
        let newest = subjects.last().cloned().unwrap_or_default();
        let mut kept = Vec::with_capacity(past.len());
        for (sample, subject) in past.iter().zip(&subjects) {
            if subject.same_as(&newest) {
                kept.push(sample);
            }
        }
        let others = past.len().saturating_sub(kept.len());
        if others > 0 {
            notices.push(format!(
                "{} of another subject than {} not used",
                samples(others),
                newest.describe()
            ));
        }
        Selection {
            samples: kept,
            notices,
        }
    }

    /// SHA-256 of what was observed, in hexadecimal: the same for the same facts, whatever files they came in.
    #[must_use]
    pub fn digest(&self, layout: &Layout) -> String {
        let mut digest = Digest::new(layout);
        self.samples.iter().for_each(|sample| digest.take(sample));
        digest.finish()
    }
}

fn samples(count: usize) -> String {
    if count == 1 {
        "1 sample".to_owned()
    } else {
        format!("{count} samples")
    }
}

/// What is known of a subject, field by field.
#[derive(Clone, Debug, Default)]
struct Subject {
    fields: [Option<Arc<str>>; 4],
}

const IDENTITY: [Context; 4] = [
    Context::SubjectService,
    Context::SubjectVersion,
    Context::SubjectCommit,
    Context::SubjectEnvironment,
];

impl Subject {
    /// Same subject: none of service, version and commit that both give differs. The environment is only shown.
    fn same_as(&self, other: &Self) -> bool {
        self.fields
            .iter()
            .zip(&other.fields)
            .take(3)
            .all(|(a, b)| a.is_none() || b.is_none() || a == b)
    }

    fn describe(&self) -> String {
        let known: Vec<&str> = self.fields.iter().flatten().map(AsRef::as_ref).collect();
        known.join(" ")
    }
}

/// The subject of each sample: what it says, or what the one before said.
///
/// A field holds until it is given anew, and a new service, version or commit begins a new subject: what the old one
/// said of the other fields is not carried over.
fn subjects(layout: &Layout, samples: &[Sample]) -> Vec<Subject> {
    let mut held = Subject::default();
    let mut all = Vec::with_capacity(samples.len());
    for sample in samples {
        let mut given = Subject::default();
        for observed in &sample.values {
            let Some(Kind::Context(context)) = layout.kind(observed.slot) else {
                continue;
            };
            let Some(index) = IDENTITY.iter().position(|known| *known == context) else {
                continue;
            };
            if let Some(field) = given.fields.get_mut(index) {
                // Whoever says that the version is unknown does not speak of the version that was known before.
                *field = Some(match &observed.value {
                    Value::String(text) => Arc::clone(text),
                    _ => Arc::from("(unknown)"),
                });
            }
        }
        if given.same_as(&held) {
            for (field, given) in held.fields.iter_mut().zip(given.fields) {
                if given.is_some() {
                    *field = given;
                }
            }
        } else {
            held = given;
        }
        all.push(held.clone());
    }
    all
}
