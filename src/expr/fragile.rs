//! Equalities between numbers that were measured: which of them hang on the last digit. It never knows an input.

use super::compiled::{Comparison, Compiled, side};
use super::plan::{Load, Step, What};
use super::tree::{Id, Op};
use super::types::Type;
use super::value::Value;

impl Compiled {
    /// Every `==`, `!=` and `in` that asks a number with digits after its point to be exactly another one, in the order
    /// of the text. A whole number is never fragile: configured values and counts do reach it.
    #[must_use]
    pub fn fragile(&self) -> Vec<Comparison> {
        let mut found: Vec<Comparison> = self
            .steps
            .iter()
            .filter_map(|step| {
                let (op, left, right) = match &step.what {
                    What::Compare { op, left, right } if !op.orders() => (*op, *left, *right),
                    What::In { item, of } => (Op::In, *item, *of),
                    _ => return None,
                };
                fragile(&self.steps, left, right).then(|| Comparison {
                    range: step.at.range(),
                    op,
                    left: side(&self.steps, left),
                    right: side(&self.steps, right),
                })
            })
            .collect();
        found.sort_by_key(|comparison| (comparison.range.start, comparison.range.end));
        found
    }
}

fn fragile(steps: &[Step], left: Id, right: Id) -> bool {
    let constant = |id: Id| steps.get(id).and_then(|step| step.what.constant());
    match (constant(left), constant(right)) {
        (Some(_), Some(_)) => false,
        (Some(value), None) | (None, Some(value)) => fractional(value),
        (None, None) => double(steps, left) || double(steps, right),
    }
}

/// Whether a constant is, or holds, a number with digits after its point.
fn fractional(value: &Value) -> bool {
    match value {
        Value::Double(number) => number.fract() != 0.0,
        Value::List(items) => items.iter().any(fractional),
        _ => false,
    }
}

/// Whether a part surely is a measured double. What a function gives is not: it may have been rounded.
fn double(steps: &[Step], id: Id) -> bool {
    let Some(step) = steps.get(id) else {
        return false;
    };
    match &step.what {
        What::Slot { load, .. }
        | What::Local { load, .. }
        | What::Field { load, .. }
        | What::Index { load, .. } => *load == Load::Double,
        What::Minus(of) | What::Scale { of, .. } => double(steps, *of),
        What::Arith { left, right, .. } => double(steps, *left) || double(steps, *right),
        What::If { yes, no, .. } => double(steps, *yes) || double(steps, *no),
        What::Bind { body, .. } => double(steps, *body),
        // Its type says as much, and following it could take for ever.
        What::Let(named) => {
            let root = named.steps.get(named.root).map(|step| &step.what);
            named.ty == Type::Double && !matches!(root, Some(What::Call { .. }))
        }
        What::List(items) => items.iter().any(|item| match &steps.get(*item) {
            Some(step) => step
                .what
                .constant()
                .map_or_else(|| double(steps, *item), fractional),
            None => false,
        }),
        _ => false,
    }
}
