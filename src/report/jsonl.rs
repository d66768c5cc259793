//! A verdict as events, a JSON object on each line: for what reads line by line. Never clips a text, and never leaves out of the
//! record what stands in a line of it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::{Told, diagnostics};
use crate::source::visible;
use crate::source::{Problem, Severity};
use crate::verdict::record::{
    Digests, Duty, Engine, Escalation, RollbackPlan, Step, Subject, Verdict, Waivers,
};
use crate::verdict::{Cause, Decision, Finding};

/// A line.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "gonogo event")]
pub struct Line<'t> {
    /// What it is of: the same in every line of one verdict, so that a line can be read alone.
    #[serde(flatten)]
    of: Of<'t>,
    /// What is told.
    #[serde(flatten)]
    event: Event<'t>,
}

/// What lines are of.
#[derive(Clone, Copy, Serialize, JsonSchema)]
struct Of<'t> {
    /// The name of the policy; null where there is no verdict, like the others.
    policy: Option<&'t str>,
    /// The stage.
    stage: Option<&'t str>,
    /// The instant the verdict is about.
    now: Option<Timestamp>,
    /// The digest of the record.
    record: Option<&'t str>,
}

/// What a line tells.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event<'t> {
    /// The verdict: the first line, always there, and once.
    Verdict(Box<Head<'t>>),
    /// What became of a rule, the worst first.
    Finding(&'t Finding),
    /// Who is to be told of what.
    Escalation(&'t Escalation),
    /// What is to be done next.
    Duty(&'t Duty),
    /// A step of what would make it a go.
    Step(&'t Step),
    /// What was left out or assumed.
    Warning {
        /// In words.
        message: &'t str,
    },
    /// What is wrong with what was read, where there is no verdict, and what could not be written; like a diagnostic of
    /// `gonogo check --format json`.
    Problem {
        /// The diagnostic.
        #[serde(flatten)]
        problem: Json,
    },
}

/// The verdict without what has lines of its own.
#[derive(Serialize, JsonSchema)]
struct Head<'t> {
    /// The version of this shape.
    gonogo: u32,
    /// The decision; null: there is none.
    verdict: Option<Decision>,
    /// All that stands against a go, worst first.
    causes: &'t [Cause],
    /// The exit code of the process: 4 where something of a verdict could not be written.
    exit_code: u8,
    /// The worst finding, or why there is no verdict, in one line.
    reason: String,
    /// The verdict's other parts; none where there is no verdict.
    #[serde(flatten)]
    rest: Option<Rest<'t>>,
}

#[derive(Serialize, JsonSchema)]
struct Rest<'t> {
    /// When it would be a go if every step were done at once.
    to_go_at: Option<Timestamp>,
    /// The file of the policy.
    path: &'t str,
    /// What is rolled out.
    subject: &'t Subject,
    /// The stage that follows, on a go.
    next: Option<&'t str>,
    /// Where a rollback goes.
    rollback: Option<&'t RollbackPlan>,
    /// How the roles are reached.
    contacts: &'t std::collections::BTreeMap<String, String>,
    /// What became of the waivers.
    waivers: &'t Waivers,
    /// The parameters that were in force.
    params: &'t std::collections::BTreeMap<String, Json>,
    /// What computed it.
    engine: &'t Engine,
    /// What it was computed from.
    digests: &'t Digests,
}

/// The report.
#[must_use]
pub fn jsonl(told: &Told<'_>) -> String {
    let of = told.verdict.map_or(
        Of {
            policy: None,
            stage: None,
            now: None,
            record: None,
        },
        |verdict| Of {
            policy: Some(&verdict.policy.name),
            stage: Some(&verdict.stage),
            now: Some(verdict.now),
            record: Some(&verdict.digests.record),
        },
    );
    let line = |event| visible::line(&Line { of, event }) + "\n";
    events(told).into_iter().map(line).collect()
}

fn events<'t>(told: &Told<'t>) -> Vec<Event<'t>> {
    let mut events = vec![Event::Verdict(Box::new(head(told)))];
    let Some(verdict) = told.verdict else {
        let problems = diagnostics::json(told.problems).into_iter();
        events.extend(problems.map(|problem| Event::Problem { problem }));
        return events;
    };
    events.extend(verdict.findings.iter().map(Event::Finding));
    events.extend(verdict.escalation.iter().map(Event::Escalation));
    events.extend(verdict.duties.iter().map(Event::Duty));
    let steps = verdict.to_go.iter().flat_map(|to_go| &to_go.steps);
    events.extend(steps.map(Event::Step));
    let warnings = verdict.warnings.iter();
    events.extend(warnings.map(|message| Event::Warning { message }));
    let failed = told.problems.iter();
    let failed = failed.filter(|problem| problem.severity == Severity::Error);
    let failed: Vec<Problem> = failed.cloned().collect();
    let failed = diagnostics::json(&failed).into_iter();
    events.extend(failed.map(|problem| Event::Problem { problem }));
    events
}

fn head<'t>(told: &Told<'t>) -> Head<'t> {
    Head {
        gonogo: 1,
        verdict: told.verdict.map(|verdict| verdict.verdict),
        causes: told.verdict.map_or(&[], |verdict| &verdict.causes),
        exit_code: told.exit.code(),
        reason: told
            .verdict
            .map_or_else(|| told.reason(), |verdict| verdict.reason.clone()),
        rest: told.verdict.map(rest),
    }
}

fn rest(verdict: &Verdict) -> Rest<'_> {
    Rest {
        to_go_at: verdict.to_go.as_ref().and_then(|to_go| to_go.at),
        path: &verdict.policy.path,
        subject: &verdict.subject,
        next: verdict.next.as_deref(),
        rollback: verdict.rollback.as_ref(),
        contacts: &verdict.contacts,
        waivers: &verdict.waivers,
        params: &verdict.params,
        engine: &verdict.engine,
        digests: &verdict.digests,
    }
}
