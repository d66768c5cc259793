//! Samples in the order of time: merged, selected for one subject and one instant, and digested in a form that does
//! not depend on files, keys or order. Never looks at what a value means.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::layout::{Context, Kind, Layout};
use super::{Observed, Place, Sample};
use crate::expr::value::Value;
use crate::source::{Code, Problem};

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
    pub(super) fn merge(
        layout: &Layout,
        files: Vec<Arc<str>>,
        mut given: Vec<Sample>,
        problems: &mut Vec<Problem>,
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
        display(&self.files, place)
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
        let mut hash = Sha256::new();
        let mut line = String::new();
        for sample in &self.samples {
            for observed in &sample.values {
                line.clear();
                let name = layout.name(observed.slot);
                let _ = writeln!(
                    line,
                    "{}\t{}\t{}",
                    sample.at,
                    name,
                    canonical(&observed.value)
                );
                hash.update(line.as_bytes());
            }
        }
        hex(&hash.finalize())
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

fn samples(count: usize) -> String {
    if count == 1 {
        "1 sample".to_owned()
    } else {
        format!("{count} samples")
    }
}

/// A value as text that is equal exactly where the values are.
fn canonical(value: &Value) -> String {
    match value {
        Value::Unknown(missing) => format!("unknown: {missing}"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{:?}:{}", key.to_string(), canonical(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        other => other.to_string(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    canonical(a) == canonical(b)
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
            canonical(&first.value),
            canonical(&second.value),
        ),
    )
    .help("the same value twice is fine; remove the wrong one, or correct its `at`")
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
