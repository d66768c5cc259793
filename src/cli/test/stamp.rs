//! Files and folders as they were when they were read, to see whether they are other now. Reads none.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a path was.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stamp {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// A file: when it was written, and its length.
    File(Option<SystemTime>, u64),
    /// A folder: what is in it, but for what is hidden. An editor that puts its own files there changes nothing.
    Folder(Vec<OsString>),
}

/// Paths, each as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamps(BTreeMap<PathBuf, Stamp>);

impl Stamps {
    /// Notes a path that is about to be read. What it was first stays: a change while it is read is one.
    pub(super) fn note(&mut self, path: &Path) {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), stamp(path));
        }
    }

    /// Adds what others noted.
    pub(super) fn extend(&mut self, others: &Self) {
        for (path, stamp) in &others.0 {
            let known = self.0.entry(path.clone());
            known.or_insert_with(|| stamp.clone());
        }
    }

    /// The first path that is other now.
    pub(super) fn changed(&self) -> Option<&Path> {
        let changed = self.0.iter().find(|(path, was)| stamp(path) != **was);
        changed.map(|(path, _)| path.as_path())
    }

    /// The same paths as they are now.
    pub(super) fn again(&self) -> Self {
        Self(
            self.0
                .keys()
                .map(|path| (path.clone(), stamp(path)))
                .collect(),
        )
    }
}

fn stamp(path: &Path) -> Stamp {
    let here = path.as_os_str().is_empty();
    let path = if here { Path::new(".") } else { path };
    match std::fs::metadata(path) {
        Err(_) => Stamp::Nothing,
        Ok(metadata) if metadata.is_dir() => {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name());
            let shown = |name: &OsString| !name.to_string_lossy().starts_with('.');
            let mut names: Vec<OsString> = names.filter(shown).collect();
            names.sort();
            Stamp::Folder(names)
        }
        Ok(metadata) => Stamp::File(metadata.modified().ok(), metadata.len()),
    }
}
