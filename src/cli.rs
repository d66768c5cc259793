//! Arguments in, exit code out: one file for each subcommand, none with an opinion on what a policy means.

mod append;
mod attest;
mod baseline;
mod check;
mod checklist;
#[cfg(feature = "cross-check")]
mod cross_check;
mod diagnostics;
mod eval;
mod evidence;
mod explain;
mod files;
mod given;
mod judge;
mod levels;
mod passes;
mod progress;
mod schema;
mod snapshot;
mod test;
mod version;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

const AFTER_HELP: &str = "\
Examples:
  gonogo eval -p policies/phase9-canary -s history.jsonl
  gonogo checklist -p policies/phase9-canary --stage canary-5
  gonogo attest -p policy.yaml --rule rollback-drill --by jon --role sre
  gonogo evidence -p policy.yaml --id unit-tests --commit 0f1e2d3 -- cargo test
  gonogo snapshot -p policy.yaml -s scraped.json >> history.jsonl
  gonogo check policies/
  gonogo test policies/
  gonogo schema snapshot -p policies/phase9-canary

Exit codes: 0 go or nothing wrong, 1 findings, 2 usage, 3 bad policy, 4 bad input, 5 nothing to do, 6 limit, \
10 no-go, 11 no-go but not yet, 20 rollback, 70 a bug in gonogo.";

/// Decide from a policy and snapshots: go, no-go or rollback, with reasons.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version, arg_required_else_help = true, after_help = AFTER_HELP)]
struct Arguments {
    /// When to use colour; NO_COLOR is heeded.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge a stage: verdict, reasons, exit code.
    Eval(eval::Arguments),
    /// List a stage's items: what is done, what is missing, who can supply it, by when.
    Checklist(checklist::Arguments),
    /// Write down what somebody attests or approves.
    Attest(attest::Arguments),
    /// Run a command and write down how it went.
    Evidence(evidence::Arguments),
    /// Write what snapshots say as lines of a history.
    Snapshot(snapshot::Arguments),
    /// Check policies, or snapshots against a policy.
    Check(check::Arguments),
    /// Test policies against snapshot fixtures.
    Test(test::Arguments),
    /// Explain a diagnostic.
    Explain(explain::Arguments),
    /// Print a JSON Schema.
    Schema(schema::Arguments),
    /// Print the version, and with --json the table of exit codes.
    Version(version::Arguments),
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to use colour on a stream.
    fn on(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
        }
    }
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let arguments = parsed();
    let color = arguments.color;
    let code = match arguments.command {
        Command::Eval(arguments) => eval::run(&arguments, color),
        Command::Checklist(arguments) => checklist::run(&arguments, color),
        Command::Attest(arguments) => attest::run(&arguments, color),
        Command::Evidence(arguments) => evidence::run(&arguments, color),
        Command::Snapshot(arguments) => snapshot::run(&arguments, color),
        Command::Check(arguments) => check::run(&arguments, color),
        Command::Test(arguments) => test::run(&arguments, color),
        Command::Explain(arguments) => explain::run(&arguments, color),
        Command::Schema(arguments) => schema::run(&arguments, color),
        Command::Version(arguments) => version::run(&arguments),
    };
    ExitCode::from(code.code())
}

/// The arguments of this process; it ends here where they are none.
fn parsed() -> Arguments {
    // What is judged is given to both, but a verdict without a snapshot is no use, where a list of all that is open is.
    let command = Arguments::command().mut_subcommand("eval", |eval| {
        eval.mut_arg("snapshots", |arg| arg.required(true))
    });
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// The wall clock, to the millisecond: what a person can read.
fn clock() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// Says something to people, on standard error.
fn say(text: &str) {
    use std::io::Write as _;
    let mut stream = std::io::stderr().lock();
    if writeln!(stream, "{text}").is_err() {
        // Nobody reads; the exit code still tells.
    }
}

/// Writes a report to standard output. A reader that has gone away does not change the verdict.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    if out
        .write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .is_err()
    {
        // Whoever closed the pipe has read enough; the exit code still tells.
    }
}
