//! The values that an expression was judged on: the operands of its comparisons, and what was not known.

use jiff::Timestamp;

use crate::evaluate::World;
use crate::expr::Op;
use crate::expr::trace::{Kind, Operand as Traced, Trace};
use crate::expr::value::{Key, Missing, Value};
use crate::expr::{Budget, Compiled, Reason, brief, shortened};
use crate::verdict::{Gap, Margin, Operand};

/// The most operands and the most gaps that one finding tells.
const MOST: usize = 100;
/// The most characters of an expression that are told.
const LONGEST: usize = 500;

/// A part of an expression as it is told.
pub(super) fn told(text: &str) -> String {
    shortened(text, LONGEST)
}

/// The operands of an expression, and the first number that was compared with another.
pub(super) struct Decided {
    pub(super) operands: Vec<Operand>,
    pub(super) margin: Option<Margin>,
}

/// The values under the operands of an expression.
pub(super) fn values(expr: &Compiled, trace: &Trace) -> Decided {
    let text =
        |range: &std::ops::Range<usize>| told(expr.text().get(range.clone()).unwrap_or_default());
    let mut operands: Vec<Operand> = Vec::new();
    let mut covered: Vec<std::ops::Range<usize>> = Vec::new();
    let mut margin = None;
    let mut push = |operand: Operand| {
        if operands.len() < MOST && !operands.contains(&operand) {
            operands.push(operand);
        }
    };
    for part in &trace.parts {
        let Kind::Comparison { op, left, right } = &part.kind else {
            continue;
        };
        for side in [left, right] {
            if side.side.constant.is_some() {
                continue;
            }
            if let Ok(value) = &side.value {
                covered.push(side.side.range.clone());
                // Inside a macro the operand says which item it was.
                let mut expr = text(&side.side.range);
                if let Some(item) = &part.item {
                    expr = format!("{expr} (at {item})");
                }
                push(Operand {
                    expr,
                    value: brief(&unscaled(value, side.side.factor)),
                    unit: own_unit(&trace.parts, side).map(|unit| unit.name().to_owned()),
                });
            }
        }
        if margin.is_none() {
            margin = compared(*op, left, right, part.value.as_ref().ok(), &text);
        }
    }
    for part in &trace.parts {
        let inside = |range: &std::ops::Range<usize>| {
            range.start <= part.range.start && part.range.end <= range.end
        };
        let told = matches!(part.kind, Kind::Input { .. } | Kind::Let);
        if let (true, Ok(value)) = (told && !covered.iter().any(inside), &part.value) {
            covered.push(part.range.clone());
            push(Operand {
                expr: text(&part.range),
                value: brief(value),
                unit: part.unit.as_ref().map(|unit| unit.name().to_owned()),
            });
        }
    }
    Decided { operands, margin }
}

/// The unit of an operand itself, before it was converted for the comparison.
fn own_unit<'t>(
    parts: &'t [crate::expr::Traced],
    side: &'t Traced,
) -> Option<&'t crate::expr::Unit> {
    let own = parts.iter().find(|part| {
        part.range == side.side.range && !matches!(part.kind, Kind::Comparison { .. })
    });
    own.map_or(side.side.unit.as_ref(), |part| part.unit.as_ref())
}

/// A number as it was before it was multiplied to be compared.
pub(super) fn unscaled(value: &Value, factor: f64) -> Value {
    match value {
        #[expect(clippy::float_cmp, reason = "1 stands for no conversion")]
        Value::Double(number) if factor != 1.0 && factor != 0.0 => Value::Double(number / factor),
        other => other.clone(),
    }
}

fn compared(
    op: Op,
    left: &Traced,
    right: &Traced,
    result: Option<&Value>,
    text: &impl Fn(&std::ops::Range<usize>) -> String,
) -> Option<Margin> {
    let Some(Value::Bool(result)) = result else {
        return None;
    };
    let (judged, limit, op) = if left.side.constant.is_some() {
        (right, left, mirrored(op))
    } else {
        (left, right, op)
    };
    let value = number(&unscaled(judged.value.as_ref().ok()?, judged.side.factor))?;
    // The limit in the unit of what is judged.
    let limit = number(&unscaled(limit.value.as_ref().ok()?, judged.side.factor))?;
    Some(Margin {
        input: text(&judged.side.range),
        value,
        relation: relation(if *result { op } else { negated(op) })?.to_owned(),
        limit,
        relative: Margin::share(value, limit),
    })
}

