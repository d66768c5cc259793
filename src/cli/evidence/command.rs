//! A command that is run: its output passed through as it comes, and what it came to.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom, Write};
use std::process::{Command, Stdio};

use gonogo::policy::draft::evidence::Ran;
use gonogo::source::{Code, Problem};
use sha2::{Digest as _, Sha256};

use crate::cli::clock;
use crate::cli::quoted::quoted;

/// How many bytes are passed on at once.
const BUFFER: usize = 64 * 1024;

/// Runs a command. Its standard output goes to standard error where that of this program is wanted for something else.
pub(super) fn run(command: &[OsString], aside: bool) -> Result<Ran, Problem> {
    let (program, arguments) = command.split_first().ok_or_else(|| failed("nothing", ""))?;
    let name = program.to_string_lossy();
    // What it writes to standard error is told apart from the rest: it is digested behind it.
    let mut errors = tempfile::tempfile().map_err(|error| failed(&name, &error.to_string()))?;
    let started = clock();
    let mut process = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| unstartable(&name, &error))?;
    let broken = || failed(&name, "its output cannot be read");
    let (out, err) = process
        .stdout
        .take()
        .zip(process.stderr.take())
        .ok_or_else(broken)?;
    let (digest, kept) = std::thread::scope(|scope| {
        let copying = scope.spawn(|| keep(err, &mut errors));
        let digest = if aside {
            digested(out, std::io::stderr())
        } else {
            digested(out, std::io::stdout())
        };
        (digest, copying.join())
    });
    let mut digest = digest.map_err(|error| failed(&name, &error.to_string()))?;
    kept.map_err(|_| broken())?
        .map_err(|error| failed(&name, &error.to_string()))?;
    let status = process
        .wait()
        .map_err(|error| failed(&name, &error.to_string()))?;
    let at = clock();
    add(&mut digest, &mut errors).map_err(|error| failed(&name, &error.to_string()))?;
    let hex: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Ran {
        command: line(command),
        exit_code: status.code(),
        started,
        at,
        digest: format!("sha256:{hex}"),
    })
}

/// Passes bytes on and digests them. A reader that has gone away stops nothing.
fn digested(mut from: impl Read, mut to: impl Write) -> std::io::Result<Sha256> {
    let mut digest = Sha256::new();
    copy(&mut from, |part| {
        digest.update(part);
        let _ = to.write_all(part).and_then(|()| to.flush());
        Ok(())
    })?;
    Ok(digest)
}

/// Passes bytes on to standard error, and keeps them.
fn keep(mut from: impl Read, file: &mut File) -> std::io::Result<()> {
    copy(&mut from, |part| {
        let _ = std::io::stderr().write_all(part);
        file.write_all(part)
    })
}

fn add(digest: &mut Sha256, file: &mut File) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    copy(file, |part| {
        digest.update(part);
        Ok(())
    })
}

fn copy(
    from: &mut impl Read,
    mut part: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => part(buffer.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The command as a person would write it.
fn line(command: &[OsString]) -> String {
    let words = command.iter().map(|word| quoted(&word.to_string_lossy()));
    words.collect::<Vec<_>>().join(" ")
}

fn unstartable(name: &str, error: &std::io::Error) -> Problem {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such program",
        std::io::ErrorKind::PermissionDenied => "permission is denied",
        _ => "the system refuses it",
    };
    Problem::new(
        Code::Unreadable,
        format!("`{name}` cannot be started: {why}"),
    )
    .help("nothing was written down; a command of a shell is run by `sh -c '…'`")
}

fn failed(name: &str, why: &str) -> Problem {
    Problem::new(
        Code::Unreadable,
        format!("`{name}` cannot be followed: {why}"),
    )
    .help("nothing was written down; run it again")
}
