//! The slow and obvious definition: documents are edited as JSON, sample by sample, and read as they then are.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::same;

/// JSON merge patch as RFC 7386 writes it.
pub(super) fn merge(target: Json, patch: &Json) -> Json {
    let Json::Object(changes) = patch else {
        return patch.clone();
    };
    let mut map = match target {
        Json::Object(map) => map,
        _ => Map::new(),
    };
    for (name, value) in changes {
        if value.is_null() {
            map.remove(name);
        } else {
            let own = map.remove(name).unwrap_or(Json::Null);
            map.insert(name.clone(), merge(own, value));
        }
    }
    Json::Object(map)
}

/// The same where a sample without a map that is patched has the one before it.
fn filled(mut documents: Vec<Json>, patch: &Json) -> Vec<Json> {
    for name in ["incidents", "drill"] {
        for section in ["/metrics", "/baselines/before"] {
            let way = format!("{section}/{name}");
            if !patch.pointer(&way).is_some_and(Json::is_object) {
                continue;
            }
            let mut held = None;
            for document in &mut documents {
                held = document.pointer(&way).cloned().or(held);
                if let (None, Some(held)) = (document.pointer(&way), &held) {
                    let mut path: Vec<&str> = section.split('/').skip(1).collect();
                    path.push(name);
                    put(document, &path, Some(held.clone()));
                }
            }
        }
    }
    documents
}

/// What a series says at an instant.
#[derive(Clone, Debug, PartialEq)]
enum Says {
    Value(Json),
    Missing,
    Nothing,
}

/// A series: where its values stand in a snapshot, and what it says.
#[derive(Clone, Debug)]
struct Slow {
    name: &'static str,
    path: &'static [&'static str],
    /// As it is written, and written out.
    runs: Vec<(String, Vec<Says>)>,
}

impl Slow {
    fn values(&self) -> Vec<Says> {
        self.runs
            .iter()
            .flat_map(|(_, says)| says.clone())
            .collect()
    }
}

