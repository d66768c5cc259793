//! The files that a file names: where they are, and those of a policy with their texts. What is in them is read elsewhere.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use gonogo::policy::document;
use gonogo::source::{Beside, Code, MAX_DOCUMENT, Problem, Source, text};

/// A policy with the texts of the files that it names; `note` sees each path before it is read. All of them together may
/// be as long as one document.
pub(in crate::cli) fn with_files(
    policy: Source,
    path: &Path,
    note: &mut dyn FnMut(&Path),
) -> Source {
    let mut left = MAX_DOCUMENT;
    let files: Beside = document::files(&policy)
        .into_iter()
        // One more than a policy may name tells as much as all of them.
        .take(document::MOST_FILES.saturating_add(1))
        .map(|named| {
            let file = beside(path, &named);
            note(&file);
            let found = attached(&file, &named, &mut left);
            (named, found)
        })
        .collect();
    policy.with(files)
}

/// Reads one of them.
fn attached(path: &Path, named: &str, left: &mut usize) -> Result<Source, Problem> {
    // Nothing is opened that the policy may not name: that is told where it is checked.
    if document::refused(named).is_some() {
        return Err(Problem::new(
            Code::Unreadable,
            format!("`{named}` is not read"),
        ));
    }
    let unreadable = |error: std::io::Error| super::unreadable(path, &error);
    // Of a pipe or a device nobody knows when it ends: a pipe would not even open.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let message = format!("`{}` is no file on a disk", path.display());
        return Err(Problem::new(Code::Unreadable, message).help("name a file beside the policy"));
    }
    let file = super::open(path)?;
    let mut bytes = Vec::new();
    file.take(*left as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > *left {
        let message = format!(
            "with `{}` the files of the policy have more than {MAX_DOCUMENT} bytes",
            path.display()
        );
        let help = "leave out what no rule reads";
        return Err(Problem::new(Code::TooLarge, message).help(help));
    }
    *left -= bytes.len();
    text(&path.display().to_string(), bytes)
}

/// A path as a suite or a policy writes it, from the folder of that file: `tests/../policy.yaml` is told as `policy.yaml`, unless
/// a link makes them two.
pub(in crate::cli) fn beside(file: &Path, named: &str) -> PathBuf {
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let (mut above, mut rest) = (folder.to_owned(), Path::new(named).components());
    loop {
        let before = rest.clone();
        match rest.next() {
            Some(Component::CurDir) => {}
            Some(Component::ParentDir)
                if matches!(above.components().next_back(), Some(Component::Normal(_))) =>
            {
                let up = above.parent().unwrap_or_else(|| Path::new("")).to_owned();
                let same = |path: &Path| {
                    let here = path.as_os_str().is_empty();
                    (if here { Path::new(".") } else { path })
                        .canonicalize()
                        .ok()
                };
                if same(&up) != same(&above.join("..")) {
                    return above.join(before.as_path());
                }
                above = up;
            }
            _ => return above.join(before.as_path()),
        }
    }
}
