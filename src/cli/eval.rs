//! `gonogo eval`: the main job.

use std::path::PathBuf;

use clap::ValueEnum;
use gonogo::report::text::{self, Style};
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use super::judge::{self, Judged, Refused};
use super::{Color, diagnostics, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo eval -p policies/phase9-canary -s history.jsonl
  gonogo eval -p policy.yaml -s canary.json -s incidents.json --stage canary-5
  curl -s https://metrics.example/snapshot | gonogo eval -p policy.yaml -s -
  gonogo eval -p policy.yaml -s recorded/ --now latest --format json | jq .reason

Exit codes: 0 go, 10 no-go, 11 no-go but not yet, 20 rollback; 2 usage, 3 bad policy, 4 bad input, 6 limit, \
70 a bug in gonogo.";

/// Judge a stage: verdict, reasons, exit code.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    judged: judge::Arguments,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    /// Also write the verdict record, as JSON, to a file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Show the findings of this rule only; never changes the verdict. Repeatable.
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// Evaluate every condition with a second engine too; where the two differ there is no verdict, and the exit code
    /// is 70.
    #[cfg(feature = "cross-check")]
    #[arg(long)]
    cross_check: bool,
    /// Print the verdict alone, and no warnings.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people.
    Text,
    /// The verdict record.
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match judge(arguments, color) {
        Ok(code) => code,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn judge(arguments: &Arguments, color: Color) -> Result<ExitCode, Refused> {
    let judged = judge::judge(
        &arguments.judged,
        arguments.quiet,
        |policy, question, judgement| {
            let mut unknown = arguments
                .rule
                .iter()
                .filter_map(|id| unknown_rule(question.stage, id));
            if let Some(problem) = unknown.next() {
                return Err((ExitCode::Usage, vec![problem]));
            }
            #[cfg(not(feature = "cross-check"))]
            let _ = (policy, judgement);
            #[cfg(feature = "cross-check")]
            if arguments.cross_check
                && let Err(code) = super::cross_check::run(policy, judgement, arguments.quiet)
            {
                return Err((code, Vec::new()));
            }
            Ok(())
        },
    )?;
    let Judged {
        verdict,
        code,
        warnings,
        limits,
    } = judged;
    if !arguments.quiet {
        diagnostics::report(&warnings, color);
    }
    // Even a quiet run says why it ends with a code of its own.
    diagnostics::report(&limits, color);
    match arguments.format {
        ReportFormat::Json => print(&verdict.to_json()),
        ReportFormat::Text => print(&text::report(
            &verdict,
            Style {
                color: color.on(&std::io::stdout()),
                rules: &arguments.rule,
                brief: arguments.quiet,
            },
        )),
    }
    if let Some(path) = &arguments.record
        && let Err(error) = std::fs::write(path, verdict.to_json())
    {
        return Err((ExitCode::Input, vec![unwritable(path, &error)]));
    }
    Ok(code)
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Problem {
    let why = super::append::unwritten(error);
    Problem::new(
        Code::Unreadable,
        format!(
            "the record cannot be written to `{}`: {why}",
            path.display()
        ),
    )
    .help("name a file that can be written; the verdict above stands")
}

fn unknown_rule(stage: &gonogo::policy::Stage, id: &str) -> Option<Problem> {
    let ids = || {
        stage
            .rules
            .iter()
            .map(|rule| rule.id.as_ref())
            .chain(["stage.bake", "stage.traffic"])
    };
    if ids().any(|known| known == id) {
        return None;
    }
    let help = gonogo::source::problem::nearest(id, ids()).map_or_else(
        || format!("there are {}", ids().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Some(
        Problem::new(
            Code::UnknownRule,
            format!("the stage `{}` has no rule `{id}`", stage.name),
        )
        .help(help),
    )
}
