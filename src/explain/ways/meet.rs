//! The value of one place at which two sides of a comparison become equal, where one of them is computed from it: no value
//! beside it does, so that it is looked for between one that is too small and one that is too great.

use std::cmp::Ordering;

use super::axis::Axis;
use super::edge::{Edge, Range, is_short, rounded};
use crate::expr::value::Value;

/// The nearest such values, below what it is now and above.
pub(super) fn meets(
    range: &Range,
    limits: &[Value],
    order: &mut dyn FnMut(&Value) -> Option<Ordering>,
) -> Vec<Edge> {
    let Some(axis) = Axis::new(range.sort, range.numbers) else {
        return Vec::new();
    };
    let Some(now) = range.now.as_ref().and_then(|now| axis.of(now)) else {
        return Vec::new();
    };
    let limits: Vec<i128> = limits
        .iter()
        .flat_map(|limit| axis.of_limit(limit))
        .collect();
    let mut order = |place: i128| axis.value(place).and_then(|value| order(&value));
    let Some(start) = order(now) else {
        return Vec::new();
    };
    let probes = axis.probes(&limits, Some(now));
    let mut found = Vec::new();
    for up in [false, true] {
        let mut side: Vec<i128> = probes
            .iter()
            .copied()
            .filter(|probe| (*probe > now) == up && *probe != now)
            .collect();
        if !up {
            side.reverse();
        }
        let mut last = now;
        for probe in side {
            match order(probe) {
                Some(is) if is != start => {
                    let met = between(last, probe, start, &mut order);
                    found.extend(met.and_then(|met| told(axis, met, &mut order)));
                    break;
                }
                Some(_) => last = probe,
                None => {}
            }
        }
    }
    found
}

/// Where both sides are equal, between two places at which they are not ordered alike.
fn between(
    mut before: i128,
    mut after: i128,
    start: Ordering,
    order: &mut dyn FnMut(i128) -> Option<Ordering>,
) -> Option<i128> {
    if order(after)? == Ordering::Equal {
        return Some(after);
    }
    loop {
        let middle = before.midpoint(after);
        if middle == before || middle == after {
            return None;
        }
        match order(middle)? {
            Ordering::Equal => return Some(middle),
            is if is == start => before = middle,
            _ => after = middle,
        }
    }
}

/// The value that is met, in as many digits as are told.
fn told(axis: Axis, met: i128, order: &mut dyn FnMut(i128) -> Option<Ordering>) -> Option<Edge> {
    let value = axis.value(met)?;
    let Value::Double(number) = value else {
        return Some(Edge::equal(value));
    };
    let near = [Some(number), rounded(number, true), rounded(number, false)];
    let mut near = near.into_iter().flatten().map(Value::Double);
    let met = near.find(|value| {
        let place = axis.of(value);
        is_short(value) && place.and_then(&mut *order) == Some(Ordering::Equal)
    });
    met.map(Edge::equal)
}
