//! Which reports are asked for, that no two of them are one file, and their writing. Renders nothing, and judges nothing.

mod workflow;

use std::path::{Path, PathBuf};

use clap::builder::{
    PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser as _,
};
use gonogo::report::Format;
use gonogo::source::problem::nearest;
use gonogo::source::{Code, Problem};

use super::append::unwritten;
use super::whole::Older;
use super::{stream, whole};
pub(super) use workflow::Workflow;

/// What is printed, and what is written beside it.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    pub(super) format: Format,
    /// Also write a report to a file, in a format of its own. Repeatable: all are of one evaluation.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report)]
    pub(super) report: Vec<(Format, PathBuf)>,
}

impl Arguments {
    /// Whether a format is asked for, printed or in a file.
    pub(super) fn wants(&self, format: Format) -> bool {
        let mut files = self.report.iter();
        self.format == format || files.any(|(wanted, _)| *wanted == format)
    }

    /// The files that are written, each with what it is to be.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Path, String)> {
        self.named().map(|(_, path, what)| (path, what))
    }

    /// The same, each with its format.
    pub(super) fn named(&self) -> impl Iterator<Item = (Format, &Path, String)> {
        let files = self.report.iter();
        files.map(|(format, path)| {
            (
                *format,
                path.as_path(),
                format!("the {} report", format.name()),
            )
        })
    }
}

/// Why two of some files may not be written: they are one.
pub(super) fn twice<'p>(files: impl Iterator<Item = (&'p Path, String)>) -> Option<Problem> {
    let mut before: Vec<(&Path, String)> = Vec::new();
    for (path, what) in files {
        // What is thrown away is never mixed up.
        if whole::leads_to(path) == Path::new("/dev/null") {
            continue;
        }
        if let Some((_, first)) = before.iter().find(|(other, _)| whole::same(path, other)) {
            return Some(refused(path, &format!("{first} and {what}")));
        }
        before.push((path, what));
    }
    None
}

/// Why some files may not be written: one of them is read.
pub(super) fn over<'p>(
    mut files: impl Iterator<Item = (&'p Path, String)>,
    is_read: &dyn Fn(&Path) -> bool,
) -> Option<Problem> {
    let (path, what) = files.find(|(path, _)| is_read(path))?;
    Some(refused(
        path,
        &format!("{what}, and is read by this evaluation"),
    ))
}

/// Why some files may not be written: one of them is where standard output goes.
pub(super) fn printed<'p>(mut files: impl Iterator<Item = (&'p Path, String)>) -> Option<Problem> {
    let (path, what) = files.find(|(path, _)| stream::is_stdout(path))?;
    Some(refused(path, &format!("standard output and {what}")))
}

fn refused(path: &Path, what: &str) -> Problem {
    let message = format!("`{}` would be {what}", path.display());
    Problem::new(Code::NameClash, message).help("give each report a file of its own")
}

/// A file that is written, where standard output has something else.
pub(super) fn file() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path == Path::new("-") {
            Err("standard output has one report, that of --format: name a file, `./-` for one of this name")
        } else {
            Ok(path)
        }
    })
}

/// Writes a file whole, or says why it is not written.
pub(super) fn write(path: &Path, what: &str, text: &str) -> Result<(), Problem> {
    whole::write(path, text).map_err(|failed| {
        let problem = unwritable(path, what, &failed.error);
        match failed.older {
            Older::None => problem,
            Older::Stands => problem.help(
                "name a file that can be written; an older file stands there still, and says nothing of this run",
            ),
            Older::Taken => problem.help(
                "name a file that can be written; the older file was taken away, so that nobody takes it for this one",
            ),
        }
    })
}

/// The folder that paths are relative to; empty where the system does not tell.
pub(super) fn folder() -> String {
    let folder = std::env::current_dir();
    folder.map_or_else(|_| String::new(), |folder| folder.display().to_string())
}

/// Why a report is not printed.
pub(super) fn unprintable(what: &str, error: &std::io::Error) -> Problem {
    let why = unwritten(error);
    let message = format!("the {what} cannot be written to standard output: {why}");
    Problem::new(Code::Unreadable, message)
        .help("see where standard output goes: a file's disk may be full")
}

fn unwritable(path: &Path, what: &str, error: &std::io::Error) -> Problem {
    let (path, why) = (path.display(), unwritten(error));
    let message = format!("{what} cannot be written to `{path}`: {why}");
    Problem::new(Code::Unreadable, message)
        .help("name a file that can be written; what is told above stands")
}

/// The formats as values of an argument.
fn formats() -> impl clap::builder::TypedValueParser<Value = Format> {
    let value = |format: &Format| PossibleValue::new(format.name()).help(format.meaning());
    PossibleValuesParser::new(Format::ALL.iter().map(value))
        .map(|name| Format::named(&name).unwrap_or(Format::Text))
}

/// `FORMAT=PATH`.
fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (name, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("expected a format and a file: junit=gate.xml")?;
    let format = Format::named(name).ok_or_else(|| unknown(name))?;
    if path == "-" {
        return Err(format!(
            "standard output has one report, that of --format: write --format {name}"
        ));
    }
    Ok((format, PathBuf::from(path)))
}

fn unknown(name: &str) -> String {
    let names = || Format::ALL.iter().map(|format| format.name());
    let near =
        nearest(name, names()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let all: Vec<&str> = names().collect();
    format!("`{name}` is none of {}{near}", all.join(", "))
}
