//! What each window computes, word for word and as slowly as it is said: over all samples and all changes, for one moment.

use gonogo::evaluate::moment::Moment;
use gonogo::expr::value::{Key, Map, Missing, Value};
use gonogo::expr::window::{Method, Over};
use jiff::SignedDuration;

/// A window and what was given up to now.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) method: Method,
    pub(crate) over: Over,
    pub(crate) whole: bool,
    pub(crate) max_age: Option<SignedDuration>,
    /// The samples of the inputs, with the value of the expression.
    pub(crate) samples: Vec<(Moment, Value)>,
    /// The value of the expression from each moment on, samples included.
    pub(crate) changes: Vec<(Moment, Value)>,
}

impl Definition {
    pub(crate) fn value(&self, now: Moment, entered: Option<Moment>) -> Value {
        self.find(now, entered).unwrap_or_else(Value::Unknown)
    }

    fn find(&self, now: Moment, entered: Option<Moment>) -> Result<Value, Missing> {
        if self.method == Method::Streak {
            return self.streak(now);
        }
        // Trends are those of the window that ends with the newest sample.
        let end = match (self.method, self.samples.last()) {
            (Method::Rising(_) | Method::Falling(_), Some((newest, _))) => *newest,
            _ => now,
        };
        let begin = match self.over {
            Over::Last(length) => end.minus(length),
            Over::Stage => match entered {
                None => return Err(Missing::Absent),
                Some(entered) if entered > now => return Err(Missing::NotEntered),
                Some(entered) => entered,
            },
            Over::Samples => unreachable!("a streak only"),
        };
        let inside: Vec<&(Moment, Value)> = self
            .samples
            .iter()
            .filter(|(at, value)| {
                let after = *at > begin || (self.over == Over::Stage && *at == begin);
                after && *at <= now && !matches!(value, Value::Unknown(_))
            })
            .collect();
        let count = inside.len();
        if self.method == Method::Count {
            return Ok(Value::Int(i64::try_from(count).expect("a count")));
        }
        let first = self.samples.first().map(|(at, _)| *at);
        if first.is_none_or(|first| first > begin) {
            return Err(Missing::Short);
        }
        let held = |moment: Moment| {
            let mut before = self.changes.iter().filter(|(at, _)| *at <= moment);
            before.next_back().expect("a sample at least").1.clone()
        };
        if self.method == Method::Ago {
            return known(held(begin));
        }
        if count == 0 {
            return Err(Missing::Hole);
        }
        if let Some(age) = self.max_age {
            let mut from = begin;
            for to in inside.iter().map(|(at, _)| *at).chain([now]) {
                if to > from.plus(age) {
                    return Err(Missing::Hole);
                }
                from = to;
            }
        }
        let seconds = match self.over {
            Over::Last(length) => double(length.as_nanos()) / 1e9,
            // Up to the newest sample: what is known does not fade with the clock.
            _ => self
                .samples
                .last()
                .map_or(0.0, |(at, _)| double(at.since(begin)) / 1e9),
        };
        if self.method == Method::Rate && seconds <= 0.0 {
            return Err(Missing::Few);
        }
        match self.method {
            Method::Delta | Method::Increase | Method::Rate => {
                self.growth(&held(begin), &held(now), &inside, seconds)
            }
            Method::First => known(inside[0].1.clone()).and_then(|value| self.kept(value)),
            Method::Share => {
                let trues = inside.iter().filter(|(_, value)| truth(value)).count();
                Ok(Value::Double(size(trues) / size(count)))
            }
            Method::Edges => {
                let rises = |pair: &&[&(Moment, Value)]| !truth(&pair[0].1) && truth(&pair[1].1);
                let edges = inside.windows(2).filter(rises).count();
                Ok(Value::Int(i64::try_from(edges).expect("a count")))
            }
            _ if self.whole && matches!(self.method, Method::Sum | Method::Min | Method::Max) => {
                let values = inside.iter().map(|(_, value)| integer(value));
                whole(match self.method {
                    Method::Sum => values.sum(),
                    Method::Min => values.min().expect("a sample"),
                    _ => values.max().expect("a sample"),
                })
            }
            _ => self.figure(&inside, begin, end),
        }
    }

