//! A value as text that is equal exactly where the values are, and the digest of a history made of it. It never depends
//! on files, keys or order.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

use super::layout::Layout;
use super::{Facts, Sample};
use crate::expr::shortened;
use crate::expr::value::Value;

/// SHA-256 of what was observed, sample by sample: the same for the same facts, whatever files they came in.
#[derive(Debug)]
pub struct Digest<'l> {
    layout: &'l Layout,
    hash: Hash,
    /// The name of each slot that was seen.
    names: Vec<Option<String>>,
}

impl<'l> Digest<'l> {
    /// Of no sample yet.
    #[must_use]
    pub fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            hash: Hash(Sha256::new()),
            names: vec![None; layout.len()],
        }
    }

    /// Takes the next sample in the order of time.
    pub fn take(&mut self, sample: &Sample) {
        let at = sample.at.to_string();
        for observed in &sample.values {
            let Some(name) = self.names.get_mut(observed.slot) else {
                continue;
            };
            let name = name.get_or_insert_with(|| self.layout.name(observed.slot));
            let _ = write!(self.hash, "{at}\t{name}\t");
            let _ = canonical(&mut self.hash, &observed.value);
            let _ = self.hash.write_char('\n');
        }
    }

    /// Takes what is known beside the samples, after all of them. Without any it changes nothing.
    pub fn facts(&mut self, facts: &Facts) {
        let _ = facts.write(&mut self.hash);
    }

    /// The digest in hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        hex(&self.hash.0.finalize())
    }
}

/// The digest of a history, and of those that baselines have of their own, by name.
#[must_use]
pub fn digest_of<'b>(
    history: String,
    baselines: impl Iterator<Item = (&'b str, &'b str)>,
) -> String {
    let mut baselines: Vec<(&str, &str)> = baselines.collect();
    if baselines.is_empty() {
        return history;
    }
    baselines.sort_unstable();
    let mut hash = Hash(Sha256::new());
    let _ = writeln!(hash, "{history}");
    for (name, digest) in baselines {
        let _ = writeln!(hash, "{name}\t{digest}");
    }
    hex(&hash.0.finalize())
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The beginning of a value as text.
pub(super) fn start(value: &Value) -> String {
    const LONGEST: usize = 200;
    let mut text = String::new();
    let _ = canonical(&mut text, value);
    shortened(&text, LONGEST)
}

/// Whether two values are one and the same.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) if a.to_bits() == b.to_bits() => return true,
        (Value::Int(a), Value::Int(b)) => return a == b,
        (Value::Bool(a), Value::Bool(b)) => return a == b,
        _ => {}
    }
    let (mut first, mut second) = (Hash(Sha256::new()), Hash(Sha256::new()));
    canonical(&mut first, a).is_ok()
        && canonical(&mut second, b).is_ok()
        && first.0.finalize() == second.0.finalize()
}

pub(super) fn canonical(out: &mut impl fmt::Write, value: &Value) -> fmt::Result {
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

/// A digest of text that is never held as a whole.
#[derive(Debug)]
pub(super) struct Hash(pub(super) Sha256);

impl fmt::Write for Hash {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.update(part.as_bytes());
        Ok(())
    }
}
