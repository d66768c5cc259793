//! A record as an argument: a file, or `-`. Opens it, and says what is wrong with it; never what it means.

use std::path::Path;

use gonogo::source::{MAX_DOCUMENT, Problem, text};
use gonogo::verdict::{ExitCode, Verdict, read};

use super::files;
use super::judge::Refused;

/// Reads a record.
pub(super) fn record(argument: &str) -> Result<Verdict, Refused> {
    let refused = |problems: Vec<Problem>| (ExitCode::Input, problems);
    let source = if argument == "-" {
        stdin()
    } else {
        files::document(Path::new(argument))
    };
    let source = source.map_err(|problem| refused(vec![problem]))?;
    read::read(&source).map_err(refused)
}

fn stdin() -> Result<gonogo::source::Source, Problem> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let input = std::io::stdin().lock().take(MAX_DOCUMENT as u64 + 1);
    let mut input = input;
    input.read_to_end(&mut bytes).map_err(|error| {
        let message = format!("standard input cannot be read: {error}");
        Problem::new(gonogo::source::Code::Unreadable, message).help("give the record as a file")
    })?;
    text("<stdin>", bytes)
}

/// The exit code that a record has; reading has seen that it is one.
pub(super) fn exit(verdict: &Verdict) -> ExitCode {
    let mut codes = ExitCode::ALL.iter();
    let code = codes.find(|code| code.code() == verdict.exit_code);
    code.copied().unwrap_or(ExitCode::Bug)
}