/// A number as a double.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "for people, who read fewer than 16 digits"
        )]
        Value::Int(number) => Some(*number as f64),
        #[expect(
            clippy::cast_precision_loss,
            reason = "for people, who read fewer than 16 digits"
        )]
        Value::Uint(number) => Some(*number as f64),
        _ => None,
    }
}

/// How an operator is written.
pub(super) fn relation(op: Op) -> Option<&'static str> {
    Some(match op {
        Op::Less => "<",
        Op::LessEqual => "<=",
        Op::Greater => ">",
        Op::GreaterEqual => ">=",
        Op::Equal => "==",
        Op::NotEqual => "!=",
        _ => return None,
    })
}

/// The operator that is true where this one is false.
pub(super) fn negated(op: Op) -> Op {
    match op {
        Op::Less => Op::GreaterEqual,
        Op::LessEqual => Op::Greater,
        Op::Greater => Op::LessEqual,
        Op::GreaterEqual => Op::Less,
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        other => other,
    }
}

/// The operator with its sides exchanged.
pub(super) fn mirrored(op: Op) -> Op {
    match op {
        Op::Less => Op::Greater,
        Op::LessEqual => Op::GreaterEqual,
        Op::Greater => Op::Less,
        Op::GreaterEqual => Op::LessEqual,
        other => other,
    }
}

/// What an expression reads that is not known, and why it has no value if something else is the reason.
pub(super) fn gaps(
    expr: &Compiled,
    world: &World<'_>,
    reaches: &dyn Fn(usize) -> Option<Timestamp>,
    budget: &mut Budget,
) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    // The item of a `for_each` lies just past the layout: it is no input.
    for input in expr
        .inputs()
        .into_iter()
        .filter(|input| input.slot != world.layout().len())
    {
        if let Value::Unknown(missing) = at(world.value(input.slot), &input.path) {
            if gaps.len() >= MOST {
                break;
            }
            gaps.push(Gap {
                expr: told(&input.text),
                reason: why(world, input.slot, *missing, reaches),
            });
        }
    }
    if let Err(fault) = expr.value(world.slots(), budget)
        && (!matches!(fault.reason, Reason::Missing(_)) || gaps.is_empty())
    {
        let range =
            usize::try_from(fault.start).unwrap_or(0)..usize::try_from(fault.end).unwrap_or(0);
        let expr = told(expr.text().get(range).unwrap_or_default());
        gaps.push(Gap {
            expr,
            reason: fault.reason.to_string(),
        });
    }
    gaps
}

/// Why a value is missing.
pub(super) fn missing(value: &Value) -> String {
    match value {
        Value::Unknown(missing) => missing.to_string(),
        _ => "no value".to_owned(),
    }
}

fn why(
    world: &World<'_>,
    slot: usize,
    missing: Missing,
    reaches: &dyn Fn(usize) -> Option<Timestamp>,
) -> String {
    let (given, max_age) = (world.given(slot), world.layout().max_age(slot));
    match (missing, given, max_age) {
        (Missing::Stale, Some(given), Some(max_age)) => {
            let max_age = crate::expr::duration::format_duration(max_age);
            format!("too old: last given at {given}, good for {max_age}")
        }
        (Missing::Short, _, _) => match reaches(slot) {
            Some(at) => format!("{missing}; from {at} on it will"),
            None => missing.to_string(),
        },
        (other, _, _) => other.to_string(),
    }
}

/// The part of a value that a path leads to; the whole where it leads nowhere.
fn at<'v>(value: &'v Value, path: &[Key]) -> &'v Value {
    let mut value = value;
    for key in path {
        match value {
            Value::Map(map) => match map.get(key) {
                Some(part) => value = part,
                None => break,
            },
            Value::List(items) => {
                let index = match key {
                    Key::Int(index) => usize::try_from(*index).ok(),
                    _ => None,
                };
                match index.and_then(|index| items.get(index)) {
                    Some(part) => value = part,
                    None => break,
                }
            }
            _ => break,
        }
    }
    value
}
