//! `gonogo test`: policies tested against fixtures.

mod discover;
mod opened;

use std::path::PathBuf;

use gonogo::source::problem::any_error;
use gonogo::suite::bound::Unbound;
use gonogo::suite::report::text;
use gonogo::suite::{Outcome, SuiteResult, run};
use gonogo::verdict::ExitCode;

use super::{Color, diagnostics, print};

/// Test policies against snapshot fixtures.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Suites, or folders in which they lie: files ending in `.test.yaml`, `.test.yml` or `.test.json`.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let found = match discover::suites(&arguments.paths) {
        Ok(found) => found,
        Err((code, problem)) => {
            diagnostics::report(&[problem], color);
            return code;
        }
    };
    let mut code = ExitCode::Success;
    let mut results = Vec::new();
    for path in found {
        let opened = opened::open(&path);
        let mut result = SuiteResult {
            file: path.display().to_string(),
            ..SuiteResult::default()
        };
        match opened {
            Ok(suite) => {
                result.policy = suite
                    .policies
                    .first()
                    .map(|(_, policy)| policy.name.to_string());
                result.tests = suite
                    .cases
                    .iter()
                    .map(|case| run::run(&suite, case, None))
                    .collect();
            }
            Err(Unbound::Policy(problems)) => {
                code = code.max(ExitCode::Policy);
                result.problems = problems;
            }
            Err(Unbound::Suite(problems)) => {
                code = code.max(ExitCode::Input);
                result.problems = problems;
            }
        }
        diagnostics::report(&result.problems, color);
        for test in &result.tests {
            diagnostics::report(&test.problems, color);
            code = code.max(match test.outcome {
                Outcome::Passed => ExitCode::Success,
                Outcome::Failed => ExitCode::Findings,
                Outcome::Error => ExitCode::Input,
            });
        }
        results.push(result);
    }
    print(&text::report(&results, text::Style::default()));
    debug_assert!(code != ExitCode::Success || !results.iter().any(|one| any_error(&one.problems)));
    code
}
