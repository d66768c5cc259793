//! Lines added to a file that others may be adding to: all of them at once, or none.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};

use super::lock::lock;

/// Where a line goes.
#[derive(Clone, Debug)]
pub(super) enum To {
    /// To the end of a file of JSON Lines.
    File(PathBuf),
    /// To standard output.
    Stdout,
}

/// Where an argument says that lines go.
#[expect(clippy::unnecessary_wraps, reason = "the signature clap asks for")]
pub(super) fn to(text: &str) -> Result<To, String> {
    Ok(if text == "-" {
        To::Stdout
    } else {
        To::File(PathBuf::from(text))
    })
}

impl To {
    /// Whether a line could be added, as far as that can be known without adding one.
    pub(super) fn ready(&self) -> Result<(), Problem> {
        let Self::File(path) = self else {
            return Ok(());
        };
        json_lines(path)?;
        match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => {
                alone(&file, path).map_err(|error| unwritable(path, &error))?;
                whole(&file, path)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                match folder.filter(|folder| !folder.is_dir()) {
                    Some(_) => Err(unwritable(path, &error)),
                    None => Ok(()),
                }
            }
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    /// Adds a line, which ends with a line end.
    pub(super) fn add(&self, line: &str) -> Result<(), Problem> {
        self.add_all(&mut line.as_bytes())
    }

    /// Adds lines, each of which ends with a line end.
    pub(super) fn add_all(&self, lines: &mut impl BufRead) -> Result<(), Problem> {
        let Self::File(path) = self else {
            // A line that nobody got is lost, unlike a report beside an exit code.
            let mut out = std::io::stdout().lock();
            let wrote = copy(lines, &mut out).and_then(|()| out.flush());
            return wrote.map_err(|error| unwritable(Path::new("standard output"), &error));
        };
        self.ready()?;
        let failed = |error: std::io::Error| unwritable(path, &error);
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path);
        let mut file = file.map_err(failed)?;
        alone(&file, path).map_err(failed)?;
        whole(&file, path)?;
        // All of it at the end of the file: what others add stands before or behind it.
        let before = file.metadata().map_err(failed)?.len();
        copy(lines, &mut file).map_err(|error| {
            // A disk that is full took a part of it perhaps; nobody else can have added to it meanwhile.
            let _ = file.set_len(before);
            failed(error)
        })?;
        file.sync_data().map_err(failed)
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdout => "standard output".to_owned(),
        }
    }
}

/// Whether a path is called as a file of JSON Lines may be.
pub(super) fn json_lines(path: &Path) -> Result<(), Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.map(str::to_ascii_lowercase);
    let Some(ending @ ("json" | "yaml" | "yml" | "csv")) = ending.as_deref() else {
        return Ok(());
    };
    let message = format!("`{}` is no file of JSON Lines", path.display());
    let help = format!("a line can be added to a file ending in `.jsonl`, not in `.{ending}`");
    Err(Problem::new(Code::Unreadable, message).help(help))
}

/// How many bytes are written at once, or one line that is longer.
const CHUNK: usize = 256 * 1024;

/// Writes lines, none of them in two parts: where a file cannot be locked, what others add stands between two lines.
fn copy(lines: &mut impl BufRead, out: &mut impl Write) -> std::io::Result<()> {
    let mut chunk = Vec::new();
    loop {
        let read = lines.read_until(b'\n', &mut chunk)?;
        if read == 0 || chunk.len() >= CHUNK {
            out.write_all(&chunk)?;
            chunk.clear();
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// Waits until nobody else adds to a file, up to its being closed. A file that cannot be locked is none that waits.
fn alone(file: &File, path: &Path) -> std::io::Result<()> {
    match lock(file, &path.display().to_string()) {
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => Ok(()),
        other => other,
    }
}

/// Whether a file ends with a whole line: half of one would be read together with what is added.
fn whole(mut file: &File, path: &Path) -> Result<(), Problem> {
    let failed = |error: std::io::Error| unwritable(path, &error);
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() || metadata.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1)).map_err(failed)?;
    file.read_exact(&mut last).map_err(failed)?;
    if last == *b"\n" {
        return Ok(());
    }
    let message = format!("the last line of `{}` is not finished", path.display());
    Err(Problem::new(Code::Unreadable, message)
        .help("see what was written last, and end it with a line end, or remove it"))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let why = unwritten(error);
    Problem::new(
        Code::Unreadable,
        format!("`{}` cannot be written to: {why}", path.display()),
    )
    .help("name a file that can be written with --to")
}

/// Why a file was not written, in words.
pub(super) fn unwritten(error: &std::io::Error) -> Cow<'static, str> {
    let known = match error.kind() {
        std::io::ErrorKind::NotFound => "its folder does not exist",
        std::io::ErrorKind::PermissionDenied => "permission is denied",
        std::io::ErrorKind::IsADirectory => "it is a folder",
        std::io::ErrorKind::BrokenPipe => "whoever read it has gone away",
        _ => return told(&error.to_string()).into(),
    };
    known.into()
}

/// What the system says, without its number and what stands behind that.
fn told(error: &str) -> String {
    let said = error
        .split_once(" (os error")
        .map_or(error, |(said, _)| said);
    let mut chars = said.chars();
    let first = chars.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
