//! Every expression a judgement rests on, with the values it was evaluated on: for whoever wants to evaluate them again.
//! It judges nothing.

use std::sync::Arc;

use super::{Judgement, Subject};
use crate::expr::Compiled;
use crate::expr::value::Value;
use crate::policy::{Items, Policy, Proof};
use crate::snapshot::layout::Derived;
use crate::source::Position;

/// An expression and the values by slot.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The rule it belongs to, with the item where the rule speaks for each: `error-rate[csv]`.
    pub rule: String,
    /// What it is in the rule.
    pub part: Part,
    /// Where the rule's condition stands.
    pub place: Position,
    /// The expression.
    pub expr: Arc<Compiled>,
    /// The values.
    pub slots: Vec<Value>,
}

/// What an expression is in its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What must hold.
    Expr,
    /// The same, on the values it fired on.
    Fired,
    /// Whether the rule applies.
    When,
    /// The items it speaks for.
    ForEach,
    /// A named expression that one of these refers to.
    Let(String),
}

/// Every expression that was evaluated at the instant of a judgement, and for a stop that is clear again the one it
/// fired on.
#[must_use]
pub fn conditions(policy: &Policy, judgement: &Judgement<'_>) -> Vec<Condition> {
    let mut found: Vec<Condition> = Vec::new();
    for outcome in &judgement.outcomes {
        let Subject::Rule(rule, item) = &outcome.of else {
            continue;
        };
        let mut slots = judgement.world.slots().to_vec();
        let name = match item {
            Some((key, value)) => {
                if let Some(slot) = slots.get_mut(policy.item_slot) {
                    *slot = value.clone();
                }
                format!("{}[{key}]", rule.id)
            }
            None => rule.id.to_string(),
        };
        let mut add = |part: Part, expr: &Arc<Compiled>, slots: &[Value]| {
            let condition = |part, expr: &Arc<Compiled>| Condition {
                rule: name.clone(),
                part,
                place: rule.place,
                expr: Arc::clone(expr),
                slots: slots.to_vec(),
            };
            let named = expr.named();
            found.extend(
                named
                    .iter()
                    .map(|(name, expr)| condition(Part::Let(name.clone()), expr)),
            );
            found.push(condition(part, expr));
        };
        for (slot, value) in &outcome.windows {
            if let Some(held) = slots.get_mut(*slot) {
                *held = value.clone();
            }
        }
        for when in &rule.when {
            add(Part::When, when, &slots);
        }
        if let Some(Items::Expression(list)) = rule.for_each.as_ref().map(|each| &each.items) {
            add(Part::ForEach, list, &slots);
        }
        if rule.for_each.is_some() && item.is_none() {
            // It speaks for nothing: its condition was not asked.
            continue;
        }
        // Of evidence only what was asked: where there was none there is nothing to ask it of.
        let shown = |slot: usize| outcome.windows.iter().any(|(shown, _)| *shown == slot);
        let data = policy.layout.derived(Derived::Data);
        let exprs = || {
            let evidence = matches!(rule.proof, Proof::Evidence(_));
            let exprs = rule.proof.expressions();
            exprs.filter(move |_| !evidence || shown(data))
        };
        for expr in exprs() {
            add(Part::Expr, expr, &slots);
        }
        if !outcome.timing.fired_on.is_empty() {
            for (slot, value) in &outcome.timing.fired_on {
                if let Some(held) = slots.get_mut(*slot) {
                    *held = value.clone();
                }
            }
            for expr in rule.proof.expressions() {
                add(Part::Fired, expr, &slots);
            }
        }
    }
    found
}
