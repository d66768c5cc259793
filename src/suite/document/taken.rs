//! What is taken for something else: a policy or snapshots for a suite, a suite for a policy or snapshots, one that would
//! include another. Never opens what is named.

use std::borrow::Cow;

use crate::policy::decode::{Decoder, Text};
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Source};

/// What the name of a suite ends in.
const ENDINGS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];

/// The keys that a policy has and a suite has not.
const POLICY: [&str; 7] = [
    "name",
    "inputs",
    "stages",
    "require",
    "hold",
    "rollback",
    "baselines",
];

/// The keys that a snapshot has and a suite has not.
const SNAPSHOT: [&str; 5] = ["at", "metrics", "evidence", "attestations", "approvals"];

/// What is said of a text that is no suite at all but something else of gonogo's: one thing, not that every key is unknown.
pub(super) fn other(source: &Source, node: &Node) -> Option<Problem> {
    let has = |key: &&str| node.get(key).is_some();
    if ["policy", "tests", "snapshots"].iter().any(has) {
        return None;
    }
    let (what, help) = if POLICY.iter().any(has) {
        (
            "a policy",
            "name its suite, or the folder in which suites lie; `gonogo check` looks at a policy",
        )
    } else if SNAPSHOT.iter().any(has) {
        (
            "a snapshot",
            "name the suite that is given it, or the folder in which suites lie",
        )
    } else {
        return None;
    };
    let message = format!("`{}` is {what}, not a suite", source.name());
    let span = node.first_key().unwrap_or(node.span);
    let label = format!("{what} begins here");
    Some(
        Problem::new(Code::WrongKind, message)
            .help(help)
            .at(source, span, label),
    )
}

/// Says that a suite is named where its policy or snapshots are.
pub(super) fn suite_as(d: &mut Decoder<'_>, path: &Text, key: &str) {
    let name = path.as_str();
    let is_suite = ENDINGS.iter().any(|ending| name.ends_with(ending));
    let itself = is_itself(d.source.name(), name);
    if !is_suite && !itself {
        return;
    }
    let message = match (key, itself) {
        ("policy", true) => "the suite names itself as its policy".to_owned(),
        ("policy", false) => format!("`{name}` is a suite, not a policy"),
        (_, true) => "the suite names itself as its snapshots".to_owned(),
        (_, false) => format!("`{name}` is a suite, not snapshots"),
    };
    let help = if key == "policy" {
        "name the policy to test, such as `../policy.yaml`"
    } else {
        "name files of snapshots, such as `../snapshots/healthy.jsonl`"
    };
    d.at(Code::BadValue, path.span, message, "a suite", help);
}

/// Whether a path, from where a suite lies, is the suite: by its name alone.
fn is_itself(suite: &str, path: &str) -> bool {
    let folder = suite.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    };
    plain(suite.split('/')) == plain(path.split('/'))
}

/// The steps of a path without those that lead nowhere.
fn plain<'p>(steps: impl Iterator<Item = &'p str>) -> Vec<&'p str> {
    let mut plain: Vec<&str> = Vec::new();
    for step in steps {
        match step {
            "" | "." => {}
            ".." if plain.last().is_some_and(|last| *last != "..") => {
                plain.pop();
            }
            step => plain.push(step),
        }
    }
    plain
}

/// The suite without `include`, which is told: there is no such key, and it is often looked for.
pub(super) fn without_include<'n>(d: &mut Decoder<'_>, node: &'n Node) -> Cow<'n, Node> {
    if node.get("include").is_none() {
        return Cow::Borrowed(node);
    }
    let mut node = node.clone();
    if let Kind::Map(entries) = &mut node.kind {
        entries.retain(|entry| {
            let include = entry.key.text == "include";
            if include {
                let message = "a suite has no `include`";
                let help = "suites do not include one another: write the tests here, or name both suites, \
                            `gonogo test A B`; snapshots are shared by naming their files in each";
                d.at(Code::UnknownKey, entry.key_span, message, "unknown key", help);
            }
            !include
        });
    }
    Cow::Owned(node)
}
