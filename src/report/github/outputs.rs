//! What later steps of a workflow read: a verdict as values by their names. Never more than one value for a name, whatever a
//! value says.

use super::word;
use crate::report::{Told, clip};
use crate::verdict::{Decision, ExitCode, Finding, Status};

/// The outputs, in the form that the runner reads from a file. `record` is where the record was written; empty: nowhere.
#[must_use]
pub fn outputs(told: &Told<'_>, record: &str) -> String {
    let verdict = told.verdict;
    let findings = || verdict.iter().flat_map(|verdict| &verdict.findings);
    let names = |wanted: &dyn Fn(&Finding) -> bool| -> String {
        let named = findings().filter(|finding| wanted(finding));
        let names: Vec<String> = named.map(|finding| clip::name(&finding.name())).collect();
        names.join("\n")
    };
    let fired = |finding: &Finding| finding.fired_at.is_some() || finding.status == Status::Fired;
    let values = [
        ("verdict", decision(told).to_owned()),
        ("exit-code", told.exit.code().to_string()),
        ("reason", clip::line(&told.reason())),
        (
            "unmet",
            names(&|finding| finding.status == Status::Unmet && !finding.watch),
        ),
        (
            "fired",
            names(&|finding| {
                matches!(finding.status, Status::Fired | Status::Unmet)
                    && fired(finding)
                    && !finding.watch
            }),
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
