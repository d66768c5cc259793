//! What a condition over windows is worth at an instant, straight from the words of `docs/time.md`: from all samples, each
//! time anew.

use super::expr::{Condition, Method, Of, Over, Term};
use super::{Second, World};

impl World {
    /// A condition at an instant, by Kleene's rules; none is unknown, as all is before the first sample.
    pub(super) fn truth(&self, condition: &Condition, at: Second) -> Option<bool> {
        if at < self.samples[0].at {
            return None;
        }
        match condition {
            Condition::Truth(term) => Some(self.term(*term, at)? > 0.0),
            Condition::Known(term) => Some(self.term(*term, at).is_some()),
            Condition::Not(of) => Some(!self.truth(of, at)?),
            Condition::And(a, b) => both(self.truth(a, at), self.truth(b, at)),
            Condition::Or(a, b) => either(self.truth(a, at), self.truth(b, at)),
            Condition::Compare(a, op, b) => {
                let (a, b) = (self.term(*a, at)?, self.term(*b, at)?);
                Some(match *op {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    _ => a >= b,
                })
            }
        }
    }

    fn term(&self, term: Term, at: Second) -> Option<f64> {
        match term {
            Term::Constant(value) => Some(value),
            Term::Plain(of) => self.of(of, at),
            Term::Window(of, Method::Streak, _) => self.streak(of, at),
            Term::Window(of, method, over) => self.window(of, method, over, at),
        }
    }

    /// What a window looks at, at an instant; true is 1, false is 0.
    fn of(&self, of: Of, at: Second) -> Option<f64> {
        let [x, y, n, was, ok] = std::array::from_fn(|input| self.value(input, at));
        let below = |value: Option<f64>| value.map(|value| value < 5.0);
        let truth = |truth: Option<bool>| truth.map(|truth| f64::from(u8::from(truth)));
        match of {
            Of::X => x,
            Of::Y => y,
            Of::N => n,
            Of::Was => was,
            Of::Sum => Some(x? + y?),
            Of::Ok => ok,
            Of::NotOk => Some(1.0 - ok?),
            Of::Below => truth(Some(x? < y?)),
            Of::Both => truth(both(below(x), below(y))),
            Of::Either => truth(either(below(x), below(y))),
        }
    }

    /// The instants up to `now` at which any input is given: a value, null, or nonsense.
    fn given(&self, of: Of, now: Second) -> Vec<Second> {
        let gives = |input: &usize, sample: &super::Sample| sample.given[*input].is_some();
        self.samples
            .iter()
            .filter(|sample| sample.at <= now)
            .filter(|sample| of.inputs().iter().any(|input| gives(input, sample)))
            .map(|sample| sample.at)
            .collect()
    }

    /// The longest stretch without a known sample that is no hole.
    fn limit(&self, of: Of) -> Second {
        let ages = of.inputs().iter().map(|input| self.age(*input));
        ages.min().expect("an input")
    }

    fn streak(&self, of: Of, now: Second) -> Option<f64> {
        let given = self.given(of, now);
        let limit = self.limit(of);
        let mut length = 0.0;
        let mut after = now;
        given.last()?;
        for at in given.into_iter().rev() {
            if after - at > limit {
                return None;
            }
            if self.of(of, at)? == 0.0 {
                break;
            }
            length += 1.0;
            after = at;
        }
        Some(length)
    }

    fn window(&self, of: Of, method: Method, over: Over, now: Second) -> Option<f64> {
        let given = self.given(of, now);
        let newest = given.last().copied();
        let trend = matches!(method, Method::Rising | Method::Falling);
        let end = if trend { newest? } else { now };
        let begin = match over {
            Over::Last(length) => end - length,
            Over::Stage => self.entry(now).filter(|entered| *entered <= now)?,
        };
        let inside = |at: Second| at > begin || (over == Over::Stage && at == begin);
        let known: Vec<(Second, f64)> = given
            .iter()
            .filter(|at| inside(**at))
            .filter_map(|at| Some((*at, self.of(of, *at)?)))
            .collect();
        match method {
            Method::Count => return Some(count(known.len())),
            Method::Ago => return self.of(of, begin),
            _ => {}
        }
        if *given.first()? > begin || known.is_empty() {
            return None;
        }
        // One of two sides is known, and it does not decide: to leave that out would take sides.
        let partial = |at: Second| {
            let known = |input: &usize| self.value(*input, at).is_some();
            self.of(of, at).is_none() && of.inputs().iter().any(known)
        };
        let chooses = matches!(of, Of::Both | Of::Either);
        if chooses && given.iter().any(|at| *at >= begin && partial(*at)) {
            return None;
        }
        let times = known.iter().map(|(at, _)| *at);
        let stops: Vec<Second> = [begin].into_iter().chain(times).chain([now]).collect();
        if stops.windows(2).any(|two| two[1] - two[0] > self.limit(of)) {
            return None;
        }
        let held = self.of(of, begin);
        let values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
        match method {
            Method::Delta => Some(self.of(of, now)? - held?),
            Method::Increase => Some(increase(held?, &values, self.of(of, now)?)),
            Method::Rate => {
                let seconds = match over {
                    Over::Last(length) => length,
                    Over::Stage => newest? - begin,
                };
                let grown = increase(held?, &values, self.of(of, now)?);
                (seconds > 0).then(|| grown / seconds_of(seconds))
            }
            Method::Slope => slope(&known),
            Method::Rising => rises(&means(&known, begin, end)),
            Method::Falling => {
                let means = means(&known, begin, end);
                rises(&means.iter().map(|mean| -mean).collect::<Vec<_>>())
            }
            method => Some(figure(method, &values)),
        }
    }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    both(a.map(|a| !a), b.map(|b| !b)).map(|both| !both)
}

