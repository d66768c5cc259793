//! The files that a policy names beside itself: which they are, and what their paths may be. It opens none.

use super::{PolicyDocument, read};
use crate::policy::decode::Text;
use crate::source::Source;

/// The most files that one policy may name.
pub const MOST_FILES: usize = 100;

/// The paths of the files that a policy names, as they are written, each once: what has to be opened for it.
#[must_use]
pub fn files(source: &Source) -> Vec<String> {
    // Most policies name none, and need not be read twice.
    if !source.text().contains("file") {
        return Vec::new();
    }
    let (document, _) = read(source);
    let named = document.iter().flat_map(PolicyDocument::files);
    let mut named: Vec<String> = named.map(|path| path.as_str().to_owned()).collect();
    named.sort_unstable();
    named.dedup();
    named
}

impl PolicyDocument {
    /// The files it names.
    pub fn files(&self) -> impl Iterator<Item = &Text> {
        let denied = self.calendars.iter().flat_map(|calendar| &calendar.deny);
        let dates = denied.filter_map(|denied| denied.file.as_ref());
        let tables = self.tables.iter().filter_map(|table| table.file.as_ref());
        tables.chain(dates)
    }
}

/// What is wrong with a path, if anything is: the message and the help.
#[must_use]
pub fn refused(path: &str) -> Option<(String, &'static str)> {
    let absolute = path.starts_with(['/', '\\'])
        || path.get(1..2) == Some(":") && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if absolute {
        let message = format!("`{path}` is the path of one machine alone");
        return Some((
            message,
            "write it from the folder of the policy, such as `limits.toml` or `../limits.toml`",
        ));
    }
    let empty = path.trim().is_empty() || path.ends_with('/');
    if empty || path.contains(char::is_control) {
        let message = format!("`{}` is no path of a file", path.escape_debug());
        return Some((
            message,
            "write the path of the file from the folder of the policy",
        ));
    }
    None
}
