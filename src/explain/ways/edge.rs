//! The nearest values of one place at which a test comes out as it must, everything else being as it is. Each was tried, and
//! so was one a little further on: what works at the last digit alone is no way for a person.

use std::sync::Arc;

use super::axis::Axis;
use super::text;
use crate::expr::Sort;
use crate::expr::value::Value;

/// The most significant digits that are told of a limit as it is.
const EXACT: usize = 15;
/// The digits of a limit that has more: the next number of so many digits does not do.
const ROUNDED: usize = 12;
/// The digits that are surely meant of what arithmetic moved, and the most of them that are left of it then.
const MEANT: usize = 13;
const FEW: usize = 9;

/// How far from a limit every whole number is tried, and how many limits.
const BESIDE: i128 = 32;
const CENTRES: usize = 6;

/// What a place may hold.
pub(in crate::explain) struct Range {
    pub(in crate::explain) sort: Sort,
    /// What it holds now, if that is known.
    pub(in crate::explain) now: Option<Value>,
    /// The least and the greatest number.
    pub(in crate::explain) numbers: Option<(f64, f64)>,
    /// The texts.
    pub(in crate::explain) words: Option<Arc<[Arc<str>]>>,
}

impl Range {
    /// Where to look first, and where next if nothing is found there: what was never below zero, and has no declared range,
    /// most likely never is.
    pub(super) fn sides(self, rank: u8) -> Vec<(Self, u8)> {
        let never_below = match (&self.now, self.numbers) {
            (Some(Value::Double(now)), None) => *now >= 0.0,
            (Some(Value::Int(now)), None) => *now >= 0,
            (Some(Value::Duration(now)), None) => !now.is_negative(),
            _ => false,
        };
        if !never_below {
            return vec![(self, rank)];
        }
        let near = Self {
            sort: self.sort,
            now: self.now.clone(),
            numbers: Some((0.0, f64::MAX)),
            words: None,
        };
        // A length of time that is given is never negative.
        if matches!(self.now, Some(Value::Duration(_))) {
            return vec![(near, rank)];
        }
        vec![(near, rank), (self, super::ODD)]
    }
}

/// Values at which a test comes out as it must: all that compare so with a limit, near it.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Edge {
    pub(in crate::explain) op: &'static str,
    /// The limit.
    pub(in crate::explain) limit: Value,
    /// The nearest such value.
    pub(in crate::explain) nearest: Value,
    /// Where they end again, further on.
    pub(in crate::explain) until: Option<Until>,
    /// The furthest one that was tried and does.
    pub(in crate::explain) furthest: Option<Value>,
}

/// Where values that do end again.
#[derive(Clone, Debug)]
pub(in crate::explain) struct Until {
    pub(in crate::explain) op: &'static str,
    pub(in crate::explain) limit: Value,
}

impl Edge {
    /// This value alone.
    pub(super) fn equal(value: Value) -> Self {
        Self {
            op: "==",
            limit: value.clone(),
            nearest: value,
            until: None,
            furthest: None,
        }
    }

    /// Any value will do, as long as there is one.
    pub(super) fn any(value: Value) -> Self {
        Self {
            op: "!=",
            limit: Value::Null,
            nearest: value,
            until: None,
            furthest: None,
        }
    }
}

/// The edges of a place, for a test that does not come out as it must now.
pub(in crate::explain) fn edges(
    range: &Range,
    limits: &[Value],
    fits: &mut dyn FnMut(&Value) -> bool,
) -> Vec<Edge> {
    let sort = match (range.sort, &range.now) {
        (Sort::Other, now) => now
            .iter()
            .chain(limits)
            .map(Sort::of)
            .find(|sort| *sort != Sort::Other)
            .unwrap_or(Sort::Other),
        (sort, _) => sort,
    };
    match sort {
        _ if matches!(range.now, Some(Value::List(_))) => text::lists(range, limits, fits),
        Sort::Bool => truths(range.now.as_ref(), fits),
        Sort::String => text::words(range, limits, fits),
        _ => Axis::new(sort, range.numbers)
            .map_or_else(Vec::new, |axis| numbers(axis, range, limits, fits)),
    }
}

