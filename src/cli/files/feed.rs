//! The samples of a text on the disk, one after another. It holds those of one line.

use std::cell::Cell;
use std::io::BufRead;
use std::rc::Rc;

use gonogo::snapshot::baseline::compared;
use gonogo::snapshot::{Extent, Feed, Lines, Reading, Sample};
use gonogo::source::{Code, Problem};

use super::opened::Text;
use super::physical::Physical;
use crate::cli::progress::Pass;

/// A history that is read from the disk in each pass.
pub(super) struct Streamed {
    text: Text,
    /// The baseline whose samples they are.
    baseline: Option<usize>,
    /// Of its bytes as they were read the first time.
    digest: Cell<Option<u64>>,
}

impl Streamed {
    pub(super) fn new(text: Text, baseline: Option<usize>) -> Self {
        let digest = Cell::new(None);
        Self {
            text,
            baseline,
            digest,
        }
    }

    /// How many bytes are read of it.
    pub(super) fn length(&self) -> u64 {
        self.text.length
    }
}

/// The samples of a history.
pub(super) struct TextFeed<'t> {
    of: &'t Streamed,
    physical: Physical<Box<dyn BufRead + 't>>,
    lines: Option<Lines>,
    /// The samples of the line, the last one first.
    pending: Vec<Sample>,
    pass: Rc<Pass>,
}

impl<'t> TextFeed<'t> {
    /// Begins to read from the first line.
    pub(super) fn new(
        of: &'t Streamed,
        extent: Extent,
        reading: &mut Reading<'_>,
        pass: &Rc<Pass>,
    ) -> Result<Self, Problem> {
        let (name, format) = (of.text.name.clone(), of.text.format);
        Ok(Self {
            of,
            physical: of.text.lines()?,
            lines: Some(Lines::new(reading, name, format, extent)),
            pending: Vec::new(),
            pass: Rc::clone(pass),
        })
    }

    fn end(&mut self, reading: &mut Reading<'_>) {
        let Some(lines) = self.lines.take() else {
            return;
        };
        let digest = self.physical.digest();
        let first = self.of.digest.replace(Some(digest));
        if first.is_some_and(|first| first != digest) {
            let message = format!("`{}` was changed while it was read", lines.name());
            let problem = Problem::new(Code::Unreadable, message);
            reading.problem(problem.help("let lines only be added to it, or give a copy of it"));
        }
        lines.end(reading);
    }
}

impl Feed for TextFeed<'_> {
    fn sample(&mut self, reading: &mut Reading<'_>) -> Option<Sample> {
        loop {
            if let Some(sample) = self.pending.pop() {
                return Some(match self.of.baseline {
                    Some(baseline) => compared(reading.layout(), baseline, sample).sample,
                    None => sample,
                });
            }
            let lines = self.lines.as_mut()?;
            match self.physical.next() {
                Some(Ok((number, line))) => {
                    // What was run and said for a baseline is no fact of what is judged.
                    let before = reading.gather(false);
                    reading.gather(before && self.of.baseline.is_none());
                    lines.line(reading, number, line, &mut self.pending);
                    reading.gather(before);
                    self.pending.reverse();
                    let samples = self.pending.len() as u64;
                    self.pass.add(self.physical.bytes(), samples);
                }
                Some(Err(problem)) => {
                    lines.unreadable();
                    reading.problem(problem);
                }
                None => self.end(reading),
            }
        }
    }
}
