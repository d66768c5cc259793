//! Which sides of a limit can be reached at all: beyond the declared range of an input there is nothing, and a whole number
//! is never at half a one. What is not known to be out of reach counts. Looks at declarations, never at a value.

use crate::expr::Edge;
use crate::expr::value::Value;
use crate::expr::window::Method;
use crate::policy::Policy;
use crate::snapshot::layout::{Context, Kind};

/// Whether there can be something below, at and above a limit.
pub(super) fn reach(policy: &Policy, edge: &Edge) -> [bool; 3] {
    if let (Value::Duration(limit), Some(slot)) = (&edge.limit, edge.slot) {
        // No stage has been going on for less than no time.
        let elapsed = slot == policy.layout.context(Context::StageElapsed);
        let positive = *limit > jiff::SignedDuration::ZERO;
        let negative = *limit < jiff::SignedDuration::ZERO;
        return [!elapsed || positive, !elapsed || !negative, true];
    }
    let Some(limit) = number(&edge.limit) else {
        return [true; 3];
    };
    // A negative factor would turn the order round: no unit has one.
    if edge.factor <= 0.0 {
        return [true; 3];
    }
    let limit = limit / edge.factor;
    let declared = edge.of.and_then(|slot| range(policy, slot));
    let least = tightest(edge.least, declared.map(|(least, _)| least), f64::max);
    let greatest = tightest(
        edge.greatest,
        declared.map(|(_, greatest)| greatest),
        f64::min,
    );
    let (least, greatest) = (
        least.unwrap_or(f64::NEG_INFINITY),
        greatest.unwrap_or(f64::INFINITY),
    );
    let rounds = edge.factor.to_bits() != 1.0_f64.to_bits();
    let whole = edge.whole && !rounds && limit.fract().abs() > 0.0;
    [
        least < limit,
        least <= limit && limit <= greatest && !whole,
        limit < greatest,
    ]
}

fn tightest(one: Option<f64>, other: Option<f64>, of: fn(f64, f64) -> f64) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(of(one, other)),
        (one, other) => one.or(other),
    }
}

/// The declared range of what a slot holds; that of a mean, an extreme or an earlier value is its input's.
fn range(policy: &Policy, slot: usize) -> Option<(f64, f64)> {
    let window = policy.windows.iter().find(|window| window.slot == slot);
    let slot = match window {
        None => slot,
        Some(window) => match window.method {
            Method::Avg
            | Method::Min
            | Method::Max
            | Method::Quantile(_)
            | Method::First
            | Method::Ago => window.of.plain()?,
            _ => return None,
        },
    };
    if slot == policy.layout.context(Context::StageTraffic) {
        return Some((0.0, 1.0));
    }
    match policy.layout.kind(slot)? {
        Kind::Input(input) | Kind::Baseline(_, input) => policy.layout.inputs().get(input)?.range,
        Kind::Context(_) | Kind::Derived(_) | Kind::Field(_) => None,
    }
}

/// A number as a double.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "only compared with a range")]
        Value::Int(number) => Some(*number as f64),
        #[expect(clippy::cast_precision_loss, reason = "only compared with a range")]
        Value::Uint(number) => Some(*number as f64),
        _ => None,
    }
}
