//! The whole explanation against the one that was approved. It writes no file.

use serde_json::Value as Json;

use super::Comparing;
use super::want::Wanted;
use crate::report::text::{Style, report};
use crate::suite::bound::Suite;
use crate::suite::files::{Named, Use};
use crate::verdict::Verdict;

/// An explanation that is not the approved one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// Where it is to be written: from where the suite lies.
    pub path: String,
    /// What was approved; none: there is no such file yet.
    pub was: Option<String>,
    /// What came of the test.
    pub text: String,
}

impl Approved {
    /// What is to be approved of a verdict.
    pub(in crate::suite) fn new(path: &str, suite: &Suite, verdict: &Verdict) -> Self {
        Self {
            path: path.to_owned(),
            was: was(path, suite),
            text: report(&stable(suite, verdict), Style::default()),
        }
    }
}

/// Compares the explanation.
pub(super) fn compare(
    into: &mut Comparing<'_>,
    wanted: &Wanted,
    path: &str,
    suite: &Suite,
    verdict: &Verdict,
) {
    let approved = Approved::new(path, suite, verdict);
    if approved.was.as_ref() == Some(&approved.text) {
        return;
    }
    let was = approved.was.map_or(Json::Null, Json::from);
    let none = was.is_null();
    let found = into.differs(wanted.key, wanted.span, was, approved.text.into());
    found.note = Some(if none {
        format!("there is no `{path}` yet: `--update` writes it")
    } else {
        format!("it is not what `{path}` says: `--update` writes it anew")
    });
}

/// What was approved, with plain line ends.
fn was(path: &str, suite: &Suite) -> Option<String> {
    let (of, path) = (Use::Approved, path.to_owned());
    let found = suite.files.found.get(&Named { of, path })?;
    let (source, _) = found.as_ref().ok()?.first()?;
    let text = source.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Some(text.replace("\r\n", "\n"))
}

/// A verdict whose places do not depend on where the program was started: files are named from where the suite lies.
#[must_use]
pub fn stable(suite: &Suite, verdict: &Verdict) -> Verdict {
    let mut stable = verdict.clone();
    let (folder, _) = suite.file.rsplit_once(['/', '\\']).unwrap_or_default();
    let from = |text: &mut String| *text = beside(folder, text);
    from(&mut stable.policy.path);
    for finding in &mut stable.findings {
        if let Some(at) = &mut finding.at {
            from(&mut at.file);
        }
        let given = finding.proof.iter_mut().flat_map(|proof| &mut proof.given);
        given.filter_map(|one| one.place.as_mut()).for_each(from);
    }
    // Warnings name files among other words.
    let found = suite.files.found.values().flatten().flatten();
    let mut names: Vec<&str> = found.map(|(source, _)| source.name().as_ref()).collect();
    names.extend([suite.policy.name().as_ref(), suite.file.as_ref()]);
    // One name may begin with another one.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for warning in &mut stable.warnings {
        for name in &names {
            *warning = warning.replace(name, &beside(folder, name));
        }
    }
    stable
}

/// The way from a folder to a file: `../policy.yaml`.
fn beside(folder: &str, file: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        let parts = path.split(['/', '\\']).map(str::to_owned);
        parts.filter(|part| part != ".").collect()
    };
    let folder: Vec<String> = if folder.is_empty() {
        Vec::new()
    } else {
        parts(folder)
    };
    let file = parts(file);
    let same = folder
        .iter()
        .zip(&file)
        .take_while(|(one, other)| one == other)
        .count();
    let up = folder.iter().skip(same).map(|_| "..".to_owned());
    let down = file.into_iter().skip(same);
    up.chain(down).collect::<Vec<_>>().join("/")
}
