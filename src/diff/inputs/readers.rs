//! Who reads what is measured, and whether they only wait where it is not known: then, and only then, what is known less
//! often lets less pass. Never what they make of a value.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::difference::{Direction, Item};
use crate::diff::side::Sides;
use crate::policy::{Items, OnMissing, Policy, Proof, Rule};
use crate::snapshot::layout::Kind;
use crate::verdict::Effect;

/// Who reads inputs and baselines, by their names.
pub(super) struct Readers {
    /// The stages whose rules read them.
    by: BTreeMap<String, BTreeSet<String>>,
    /// The first rule that does not only wait where they are not known.
    doubted: BTreeMap<String, String>,
}

impl Readers {
    pub(super) fn of(sides: &Sides<'_>) -> Self {
        let mut found = Self {
            by: BTreeMap::new(),
            doubted: BTreeMap::new(),
        };
        for policy in [sides.new, sides.old] {
            for stage in policy.judged() {
                for rule in &stage.rules {
                    found.take(policy, rule, &stage.name);
                }
            }
        }
        found
    }

    fn take(&mut self, policy: &Policy, rule: &Rule, stage: &str) {
        let waits = waits(rule);
        let condition = rule.expr();
        let beside = rule.expressions().filter(|expr| {
            // What it is proved by, and nothing else.
            !condition.is_some_and(|condition| std::ptr::eq(condition.as_ref(), expr.as_ref()))
        });
        let beside: BTreeSet<String> = beside.flat_map(|expr| read(policy, expr)).collect();
        for name in rule.expressions().flat_map(|expr| read(policy, expr)) {
            if !rule.watch && (!waits || beside.contains(&name)) {
                let doubted = self.doubted.entry(name.clone());
                doubted.or_insert_with(|| rule.id.to_string());
            }
            self.by.entry(name).or_default().insert(stage.to_owned());
        }
    }

    /// An input that no rule reads decides nothing.
    pub(super) fn read(&self, input: &str, item: Item) -> Item {
        if self.by.contains_key(input) {
            item
        } else {
            item.direction(Direction::Neutral)
        }
    }

    /// What it comes to where something is known more often, or less.
    pub(super) fn known(&self, name: &str, more: bool) -> Direction {
        match (self.doubted.contains_key(name), more) {
            (true, _) => Direction::Changed,
            (false, true) => Direction::Loosened,
            (false, false) => Direction::Tightened,
        }
    }

    /// Why that cannot be told of something.
    pub(super) fn doubt(&self, name: &str) -> Option<String> {
        let rule = self.doubted.get(name)?;
        Some(format!(
            "rule {rule} does not only wait where it is not known"
        ))
    }
}

/// Whether what a rule's condition does not know always stands against a go, and as much as anything that it could know.
fn waits(rule: &Rule) -> bool {
    // A rollback that is not known is a no-go; one that latches is gone altogether where the sample that fired it is.
    let rolls_back = rule.effect == Effect::Rollback || rule.on_unmet || rule.latch;
    let listed = |items: &Items| matches!(items, Items::Listed(_));
    rule.missing != OnMissing::Ignore
        && !rolls_back
        && rule
            .for_each
            .as_ref()
            .is_none_or(|each| listed(&each.items))
        && matches!(&rule.proof, Proof::Expr(expr) if expr.waits())
}

/// The inputs and the baselines that an expression reads; an input in a baseline is that input too.
fn read(policy: &Policy, expr: &crate::expr::Compiled) -> BTreeSet<String> {
    let layout = &policy.layout;
    let mut found = BTreeSet::new();
    for slot in expr.reads() {
        if let Some(Kind::Baseline(baseline, _)) = layout.kind(*slot) {
            let baseline = layout.baselines().get(baseline);
            found.extend(baseline.map(|baseline| baseline.name.to_string()));
        }
        let input = layout.input_of(*slot);
        let input = input.and_then(|input| layout.inputs().get(input));
        found.extend(input.map(|input| input.name.to_string()));
    }
    found
}
