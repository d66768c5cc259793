//! A judgement to a verdict with reasons: values, margins, what was unknown, what would change it, in the order in
//! which a person needs them. Looks things up again, never decides anew.

mod allowance;
mod compared;
mod condition;
pub mod finding;
mod follow;
mod gaps;
mod go;
pub mod limit;
mod margin;
pub mod number;
mod proof;
pub mod reason;
mod skipped;
mod trace;
pub mod values;
pub mod waivers;
mod ways;
mod windows;

use std::sync::Arc;

use allowance::Allowance;

use crate::evaluate::{Judgement, Notice, Outcome, Question, Subject, World, text};
use crate::expr::json;
use crate::policy::Policy;
use crate::snapshot::History;
use crate::snapshot::layout::Context;
use crate::source::Problem;
use crate::verdict::record::{self, Digests, PolicyName};
use crate::verdict::{Decision, Engine, ExitCode, Finding, Status, Verdict};
pub use finding::named;
pub use follow::next;

/// The verdict of a judgement, every finding explained. `warnings` are what reading the policy and the snapshots said.
#[must_use]
pub fn explain(
    policy: &Policy,
    history: &History,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> Verdict {
    let digested = Digested {
        history: &history.digest(&policy.layout),
        waivers: None,
    };
    explain_digested(policy, digested, question, judgement, warnings)
}

/// What a verdict was computed from, beside the policy.
#[derive(Clone, Copy, Debug)]
pub struct Digested<'d> {
    /// The digest of the history in hexadecimal.
    pub history: &'d str,
    /// The digest of the file of waivers as [`record::digest`] writes it, where there is one.
    pub waivers: Option<&'d str>,
}

/// The same, where no more is left of what was read than its digests.
#[must_use]
pub fn explain_digested(
    policy: &Policy,
    digested: Digested<'_>,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> Verdict {
    explain_unsealed(policy, digested, question, judgement, warnings).sealed()
}

/// The same without the digest of the record, for whoever shows the verdict and keeps no record of it: writing a record
/// out to digest it costs as much as all its reasons.
#[must_use]
pub fn explain_unsealed(
    policy: &Policy,
    digested: Digested<'_>,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> Verdict {
    let all = Depth {
        ahead: true,
        holding: true,
    };
    explained(policy, digested, question, judgement, warnings, all)
}

/// The same without any digest, and without the values of what is as it should be: what the report for people shows, where
/// nobody asked for more.
#[must_use]
pub fn explain_shown(
    policy: &Policy,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> Verdict {
    let shown = Depth {
        ahead: true,
        holding: false,
    };
    explained(policy, UNDIGESTED, question, judgement, warnings, shown)
}

/// The same without what would make it a go either, which nobody asks for who explains a great many verdicts.
#[must_use]
pub fn explain_found(
    policy: &Policy,
    question: Question<'_>,
    judgement: Judgement<'_>,
    warnings: &[Problem],
) -> Verdict {
    // Nobody is shown the digest of a fixture.
    let found = Depth {
        ahead: false,
        holding: true,
    };
    explained(policy, UNDIGESTED, question, judgement, warnings, found)
}

/// How much of a verdict is worked out.
#[derive(Clone, Copy)]
struct Depth {
    /// What would make it a go.
    ahead: bool,
    /// The values of what is as it should be.
    holding: bool,
}

/// Where no digest is shown.
const UNDIGESTED: Digested<'_> = Digested {
    history: "",
    waivers: None,
};

