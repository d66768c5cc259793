//! `gonogo log`: a log of records, checked.

pub(super) mod add;

use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use clap::{Subcommand, ValueEnum};
use gonogo::report::log;
use gonogo::source::{Code, MAX_DOCUMENT, Problem};
use gonogo::verdict::ExitCode;
use gonogo::verdict::log::{Audit, Chain, is_digest};

use super::judge::Refused;
use super::progress::Progress;
use super::{Color, Printed, diagnostics, files, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo eval -p policy.yaml -s history.jsonl --log verdicts.jsonl
  gonogo log verify verdicts.jsonl

Exit codes: 0 whole, 1 something is wrong with it, 2 usage, 4 it cannot be read or has no line.";

/// Check a log of records, which `eval --log` writes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find what was changed, taken out, put in or put elsewhere, and say what cannot be found.
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
struct Verify {
    /// The log, or `-`.
    #[arg(value_name = "FILE")]
    file: String,
    /// The digest of a line that was kept elsewhere, best that of the last one: it must be in the log still.
    #[arg(long, value_name = "DIGEST", value_parser = head)]
    head: Option<String>,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

fn head(text: &str) -> Result<String, String> {
    if is_digest(text) {
        Ok(text.to_owned())
    } else {
        Err("write `sha256:` and the 64 digits that `gonogo log verify` shows as head".to_owned())
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let Command::Verify(verify) = &arguments.command;
    match read(verify) {
        Ok(audit) => {
            match verify.format {
                Format::Text => print(&Printed::Text(&log::text(&verify.file, &audit))),
                Format::Json => print(&Printed::Made(&log::json(&verify.file, &audit))),
            }
            if audit.whole {
                ExitCode::Success
            } else {
                ExitCode::Findings
            }
        }
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn read(verify: &Verify) -> Result<Audit, Refused> {
    let refused = |problem: Problem| (ExitCode::Input, vec![problem]);
    let audit = if verify.file == "-" {
        through(&mut std::io::stdin().lock(), verify, None)
    } else {
        let path = Path::new(&verify.file);
        let file = files::open(path).map_err(refused)?;
        let length = file.metadata().ok().map(|metadata| metadata.len());
        through(&mut BufReader::new(file), verify, length)
    };
    let audit =
        audit.map_err(|error| refused(files::unreadable(Path::new(&verify.file), &error)))?;
    if audit.lines == 0 {
        let message = format!("the log `{}` has no line", verify.file);
        let problem = Problem::new(Code::Empty, message);
        return Err(refused(problem.help(
            "name the file that `gonogo eval --log` wrote; if this is it, somebody has emptied it",
        )));
    }
    Ok(audit)
}

/// Reads all of it, a line at a time.
fn through(
    input: &mut impl BufRead,
    verify: &Verify,
    length: Option<u64>,
) -> std::io::Result<Audit> {
    let pass = Progress::new(true).pass("checking", length);
    let mut chain = Chain::new(verify.head.clone());
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input
            .by_ref()
            .take(MAX_DOCUMENT as u64 + 1)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(chain.finish());
        }
        pass.add(read as u64, 1);
        if read > MAX_DOCUMENT {
            input.skip_until(b'\n')?;
            chain.broken("it is longer than 64 MiB, which no line of a log is");
            continue;
        }
        match std::str::from_utf8(&line) {
            Ok(line) => chain.take(line),
            Err(_) => chain.broken("it is not UTF-8 text"),
        }
    }
}
