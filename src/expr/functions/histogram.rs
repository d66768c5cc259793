//! The quantile of a histogram, as Prometheus estimates it from the counts of cumulative buckets.
//!
//! What Prometheus mends (counts that fall from one bound to the next) has no value here: a gate does not guess.

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::number;
use crate::expr::value::{Key, Map, Value};

table! {
    "histogram_quantile" quantile { free(Number, Numbers) Double; }
}

/// By how much, as a share of it, a count may be less than the one before: that much adding in doubles may lose.
const ROUNDING: f64 = 1e-12;

/// A bucket: how many observations there are up to a bound.
#[derive(Clone, Copy)]
struct Bucket {
    bound: f64,
    count: f64,
}

fn quantile(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [share, Value::Map(map)] = args else {
        return Err(Reason::WrongType);
    };
    let share = double(share)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Reason::BadArgument);
    }
    let buckets = buckets(map, budget)?;
    Ok(Value::Double(estimate(share, &buckets)?))
}

/// The buckets by their bounds, the last of which is infinite.
fn buckets(map: &Map, budget: &mut Budget) -> Result<Vec<Bucket>, Reason> {
    budget.items(map.len())?;
    let mut buckets = Vec::with_capacity(map.len());
    for (key, count) in map.iter() {
        let Key::String(bound) = key else {
            return Err(Reason::WrongType);
        };
        let bound: f64 = bound.trim().parse().map_err(|_| Reason::BadArgument)?;
        let count = double(count)?;
        // A bound that is no number fails here as well.
        if !(bound > f64::NEG_INFINITY && count >= 0.0) {
            return Err(Reason::BadArgument);
        }
        buckets.push(Bucket { bound, count });
    }
    buckets.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    // `1` and `1.0` are one bound.
    let twice = (buckets.iter().zip(buckets.iter().skip(1))).any(|(a, b)| a.bound >= b.bound);
    let mut most = 0.0_f64;
    for bucket in &mut buckets {
        if bucket.count < most * (1.0 - ROUNDING) {
            return Err(Reason::BadArgument);
        }
        most = most.max(bucket.count);
        bucket.count = most;
    }
    let whole = buckets
        .last()
        .is_some_and(|last| last.bound == f64::INFINITY);
    if buckets.len() < 2 || !whole || twice {
        return Err(Reason::BadArgument);
    }
    Ok(buckets)
}

/// A straight line between the bounds of the bucket in which the rank lies.
fn estimate(share: f64, buckets: &[Bucket]) -> Result<f64, Reason> {
    let (Some(last), Some(finite)) = (
        buckets.last(),
        buckets.get(..buckets.len().saturating_sub(1)),
    ) else {
        return Err(Reason::BadArgument);
    };
    // Of nothing there is no quantile.
    if last.count <= 0.0 || !last.count.is_finite() {
        return Err(Reason::NotFinite);
    }
    let rank = share * last.count;
    let at = finite.partition_point(|bucket| bucket.count < rank);
    let Some(found) = finite.get(at) else {
        // Above the highest bound that is a number nobody can tell how far.
        return finite
            .last()
            .map(|bucket| bucket.bound)
            .ok_or(Reason::BadArgument);
    };
    let before = at.checked_sub(1).and_then(|before| finite.get(before));
    let start = match before {
        Some(before) => *before,
        None if found.bound <= 0.0 => return Ok(found.bound),
        None => Bucket {
            bound: 0.0,
            count: 0.0,
        },
    };
    let inside = found.count - start.count;
    if inside <= 0.0 {
        return Err(Reason::NotFinite);
    }
    Ok(start.bound + (found.bound - start.bound) * ((rank - start.count) / inside))
}

fn double(value: &Value) -> Result<f64, Reason> {
    match value {
        Value::Double(value) => Ok(*value),
        Value::Int(value) => Ok(number::double(*value)),
        Value::Uint(value) => Ok(number::double_of_uint(*value)),
        Value::Unknown(missing) => Err(Reason::Missing(*missing)),
        _ => Err(Reason::WrongType),
    }
}
