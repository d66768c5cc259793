//! A verdict as an in-toto Statement v1, to be signed by whoever has a key: what it is about, and the record as its
//! predicate. Never signs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Told;
use crate::verdict::Verdict;
use crate::verdict::read::{PREDICATE, STATEMENT};
use crate::verdict::record::{Subject, visible};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'v> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource>,
    predicate_type: &'static str,
    predicate: &'v Verdict,
}

/// A `ResourceDescriptor`: a name, and digests by their algorithm. None is without a digest.
#[derive(Serialize)]
struct Resource {
    name: String,
    digest: BTreeMap<&'static str, String>,
}

/// The statement of a verdict; nothing where there is none.
#[must_use]
pub fn intoto(told: &Told<'_>) -> String {
    told.verdict.map(statement).unwrap_or_default()
}

/// The statement as indented JSON, with a line end.
#[must_use]
pub fn statement(verdict: &Verdict) -> String {
    let statement = Statement {
        kind: STATEMENT,
        subject: subject(verdict),
        predicate_type: PREDICATE,
        predicate: verdict,
    };
    let mut text = visible(&serde_json::to_string_pretty(&statement).unwrap_or_default());
    text.push('\n');
    text
}

/// What the statement is about: the commit that is rolled out, where it is known in full; else what was judged.
fn subject(verdict: &Verdict) -> Vec<Resource> {
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
    let known = [subject.service.as_deref(), subject.version.as_deref()];
    let known: Vec<&str> = known.into_iter().flatten().collect();
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
