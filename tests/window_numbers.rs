//! Windows at the edges of numbers and of what may be asked: sums that leave the range of doubles, whole numbers that
//! doubles cannot hold, lengths and times that make no sense. None of them leaves a trace, none is taken for a value.

use gonogo::evaluate::moment::Moment;
use gonogo::evaluate::window::Looking;
use gonogo::expr::value::{Key, Map, Missing, Value};
use gonogo::expr::window::{Method, Over};
use jiff::{SignedDuration, Timestamp};

const METHODS: [Method; 20] = [
    Method::Avg,
    Method::Min,
    Method::Max,
    Method::Sum,
    Method::Count,
    Method::Quantile(0.5),
    Method::Quantile(f64::NAN),
    Method::Stddev,
    Method::First,
    Method::Ago,
    Method::Delta,
    Method::Increase,
    Method::Rate,
    Method::Slope,
    Method::Rising(None),
    Method::Rising(Some(1.0)),
    Method::Falling(Some(f64::NAN)),
    Method::Share,
    Method::Streak,
    Method::Edges,
];

fn second(second: i64) -> Moment {
    let start: Timestamp = "2025-10-16T10:00:00Z".parse().expect("an instant");
    Moment::at(start).plus(SignedDuration::from_secs(second))
}

/// A window over the last so many seconds of a sample a second.
fn last(method: Method, seconds: i64, whole: bool) -> Looking {
    let length = SignedDuration::from_secs(seconds);
    Looking::new(
        method,
        Over::Last(length),
        whole,
        Some(SignedDuration::from_secs(5)),
    )
}

