//! How far on from its edge a value may go: every value up to there does, as far as it was looked. Where they end again is told
//! as the other limit. It finds no edge.

use super::axis::Axis;
use super::edge::{Edge, Range, Until, is_short, told, turn};
use crate::expr::Sort;
use crate::expr::value::Value;

/// What is nothing beside a number.
const TINY: f64 = 1e-200;

/// An edge with where it ends again; nothing where that cannot be told.
pub(in crate::explain) fn extended(
    edge: Edge,
    range: &Range,
    limits: &[Value],
    fits: &mut dyn FnMut(&Value) -> bool,
) -> Option<Edge> {
    let Some(axis) = Axis::new(Sort::of(&edge.nearest), range.numbers) else {
        return Some(edge);
    };
    let limits: Vec<i128> = limits
        .iter()
        .flat_map(|limit| axis.of_limit(limit))
        .collect();
    let mut fits = |place: i128| axis.value(place).is_some_and(|value| fits(&value));
    match (edge.op.chars().next(), axis.of(&edge.nearest)) {
        (Some('<'), Some(from)) => onwards(axis, edge, (from, false), &limits, &mut fits),
        (Some('>'), Some(from)) => onwards(axis, edge, (from, true), &limits, &mut fits),
        (Some('!'), Some(from)) => around(axis, edge, from, &limits, &mut fits),
        _ => Some(edge),
    }
}

/// Further on in one direction.
fn onwards(
    axis: Axis,
    edge: Edge,
    (from, up): (i128, bool),
    limits: &[i128],
    fits: &mut dyn FnMut(i128) -> bool,
) -> Option<Edge> {
    let known: Vec<i128> = limits.iter().copied().chain([from]).collect();
    let axis = axis.within_reach(&known);
    let mut probes = axis.probes(limits, Some(from));
    probes.extend(axis.further(from, up));
    probes.retain(|probe| if up { *probe > from } else { *probe < from });
    probes.sort_unstable();
    if !up {
        probes.reverse();
    }
    let mut last = from;
    for probe in probes {
        if fits(probe) {
            last = probe;
            continue;
        }
        let (not, does) = turn(probe, last, fits);
        if let Some(until) = axis.value(does).and_then(|does| nothing(&edge, &does)) {
            return Some(Edge {
                until: Some(until),
                furthest: axis.value(last).filter(|_| last != from),
                ..edge
            });
        }
        let other = told(axis, (not, does), limits, fits).filter(|other| {
            let apart = edge.nearest.order(&other.nearest);
            let beyond = apart.is_some_and(|apart| apart.is_ne() && apart.is_lt() == up);
            beyond && other.op.starts_with(if up { '<' } else { '>' })
        });
        let Some(other) = other else {
            // Too narrow for two limits.
            let short = is_short(&edge.nearest);
            return short.then(|| Edge::equal(edge.nearest));
        };
        return Some(Edge {
            until: Some(Until {
                op: other.op,
                limit: other.limit,
            }),
            furthest: Some(other.nearest),
            ..edge
        });
    }
    Some(Edge {
        furthest: axis.value(last).filter(|_| last != from),
        ..edge
    })
}

/// The limit where the last value that does is nothing beside the first one: numbers run out there, and it is told as zero.
fn nothing(edge: &Edge, last: &Value) -> Option<Until> {
    let (Value::Double(nearest), Value::Double(last)) = (&edge.nearest, last) else {
        return None;
    };
    let tiny = *last != 0.0 && last.abs() < nearest.abs() * TINY;
    tiny.then_some(Until {
        op: if edge.op.starts_with('<') { ">" } else { "<" },
        limit: Value::Double(0.0),
    })
}

/// In both directions: what is told to be any value but one, and ends somewhere, is told by that side alone.
fn around(
    axis: Axis,
    edge: Edge,
    from: i128,
    limits: &[i128],
    fits: &mut dyn FnMut(i128) -> bool,
) -> Option<Edge> {
    let Some(not) = axis.of(&edge.limit) else {
        return Some(edge);
    };
    let mut side = |up: bool| {
        let next = if up {
            not.checked_add(1)
        } else {
            not.checked_sub(1)
        };
        // Nothing may be there at all: that bounds nothing.
        let next = next.filter(|next| axis.value(*next).is_some());
        next.map(|next| {
            let one = Edge {
                op: if up { ">" } else { "<" },
                nearest: axis.value(next)?,
                ..edge.clone()
            };
            let one = fits(next).then_some(one)?;
            onwards(axis, one, (next, up), limits, fits)
        })
    };
    let (above, below) = (side(true), side(false));
    let closed = |side: &Option<Option<Edge>>| match side {
        None => false,
        Some(None) => true,
        Some(Some(edge)) => edge.until.is_some() || edge.op == "==",
    };
    if !closed(&above) && !closed(&below) {
        return Some(edge);
    }
    let (above, below) = (above.flatten(), below.flatten());
    if from > not {
        above.or(below)
    } else {
        below.or(above)
    }
}
