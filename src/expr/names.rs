//! What the variables of macros stand for, in the text of a part: `r["a"]` in place of `r[k]`. It never evaluates.

use std::ops::Range;

use super::plan::{Folded, Step, What};
use super::value::{Key, Value};

/// The longest text that a variable is replaced by.
const LONGEST: usize = 500;

/// The variables that are entered, by where they are kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    known: Vec<(usize, String)>,
}

impl Names {
    /// A part as written, its variables replaced by what they stand for.
    pub(crate) fn told(&self, text: &str, steps: &[Step], range: Range<usize>) -> String {
        let written = text.get(range.clone()).unwrap_or_default();
        if self.known.is_empty() {
            return written.to_owned();
        }
        let mut places: Vec<(Range<usize>, &str)> = Vec::new();
        for step in steps {
            let at = step.at.range();
            let What::Local { index, .. } = &step.what else {
                continue;
            };
            let name = self.known.iter().find(|(known, _)| known == index);
            if let Some((_, name)) = name.filter(|_| range.start <= at.start && at.end <= range.end)
            {
                places.push((at, name));
            }
        }
        places.sort_by_key(|(at, _)| at.start);
        let mut told = String::new();
        let mut from = range.start;
        for (at, name) in places {
            // A part that stands for two steps is replaced once.
            if at.start < from {
                continue;
            }
            told.push_str(text.get(from..at.start).unwrap_or_default());
            told.push_str(name);
            from = at.end;
        }
        told.push_str(text.get(from..range.end).unwrap_or_default());
        told
    }

    /// Enters an item of a macro; what is told of it until it is left again.
    pub(crate) fn enter(
        &mut self,
        (text, steps): (&str, &[Step]),
        folded: &Folded,
        key: &Key,
        is_list: bool,
    ) {
        let of = steps.get(folded.of).map_or(0..0, |step| step.at.range());
        let of = super::shortened(&self.told(text, steps, of), LONGEST);
        let key = match key {
            Key::String(text) => Value::String(text.clone()).to_string(),
            other => other.to_string(),
        };
        let key = super::shortened(&key, LONGEST);
        let item = format!("{of}[{key}]");
        if folded.two {
            self.known.push((folded.index, key));
            self.known.push((folded.index.saturating_add(1), item));
        } else {
            let name = if is_list { item } else { key };
            self.known.push((folded.index, name));
        }
    }

    /// A variable that stands for a part.
    pub(crate) fn bind(&mut self, index: usize, name: &str) {
        // What is said twice of what was said twice grows without end.
        self.known.push((index, super::shortened(name, LONGEST)));
    }

    /// How many are entered: what [`Names::leave`] goes back to.
    pub(crate) fn entered(&self) -> usize {
        self.known.len()
    }

    /// Leaves all that were entered since.
    pub(crate) fn leave(&mut self, entered: usize) {
        self.known.truncate(entered);
    }
}
