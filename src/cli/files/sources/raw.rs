//! Documents in shapes of their own, as samples. What is of no instant of its own, and is given none, is of the instant that
//! is judged: that is said.

use gonogo::snapshot::baseline::compared;
use gonogo::snapshot::raw::{Document, Kind};
use gonogo::snapshot::{Observed, Sample};
use gonogo::source::{Code, Problem};
use jiff::Timestamp;

use super::{Role, Sources};
use crate::cli::files::raw;
use crate::cli::given::Raw;

/// Values of a document that nobody knows the instant of.
pub(super) struct Waiting {
    name: String,
    values: Vec<Observed>,
    role: Role,
}

impl Sources<'_> {
    /// Adds a document.
    pub(in crate::cli) fn raw(&mut self, given: &Raw, kind: Option<Kind>, role: Role) {
        let (source, kind) = match raw(&given.path, kind) {
            Ok(read) => read,
            Err(problem) => return self.reading.problem(problem),
        };
        let baseline = match role {
            Role::Judged => None,
            Role::Live(index) | Role::Apart(index) => Some(index),
        };
        let document = Document {
            name: &given.name,
            source: &source,
            kind,
        };
        let read = self.raws.read(&mut self.reading, document, baseline);
        read.dated
            .into_iter()
            .for_each(|sample| self.hold(sample, role));
        let values = read.undated;
        match given.at {
            _ if values.is_empty() => {}
            Some(at) => self.hold(Sample { at, values }, role),
            None => {
                let name = given.name.clone();
                self.waiting.push(Waiting { name, values, role });
            }
        }
    }

    /// Ends the adding. What is of no instant yet is of `now`, or of the newest sample where that is what is judged.
    pub(in crate::cli) fn settle(&mut self, now: Option<Timestamp>) {
        std::mem::take(&mut self.raws).finish(&mut self.reading);
        if self.waiting.is_empty() {
            return;
        }
        let now = now.or_else(|| {
            // Facts are read with the look that follows.
            let gathered = self.reading.gather(false);
            let newest = self.look(|| None, |newest, sample| *newest = Some(sample.at));
            self.reading.gather(gathered);
            newest
        });
        for Waiting { name, values, role } in std::mem::take(&mut self.waiting) {
            let Some(at) = now else {
                let message =
                    format!("`{name}` is of no instant, and there is no sample to take one of");
                let help = format!("say when it was taken: {name}=FILE@2025-10-16T10:05:00Z");
                self.reading
                    .problem(Problem::new(Code::MissingTime, message).help(help));
                continue;
            };
            let message = format!("`{name}` is of no instant: it is read as of now, {at}");
            let help = format!("say when it was taken: {name}=FILE@{at}");
            self.reading.problem(
                Problem::new(Code::MissingTime, message)
                    .warning()
                    .help(help),
            );
            self.hold(Sample { at, values }, role);
        }
    }

    fn hold(&mut self, sample: Sample, role: Role) {
        let layout = self.reading.layout();
        match role {
            Role::Judged => self.judged.held.push(sample),
            Role::Live(index) => {
                let sample = compared(layout, index, sample).sample;
                self.judged.held.push(sample);
            }
            Role::Apart(index) => self.apart.entry(index).or_default().held.push(sample),
        }
    }
}