fn explained(
    policy: &Policy,
    digested: Digested<'_>,
    question: Question<'_>,
    mut judgement: Judgement<'_>,
    warnings: &[Problem],
    depth: Depth,
) -> Verdict {
    let mut outcomes = std::mem::take(&mut judgement.outcomes);
    outcomes.sort_by_cached_key(order);
    let limit_exceeded = outcomes
        .iter()
        .any(|outcome| outcome.weight.is_some() && outcome.limit().is_some());
    let mut allowance = Allowance::of(depth.holding);
    let findings: Vec<Finding> = outcomes
        .iter()
        .map(|outcome| {
            finding::finding(
                policy,
                question,
                outcome,
                judgement.decision,
                &mut judgement.world,
                (&judgement.facts, &judgement.looked),
                &mut allowance,
            )
        })
        .collect();
    let world = &judgement.world;
    let decision = judgement.decision;
    let to_go = judgement
        .ahead
        .as_ref()
        .filter(|_| depth.ahead)
        .and_then(|ahead| {
            let samples = std::cell::Cell::new(go::SAMPLES);
            let scene = go::Scene {
                policy,
                question,
                ahead,
                world,
                facts: &judgement.facts,
                samples: &samples,
                open: Vec::new(),
            };
            go::to_go(&scene, &outcomes, &findings, &judgement.causes)
        });
    let own = |context| text(world, context).map(|text| text.to_string());
    let following = follow::following(
        policy,
        question,
        decision,
        &judgement.follows,
        &outcomes,
        &findings,
    );
    let mut reason = reason::reason(&findings, decision, &judgement.causes);
    if decision == Decision::Go && policy.is_check(question.stage) {
        reason = format!("rollback verified: {reason}");
    }
    Verdict {
        gonogo: 1,
        verdict: decision,
        exit_code: ExitCode::of(decision, &judgement.causes, limit_exceeded).code(),
        reason,
        to_go,
        causes: judgement.causes.clone(),
        policy: PolicyName {
            name: policy.name.to_string(),
            path: policy.path.to_string(),
        },
        subject: record::Subject {
            service: own(Context::SubjectService),
            version: own(Context::SubjectVersion),
            commit: own(Context::SubjectCommit),
            environment: own(Context::SubjectEnvironment),
        },
        stage: question.stage.name.to_string(),
        asked: question.asked.is_some(),
        next: following.next,
        rollback: following.rollback,
        now: question.now,
        escalation: following.escalation,
        findings,
        duties: following.duties,
        contacts: following.contacts,
        waivers: waivers::told(&judgement.waivers),
        params: policy
            .params
            .iter()
            .map(|(name, value)| (name.to_string(), json(value)))
            .collect(),
        warnings: said(&judgement, following.said, warnings),
        engine: Engine::default(),
        digests: Digests {
            policy: policy.digest.clone(),
            history: format!("sha256:{}", digested.history),
            waivers: digested.waivers.map(ToOwned::to_owned),
            record: String::new(),
        },
    }
}

/// The order of findings: what forces the verdict first, then what counts less, then by name.
fn order(outcome: &Outcome<'_>) -> (u8, String) {
    let rank = match (outcome.weight, outcome.status) {
        (Some((_, cause)), _) => cause as u8,
        (None, Status::Fired | Status::Unmet) => 10,
        (None, Status::Unknown) => 11,
        (None, Status::Pending) => 12,
        (None, Status::Waived) => 13,
        (None, Status::Met) => 14,
        (None, Status::Clear) => 15,
        (None, Status::Skipped) => 16,
    };
    (rank, finding::name(outcome))
}

/// Everything that was left out or assumed, in alphabetical order: the order of files never matters.
fn said(judgement: &Judgement<'_>, following: Vec<String>, warnings: &[Problem]) -> Vec<String> {
    let facts = &judgement.facts;
    let mut said: Vec<String> = judgement
        .notices
        .iter()
        .map(|notice| match notice {
            Notice::NotUsed(text) => text.clone(),
            Notice::Unclaimed(unclaimed) => proof::unclaimed(unclaimed, facts),
            Notice::BeginsLate { first, entered } => {
                format!("the history begins at {first}, after the stage was entered at {entered}")
            }
        })
        .collect();
    said.extend(following);
    said.extend(warnings.iter().map(|problem| match problem.place() {
        Some(place) => format!("{}: {} ({place})", problem.code, problem.message),
        None => format!("{}: {}", problem.code, problem.message),
    }));
    said.sort();
    said.dedup();
    said
}

/// The item of a `for_each`, and what its windows say, put into their slots, which are given back.
fn with_item(world: &mut World<'_>, slot: usize, outcome: &Outcome<'_>) -> Vec<usize> {
    let Subject::Rule(_, item) = &outcome.of else {
        return Vec::new();
    };
    let shown = outcome.windows.iter().map(|(slot, value)| (*slot, value));
    let all = shown.chain(item.iter().map(|(_, item)| (slot, item)));
    all.map(|(slot, value)| {
        world.set(slot, value.clone());
        slot
    })
    .collect()
}

/// A shared text as an owned one.
fn owned(text: Option<&Arc<str>>) -> Option<String> {
    text.map(ToString::to_string)
}
