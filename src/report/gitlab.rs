//! A verdict as GitLab's code quality report: what is not as it should be, each with a place. Never what passes: each entry is
//! shown as something wrong.

use serde::Serialize;

use super::case::{Case, Outcome, asked, cases, place};
use super::path::relative;
use super::{Told, clip, next};
use crate::source::visible::pretty;
use crate::verdict::Status;

#[derive(Serialize)]
struct Issue<'c> {
    description: String,
    check_name: &'c str,
    fingerprint: &'c str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// The report, with a line end.
#[must_use]
pub fn gitlab(told: &Told<'_>) -> String {
    let cases = cases(told);
    let issues: Vec<Issue<'_>> = cases
        .iter()
        .filter_map(|case| Some(issue(case, severity(case)?, told)))
        .collect();
    pretty(&issues)
}

fn issue<'c>(case: &'c Case<'_>, severity: &'static str, told: &Told<'_>) -> Issue<'c> {
    let at = place(case, told);
    // Where nothing could be read there is no file, and an entry without one is turned away.
    let path = at.as_ref().map_or("gonogo", |at| at.file.as_str());
    Issue {
        description: description(case),
        check_name: &case.rule,
        fingerprint: &case.fingerprint,
        severity,
        location: Location {
            path: clip::line(&relative(path, told.folder)),
            lines: Lines {
                begin: at.as_ref().map_or(1, |at| at.line),
            },
        },
    }
}

/// What is the matter, what would change it, and what the rule says: all that is shown of it.
fn description(case: &Case<'_>) -> String {
    let mut lines = vec![format!("{}: {}", case.name, case.says)];
    match case.finding.filter(|_| case.outcome.red()) {
        Some(finding) => {
            let now = case.details.iter();
            lines.extend(now.filter(|line| line.starts_with("do now: ")).cloned());
            let said = next::steps(finding).into_iter().chain(next::words(finding));
            let said = said.map(|line| clip::line(&line));
            lines.extend(said.filter(|line| *line != case.says));
            lines.extend(asked(finding).map(|line| clip::line(&line)));
        }
        // The help of a diagnostic; its place is one of the issue.
        None if case.finding.is_none() => {
            let details = case.details.iter();
            lines.extend(details.filter(|line| line.starts_with("help: ")).cloned());
        }
        None => {}
    }
    clip::line(&lines.join("; "))
}

/// How bad it is; none for what is as it should be.
fn severity(case: &Case<'_>) -> Option<&'static str> {
    let fired = case
        .finding
        .is_some_and(|finding| finding.status == Status::Fired || finding.asks_back());
    match case.outcome {
        Outcome::Error => Some("blocker"),
        Outcome::Failed if fired => Some("blocker"),
        Outcome::Failed | Outcome::Unknown => Some("critical"),
        Outcome::Waiting => Some("major"),
        Outcome::Warning => Some("minor"),
        Outcome::Watched | Outcome::Waived => Some("info"),
        Outcome::Open | Outcome::Skipped | Outcome::Passed => None,
    }
}
