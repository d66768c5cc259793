//! One step, and the policy as it would have been written with it. Never whether that is still a policy.

use std::sync::Arc;

use crate::policy::decode::Text;
use crate::policy::document::rule::ItemsDocument;
use crate::policy::document::{LastingDocument, PolicyDocument, RuleDocument};
use crate::source::Span;
use crate::source::tree::{Kind, Node};
use crate::verdict::Effect;

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The text at a place becomes another one.
    Text(Span, String),
    /// A parameter's default does.
    Default(Span, String),
    /// A rule is left out.
    Drop(At),
    /// A stop becomes the other one.
    Swap(At),
    /// A key of a rule is left out.
    Without(At, Key),
}

/// A rule of the policy as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    /// The index of its stage; none in a policy without stages.
    pub(crate) stage: Option<usize>,
    /// Its index there.
    pub(crate) rule: usize,
}

/// A key that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Missing,
    OnUnmet,
    Latch,
    Watch,
    NotBy,
    Commit,
    Environment,
}

impl Change {
    /// The policy with this step.
    pub(crate) fn of(&self, document: &PolicyDocument) -> PolicyDocument {
        let mut document = document.clone();
        match self {
            Self::Text(span, text) => each(&mut document, &mut |written| {
                if written.span == *span {
                    written.scalar.text.clone_from(text);
                }
            }),
            Self::Default(span, text) => {
                for param in &mut document.params {
                    if let Some(Node {
                        span: at,
                        kind: Kind::Scalar(scalar),
                    }) = &mut param.default
                        && at == span
                    {
                        scalar.text.clone_from(text);
                    }
                }
            }
            Self::Drop(at) => drop(&mut document, *at),
            Self::Swap(at) => {
                if let Some(rule) = rule(&mut document, *at) {
                    swap(rule);
                }
            }
            Self::Without(at, key) => {
                if let Some(rule) = rule(&mut document, *at) {
                    without(rule, *key);
                }
            }
        }
        document
    }
}

fn rules(
    document: &mut PolicyDocument,
    stage: Option<usize>,
) -> Option<&mut Vec<Arc<RuleDocument>>> {
    let rules = match stage {
        None => &mut document.rules,
        Some(stage) => &mut document.stages.as_mut()?.get_mut(stage)?.rules,
    };
    Some(&mut rules.rules)
}

fn rule(document: &mut PolicyDocument, at: At) -> Option<&mut RuleDocument> {
    rules(document, at.stage)?
        .get_mut(at.rule)
        .map(Arc::make_mut)
}

/// Leaves a rule out, and where it was no override also what other stages say of it: without it that would be a rule
/// that says nothing.
fn drop(document: &mut PolicyDocument, at: At) {
    let Some(rules) = rules(document, at.stage).filter(|rules| at.rule < rules.len()) else {
        return;
    };
    let gone = rules.remove(at.rule);
    if !gone.given().is_empty() {
        let id = gone.id.as_str();
        for stage in document.stages.iter_mut().flatten() {
            stage.drop.retain(|dropped| dropped.as_str() != id);
            let own = |rule: &Arc<RuleDocument>| rule.id.as_str() != id || !rule.given().is_empty();
            stage.rules.rules.retain(own);
        }
    }
}

/// A stop of the other kind; what only a hard stop says is left out of a soft one.
fn swap(rule: &mut RuleDocument) {
    match rule.effect {
        Effect::Hold => rule.effect = Effect::Rollback,
        Effect::Rollback => {
            rule.effect = Effect::Hold;
            rule.latch = None;
        }
        Effect::Require => {}
    }
    if let Some(group) = &mut rule.group {
        Arc::make_mut(group).effect = rule.effect;
    }
}

fn without(rule: &mut RuleDocument, key: Key) {
    let proofs = &mut rule.proofs;
    let asked = [
        proofs.attest.as_mut().map(|attest| &mut attest.asked),
        proofs.approve.as_mut().map(|approve| &mut approve.asked),
    ];
    for asked in asked.into_iter().flatten() {
        if key == Key::NotBy {
            asked.not_by = None;
        }
    }
    if let Some(evidence) = &mut proofs.evidence {
        match key {
            Key::Commit => evidence.commit = None,
            Key::Environment => evidence.environment = None,
            _ => {}
        }
    }
    match key {
        Key::Missing => rule.missing = None,
        Key::OnUnmet => {
            rule.on_unmet = None;
            rule.latch = None;
        }
        Key::Latch => rule.latch = None,
        Key::Watch => rule.watch = None,
        _ => {}
    }
}

/// Every text that can be changed.
fn each(document: &mut PolicyDocument, change: &mut dyn FnMut(&mut Text)) {
    for (_, text) in &mut document.lets {
        change(text);
    }
    let stages = document.stages.iter_mut().flatten();
    for stage in stages {
        match &mut stage.bake {
            Some(LastingDocument::Plain(text)) => change(text),
            Some(LastingDocument::Business { length, .. }) => {
                length.iter_mut().for_each(&mut *change);
            }
            None => {}
        }
        for rule in &mut stage.rules.rules {
            of_rule(Arc::make_mut(rule), change);
        }
    }
    for rule in &mut document.rules.rules {
        of_rule(Arc::make_mut(rule), change);
    }
    for row in document
        .escalation
        .iter_mut()
        .flat_map(|matrix| &mut matrix.rows)
    {
        row.expr
            .iter_mut()
            .chain(&mut row.hold)
            .for_each(&mut *change);
    }
    for row in document.rollback_plan.iter_mut().flatten() {
        row.expr.iter_mut().for_each(&mut *change);
    }
}

fn of_rule(rule: &mut RuleDocument, change: &mut dyn FnMut(&mut Text)) {
    let own = rule
        .expr
        .iter_mut()
        .chain(&mut rule.when)
        .chain(&mut rule.hold);
    own.for_each(&mut *change);
    if let Some(group) = &mut rule.group
        && group.when.is_some()
    {
        Arc::make_mut(group).when.iter_mut().for_each(&mut *change);
    }
    if let Some(each) = &mut rule.for_each
        && let ItemsDocument::Expression(text) = &mut each.items
    {
        change(text);
    }
    let proofs = &mut rule.proofs;
    if let Some(evidence) = &mut proofs.evidence {
        evidence
            .condition
            .iter_mut()
            .chain(&mut evidence.max_age)
            .for_each(&mut *change);
    }
    if let Some(attest) = &mut proofs.attest {
        attest
            .count
            .iter_mut()
            .chain(&mut attest.asked.max_age)
            .for_each(&mut *change);
    }
    if let Some(approve) = &mut proofs.approve {
        let counts = approve.each.iter_mut().chain(&mut approve.any);
        counts
            .chain(&mut approve.asked.max_age)
            .for_each(&mut *change);
    }
}
