//! The values of one input that matter to a comparison: the limit, those next to it, a hundredth off, far off. It compares
//! nothing.

use jiff::SignedDuration;

use crate::expr::Instant;
use crate::expr::value::Value;

/// The values around a limit that an input is multiplied by `factor` to be compared with; the telling ones first.
pub(super) fn around(limit: &Value, factor: f64, whole: bool) -> Vec<Value> {
    match limit {
        Value::Int(_) | Value::Double(_) | Value::Uint(_) => {
            let Some(limit) = number(limit) else {
                return Vec::new();
            };
            if whole {
                ints(limit / factor)
            } else {
                doubles(limit, factor)
            }
        }
        Value::Duration(limit) => durations(*limit),
        Value::Timestamp(limit) => instants(*limit),
        Value::Bool(_) => vec![Value::Bool(true), Value::Bool(false)],
        Value::String(_) => vec![limit.clone()],
        Value::List(items) => items.iter().take(8).cloned().collect(),
        _ => Vec::new(),
    }
}

/// A number as a double.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::Int(number) => Some(crate::expr::double(*number)),
        Value::Uint(number) => i64::try_from(*number).ok().map(crate::expr::double),
        _ => None,
    }
}

fn doubles(limit: f64, factor: f64) -> Vec<Value> {
    let near = limit / factor;
    // Converting a unit may round: the one that is the limit is looked for next to it.
    let next = [near, near.next_down(), near.next_up()];
    #[expect(clippy::float_cmp, reason = "the limit itself is looked for")]
    let edge = next.into_iter().find(|one| one * factor == limit);
    let edge = edge.unwrap_or(near);
    let (mut below, mut above) = (edge.next_down(), edge.next_up());
    for _ in 0..4 {
        if below * factor >= limit {
            below = below.next_down();
        }
        if above * factor <= limit {
            above = above.next_up();
        }
    }
    let step = edge.abs().max(if edge == 0.0 { 1.0 } else { 0.0 });
    let mut found = vec![
        edge,
        neat(edge - step * 0.01, edge),
        neat(edge + step * 0.01, edge),
        below,
        above,
        neat(edge - step, edge),
        neat(edge + step, edge),
    ];
    found.retain(|one| one.is_finite());
    found.into_iter().map(Value::Double).collect()
}

/// The same in few digits, where that stays on the same side of the edge.
fn neat(value: f64, edge: f64) -> f64 {
    let short: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if (short < edge) == (value < edge)
        && short
            .partial_cmp(&edge)
            .is_some_and(std::cmp::Ordering::is_ne)
    {
        short
    } else {
        value
    }
}

fn ints(edge: f64) -> Vec<Value> {
    let (Some(floor), Some(ceil)) = (
        crate::expr::int(edge.floor()),
        crate::expr::int(edge.ceil()),
    ) else {
        return Vec::new();
    };
    let percent = crate::expr::int((edge.abs() / 100.0).ceil()).unwrap_or(1);
    let far = crate::expr::int(edge.abs().ceil()).unwrap_or(1).max(2);
    let mut found = vec![
        floor,
        ceil,
        floor.saturating_sub(1),
        ceil.saturating_add(1),
        floor.saturating_sub(percent),
        ceil.saturating_add(percent),
        floor.saturating_sub(far),
        ceil.saturating_add(far),
    ];
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|one| seen.insert(*one));
    found.into_iter().map(Value::Int).collect()
}

/// The lengths of time around one.
pub(super) fn spans(edge: SignedDuration) -> Vec<SignedDuration> {
    let percent = edge.checked_div(100).unwrap_or(SignedDuration::ZERO);
    let nano = SignedDuration::from_nanos(1);
    vec![
        edge,
        edge.saturating_sub(percent),
        edge.saturating_add(percent),
        edge.saturating_sub(nano),
        edge.saturating_add(nano),
        SignedDuration::ZERO,
        edge.saturating_add(edge),
    ]
}

fn durations(edge: SignedDuration) -> Vec<Value> {
    spans(edge).into_iter().map(Value::Duration).collect()
}

fn instants(edge: Instant) -> Vec<Value> {
    let nano = edge.nanoseconds();
    let hour = 3_600_000_000_000_i128;
    [0, -1, 1, hour.saturating_neg(), hour]
        .into_iter()
        .filter_map(|by| Instant::of_nanoseconds(nano.saturating_add(by)))
        .map(Value::Timestamp)
        .collect()
}

#[cfg(test)]
#[expect(clippy::panic, clippy::indexing_slicing, reason = "a test fails by it")]
mod tests {
    use super::*;

    fn told(values: &[Value]) -> Vec<String> {
        let told = |value: &Value| match value {
            Value::Double(number) => format!("{number}"),
            Value::Int(number) => format!("{number}"),
            Value::Duration(span) => crate::expr::duration::format_duration(*span),
            other => format!("{other:?}"),
        };
        values.iter().map(told).collect()
    }

    #[test]
    fn a_limit_has_neighbours() {
        assert_eq!(
            told(&around(&Value::Double(0.05), 1.0, false)),
            [
                "0.05",
                "0.0495",
                "0.0505",
                "0.049999999999999996",
                "0.05000000000000001",
                "0",
                "0.1"
            ]
        );
    }

    #[test]
    fn a_limit_in_another_unit_is_found_in_that_of_the_input() {
        // A ratio compared in percent: 0.05 * 100 is 5.
        let found = around(&Value::Double(5.0), 100.0, false);
        let [
            Value::Double(edge),
            _,
            _,
            Value::Double(below),
            Value::Double(above),
            ..,
        ] = found.as_slice()
        else {
            panic!("{found:?}");
        };
        #[expect(clippy::float_cmp, reason = "the limit itself")]
        let exact = edge * 100.0 == 5.0;
        assert!(exact && below * 100.0 < 5.0 && above * 100.0 > 5.0);
    }

    #[test]
    fn whole_numbers_have_whole_neighbours() {
        assert_eq!(
            told(&around(&Value::Int(0), 1.0, true)),
            ["0", "-1", "1", "-2", "2"]
        );
        assert_eq!(
            told(&around(&Value::Int(1000), 1.0, true)),
            ["1000", "999", "1001", "990", "1010", "0", "2000"]
        );
        assert_eq!(
            told(&around(&Value::Double(2.5), 1.0, true)),
            ["2", "3", "1", "4", "-1", "6"]
        );
    }

    #[test]
    fn a_length_of_time_has_its_nanosecond_on_each_side() {
        let found = around(&Value::Duration(SignedDuration::from_mins(100)), 1.0, false);
        assert_eq!(
            told(&found)[..5],
            [
                "1h40m",
                "1h39m",
                "1h41m",
                "1h39m59s999ms999us999ns",
                "1h40m1ns"
            ]
        );
    }
}
