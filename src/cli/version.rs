//! `gonogo version`.

use gonogo::verdict::{Engine, ExitCode};

const AFTER_HELP: &str = "\
Examples:
  gonogo version
  gonogo version --json | jq -r '.exit_codes[] | \"\\(.code) \\(.meaning)\"'

Exit codes: 0 printed, 2 usage.";

/// Print the version.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// As JSON, with the table of exit codes.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let engine = Engine::default();
    if arguments.json {
        let value = serde_json::json!({
            "name": engine.name,
            "version": engine.version,
            "language": 1,
            "exit_codes": ExitCode::table(),
        });
        super::print(&super::Printed::Json(&value));
    } else {
        let told = format!("{} {}\n", engine.name, engine.version);
        super::print(&super::Printed::Text(&told));
    }
    ExitCode::Success
}
