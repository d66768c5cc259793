//! A verdict as a list of things to do: section by section what is done, what is missing, and who can supply it by when.
//! It sorts what was decided and decides nothing.

mod how;
mod item;
mod markdown;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::source::visible::pretty;
use crate::verdict::record::{PolicyName, Subject};
use crate::verdict::{Cause, Decision, Effect, Finding, Status, Verdict};
pub use item::{Item, Missing, State};

/// The heading of stops that speak.
const STOPS: &str = "Stops";
/// The heading of what every stage asks for by itself.
const STAGE: &str = "The stage itself";
/// The heading of rules without a group.
const UNGROUPED: &str = "Requirements";

/// The items of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "gonogo checklist")]
pub struct Checklist {
    /// The version of this shape.
    pub gonogo: u32,
    /// The policy that was applied.
    pub policy: PolicyName,
    /// The stage.
    pub stage: String,
    /// What is rolled out.
    pub subject: Subject,
    /// The decision.
    pub verdict: Decision,
    /// All that stands against a go, worst first.
    pub causes: Vec<Cause>,
    /// The exit code of the process.
    pub exit_code: u8,
    /// The worst finding in one line.
    pub reason: String,
    /// The instant the verdict is about.
    pub now: Timestamp,
    /// How many of the requirements that apply are met.
    pub done: usize,
    /// How many apply, those set aside included.
    pub of: usize,
    /// The open item that is due first.
    pub next_due: Option<NextDue>,
    /// How many stops are clear, or do not speak.
    pub clear: usize,
    /// The items under their headings.
    pub sections: Vec<Section>,
    /// The digest of the record of the verdict.
    pub record: String,
}

/// The open item that is due first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextDue {
    /// The rule, with its item.
    pub rule: String,
    /// When it is due.
    pub at: Timestamp,
    /// Whether that has passed.
    pub overdue: bool,
}

/// Items under one heading.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The items, in the order of the policy.
    pub items: Vec<Item>,
}

/// The list of a verdict.
#[must_use]
pub fn checklist(verdict: &Verdict) -> Checklist {
    let (stops, requirements): (Vec<&Finding>, Vec<&Finding>) = verdict
        .findings
        .iter()
        .partition(|finding| finding.effect != Effect::Require);
    let (speak, silent): (Vec<&Finding>, Vec<&Finding>) =
        stops.into_iter().partition(|finding| speaks(finding));
    let mut sections: Vec<Section> = Vec::new();
    let headed = speak.into_iter().map(|finding| (STOPS, finding));
    let (own, others): (Vec<&Finding>, Vec<&Finding>) = requirements
        .into_iter()
        .partition(|finding| is_built_in(finding));
    let own = in_order(own).into_iter().map(|finding| (STAGE, finding));
    let others = in_order(others).into_iter().map(|finding| {
        let title = finding.group.as_deref().unwrap_or(UNGROUPED);
        (title, finding)
    });
    for (title, finding) in headed.chain(own).chain(others) {
        let item = item::item(verdict, finding);
        match sections.iter_mut().find(|section| section.title == title) {
            Some(section) => section.items.push(item),
            None => sections.push(Section {
                title: title.to_owned(),
                items: vec![item],
            }),
        }
    }
    let counted = || {
        verdict.findings.iter().filter(|finding| {
            let applies = finding.effect == Effect::Require && finding.status != Status::Skipped;
            applies && !finding.watch
        })
    };
    Checklist {
        gonogo: 1,
        policy: verdict.policy.clone(),
        stage: verdict.stage.clone(),
        subject: verdict.subject.clone(),
        verdict: verdict.verdict,
        causes: verdict.causes.clone(),
        exit_code: verdict.exit_code,
        reason: verdict.reason.clone(),
        now: verdict.now,
        done: counted()
            .filter(|finding| finding.status == Status::Met)
            .count(),
        of: counted().count(),
        next_due: next_due(verdict),
        clear: silent.iter().filter(|finding| !finding.watch).count(),
        sections,
        record: verdict.digests.record.clone(),
    }
}

impl Checklist {
    /// As Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// As indented JSON, with a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        pretty(self)
    }
}

/// Whether a stop is to be looked at: it fired, stands in the way, or was set aside.
fn speaks(finding: &Finding) -> bool {
    finding.counts || matches!(finding.status, Status::Fired | Status::Waived)
}

/// Whether a finding is of no rule of the author's: rules have no dot in their id.
fn is_built_in(finding: &Finding) -> bool {
    finding.rule.contains('.')
}

/// In the order of the policy.
fn in_order(mut findings: Vec<&Finding>) -> Vec<&Finding> {
    let place = |finding: &Finding| {
        let place = finding.at.as_ref();
        place.map(|place| (place.line, place.column))
    };
    findings.sort_by_key(|finding| (place(finding), finding.name()));
    findings
}

fn next_due(verdict: &Verdict) -> Option<NextDue> {
    let open = verdict.findings.iter().filter(|finding| finding.counts);
    let due = open.filter_map(|finding| Some((finding.due?, finding.name())));
    let (at, rule) = due.min()?;
    Some(NextDue {
        rule,
        at,
        overdue: at <= verdict.now,
    })
}
