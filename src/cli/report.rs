//! `gonogo report`: a record in another format, without judging anything.

use std::path::{Path, PathBuf};

use gonogo::report::text::{self, Style};
use gonogo::report::{Format, Told, render};
use gonogo::verdict::ExitCode;

use super::judge::Refused;
use super::record::{exit, record};
use super::telling::{Outcome, Places, Telling};
use super::{Color, diagnostics, reports, stream, whole};

const AFTER_HELP: &str = "\
Examples:
  gonogo report record.json
  gonogo report record.json --format intoto -o statement.json
  gonogo report record.json --report html=gate.html --report junit=gate.xml

The exit code says whether the record was read, not what it says: `jq .exit_code` has the verdict's.

Exit codes: 0 read and written, 2 usage, 4 a record that cannot be read, or a file that cannot be written.";

/// Render a record without evaluating anything.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The record: what `eval --record` wrote, a statement with it inside, a line of a log, or `-`.
    #[arg(value_name = "RECORD")]
    record: String,
    #[command(flatten)]
    reports: reports::Arguments,
    /// Write what would be printed to a file instead.
    #[arg(short, long, value_name = "FILE", value_parser = reports::file())]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match render_all(arguments, color) {
        Ok(()) => ExitCode::Success,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn render_all(arguments: &Arguments, color: Color) -> Result<(), Refused> {
    let format = arguments.reports.format;
    let output = arguments.output.iter();
    let output = output.map(|path| (path.as_path(), "the report".to_owned()));
    let workflow = arguments.reports.wants(Format::Github);
    let workflow = workflow.then(reports::Workflow::here);
    let added = workflow.iter().flat_map(reports::Workflow::files);
    let files = || {
        let own = arguments.reports.files().chain(output.clone());
        own.chain(added.clone())
    };
    let is_record = |path: &Path| whole::same(path, Path::new(&arguments.record));
    let is_read =
        |path: &Path| is_record(path) || arguments.record == "-" && stream::is_stdin(path);
    let clash = reports::twice(files())
        .or_else(|| reports::over(files(), &is_read))
        .or_else(|| reports::printed(files()).filter(|_| arguments.output.is_none()));
    if let Some(problem) = clash {
        return Err((ExitCode::Usage, vec![problem]));
    }
    let verdict = record(&arguments.record)?;
    let rendered = |format, told: &Told<'_>, printed: Option<bool>| match format {
        Format::Text => text::report(
            &verdict,
            Style {
                color: printed == Some(true),
                ..Style::default()
            },
        ),
        format => render(format, told),
    };
    let of_output = arguments.output.iter();
    let of_output = of_output.map(|path| (format, path.as_path(), "the report".to_owned()));
    let places = Places {
        format: Some(format).filter(|_| arguments.output.is_none()),
        files: of_output.chain(arguments.reports.named()).collect(),
        log: None,
        record: (arguments.record != "-").then(|| Path::new(&arguments.record)),
        workflow: workflow.as_ref(),
        render: &rendered,
    };
    let outcome = Outcome {
        verdict: Some(&verdict),
        code: exit(&verdict),
        policy: &verdict.policy.path,
        problems: &[],
        plots: &[],
    };
    let mut telling = Telling::new(&places, outcome, color);
    telling.all();
    match telling.failed() {
        [] => Ok(()),
        failed => Err((ExitCode::Input, failed.to_vec())),
    }
}
