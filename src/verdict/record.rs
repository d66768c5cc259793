//! The record of a verdict: everything that was decided and what it was decided on, without a wall clock, in a stable
//! order of fields. The same inputs give the same bytes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Cause, Change, Decision, Finding, Lack, Status};
use crate::snapshot::history::hex;
use crate::source::canonical::canonical;
use crate::source::visible::{line, pretty};

/// A verdict with its reasons, in the shape that scripts read.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "gonogo verdict record")]
pub struct Verdict {
    /// The version of this shape.
    pub gonogo: u32,
    /// The decision.
    pub verdict: Decision,
    /// All that stands against a go, worst first.
    pub causes: Vec<Cause>,
    /// The exit code of the process.
    pub exit_code: u8,
    /// The worst finding in one line.
    pub reason: String,
    /// What would make it a go, all of it together, tried; none on a go, and where nothing was found that would.
    pub to_go: Option<ToGo>,
    /// The policy that was applied.
    pub policy: PolicyName,
    /// What is rolled out.
    pub subject: Subject,
    /// The stage that was judged.
    pub stage: String,
    /// Whether that stage was asked for by its name: what the snapshots say of another one then does not count.
    pub asked: bool,
    /// The stage that follows, on a go.
    pub next: Option<String>,
    /// Where a rollback goes.
    pub rollback: Option<RollbackPlan>,
    /// The instant the verdict is about.
    pub now: Timestamp,
    /// What became of each rule, worst first.
    pub findings: Vec<Finding>,
    /// Who is to be told of what, by when.
    pub escalation: Vec<Escalation>,
    /// What is to be done next, the first due first.
    pub duties: Vec<Duty>,
    /// How the roles that are told, or have a duty, are reached, where the policy says.
    pub contacts: BTreeMap<String, String>,
    /// What became of the waivers.
    pub waivers: Waivers,
    /// The parameters that were in force.
    pub params: BTreeMap<String, serde_json::Value>,
    /// What was left out or assumed.
    pub warnings: Vec<String>,
    /// What computed it.
    pub engine: Engine,
    /// What it was computed from.
    pub digests: Digests,
}

/// What would make a verdict a go; where a step is of kind `open`, only what would clear the findings that the others name.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct ToGo {
    /// When it would be a go if all of it were done at the instant of the verdict, what is to be done later then, and
    /// nothing else changed: what is measured stays as it is, and counters count on. None: as soon as it is done.
    pub at: Option<Timestamp>,
    /// What is to be done, the worst finding's first. All of it is needed.
    pub steps: Vec<Step>,
}

impl ToGo {
    /// Whether it surely makes a go: no finding is left open.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.steps.iter().all(|step| step.kind != StepKind::Open)
    }
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Step {
    /// What kind of thing.
    pub kind: StepKind,
    /// In words: `error_rate < 5%`, `2 approvals of role sre`, `wait until 2025-10-16T14:20:00Z`.
    pub what: String,
    /// The findings it is for.
    pub rules: Vec<String>,
    /// The value of an input it asks for.
    pub change: Option<Change>,
    /// Who or what is missing.
    pub missing: Option<Lack>,
    /// Until when to wait; of an entry, when it can be at the earliest, where that is later: what people and commands say
    /// must come after it.
    pub until: Option<Timestamp>,
}

/// What kind of thing is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// An input must have another value, or a value at all.
    Value,
    /// People must attest or approve.
    People,
    /// A command must be run and pass.
    Evidence,
    /// An earlier stage must go.
    Stage,
    /// The subject must name something.
    Field,
    /// The stage must be entered again.
    Enter,
    /// Time must pass.
    Wait,
    /// Nothing to be done: for these findings no steps were found. Where there is one, the other steps clear only what
    /// they name.
    Open,
}

/// The name of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct PolicyName {
    /// Its `name`.
    pub name: String,
    /// The file it was read from, as it was given.
    pub path: String,
}

/// What is rolled out, as far as the snapshots say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Subject {
    /// The service.
    pub service: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The commit it was built from.
    pub commit: Option<String>,
    /// Where it runs.
    pub environment: Option<String>,
}

