//! An outcome is told everywhere it was asked for. What cannot be told is a failure of the process, and every report that can
//! still be written says so: none is left that is greener than the exit code. Never judges.

use std::path::Path;

use gonogo::report::{Format, Plot, Told};
use gonogo::source::Problem;
use gonogo::verdict::{ExitCode, Verdict};

use super::reports::{self, Workflow};
use super::{Color, Printed, log, printed, stream};

/// What is told.
#[derive(Clone, Copy)]
pub(super) struct Outcome<'t> {
    pub(super) verdict: Option<&'t Verdict>,
    /// What the process of the verdict ends with.
    pub(super) code: ExitCode,
    /// The file of the policy, as far as it is known.
    pub(super) policy: &'t str,
    /// What is told beside a verdict, or why there is none.
    pub(super) problems: &'t [Problem],
    pub(super) plots: &'t [Plot],
}

/// Where it is told, and how it looks there.
pub(super) struct Places<'t> {
    /// What is printed; nothing where a file takes its place.
    pub(super) format: Option<Format>,
    /// What is written, each with what it is called.
    pub(super) files: Vec<(Format, &'t Path, String)>,
    pub(super) log: Option<&'t Path>,
    /// Where the record is, for later steps of a workflow.
    pub(super) record: Option<&'t Path>,
    pub(super) workflow: Option<&'t Workflow>,
    /// A report; of one that is printed, whether with colour.
    pub(super) render: &'t dyn Fn(Format, &Told<'_>, Option<bool>) -> String,
}

/// An outcome as it is told, and what of it could not be.
pub(super) struct Telling<'t> {
    places: &'t Places<'t>,
    outcome: Outcome<'t>,
    color: Color,
    /// Where this process runs.
    folder: String,
    /// The outcome's problems, then why something was not written.
    problems: Vec<Problem>,
    /// The files that cannot be written: none is tried twice.
    broken: Vec<&'t Path>,
    /// How many failures the files tell, and how many a workflow was told, once each was told anything.
    in_files: Option<usize>,
    in_step: Option<usize>,
}

impl<'t> Telling<'t> {
    /// Before anything is told.
    pub(super) fn new(places: &'t Places<'t>, outcome: Outcome<'t>, color: Color) -> Self {
        Self {
            places,
            outcome,
            color,
            folder: reports::folder(),
            problems: outcome.problems.to_vec(),
            broken: Vec::new(),
            in_files: None,
            in_step: None,
        }
    }

    /// Tells it everywhere. Files first, for these can be written once more; then what can only be added to; standard output
    /// last, so that it knows of all that failed.
    pub(super) fn all(&mut self) {
        self.files();
        if let (Some(path), Some(verdict)) = (self.places.log, self.outcome.verdict) {
            self.note(log::add::add(path, verdict));
        }
        self.streams();
        self.step();
        self.files();
        self.print();
        self.files();
        self.step();
    }

    /// Why something was not written.
    pub(super) fn failed(&self) -> &[Problem] {
        let told = self.outcome.problems.len();
        self.problems.get(told..).unwrap_or_default()
    }

    /// What the process ends with, as far as is known.
    pub(super) fn exit(&self) -> ExitCode {
        if self.outcome.verdict.is_some() && !self.failed().is_empty() {
            return ExitCode::Input;
        }
        self.outcome.code
    }

    fn told(&self) -> Told<'_> {
        Told {
            verdict: self.outcome.verdict,
            exit: self.exit(),
            policy: self.outcome.policy,
            problems: &self.problems,
            folder: &self.folder,
            plots: self.outcome.plots,
        }
    }

    fn note(&mut self, wrote: Result<(), Problem>) {
        self.problems.extend(wrote.err());
    }

    fn print(&mut self) {
        let Some(format) = self.places.format else {
            return;
        };
        if self.outcome.verdict.is_none() && format == Format::Text {
            return;
        }
        let color = self.color.on(&std::io::stdout());
        let text = (self.places.render)(format, &self.told(), Some(color));
        let wrote = printed(&Printed::report(format, &text));
        self.note(
            wrote.map_err(|error| {
                reports::unprintable(&format!("{} report", format.name()), &error)
            }),
        );
    }

    /// Writes all files, unless they tell all that failed already; as long as one fails the others once more, for they are
    /// to tell that.
    fn files(&mut self) {
        while self.in_files != Some(self.failed().len()) {
            self.in_files = Some(self.failed().len());
            for (format, path, what) in &self.places.files {
                if !stream::is(path) && !self.broken.contains(path) {
                    self.file(*format, path, what);
                }
            }
        }
    }

    /// Writes what cannot be written twice: what the process was given open last, for it is read by somebody as it comes,
    /// while a device fails at once if it fails.
    fn streams(&mut self) {
        let mut streams: Vec<_> = self.places.files.iter().collect();
        streams.retain(|(_, path, _)| stream::is(path));
        streams.sort_by_key(|(_, path, _)| stream::is_pipe(path));
        for (format, path, what) in streams {
            self.file(*format, path, what);
        }
    }

    /// Adds to the files of a step of a workflow, unless they tell all that failed already. A later value of an output takes
    /// the place of an earlier one.
    fn step(&mut self) {
        let Some(workflow) = self.places.workflow else {
            return;
        };
        if self.in_step == Some(self.failed().len()) {
            return;
        }
        let again = self.in_step.is_some();
        let summary = workflow.summary(&self.told());
        self.once(summary, again);
        // Last: what a later step reads is how it ended.
        let outputs = workflow.outputs(&self.told(), self.places.record);
        self.once(outputs, again);
        self.in_step = Some(self.failed().len());
    }

    /// Notes why something was not written, unless that was noted before.
    fn once(&mut self, wrote: Result<(), Problem>, again: bool) {
        let known = |problem: &Problem| {
            let mut told = self.problems.iter();
            again && told.any(|told| told.message == problem.message)
        };
        self.note(wrote.or_else(|problem| {
            if known(&problem) {
                Ok(())
            } else {
                Err(problem)
            }
        }));
    }

    fn file(&mut self, format: Format, path: &'t Path, what: &str) {
        let text = (self.places.render)(format, &self.told(), None);
        if let Err(problem) = reports::write(path, what, &text) {
            self.problems.push(problem);
            self.broken.push(path);
        }
    }
}
