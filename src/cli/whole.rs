//! Files that are written whole wherever that can be done, and which file a path leads to. Knows nothing of what is written,
//! and never leaves what was there before to be taken for it.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::stream;

/// How many links in a row are followed.
const LINKS: usize = 40;

/// Why a file was not written.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub(super) error: io::Error,
    /// What was in it before is still there.
    pub(super) stands: bool,
}

/// Writes a text to a file in place of what is in it. A device or a pipe is written to as it is. What cannot be replaced is
/// written in place; where that fails too, what was there is taken away, if there is any way: nobody is to read it as new.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Unwritten> {
    let failed = |error| Unwritten {
        error,
        stands: false,
    };
    if stream::is(path) {
        return stream::write(path, text).map_err(failed);
    }
    let path = &leads_to(path);
    let there = match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return replaced(path, text, None).map_err(failed);
        }
        Err(error) => return Err(failed(error)),
    };
    replaced(path, text, Some(there.permissions()))
        .or_else(|_| in_place(path, text))
        .map_err(|error| Unwritten {
            error,
            stands: !gone(path),
        })
}

/// Puts a new file in the place of one, so that nobody ever sees half of it.
fn replaced(path: &Path, text: &str, there: Option<Permissions>) -> io::Result<()> {
    if there.is_some() {
        // Who may not write to a file may not put another one in its place.
        OpenOptions::new().write(true).open(path)?;
    }
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

/// Writes over what is in a file: one that is mounted cannot be replaced, and none in a folder that takes no new ones.
fn in_place(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
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
