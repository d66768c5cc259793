//! Why a rule does not apply: each `when` that is false, with its values. Never whether it applies.

use super::allowance::Allowance;
use super::reason::plain;
use super::values;
use crate::evaluate::World;
use crate::expr::value::Value;
use crate::expr::{Compiled, shortened};
use crate::policy::Rule;
use crate::verdict::Operand;

/// The most values that are told of one `when`.
const VALUES: usize = 6;
/// The most characters of a value that are told.
const LONGEST: usize = 60;

/// `risk == "high" is false (risk = low)`; nothing where too much has been explained already.
pub(super) fn skipped(rule: &Rule, world: &World<'_>, allowance: &mut Allowance) -> Option<String> {
    if !allowance.any() {
        return None;
    }
    let reasons: Vec<String> = rule
        .when
        .iter()
        .filter_map(|when| one(when, world, allowance))
        .collect();
    (!reasons.is_empty()).then(|| reasons.join(", "))
}

fn one(when: &Compiled, world: &World<'_>, allowance: &mut Allowance) -> Option<String> {
    let value = allowance.run(|budget| when.value(world.slots(), budget));
    let Ok(Value::Bool(false)) = value else {
        return None;
    };
    let operands =
        allowance.run(|budget| values::values(when, &when.traced(world.slots(), budget)));
    allowance.told(&operands, &[], &[]);
    let text = values::told(when.text());
    let shown: Vec<String> = operands
        .iter()
        // A condition that is one input has been told with its value.
        .filter(|operand| operand.expr != text)
        .take(VALUES)
        .map(|Operand { expr, value, unit }| {
            format!(
                "{expr} = {}",
                shortened(&plain(value, unit.as_deref()), LONGEST)
            )
        })
        .collect();
    Some(if shown.is_empty() {
        format!("{text} is false")
    } else {
        format!("{text} is false ({})", shown.join(", "))
    })
}
