//! A number that a plan asks for, and the plan with it elsewhere. Never whether that goes.

use serde_json::Value as Json;

use crate::explain::go::ask::{Ask, Of, Plan};
use crate::explain::go::target::Target;
use crate::explain::values;
use crate::explain::ways::edge::Edge;

/// A number that is asked for, and its limit on the side it is to be on.
pub(super) struct Bound {
    pub(super) target: Target,
    pub(super) up: bool,
    pub(super) limit: f64,
    /// Whether only whole numbers are there.
    pub(super) whole: bool,
    pub(super) rules: Vec<String>,
}

impl Bound {
    pub(super) fn of(&self, ask: &Ask) -> bool {
        matches!(&ask.of, Of::Value(wanted) if is_at(&wanted.target, &self.target) && !wanted.keep)
    }

    /// The limit, so many parts of it further on.
    pub(super) fn moved(&self, parts: f64) -> f64 {
        let by = parts * self.limit.abs().max(1.0);
        if self.up {
            self.limit + by
        } else {
            self.limit - by
        }
    }

    pub(super) fn json(&self, number: f64) -> Json {
        if self.whole {
            let number = if self.up {
                number.ceil()
            } else {
                number.floor()
            };
            crate::expr::int(number).map_or(Json::Null, Json::from)
        } else {
            Json::from(number)
        }
    }
}

/// Whether a limit is at one of the ends of a stretch or within it.
pub(super) fn is_beside(edge: &Edge, bound: &Bound) -> bool {
    let number = values::number;
    let ends = [
        Some(&edge.nearest),
        edge.furthest.as_ref(),
        Some(&edge.limit),
    ];
    let ends = || ends.iter().flatten().filter_map(|end| number(end));
    let least = ends().fold(f64::INFINITY, f64::min);
    let most = ends().fold(f64::NEG_INFINITY, f64::max);
    let until = edge.until.as_ref().and_then(|until| number(&until.limit));
    (least.min(until.unwrap_or(least))..=most.max(until.unwrap_or(most))).contains(&bound.limit)
}

pub(super) fn is_at(one: &Target, other: &Target) -> bool {
    one.slot == other.slot && one.path == other.path
}

/// The same ask with another limit.
pub(super) fn with(ask: &Ask, op: &str, limit: Json) -> Ask {
    let mut ask = ask.clone();
    if let Of::Value(wanted) = &mut ask.of {
        op.clone_into(&mut wanted.op);
        wanted.limit = limit;
    }
    ask
}

/// A plan with a value at one place.
pub(super) fn at(plan: &Plan, bound: &Bound, limit: &Json) -> Plan {
    let mut moved = plan.clone();
    let like = plan.asks().iter().find(|ask| bound.of(ask)).cloned();
    let one = like.map(|ask| with(&ask, "==", limit.clone()));
    moved.replace(&|ask| bound.of(ask), one.into_iter().collect());
    moved
}
