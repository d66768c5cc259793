//! Files that are written whole wherever that can be done, and which file a path leads to. Knows nothing of what is written,
//! and never leaves what was there before to be taken for it.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::stream;

/// How many links in a row are followed.
const LINKS: usize = 40;

/// Why a file was not written.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub(super) error: io::Error,
    pub(super) older: Older,
}

/// What became of the file that stood there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Older {
    /// There was none.
    None,
    /// It is as it was.
    Stands,
    /// It is gone, or empty.
    Taken,
}

/// From here on a file that would grow over the size that is allowed (`ulimit -f`) cannot be written, like one on a full
/// disk. Without it the process would be ended by a signal, whatever it had still to say.
pub(super) fn outlive_limits() {
    #[cfg(unix)]
    {
        use signal_hook::consts::signal::SIGXFSZ;
        // Where it cannot be so the signal ends the process, and no code is taken for a verdict.
        let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
    }
}

/// Writes a text to a file in place of what is in it. A device or a pipe is written to as it is. What cannot be replaced is
/// written in place; where that fails too, half of a file, and what is known to be a report, is taken away, if there is any
/// way: nobody is to read it as new. What else stands there is left alone.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Unwritten> {
    let failed = |older| move |error| Unwritten { error, older };
    if stream::is(path) {
        return stream::write(path, text).map_err(failed(Older::None));
    }
    let found = match is_folder(path).then(|| std::fs::metadata(path)) {
        Some(Ok(_)) => return Err(failed(Older::None)(io::ErrorKind::IsADirectory.into())),
        Some(Err(error)) => return Err(failed(Older::None)(error)),
        None => leads_to(path),
    };
    let path = &found;
    let there = match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            return Err(failed(Older::None)(io::ErrorKind::IsADirectory.into()));
        }
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return replaced(path, text, None).map_err(failed(Older::None));
        }
        Err(error) => return Err(failed(Older::None)(error)),
    };
    if replaced(path, text, Some(there.permissions())).is_ok() {
        return Ok(());
    }
    in_place(path, text).map_err(|(error, begun)| {
        let taken = (begun || is_report(path)) && gone(path);
        failed(if taken { Older::Taken } else { Older::Stands })(error)
    })
}

/// Whether a path can only be that of a folder, by how it ends.
fn is_folder(path: &Path) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    let last = path.rsplit(|byte| *byte == b'/').next();
    matches!(last, Some(b"" | b"." | b".."))
}

/// Puts a new file in the place of one, so that nobody ever sees half of it. Whether it may be is a matter of its folder, as
/// with any other file there.
fn replaced(path: &Path, text: &str, there: Option<Permissions>) -> io::Result<()> {
    let folder = folder(path).unwrap_or_else(|| Path::new("."));
    let mut beside = builder().tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    if let Some(permissions) = there {
        beside.as_file().set_permissions(permissions)?;
    }
    beside.as_file().sync_data()?;
    beside.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Writes over what is in a file: one that is mounted cannot be replaced, and none in a folder that takes no new ones. On an
/// error, also whether what was there is lost.
fn in_place(path: &Path, text: &str) -> Result<(), (io::Error, bool)> {
    let mut file = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(path)
        .map_err(|error| (error, false))?;
    let wrote = file.write_all(text.as_bytes());
    wrote
        .and_then(|()| file.sync_data())
        .map_err(|error| (error, true))
}

/// What stands near the beginning of reports that say whose they are.
const MARKS: [&[u8]; 4] = [
    b"<testsuites name=\"gonogo ",
    b"\"gonogo\": 1",
    b"\"gonogo\":1",
    b"\"name\": \"gonogo\"",
];

/// Whether a file that cannot be written is known to be a report of an earlier run.
fn is_report(path: &Path) -> bool {
    let mut begin = Vec::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(1 << 16).read_to_end(&mut begin))
        .is_ok();
    let holds = |mark: &[u8]| begin.windows(mark.len()).any(|part| part == mark);
    read && MARKS.into_iter().any(holds)
}

/// Takes away what is in a file, whether that succeeded.
fn gone(path: &Path) -> bool {
    let emptied = || OpenOptions::new().write(true).truncate(true).open(path);
    std::fs::remove_file(path).is_ok() || emptied().is_ok()
}

/// A file beside another one, which whoever may read new files may read.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".gonogo-").suffix(".new");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// What a path leads to, by whichever name; of one that leads nowhere, where a file of that name would be.
pub(super) fn leads_to(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if let Ok(known) = path.canonicalize() {
            return known;
        }
        let above = folder(&path).unwrap_or_else(|| Path::new(".")).to_owned();
        match path.read_link() {
            Ok(link) => path = above.join(link),
            Err(_) => {
                let above = above.canonicalize();
                let name = path.file_name();
                return match (above, name) {
                    (Ok(above), Some(name)) => above.join(name),
                    _ => path,
                };
            }
        }
    }
    path
}

/// The folder a file lies in; none for the one the process runs in.
fn folder(path: &Path) -> Option<&Path> {
    let folder = path.parent();
    folder.filter(|folder| !folder.as_os_str().is_empty())
}

/// Whether two paths are one file: by the same name, by a link, or by a second name on the disk.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    leads_to(one) == leads_to(other) || node(one).is_some_and(|found| Some(found) == node(other))
}

/// What a file on a disk is known by there, whatever its names.
#[cfg(unix)]
fn node(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn node(_: &Path) -> Option<(u64, u64)> {
    None
}
