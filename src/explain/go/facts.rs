//! Facts that nobody gave: what people would say, commands that would pass, stages that would go. Never words.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Scene;
use crate::evaluate::{Considered, Fact, Lacking, Proved, text};
use crate::policy::proof::{Asked, Environment, Evidence as Wanted};
use crate::policy::{Need, Proof, Rule};
use crate::snapshot::facts::{Answer, Decision, Evidence, Kind, Record, Statement};
use crate::snapshot::layout::Context;
use crate::snapshot::{Place, Subject};

/// What is asked of people's statements, and which kind of them.
fn asked(rule: &Rule) -> Option<(Kind, &Asked)> {
    match &rule.proof {
        Proof::Attest(attest) => Some((Kind::Attestation, &attest.asked)),
        Proof::Approve(approve) => Some((Kind::Approval, &approve.asked)),
        Proof::Expr(_) | Proof::Evidence(_) | Proof::During(_) => None,
    }
}

/// What those who are missing would say; nothing where the policy lists fewer people than that. `before` tells how many
/// others are missing for the same rule.
pub(super) fn missing(
    rule: &Rule,
    key: Option<&Arc<str>>,
    lacking: &Lacking,
    listed: bool,
    before: usize,
    at: Timestamp,
) -> Option<Vec<Arc<Statement>>> {
    let (kind, asked) = asked(rule)?;
    let count = usize::try_from(lacking.count).ok()?.min(100);
    if listed && lacking.people.len() < count {
        return None;
    }
    let who = |index: usize| {
        lacking.people.get(index).cloned().unwrap_or_else(|| {
            let number = before.saturating_add(index).saturating_add(1);
            Arc::from(format!("somebody-{}-{number}", rule.id))
        })
    };
    let fields: BTreeMap<Arc<str>, Arc<str>> = asked
        .fields
        .iter()
        .map(|field| {
            let first = field.values.as_ref().and_then(|values| values.first());
            let value = first.cloned().unwrap_or_else(|| Arc::from("1"));
            (Arc::clone(&field.name), value)
        })
        .collect();
    let one = |index| {
        Arc::new(Statement {
            kind,
            rule: Arc::clone(&rule.id),
            key: key.cloned(),
            by: who(index),
            role: lacking.roles.first().cloned(),
            at: Some(at),
            stage: None,
            about: Subject::default(),
            expires: None,
            fields: fields.clone(),
            decision: Decision::Given,
            url: None,
            place: Place::default(),
        })
    };
    Some((0..count).map(one).collect())
}

/// What those would say who stand in the way: they take it back.
pub(super) fn taken_back(
    proved: &Proved,
    decision: Decision,
    at: Timestamp,
) -> Vec<Arc<Statement>> {
    let stands = |one: &Considered| match &one.fact {
        Fact::Statement(said) if one.counts && said.decision == decision => {
            Some(Arc::new(Statement {
                at: Some(at),
                decision: Decision::Withdrawn,
                expires: None,
                place: Place::default(),
                ..Statement::clone(said)
            }))
        }
        _ => None,
    };
    proved.given.iter().filter_map(stands).collect()
}

/// A command that would be run.
pub(super) fn ran(
    scene: &Scene<'_, '_>,
    wanted: &Wanted,
    key: Option<&Arc<str>>,
    passed: bool,
    at: Timestamp,
) -> Arc<Evidence> {
    let world = scene.world;
    let environment = match &wanted.environment {
        Some(Environment::Named(name)) => Some(Arc::clone(name)),
        Some(Environment::Same) => text(world, Context::SubjectEnvironment),
        None => None,
    };
    Arc::new(Evidence {
        id: Arc::clone(&wanted.id),
        key: key.cloned(),
        passed,
        exit_code: None,
        at: Some(at),
        started: None,
        about: Subject::default(),
        commit: text(world, Context::SubjectCommit).filter(|_| wanted.same_commit),
        environment,
        data: crate::evaluate::ABSENT,
        url: None,
        place: Place::default(),
    })
}

/// A stage that would go.
pub(super) fn went(scene: &Scene<'_, '_>, need: &Need, at: Timestamp) -> Option<Arc<Record>> {
    let own = |context| text(scene.world, context);
    Some(Arc::new(Record {
        policy: None,
        stage: need.stages.first().cloned()?,
        answer: Answer::Go,
        at: Some(at),
        about: Subject::of([
            own(Context::SubjectService),
            own(Context::SubjectVersion),
            own(Context::SubjectCommit),
            None,
        ]),
        place: Place::default(),
    }))
}
