//! `gonogo explain`: the page of a diagnostic, and the list of all. Never reads a file: the pages are in the program.

mod pages;

use std::fmt::Write as _;

use anstyle::Style;
use gonogo::source::Code;
use gonogo::source::problem::nearest;
use gonogo::verdict::ExitCode;

use super::{Color, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo explain type-mismatch
  gonogo explain --list";

/// Explain a diagnostic: what is wrong, why it matters, a wrong and a right example.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The code of a diagnostic, as it stands above its message.
    #[arg(value_parser = code, required_unless_present = "list", conflicts_with = "list")]
    code: Option<Code>,
    /// List all codes, each with what it means.
    #[arg(long)]
    list: bool,
}

fn code(text: &str) -> Result<Code, String> {
    let known = |code: &&Code| code.name() == text;
    if let Some(code) = Code::ALL.iter().find(known) {
        return Ok(*code);
    }
    // No code has a dot or a slash in it.
    if text.contains(['.', '/', '\\']) {
        return Err("this looks like a file; only the code of a diagnostic can be explained, a verdict record not yet".to_owned());
    }
    let hint = "`gonogo explain --list` lists all codes";
    let names = Code::ALL.iter().map(|code| code.name());
    Err(match nearest(text, names) {
        Some(near) => format!("did you mean `{near}`? {hint}"),
        None => format!("there is no such code; {hint}"),
    })
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match arguments.code {
        None => print(&list()),
        Some(code) if color.on(&std::io::stdout()) => print(&styled(pages::page(code))),
        Some(code) => print(pages::page(code)),
    }
    ExitCode::Success
}

fn list() -> String {
    let names = Code::ALL.iter().map(|code| code.name().len());
    let width = names.max().unwrap_or_default();
    let mut list = String::new();
    for code in Code::ALL {
        let _ = writeln!(list, "{:width$}  {}", code.name(), code.meaning());
    }
    list
}

/// A page for a terminal: headings bold, examples indented under the names of their files.
fn styled(page: &str) -> String {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let mut text = String::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside;
            if inside && info.contains(' ') {
                let _ = writeln!(text, "    {dim}{info}{dim:#}");
            }
        } else if inside {
            let _ = writeln!(text, "    {line}");
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().trim_matches('`');
            let _ = writeln!(text, "{bold}{heading}{bold:#}");
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
