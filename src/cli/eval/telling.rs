//! An outcome is told everywhere it was asked for. What cannot be told is a failure of the process, and every report that can
//! still be written says so: none is left that is greener than the exit code. Never judges.

use std::path::Path;

use gonogo::report::{Format, Told, render};
use gonogo::source::Problem;
use gonogo::verdict::ExitCode;

use super::{Arguments, Outcome};
use crate::cli::reports::{self, Workflow};
use crate::cli::{Color, Printed, log, printed, stream};

/// An outcome as it is told, and what of it could not be.
pub(super) struct Telling<'t> {
    arguments: &'t Arguments,
    outcome: &'t Outcome,
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
    pub(super) fn new(arguments: &'t Arguments, outcome: &'t Outcome, color: Color) -> Self {
        Self {
            arguments,
            outcome,
            color,
            folder: reports::folder(),
            problems: outcome.problems.clone(),
            broken: Vec::new(),
            in_files: None,
            in_step: None,
        }
    }

    /// Tells it everywhere. Files first, for these can be written once more; then what can only be added to; standard output
    /// last, so that it knows of all that failed.
    pub(super) fn all(&mut self, workflow: Option<&Workflow>) {
        self.files();
        if let (Some(path), Some(verdict)) = (&self.arguments.log, &self.outcome.verdict) {
            self.note(log::add::add(path, verdict));
        }
        self.streams();
        if let Some(workflow) = workflow {
            self.step(workflow);
        }
        self.files();
        self.print();
        self.files();
        if let Some(workflow) = workflow {
            self.step(workflow);
        }
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
            verdict: self.outcome.verdict.as_ref(),
            exit: self.exit(),
            policy: &self.outcome.policy,
            problems: &self.problems,
            folder: &self.folder,
            plots: &self.outcome.plots,
        }
    }

    fn note(&mut self, wrote: Result<(), Problem>) {
        self.problems.extend(wrote.err());
    }

    fn print(&mut self) {
        let format = self.arguments.reports.format;
        if self.outcome.verdict.is_none() && format == Format::Text {
            return;
        }
        let color = self.color.on(&std::io::stdout());
        let quiet = self.arguments.quiet;
        let text = self.arguments.report(format, &self.told(), color, quiet);
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
            for (format, path, what) in self.destinations() {
                if !stream::is(path) && !self.broken.contains(&path) {
                    self.file(format, path, &what);
                }
            }
        }
    }

    /// Writes what cannot be written twice: what the process was given open last, for it is read by somebody as it comes,
    /// while a device fails at once if it fails.
    fn streams(&mut self) {
        let mut streams = self.destinations();
        streams.retain(|(_, path, _)| stream::is(path));
        streams.sort_by_key(|(_, path, _)| stream::is_pipe(path));
        for (format, path, what) in streams {
            self.file(format, path, &what);
        }
    }

    /// Adds to the files of a step of a workflow, unless they tell all that failed already. A later value of an output takes
    /// the place of an earlier one.
    fn step(&mut self, workflow: &Workflow) {
        if self.in_step == Some(self.failed().len()) {
            return;
        }
        let again = self.in_step.is_some();
        let summary = workflow.summary(&self.told());
        self.once(summary, again);
        let record = self.arguments.record.as_deref();
        // Last: what a later step reads is how it ended.
        let outputs = workflow.outputs(&self.told(), record);
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
        let told = self.told();
        let text = if Some(path) == self.arguments.record.as_deref() {
            render(Format::Json, &told)
        } else {
            self.arguments.report(format, &told, false, false)
        };
        if let Err(problem) = reports::write(path, what, &text) {
            self.problems.push(problem);
            self.broken.push(path);
        }
    }

    /// The record and the reports beside the one that is printed.
    fn destinations(&self) -> Vec<(Format, &'t Path, String)> {
        let record = self.arguments.record.iter();
        let record = record.map(|path| (Format::Json, path.as_path(), "the record".to_owned()));
        let reports = self.arguments.reports.report.iter();
        let reports = reports.map(|(format, path)| {
            let what = format!("the {} report", format.name());
            (*format, path.as_path(), what)
        });
        record.chain(reports).collect()
    }
}
