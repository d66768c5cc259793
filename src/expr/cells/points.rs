//! One value from every interval between some limits, and the limits themselves. Never a value that a snapshot could not
//! give, as far as that is declared.

use std::sync::Arc;

use jiff::SignedDuration;

use super::Declared;
use crate::expr::instant::Instant;
use crate::expr::number;
use crate::expr::plan::Load;
use crate::expr::value::Value;

/// How many neighbours of a limit are tried where an input is converted to another unit before it is compared: more than
/// the conversion can be off.
const NEIGHBOURS: usize = 4;

/// The values to try of an input; nothing where its kind has no order to follow.
pub(super) fn points(
    load: Load,
    limits: &[(Value, f64)],
    declared: &Declared,
) -> Option<Vec<Value>> {
    match load {
        Load::Bool => Some(vec![Value::Bool(true), Value::Bool(false)]),
        Load::String => texts(limits, declared),
        Load::Double => doubles(limits, declared.range),
        Load::Int => {
            let ends = declared.range;
            let least = ends.and_then(|(least, _)| number::int(least.ceil()));
            let greatest = ends.and_then(|(_, greatest)| number::int(greatest.floor()));
            let whole = whole(limits, |limit| match limit {
                Value::Int(limit) => Some(vec![i128::from(*limit)]),
                Value::Double(limit) => {
                    let ends = [limit.floor(), limit.ceil()];
                    let ends = ends.into_iter().map(|end| number::int(end).map(i128::from));
                    ends.collect()
                }
                _ => None,
            })?;
            let line = line(whole, least.map(i128::from), greatest.map(i128::from));
            line.into_iter()
                .map(|at| i64::try_from(at).ok().map(Value::Int))
                .collect()
        }
        Load::Duration => {
            let whole = whole(limits, |limit| match limit {
                Value::Duration(length) => Some(vec![length.as_nanos()]),
                _ => None,
            })?;
            let length = |nanos: i128| i64::try_from(nanos).ok().map(SignedDuration::from_nanos);
            let line = line(whole, None, None).into_iter();
            line.map(|nanos| length(nanos).map(Value::Duration))
                .collect()
        }
        Load::Timestamp => {
            let whole = whole(limits, |limit| match limit {
                Value::Timestamp(at) => Some(vec![at.nanoseconds()]),
                _ => None,
            })?;
            let line = line(whole, None, None).into_iter();
            line.map(|nanos| Instant::of_nanoseconds(nanos).map(Value::Timestamp))
                .collect()
        }
        Load::Any | Load::List | Load::Map => None,
    }
}

fn texts(limits: &[(Value, f64)], declared: &Declared) -> Option<Vec<Value>> {
    if let Some(values) = &declared.values {
        let values = values.iter().cloned();
        return Some(values.map(Value::String).collect());
    }
    let mut found: Vec<Arc<str>> = Vec::new();
    for (limit, _) in limits {
        let Value::String(text) = limit else {
            return None;
        };
        found.push(Arc::clone(text));
    }
    // Texts are ordered too: between two of them lies the first one with a little more, and before them all the empty one.
    let mut more: Vec<Arc<str>> = found
        .iter()
        .map(|text| Arc::from(format!("{text}\0")))
        .collect();
    more.push(Arc::from(""));
    found.extend(more);
    found.sort();
    found.dedup();
    Some(found.into_iter().map(Value::String).collect())
}

fn doubles(limits: &[(Value, f64)], range: Option<(f64, f64)>) -> Option<Vec<Value>> {
    let mut points = Vec::new();
    for (limit, factor) in limits {
        let limit = match limit {
            Value::Double(limit) => *limit,
            Value::Int(limit) => number::double(*limit),
            _ => return None,
        };
        let exact = factor.to_bits() == 1.0_f64.to_bits();
        let (mut down, mut up) = (limit / factor, limit / factor);
        points.push(down);
        for _ in 0..if exact { 0 } else { NEIGHBOURS } {
            (down, up) = (down.next_down(), up.next_up());
            points.extend([down, up]);
        }
    }
    let (least, greatest) = range.unwrap_or((f64::MIN, f64::MAX));
    points.extend(
        range
            .into_iter()
            .flat_map(|(least, greatest)| [least, greatest]),
    );
    if points.is_empty() {
        points.push(0.0);
    }
    points.sort_by(f64::total_cmp);
    let far = |end: f64| end.abs().max(1.0);
    let first = points.first().map(|first| first - far(*first));
    let last = points.last().map(|last| last + far(*last));
    let between = points.windows(2).filter_map(|pair| match pair {
        [one, other] => Some(one / 2.0 + other / 2.0),
        _ => None,
    });
    let mut all: Vec<f64> = between.chain(first).chain(last).collect();
    all.extend(points);
    all.retain(|point| point.is_finite() && *point >= least && *point <= greatest);
    all.sort_by(f64::total_cmp);
    all.dedup_by_key(|point| point.to_bits());
    Some(all.into_iter().map(Value::Double).collect())
}

/// The limits as whole numbers.
fn whole(limits: &[(Value, f64)], of: impl Fn(&Value) -> Option<Vec<i128>>) -> Option<Vec<i128>> {
    let mut found = Vec::new();
    for (limit, factor) in limits {
        if factor.to_bits() != 1.0_f64.to_bits() {
            return None;
        }
        found.extend(of(limit)?);
    }
    Some(found)
}

/// The limits, what lies between two of them, and what lies before and behind them all.
fn line(mut points: Vec<i128>, least: Option<i128>, greatest: Option<i128>) -> Vec<i128> {
    points.extend(least);
    points.extend(greatest);
    if points.is_empty() {
        points.push(0);
    }
    points.sort_unstable();
    points.dedup();
    let mut all = points.clone();
    for pair in points.windows(2) {
        if let [one, other] = pair {
            all.push(one.saturating_add(*other).div_euclid(2));
        }
    }
    all.extend(points.first().map(|first| first.saturating_sub(1)));
    all.extend(points.last().map(|last| last.saturating_add(1)));
    all.retain(|point| {
        least.is_none_or(|least| *point >= least)
            && greatest.is_none_or(|greatest| *point <= greatest)
    });
    all.sort_unstable();
    all.dedup();
    all
}