    fn kept(&self, value: Value) -> Result<Value, Missing> {
        match value {
            Value::Int(value) if self.whole => whole(i128::from(value)),
            value => Ok(value),
        }
    }

    fn figure(
        &self,
        inside: &[&(Moment, Value)],
        begin: Moment,
        end: Moment,
    ) -> Result<Value, Missing> {
        let values: Vec<f64> = inside.iter().map(|(_, value)| number(value)).collect();
        let count = size(values.len());
        let sum: f64 = values.iter().sum();
        let mean = sum / count;
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        Ok(Value::Double(match self.method {
            Method::Avg => mean,
            Method::Sum => sum,
            Method::Min => sorted[0],
            Method::Max => sorted[sorted.len() - 1],
            Method::Quantile(share) => {
                let rank = share * (count - 1.0);
                let whole_rank = (1..values.len()).take_while(|n| size(*n) <= rank).count();
                let below = sorted[whole_rank];
                let above = sorted[(whole_rank + 1).min(values.len() - 1)];
                below + (above - below) * (rank - rank.floor())
            }
            Method::Stddev => {
                let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
                (squares / count).sqrt()
            }
            Method::Slope => slope(inside).ok_or(Missing::Few)?,
            Method::Rising(least) => return trend(inside, begin, end, 1.0, least),
            Method::Falling(least) => return trend(inside, begin, end, -1.0, least),
            method => unreachable!("{method:?}"),
        }))
    }

    fn growth(
        &self,
        from: &Value,
        to: &Value,
        inside: &[&(Moment, Value)],
        seconds: f64,
    ) -> Result<Value, Missing> {
        let (from, to) = (known(from.clone())?, known(to.clone())?);
        let (Value::Map(from), Value::Map(to)) = (&from, &to) else {
            let samples = inside.iter().map(|(_, value)| value).cloned().collect();
            return self.grown(&from, &to, samples, seconds);
        };
        let mut keys: Vec<Key> = from
            .iter()
            .chain(to.iter())
            .map(|(key, _)| key.clone())
            .collect();
        keys.sort();
        keys.dedup();
        let entry = |map: &Map, key: &Key| {
            known(
                map.get(key)
                    .cloned()
                    .unwrap_or(Value::Unknown(Missing::Absent)),
            )
        };
        let entries = keys.into_iter().map(|key| {
            let samples = inside.iter().filter_map(|(_, value)| match value {
                Value::Map(map) => entry(map, &key).ok(),
                _ => None,
            });
            let grown = entry(from, &key)
                .and_then(|from| self.grown(&from, &entry(to, &key)?, samples.collect(), seconds));
            (key.clone(), grown.unwrap_or_else(Value::Unknown))
        });
        Ok(Value::Map(Map::new(entries.collect()).into()))
    }

    /// One counter: from where the window begins until now, its known samples between.
    fn grown(
        &self,
        from: &Value,
        to: &Value,
        mut samples: Vec<Value>,
        seconds: f64,
    ) -> Result<Value, Missing> {
        samples.insert(0, from.clone());
        let fell: Vec<Value> = samples
            .windows(2)
            .filter(|pair| self.method != Method::Delta && less(&pair[1], &pair[0]))
            .map(|pair| pair[0].clone())
            .collect();
        if self.whole {
            let resets: i128 = fell.iter().map(integer).sum();
            let grown = integer(to) - integer(from) + resets;
            if self.method == Method::Rate {
                return Ok(Value::Double(double(grown) / seconds));
            }
            return whole(grown);
        }
        let resets: f64 = fell.iter().map(number).sum();
        let grown = number(to) - number(from) + resets;
        if self.method == Method::Rate {
            return Ok(Value::Double(grown / seconds));
        }
        Ok(Value::Double(grown))
    }

