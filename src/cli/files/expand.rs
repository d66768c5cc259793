//! Arguments to paths: files, folders and patterns, in alphabetical order. Opens nothing but folders.

use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};

use super::{POLICY, unreadable};

/// The endings of files that are read from a folder of snapshots.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "csv", "yaml", "yml"];

/// The files an argument names: itself, those in a folder, those that match a pattern; in alphabetical order.
pub(super) fn expand(argument: &str) -> Result<Vec<PathBuf>, Problem> {
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

fn folder(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(path, &error))?.path();
        let known = path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| ENDINGS.contains(&ending));
        if known && path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Every policy under some paths: files as named, and each `policy.yaml` below a folder, in alphabetical order.
pub(in crate::cli) fn policies(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    under(paths, &|path| {
        path.file_name().is_some_and(|name| name == POLICY)
    })
}

/// Every file of a kind under some paths: those named, whatever they are, and those below a folder that are of the kind,
/// in alphabetical order.
pub(in crate::cli) fn under(
    paths: &[PathBuf],
    is: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, 0, is, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn below(
    folder: &Path,
    depth: usize,
    is: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), Problem> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| unreadable(folder, &error))?.path());
    }
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && !path.is_symlink() && depth < 16 {
            below(&path, depth + 1, is, found)?;
        } else if is(&path) {
            found.push(path);
        }
    }
    Ok(())
}
