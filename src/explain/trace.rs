//! What every part of a condition was worth, as it is told: never more of it than a person reads.

use super::values::told;
use crate::expr::json::slight;
use crate::expr::trace::{Kind, Trace, Traced};
use crate::expr::value::Key;
use crate::expr::{Compiled, Op};
use crate::verdict::Part;

/// The most parts that are told.
const PARTS: usize = 40;
/// The most bytes that the values of one trace may have.
const BYTES: usize = 4_096;

/// The parts of a condition with their values, in the order of its text; what is always the same is left out.
pub(super) fn parts(expr: &Compiled, trace: &Trace) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut bytes = 0_usize;
    let mut left = 0_usize;
    let mut macros = trace.more.iter().peekable();
    let text =
        |range: &std::ops::Range<usize>| told(expr.text().get(range.clone()).unwrap_or_default());
    for part in by_item(&trace.parts) {
        while let Some((range, more)) =
            macros.next_if(|(range, _)| range.end <= part.range.start && parts.len() < PARTS)
        {
            parts.push(rest(text(range), range.start, *more));
        }
        if matches!(part.kind, Kind::Constant) || repeats(trace, part) {
            continue;
        }
        let (value, unknown) = match &part.value {
            Ok(value) => (Some(slight(value)), None),
            Err(fault) => (None, Some(fault.reason.to_string())),
        };
        let size = value.as_ref().map_or(0, |value| value.to_string().len());
        if parts.len() >= PARTS || bytes.saturating_add(size) > BYTES {
            left = left.saturating_add(1);
            continue;
        }
        bytes = bytes.saturating_add(size);
        parts.push(Part {
            expr: text(&part.range),
            start: u32::try_from(part.range.start).unwrap_or(u32::MAX),
            value,
            unit: part.unit.as_ref().map(|unit| unit.name().to_owned()),
            unknown,
            item: part.item.as_ref().map(|item| told(&item.to_string())),
        });
    }
    for (range, more) in macros {
        parts.push(rest(text(range), range.start, *more));
    }
    if left > 0 {
        let mut rest = rest(told(expr.text()), 0, left);
        rest.item = Some(format!("… {left} more parts"));
        parts.push(rest);
    }
    parts
}

/// Of a macro, how many more items decided.
fn rest(expr: String, start: usize, more: usize) -> Part {
    let items = if more == 1 { "item" } else { "items" };
    Part {
        expr,
        start: u32::try_from(start).unwrap_or(u32::MAX),
        value: None,
        unit: None,
        unknown: None,
        item: Some(format!("… {more} more {items}")),
    }
}

/// The parts in the order of the text; those inside a macro item by item.
fn by_item(parts: &[Traced]) -> Vec<&Traced> {
    let mut ordered: Vec<&Traced> = Vec::with_capacity(parts.len());
    for run in parts.chunk_by(|one, next| one.item.is_some() == next.item.is_some()) {
        let mut items: Vec<Option<&Key>> = Vec::new();
        for part in run {
            if !items.contains(&part.item.as_ref()) {
                items.push(part.item.as_ref());
            }
        }
        for item in items {
            ordered.extend(run.iter().filter(|part| part.item.as_ref() == item));
        }
    }
    ordered
}

/// Whether a part says the same again: the list of an `in`, the whole of which a part is told, the beginning of a chain.
fn repeats(trace: &Trace, part: &Traced) -> bool {
    trace
        .parts
        .iter()
        .any(|other| match (&other.kind, &part.kind) {
            (
                Kind::Comparison {
                    op: Op::In, right, ..
                },
                _,
            ) if right.side.range == part.range => right.side.constant.is_some(),
            (Kind::Input { slot: of }, Kind::Input { slot }) => {
                let outer =
                    other.range.start == part.range.start && other.range.end > part.range.end;
                of == slot && outer && other.item == part.item && other.value.is_ok()
            }
            // Of `a && b && c` all three, and not the first two.
            (Kind::Logical { op: Some(outer) }, Kind::Logical { op: Some(inner) }) => {
                let begins =
                    other.range.start == part.range.start && other.range.end > part.range.end;
                outer == inner && begins && other.item == part.item
            }
            _ => false,
        })
}
