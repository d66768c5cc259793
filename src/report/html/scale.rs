//! Values to heights: which stretch of numbers a plot shows, and where its ticks stand. Whatever the numbers, what comes of it
//! is finite; it never draws.

use crate::explain::number::{decade, with_digits};

/// A stretch of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
}

/// How many times as far away as the values reach a limit may lie to be shown with them: where it is more, they are a line at
/// the edge.
const FAR: f64 = 12.0;

impl Scale {
    /// The stretch that shows all of `values`, and of `limits` those that leave something to be seen of the values.
    pub(super) fn of(values: impl Iterator<Item = f64>, limits: impl Iterator<Item = f64>) -> Self {
        let widen = |ends: Option<(f64, f64)>, value: f64| match ends {
            _ if !value.is_finite() => ends,
            None => Some((value, value)),
            Some((low, high)) => Some((low.min(value), high.max(value))),
        };
        let seen = values.fold(None, widen);
        let limits: Vec<f64> = limits.filter(|limit| limit.is_finite()).collect();
        let near = |limit: &f64| {
            seen.is_none_or(|(low, high)| {
                // Halves: the whole of it may be more than a number can say.
                let reach = (high / 2.0 - low / 2.0).max(high.abs().max(low.abs()) / 2.0);
                let away = (limit / 2.0 - high / 2.0).max(low / 2.0 - limit / 2.0);
                reach == 0.0 || away <= reach * FAR
            })
        };
        let ends = limits.iter().copied().filter(near).fold(seen, widen);
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        Self::padded(low, high)
    }

    fn padded(low: f64, high: f64) -> Self {
        // Zero is shown where it is not far.
        let (low, high) = match (low, high) {
            (low, high) if low > 0.0 && low / 2.0 <= high / 4.0 => (0.0, high),
            (low, high) if high < 0.0 && high / 2.0 >= low / 4.0 => (low, 0.0),
            ends => ends,
        };
        let finite = |value: f64| value.clamp(f64::MIN, f64::MAX);
        let pad = finite(high / 16.0 - low / 16.0);
        let (low, high) = if low >= high {
            match low {
                0.0 => (0.0, 1.0),
                value if value > 0.0 => (0.0, finite(value * 1.25)),
                value => (finite(value * 1.25), 0.0),
            }
        } else {
            let below = if low == 0.0 { low } else { finite(low - pad) };
            let above = if high == 0.0 {
                high
            } else {
                finite(high + pad)
            };
            (below, above)
        };
        Self { low, high }
    }

    /// The stretch of what is true or false.
    pub(super) fn of_bools() -> Self {
        Self {
            low: -0.15,
            high: 1.15,
        }
    }

    /// How far up a value stands, from 0 to 1; what lies beyond stands at the edge.
    pub(super) fn share(self, value: f64) -> f64 {
        // In a range in which differences neither overflow nor vanish.
        let greatest = self.high.abs().max(self.low.abs());
        let by = if greatest > 1e200 {
            1e-200
        } else if greatest < 1e-200 {
            1e200
        } else {
            1.0
        };
        let (low, high, value) = (self.low * by, self.high * by, value * by);
        let share = (value - low) / (high - low);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.5
        }
    }

    /// Whether a value lies in it.
    pub(super) fn shows(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Whether a value lies above it.
    pub(super) fn is_below(self, value: f64) -> bool {
        value > self.high
    }

    /// Ticks with what they say, from the lowest: round numbers in the unit, as far as there are any.
    pub(super) fn ticks(self, unit: Option<&str>) -> Vec<(f64, String)> {
        // Percentages are round in percent.
        let by = if unit == Some("ratio") { 100.0 } else { 1.0 };
        let (low, high) = (self.low * by, self.high * by);
        let about = high / 6.0 - low / 6.0;
        let step = round(about);
        let mut ticks = Vec::new();
        if let Some(step) = step {
            let first = (low / step).ceil();
            for index in 0..8_u8 {
                let value = (first + f64::from(index)) * step;
                if value.is_finite() && value <= high && value >= low {
                    ticks.push(value / by);
                }
            }
        }
        let ticks = match ticks.len() {
            0 | 1 => vec![self.low, self.high],
            _ => ticks,
        };
        told(&ticks, unit)
    }
}