fn at(document: &Json) -> Timestamp {
    document["at"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("an instant")
}

/// Puts a value at a path, or takes it away.
fn put(document: &mut Json, path: &[&str], value: Option<Json>) {
    let (last, before) = path.split_last().expect("a path");
    let mut here = document;
    for (depth, key) in before.iter().enumerate() {
        // Where nothing is said nothing is written, and a part of what is no map makes one.
        let inner = here.as_object_mut().expect("a map");
        let section = depth == 0 || (path[0] == "baselines" && depth == 1);
        if value.is_none() && !inner.get(*key).is_some_and(Json::is_object) {
            return;
        }
        let entry = inner.entry((*key).to_owned()).or_insert_with(|| json!({}));
        assert!(!section || entry.is_object());
        if !entry.is_object() {
            *entry = json!({});
        }
        here = entry;
    }
    let map = here.as_object_mut().expect("a map");
    match value {
        Some(value) => map.insert((*last).to_owned(), value),
        None => map.remove(*last),
    };
}

/// Series, written out sample by sample.
fn ending(given: &[Json], every: SignedDuration, series: &[Slow]) -> Vec<Json> {
    let last = at(given.last().expect("a sample"));
    let instant = |back: usize| last - every * i32::try_from(back).expect("few");
    let longest = series
        .iter()
        .map(|one| one.values().len())
        .max()
        .unwrap_or(0);
    let says = |one: &Slow, back: usize| {
        let values = one.values();
        values
            .len()
            .checked_sub(back + 1)
            .map(|index| values[index].clone())
    };
    let mut instants: Vec<Timestamp> = given.iter().map(at).collect();
    let mut silent = Vec::new();
    for back in 0..longest {
        let all: Vec<Says> = series.iter().filter_map(|one| says(one, back)).collect();
        if all.iter().any(|says| *says != Says::Nothing) {
            instants.retain(|at| *at != instant(back));
            instants.push(instant(back));
        } else {
            silent.push(instant(back));
        }
    }
    instants.sort();
    instants
        .iter()
        .map(|time| {
            let far = |document: &&Json| at(document).duration_since(*time).abs();
            let nearest = given.iter().min_by_key(far).expect("a sample");
            let mut document = nearest.clone();
            document["at"] = json!(time.to_string());
            if silent.contains(time) {
                let map = document.as_object_mut().expect("a map");
                map.retain(|key, _| !["metrics", "baselines"].contains(&key.as_str()));
                return document;
            }
            for one in series {
                let begins = instant(one.values().len().saturating_sub(1));
                if one.values().is_empty() || *time < begins {
                    continue;
                }
                let back = (0..longest).find(|back| instant(*back) == *time);
                match back.and_then(|back| says(one, back)) {
                    Some(Says::Value(value)) => put(&mut document, one.path, Some(value)),
                    Some(Says::Missing) => put(&mut document, one.path, Some(Json::Null)),
                    Some(Says::Nothing) | None => put(&mut document, one.path, None),
                }
            }
            document
        })
        .collect()
}

/// Every text of a document that is an instant, moved.
pub(super) fn shifted(document: &Json, by: SignedDuration) -> Json {
    match document {
        Json::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => json!((at + by).to_string()),
            Err(_) => document.clone(),
        },
        Json::Array(items) => items.iter().map(|item| shifted(item, by)).collect(),
        Json::Object(map) => {
            let entries = map.iter();
            Json::Object(
                entries
                    .map(|(key, value)| (key.clone(), shifted(value, by)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

const START: i64 = 1_760_608_800;

fn time(seconds: i64) -> String {
    Timestamp::from_second(START + seconds)
        .expect("an instant")
        .to_string()
}

fn maybe(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Option<Json>> {
    prop_oneof![2 => Just(None), 5 => value.prop_map(Some)]
}

fn number() -> impl Strategy<Value = Json> {
    prop::sample::select(vec![
        json!(0.01),
        json!(0.05),
        json!(0.5),
        json!(0.06),
        json!(null),
        json!(7.5),
        json!("no"),
    ])
}

fn count() -> impl Strategy<Value = Json> {
    prop::sample::select(vec![json!(0), json!(3), json!(4), json!(null), json!(2.5)])
}

fn incidents() -> impl Strategy<Value = Json> {
    let part = prop::sample::select(vec![
        None,
        Some(json!(0)),
        Some(json!(2)),
        Some(json!(null)),
        Some(json!("x")),
    ]);
    let map = prop::collection::vec(part, 3).prop_map(|parts| {
        let named = ["P0", "P1", "P2"].iter().zip(parts);
        let map: Map<String, Json> = named
            .filter_map(|(key, part)| Some(((*key).to_owned(), part?)))
            .collect();
        Json::Object(map)
    });
    prop_oneof![5 => map, 1 => Just(json!(null)), 1 => Just(json!(4))]
}

fn metrics() -> impl Strategy<Value = Json> {
    (
        maybe(number()),
        maybe(count()),
        maybe(prop::sample::select(vec![
            json!(true),
            json!(null),
            json!(false),
        ])),
        maybe(prop::sample::select(vec![json!("on"), json!("off")])),
        maybe(incidents()),
        maybe((0_i64..300).prop_map(|at| json!(time(at)))),
        maybe(prop::sample::select(vec![
            json!({"minutes": 3}),
            json!({"by": "ada"}),
            json!({"minutes": null, "by": "jon"}),
        ])),
    )
        .prop_map(|(rate, count, flag, mode, incidents, seen, drill)| {
            let named = [
                ("error_rate", rate),
                ("count", count),
                ("flag", flag),
                ("mode", mode),
                ("incidents", incidents),
                ("seen", seen),
                ("drill", drill),
            ];
            let map: Map<String, Json> = named
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?)))
                .collect();
            Json::Object(map)
        })
}

/// What a snapshot says beside its instant; what a patch says.
fn body() -> impl Strategy<Value = Json> {
    let baselines = maybe(metrics().prop_map(|metrics| json!({"before": metrics})));
    let stage = maybe((0_i64..100).prop_map(|at| json!({"entered": time(at), "traffic": "5%"})));
    let subject = maybe(prop::sample::select(vec![
        json!({"version": "1"}),
        json!({"version": null}),
        json!({"planned_at": time(5), "version": "1"}),
    ]));
    (maybe(metrics()), baselines, stage, subject).prop_map(
        |(metrics, baselines, stage, subject)| {
            let named = [
                ("metrics", metrics),
                ("baselines", baselines),
                ("stage", stage),
                ("subject", subject),
            ];
            let map: Map<String, Json> = named
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?)))
                .collect();
            Json::Object(map)
        },
    )
}

fn given() -> impl Strategy<Value = Vec<Json>> {
    prop::collection::vec((1_i64..=4, body()), 1..6).prop_map(|samples| {
        let mut seconds = 0;
        let documents = samples.into_iter().map(|(after, mut body)| {
            seconds += after * 10;
            body["at"] = json!(time(seconds));
            body
        });
        documents.collect()
    })
}

/// A patch that deletes whole sections now and then.
fn patch() -> impl Strategy<Value = Json> {
    let section = prop::sample::select(vec!["metrics", "baselines", "stage", "subject", "none"]);
    (body(), prop::bool::weighted(0.2), section).prop_map(|(mut body, gone, section)| {
        if gone && section != "none" {
            body[section] = Json::Null;
        }
        body
    })
}

fn run(of: &'static str) -> impl Strategy<Value = (String, Vec<Says>)> {
    let values = match of {
        "error_rate" | "before.error_rate" => vec!["0.01", "0.06", "0.5", "9"],
        "mode" => vec!["on", "off"],
        _ => vec!["0", "2", "4"],
    };
    let ramps = u32::from(of != "mode");
    let value = (prop::sample::select(values), 1_usize..4).prop_map(|(text, count)| {
        let value = serde_json::from_str(text).unwrap_or(json!(text));
        (format!("{text}*{count}"), vec![Says::Value(value); count])
    });
    let ramp = (prop::sample::select(vec![(0, 4, 3), (3, 0, 4), (1, 1, 2)])).prop_map(
        |(from, to, count)| {
            let step = (to - from) / (count - 1);
            let says = (0..count).map(|index| Says::Value(json!(from + step * index)));
            (format!("{from}..{to}/{count}"), says.collect())
        },
    );
    let silent = (any::<bool>(), 1_usize..4).prop_map(|(missing, count)| {
        let (text, says) = if missing {
            ("_", Says::Missing)
        } else {
            ("x", Says::Nothing)
        };
        (format!("{text}*{count}"), vec![says; count])
    });
    prop_oneof![3 => value, ramps => ramp, 2 => silent]
}

const TARGETS: [(&str, &[&str]); 6] = [
    ("error_rate", &["metrics", "error_rate"]),
    ("count", &["metrics", "count"]),
    ("mode", &["metrics", "mode"]),
    ("incidents.P0", &["metrics", "incidents", "P0"]),
    ("drill.minutes", &["metrics", "drill", "minutes"]),
    ("before.error_rate", &["baselines", "before", "error_rate"]),
];

fn series() -> impl Strategy<Value = Vec<Slow>> {
    let one = prop::sample::select(TARGETS.to_vec()).prop_flat_map(|(name, path)| {
        prop::collection::vec(run(name), 1..4).prop_map(move |runs| Slow { name, path, runs })
    });
    prop::collection::vec(one, 0..4).prop_map(|mut all| {
        all.sort_by_key(|one| one.name);
        all.dedup_by_key(|one| one.name);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// A patch, then series, then a shift give what the documents edited so give.
    #[test]
    fn an_edited_history_is_the_one_read_from_edited_documents(
        given in given(),
        patch in prop::option::of(patch()),
        series in series(),
        every in prop::sample::select(vec![5_i64, 7, 10, 20]),
        shift in prop::option::of(prop::sample::select(vec![("2d", 172_800_i64), ("90s", 90)])),
    ) {
        let every = SignedDuration::from_secs(every);
        let longest = series.iter().map(|one| one.values().len()).max().unwrap_or(0);
        let spans = at(&given[given.len() - 1]).duration_since(at(&given[0]));
        let needs = every * i32::try_from(longest.saturating_sub(1)).expect("few");
        // One that is longer is an error, and tested by itself.
        prop_assume!(needs <= spans);

        let mut test = json!({"name": "t", "given": given, "expect": {"verdict": "go"}});
        let mut documents = given.clone();
        if let Some(patch) = &patch {
            test["patch"] = patch.clone();
            documents = filled(documents, patch).into_iter().map(|document| merge(document, patch)).collect();
        }
        if !series.is_empty() {
            let mut written = json!({"every": format!("{}s", every.as_secs())});
            for one in &series {
                let runs: Vec<&str> = one.runs.iter().map(|(text, _)| text.as_str()).collect();
                written[one.name] = json!(runs);
            }
            test["series"] = written;
            documents = ending(&documents, every, &series);
        }
        if let Some((text, seconds)) = shift {
            test["shift"] = json!(text);
            let by = SignedDuration::from_secs(seconds);
            documents = documents.iter().map(|document| shifted(document, by)).collect();
        }
        // Without any sample there is nothing to judge.
        prop_assume!(!documents.is_empty());
        same(&test, &documents);
    }
}
