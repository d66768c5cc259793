//! Samples in the order of time: merged, selected for one subject and one instant, and digested in a form that does
//! not depend on files, keys or order. Never looks at what a value means.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::layout::{Context, Kind, Layout};
use super::{Observed, Place, Sample};
use crate::expr::shortened;
use crate::expr::value::Value;
use crate::source::{Code, Problem, Problems};

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
        let mut hash = Hash(Sha256::new());
        for sample in &self.samples {
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

fn samples(count: usize) -> String {
    if count == 1 {
        "1 sample".to_owned()
    } else {
        format!("{count} samples")
    }
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
