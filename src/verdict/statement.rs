//! What an in-toto statement of a verdict is about. Never writes or reads one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Verdict;
use super::record::Subject;

/// A `ResourceDescriptor`: a name, and digests by their algorithm. None is without a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// What it is called.
    pub name: String,
    /// The digests.
    pub digest: BTreeMap<&'static str, String>,
}

/// What the statement is about: the commit that is rolled out, where it is known in full; else what was judged.
#[must_use]
pub fn subject(verdict: &Verdict) -> Vec<Resource> {
    let resource = |name: String, algorithm, digest: String| Resource {
        name,
        digest: BTreeMap::from([(algorithm, digest)]),
    };
    let subject = &verdict.subject;
    if let Some(commit) = subject.commit.as_deref().and_then(commit) {
        return vec![resource(name(subject), "gitCommit", commit)];
    }
    let digests = &verdict.digests;
    let judged = [
        ("policy", Some(&digests.policy)),
        ("history", Some(&digests.history)),
        ("waivers", digests.waivers.as_ref()),
    ];
    let judged = judged.into_iter().filter_map(|(name, digest)| {
        let digest = digest?.strip_prefix("sha256:")?;
        Some(resource(name.to_owned(), "sha256", digest.to_owned()))
    });
    judged.collect()
}

/// `service@version`, or what of it is known.
fn name(subject: &Subject) -> String {
    let known: Vec<&str> = subject.named().collect();
    if known.is_empty() {
        "commit".to_owned()
    } else {
        known.join("@")
    }
}

/// A commit as a digest: all of its digits, SHA-1 or SHA-256.
fn commit(text: &str) -> Option<String> {
    let full = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    full.then(|| text.to_ascii_lowercase())
}
