//! Arguments in, exit code out: one file for each subcommand, none with an opinion on what a policy means.

mod append;
mod attest;
mod baseline;
mod check;
mod checklist;
mod completions;
#[cfg(feature = "cross-check")]
mod cross_check;
mod diagnostics;
mod diff;
mod eval;
mod evidence;
#[cfg(test)]
mod examples;
mod explain;
mod files;
mod given;
mod init;
mod judge;
mod levels;
mod lock;
mod log;
mod man;
mod passes;
mod plots;
mod printing;
mod progress;
mod quoted;
mod record;
mod replay;
mod report;
mod reports;
mod schema;
mod snapshot;
mod stream;
mod telling;
mod test;
mod version;
mod welcome;
mod whole;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, FromArgMatches, Parser, Subcommand, ValueEnum};
use printing::{Printed, print, printed};

const AFTER_HELP: &str = "\
Examples:
  gonogo init checkout
  gonogo eval -p policies/phase9-canary -s history.jsonl
  gonogo checklist -p policies/phase9-canary --stage canary-5
  gonogo attest -p policy.yaml --rule rollback-drill --by jon --role sre
  gonogo evidence -p policy.yaml --id unit-tests --commit 0f1e2d3 -- cargo test
  gonogo snapshot -p policy.yaml -s scraped.json >> history.jsonl
  gonogo check policies/
  gonogo diff old.yaml policy.yaml -s history.jsonl
  gonogo test policies/
  gonogo schema snapshot -p policies/phase9-canary
  gonogo replay record.json -p policies/phase9-canary -s history.jsonl

Exit codes: 0 go or nothing wrong, 1 findings, 2 usage, 3 bad policy, 4 bad input, 5 nothing to do, 6 limit, \
10 no-go, 11 no-go but not yet, 20 rollback, 70 a bug in gonogo.";

/// Decide from a policy and snapshots: go, no-go or rollback, with reasons.
#[derive(Debug, Parser)]
#[command(
    name = "gonogo",
    version,
    override_usage = "gonogo [OPTIONS] <COMMAND>",
    after_help = AFTER_HELP
)]
struct Arguments {
    /// When to use colour; NO_COLOR is heeded.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Without one it is told what to do next.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a policy, a history, tests and a pipeline that pass at once.
    Init(init::Arguments),
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
    /// Compare two policies: what changed in their rules, and which verdicts flip.
    Diff(diff::Arguments),
    /// Test policies against snapshot fixtures.
    Test(test::Arguments),
    /// Explain a diagnostic, or a verdict record in full.
    Explain(explain::Arguments),
    /// Compute a verdict record again and say what differs.
    Replay(replay::Arguments),
    /// Render a verdict record without evaluating anything.
    Report(report::Arguments),
    /// Check a log of verdict records.
    Log(log::Arguments),
    /// Print a JSON Schema.
    Schema(schema::Arguments),
    /// Print what completes a command line, for a shell.
    Completions(completions::Arguments),
    /// Print or write manual pages.
    Man(man::Arguments),
    /// Print the version, and with --json the table of exit codes.
    Version(version::Arguments),
}

/// The command line where its first word is `eval`: nothing else is built, for that is what runs in every pipeline.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version)]
struct Judging {
    /// When to use colour; NO_COLOR is heeded.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Judge,
}

#[derive(Debug, Subcommand)]
enum Judge {
    /// Judge a stage: verdict, reasons, exit code.
    Eval(eval::Arguments),
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
    std::panic::set_hook(Box::new(|panic| {
        // At once: whatever was to be told is no verdict any more, and no other code may be taken for one.
        say(&bug(panic));
        std::process::exit(gonogo::verdict::ExitCode::Bug.code().into());
    }));
    whole::outlive_limits();
    let arguments = parsed();
    let color = arguments.color;
    let code = match arguments.command {
        None => welcome::run(),
        Some(Command::Init(arguments)) => init::run(&arguments, color),
        Some(Command::Eval(arguments)) => eval::run(&arguments, color),
        Some(Command::Checklist(arguments)) => checklist::run(&arguments, color),
        Some(Command::Attest(arguments)) => attest::run(&arguments, color),
        Some(Command::Evidence(arguments)) => evidence::run(&arguments, color),
        Some(Command::Snapshot(arguments)) => snapshot::run(&arguments, color),
        Some(Command::Check(arguments)) => check::run(&arguments, color),
        Some(Command::Diff(arguments)) => diff::run(&arguments, color),
        Some(Command::Test(arguments)) => test::run(&arguments, color),
        Some(Command::Explain(arguments)) => explain::run(&arguments, color),
        Some(Command::Replay(arguments)) => replay::run(&arguments, color),
        Some(Command::Report(arguments)) => report::run(&arguments, color),
        Some(Command::Log(arguments)) => log::run(&arguments, color),
        Some(Command::Schema(arguments)) => schema::run(&arguments, color),
        Some(Command::Completions(arguments)) => completions::run(&arguments),
        Some(Command::Man(arguments)) => man::run(&arguments, color),
        Some(Command::Version(arguments)) => version::run(&arguments),
    };
    let code = match printing::untold() {
        Some(error) => {
            diagnostics::report(&[reports::unprintable("output", error)], color);
            gonogo::verdict::ExitCode::Input
        }
        None => code,
    };
    ExitCode::from(code.code())
}

