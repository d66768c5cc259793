//! What decided a condition where that is no comparison of numbers: what was compared, how it stands, and with what.

use super::values::{mirrored, negated, operand, relation};
use crate::expr::trace::{Operand, Trace};
use crate::expr::{Compiled, Decider, Deciding, Op, brief};
use crate::verdict::Compared;

/// The comparison that decided, as it stands now: of `a == "x"` that is false, `a != "x"`.
pub(super) fn told(expr: &Compiled, decider: &Decider, trace: &Trace) -> Option<Compared> {
    let Deciding::Comparison { op, left, right } = &decider.what else {
        return None;
    };
    let is_constant = |side: &Operand| side.side.constant.is_some();
    let turned = is_constant(left) && !is_constant(right);
    let (judged, limit) = if turned { (right, left) } else { (left, right) };
    let relation = match (op, decider.value, turned) {
        (Op::In, true, false) => "in",
        (Op::In, false, false) => "not in",
        (Op::In, true, true) => "has",
        (Op::In, false, true) => "has not",
        _ => {
            let op = if turned { mirrored(*op) } else { *op };
            relation(if decider.value { op } else { negated(op) })?
        }
    };
    let judged = operand(expr, trace, judged, judged.value.as_ref().ok()?);
    Some(Compared {
        input: judged.expr,
        value: judged.value,
        relation: relation.to_owned(),
        limit: brief(limit.value.as_ref().ok()?),
    })
}
