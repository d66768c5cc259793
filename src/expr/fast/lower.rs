//! Lowers a plan where all of it has a lowered form. It never changes a result: what it does not know stays a plan.

use std::sync::Arc;

use super::{Fast, Number, Place};
use crate::expr::number;
use crate::expr::plan::{Load, Step, What};
use crate::expr::tree::{Id, Op};
use crate::expr::value::Value;

/// The lowered form of a condition, if it has one.
pub(crate) fn lower(steps: &[Step], id: Id) -> Option<Fast> {
    Some(match &steps.get(id)?.what {
        What::Const(Value::Bool(value)) => Fast::Const(*value),
        What::Slot { .. } | What::Field { .. } => Fast::Read(place(steps, id, Load::Bool)?),
        What::Not(of) => Fast::Not(Box::new(lower(steps, *of)?)),
        What::And(..) | What::Or(..) => {
            let decisive = matches!(steps.get(id)?.what, What::Or(..));
            let mut parts = Vec::new();
            chain(steps, id, decisive, &mut parts)?;
            Fast::Chain {
                decisive,
                parts: parts.into(),
            }
        }
        What::Compare { op, left, right } => compare(steps, *op, *left, *right)?,
        What::In { item, of } => {
            let Value::List(items) = steps.get(*of)?.what.constant()? else {
                return None;
            };
            let texts = items.iter().map(text).collect::<Option<Vec<_>>>()?;
            Fast::Among {
                place: place(steps, *item, Load::String)?,
                texts: texts.into(),
            }
        }
        What::Call { function, args } if function.name == "startsWith" => {
            let [of, prefix] = args.as_slice() else {
                return None;
            };
            Fast::StartsWith {
                place: place(steps, *of, Load::String)?,
                text: text(steps.get(*prefix)?.what.constant()?)?,
            }
        }
        What::Known(of) => {
            let load = match &steps.get(*of)?.what {
                What::Slot { load, .. } | What::Field { load, .. } => *load,
                _ => return None,
            };
            Fast::Known {
                place: place(steps, *of, load)?,
                load,
            }
        }
        _ => return None,
    })
}

/// The parts of `a && b && c`, in order.
fn chain(steps: &[Step], id: Id, decisive: bool, parts: &mut Vec<Fast>) -> Option<()> {
    match (&steps.get(id)?.what, decisive) {
        (What::And(left, right), false) | (What::Or(left, right), true) => {
            chain(steps, *left, decisive, parts)?;
            chain(steps, *right, decisive, parts)
        }
        _ => {
            parts.push(lower(steps, id)?);
            Some(())
        }
    }
}

fn text(value: &Value) -> Option<Arc<str>> {
    if let Value::String(text) = value {
        Some(text.clone())
    } else {
        None
    }
}

/// A comparison of two doubles, of a whole number with a constant, or of a text with one.
fn compare(steps: &[Step], op: Op, left: Id, right: Id) -> Option<Fast> {
    let right_at = right;
    let (a, b) = (&steps.get(left)?.what, &steps.get(right)?.what);
    if let Some(constant) = b.constant() {
        match constant {
            Value::String(text) if !op.orders() => {
                let place = place(steps, left, Load::String)?;
                return Some(Fast::Text {
                    equal: op == Op::Equal,
                    place,
                    text: text.clone(),
                });
            }
            Value::Int(limit) => {
                if let Some(place) = place(steps, left, Load::Int) {
                    return Some(Fast::Count {
                        op,
                        place,
                        limit: *limit,
                    });
                }
            }
            _ => {}
        }
    }
    if let (Some(place), Some(limit)) = (place(steps, left, Load::Double), limit(b)) {
        return Some(Fast::Limit { op, place, limit });
    }
    if let (
        What::Slot {
            load: Load::Double, ..
        },
        What::Arith {
            op: Op::Multiply,
            left: x,
            right: y,
        },
    ) = (a, b)
    {
        let factor = steps.get(*y)?.what.constant();
        if let (Some(right), Some(Value::Double(factor))) = (place(steps, *x, Load::Double), factor)
            && factor.is_finite()
        {
            let (left, product) = (place(steps, left, Load::Double)?, steps.get(right_at)?.at);
            return Some(Fast::Pair {
                op,
                left,
                right,
                factor: *factor,
                product,
            });
        }
    }
    Some(Fast::Compare {
        op,
        left: number(steps, left)?,
        right: number(steps, right)?,
    })
}

/// A constant that an exact comparison with doubles may stand for.
fn limit(what: &What) -> Option<f64> {
    match what.constant()? {
        Value::Double(value) if value.is_finite() => Some(*value),
        // Beyond 2^53 a whole number is no exact double.
        Value::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(number::double(*value)),
        _ => None,
    }
}

/// A double made of inputs, constants and arithmetic.
fn number(steps: &[Step], id: Id) -> Option<Number> {
    let step = steps.get(id)?;
    Some(match &step.what {
        What::Const(_) => Number::Const(limit(&step.what)?),
        What::Slot { .. } | What::Field { .. } => Number::Read(place(steps, id, Load::Double)?),
        What::Minus(of) => Number::Minus(Box::new(number(steps, *of)?)),
        What::Scale { of, factor } => Number::Scale {
            of: Box::new(number(steps, *of)?),
            factor: *factor,
            at: step.at,
        },
        What::Arith { op, left, right } if *op != Op::Remainder => Number::Arith {
            op: *op,
            at: step.at,
            left: Box::new(double(steps, *left)?),
            right: Box::new(double(steps, *right)?),
        },
        _ => return None,
    })
}

/// An operand of arithmetic: here a whole-number constant would be another operation.
fn double(steps: &[Step], id: Id) -> Option<Number> {
    if matches!(steps.get(id)?.what.constant(), Some(Value::Int(_))) {
        return None;
    }
    number(steps, id)
}

/// An input read as this kind, if that is what the plan reads it as.
fn place(steps: &[Step], id: Id, wanted: Load) -> Option<Place> {
    let mut fields = Vec::new();
    let mut at = id;
    let mut load = wanted;
    loop {
        let step = steps.get(at)?;
        let (here, of) = match &step.what {
            What::Slot { load: here, .. } => (*here, None),
            What::Field {
                of,
                key,
                load: here,
            } => {
                fields.push((key.clone(), step.at));
                (*here, Some(*of))
            }
            _ => return None,
        };
        if here != load {
            return None;
        }
        match (of, &step.what) {
            (Some(of), _) => {
                at = of;
                load = Load::Map;
            }
            (None, What::Slot { slot, .. }) => {
                fields.reverse();
                return Some(Place {
                    slot: *slot,
                    slot_at: step.at,
                    fields: fields.into(),
                });
            }
            _ => return None,
        }
    }
}