/// The arguments of this process; it ends here where they are none.
fn parsed() -> Arguments {
    let words: Vec<OsString> = std::env::args_os().collect();
    let read = if words.get(1).is_some_and(|first| first == "eval") {
        judging(words)
    } else {
        read(command(), words)
    };
    read.map_err(near).unwrap_or_else(|error| {
        // What is wrong may be the name of a file that somebody else chose.
        let text = error.render().to_string();
        let told = gonogo::report::github::harmless(&text);
        if error.use_stderr() && told.trim_end() != text.trim_end() {
            say(told.trim_end());
        } else if let Err(failed) = printing::helped(&error) {
            // A help that nobody got is no success.
            diagnostics::report(&[reports::unprintable("help", &failed)], Color::Auto);
            std::process::exit(gonogo::verdict::ExitCode::Input.code().into());
        }
        std::process::exit(error.exit_code())
    })
}

/// The same error with the nearest of the commands that the word may mean; with none of them that is called only a little
/// like it.
fn near(mut error: clap::Error) -> clap::Error {
    let told = |kind| error.get(kind).cloned();
    let alike = match told(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(alike)) => alike,
        Some(ContextValue::String(alike)) => vec![alike],
        _ => return error,
    };
    if let Some(ContextValue::String(word)) = told(ContextKind::InvalidSubcommand) {
        let mut names = alike.iter().map(String::as_str);
        let nearest = gonogo::source::problem::nearest(&word, names.clone());
        match nearest.or_else(|| names.find(|name| word.starts_with(name))) {
            Some(near) => {
                let near = ContextValue::Strings(vec![near.to_owned()]);
                error.insert(ContextKind::SuggestedSubcommand, near);
            }
            None => {
                error.remove(ContextKind::SuggestedSubcommand);
                // An empty list, for which a line would be left.
                error.remove(ContextKind::Suggested);
            }
        }
    }
    error
}

/// What a panic says to people.
fn bug(panic: &impl std::fmt::Display) -> String {
    format!(
        "gonogo: this is a bug, and there is no verdict: {panic}\nPlease report it with the command line, the policy and \
         the snapshots that show it.\n"
    )
}

/// All commands with their arguments.
fn command() -> clap::Command {
    needing(Arguments::command()).mut_subcommand("replay", |replay| again(need(replay)))
}

/// The same of words that begin with `eval`.
fn judging(words: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let Judging { color, command } = read(needing(Judging::command()), words)?;
    let Judge::Eval(arguments) = command;
    let command = Some(Command::Eval(arguments));
    Ok(Arguments { color, command })
}

fn read<A: FromArgMatches>(command: clap::Command, words: Vec<OsString>) -> Result<A, clap::Error> {
    A::from_arg_matches(&command.try_get_matches_from(words)?)
}

/// What is judged is given to several, but a verdict without a snapshot is no use, where a list of all that is open is.
fn needing(command: clap::Command) -> clap::Command {
    command.mut_subcommand("eval", need)
}

/// Where nothing is given a record is computed again as it was.
fn again(replay: clap::Command) -> clap::Command {
    let helps = [
        (
            "now",
            "The instant to judge: `system`, `latest`, or an instant such as 2025-10-16T10:05:00Z; by default the record's",
        ),
        (
            "stage",
            "The stage to judge; by default the record's where it was asked for, else as then: the newest snapshot's, or the only one",
        ),
        (
            "set",
            "Set a parameter of the policy; repeatable. All others are the record's",
        ),
    ];
    let help = |replay: clap::Command, (arg, help): (&str, &'static str)| {
        replay.mut_arg(arg, |arg| arg.help(help))
    };
    helps.into_iter().fold(replay, help)
}

fn need(command: clap::Command) -> clap::Command {
    command.mut_arg("snapshots", |arg| arg.required(true))
}

/// The wall clock, to the millisecond: what a person can read.
fn clock() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// Says something to people, on standard error.
fn say(text: &str) {
    use std::io::Write as _;
    let text = gonogo::report::github::harmless(text);
    let mut stream = std::io::stderr().lock();
    if stream.write_all(text.as_bytes()).is_err() {
        // Nobody reads; the exit code still tells.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eval_alone_is_read_as_eval_among_all() {
        let told = |read: Result<Arguments, clap::Error>| match read {
            Ok(arguments) => format!("{arguments:?}"),
            Err(error) => format!("{:?}: {}", error.kind(), error.render().ansi()),
        };
        for line in [
            "eval",
            "eval -p p.yaml",
            "eval -p p.yaml -s a.json",
            "eval -p p.yaml -s a.json -s app=b.prom@2025-10-16T10:05:00Z --now latest --set a=1",
            "eval --color always -p p.yaml -s a.json --format json --record r.json --rule x -q",
            "eval -p p.yaml -s a.json --color=never --baseline before=b.json --stage s",
            "eval -p p.yaml -s a.json --color mauve",
            "eval -p p.yaml -s a.json --now noon",
            "eval -p p.yaml -s a.json --fromat json",
            "eval -p p.yaml -s a.json --format pdf",
            "eval -p p.yaml -s a.json -p q.yaml",
            "eval -p p.yaml -s a.json check",
            "eval help",
            "eval --help",
            "eval -h",
            "eval --version",
            "eval -V",
        ] {
            let words = || -> Vec<OsString> {
                let words = ["gonogo"].into_iter().chain(line.split(' '));
                words.map(OsString::from).collect()
            };
            assert_eq!(
                told(judging(words())),
                told(read(command(), words())),
                "{line}"
            );
        }
    }
}
