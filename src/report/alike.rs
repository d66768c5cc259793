//! Findings whose names look alike, because what nobody sees in them is replaced, are told apart wherever a verdict is shown
//! to people, and very long names are cut. The record has every name as it is.

use std::collections::BTreeMap;

use super::Plot;
use super::case::{digits, short, what};
use super::clip;
use crate::verdict::{Finding, Step, Verdict};

/// The names that look alike or are very long, each with the one it is shown by.
pub(crate) struct Apart(BTreeMap<String, String>);

impl Apart {
    /// Those of a verdict; none where every name can be shown.
    pub(crate) fn of(verdict: &Verdict) -> Option<Self> {
        let findings = || verdict.findings.iter();
        // Nearly always: each is shown as it is, and no two names are one.
        if findings().all(is_plain) {
            return None;
        }
        let mut shown: BTreeMap<String, u32> = BTreeMap::new();
        for finding in findings() {
            let count = shown.entry(clip::name(&finding.name())).or_default();
            *count = count.saturating_add(1);
        }
        let names = findings().filter_map(|finding| {
            let name = finding.name();
            let seen = clip::name(&name);
            let alike = shown.get(&seen).is_some_and(|count| *count > 1);
            if alike {
                return Some((name, format!("{seen} #{}", digits(finding, verdict))));
            }
            (name.len() > clip::NAME).then_some((name, seen))
        });
        let names: BTreeMap<String, String> = names.collect();
        (!names.is_empty()).then_some(Self(names))
    }

    /// The verdict as it is shown.
    pub(crate) fn shown(&self, verdict: &Verdict) -> Verdict {
        let mut verdict = verdict.clone();
        for finding in &mut verdict.findings {
            let name = finding.name();
            if let Some(name) = self.0.get(&name) {
                let begin = format!("{}: ", finding.name());
                if let Some(rest) = verdict
                    .reason
                    .strip_prefix(&begin)
                    .filter(|_| finding.decisive)
                {
                    verdict.reason = format!("{name}: {rest}");
                }
                *finding = short(finding);
                finding.rule.clone_from(name);
                finding.key = None;
            }
        }
        let rows = verdict.escalation.iter_mut();
        rows.filter(|row| row.matrix.is_none())
            .for_each(|row| self.rename(&mut row.row));
        for step in verdict.to_go.iter_mut().flat_map(|to_go| &mut to_go.steps) {
            step.what = what(step);
            step.rules.iter_mut().for_each(|rule| self.rename(rule));
        }
        if let Some(to_go) = &mut verdict.to_go {
            told_apart(&mut to_go.steps);
        }
        verdict
    }

    /// Its plots as they are shown.
    pub(crate) fn plots(&self, plots: &[Plot]) -> Vec<Plot> {
        let mut plots = plots.to_vec();
        for plot in &mut plots {
            let limits = plot.limits.iter_mut();
            let of_limits = limits.flat_map(|limit| &mut limit.rules);
            let all = plot.rules.iter_mut().chain(of_limits);
            all.for_each(|rule| self.rename(rule));
        }
        plots
    }

    fn rename(&self, name: &mut String) {
        if let Some(shown) = self.0.get(name.as_str()) {
            name.clone_from(shown);
        }
    }
}

/// Whether a name is shown as it is.
fn is_plain(finding: &Finding) -> bool {
    let key = finding.key.as_deref().unwrap_or_default();
    let mut bytes = finding.rule.bytes().chain(key.bytes());
    let length = finding
        .rule
        .len()
        .saturating_add(key.len())
        .saturating_add(2);
    length <= clip::NAME && bytes.all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

/// Marks steps that look alike like the items they are for: where there is little room, steps are told without their rules.
fn told_apart(steps: &mut [Step]) {
    let mut shown: BTreeMap<String, u32> = BTreeMap::new();
    for step in steps.iter() {
        let count = shown.entry(clip::seen(&step.what)).or_default();
        *count = count.saturating_add(1);
    }
    for step in steps {
        let count = shown.get(&clip::seen(&step.what));
        let mark = step.rules.iter().find_map(|rule| rule.rsplit_once(" #"));
        if let Some((_, digits)) = mark.filter(|_| count.is_some_and(|count| *count > 1)) {
            step.what = format!("{} #{digits}", step.what);
        }
    }
}

/// Whether a name that is shown is that of an item of a rule: `fast[a b] #1f0c6a2e` of `fast`.
pub(crate) fn is_of(shown: &str, rule: &str) -> bool {
    let rest = shown.strip_prefix(rule);
    rest.is_some_and(|rest| rest.starts_with('['))
}
