//! `gonogo explain`: the page of a diagnostic, the list of all, or a record in full. The pages are in the program.

mod pages;
mod recorded;

use std::fmt::Write as _;
use std::path::Path;

use anstyle::Style;
use gonogo::source::problem::nearest;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use super::judge::Refused;
use super::{Color, Printed, diagnostics, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo explain type-mismatch
  gonogo explain --list
  gonogo explain record.json
  gonogo explain record.json error-spike

What is the code of a diagnostic is that; a file of such a name is ./CODE.

Exit codes: 0 explained, 2 usage, 4 a record that cannot be read.";

/// Explain a diagnostic: what is wrong, why it matters, a wrong and a right example. Or a verdict record, in full.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The code of a diagnostic, as it stands above its message; or a verdict record, or `-`.
    #[arg(value_name = "CODE|RECORD", value_parser = what, required_unless_present = "list", conflicts_with = "list")]
    what: Option<What>,
    /// Of a record: this rule only, or one item of it, `error-rate[csv]`.
    #[arg(conflicts_with = "list")]
    rule: Option<String>,
    /// List all codes, each with what it means.
    #[arg(long)]
    list: bool,
}

/// What is to be explained.
#[derive(Clone, Debug)]
enum What {
    /// A diagnostic.
    Code(Code),
    /// A record, by its file.
    Record(String),
}

fn what(text: &str) -> Result<What, String> {
    let known = |code: &&Code| code.name() == text;
    if let Some(code) = Code::ALL.iter().find(known) {
        return Ok(What::Code(*code));
    }
    // No code has a dot or a slash in it.
    if text == "-" || text.contains(['.', '/', '\\']) || Path::new(text).exists() {
        return Ok(What::Record(text.to_owned()));
    }
    let hint = "`gonogo explain --list` lists all codes";
    let names = Code::ALL.iter().map(|code| code.name());
    Err(match nearest(text, names) {
        Some(near) => format!("did you mean `{near}`? {hint}"),
        None => format!("there is no such code, and no such file; {hint}"),
    })
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match explained(arguments, color) {
        Ok(text) => {
            print(&Printed::Text(&text));
            ExitCode::Success
        }
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn explained(arguments: &Arguments, color: Color) -> Result<String, Refused> {
    let color = color.on(&std::io::stdout());
    match (&arguments.what, arguments.rule.as_deref()) {
        (None, _) => Ok(list()),
        (Some(What::Record(path)), rule) => recorded::explained(path, rule, color),
        (Some(What::Code(code)), Some(rule)) => {
            let message = format!("`{code}` is the code of a diagnostic, and has no rule `{rule}`");
            let help = format!("name a record, or ./{code} for a file of that name");
            let problem = Problem::new(Code::BadValue, message).help(help);
            Err((ExitCode::Usage, vec![problem]))
        }
        (Some(What::Code(code)), None) if color => Ok(styled(pages::page(*code))),
        (Some(What::Code(code)), None) => Ok(pages::page(*code).to_owned()),
    }
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
