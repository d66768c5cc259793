//! `gonogo version`.

use gonogo::verdict::{Engine, ExitCode};

/// Print the version.
#[derive(Debug, clap::Args)]
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
        super::print(&format!("{value:#}\n"));
    } else {
        super::print(&format!("{} {}\n", engine.name, engine.version));
    }
    ExitCode::Success
}
