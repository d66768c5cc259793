//! One line of a history to a sample, without a tree: it gives exactly what the tree reader gives, or it declines and the
//! tree reader reads that line. Never says what is wrong: whatever is unusual is declined.

mod context;
mod leaf;
mod line;
#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may say that something cannot be"
)]
mod tests;

use serde::de::DeserializeSeed as _;

use super::lines::Extent;
use super::{Reading, parts};
use crate::snapshot::Sample;
use crate::snapshot::layout::Layout;
use line::Line;

/// Longer lines are declined: the most values of a document are counted by the tree reader alone.
const LONGEST: usize = 512 * 1024;

/// What is remembered from line to line.
#[derive(Debug)]
pub(super) struct Fast {
    file: u32,
    extent: Extent,
    /// The slot of each metric of the last line, in the order written: the next line has the same, as a rule.
    order: Vec<usize>,
    /// The line in which each slot was given last, as a count of lines.
    seen: Vec<u64>,
    lines: u64,
}

impl Fast {
    pub(super) fn new(layout: &Layout, file: u32, extent: Extent) -> Self {
        Self {
            file,
            extent,
            order: Vec::new(),
            seen: vec![0; layout.len()],
            lines: 0,
        }
    }

    /// The sample of a line of JSON; none where it is anything but a plain one.
    pub(super) fn sample(
        &mut self,
        reading: &mut Reading<'_>,
        name: &str,
        text: &str,
        number: u32,
    ) -> Option<Sample> {
        if text.len() > LONGEST || !text.starts_with('{') {
            return None;
        }
        self.lines = self.lines.saturating_add(1);
        let mut line = Line::new(self, reading.layout, text, number);
        let mut json = serde_json::Deserializer::from_str(text);
        (&mut line).deserialize(&mut json).ok()?;
        json.end().ok()?;
        // Whether it is a sample at all is said by the tree reader.
        if line.values.is_empty() && !line.without.is_empty() {
            return None;
        }
        let (sample, undeclared) = (
            Sample {
                at: line.at?,
                values: line.values,
            },
            line.undeclared,
        );
        // Each is told by the tree reader once, with how often it is given.
        let said: Vec<String> = undeclared
            .iter()
            .map(|metric| parts::undeclared("metric", metric))
            .collect();
        let told = said.iter().all(|said| reading.problems.told(said, name));
        if told {
            said.iter().for_each(|said| reading.problems.again(said));
        }
        told.then_some(sample)
    }

    /// Notes that a slot is given; whether it is the first time in this line.
    fn first(&mut self, slot: usize) -> bool {
        match self.seen.get_mut(slot) {
            Some(seen) if *seen == self.lines => false,
            Some(seen) => {
                *seen = self.lines;
                true
            }
            None => false,
        }
    }

    /// The slot of the metric of this name that stands at `position` among those of its line.
    fn metric(&mut self, layout: &Layout, name: &str, position: usize) -> Option<usize> {
        let named = |slot: &usize| {
            let input = layout.inputs().get(*slot);
            input.is_some_and(|input| input.name.as_ref() == name)
        };
        if let Some(slot) = self.order.get(position).filter(|slot| named(slot)) {
            return Some(*slot);
        }
        let slot = layout.input(name)?;
        match self.order.get_mut(position) {
            Some(remembered) => *remembered = slot,
            None => self.order.push(slot),
        }
        Some(slot)
    }
}
