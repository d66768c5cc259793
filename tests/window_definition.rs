//! Windows over generated streams against their definition: at every moment at which something could change, just before
//! it and just after, for every method.

mod definition;

use std::collections::BTreeMap;

use definition::Definition;
use gonogo::evaluate::moment::Moment;
use gonogo::evaluate::window::Looking;
use gonogo::expr::value::{Key, Map, Missing, Value};
use gonogo::expr::window::{Method, Over};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// What happens in a stream.
#[derive(Clone, Debug)]
enum Event {
    /// A sample of the inputs, with the value of the expression.
    Sample(Value),
    /// The value changes between samples.
    Hold(Value),
    /// The stage's entry is told, or that it is not known.
    Entry(Option<Moment>),
}

/// A stream, and what is asked of it.
#[derive(Clone, Debug)]
struct Stream {
    method: Method,
    over: Over,
    whole: bool,
    max_age: Option<SignedDuration>,
    /// In the order of time; several at one moment happen in their order.
    events: Vec<(Moment, Event)>,
    /// When it is told which entry is the earliest that will be asked for.
    foretold: Foretold,
}

/// When the earliest entry to come is told.
#[derive(Clone, Copy, Debug)]
enum Foretold {
    Never,
    First,
    Always,
}

/// What the values of a stream are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Double,
    Int,
    Bool,
    Map,
    IntMap,
}

fn start() -> Timestamp {
    "2025-10-16T10:00:00Z".parse().expect("an instant")
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

fn nanosecond() -> SignedDuration {
    SignedDuration::from_nanos(1)
}

fn methods() -> Vec<(Method, Kind)> {
    use Method as M;
    let mut methods = Vec::new();
    for kind in [Kind::Double, Kind::Int] {
        for method in [
            M::Avg,
            M::Min,
            M::Max,
            M::Sum,
            M::Count,
            M::Quantile(0.5),
            M::Quantile(0.25),
            M::Quantile(1.0),
            M::Stddev,
            M::First,
            M::Ago,
            M::Delta,
            M::Increase,
            M::Rate,
            M::Slope,
            M::Rising(None),
            M::Falling(Some(16.0)),
        ] {
            methods.push((method, kind));
        }
    }
    for kind in [Kind::Map, Kind::IntMap] {
        methods.extend([M::Delta, M::Increase, M::Rate].map(|method| (method, kind)));
    }
    methods.extend(
        [M::Share, M::Edges, M::Streak, M::Count, M::First, M::Ago].map(|m| (m, Kind::Bool)),
    );
    methods
}

/// Multiples of 1/64, few of them, so that plain arithmetic is exact and values meet again; counters that begin anew.
fn double() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-6_i32..6).prop_map(|n| f64::from(n) / 4.0),
        2 => (0_i32..64_000).prop_map(|n| f64::from(n) / 64.0),
        1 => Just(0.0),
    ]
}

fn int() -> impl Strategy<Value = i64> {
    prop_oneof![
        20 => -5_i64..100,
        1 => prop::sample::select(vec![
            1 << 53, (1 << 53) + 1, -(1 << 53), -(1 << 53) - 1, i64::MAX, i64::MIN, 1 << 52,
        ]),
    ]
}

fn missing() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![Missing::Null, Missing::Stale, Missing::WrongType])
        .prop_map(Value::Unknown)
}

fn known(kind: Kind, method: Method) -> BoxedStrategy<Value> {
    match kind {
        Kind::Double => double().prop_map(Value::Double).boxed(),
        // Figures that are doubles are compared as such: whole numbers no double holds are left to the others.
        Kind::Int if matches!(method, Method::Stddev | Method::Slope | Method::Avg) => {
            (-5_i64..100).prop_map(Value::Int).boxed()
        }
        Kind::Int if matches!(method, Method::Rising(_) | Method::Falling(_)) => {
            (-5_i64..100).prop_map(Value::Int).boxed()
        }
        Kind::Int if matches!(method, Method::Quantile(_)) => {
            (-5_i64..100).prop_map(Value::Int).boxed()
        }
        Kind::Int => int().prop_map(Value::Int).boxed(),
        Kind::Bool => prop::bool::weighted(0.7).prop_map(Value::Bool).boxed(),
        Kind::Map | Kind::IntMap => {
            let number = match kind {
                Kind::Map => double().prop_map(Value::Double).boxed(),
                _ => int().prop_map(Value::Int).boxed(),
            };
            let entry = prop_oneof![
                8 => number.prop_map(Some),
                1 => missing().prop_map(Some),
                2 => Just(None),
            ];
            prop::collection::vec(entry, 3)
                .prop_map(|entries| {
                    let named = ["a", "b", "c"].into_iter().zip(entries);
                    let entries = named
                        .filter_map(|(key, value)| Some((Key::String(key.into()), value?)))
                        .collect();
                    Value::Map(Map::new(entries).into())
                })
                .boxed()
        }
    }
}

