//! What every part of a condition was worth, as it is told: never more of it than a person reads.

use super::values::{is_mixed, told};
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
    for part in by_item(&trace.parts.iter().collect::<Vec<_>>(), 0) {
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
        let unit = part.unit.as_ref();
        let unit = unit.filter(|_| !is_mixed(&trace.parts, &part.range));
        parts.push(Part {
            expr: text(&part.range),
            start: u32::try_from(part.range.start).unwrap_or(u32::MAX),
            value,
            unit: unit.map(|unit| unit.name().to_owned()),
            unknown,
            item: item(part),
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

/// The items of the macros a part was evaluated for: `csv`, and of a macro in a macro `csv, 0`.
fn item(part: &Traced) -> Option<String> {
    let items: Vec<String> = part.items.iter().map(ToString::to_string).collect();
    (!items.is_empty()).then(|| told(&items.join(", ")))
}

/// The parts in the order of the text; those inside a macro item by item.
fn by_item<'t>(parts: &[&'t Traced], depth: usize) -> Vec<&'t Traced> {
    let mut ordered: Vec<&Traced> = Vec::with_capacity(parts.len());
    let inside = |part: &Traced| part.items.len() > depth;
    for run in parts.chunk_by(|one, next| inside(one) == inside(next)) {
        if !run.first().is_some_and(|first| inside(first)) {
            ordered.extend(run);
            continue;
        }
        let mut items: Vec<Option<&Key>> = Vec::new();
        for part in run {
            if !items.contains(&part.items.get(depth)) {
                items.push(part.items.get(depth));
            }
        }
        for item in items {
            let own = run.iter().filter(|part| part.items.get(depth) == item);
            let own: Vec<&Traced> = own.copied().collect();
            ordered.extend(by_item(&own, depth.saturating_add(1)));
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
                of == slot && outer && other.items == part.items && other.value.is_ok()
            }
            // Of `a && b && c` all three, and not the first two.
            (Kind::Logical { op: Some(outer) }, Kind::Logical { op: Some(inner) }) => {
                let begins =
                    other.range.start == part.range.start && other.range.end > part.range.end;
                outer == inner && begins && other.items == part.items
            }
            _ => false,
        })
}
