//! Files written all or none, each where there is none yet. It decides nothing about what is in them.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};

use crate::cli::append::unwritten;

/// Writes all files into a folder, or says why none is written. One that says just that already is left as it is, and so is
/// a page that somebody has written; gives which were left.
pub(super) fn all(folder: &Path, files: &[(PathBuf, &str)]) -> Result<Vec<PathBuf>, Problem> {
    let mut taken = BTreeSet::new();
    let mut left = Vec::new();
    for (path, text) in files {
        if stays(path, text) {
            left.push(path.clone());
            continue;
        }
        // The folder itself, those below it, and the file.
        let outside = folder.components().count().max(1);
        let above = path.ancestors().skip(1);
        let above: Vec<&Path> = above
            .take_while(|above| !above.as_os_str().is_empty())
            .take_while(|above| above.components().count() >= outside)
            .collect();
        match above.iter().find(|above| file(above)) {
            Some(above) => taken.insert((*above).to_owned()),
            None => path.symlink_metadata().is_ok() && taken.insert(path.clone()),
        };
    }
    if !taken.is_empty() {
        return Err(in_the_way(&taken));
    }
    let mut made = Made::default();
    for (path, text) in files.iter().filter(|(path, _)| !left.contains(path)) {
        if let Err(error) = made.write(path, text) {
            made.undo();
            return Err(unwritable(path, &error));
        }
    }
    Ok(left)
}

/// Whether a file is there that need not be written.
fn stays(path: &Path, text: &str) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
    let page = path.file_name().is_some_and(|name| name == "README.md");
    is_file && (page || fs::read(path).is_ok_and(|found| found == text.as_bytes()))
}

/// Whether something stands here that is no folder; a link to a folder is one.
fn file(path: &Path) -> bool {
    path.symlink_metadata().is_ok() && !path.is_dir()
}

/// What was made so far, in order.
#[derive(Default)]
struct Made {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    fn write(&mut self, path: &Path, text: &str) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            self.folder(folder)?;
        }
        // What somebody else has put there meanwhile stays as it is.
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    fn folder(&mut self, path: &Path) -> std::io::Result<()> {
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        if let Some(above) = path.parent() {
            self.folder(above)?;
        }
        match fs::create_dir(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if path.is_dir() {
                    Ok(())
                } else {
                    Err(ErrorKind::NotADirectory.into())
                }
            }
            Err(error) => Err(error),
            Ok(()) => {
                self.folders.push(path.to_owned());
                Ok(())
            }
        }
    }

    /// Takes back what was made; a folder into which somebody else has put something stays.
    fn undo(self) {
        for file in self.files.iter().rev() {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn in_the_way(taken: &BTreeSet<PathBuf>) -> Problem {
    let names = taken.iter().map(|path| format!("`{}`", path.display()));
    let names: Vec<String> = names.collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {are} in the way: nothing was written", names.join(", "));
    Problem::new(Code::Unreadable, message)
        .help("name a folder of its own, as in `gonogo init NAME`, or move them away")
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let why = match error.kind() {
        ErrorKind::AlreadyExists => "somebody else has just written it".into(),
        ErrorKind::NotADirectory => "what stands before its last part is no folder".into(),
        _ => unwritten(error),
    };
    let message = format!("`{}` cannot be written: {why}", path.display());
    Problem::new(Code::Unreadable, message)
        .help("name a folder that can be written to; nothing is left of this try")
}
