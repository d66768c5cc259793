//! Standard output: the one place through which all goes that a command prints. Whoever prints says what it is, so that no
//! text out of a file becomes a command of the runner that reads along.

use std::borrow::Cow;
use std::io::Write as _;
use std::sync::OnceLock;

use gonogo::report::Format;
use gonogo::report::github::harmless;
use gonogo::source::visible::pretty;
use serde_json::Value as Json;

/// What is printed.
pub(super) enum Printed<'t> {
    /// A text for people: what a runner would take for a command is written with a blank in it.
    Text(&'t str),
    /// A value for programs.
    Json(&'t Json),
    /// A document in which its writer left no such command: a report, JSON that the library wrote; and scripts and manuals,
    /// in which all is of this program.
    Made(&'t str),
}

impl<'t> Printed<'t> {
    /// A report in a format.
    pub(super) fn report(format: Format, text: &'t str) -> Self {
        match format {
            Format::Text => Self::Text(text),
            _ => Self::Made(text),
        }
    }

    /// What is printed of it.
    pub(super) fn text(&self) -> Cow<'t, str> {
        match self {
            Self::Text(text) => harmless(text).into(),
            Self::Json(value) => pretty(value).into(),
            Self::Made(text) => (*text).into(),
        }
    }
}

/// Why something could not be written to standard output: the process ends with that.
static UNTOLD: OnceLock<std::io::Error> = OnceLock::new();

/// Why something could not be written to standard output, if it could not.
pub(super) fn untold() -> Option<&'static std::io::Error> {
    UNTOLD.get()
}

/// Writes to standard output. A reader that has gone away changes nothing; where nobody can be told, the process ends with a
/// code of its own.
pub(super) fn print(what: &Printed<'_>) {
    if let Err(error) = printed(what) {
        // The first failure is told.
        let _ = UNTOLD.set(error);
    }
}

/// A help, a version or what is wrong with the arguments, each where it belongs, and why it could not be written.
pub(super) fn helped(error: &clap::Error) -> std::io::Result<()> {
    let wrote = error.print().and_then(|()| std::io::stdout().flush());
    unless_gone(wrote)
}

/// Writes to standard output, and tells why that could not be. Whoever closed the pipe has read enough; the exit code still tells.
pub(super) fn printed(what: &Printed<'_>) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let wrote = out.write_all(what.text().as_bytes());
    unless_gone(wrote.and_then(|()| out.flush()))
}

fn unless_gone(wrote: std::io::Result<()>) -> std::io::Result<()> {
    match wrote {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