/// The seconds to the next event: mostly a cadence, at times a hole, at times a nanosecond more or less.
fn step() -> impl Strategy<Value = SignedDuration> {
    (
        prop_oneof![6 => 1_i64..4, 2 => 4_i64..8, 1 => 8_i64..40],
        prop_oneof![8 => Just(0_i64), 1 => Just(1_i64), 1 => Just(-1_i64)],
    )
        .prop_map(|(whole, more)| seconds(whole) + SignedDuration::from_nanos(more))
}

fn stream(method: Method, kind: Kind) -> impl Strategy<Value = Stream> {
    let trend = matches!(method, Method::Rising(_) | Method::Falling(_));
    let lengths = if trend {
        vec![24, 48, 36, 30]
    } else {
        vec![3, 5, 10, 24]
    };
    let over = match method {
        Method::Streak => Just(Over::Samples).boxed(),
        _ => prop_oneof![
            3 => prop::sample::select(lengths).prop_map(|length| Over::Last(seconds(length))),
            2 => Just(Over::Stage),
        ]
        .boxed(),
    };
    let ages = if trend {
        vec![None, Some(3), Some(5), Some(10), Some(40)]
    } else {
        vec![None, Some(2), Some(3), Some(5), Some(10), Some(40)]
    };
    let value = || known(kind, method);
    let known_weight = if trend { 30 } else { 8 };
    let event = prop_oneof![
        12 => prop_oneof![known_weight => value(), 1 => missing()].prop_map(Event::Sample),
        2 => prop_oneof![2 => value(), 3 => missing()].prop_map(Event::Hold),
        1 => prop_oneof![6 => (-10_i64..80).prop_map(|after| Some(entered(after))), 1 => Just(None)].prop_map(Event::Entry),
    ];
    (
        over,
        prop::sample::select(ages),
        prop::collection::vec((step(), event, any::<bool>()), 0..60),
        -5_i64..30,
        prop::sample::select(vec![Foretold::Never, Foretold::First, Foretold::Always]),
        -3_i32..4,
    )
        .prop_map(move |(over, max_age, mut steps, entry, foretold, drift)| {
            if trend {
                for (index, (_, event, _)) in (0..).zip(&mut steps) {
                    drive(event, index * drift);
                }
            }
            let mut at = start();
            let mut events = vec![(Moment::at(at), Event::Entry(Some(entered(entry))))];
            let mut told = false;
            for (step, mut event, after) in steps {
                // An entry may be told at the instant of a sample, and asked for before it.
                if !told {
                    at = at.checked_add(step).expect("a time");
                }
                told = after && matches!(event, Event::Entry(_));
                if told {
                    event = Event::Entry(Some(Moment::at(at)));
                }
                // What expires does so just after an instant; samples have instants.
                let after = after && matches!(event, Event::Hold(_));
                let moment = if after {
                    Moment::after(at)
                } else {
                    Moment::at(at)
                };
                events.push((moment, event));
            }
            Stream {
                method,
                over,
                whole: matches!(kind, Kind::Int | Kind::IntMap),
                max_age: max_age.map(seconds),
                events,
                foretold,
            }
        })
}

/// Adds something to the value of a sample.
fn drive(event: &mut Event, more: i32) {
    match event {
        Event::Sample(Value::Double(value)) => *value += f64::from(more),
        Event::Sample(Value::Int(value)) => *value += i64::from(more),
        _ => {}
    }
}