/// A number such as 1, 2 or 5 with any power of ten that is no less; none where there is none.
fn round(about: f64) -> Option<f64> {
    if !(about.is_finite() && about > 0.0) {
        return None;
    }
    let ten = decade(about)?;
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|digit| digit * ten)
        .find(|step| *step >= about)?;
    (step.is_finite() && step > 0.0).then_some(step)
}

/// Whether a unit is short enough to stand at each tick.
pub(super) fn is_short(unit: &str) -> bool {
    let known = ["ratio", "percent", "per_s", "per_min", "per_h", "per_d"];
    known.contains(&unit) || unit.chars().count() <= 3
}

/// Numbers in as few digits as tell them apart.
fn told(ticks: &[f64], unit: Option<&str>) -> Vec<(f64, String)> {
    let shown = unit.filter(|unit| is_short(unit));
    let with = |digits: usize| -> Vec<String> {
        let each = ticks.iter();
        each.map(|tick| with_digits(*tick + 0.0, shown, digits))
            .collect()
    };
    let mut texts = with(3);
    for digits in 4..17 {
        let apart = texts.windows(2).all(|pair| pair.first() != pair.get(1));
        // What is rounded for its label would stand where it does not say.
        let exact = texts == with(15);
        if apart && (exact || digits > 6) {
            break;
        }
        texts = with(digits);
    }
    ticks.iter().copied().zip(texts).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Scale;

    fn scale(values: &[f64], limits: &[f64]) -> Scale {
        Scale::of(values.iter().copied(), limits.iter().copied())
    }

    fn labels(scale: Scale, unit: Option<&str>) -> Vec<String> {
        scale
            .ticks(unit)
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    }

    #[test]
    fn ticks_are_round_in_the_unit() {
        let rates = scale(&[0.004, 0.061], &[0.05]);
        assert_eq!(labels(rates, Some("ratio")), ["0%", "2%", "4%", "6%"]);
        let times = scale(&[410.0, 470.0], &[500.0]);
        assert_eq!(
            labels(times, Some("ms")),
            ["420 ms", "440 ms", "460 ms", "480 ms", "500 ms"]
        );
        let words = scale(&[0.0, 30.0], &[]);
        assert_eq!(
            labels(words, Some("tickets_per_customer")),
            ["0", "10", "20", "30"]
        );
        let negative = scale(&[-3.0, -1.0], &[]);
        assert_eq!(labels(negative, None), ["-3", "-2", "-1", "0"]);
    }

    #[test]
    fn what_never_changes_has_a_height_too() {
        for value in [
            0.0,
            7.0,
            -7.0,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
        ] {
            let scale = scale(&[value], &[]);
            assert!((0.0..=1.0).contains(&scale.share(value)), "{value}");
            assert!(labels(scale, None).len() >= 2, "{value}");
        }
    }

    #[test]
    fn a_limit_far_away_does_not_press_the_values_flat() {
        let near = scale(&[1.0, 2.0], &[25.0]);
        assert!(near.shows(25.0));
        let pressed = scale(&[1.0, 2.0], &[40.0]);
        assert!(!pressed.shows(40.0) && pressed.is_below(40.0));
        let far = scale(&[1.0, 2.0], &[1e9]);
        assert!(!far.shows(1e9) && far.is_below(1e9));
        let nothing = scale(&[], &[5.0]);
        assert!(nothing.shows(5.0));
    }

    #[test]
    fn small_changes_of_a_great_number_are_told_apart() {
        let close = scale(&[1e9, 1e9 + 0.002], &[]);
        let labels = labels(close, None);
        let mut distinct = labels.clone();
        distinct.dedup();
        assert_eq!(labels, distinct);
    }

    proptest! {
        #[test]
        fn every_height_is_finite(values in prop::collection::vec(any::<f64>(), 0..6), limit in any::<f64>()) {
            let scale = scale(&values, &[limit]);
            for value in values.iter().filter(|value| value.is_finite()) {
                prop_assert!(scale.shows(*value));
                prop_assert!((0.0..=1.0).contains(&scale.share(*value)));
            }
            let ticks = scale.ticks(Some("ratio"));
            prop_assert!((2..=8).contains(&ticks.len()), "{:?}", ticks);
            for (value, text) in &ticks {
                prop_assert!((0.0..=1.0).contains(&scale.share(*value)));
                prop_assert!(!text.contains("NaN"));
            }
        }
    }
}
