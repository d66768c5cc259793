//! `gonogo man`: manual pages out of the same description as the help. A page never says what the help does not.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use gonogo::source::problem::nearest;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use super::judge::Refused;
use super::{Color, Printed, append, command, diagnostics, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo man | man -l -
  gonogo man eval | man -l -
  gonogo man --out ~/.local/share/man/man1

Exit codes: 0 printed or written, 2 usage, 4 a page cannot be written.";

/// When the pages were last gone through: a page without a date is none to those that check manuals.
const DATE: &str = "2026-11-22";

/// Print a manual page, or write all of them.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The command the page is of; by default that of gonogo itself.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder instead, over those of an earlier version.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let mut root = command().disable_help_subcommand(true);
    root.build();
    let done = match &arguments.out {
        Some(folder) => all(&root, folder),
        None => find(&root, &arguments.command).map(|found| print(&Printed::Made(&page(found)))),
    };
    match done {
        Ok(()) => ExitCode::Success,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

/// The command that words name.
fn find<'c>(root: &'c clap::Command, words: &[String]) -> Result<&'c clap::Command, Refused> {
    let mut found = root;
    for word in words {
        found = match found.find_subcommand(word) {
            Some(command) => command,
            None => return Err((ExitCode::Usage, vec![unknown(found, word)])),
        };
    }
    Ok(found)
}

fn unknown(of: &clap::Command, word: &str) -> Problem {
    if word == "help" {
        return Problem::new(Code::BadValue, "`help` has no page of its own")
            .help("`gonogo man` prints that of gonogo, `gonogo man COMMAND` that of a command");
    }
    let names = || of.get_subcommands().map(clap::Command::get_name);
    let help = match nearest(word, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if of.has_subcommands() => {
            let names: Vec<&str> = names().collect();
            format!("there are {}", names.join(", "))
        }
        None => format!("leave it out: `{}` has no commands", of.get_name()),
    };
    Problem::new(Code::BadValue, format!("there is no command `{word}`")).help(help)
}

/// Writes the page of a command, and those of its commands.
fn all(command: &clap::Command, folder: &Path) -> Result<(), Refused> {
    let failed = |path: &Path, error: &std::io::Error| {
        let why = if path == folder && path.is_file() {
            "it is a file, and no folder".into()
        } else {
            append::unwritten(error)
        };
        let message = format!("`{}` cannot be written: {why}", path.display());
        let help = "name a folder that can be written to with --out";
        let problem = Problem::new(Code::Unreadable, message).help(help);
        (ExitCode::Input, vec![problem])
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let path = folder.join(Man::new(command.clone()).get_filename());
    std::fs::write(&path, page(command)).map_err(|error| failed(&path, &error))?;
    command
        .get_subcommands()
        .try_for_each(|command| all(command, folder))
}

/// A page: what the help says, under the headings that readers of manuals look for.
fn page(command: &clap::Command) -> String {
    let man = Man::new(command.clone());
    let mut page = title(command).into_bytes();
    // Nothing that is written to memory fails.
    let _ = man.render_name_section(&mut page);
    let mut synopsis = Vec::new();
    let _ = man.render_synopsis_section(&mut synopsis);
    let _ = page.write_all(valued(&String::from_utf8_lossy(&synopsis), command).as_bytes());
    let _ = man.render_description_section(&mut page);
    let _ = man.render_options_section(&mut page);
    if command.has_subcommands() {
        let _ = man.render_subcommands_section(&mut page);
    }
    let _ = page.write_all(after(command).to_roff().as_bytes());
    plain(&String::from_utf8_lossy(&page))
}

/// A synopsis in which each option that takes a value stands with the name of that.
fn valued(synopsis: &str, command: &clap::Command) -> String {
    let escaped = |text: &str| text.replace('-', "\\-");
    let options = command
        .get_arguments()
        .filter(|arg| arg.get_action().takes_values());
    options.fold(synopsis.to_owned(), |text, arg| {
        let name = arg.get_value_names().and_then(<[_]>::first);
        let (Some(long), Some(name)) = (arg.get_long(), name) else {
            return text;
        };
        let flag = format!("\\fB\\-\\-{}\\fR", escaped(long));
        let with = format!("{flag} \\fI{}\\fR", escaped(name));
        [']', '>'].iter().fold(text, |text, end| {
            text.replace(&format!("{flag}{end}"), &format!("{with}{end}"))
        })
    })
}

/// The first line. The renderer's own loses the date that is not told, and takes the name of the program for one.
fn title(command: &clap::Command) -> String {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let version = env!("CARGO_PKG_VERSION");
    format!(
        ".TH \"{}\" \"1\" \"{DATE}\" \"gonogo {version}\" \"gonogo\"\n",
        name.to_uppercase()
    )
}

/// A page in ASCII, as every formatter reads it, without the line breaks beside an empty line that break nothing.
fn plain(page: &str) -> String {
    let lines: Vec<&str> = page.lines().collect();
    let spaced = |index: Option<usize>| {
        let line = index.and_then(|index| lines.get(index));
        line.is_some_and(|line| line.is_empty() || *line == ".sp")
    };
    let kept = lines.iter().enumerate().filter(|(index, line)| {
        **line != ".br" || !spaced(index.checked_sub(1)) && !spaced(index.checked_add(1))
    });
    let page: String = kept.map(|(_, line)| format!("{line}\n")).collect();
    let one = |c: char| match c {
        c if c.is_ascii() => c.to_string(),
        c => format!("\\[u{:04X}]", u32::from(c)),
    };
    page.chars().map(one).collect()
}

/// What stands behind the options: examples as they are typed, the exit codes under a heading of their own.
fn after(command: &clap::Command) -> Roff {
    let mut roff = Roff::new();
    let text = command.get_after_help();
    let text = text.map(ToString::to_string).unwrap_or_default();
    let mut notes = false;
    for part in text.split("\n\n") {
        if let Some(lines) = part.strip_prefix("Examples:\n") {
            roff.control("SH", ["EXAMPLES"]);
            roff.control("nf", []);
            for line in lines.lines() {
                roff.text([roman(line)]);
            }
            roff.control("fi", []);
        } else if let Some(codes) = part.strip_prefix("Exit codes: ") {
            roff.control("SH", ["EXIT STATUS"]);
            roff.text([roman(codes)]);
        } else if !part.trim().is_empty() {
            if notes {
                roff.control("PP", []);
            } else {
                roff.control("SH", ["NOTES"]);
            }
            roff.text([roman(part)]);
            notes = true;
        }
    }
    roff
}
