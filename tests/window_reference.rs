//! Windows against figures that others computed: numpy, scipy, statsmodels and pymannkendall. `tests/data/reference.py`
//! made them and says how; nothing here runs it.

use std::path::Path;

use gonogo::evaluate::moment::Moment;
use gonogo::evaluate::window::Looking;
use gonogo::evaluate::window::trend::{Chance, score};
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::window::{Method, Over};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::support;

#[derive(Deserialize)]
struct Data<T> {
    computed_by: String,
    series: Vec<T>,
}

/// Samples at seconds since the start of the window, with the figures of all of them.
#[derive(Deserialize)]
struct Figures {
    name: String,
    seconds: Vec<i64>,
    values: Vec<f64>,
    mean: f64,
    stddev: f64,
    slope: f64,
    quantiles: Vec<(f64, f64)>,
}

/// A series at equal distances, with its score, and the chance of it: where it is not exact, out of `z`.
#[derive(Deserialize)]
struct Trend {
    name: String,
    values: Vec<f64>,
    score: i64,
    z: Option<f64>,
    p: f64,
    rising: bool,
}

fn data<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    let data: Data<T> = serde_json::from_str(&support::read(&path)).expect("figures");
    println!("{name}: {} series, {}", data.series.len(), data.computed_by);
    assert!(data.series.len() >= 16);
    data.series
}

fn start() -> Moment {
    let start: Timestamp = "2025-10-16T10:00:00Z".parse().expect("an instant");
    Moment::at(start)
}

/// The value of a window over exactly these samples, after others have passed through it.
fn looked(method: Method, length: i64, samples: &[(i64, f64)]) -> Value {
    let length = SignedDuration::from_secs(length);
    let mut looking = Looking::new(method, Over::Last(length), false, None);
    for (second, value) in [(-3, 4e3), (-2, -7.25), (-1, 1e9), (0, 0.1)] {
        let at = start().plus(SignedDuration::from_secs(second));
        looking.sample(at, &Value::Double(value));
        looking.value(at, None);
    }
    let mut value = Value::Unknown(Missing::Absent);
    for (second, sample) in samples {
        let at = start().plus(SignedDuration::from_secs(*second));
        looking.sample(at, &Value::Double(*sample));
        value = looking.value(at, None);
    }
    value
}

fn close(found: &Value, expected: f64, scale: f64, what: &str) {
    let Value::Double(found) = found else {
        panic!("{what}: {found:?} where {expected} is expected")
    };
    let apart = (found - expected).abs();
    assert!(
        apart <= 1e-12 * scale,
        "{what}: {found} where {expected} is expected"
    );
}

#[test]
fn means_deviations_quantiles_and_slopes_are_those_of_others() {
    for figures in data::<Figures>("windows.json") {
        let name = figures.name;
        let samples: Vec<(i64, f64)> = figures.seconds.into_iter().zip(figures.values).collect();
        let length = samples.last().expect("samples").0;
        let find = |method| looked(method, length, &samples);
        let largest = samples
            .iter()
            .fold(0.0, |most: f64, (_, value)| most.max(value.abs()));
        close(
            &find(Method::Avg),
            figures.mean,
            largest,
            &format!("mean of {name}"),
        );
        // Their slope and deviation lose digits where the mean is far from nought: as many as their values have less.
        let lost = (1e-4 * largest / figures.stddev).max(1.0);
        let scale = figures.stddev * lost;
        close(
            &find(Method::Stddev),
            figures.stddev,
            scale,
            &format!("deviation of {name}"),
        );
        let per_hour = figures.stddev / (length_of(&samples) / 3600.0);
        let scale = figures.slope.abs().max(per_hour) * lost;
        close(
            &find(Method::Slope),
            figures.slope,
            scale,
            &format!("slope of {name}"),
        );
        for (share, expected) in figures.quantiles {
            let found = find(Method::Quantile(share));
            close(
                &found,
                expected,
                expected.abs(),
                &format!("quantile {share} of {name}"),
            );
        }
    }
}

fn length_of(samples: &[(i64, f64)]) -> f64 {
    let (first, last) = (samples[0].0, samples[samples.len() - 1].0);
    f64::from(i32::try_from(last - first).expect("a short time"))
}

#[test]
fn chances_are_those_of_others() {
    let (mut exact, mut normal) = (0, 0);
    for trend in data::<Trend>("trend.json") {
        let name = format!("{} of {}", trend.name, trend.values.len());
        assert_eq!(score(&trend.values), trend.score, "{name}");
        let chance = Chance::of_rise(&trend.values);
        match (chance, trend.z) {
            (Chance::Exact { orders, of }, None) => {
                exact += 1;
                let double =
                    |orders| f64::from(u32::try_from(orders).expect("ten factorial at most"));
                let found = double(orders) / double(of);
                assert!(
                    (found - trend.p).abs() <= 1e-15,
                    "{name}: {found} and {}",
                    trend.p
                );
            }
            (Chance::Normal { z }, Some(expected)) => {
                normal += 1;
                assert!((z - expected).abs() <= 1e-12, "{name}: {z} and {expected}");
                // The other way round it is the same with the other sign.
                let fall = Chance::of_fall(&trend.values);
                assert!(matches!(fall, Chance::Normal { z } if (z + expected).abs() <= 1e-12));
            }
            (chance, z) => panic!("{name}: {chance:?} and {z:?}"),
        }
        assert_eq!(chance.is_small(), trend.rising, "{name}");
    }
    assert!(exact >= 8 && normal >= 20, "{exact} exact, {normal} not");
}

/// The same series as the means of the last hours of a day.
#[test]
fn windows_rise_and_fall_as_others_say() {
    let mut fell = 0;
    for trend in data::<Trend>("trend.json") {
        let first = 25 - i64::try_from(trend.values.len()).expect("a few");
        let hours = (first..).map(|hour| hour * 3600);
        let samples: Vec<(i64, f64)> = hours.zip(trend.values.iter().copied()).collect();
        let find = |method| looked(method, 24 * 3600, &samples);
        let rising = find(Method::Rising(None));
        assert!(
            matches!(rising, Value::Bool(rising) if rising == trend.rising),
            "{}: {rising:?}",
            trend.name
        );
        let turned: Vec<(i64, f64)> = samples.iter().map(|(at, value)| (*at, -value)).collect();
        let falling = looked(Method::Falling(None), 24 * 3600, &turned);
        assert!(matches!(falling, Value::Bool(falling) if falling == trend.rising));
        let Value::Bool(falling) = find(Method::Falling(None)) else {
            panic!("{}: neither", trend.name)
        };
        fell += usize::from(falling);
        assert!(!(falling && trend.rising));
        // The slope it must have is met by its own slope, and by nothing steeper.
        if let (true, Value::Double(slope)) = (trend.rising, find(Method::Slope)) {
            let own = find(Method::Rising(Some(slope - 1e-12 * slope)));
            let steeper = find(Method::Rising(Some(slope + 1e-12 * slope)));
            assert!(matches!(
                (own, steeper),
                (Value::Bool(true), Value::Bool(false))
            ));
        }
    }
    assert!(fell >= 4, "{fell} fall");
}
