//! One finding as an item: what is so, what is missing, who can supply it and how. Never decides.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::how;
use crate::explain::reason::one;
use crate::verdict::{Effect, Finding, Given, Lack, ProofKind, Region, Status, Verdict, Waived};

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A requirement that is met.
    Done,
    /// A requirement that is not, or not yet.
    Open,
    /// A stop that fired.
    Fired,
    /// A stop of which nobody can tell whether it fires.
    Undecided,
    /// It does not apply.
    NotApplicable,
    /// It is set aside.
    Waived,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// The rule.
    pub rule: String,
    /// The item of a rule that speaks for each.
    pub key: Option<String>,
    /// What it is about.
    pub title: Option<String>,
    /// What became of it.
    pub state: State,
    /// The status of its finding.
    pub status: Status,
    /// Whether it stands against a go.
    pub counts: bool,
    /// It is judged and reported, but never counted.
    pub watch: bool,
    /// What kind of proof it asks for; none: a condition.
    pub proof: Option<ProofKind>,
    /// What is asked for: the condition as written, or the proof in words.
    pub asks: Option<String>,
    /// What is so, or why it is not, in one line.
    pub why: Option<String>,
    /// What proves it.
    pub given: Vec<Given>,
    /// What does not count, each with its reason.
    pub not_counted: Vec<Given>,
    /// Who or what is missing.
    pub missing: Vec<Missing>,
    /// The command that records it anew, where it was given and does not do.
    pub how: Option<String>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// Whether that has passed without its being met, or before it was.
    pub late: bool,
    /// The earliest instant at which it can be met, if nothing changes.
    pub earliest: Option<Timestamp>,
    /// What sets it aside.
    pub waiver: Option<Waived>,
    /// A waiver of it that has ended.
    pub ended: Option<Timestamp>,
    /// What to do where it fired or is not met.
    pub action: Option<String>,
    /// Where the instructions are.
    pub runbook: Option<String>,
    /// The rows of the playbook it stands for.
    pub cite: Vec<String>,
    /// Where it stands in the policy.
    pub at: Option<Region>,
}

/// What is missing, and how to supply it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missing {
    /// What, how many of it, and who can supply it.
    #[serde(flatten)]
    pub lack: Lack,
    /// The command that records it.
    pub how: Option<String>,
}

/// The item of a finding.
pub(super) fn item(verdict: &Verdict, finding: &Finding) -> Item {
    let state = state(finding);
    let proof = finding.proof.as_ref();
    let (given, not_counted): (Vec<Given>, Vec<Given>) = proof
        .map(|proof| proof.given.clone())
        .unwrap_or_default()
        .into_iter()
        .partition(|given| given.counts);
    let open = state == State::Open;
    let missing = proof.filter(|_| open).map(|proof| {
        let how = |lack: &Lack| how::how(verdict, finding, proof, Some(lack));
        let each = proof.missing.iter().map(|lack| Missing {
            lack: lack.clone(),
            how: how(lack),
        });
        each.collect()
    });
    let again =
        proof.filter(|proof| open && proof.kind == ProofKind::Evidence && proof.missing.is_empty());
    let why = match state {
        State::NotApplicable => finding.skipped.clone(),
        State::Waived => None,
        // Who gave the proof says it all.
        State::Done if proof.is_some() => None,
        _ => Some(one(finding)),
    };
    let failed = matches!(state, State::Open | State::Fired | State::Undecided);
    Item {
        rule: finding.rule.clone(),
        key: finding.key.clone(),
        title: finding.title.clone(),
        state,
        status: finding.status,
        counts: finding.counts,
        watch: finding.watch,
        proof: proof.map(|proof| proof.kind),
        asks: proof
            .map(|proof| proof.asks.clone())
            .or_else(|| finding.expr.clone()),
        why,
        given,
        not_counted,
        missing: missing.unwrap_or_default(),
        how: again.and_then(|proof| how::how(verdict, finding, proof, None)),
        due: finding.due,
        late: finding.late,
        earliest: finding.met_at.filter(|_| open),
        waiver: finding.waiver.clone(),
        ended: ended(verdict, finding),
        action: finding.action.clone().filter(|_| failed),
        runbook: finding.runbook.clone().filter(|_| failed),
        cite: finding.cite.clone(),
        at: finding.at.clone(),
    }
}

fn state(finding: &Finding) -> State {
    match (finding.status, finding.effect) {
        (Status::Met | Status::Clear, _) => State::Done,
        (Status::Skipped, _) => State::NotApplicable,
        (Status::Waived, _) => State::Waived,
        (Status::Fired, _) => State::Fired,
        (_, Effect::Require) => State::Open,
        (_, Effect::Hold | Effect::Rollback) => State::Undecided,
    }
}

/// When a waiver ended that the finding would still need.
fn ended(verdict: &Verdict, finding: &Finding) -> Option<Timestamp> {
    let name = finding.name();
    let expired = verdict.waivers.expired.iter().filter(|expired| {
        let rule = &expired.waiver.rule;
        expired.missed && finding.counts && (*rule == finding.rule || *rule == name)
    });
    expired.map(|expired| expired.waiver.expires).max()
}