impl Stream {
    fn entries(&self) -> impl Iterator<Item = Moment> + '_ {
        self.entries_from(0)
    }

    /// The entries told from an event on.
    fn entries_from(&self, index: usize) -> impl Iterator<Item = Moment> + '_ {
        self.events
            .iter()
            .skip(index)
            .filter_map(|(_, event)| match event {
                Event::Entry(entry) => *entry,
                _ => None,
            })
    }

    /// Every moment at which something could change, with its neighbours.
    fn moments(&self) -> Vec<Moment> {
        let mut moments = Vec::new();
        let mut around = |moment: Moment| {
            moments.extend([
                moment.minus(nanosecond()),
                moment,
                moment.just_after(),
                moment.plus(nanosecond()),
            ]);
        };
        let age = self.max_age.unwrap_or_default();
        let length = match self.over {
            Over::Last(length) => length,
            _ => SignedDuration::ZERO,
        };
        for at in self.events.iter().map(|(at, _)| *at) {
            around(at);
            around(at.plus(length));
            around(at.plus(age));
            around(at.plus(length).minus(age));
        }
        self.entries().for_each(&mut around);
        moments.push(Moment::at(start()).plus(seconds(1_000)));
        moments.sort();
        moments.dedup();
        moments
    }

    /// Asks at every moment; tells each value.
    fn check(&self, mut told: impl FnMut(&Value)) -> Result<(), TestCaseError> {
        let mut looking = Looking::new(self.method, self.over, self.whole, self.max_age);
        if matches!(self.foretold, Foretold::First) {
            looking.keep_from(self.entries().min());
        }
        let mut definition = Definition {
            method: self.method,
            over: self.over,
            whole: self.whole,
            max_age: self.max_age,
            samples: Vec::new(),
            changes: Vec::new(),
        };
        let mut entry = None;
        let mut moments = self.moments().into_iter().peekable();
        for (index, (at, event)) in self.events.iter().enumerate() {
            match event {
                Event::Sample(value) => {
                    looking.sample(*at, value);
                    definition.samples.push((*at, value.clone()));
                    definition.changes.push((*at, value.clone()));
                }
                Event::Hold(value) => {
                    if looking.holds() {
                        looking.hold(*at, value);
                    }
                    definition.changes.push((*at, value.clone()));
                }
                Event::Entry(told) => entry = *told,
            }
            let end = self
                .events
                .get(index + 1)
                .map_or(Moment::NEVER, |(at, _)| *at);
            if matches!(self.foretold, Foretold::Always) {
                looking.keep_from(self.entries_from(index + 1).chain(entry).min());
            }
            if end == *at {
                let value = looking.value(*at, entry);
                prop_assert!(same(&value, &definition.value(*at, entry), self.method));
            }
            // Nothing happens until then but time.
            let untouched = looking.clone();
            let mut before: Option<(Value, Moment)> = None;
            while let Some(now) = moments.next_if(|moment| *moment < end) {
                if now < *at {
                    continue;
                }
                let value = looking.value(now, entry);
                let expected = definition.value(now, entry);
                prop_assert!(
                    same(&value, &expected, self.method),
                    "at {now:?}, entered {entry:?}: {value:?}, but by definition {expected:?}"
                );
                told(&value);
                let fresh = untouched.clone().value(now, entry);
                prop_assert!(
                    same(&fresh, &value, Method::First),
                    "at {now:?}: {value:?} where asked before, {fresh:?} where not"
                );
                if let Some((last, next)) = &before
                    && now < *next
                {
                    prop_assert!(
                        same(&value, last, Method::First),
                        "at {now:?}: {value:?}, before {last:?} which was to last until {next:?}"
                    );
                }
                let next = looking.next(now);
                prop_assert!(next > now);
                before = Some((value, next));
            }
        }
        Ok(())
    }
}

fn entered(after: i64) -> Moment {
    Moment::at(start()).plus(seconds(after))
}

/// Whether two values are the same, of figures with roundings on the way but for these.
fn same(left: &Value, right: &Value, method: Method) -> bool {
    match (left, right) {
        (Value::Double(left), Value::Double(right)) => {
            let rounded = matches!(method, Method::Stddev | Method::Slope);
            let most = if rounded {
                1e-9 * left.abs().max(1.0)
            } else {
                0.0
            };
            (left - right).abs() <= most
        }
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Unknown(left), Value::Unknown(right)) => left == right,
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|((key, left), (other, right))| key == other && same(left, right, method))
        }
        _ => false,
    }
}

/// How many streams: `GONOGO_WINDOW_CASES`, else a thousand.
fn cases() -> u32 {
    let asked = std::env::var("GONOGO_WINDOW_CASES");
    asked.map_or(1_000, |cases| cases.parse().expect("a number of cases"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn windows_are_what_their_definition_says(
        stream in prop::sample::select(methods()).prop_flat_map(|(method, kind)| stream(method, kind))
    ) {
        stream.check(|_| ())?;
    }
}

/// What the property above is worth: every method meets values and every reason why there is none.
#[test]
fn generated_streams_meet_values_and_reasons() {
    for (method, kind) in methods() {
        let mut runner = TestRunner::deterministic();
        let mut met: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..60 {
            let tree = stream(method, kind)
                .new_tree(&mut runner)
                .expect("a stream");
            let told = |value: &Value| {
                let what = match value {
                    Value::Unknown(missing) => format!("{missing:?}"),
                    Value::Bool(value) => value.to_string(),
                    _ => "value".to_owned(),
                };
                *met.entry(what).or_default() += 1;
            };
            tree.current().check(told).expect("as defined");
        }
        println!("{method:?} of {kind:?}: {met:?}");
        let mut needed = match method {
            Method::Rising(_) | Method::Falling(_) => vec!["true", "false", "Few"],
            Method::Ago | Method::First if kind == Kind::Bool => vec!["true", "false"],
            Method::Slope => vec!["value", "Few"],
            _ => vec!["value"],
        };
        if !matches!(method, Method::Count | Method::Ago) {
            needed.push("Hole");
        }
        if method != Method::Count {
            needed.push("Short");
        }
        for what in needed {
            assert!(
                met.contains_key(what),
                "{method:?} never met {what}: {met:?}"
            );
        }
    }
}
