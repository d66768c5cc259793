//! What an expression reads that is not known, and where a part of it has no value: why, in words for people.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::values::told;
use crate::evaluate::World;
use crate::expr::trace::{Kind, Trace, Traced as Part};
use crate::expr::value::{Key, Missing, Value};
use crate::expr::{Budget, Compiled, Fault, Op, Reason, brief, shortened};
use crate::snapshot::Input;
use crate::verdict::Gap;

/// The most gaps that one finding tells.
const MOST: usize = 100;
/// The most characters of a value that are told with why a part has none.
const READ: usize = 60;

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
    let fault = expr.value(world.slots(), budget).err();
    if fault.is_none() && !expr.is_selective() {
        return gaps;
    }
    let trace = expr.traced(world.slots(), budget);
    let first =
        fault.filter(|fault| !matches!(fault.reason, Reason::Missing(_)) || gaps.is_empty());
    let others = faults(expr, &trace);
    for fault in first.into_iter().chain(others) {
        let gap = Gap {
            expr: told(expr.text().get(range(&fault)).unwrap_or_default()),
            reason: fault_reason(expr, &trace, &fault),
        };
        if gaps.len() < MOST && !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}

/// The bytes of the part that has no value.
fn range(fault: &Fault) -> std::ops::Range<usize> {
    usize::try_from(fault.start).unwrap_or(0)..usize::try_from(fault.end).unwrap_or(0)
}

/// Where parts have no value although what they read is known: a key there is not, a division by zero. What the condition
/// itself asks for beforehand, whether it is there, is no surprise.
fn faults(expr: &Compiled, trace: &Trace) -> Vec<Fault> {
    let text = |range: std::ops::Range<usize>| expr.text().get(range).unwrap_or_default();
    let guarded = |part: &str| {
        trace.parts.iter().any(|guard| match &guard.kind {
            Kind::Comparison {
                op: Op::In,
                left,
                right,
            } => part == format!("{}[{}]", right.text, left.text),
            Kind::Call => ["has", "known"].into_iter().any(|name| {
                let asked = text(guard.range.clone()).strip_prefix(name);
                let asked = asked.and_then(|asked| asked.trim_start().strip_prefix('('));
                asked.is_some_and(|asked| asked.trim_end_matches(')').trim() == part)
            }),
            _ => false,
        })
    };
    let arose = |part: &Part| {
        let fault = part.value.as_ref().err()?;
        let own = range(fault) == part.range && part.items.is_empty();
        let told = !matches!(fault.reason, Reason::Missing(_) | Reason::Limit(_));
        (own && told && !guarded(text(part.range.clone()))).then_some(*fault)
    };
    trace.parts.iter().filter_map(arose).collect()
}

/// Why a part has no value; where that is for what it was given, with what it was given.
fn fault_reason(expr: &Compiled, trace: &Trace, fault: &Fault) -> String {
    let reason = fault.reason.to_string();
    if !matches!(
        fault.reason,
        Reason::NotFinite | Reason::Overflow | Reason::Conversion | Reason::BadArgument
    ) {
        return reason;
    }
    let inside = |part: &&Part| {
        let range = range(fault);
        range.start <= part.range.start && part.range.end <= range.end && part.items.is_empty()
    };
    let read = |part: &Part| {
        let value = brief(part.value.as_ref().ok()?);
        let plain = matches!(part.kind, Kind::Input { .. } | Kind::Let)
            && matches!(value, Json::Number(_) | Json::String(_) | Json::Bool(_));
        let text = expr.text().get(part.range.clone())?;
        let value = super::reason::plain(&value, part.unit.as_ref().map(crate::expr::Unit::name));
        plain.then(|| format!("{text} = {}", shortened(&value, READ)))
    };
    let mut given: Vec<String> = trace.parts.iter().filter(inside).filter_map(read).collect();
    given.dedup();
    given.truncate(3);
    if given.is_empty() {
        return reason;
    }
    format!("{reason}: {}", given.join(", "))
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
        (Missing::OutOfRange, _, _) => match allowed(world, slot) {
            Some(allowed) => format!("{missing}: it must be {allowed}"),
            None => missing.to_string(),
        },
        (Missing::WrongType, _, _) => match declared(world, slot) {
            Some(input) => format!("{missing}: {} is declared", input.ty),
            None => missing.to_string(),
        },
        (other, _, _) => other.to_string(),
    }
}

fn declared<'w>(world: &'w World<'_>, slot: usize) -> Option<&'w Input> {
    let layout = world.layout();
    layout.inputs().get(layout.input_of(slot)?)
}

/// What an input may be, as it is declared.
fn allowed(world: &World<'_>, slot: usize) -> Option<String> {
    const WORDS: usize = 6;
    let input = declared(world, slot)?;
    if let Some((least, greatest)) = input.range {
        return Some(format!("{least} to {greatest}"));
    }
    let words = input.values.as_ref()?;
    let told: Vec<&str> = words.iter().take(WORDS).map(AsRef::as_ref).collect();
    let more = if words.len() > WORDS { ", …" } else { "" };
    Some(format!("one of {}{more}", told.join(", ")))
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
