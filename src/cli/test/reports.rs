//! What is printed, and what is written to files beside it. Every report is of one and the same run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gonogo::report::github::harmless;
use gonogo::source::visible::pretty;
use gonogo::source::{Code, Problem};
use gonogo::suite::report::text::{self, Style};
use gonogo::suite::report::{coverage, json, junit, lcov, mutants};
use gonogo::suite::{SuiteResult, TestResult};
use gonogo::verdict::ExitCode;
use serde_json::to_value;

use super::arguments::{Arguments, CoverageFormat, Format};
use super::covered::Covered;
use super::mutated::Mutated;
use super::opened::Opened;
use super::ran::Ran;
use crate::cli::whole::leads_to;
use crate::cli::{Color, Printed, append, diagnostics, print, say};

/// All that a run came to.
struct Told<'r> {
    results: &'r [SuiteResult],
    covered: Option<Covered>,
    mutated: Option<Mutated>,
    quiet: bool,
}

/// Prints the report and writes those that were asked for: how that ends, and whether enough is covered and noticed.
pub(super) fn write(ran: &Ran, arguments: &Arguments, color: Color) -> ExitCode {
    let told = Told {
        results: &ran.results,
        covered: Covered::of(ran, arguments),
        mutated: Mutated::of(ran, arguments, color),
        quiet: arguments.quiet,
    };
    let instead = match arguments.coverage {
        Some(CoverageFormat::Json) => Some(told.coverage_json()),
        Some(CoverageFormat::Lcov) => Some(told.report(Format::Lcov, false)),
        Some(CoverageFormat::Text) | None => None,
    };
    // Who prints something for programs alone still learns what is wrong.
    let people = instead.is_none() && matches!(arguments.format, Format::Text | Format::Json);
    if !people && !arguments.quiet {
        say(told
            .report(Format::Text, color.on(&std::io::stderr()))
            .trim_end());
    }
    // Each of them is fit to be printed, as it is for a file.
    let text =
        instead.unwrap_or_else(|| told.report(arguments.format, color.on(&std::io::stdout())));
    print(&Printed::Made(&text));
    let mut code = told
        .mutated
        .as_ref()
        .map_or(ExitCode::Success, |mutated| mutated.code);
    let below = told.below(arguments);
    if !below.is_empty() {
        below.iter().for_each(|line| say(line));
        code = code.max(ExitCode::Findings);
    }
    let mut taken: BTreeSet<PathBuf> = ran.opened.iter().flat_map(Opened::inputs).collect();
    for (format, path) in &arguments.report {
        if !taken.insert(leads_to(path)) {
            diagnostics::report(&[taken_already(path)], color);
            code = code.max(ExitCode::Input);
            continue;
        }
        let text = told.report(*format, false);
        if let Err(error) = std::fs::write(path, text) {
            diagnostics::report(&[unwritable(path, &error)], color);
            code = code.max(ExitCode::Input);
        }
    }
    code
}

fn taken_already(path: &Path) -> Problem {
    let path = path.display();
    let message =
        format!("`{path}` is read by this run, or is another report: nothing is written over it");
    Problem::new(Code::NameClash, message).help("give the report a file of its own")
}

/// What is new in approved files, for people.
pub(super) fn difference<'t>(tests: impl Iterator<Item = &'t TestResult>) -> String {
    tests
        .map(|test| format!("{}\n{}", test.name, text::failure(test)))
        .collect()
}

impl Told<'_> {
    fn report(&self, format: Format, color: bool) -> String {
        match format {
            Format::Text => self.text(color),
            Format::Json => {
                let coverage = self.covered.as_ref().map(Covered::data);
                let mutated = self.mutated.as_ref();
                let mutants = mutated.map(|mutated| mutants::data(&mutated.policies));
                let parts = json::Parts {
                    coverage: coverage.and_then(|coverage| to_value(coverage).ok()),
                    mutants: mutants.and_then(|mutants| to_value(mutants).ok()),
                };
                json::report(self.results, parts)
            }
            Format::Junit => junit::report(self.results),
            Format::Lcov => {
                let covered = self.covered.as_ref();
                covered.map_or_else(String::new, |covered| {
                    harmless(&lcov::lcov(&covered.policies))
                })
            }
        }
    }

    fn text(&self, color: bool) -> String {
        let quiet = self.quiet;
        let mut out = text::report(self.results, Style { color, quiet });
        let covered = self.covered.as_ref().map(|covered| covered.text(quiet));
        let mutated = self.mutated.as_ref().map(|mutated| mutated.text(quiet));
        for part in [covered, mutated].into_iter().flatten() {
            if !part.is_empty() {
                out.push_str(if quiet { "" } else { "\n" });
                out.push_str(&part);
            }
        }
        harmless(&out)
    }

    fn coverage_json(&self) -> String {
        let covered = self.covered.as_ref().map(Covered::data);
        let covered = covered.unwrap_or_else(|| coverage::Covered::of(&[], Vec::new()));
        pretty(&covered)
    }

    fn below(&self, arguments: &Arguments) -> Vec<String> {
        let covered = self.covered.iter();
        let mut below: Vec<String> = covered
            .flat_map(|covered| covered.below(&arguments.min_coverage))
            .collect();
        let mutated = self.mutated.iter();
        below.extend(mutated.flat_map(|mutated| mutated.below(arguments.min_killed)));
        below
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let why = append::unwritten(error);
    let message = format!(
        "the report cannot be written to `{}`: {why}",
        path.display()
    );
    Problem::new(Code::Unreadable, message).help("name a file that can be written")
}