    /// Back from now, sample by sample, until one that is false.
    fn streak(&self, now: Moment) -> Result<Value, Missing> {
        if self.samples.is_empty() {
            return Err(Missing::Short);
        }
        let (mut length, mut later) = (0, now);
        for (at, value) in self.samples.iter().rev() {
            if self.max_age.is_some_and(|age| later > at.plus(age)) {
                return Err(Missing::Hole);
            }
            match value {
                Value::Bool(false) => break,
                Value::Bool(true) => length += 1,
                Value::Unknown(missing) => return Err(*missing),
                other => unreachable!("{other:?}"),
            }
            later = *at;
        }
        Ok(Value::Int(length))
    }
}

fn trend(
    inside: &[&(Moment, Value)],
    begin: Moment,
    end: Moment,
    sign: f64,
    least: Option<f64>,
) -> Result<Value, Missing> {
    let length = end.since(begin);
    let mut means = Vec::new();
    for part in 0..24 {
        // (begin + part * length / 24, begin + (part + 1) * length / 24], the first one with its beginning.
        let values: Vec<f64> = inside
            .iter()
            .filter(|(at, _)| {
                let passed = at.since(begin) * 24;
                let after = passed > part * length || (part == 0 && passed == 0);
                after && (passed <= (part + 1) * length)
            })
            .map(|(_, value)| sign * number(value))
            .collect();
        if !values.is_empty() {
            means.push(values.iter().sum::<f64>() / size(values.len()));
        }
    }
    let n = means.len();
    if n < 8 {
        return Err(Missing::Few);
    }
    let mut score = 0.0;
    for later in 0..n {
        for earlier in 0..later {
            score += f64::from(i8::from(means[later] > means[earlier]))
                - f64::from(i8::from(means[later] < means[earlier]));
        }
    }
    let mut sorted = means.clone();
    sorted.sort_by(f64::total_cmp);
    let groups: Vec<f64> = sorted
        .chunk_by(|left, right| left >= right)
        .map(|group| size(group.len()))
        .collect();
    let there = if n <= 10 && groups.len() == n {
        // Kendall's table: the least score of one-sided 5 %.
        score >= [16.0, 18.0, 21.0][n - 8]
    } else {
        let weight = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
        let tied: f64 = groups.iter().map(|group| weight(*group)).sum();
        let deviation = ((weight(size(n)) - tied) / 18.0).sqrt();
        score > 0.0 && (score - 1.0) / deviation > 1.644_853_626_951_472_2
    };
    let steep = least.is_none_or(|least| sign * slope(inside).expect("eight times") >= least);
    Ok(Value::Bool(there && steep))
}

/// Least squares over the hours since the first.
fn slope(inside: &[&(Moment, Value)]) -> Option<f64> {
    let count = size(inside.len());
    let hours: Vec<f64> = inside
        .iter()
        .map(|(at, _)| double(at.since(inside[0].0)) / 3.6e12)
        .collect();
    let values: Vec<f64> = inside.iter().map(|(_, value)| number(value)).collect();
    let (time, value) = (
        hours.iter().sum::<f64>() / count,
        values.iter().sum::<f64>() / count,
    );
    let pairs = || hours.iter().zip(&values);
    let products: f64 = pairs().map(|(t, v)| (t - time) * (v - value)).sum();
    let squares: f64 = pairs().map(|(t, _)| (t - time).powi(2)).sum();
    (inside.len() > 1).then(|| products / squares)
}

fn known(value: Value) -> Result<Value, Missing> {
    match value {
        Value::Unknown(missing) => Err(missing),
        value => Ok(value),
    }
}

fn whole(value: i128) -> Result<Value, Missing> {
    if value.abs() > 1 << 53 {
        return Err(Missing::OutOfRange);
    }
    Ok(Value::Int(i64::try_from(value).expect("in range")))
}

fn truth(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

fn integer(value: &Value) -> i128 {
    match value {
        Value::Int(value) => i128::from(*value),
        other => unreachable!("{other:?}"),
    }
}

fn less(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left < right,
        (left, right) => number(left) < number(right),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Int(value) => double(i128::from(*value)),
        Value::Double(value) => *value,
        other => unreachable!("{other:?}"),
    }
}

fn size(count: usize) -> f64 {
    double(i128::try_from(count).expect("a count"))
}

#[expect(clippy::cast_precision_loss, reason = "the nearest double is meant")]
fn double(value: i128) -> f64 {
    value as f64
}