fn truths(now: Option<&Value>, fits: &mut dyn FnMut(&Value) -> bool) -> Vec<Edge> {
    let fitting: Vec<Value> = [true, false]
        .into_iter()
        .filter(|truth| !matches!(now, Some(Value::Bool(now)) if now == truth))
        .map(Value::Bool)
        .filter(|truth| fits(truth))
        .collect();
    match fitting.as_slice() {
        [one, _] => vec![Edge::any(one.clone())],
        one => one.iter().cloned().map(Edge::equal).collect(),
    }
}

fn numbers(
    axis: Axis,
    range: &Range,
    limits: &[Value],
    fits: &mut dyn FnMut(&Value) -> bool,
) -> Vec<Edge> {
    let limits: Vec<i128> = limits
        .iter()
        .flat_map(|limit| axis.of_limit(limit))
        .collect();
    let mut fits = |place: i128| axis.value(place).is_some_and(|value| fits(&value));
    let Some(now) = range.now.as_ref().and_then(|now| axis.of(now)) else {
        // What is far beyond all limits comes only where nothing else does: there numbers run out.
        let found = anywhere(axis.within_reach(&limits), &limits, &mut fits);
        return if found.is_empty() {
            anywhere(axis, &limits, &mut fits)
        } else {
            found
        };
    };
    let probes = axis.probes(&limits, Some(now));
    let mut found = Vec::new();
    let mut beside = 0_u8;
    for up in [false, true] {
        let after = probes.partition_point(|probe| if up { *probe <= now } else { *probe < now });
        let (below, above) = probes.split_at_checked(after).unwrap_or_default();
        let side: Vec<i128> = if up {
            above.to_vec()
        } else {
            below.iter().rev().copied().collect()
        };
        let mut last = now;
        for probe in side {
            if fits(probe) {
                let turn = turn(last, probe, &mut fits);
                let edge = told(axis, turn, &limits, &mut fits);
                beside = beside.saturating_add(u8::from(
                    turn.0 == now && edge.as_ref().is_some_and(|edge| edge.op != "=="),
                ));
                found.extend(edge);
                break;
            }
            last = probe;
        }
    }
    if found.is_empty() && axis.is_counted() {
        found.extend(counted(axis, now, &limits, &mut fits));
    }
    match (beside, found.last(), &range.now) {
        // Whichever way it goes from where it is.
        (2, Some(nearest), Some(now)) => vec![Edge {
            op: "!=",
            limit: now.clone(),
            ..nearest.clone()
        }],
        _ => found,
    }
}

/// The nearest whole number that does, of those beside what it is now and beside the limits: every so many of them do.
fn counted(
    axis: Axis,
    now: i128,
    limits: &[i128],
    fits: &mut dyn FnMut(i128) -> bool,
) -> Option<Edge> {
    let around = limits.iter().copied().chain([now]).take(CENTRES);
    let mut places: Vec<i128> = around
        .flat_map(|place| {
            let (from, to) = (place.saturating_sub(BESIDE), place.saturating_add(BESIDE));
            from..=to
        })
        .collect();
    places.sort_unstable_by_key(|place| (place.abs_diff(now), *place));
    places.dedup();
    let place = places.into_iter().find(|place| fits(*place))?;
    axis.value(place).map(Edge::equal)
}

