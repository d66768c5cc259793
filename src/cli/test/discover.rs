//! Which suites there are: files as named, and those below folders, in alphabetical order, none twice. Opens none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use super::stamp::Stamps;
use crate::cli::files::Found;

/// What a suite's name ends in.
const ENDINGS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];

/// What there is to run.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// The suites, named as the user named them or their folder.
    pub(super) suites: Vec<PathBuf>,
    /// The folders that were looked into.
    pub(super) folders: Stamps,
    /// Paths in which there is none, and folders that cannot be read: the others are run all the same.
    pub(super) problems: Vec<(ExitCode, Problem)>,
}

/// Every suite under some paths.
pub(super) fn suites(paths: &[PathBuf]) -> Discovered {
    let mut discovered = Discovered::default();
    let mut known = BTreeSet::new();
    for path in paths {
        let mut found = Found::default();
        found.under(path, &is_suite);
        if found.files.is_empty() && found.problems.is_empty() {
            discovered.problems.push((ExitCode::Nothing, none(path)));
        }
        let unreadable = found.problems.into_iter();
        let unreadable = unreadable.map(|problem| (ExitCode::Input, problem));
        discovered.problems.extend(unreadable);
        let folders = found.folders.iter();
        folders.for_each(|folder| discovered.folders.note(folder));
        for file in found.files {
            // One file may go by two names.
            let same = file.canonicalize().unwrap_or_else(|_| file.clone());
            if known.insert(same) {
                discovered.suites.push(plain(file));
            }
        }
    }
    discovered
}

fn none(path: &Path) -> Problem {
    let message = format!("there is no suite in `{}`", path.display());
    let help = format!(
        "name a suite, or a folder with files ending in {}",
        ENDINGS.join(", ")
    );
    Problem::new(Code::Unreadable, message).help(help)
}

/// A path below this folder, without the `./` that nobody wrote.
fn plain(path: PathBuf) -> PathBuf {
    path.strip_prefix("./").map(Path::to_owned).unwrap_or(path)
}

/// Whether a file is a suite, by its name.
pub(in crate::cli) fn is_suite(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
}
