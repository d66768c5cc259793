//! Where a number that is asked for may be: within its limits, within what is declared, and where to try it. Never whether
//! that goes.

use serde_json::Value as Json;

use super::{Bound, FAR, Relax, STEP, TRIALS};
use crate::explain::go::ask::{Ask, Of};
use crate::explain::go::target::part;
use crate::explain::number::decade;
use crate::explain::values;
use crate::expr::{Budget, Place, brief};

/// The most limits of rules at which a value is tried.
const HINTS: usize = 12;

impl Relax<'_, '_, '_> {
    /// Whether a value is within the limits, and may be given.
    pub(super) fn is_asked(&self, bound: &Bound, number: f64) -> bool {
        let within = |ask: &Ask| match &ask.of {
            Of::Value(wanted) if bound.of(ask) => {
                let limit = wanted.limit.as_f64().unwrap_or(number);
                match wanted.op.as_str() {
                    "<" => number < limit,
                    "<=" => number <= limit,
                    ">" => number > limit,
                    ">=" => number >= limit,
                    _ => true,
                }
            }
            _ => true,
        };
        let number_is = bound.json(number).as_f64() == Some(number) || !bound.whole;
        number_is && self.may_be(bound, number) && self.found.plan.asks().iter().all(within)
    }

    /// Whether there is a limit on the other side.
    pub(super) fn has_end(&self, bound: &Bound) -> bool {
        let side = if bound.up { '<' } else { '>' };
        self.found.plan.asks().iter().any(|ask| {
            bound.of(ask) && matches!(&ask.of, Of::Value(wanted) if wanted.op.starts_with(side))
        })
    }

    /// The other limit, or else a value far on; nothing where none may be given.
    pub(super) fn far(&self, bound: &Bound) -> Option<Json> {
        let other = self.found.plan.asks().iter().find_map(|ask| match &ask.of {
            Of::Value(wanted)
                if bound.of(ask) && wanted.op.starts_with(if bound.up { '<' } else { '>' }) =>
            {
                wanted
                    .limit
                    .as_f64()
                    .map(|limit| (limit, wanted.op.len() == 1))
            }
            _ => None,
        });
        if let Some((limit, strict)) = other {
            let step = match (strict, bound.whole) {
                (false, _) => 0.0,
                (true, true) => 1.0,
                (true, false) => limit.abs().max(1.0) * STEP,
            };
            let last = if bound.up { limit - step } else { limit + step };
            return Some(bound.json(last));
        }
        let most = FAR.iter().rev().map(|far| bound.moved(*far));
        let mut far = most.chain(self.end(bound));
        let far = far.find(|far| self.may_be(bound, *far))?;
        Some(bound.json(far))
    }

    /// Numbers a person would give within a limit, and at last the one that was tried.
    pub(super) fn numbers(&self, bound: &Bound) -> Vec<Json> {
        let unit = decade(bound.limit).unwrap_or(1.0);
        let near = [0.0, 0.1, 1.0].map(|units| {
            let by = units * unit;
            let moved = if bound.up {
                bound.limit + by
            } else {
                bound.limit - by
            };
            // As few digits as a person would give.
            bound.json(format!("{moved:.6e}").parse().unwrap_or(moved))
        });
        let wish = self.found.plan.wish(self.scene).ok();
        let tried = wish.and_then(|wish| {
            let mut values = wish.values.into_iter();
            let (_, whole) = values.find(|(slot, _)| *slot == bound.target.slot)?;
            part(&whole, &bound.target.path).map(brief)
        });
        near.into_iter().chain(tried).collect()
    }

    /// Whether the input may have a value.
    pub(super) fn may_be(&self, bound: &Bound, number: f64) -> bool {
        let range = self.range(bound);
        range.is_none_or(|(least, greatest)| (least..=greatest).contains(&number))
    }

    /// The last value that the input may have, on the side that is asked for.
    pub(super) fn end(&self, bound: &Bound) -> Option<f64> {
        let (least, greatest) = self.range(bound)?;
        Some(if bound.up { greatest } else { least })
    }

    /// The least and the greatest number that may be given, where that is declared. Traffic is a share.
    pub(super) fn range(&self, bound: &Bound) -> Option<(f64, f64)> {
        let layout = &self.scene.policy.layout;
        match layout.input_of(bound.target.slot) {
            Some(index) => layout.inputs().get(index)?.range,
            None => Some((0.0, 1.0)),
        }
    }

    /// Where rules may change with a value: what it is compared with.
    pub(super) fn hints(&self, bound: &Bound) -> Vec<f64> {
        let rules = self.scene.question.stage.rules.iter();
        let mut hints: Vec<f64> = Vec::new();
        for expr in rules.flat_map(|rule| rule.expressions()) {
            if !expr.slots().contains(&bound.target.slot) {
                continue;
            }
            let goal = expr.goal(true, self.scene.world.slots(), &mut Budget::of(TRIALS));
            for test in goal.tests() {
                let reads = |place: &Place| place.slot == bound.target.slot;
                if test.places.iter().any(reads) {
                    let limits = test.limits.iter();
                    hints.extend(limits.filter_map(values::number));
                }
            }
        }
        hints.sort_by(f64::total_cmp);
        hints.dedup();
        hints.truncate(HINTS);
        hints
    }
}
