//! The values that an expression was judged on: the operands of its comparisons.

use serde_json::Value as Json;

use crate::expr::Op;
use crate::expr::trace::{Kind, Operand as Traced, Trace, Traced as Part};
use crate::expr::value::Value;
use crate::expr::{Compiled, Decider, Deciding, brief, shortened};
use crate::verdict::{Margin, Operand};

/// The most operands that one finding tells.
const MOST: usize = 100;
/// The most characters of an expression that are told.
const LONGEST: usize = 500;

/// A part of an expression as it is told.
pub(super) fn told(text: &str) -> String {
    shortened(text, LONGEST)
}

/// The values under the operands of an expression.
pub(super) fn values(expr: &Compiled, trace: &Trace) -> Vec<Operand> {
    let text =
        |range: &std::ops::Range<usize>| told(expr.text().get(range.clone()).unwrap_or_default());
    let mut operands: Vec<Operand> = Vec::new();
    let mut covered: Vec<std::ops::Range<usize>> = Vec::new();
    let mut push = |operand: Operand| {
        if operands.len() < MOST && !operands.contains(&operand) {
            operands.push(operand);
        }
    };
    for part in &trace.parts {
        let Kind::Comparison { left, right, .. } = &part.kind else {
            continue;
        };
        for side in [left, right] {
            if side.side.constant.is_some() {
                continue;
            }
            if let Ok(value) = &side.value {
                covered.push(side.side.range.clone());
                push(operand(expr, trace, side, value));
            }
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
    operands
}

/// What made a condition what it is, where that was no number compared with another: the operand that was compared with
/// what is always the same, and otherwise the part itself.
pub(super) fn decisive(expr: &Compiled, decider: &Decider, trace: &Trace) -> Operand {
    let itself = |expr: String, value: Json| Operand {
        expr: told(&expr),
        value,
        unit: None,
    };
    match &decider.what {
        Deciding::Comparison { left, right, .. } => {
            let constant = |side: &Traced| side.side.constant.is_some();
            let judged = match (constant(left), constant(right)) {
                (false, true) => left,
                (true, false) => right,
                _ => return itself(decider.text.clone(), decider.value.into()),
            };
            match &judged.value {
                Ok(value) => operand(expr, trace, judged, value),
                Err(_) => itself(decider.text.clone(), decider.value.into()),
            }
        }
        Deciding::Count { passed, of } => itself(
            format!("matches of {}", decider.text),
            format!("{passed} of {of}").into(),
        ),
        Deciding::Within { .. } | Deciding::Other => {
            itself(decider.text.clone(), decider.value.into())
        }
    }
}

/// An operand of a comparison as it is told.
pub(super) fn operand(expr: &Compiled, trace: &Trace, side: &Traced, value: &Value) -> Operand {
    // A variable that is a key is told by its own name: the key is its value.
    let is_key = side
        .text
        .starts_with(|c: char| c == '"' || c.is_ascii_digit());
    let written = expr.text().get(side.side.range.clone());
    let text = written.filter(|_| is_key).unwrap_or(&side.text);
    Operand {
        expr: told(text),
        value: brief(&unscaled(value, side.side.factor)),
        unit: own_unit(&trace.parts, side).map(|unit| unit.name().to_owned()),
    }
}

/// The unit of an operand itself, before it was converted for the comparison.
fn own_unit<'t>(parts: &'t [Part], side: &'t Traced) -> Option<&'t crate::expr::Unit> {
    let own = parts.iter().find(|part| {
        part.range == side.side.range && !matches!(part.kind, Kind::Comparison { .. })
    });
    let unit = own.map_or(side.side.unit.as_ref(), |part| part.unit.as_ref());
    unit.filter(|_| !is_mixed(parts, &side.side.range))
}

/// Whether a sum has parts of which some have a unit and others have none: then it is told without one.
pub(super) fn is_mixed(parts: &[Part], range: &std::ops::Range<usize>) -> bool {
    let is_sum = |part: &Part| part.range == *range && part.is_sum;
    if !parts.iter().any(is_sum) {
        return false;
    }
    let inside = |part: &&Part| {
        range.start <= part.range.start
            && part.range.end <= range.end
            && matches!(part.kind, Kind::Input { .. } | Kind::Item | Kind::Let)
            && part
                .value
                .as_ref()
                .is_ok_and(|value| number(value).is_some())
    };
    let mut inputs = parts.iter().filter(inside);
    inputs.any(|part| part.unit.is_none())
}

/// A number as it was before it was multiplied to be compared.
pub(super) fn unscaled(value: &Value, factor: f64) -> Value {
    match value {
        #[expect(clippy::float_cmp, reason = "1 stands for no conversion")]
        Value::Double(number) if factor != 1.0 && factor != 0.0 => Value::Double(number / factor),
        other => other.clone(),
    }
}

/// How far two numbers that were compared lie apart.
pub(super) fn compared(op: Op, result: bool, left: &Traced, right: &Traced) -> Option<Margin> {
    let (judged, limit, op) = if left.side.constant.is_some() {
        (right, left, mirrored(op))
    } else {
        (left, right, op)
    };
    let is_exact = |operand: &Traced| operand.value.as_ref().is_ok_and(exact);
    if !is_exact(judged) || !is_exact(limit) {
        return None;
    }
    let value = number(&unscaled(judged.value.as_ref().ok()?, judged.side.factor))?;
    // The limit in the unit of what is judged.
    let limit = number(&unscaled(limit.value.as_ref().ok()?, judged.side.factor))?;
    Some(Margin {
        input: told(&judged.text),
        value,
        relation: relation(if result { op } else { negated(op) })?.to_owned(),
        limit,
        relative: Margin::share(value, limit),
    })
}

/// Whether a number is the same as a double: a whole number beyond 2^53 may not be.
pub(super) fn exact(value: &Value) -> bool {
    const EXACT: u64 = 9_007_199_254_740_992; // 2^53
    match value {
        Value::Int(number) => number.unsigned_abs() <= EXACT,
        Value::Uint(number) => *number <= EXACT,
        _ => true,
    }
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
