//! Facts that no rule asks for: they name a rule, an id or an item there is not, or one that is proved otherwise. Each name
//! is told once, by the first fact that has it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::filed::{Filed, Keyed};
use crate::evaluate::{Outcome, Subject};
use crate::policy::{Policy, Proof, Rule, Stage};
use crate::snapshot::Place;
use crate::snapshot::facts::Kind;
use crate::source::problem::nearest;

/// A name in facts that no rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// What is named.
    pub what: Named,
    /// The name of a rule, or the id of evidence.
    pub name: Arc<str>,
    /// A name that there is, and may be meant.
    pub near: Option<String>,
    /// Where the first fact was read that has it.
    pub place: Place,
}

/// What a fact names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A rule there is not.
    Rule(Kind),
    /// A rule that is proved otherwise.
    Other(Kind),
    /// An id of evidence no rule asks for.
    Evidence,
    /// No item, although the rule speaks for each.
    NoItem,
    /// An item the rule does not speak for.
    Item(Arc<str>),
}

/// All facts that no rule asks for.
pub(in crate::evaluate) fn unclaimed(
    policy: &Policy,
    stage: &Stage,
    filed: &Filed,
    outcomes: &[Outcome<'_>],
) -> Vec<Unclaimed> {
    let mut rules: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in policy.stages.iter().flat_map(|stage| &stage.rules) {
        rules.entry(&rule.id).or_default().push(rule);
    }
    let mut ids: BTreeMap<&str, bool> = BTreeMap::new();
    for rule in rules.values().flatten() {
        if let Proof::Evidence(evidence) = &rule.proof {
            ids.insert(&evidence.id, true);
        }
    }
    let mut found = Vec::new();
    for (kind, name, keyed) in filed.named() {
        let known = rules.get(name.as_ref());
        if known.is_some_and(|rules| rules.iter().any(|rule| asks(rule, kind))) {
            continue;
        }
        let mut asking = rules
            .iter()
            .filter(|(_, all)| all.iter().any(|rule| asks(rule, kind)));
        let names: Vec<&str> = asking.by_ref().map(|(name, _)| *name).collect();
        found.extend(first(keyed).map(|one| {
            Unclaimed {
                what: if known.is_some() {
                    Named::Other(kind)
                } else {
                    Named::Rule(kind)
                },
                name: Arc::clone(name),
                near: nearest(name, names)
                    .filter(|_| known.is_none())
                    .map(str::to_owned),
                place: one.place,
            }
        }));
    }
    for (id, keyed) in filed.ids().filter(|(id, _)| !ids.contains_key(id.as_ref())) {
        found.extend(first(keyed).map(|one| Unclaimed {
            what: Named::Evidence,
            name: Arc::clone(id),
            near: nearest(id, ids.keys().copied()).map(str::to_owned),
            place: one.place,
        }));
    }
    for rule in stage.rules.iter().filter(|rule| rule.for_each.is_some()) {
        if let Some(items) = items(rule, outcomes) {
            let kind = match &rule.proof {
                Proof::Attest(_) => Some(Kind::Attestation),
                Proof::Approve(_) => Some(Kind::Approval),
                _ => None,
            };
            let said = kind.and_then(|kind| filed.statements(kind, &rule.id));
            let said = said.into_iter().flatten();
            found.extend(
                said.filter_map(|(key, all)| {
                    item(&rule.id, key.as_ref(), all.first()?.place, &items)
                }),
            );
            if let Proof::Evidence(evidence) = &rule.proof
                && stage
                    .rules
                    .iter()
                    .filter(|rule| reads(rule, &evidence.id))
                    .count()
                    == 1
            {
                let run = filed.evidence(&evidence.id).into_iter().flatten();
                found.extend(run.filter_map(|(key, all)| {
                    item(&rule.id, key.as_ref(), all.first()?.place, &items)
                }));
            }
        }
    }
    found
}

/// Whether a rule is proved by statements of a kind.
fn asks(rule: &Rule, kind: Kind) -> bool {
    match rule.proof {
        Proof::Attest(_) => kind == Kind::Attestation,
        Proof::Approve(_) => kind == Kind::Approval,
        _ => false,
    }
}

/// Whether a rule is proved by evidence of an id.
fn reads(rule: &Rule, id: &Arc<str>) -> bool {
    matches!(&rule.proof, Proof::Evidence(evidence) if evidence.id == *id)
}

/// The first fact under a name.
fn first<T>(keyed: &Keyed<T>) -> Option<&Arc<T>> {
    keyed.values().flatten().next()
}

/// The items a rule spoke for, where it spoke for any.
fn items(rule: &Rule, outcomes: &[Outcome<'_>]) -> Option<BTreeSet<String>> {
    let items = outcomes.iter().filter_map(|outcome| match &outcome.of {
        Subject::Rule(of, Some((key, _))) if of.id == rule.id => Some(key.to_string()),
        _ => None,
    });
    let items: BTreeSet<String> = items.collect();
    (!items.is_empty()).then_some(items)
}

/// An item that a rule does not speak for.
fn item(
    rule: &Arc<str>,
    key: Option<&Arc<str>>,
    place: Place,
    items: &BTreeSet<String>,
) -> Option<Unclaimed> {
    if key.is_some_and(|key| items.contains(key.as_ref())) {
        return None;
    }
    let names = items.iter().map(String::as_str);
    Some(Unclaimed {
        what: key.map_or(Named::NoItem, |key| Named::Item(Arc::clone(key))),
        name: Arc::clone(rule),
        near: key.and_then(|key| nearest(key, names)).map(str::to_owned),
        place,
    })
}
