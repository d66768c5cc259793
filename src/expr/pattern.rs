//! Regular expressions, bounded in size and priced by it. It never runs one without saying what that costs.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::budget::Budget;
use super::fault::Reason;

/// The most bytes the text of a pattern may have.
pub(crate) const TEXT: usize = 4 * 1024;
/// The sizes a compiled pattern is put into: the larger it is, the more a byte of text may cost.
const SIZES: [usize; 3] = [16 << 10, 128 << 10, 1 << 20];
/// How much a pattern may remember of what it has seen.
const CACHE: usize = 1 << 19;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: Box<str>,
    regex: Regex,
    /// The bytes it was allowed to take.
    size: usize,
}

impl Pattern {
    /// Compiles a pattern into the least of the sizes that holds it.
    ///
    /// # Errors
    /// Why it is none, in the words of a person.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        if text.len() > TEXT {
            return Err("longer than 4 KiB".to_owned());
        }
        let mut reason = String::new();
        for size in SIZES {
            let built = RegexBuilder::new(text)
                .size_limit(size)
                .dfa_size_limit(CACHE)
                .build();
            match built {
                Ok(regex) => {
                    return Ok(Self {
                        text: text.into(),
                        regex,
                        size,
                    });
                }
                Err(regex::Error::CompiledTooBig(_)) => {
                    "it takes more than 1 MiB when compiled".clone_into(&mut reason);
                }
                Err(error) => {
                    let told = error.to_string();
                    let last = told.lines().last().unwrap_or_default();
                    return Err(last.trim_start_matches("error: ").to_owned());
                }
            }
        }
        Err(reason)
    }

    /// The pattern as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes it may take.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Whether it is found in a text, within a budget: each byte may meet every part of the pattern.
    pub(crate) fn is_match(&self, text: &str, budget: &mut Budget) -> Result<bool, Reason> {
        budget.read(text.len().saturating_mul(self.size / 2048))?;
        Ok(self.regex.is_match(text))
    }
}

/// Patterns that are known only at run time, as one evaluation compiles them: a macro asks for the same one again and
/// again.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    known: Vec<Arc<Pattern>>,
}

impl Patterns {
    /// How many are kept.
    const MOST: usize = 4;

    /// A pattern that was compiled before in this evaluation, else one that is compiled and paid for now.
    pub(crate) fn get(&mut self, text: &str, budget: &mut Budget) -> Result<Arc<Pattern>, Reason> {
        if let Some(known) = self.known.iter().find(|known| known.text.as_ref() == text) {
            return Ok(Arc::clone(known));
        }
        // Before it is compiled nobody knows how large it will be: what its text costs first, the rest afterwards.
        let length = u64::try_from(text.len().min(TEXT)).unwrap_or(u64::MAX);
        budget.pay(length.saturating_mul(100).saturating_add(10_000))?;
        let pattern = Arc::new(Pattern::compile(text).map_err(|_| Reason::BadPattern)?);
        budget.read(pattern.size)?;
        if self.known.len() >= Self::MOST {
            self.known.remove(0);
        }
        self.known.push(Arc::clone(&pattern));
        Ok(pattern)
    }
}
