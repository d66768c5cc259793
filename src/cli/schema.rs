//! `gonogo schema`.

use std::path::PathBuf;

use clap::ValueEnum;
use gonogo::policy::check::Settings;
use gonogo::schema;
use gonogo::verdict::ExitCode;

use super::{Color, Printed, diagnostics, files, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo schema policy > policy.schema.json
  gonogo schema snapshot -p policies/phase9-canary > snapshot.schema.json

Exit codes: 0 printed, 2 usage, 3 bad policy, 5 no policy in the folder.";

/// Print a JSON Schema, for editors and for whoever produces snapshots.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Of what.
    of: Of,
    /// Narrow the schema of snapshots to the inputs of this policy.
    #[arg(short, long, value_name = "PATH")]
    policy: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Policies.
    Policy,
    /// Snapshots.
    Snapshot,
    /// Verdict records.
    Record,
    /// Events: the lines of a report as JSON Lines.
    Event,
    /// Checklists as JSON.
    Checklist,
    /// Differences between policies, as JSON.
    Diff,
    /// Files of waivers.
    Waivers,
    /// Suites of tests.
    Suite,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let schema = match (arguments.of, &arguments.policy) {
        (Of::Policy, None) => schema::policy(),
        (Of::Record, None) => schema::record(),
        (Of::Event, None) => schema::event(),
        (Of::Checklist, None) => schema::checklist(),
        (Of::Diff, None) => schema::diff(),
        (Of::Waivers, None) => schema::waivers(),
        (Of::Suite, None) => schema::suite(),
        (Of::Snapshot, None) => schema::snapshot(),
        (Of::Snapshot, Some(path)) => match files::policy(path, &Settings::new()) {
            Ok((policy, _)) => schema::snapshot_of(&policy),
            Err((code, problems)) => {
                diagnostics::report(&problems, color);
                return code;
            }
        },
        (
            Of::Policy
            | Of::Record
            | Of::Event
            | Of::Checklist
            | Of::Diff
            | Of::Waivers
            | Of::Suite,
            Some(_),
        ) => {
            let problem = gonogo::source::Problem::new(
                gonogo::source::Code::BadValue,
                "only snapshots have a schema for one policy",
            )
            .help("write `gonogo schema snapshot -p POLICY`");
            diagnostics::report(&[problem], color);
            return ExitCode::Usage;
        }
    };
    print(&Printed::Json(&schema));
    ExitCode::Success
}
