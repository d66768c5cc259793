//! What later steps of a workflow read: a verdict as values by their names. Never more than one value for a name, whatever a
//! value says.

use super::word;
use crate::report::alike::Apart;
use crate::report::{Told, clip};
use crate::source::runner::harmless;
use crate::verdict::{Decision, ExitCode, Finding, Status};

/// The outputs, in the form that the runner reads from a file. `record` is where the record was written; empty: nowhere.
#[must_use]
pub fn outputs(told: &Told<'_>, record: &str) -> String {
    let apart = told.verdict.and_then(Apart::of).zip(told.verdict);
    let shown = apart.map(|(apart, verdict)| apart.shown(verdict));
    let verdict = shown.as_ref().or(told.verdict);
    let findings = || verdict.iter().flat_map(|verdict| &verdict.findings);
    let names = |wanted: &dyn Fn(&Finding) -> bool| -> String {
        let named = findings().filter(|finding| wanted(finding));
        let names: Vec<String> = named.map(|finding| clip::seen(&finding.name())).collect();
        echoed(&names.join("\n"))
    };
    let values = [
        ("verdict", decision(told).to_owned()),
        ("exit-code", told.exit.code().to_string()),
        ("reason", echoed(&clip::line(&told.reason()))),
        (
            "unmet",
            names(&|finding| finding.listed() == Status::Unmet && !finding.watch),
        ),
        (
            "fired",
            names(&|finding| finding.listed() == Status::Fired && !finding.watch),
        ),
        (
            "pending",
            names(&|finding| finding.status == Status::Pending && finding.counts),
        ),
        ("record", record.to_owned()),
        (
            "digest",
            verdict.map_or_else(String::new, |verdict| verdict.digests.record.clone()),
        ),
    ];
    values
        .iter()
        .map(|(name, value)| output(name, value))
        .collect()
}

/// A value that a later step prints: no command of the runner.
fn echoed(value: &str) -> String {
    harmless(value).trim_end_matches('\n').to_owned()
}

/// The verdict, as later steps may rely on it: never a go of a process that did not end with one.
fn decision(told: &Told<'_>) -> &'static str {
    let verdict = told.verdict.map(|verdict| verdict.verdict);
    let relied = verdict.filter(|one| *one != Decision::Go || told.exit == ExitCode::Success);
    relied.map_or("none", Decision::name)
}

/// One output: as a line, or between lines that are not in it.
fn output(name: &str, value: &str) -> String {
    if !value.contains('\n') {
        return format!("{name}={value}\n");
    }
    let mut end = word(value);
    while value.contains(&end) {
        end = word(&end);
    }
    format!("{name}<<{end}\n{value}\n{end}\n")
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn several_lines_stand_between_lines_that_are_not_in_them() {
        assert_eq!(output("reason", "a<<b=c"), "reason=a<<b=c\n");
        let text = output("unmet", "a\nverdict=go");
        let (first, rest) = text.split_once('\n').unwrap_or_default();
        let end = first.strip_prefix("unmet<<").unwrap_or_default();
        assert!(end.len() > 64, "{first}");
        assert_eq!(rest, format!("a\nverdict=go\n{end}\n"));
    }
}
