//! Destinations that hold nothing: devices, pipes, and what the process was given open. They are written to as they are, never
//! replaced, and never twice.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many links in a row are followed.
const LINKS: usize = 40;

/// Whether a path is such a destination. Where standard output is a file, `/dev/stdout` is one all the same.
pub(super) fn is(path: &Path) -> bool {
    let held = || std::fs::metadata(path).is_ok_and(|found| found.is_file() || found.is_dir());
    descriptor(path).is_some() || (path.exists() && !held())
}

/// Whether what is written there is read by somebody as it comes, or may be: of a pipe, and of what the process was given open.
pub(super) fn is_pipe(path: &Path) -> bool {
    descriptor(path).is_some() || std::fs::metadata(path).is_ok_and(|found| piped(&found))
}

#[cfg(unix)]
fn piped(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    found.file_type().is_fifo()
}

#[cfg(not(unix))]
fn piped(_: &std::fs::Metadata) -> bool {
    false
}

/// Writes a text behind what was written before.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let all = |out: &mut dyn Write| {
        out.write_all(text.as_bytes())?;
        out.flush()
    };
    match descriptor(path) {
        // By their own: another one on the same file would begin where nothing was written yet.
        Some(1) => all(&mut io::stdout().lock()),
        Some(2) => all(&mut io::stderr().lock()),
        _ => all(&mut OpenOptions::new().append(true).open(path)?),
    }
}

/// Whether writing to a path would write to where standard output goes: by its own name, or by that of the file it is.
pub(super) fn is_stdout(path: &Path) -> bool {
    let descriptor = descriptor(path);
    descriptor == Some(1)
        || descriptor.is_none() && of(path).is_some_and(|found| Some(found) == opened(io::stdout()))
}

/// Whether a path is the file that standard input is.
pub(super) fn is_stdin(path: &Path) -> bool {
    of(path).is_some_and(|found| Some(found) == opened(io::stdin()))
}

/// Which of the open files of this process a path names, by whichever link.
fn descriptor(path: &Path) -> Option<u32> {
    let mut path = std::path::absolute(path).ok()?;
    for _ in 0..LINKS {
        if let Some(number) = numbered(&path) {
            return Some(number);
        }
        let link = path.read_link().ok()?;
        path = path
            .parent()
            .map_or_else(PathBuf::new, Path::to_owned)
            .join(link);
    }
    None
}

fn numbered(path: &Path) -> Option<u32> {
    let number = path.file_name()?.to_str()?.parse().ok()?;
    let folder = path.parent()?.canonicalize().ok()?;
    let own = ["/dev/fd", "/proc/self/fd"];
    let mut own = own
        .iter()
        .filter_map(|own| Path::new(own).canonicalize().ok());
    own.any(|own| own == folder).then_some(number)
}

/// What a file on a disk is known by there; none of what is no file.
#[cfg(unix)]
fn node(found: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    found.is_file().then(|| (found.dev(), found.ino()))
}

#[cfg(unix)]
fn of(path: &Path) -> Option<(u64, u64)> {
    node(&std::fs::metadata(path).ok()?)
}

#[cfg(unix)]
fn opened(stream: impl std::os::fd::AsFd) -> Option<(u64, u64)> {
    let held = stream.as_fd().try_clone_to_owned().ok()?;
    node(&File::from(held).metadata().ok()?)
}

#[cfg(not(unix))]
fn of(_: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(not(unix))]
fn opened<S>(_: S) -> Option<(u64, u64)> {
    None
}
