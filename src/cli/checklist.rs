//! `gonogo checklist`: the items of a stage, for people.

use clap::ValueEnum;
use gonogo::report::checklist::checklist;
use gonogo::verdict::ExitCode;

use super::judge::{self, Refused};
use super::{Color, Printed, diagnostics, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo checklist -p policies/phase9-canary --stage canary-5
  gonogo checklist -p policy.yaml -s snapshot.json -s evidence.jsonl
  gonogo checklist -p policy.yaml -s recorded/ --waivers waivers.yaml
  gonogo checklist -p policy.yaml -s snapshot.json >> \"$GITHUB_STEP_SUMMARY\"
  gonogo checklist -p policy.yaml --format json | jq '.sections[].items[]'

Without a snapshot everything is open.

Exit codes: those of eval: 0 go, 10 no-go, 11 no-go but not yet, 20 rollback; 2 usage, 3 bad policy, 4 bad input, \
5 no policy in the folder, 6 limit, 70 a bug in gonogo.";

/// List a stage's items: what is done, what is missing, who can supply it, by when.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    judged: judge::Arguments,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
    /// Print no warnings.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A task list, for people.
    Markdown,
    /// For programs.
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match list(arguments, color) {
        Ok(code) => code,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn list(arguments: &Arguments, color: Color) -> Result<ExitCode, Refused> {
    let beside = judge::Beside {
        quiet: arguments.quiet,
        draws: false,
        told: judge::Told::Record,
        refuse: &|_| None,
    };
    let judged = judge::judge(&arguments.judged, beside, |_, _, _| Ok(()))?;
    if !arguments.quiet {
        diagnostics::report(&judged.warnings, color);
    }
    diagnostics::report(&judged.limits, color);
    let list = checklist(&judged.verdict);
    match arguments.format {
        Format::Markdown => print(&Printed::Text(&list.to_markdown())),
        Format::Json => print(&Printed::Made(&list.to_json())),
    }
    Ok(judged.code)
}
