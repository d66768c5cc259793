//! The files a suite names, and what whoever may open files found there. It opens none.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{GivenDocument, SuiteDocument, WaiversDocument};
use crate::snapshot::Format;
use crate::source::{Problem, Source};

/// A file a suite names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// What it is read as.
    pub of: Use,
    /// The path as written: from where the suite lies.
    pub path: String,
}

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Snapshots: a file, a folder or a pattern.
    Snapshots,
    /// Waivers.
    Waivers,
    /// An approved explanation; it may be missing.
    Approved,
}

/// What was found where a suite points to.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// By what was asked for; a folder or a pattern gives several documents.
    pub found: BTreeMap<Named, Result<Vec<(Source, Format)>, Problem>>,
    /// SHA-256 of a file of waivers as records write it.
    pub digests: BTreeMap<String, Arc<str>>,
}

impl SuiteDocument {
    /// The files it names, apart from its policy, none twice.
    #[must_use]
    pub fn named(&self) -> Vec<Named> {
        let mut named = Vec::new();
        let mut add = |of, path: &str| {
            let path = path.to_owned();
            named.push(Named { of, path });
        };
        for (_, given) in &self.snapshots {
            for one in given {
                if let GivenDocument::Named(path) = one {
                    add(Use::Snapshots, path.as_str());
                }
            }
        }
        for test in &self.tests {
            if let Some(WaiversDocument::Path(path)) = &test.waivers {
                add(Use::Waivers, path.as_str());
            }
            let approved = test.expect.as_ref().and_then(|node| node.get("approved"));
            if let Some(path) = approved.and_then(|node| node.scalar()) {
                add(Use::Approved, &path.text);
            }
        }
        named.sort();
        named.dedup();
        named
    }
}
