//! What every part of a condition was worth, as it is told: never more of it than a person reads.

use std::ops::Range;

use super::values::{is_mixed, told};
use crate::expr::json::slight;
use crate::expr::trace::{Kind, Trace, Traced};
use crate::expr::value::{Key, Value};
use crate::expr::{Budget, Compiled, Op};
use crate::verdict::Part;

/// The most parts that are told.
const PARTS: usize = 40;
/// The most bytes that the values of one trace may have.
const BYTES: usize = 4_096;

/// The parts of a condition with their values, in the order of its text; what is always the same is left out. The parts of a
/// named expression stand behind the first place that refers to it.
pub(super) fn parts(
    expr: &Compiled,
    trace: &Trace,
    slots: &[Value],
    budget: &mut Budget,
) -> Vec<Part> {
    let mut told = Told {
        slots,
        budget,
        parts: Vec::new(),
        bytes: 0,
        left: 0,
        opened: Vec::new(),
    };
    told.all(expr, trace, None);
    if told.left > 0 {
        let mut rest = rest((expr, 0..expr.text().len()), told.left, None);
        rest.item = Some(format!("… {} more parts", told.left));
        told.parts.push(rest);
    }
    told.parts
}

/// What is told so far.
struct Told<'t> {
    slots: &'t [Value],
    budget: &'t mut Budget,
    parts: Vec<Part>,
    bytes: usize,
    /// How many parts are left out.
    left: usize,
    /// The named expressions that were opened.
    opened: Vec<String>,
}

impl Told<'_> {
    /// The parts of a condition, or of the named expression of this name.
    fn all(&mut self, expr: &Compiled, trace: &Trace, of: Option<&str>) {
        let named = expr.named();
        let mut macros = trace.more.iter().peekable();
        for part in by_item(&trace.parts.iter().collect::<Vec<_>>(), 0) {
            while let Some((range, more)) = macros
                .next_if(|(range, _)| range.end <= part.range.start && self.parts.len() < PARTS)
            {
                self.parts.push(rest((expr, range.clone()), *more, of));
            }
            if matches!(part.kind, Kind::Constant) || repeats(trace, part) {
                continue;
            }
            self.one(expr, trace, part, of);
            if !matches!(part.kind, Kind::Let) || self.parts.len() >= PARTS {
                continue;
            }
            let name = expr.text().get(part.range.clone()).unwrap_or_default();
            let inner = named.iter().find(|(known, _)| known == name);
            if let Some((name, inner)) = inner.filter(|(name, _)| !self.opened.contains(name)) {
                self.opened.push(name.clone());
                let trace = inner.traced(self.slots, self.budget);
                self.all(inner, &trace, Some(name));
            }
        }
        for (range, more) in macros {
            self.parts.push(rest((expr, range.clone()), *more, of));
        }
    }

    /// One part, where there is room for it.
    fn one(&mut self, expr: &Compiled, trace: &Trace, part: &Traced, of: Option<&str>) {
        let (value, unknown) = match &part.value {
            Ok(value) => (Some(slight(value)), None),
            Err(fault) => (None, Some(fault.reason.to_string())),
        };
        let size = value.as_ref().map_or(0, |value| value.to_string().len());
        if self.parts.len() >= PARTS || self.bytes.saturating_add(size) > BYTES {
            self.left = self.left.saturating_add(1);
            return;
        }
        self.bytes = self.bytes.saturating_add(size);
        let unit = part.unit.as_ref();
        let unit = unit.filter(|_| !is_mixed(&trace.parts, &part.range));
        self.parts.push(Part {
            value,
            unit: unit.map(|unit| unit.name().to_owned()),
            unknown,
            item: item(part),
            ..blank((expr, part.range.clone()), of)
        });
    }
}

/// A part without its value.
fn blank((expr, range): (&Compiled, Range<usize>), of: Option<&str>) -> Part {
    Part {
        start: u32::try_from(range.start).unwrap_or(u32::MAX),
        expr: told(expr.text().get(range).unwrap_or_default()),
        value: None,
        unit: None,
        unknown: None,
        of: of.map(told),
        item: None,
    }
}

/// Of a macro, how many more items decided.
fn rest(of: (&Compiled, Range<usize>), more: usize, named: Option<&str>) -> Part {
    let items = if more == 1 { "item" } else { "items" };
    Part {
        item: Some(format!("… {more} more {items}")),
        ..blank(of, named)
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
