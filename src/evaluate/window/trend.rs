//! Whether a series has a trend: Mann (1945) and Kendall (1975), one-sided at 5 %. Never says how long it will go on.

use super::line::Line;
use super::seen::{self, Point};
use super::stack::Figure;
use super::sum::Sum;
use crate::evaluate::moment::Moment;
use crate::expr::number;
use crate::expr::value::Missing;

/// The parts a window is cut into.
const PARTS: i128 = 24;
/// The fewest of them that must be known.
const FEWEST: usize = 8;
/// The most values for which the exact distribution is used.
const MOST_EXACT: usize = 10;
/// The standard normal quantile of 95 %.
const LIMIT: f64 = 1.644_853_626_951_472_2;

/// How likely a series without a trend would look as much like one as this series does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chance {
    /// So many of all orders of the values score as high or higher: no two are equal, and they are few.
    Exact {
        /// The orders that score as high.
        orders: u64,
        /// All orders.
        of: u64,
    },
    /// The score in standard deviations, corrected for ties and for continuity.
    Normal {
        /// Those above the mean score.
        z: f64,
    },
}

impl Chance {
    /// The chance for a series in the order of its times.
    #[must_use]
    pub fn of_rise(values: &[f64]) -> Self {
        Self::new(values, score(values))
    }

    /// The same for a trend downwards.
    #[must_use]
    pub fn of_fall(values: &[f64]) -> Self {
        Self::new(values, score(values).saturating_neg())
    }

    /// Whether it is below 5 %.
    #[must_use]
    pub fn is_small(self) -> bool {
        match self {
            Self::Exact { orders, of } => orders.saturating_mul(20) < of,
            Self::Normal { z } => z > LIMIT,
        }
    }

    fn new(values: &[f64], score: i64) -> Self {
        let ties = ties(values);
        if values.len() <= MOST_EXACT && ties.is_empty() {
            let (orders, of) = orders(values.len(), score);
            return Self::Exact { orders, of };
        }
        let weight = |count: usize| {
            let count = seen::count(count);
            count * (count - 1.0) * (2.0 * count + 5.0)
        };
        let tied: f64 = ties.into_iter().map(weight).sum();
        let variance = (weight(values.len()) - tied) / 18.0;
        let towards_mean = number::double(score.saturating_sub(score.signum()));
        let z = if score == 0 {
            0.0
        } else {
            towards_mean / variance.sqrt()
        };
        Self::Normal { z }
    }
}

/// How many pairs of values rise, less how many fall.
#[must_use]
pub fn score(values: &[f64]) -> i64 {
    let mut score: i64 = 0;
    for (index, earlier) in values.iter().enumerate() {
        for later in values.iter().skip(index.saturating_add(1)) {
            if later > earlier {
                score = score.saturating_add(1);
            } else if later < earlier {
                score = score.saturating_sub(1);
            }
        }
    }
    score
}

/// The sizes of the groups of equal values.
fn ties(values: &[f64]) -> Vec<usize> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .chunk_by(|left, right| left >= right)
        .map(<[f64]>::len)
        .filter(|size| *size > 1)
        .collect()
}

/// How many orders of so many different values score at least this, and how many orders there are.
///
/// An order of `n` values with `k` pairs that fall scores `n (n - 1) / 2 - 2 k`; one value more, put at any of its `n + 1`
/// places, brings between none and `n` such pairs.
fn orders(count: usize, score: i64) -> (u64, u64) {
    let mut falls: Vec<u64> = vec![1];
    for size in 1..=count {
        let pairs = falls.len().saturating_add(size.saturating_sub(1));
        falls = (0..pairs)
            .map(|pair| {
                let from = pair.saturating_add(1).saturating_sub(size);
                let ways = falls.iter().skip(from);
                let ways = ways.take(pair.saturating_add(1).saturating_sub(from));
                ways.fold(0, |sum, ways| u64::saturating_add(sum, *ways))
            })
            .collect();
    }
    let best = number::size(falls.len()).saturating_sub(1);
    let all = falls
        .iter()
        .fold(0, |sum, ways| u64::saturating_add(sum, *ways));
    let high = (0..)
        .zip(&falls)
        .take_while(|(pairs, _)| best.saturating_sub(i64::saturating_mul(*pairs, 2)) >= score)
        .fold(0, |sum, (_, ways)| u64::saturating_add(sum, *ways));
    (high, all)
}

/// Whether the known samples of a window go up, or else down, and by at least so much per hour.
pub(super) fn there_is(
    known: &[Point],
    begin: Moment,
    end: Moment,
    up: bool,
    least: Option<f64>,
) -> Result<bool, Missing> {
    let means = means(known, begin, end);
    if means.len() < FEWEST {
        return Err(Missing::Few);
    }
    let chance = if up {
        Chance::of_rise(&means)
    } else {
        Chance::of_fall(&means)
    };
    match least {
        Some(least) if chance.is_small() => {
            let mut line = Line::NONE;
            known.iter().for_each(|point| line.push(point));
            let slope = line.slope()?;
            Ok(if up { slope } else { -slope } >= least)
        }
        _ => Ok(chance.is_small()),
    }
}

/// The means of the parts of a window that have a known sample, oldest first. Each part ends with its last instant, the
/// first one begins with the window.
fn means(points: &[Point], begin: Moment, end: Moment) -> Vec<f64> {
    let length = end.since(begin);
    let mut means = Vec::new();
    let mut part = (Sum::default(), 0_usize);
    // Times are compared as multiples of a part's length, which need not be a whole number of nanoseconds.
    let mut bound = length;
    for point in points {
        let passed = point.at.since(begin).saturating_mul(PARTS);
        if passed > bound {
            close(&mut part, &mut means);
            while passed > bound && length > 0 {
                bound = bound.saturating_add(length);
            }
        }
        part.0.add(point.seen.double());
        part.1 = part.1.saturating_add(1);
    }
    close(&mut part, &mut means);
    means
}

fn close(part: &mut (Sum, usize), means: &mut Vec<f64>) {
    if part.1 > 0 {
        means.push(part.0.mean(seen::count(part.1)));
    }
    *part = (Sum::default(), 0);
}