impl Subject {
    /// The service and its version, what is known of them.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        [&self.service, &self.version]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// All that is known: the service, its version, the commit, and where it runs.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        let rest = [&self.commit, &self.environment].into_iter().flatten();
        self.named().chain(rest.map(String::as_str))
    }
}

/// Where a rollback goes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct RollbackPlan {
    /// How fast.
    pub mode: String,
    /// To which share of traffic.
    pub target: String,
    /// The stage to start again with.
    pub reenter: Option<String>,
    /// The time it is due, counted from when the stop fired.
    pub due: Option<Timestamp>,
    /// Whether that has passed.
    pub overdue: bool,
    /// Rules that must hold for it to be possible, with what became of them in this stage.
    pub requires: Vec<Required>,
    /// The stage that says whether it is done.
    pub check: Option<String>,
    /// The rows of the playbook it stands for.
    pub cite: Vec<String>,
}

/// A rule that a rollback rests on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Required {
    /// The rule.
    pub rule: String,
    /// What became of it; none: this stage has no such rule.
    pub status: Option<Status>,
}

/// A rule that needs a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Escalation {
    /// The rule, with its item, or the row of a matrix.
    pub row: String,
    /// The matrix the row stands in; none for a rule, and for a row of a plain list.
    pub matrix: Option<String>,
    /// How urgent.
    pub severity: Option<String>,
    /// Nobody can tell whether it applies.
    pub undecided: bool,
    /// Since when; none: not known.
    pub since: Option<Timestamp>,
    /// What to do.
    pub action: Option<String>,
    /// Whom to tell.
    pub notify: Vec<String>,
    /// The latest answer, counted from when it fired.
    pub respond_by: Option<Timestamp>,
    /// Whether that has passed.
    pub overdue: bool,
    /// Whom to tell next where nobody answers.
    pub then: Vec<NextLevel>,
    /// The rows of the playbook it stands for.
    pub cite: Vec<String>,
}

/// The next level of an escalation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct NextLevel {
    /// From when on.
    pub at: Timestamp,
    /// Whom to tell.
    pub notify: Vec<String>,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Duty {
    /// What.
    #[serde(rename = "do")]
    pub what: String,
    /// By whom.
    pub by: Option<String>,
    /// Until when, counted from when the verdict became so.
    pub due: Option<Timestamp>,
    /// Whether that has passed.
    pub overdue: bool,
    /// Nobody can tell whether it is to be done.
    pub undecided: bool,
    /// The rows of the playbook it stands for.
    pub cite: Vec<String>,
}

/// What became of the waivers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Waivers {
    /// Those that set a finding aside.
    pub used: Vec<Waiver>,
    /// Those for this stage that nothing needed.
    pub unused: Vec<Waiver>,
    /// Those for this stage that are past their end.
    pub expired: Vec<Expired>,
    /// Those for a rule or a stage that there is not.
    pub unknown: Vec<Waiver>,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Waiver {
    /// The rule, with its item where it names one.
    pub rule: String,
    /// The stage.
    pub stage: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who allowed it.
    pub approved_by: String,
    /// From when on it does not count any more.
    pub expires: Timestamp,
}

/// A waiver past its end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Expired {
    /// The waiver.
    #[serde(flatten)]
    pub waiver: Waiver,
    /// Whether it would set something aside still.
    pub missed: bool,
}

/// The program that computed a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// SHA-256 digests, each `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Digests {
    /// Of the policy's file.
    pub policy: String,
    /// Of what was observed, whatever files it came in.
    pub history: String,
    /// Of the file of waivers, where one was given.
    pub waivers: Option<String>,
    /// Of this record with this field empty, in the form of RFC 8785.
    pub record: String,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

impl Verdict {
    /// The record as indented JSON, with a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        pretty(self)
    }

    /// The record as JSON in one line, without a line end.
    #[must_use]
    pub fn to_line(&self) -> String {
        line(self)
    }

    /// Puts the digest of the record in its place.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.digests.record = String::new();
        let value = serde_json::to_value(&self).unwrap_or_default();
        self.digests.record = digest(canonical(&value).as_bytes());
        self
    }
}

/// `sha256:` and the digest of these bytes in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}