/// What a window says at each of the samples, one a second.
fn told(method: Method, seconds: i64, values: &[Value]) -> Vec<String> {
    let whole = values.iter().any(|value| matches!(value, Value::Int(_)));
    let mut looking = last(method, seconds, whole);
    (0..)
        .zip(values)
        .map(|(at, value)| {
            looking.sample(second(at), value);
            text(&looking.value(second(at), None))
        })
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Unknown(missing) => format!("{missing:?}"),
        Value::Double(value) => format!("{value:?}"),
        Value::Int(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

fn doubles(values: &[f64]) -> Vec<Value> {
    values.iter().copied().map(Value::Double).collect()
}

fn ints(values: &[i64]) -> Vec<Value> {
    values.iter().copied().map(Value::Int).collect()
}

#[test]
fn the_mean_of_equal_values_is_that_value() {
    let mut values = vec![
        0.1,
        0.3,
        1.0 / 3.0,
        0.004,
        1e-300,
        5e-324,
        1e300,
        f64::MAX,
        f64::MIN,
        -0.7,
        123_456.789,
        f64::MIN_POSITIVE,
        4e288,
        9.7e288,
        1e289,
        2.0,
    ];
    // Some more, of any bits.
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    values.extend((0..200).map(|_| {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        f64::from_bits(bits)
    }));
    values.retain(|value| value.is_finite());
    for value in values {
        for seconds in [1, 2, 3, 7, 10, 41, 100, 997] {
            let mut looking = last(Method::Avg, seconds, false);
            for at in 0..(2 * seconds + 3) {
                looking.sample(second(at), &Value::Double(value));
                let mean = looking.value(second(at), None);
                match mean {
                    Value::Double(mean) => assert_eq!(mean.to_bits(), value.to_bits(), "{value:e}"),
                    Value::Unknown(Missing::Short) => assert!(at < seconds),
                    other => panic!("{value:e} over {seconds}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn means_of_whole_numbers_are_rounded_once() {
    // 2^63 - 1 twice, once more, and a 3: sums that no double and no int holds.
    let values = ints(&[0, i64::MAX, i64::MAX, i64::MAX, 3]);
    let means = told(Method::Avg, 1, &values);
    assert_eq!(
        means[1..],
        ["9.223372036854776e18"; 3]
            .into_iter()
            .chain(["3.0"])
            .collect::<Vec<_>>()
    );
    let values = ints(&[0, 9_007_199_254_740_993, 1, 2]);
    // (2^53 + 1 + 1) / 2 = 2^52 + 1, exactly.
    assert_eq!(told(Method::Avg, 2, &values)[2], "4503599627370497.0");
}

#[test]
fn what_left_leaves_no_trace() {
    for large in [1e16, 1e300, f64::MAX, -f64::MAX] {
        let mut values = doubles(&[0.0, 0.1, large, large, large]);
        values.extend(doubles(&[0.1; 10]));
        let sums = told(Method::Sum, 3, &values);
        assert_eq!(
            sums.last().map(String::as_str),
            Some("0.30000000000000004"),
            "{large:e}"
        );
        let means = told(Method::Avg, 3, &values);
        assert_eq!(means.last().map(String::as_str), Some("0.1"), "{large:e}");
        let deviations = told(Method::Stddev, 3, &values);
        assert_eq!(
            deviations.last().map(String::as_str),
            Some("0.0"),
            "{large:e}"
        );
        let slopes = told(Method::Slope, 3, &values);
        assert_eq!(slopes.last().map(String::as_str), Some("0.0"), "{large:e}");
    }
}

#[test]
fn sums_beyond_the_doubles_are_unknown_and_come_back() {
    let values = doubles(&[0.0, 1e308, 1e308, -1e308, 1.0, 1.0]);
    assert_eq!(
        told(Method::Sum, 2, &values),
        ["Short", "Short", "NotFinite", "0.0", "-1e308", "2.0"]
    );
    // Of the same values a mean there is.
    assert_eq!(
        told(Method::Avg, 2, &values),
        ["Short", "Short", "1e308", "0.0", "-5e307", "1.0"]
    );
    assert_eq!(
        told(Method::Delta, 2, &values),
        ["Short", "Short", "1e308", "NotFinite", "-1e308", "1e308"]
    );
    assert_eq!(
        told(Method::Stddev, 2, &values),
        ["Short", "Short", "0.0", "NotFinite", "NotFinite", "0.0"]
    );
    assert_eq!(
        told(Method::Quantile(0.5), 2, &values),
        ["Short", "Short", "1e308", "0.0", "-5e307", "1.0"]
    );
}

#[test]
fn whole_numbers_stay_whole_as_long_as_doubles_hold_them() {
    let most = 1 << 53;
    let values = ints(&[0, most - 1, 1, 1, -most, -1, most + 1, -1, 7]);
    let unknown = "OutOfRange";
    assert_eq!(
        told(Method::Sum, 2, &values)[2..],
        [
            "9007199254740992",
            "2",
            "-9007199254740991",
            unknown,
            "9007199254740992",
            "9007199254740992",
            "6"
        ]
    );
    assert_eq!(
        told(Method::Max, 2, &values)[2..],
        ["9007199254740991", "1", "1", "-1", unknown, unknown, "7"]
    );
    assert_eq!(
        told(Method::Min, 2, &values)[2..],
        [
            "1",
            "1",
            "-9007199254740992",
            "-9007199254740992",
            "-1",
            "-1",
            "-1"
        ]
    );
    assert_eq!(
        told(Method::First, 2, &values)[2..],
        [
            "9007199254740991",
            "1",
            "1",
            "-9007199254740992",
            "-1",
            unknown,
            "-1"
        ]
    );
    assert_eq!(
        told(Method::Delta, 1, &values)[1..],
        [
            "9007199254740991",
            "-9007199254740990",
            "0",
            unknown,
            "9007199254740991",
            unknown,
            unknown,
            "8"
        ]
    );
}

#[test]
fn counters_that_begin_anew_have_counted_on() {
    // 5 more; anew and 2 more; 4 more; anew twice.
    let values = ints(&[10, 15, 2, 6, 1, 0, 3]);
    assert_eq!(
        told(Method::Increase, 1, &values)[1..],
        ["5", "2", "4", "1", "0", "3"]
    );
    assert_eq!(
        told(Method::Increase, 3, &values)[3..],
        ["11", "7", "5", "4"]
    );
    assert_eq!(
        told(Method::Delta, 3, &values)[3..],
        ["-4", "-14", "-2", "-3"]
    );
    let rates = told(Method::Rate, 2, &doubles(&[0.5, 1.5, 0.25, 0.75]));
    assert_eq!(rates[2..], ["0.625", "0.375"]);
}

#[test]
fn entries_come_and_go() {
    let map = |entries: &[(&str, i64)]| {
        let entries = entries
            .iter()
            .map(|(key, value)| (Key::String((*key).into()), Value::Int(*value)));
        Value::Map(Map::new(entries.collect()).into())
    };
    let values = [
        map(&[("a", 1), ("b", 7)]),
        map(&[("a", 4), ("b", 2)]),
        map(&[("a", 2), ("c", 1)]),
        map(&[("a", 3), ("b", 1), ("c", 5)]),
    ];
    let mut looking = last(Method::Increase, 2, true);
    let mut grown = Vec::new();
    for (at, value) in (0..).zip(&values) {
        looking.sample(second(at), value);
        let Value::Map(map) = looking.value(second(at), None) else {
            continue;
        };
        grown.push(
            map.iter()
                .map(|(key, value)| format!("{key} {}", text(value)))
                .collect::<Vec<_>>(),
        );
    }
    // a: 1 4 | 2, then 4 | 2 3. b: 7 | 2, then gone; 2, gone, 1: fell between what is known of it.
    assert_eq!(
        grown,
        [
            vec!["a 5", "b Absent", "c Absent"],
            vec!["a 3", "b 1", "c Absent"]
        ]
    );
}

#[test]
fn a_rate_since_the_entry_is_one_up_to_the_newest_sample() {
    let mut looking = Looking::new(Method::Rate, Over::Stage, false, None);
    looking.keep_from(Some(second(0)));
    looking.sample(second(0), &Value::Double(1.0));
    assert_eq!(text(&looking.value(second(4), Some(second(0)))), "Few");
    looking.sample(second(10), &Value::Double(6.0));
    let mut at = |seconds| text(&looking.value(second(seconds), Some(second(0))));
    assert_eq!([at(10), at(40), at(20)], ["0.5", "0.5", "0.5"]);
    // Before the earliest entry that was told nothing is kept, whatever is told later.
    looking.keep_from(Some(second(10)));
    looking.keep_from(Some(second(0)));
    looking.sample(second(20), &Value::Double(8.0));
    let mut since = |entry| text(&looking.value(second(20), Some(second(entry))));
    assert_eq!([since(0), since(10)], ["Short", "0.2"]);
    let mut mean = Looking::new(Method::Avg, Over::Stage, false, None);
    (0..4).for_each(|at| mean.sample(second(at), &Value::Double(1.0)));
    mean.keep_from(Some(second(2)));
    mean.keep_from(Some(second(1)));
    let mut since = |entry| text(&mean.value(second(3), Some(second(entry))));
    assert_eq!([since(1), since(2)], ["Short", "1.0"]);
}

#[test]
fn the_quantiles_of_equal_values_are_that_value() {
    for value in [0.1, 0.7, 1.0 / 3.0, 1e-300, f64::MAX, -5e-324] {
        for share in (0..=100).map(|hundredths| f64::from(hundredths) / 100.0) {
            let quantiles = told(Method::Quantile(share), 4, &doubles(&[value; 6]));
            assert_eq!(quantiles[4..], [format!("{value:?}"), format!("{value:?}")]);
        }
    }
}

#[test]
fn there_is_one_zero() {
    for method in [
        Method::Min,
        Method::Max,
        Method::First,
        Method::Sum,
        Method::Quantile(1.0),
    ] {
        assert_eq!(
            told(method, 2, &doubles(&[1.0, -0.0, -0.0]))[2],
            "0.0",
            "{method:?}"
        );
    }
}

#[test]
fn a_window_holds_no_more_than_it_needs() {
    let size = |looking: &Looking| format!("{looking:?}").len();
    for method in METHODS {
        let mut looking = last(method, 10, false);
        let mut most = 0;
        for at in 0..2_000 {
            let value = f64::from(u8::try_from(at % 7).expect("small"));
            let value = match method {
                Method::Share | Method::Edges | Method::Streak => Value::Bool(value > 3.0),
                _ => Value::Double(value),
            };
            looking.sample(second(at), &value);
            // Nobody need ask it for that.
            if at == 100 {
                most = size(&looking);
            }
        }
        assert!(size(&looking) < most + most / 2 + 100, "{method:?}");
    }
    // Nor of entries that are gone.
    let mut counters = last(Method::Increase, 10, true);
    for at in 0..2_000 {
        let entry = (Key::Int(at), Value::Int(at));
        counters.sample(second(at), &Value::Map(Map::new(vec![entry]).into()));
    }
    assert!(size(&counters) < 20_000, "{}", size(&counters));
    let mut stage = Looking::new(Method::Avg, Over::Stage, false, None);
    stage.keep_from(Some(second(1_990)));
    (0..2_000).for_each(|at| stage.sample(second(at), &Value::Double(1.0)));
    assert_eq!(
        text(&stage.value(second(2_000), Some(second(1_990)))),
        "1.0"
    );
    assert!(size(&stage) < 5_000, "{}", size(&stage));
}

#[test]
fn nothing_that_makes_no_sense_is_a_value() {
    let hostile = [
        Value::Null,
        Value::Double(f64::NAN),
        Value::Double(f64::INFINITY),
        Value::String("1".into()),
        Value::Uint(u64::MAX),
        Value::List(Vec::new().into()),
        Value::Map(Map::new(vec![(Key::Int(1), Value::Null)]).into()),
    ];
    let lengths = [
        SignedDuration::ZERO,
        SignedDuration::from_secs(-5),
        SignedDuration::MIN,
        SignedDuration::MAX,
        SignedDuration::from_secs(3),
    ];
    let moments = [
        Moment::at(Timestamp::MIN),
        second(0),
        second(1),
        // Back, and again.
        second(0),
        second(1),
        second(2),
        second(3),
        Moment::after(Timestamp::MAX),
        Moment::NEVER,
    ];
    for method in METHODS {
        let overs = lengths
            .map(Over::Last)
            .into_iter()
            .chain([Over::Stage, Over::Samples]);
        for over in overs {
            for max_age in [
                None,
                Some(SignedDuration::ZERO),
                Some(SignedDuration::MIN),
                Some(SignedDuration::MAX),
            ] {
                for value in &hostile {
                    let mut looking = Looking::new(method, over, true, max_age);
                    for at in moments {
                        looking.sample(at, value);
                        looking.hold(at.just_after(), value);
                        for entered in [None, Some(second(1)), Some(Moment::NEVER)] {
                            looking.keep_from(entered);
                            assert!(looking.next(at) > at || at == Moment::NEVER);
                            let found = looking.value(at, entered);
                            assert!(
                                matches!(method, Method::Count | Method::Ago)
                                    || tells_nothing(&found),
                                "{method:?} over {over:?} of {value:?}: {found:?}"
                            );
                        }
                    }
                }
            }
        }
    }
}

/// Whether a value, or every entry of it, is unknown.
fn tells_nothing(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::Map(map) => map.iter().all(|(_, value)| tells_nothing(value)),
        _ => false,
    }
}

#[test]
fn a_trend_as_steep_as_asked_for_is_steep_enough() {
    let told = |method| {
        let mut looking = Looking::new(method, Over::Stage, false, None);
        for (hour, value) in (0..).zip([1.0, 1.5, 2.25, 3.0, 3.5, 5.25, 5.5, 6.0, 7.0, 8.5]) {
            looking.sample(second(3600 * hour), &Value::Double(value));
        }
        looking.value(second(3600 * 9), Some(second(0)))
    };
    let Value::Double(slope) = told(Method::Slope) else {
        panic!("a slope")
    };
    assert_eq!(text(&told(Method::Rising(Some(slope)))), "true");
    assert_eq!(text(&told(Method::Rising(Some(slope.next_up())))), "false");
}

#[test]
fn what_says_the_same_again_is_no_change_and_all_else_is() {
    let map = |key: &str, value: f64| {
        let entry = (Key::String(key.into()), Value::Double(value));
        Value::Map(Map::new(vec![entry]).into())
    };
    let values = || {
        [
            Value::Unknown(Missing::Null),
            Value::Unknown(Missing::Stale),
            Value::Bool(true),
            Value::Bool(false),
            Value::Int(1),
            Value::Int(2),
            Value::Uint(1),
            Value::Uint(2),
            Value::Double(1.0),
            Value::Double(2.0),
            map("a", 1.0),
            map("a", 2.0),
            map("b", 2.0),
            Value::Map(Map::default().into()),
        ]
    };
    let shown = |value: &Value| format!("{value:?}");
    for (index, before) in values().iter().enumerate() {
        for (other, after) in values().iter().enumerate() {
            let mut looking = last(Method::Ago, 10, false);
            looking.sample(second(0), before);
            looking.hold(second(3), after);
            assert_eq!(shown(&looking.value(second(10), None)), shown(before));
            // A change at 3 comes to be the one ten seconds ago at 13.
            let next = looking.next(second(10));
            let expected = if index == other {
                Moment::NEVER
            } else {
                second(13)
            };
            assert_eq!(next, expected, "{before:?}, then {after:?}");
            assert_eq!(shown(&looking.value(second(13), None)), shown(after));
        }
    }
}

#[test]
fn samples_that_are_not_later_are_left_out() {
    let mut looking = last(Method::Sum, 3, false);
    for (at, value) in [(0, 1.0), (1, 2.0), (1, 4.0), (0, 8.0), (2, 16.0), (3, 32.0)] {
        looking.sample(second(at), &Value::Double(value));
    }
    assert_eq!(text(&looking.value(second(3), None)), "50.0");
}
