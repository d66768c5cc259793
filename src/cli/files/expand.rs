//! Arguments to paths: files, folders and patterns, in alphabetical order. Opens nothing but folders.

use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};

use super::{POLICY, unreadable};
use crate::cli::whole::{leads_to, same};

/// The endings of files that are read from a folder of snapshots.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "csv", "yaml", "yml"];

/// The files an argument names: itself, those in a folder, those that match a pattern; in alphabetical order.
pub(in crate::cli) fn expand(argument: &str) -> Result<Vec<PathBuf>, Problem> {
    let path = Path::new(argument);
    if path.is_dir() {
        let mut paths = folder(path)?;
        if paths.is_empty() {
            return Err(Problem::new(
                Code::NoData,
                format!("there are no snapshots in the folder `{argument}`"),
            )
            .help(format!("files ending in {} are read", ENDINGS.join(", "))));
        }
        paths.sort();
        return Ok(paths);
    }
    if path.exists() || !argument.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let bad = |message: String| {
        Problem::new(Code::Unreadable, message).help("write a pattern such as 'snapshots/*.json'")
    };
    let matches = glob::glob(argument)
        .map_err(|error| bad(format!("`{argument}` is not a pattern: {}", error.msg)))?;
    let mut paths = Vec::new();
    for path in matches {
        paths.push(
            path.map_err(|error| bad(format!("`{}` cannot be read", error.path().display())))?,
        );
    }
    paths.retain(|path| path.is_file());
    paths.sort();
    if paths.is_empty() {
        Err(bad(format!("no file matches `{argument}`")))
    } else {
        Ok(paths)
    }
}

/// Whether a path is among those that an argument names, or would be once there is a file.
pub(in crate::cli) fn among(path: &Path, argument: &str) -> bool {
    let (path, named) = (leads_to(path), Path::new(argument));
    if named.is_dir() {
        return path.parent() == Some(leads_to(named).as_path()) && readable(&path);
    }
    if named.exists() || !argument.contains(['*', '?', '[']) {
        return same(&path, named);
    }
    let found = expand(argument).unwrap_or_default();
    // As it would be found: from the same folder as the pattern.
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let relative = path.strip_prefix(&here).unwrap_or(&path);
    let matches = |pattern: &str| {
        let pattern = glob::Pattern::new(pattern);
        pattern.is_ok_and(|pattern| pattern.matches_path(relative) || pattern.matches_path(&path))
    };
    matches(argument.trim_start_matches("./")) || found.iter().any(|found| same(&path, found))
}

/// Whether a file is one that is read from a folder of snapshots.
fn readable(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(path, &error))?.path();
        if readable(&path) && path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Every policy under some paths: files as named, and each `policy.yaml` below a folder, in alphabetical order.
pub(in crate::cli) fn policies(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Found::default();
    for path in paths {
        found.under(path, &|path| {
            path.file_name().is_some_and(|name| name == POLICY)
        });
    }
    match found.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(found.files),
    }
}

/// What was found below folders.
#[derive(Debug, Default)]
pub(in crate::cli) struct Found {
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The folders that were looked into: what is new in them changes what is found.
    pub(in crate::cli) folders: Vec<PathBuf>,
    /// Folders that cannot be read; what is in others is found all the same.
    pub(in crate::cli) problems: Vec<Problem>,
}

impl Found {
    /// Adds what is under a path: the file itself, whatever it is, or those below a folder that are of a kind, in
    /// alphabetical order. No link to a folder is followed.
    pub(in crate::cli) fn under(&mut self, path: &Path, is: &dyn Fn(&Path) -> bool) {
        if path.is_dir() {
            self.below(path, 0, is);
        } else {
            self.files.push(path.to_owned());
        }
    }

    fn below(&mut self, folder: &Path, depth: usize, is: &dyn Fn(&Path) -> bool) {
        self.folders.push(folder.to_owned());
        let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut paths: Vec<PathBuf> = match entries {
            Ok(entries) => entries.iter().map(std::fs::DirEntry::path).collect(),
            Err(error) => return self.problems.push(unreadable(folder, &error)),
        };
        paths.sort();
        for path in paths {
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() {
                if !hidden && !path.is_symlink() && depth < 16 {
                    self.below(&path, depth + 1, is);
                }
            } else if is(&path) {
                self.files.push(path);
            }
        }
    }
}
