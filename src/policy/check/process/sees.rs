//! What the conditions of a process see beside what rules see: the verdict, and which rules have become what. Never how
//! they came to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Checker;
use super::super::rules::Context;
use crate::expr::{Binding, Scope, Variable};
use crate::policy::Stage;
use crate::policy::document::RuleDocument;
use crate::snapshot::Layout;
use crate::snapshot::layout::{Derived, Kind};
use crate::verdict::{Decision, Effect};

/// The slot's part in what became of rules, if it has one.
pub(super) fn outcome(layout: &Layout, slot: usize) -> Option<Derived> {
    match layout.kind(slot) {
        Some(Kind::Derived(Derived::Records | Derived::Data)) => None,
        Some(Kind::Derived(derived)) => Some(derived),
        _ => None,
    }
}

impl Checker<'_> {
    /// The names of rules' expressions, and what became of the rules. A list knows which ids can be in it, so that one
    /// that never can is a mistake.
    pub(super) fn sees(&self, stages: &[Stage], context: &Context<'_>) -> Scope {
        let mut scope = context.scope.clone();
        for derived in Derived::ALL {
            let name = derived.name();
            let listed = match derived {
                Derived::Data => continue,
                Derived::Records if scope.get(name).is_some() => continue,
                Derived::Records => None,
                Derived::Verdict => Some(decisions()),
                derived => Some(self.ids(*derived, stages)),
            };
            let variable = Variable {
                slot: context.layout.derived(*derived),
                ty: derived.ty(),
                unit: None,
                values: listed,
            };
            scope.declare(name, Binding::Slot(variable));
        }
        scope
    }

    /// The ids that can be in a list, in any stage.
    fn ids(&self, list: Derived, stages: &[Stage]) -> Arc<[Arc<str>]> {
        let able = |rule: &&Arc<RuleDocument>| {
            let require = rule.effect == Effect::Require;
            match list {
                Derived::Fired => !require || rule.on_unmet.is_some(),
                Derived::Unmet => require,
                Derived::Held => rule.effect == Effect::Hold,
                _ => true,
            }
        };
        let watched = |rule: &&Arc<RuleDocument>| rule.watch == Some(true);
        let rules = self.rules.iter().flatten();
        let mut ids: BTreeSet<Arc<str>> = rules
            .filter(able)
            .filter(|rule| !watched(rule))
            .map(|rule| Arc::from(rule.id.as_str()))
            .collect();
        if matches!(list, Derived::Unmet | Derived::Unknown | Derived::Pending) {
            ids.extend(stages.iter().flat_map(|stage| built_in(stage, list)));
        }
        ids.into_iter().collect()
    }
}

/// What a stage asks for by itself.
fn built_in(stage: &Stage, list: Derived) -> impl Iterator<Item = Arc<str>> {
    let bake = stage.bake.is_some() && list != Derived::Unmet;
    let traffic = stage.traffic.is_some() && list != Derived::Pending;
    let needs = !stage.needs.is_empty();
    let named = [
        ("stage.bake", bake),
        ("stage.traffic", traffic),
        ("stage.needs", needs),
    ];
    let fields = stage.fields.iter();
    let fields = fields.map(|(name, _)| Arc::from(format!("record.{name}")));
    named
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(name, _)| Arc::from(name))
        .chain(fields)
}

fn decisions() -> Arc<[Arc<str>]> {
    [Decision::Go, Decision::NoGo, Decision::Rollback]
        .iter()
        .map(|decision| Arc::from(decision.name()))
        .collect()
}