/// The same where nothing is held now: every limit from which on it does.
fn anywhere(axis: Axis, limits: &[i128], fits: &mut dyn FnMut(i128) -> bool) -> Vec<Edge> {
    let probes = axis.probes(limits, None);
    let fitting: Vec<bool> = probes.iter().map(|probe| fits(*probe)).collect();
    let pairs = || probes.iter().copied().zip(fitting.iter().copied());
    let any = pairs().find(|(_, fits)| *fits);
    let Some((any, _)) = any else {
        return Vec::new();
    };
    let sides = || pairs().zip(pairs().skip(1));
    // The stretches in which it does: each begins or ends where nothing is beyond, or is named by one value in it.
    let mut found = Vec::new();
    let mut begins = fitting.first().copied().unwrap_or(false).then_some(None);
    for ((before, did), (after, does)) in sides() {
        match (did, does) {
            (false, true) => begins = Some(Some((before, after))),
            (true, false) => {
                let ends = turn(after, before, fits);
                let ends = told(axis, ends, limits, fits);
                found.push(match begins.take() {
                    Some(Some((before, after))) => {
                        let begins = told(axis, turn(before, after, fits), limits, fits);
                        let band = begins.zip(ends).and_then(|(from, to)| band(from, to));
                        band.or_else(|| inside(axis, after, limits, fits))
                    }
                    _ => ends,
                });
            }
            _ => {}
        }
    }
    match begins {
        Some(None) => return axis.value(any).map(Edge::any).into_iter().collect(),
        Some(Some((before, after))) => {
            found.push(told(axis, turn(before, after, fits), limits, fits));
        }
        None => {}
    }
    let found: Vec<Edge> = found.into_iter().flatten().collect();
    match found.as_slice() {
        // All but one.
        [below, above] if below.op == "<" && above.op == ">" => {
            let same = axis
                .of(&below.limit)
                .is_some_and(|limit| axis.of(&above.limit) == Some(limit));
            if same {
                return vec![Edge {
                    op: "!=",
                    ..below.clone()
                }];
            }
            found
        }
        _ => found,
    }
}

/// A stretch with two ends.
fn band(from: Edge, to: Edge) -> Option<Edge> {
    let bounds = from.op.starts_with('>') && to.op.starts_with('<');
    let order = from.nearest.order(&to.nearest)?;
    (bounds && order.is_lt()).then_some(Edge {
        until: Some(Until {
            op: to.op,
            limit: to.limit,
        }),
        furthest: Some(to.nearest),
        ..from
    })
}

/// One value of a stretch with two ends: the limit in it, if there is one.
fn inside(
    axis: Axis,
    known: i128,
    limits: &[i128],
    fits: &mut dyn FnMut(i128) -> bool,
) -> Option<Edge> {
    let place = limits
        .iter()
        .copied()
        .find(|limit| fits(*limit))
        .unwrap_or(known);
    let value = axis.value(place)?;
    is_short(&value).then(|| Edge::equal(value))
}

/// Two neighbours, the first of which does not do and the second does.
pub(super) fn turn(
    mut not: i128,
    mut does: i128,
    fits: &mut dyn FnMut(i128) -> bool,
) -> (i128, i128) {
    loop {
        let middle = not.midpoint(does);
        if middle == not || middle == does {
            return (not, does);
        }
        if fits(middle) {
            does = middle;
        } else {
            not = middle;
        }
    }
}