fn count(of: usize) -> f64 {
    f64::from(u32::try_from(of).expect("few"))
}

fn seconds_of(seconds: Second) -> f64 {
    f64::from(i32::try_from(seconds).expect("a few minutes"))
}

/// What a counter grew by: it begins with the value held where the window begins.
fn increase(held: f64, values: &[f64], now: f64) -> f64 {
    let mut grown = now - held;
    let mut before = held;
    for value in values {
        if *value < before {
            grown += before;
        }
        before = *value;
    }
    grown
}

/// What the values, oldest first and at least one, add up to.
fn figure(method: Method, values: &[f64]) -> f64 {
    let n = count(values.len());
    let sum: f64 = values.iter().sum();
    let mut ordered = values.to_vec();
    ordered.sort_by(f64::total_cmp);
    match method {
        Method::Sum => sum,
        Method::Avg | Method::Share => sum / n,
        Method::Min => ordered[0],
        Method::Max => ordered[ordered.len() - 1],
        Method::First => values[0],
        Method::Median => quantile(&ordered, 2),
        Method::Quarter => quantile(&ordered, 4),
        Method::Stddev => {
            let squares: f64 = values.iter().map(|value| (value - sum / n).powi(2)).sum();
            (squares / n).sqrt()
        }
        Method::Edges => count(values.windows(2).filter(|two| two[0] < two[1]).count()),
        other => panic!("{other:?} is no figure of the values alone"),
    }
}

/// The value at rank (n - 1) / `part`, on a straight line between the two around it.
fn quantile(ordered: &[f64], part: usize) -> f64 {
    let (rank, rest) = ((ordered.len() - 1) / part, (ordered.len() - 1) % part);
    let low = ordered[rank];
    let high = ordered.get(rank + 1).copied().unwrap_or(low);
    low + (high - low) * count(rest) / count(part)
}

/// Least squares, per hour.
fn slope(known: &[(Second, f64)]) -> Option<f64> {
    if known.len() < 2 {
        return None;
    }
    let n = count(known.len());
    let hours = |at: Second| seconds_of(at) / 3600.0;
    let time = known.iter().map(|(at, _)| hours(*at)).sum::<f64>() / n;
    let mean = known.iter().map(|(_, value)| value).sum::<f64>() / n;
    let deviation = |(at, value): &(Second, f64)| (hours(*at) - time) * (value - mean);
    let above: f64 = known.iter().map(deviation).sum();
    let below: f64 = known
        .iter()
        .map(|(at, _)| (hours(*at) - time).powi(2))
        .sum();
    Some(above / below)
}

/// The means of the parts, of 24, that have known samples. A sample on a border belongs to the earlier part.
fn means(known: &[(Second, f64)], begin: Second, end: Second) -> Vec<f64> {
    let in_part = |part: i64, at: Second| {
        let scaled = (at - begin) * 24;
        let first = part == 1 && scaled == 0;
        first || (scaled > (part - 1) * (end - begin) && scaled <= part * (end - begin))
    };
    let values = |part: i64| -> Vec<f64> {
        let inside = known.iter().filter(|(at, _)| in_part(part, *at));
        inside.map(|(_, value)| *value).collect()
    };
    let parts = (1..=24).map(values).filter(|values| !values.is_empty());
    parts.map(|values| figure(Method::Avg, &values)).collect()
}

/// Mann–Kendall, one-sided at 5 %.
fn rises(means: &[f64]) -> Option<f64> {
    if means.len() < 8 {
        return None;
    }
    let mut score = 0.0;
    for (index, early) in means.iter().enumerate() {
        for late in &means[index + 1..] {
            score += count(usize::from(late > early)) - count(usize::from(late < early));
        }
    }
    let weight = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    // Each of a group of t equal means brings weight(t) / t.
    let tied: f64 = means
        .iter()
        .map(|mean| {
            count(
                means
                    .iter()
                    .filter(|other| other.total_cmp(mean).is_eq())
                    .count(),
            )
        })
        .map(|t| weight(t) / t)
        .sum();
    let enough = match (means.len(), tied > 0.0) {
        (8, false) => score >= 16.0,
        (9, false) => score >= 18.0,
        (10, false) => score >= 21.0,
        (n, _) => {
            let variance = (weight(count(n)) - tied) / 18.0;
            score > 0.0 && (score - 1.0) / variance.sqrt() > 1.644_853_627
        }
    };
    Some(f64::from(u8::from(enough)))
}