/// How the side of a turn that does is told.
pub(super) fn told(
    axis: Axis,
    (not, does): (i128, i128),
    limits: &[i128],
    fits: &mut dyn FnMut(i128) -> bool,
) -> Option<Edge> {
    let up = does > not;
    let nearest = axis.value(does)?;
    let further = axis.further(does, up);
    // At the end of what it may be, or where nothing further on does, it is this value and no other.
    if axis.is_end(does) || further.is_some_and(|further| !fits(further)) {
        return is_short(&nearest).then(|| Edge::equal(nearest));
    }
    let limit = axis.value(not);
    let (strict, not_strict) = if up { (">", ">=") } else { ("<", "<=") };
    let edge = |op, limit: Value| {
        Some(Edge {
            op,
            limit,
            nearest: nearest.clone(),
            until: None,
            furthest: None,
        })
    };
    let is_limit = |place: i128| limits.contains(&place);
    let strictly = limit.filter(is_short).filter(|limit| {
        // What is written in the condition is told before its neighbour, and the shorter one otherwise.
        !is_short(&nearest)
            || is_limit(not) && !is_limit(does)
            || is_limit(not) == is_limit(does)
                && !axis.is_counted()
                && length(limit) < length(&nearest)
    });
    if let Some(limit) = strictly {
        return edge(strict, limit);
    }
    if is_short(&nearest) && (is_limit(does) || length(&nearest) <= ROUNDED) {
        return edge(not_strict, nearest.clone());
    }
    let Value::Double(number) = nearest else {
        return edge(not_strict, nearest.clone());
    };
    // What arithmetic moved by its last digits alone is told as it was meant.
    for meant in axis.value(not).iter().flat_map(meant) {
        let Some(place) = axis.of(&Value::Double(meant)) else {
            continue;
        };
        let before = if up { place <= not } else { place >= not };
        if before && !fits(place) {
            return edge(strict, Value::Double(meant));
        }
        if !before && fits(place) {
            return Some(Edge {
                op: not_strict,
                limit: Value::Double(meant),
                nearest: Value::Double(meant),
                until: None,
                furthest: None,
            });
        }
    }
    if is_short(&nearest) {
        return edge(not_strict, nearest.clone());
    }
    let rounded = rounded(number, up)?;
    let place = axis.of(&Value::Double(rounded))?;
    let further = axis.further(place, up).filter(|further| fits(*further));
    let goes_on = further.is_some() || axis.further(place, up).is_none();
    (fits(place) && goes_on).then_some(Edge {
        op: not_strict,
        limit: Value::Double(rounded),
        nearest: Value::Double(rounded),
        until: None,
        furthest: None,
    })
}

/// Whether all digits of a value are told.
pub(super) fn is_short(value: &Value) -> bool {
    !matches!(value, Value::Double(_)) || length(value) <= EXACT
}

/// How many significant digits a number has; of anything else, how long it is as a text.
fn length(value: &Value) -> usize {
    match value {
        Value::Double(number) => {
            let text = format!("{:e}", number.abs());
            let digits = text.split('e').next().unwrap_or_default();
            digits.chars().filter(char::is_ascii_digit).count()
        }
        other => other.to_string().len(),
    }
}

/// The numbers of few digits that a number is but for its last ones: the more of them are left out, the fewer may be left.
fn meant(value: &Value) -> Vec<f64> {
    let Value::Double(number) = value else {
        return Vec::new();
    };
    let near = |(digits, most): &(usize, usize)| {
        let places = digits.saturating_sub(1);
        let near: f64 = format!("{number:.places$e}").parse().ok()?;
        (length(&Value::Double(near)) <= *most).then_some(near)
    };
    [(EXACT, ROUNDED), (MEANT, FEW)]
        .iter()
        .filter_map(near)
        .collect()
}

/// The number of as many digits as are told that is next to this one, upwards or downwards.
pub(super) fn rounded(number: f64, up: bool) -> Option<f64> {
    beside(number, up, ROUNDED)
}

/// The number of so many digits that is next to this one, upwards or downwards.
pub(in crate::explain) fn beside(number: f64, up: bool, digits: usize) -> Option<f64> {
    let places = digits.saturating_sub(1);
    let text = format!("{number:.places$e}");
    let near: f64 = text.parse().ok()?;
    if if up { near >= number } else { near <= number } {
        return Some(near);
    }
    let exponent: i32 = text.split('e').nth(1)?.parse().ok()?;
    let unit = 10_f64.powi(exponent.saturating_sub(i32::try_from(places).ok()?));
    let next = if up { near + unit } else { near - unit };
    format!("{next:.places$e}").parse().ok()
}
