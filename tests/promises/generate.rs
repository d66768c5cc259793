//! Generated policies and histories: small worlds in which everything that can be missing sometimes is.

use crate::support::expressions::logic;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

/// A rule of a generated policy.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) effect: &'static str,
    pub(crate) expr: String,
    pub(crate) hold: Option<&'static str>,
    pub(crate) when: Option<String>,
    pub(crate) on_unmet: bool,
    pub(crate) latch: bool,
}

/// A policy over `a`, `b` (numbers), `n` (int), `ok` (bool), `m` (map), each with its age, and the baseline `was`.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) rules: Vec<Rule>,
    pub(crate) bake: bool,
}

impl Policy {
    /// The text, with the rules in the order of `order`.
    pub(crate) fn text(&self, order: &[usize]) -> String {
        let mut text = String::from(
            "gonogo: 1\nname: generated\ndata: {max_age: 3m}\nbaselines: [was, {name: twin, live: true}]\n\
             inputs:\n  a: {type: double, range: [0, 10]}\n  b: {type: double, max_age: 1m}\n  n: {type: int}\n  \
             ok: {type: bool, max_age: 10m}\n  m: {type: \"map<string, double>\"}\n\
             stages:\n  - name: s\n",
        );
        if self.bake {
            text.push_str("    bake: 4m\n");
        }
        for effect in ["require", "hold", "rollback"] {
            let of: Vec<(usize, &Rule)> = order
                .iter()
                .map(|index| (*index, &self.rules[*index]))
                .filter(|(_, rule)| rule.effect == effect)
                .collect();
            if of.is_empty() {
                continue;
            }
            text.push_str(&format!("    {effect}:\n"));
            for (index, rule) in of {
                text.push_str(&format!(
                    "      - id: r{index}\n        expr: |\n          {}\n",
                    rule.expr
                ));
                if let Some(hold) = rule.hold {
                    text.push_str(&format!("        for: {hold}\n"));
                }
                if let Some(when) = &rule.when {
                    text.push_str(&format!("        when: |\n          {when}\n"));
                }
                if rule.on_unmet && effect == "require" {
                    text.push_str("        on_unmet: rollback\n");
                }
                if !rule.latch && (effect == "rollback" || (rule.on_unmet && effect == "require")) {
                    text.push_str("        latch: false\n");
                }
            }
        }
        text
    }

    /// The text in the order of generation.
    pub(crate) fn plain(&self) -> String {
        self.text(&(0..self.rules.len()).collect::<Vec<_>>())
    }
}

/// Conditions over the inputs, `known` left out: it is meant to see what is missing.
fn plain() -> BoxedStrategy<String> {
    prop_oneof![
        Just("a < 5.0".to_owned()),
        Just("a >= 2.0".to_owned()),
        Just("b < a".to_owned()),
        Just("b != 3.0".to_owned()),
        Just("n == 0".to_owned()),
        Just("n > 1".to_owned()),
        Just("ok".to_owned()),
        Just("a / b < 2.0".to_owned()),
        Just("a <= was.a * 1.5".to_owned()),
        Just("a <= twin.a + 1.0".to_owned()),
        Just("m[\"x\"] < 5.0".to_owned()),
        Just("m.all(k, m[k] < 6.0)".to_owned()),
        Just("m.exists(k, m[k] > 4.0)".to_owned()),
        Just("\"x\" in m".to_owned()),
        Just("has(m.y)".to_owned()),
        Just("[a, b].exists_one(v, v > 3.0)".to_owned()),
        Just("m.map(k, m[k]).size() > 1".to_owned()),
        Just("n in [0, 1, 2]".to_owned()),
        Just("within(a, b, 2.0)".to_owned()),
        Just("stage.traffic < 0.5".to_owned()),
        Just("stage.elapsed > duration(\"3m\")".to_owned()),
    ]
    .boxed()
}

/// Conditions that look back, `count` left out: it is meant to see what is missing. Some choose
/// between what they read: the first ones.
const WINDOWS: [&str; 28] = [
    "(a < 5.0 || b < 5.0).share(\"2m\") >= 0.5",
    "(a < 5.0 && b < 5.0).edges(\"3m\") < 1",
    "(ok ? a : b).avg(\"2m\") < 5.0",
    "(a < 5.0 || b < 5.0).streak() >= 2",
    "a.avg(\"2m\") < 5.0",
    "a.avg(\"stage\") < 4.0",
    "a.max(\"3m\") < 7.0",
    "a.min(\"1m\") < b",
    "a.first(\"2m\") < 5.0",
    "a.quantile(0.9, \"2m\") < 6.0",
    "a.stddev(\"2m\") < 3.0",
    "a.delta(\"2m\") <= 2.0",
    "a.slope(\"3m\") < 60.0",
    "a.rising(\"4m\")",
    "a.ago(\"2m\") < 5.0",
    "a.ago(\"1m\") > b.ago(\"1m\")",
    "(a + b).median(\"90s\") < 9.0",
    "(b < a).share(\"1m\") >= 0.5",
    "(a < 5.0).share(\"3m\") >= 0.5",
    "n.sum(\"stage\") < 6",
    "n.increase(\"2m\") < 3",
    "n.rate(\"stage\") < 0.02",
    "ok.share(\"2m\") >= 0.5",
    "ok.edges(\"stage\") < 1",
    "ok.streak() >= 2",
    "m.increase(\"1m\")[\"x\"] < 3.0",
    "twin.a.avg(\"1m\") < 5.0",
    "was.a.ago(\"2m\") < 5.0",
];

/// The longest length in there.
pub(crate) const LONGEST: jiff::SignedDuration = jiff::SignedDuration::from_mins(4);

fn looking_back() -> BoxedStrategy<String> {
    let windows = prop::sample::select(WINDOWS.as_slice()).prop_map(str::to_owned);
    prop_oneof![1 => plain(), 4 => windows].boxed()
}

fn rule(leaf: BoxedStrategy<String>) -> impl Strategy<Value = Rule> {
    let effect = prop_oneof![3 => Just("require"), 1 => Just("hold"), 2 => Just("rollback")];
    let hold = prop_oneof![2 => Just(None), 1 => Just(Some("2m")), 1 => Just(Some("90s")), 1 => Just(Some("5m"))];
    let when = prop_oneof![3 => Just(None), 1 => logic(leaf.clone(), 3, 12).prop_map(Some)];
    (
        effect,
        logic(leaf, 3, 12),
        hold,
        when,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(effect, expr, hold, when, on_unmet, latch)| Rule {
            effect,
            expr,
            hold,
            when,
            on_unmet,
            latch,
        })
}

/// A policy of one to five rules.
pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    of(plain())
}

/// The same, most of its conditions over windows.
pub(crate) fn windowed() -> impl Strategy<Value = Policy> {
    of(looking_back())
}

fn of(leaf: BoxedStrategy<String>) -> impl Strategy<Value = Policy> {
    (prop::collection::vec(rule(leaf), 1..6), any::<bool>())
        .prop_map(|(rules, bake)| Policy { rules, bake })
        .boxed()
}

fn number() -> impl Strategy<Value = Json> {
    prop_oneof![
        8 => (0_u8..8).prop_map(|n| json!(f64::from(n))),
        1 => Just(Json::Null),
        1 => Just(json!("broken")),
    ]
}

fn metrics() -> impl Strategy<Value = Json> {
    let map =
        prop::collection::btree_map(prop_oneof![Just("x"), Just("y"), Just("z")], number(), 0..4);
    let maybe = |strategy: BoxedStrategy<Json>| prop::option::weighted(0.8, strategy);
    (
        maybe(number().boxed()),
        maybe(number().boxed()),
        maybe((0_i64..3).prop_map(|n| json!(n)).boxed()),
        maybe(
            prop_oneof![4 => Just(json!(true)), 1 => Just(json!(false)), 1 => Just(Json::Null)]
                .boxed(),
        ),
        maybe(map.prop_map(|map| json!(map)).boxed()),
    )
        .prop_map(|(a, b, n, ok, m)| {
            let given = [("a", a), ("b", b), ("n", n), ("ok", ok), ("m", m)];
            let entries = given
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?)));
            Json::Object(entries.collect::<Map<_, _>>())
        })
}

/// A history of up to twelve samples, thirty seconds to four minutes apart, entered at its first minute.
pub(crate) fn history() -> impl Strategy<Value = Vec<Json>> {
    let gap = prop_oneof![6 => Just(30_i64), 3 => Just(60), 1 => Just(240)];
    let baseline = prop::option::weighted(0.7, (0_u8..8).prop_map(f64::from));
    let one = (gap, metrics(), prop::option::weighted(0.5, metrics()));
    (
        prop::collection::vec(one, 1..12),
        baseline,
        0_u8..3,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(samples, was, traffic, enter, versions)| {
            let begin: jiff::Timestamp = "2026-03-01T10:00:00Z".parse().expect("an instant");
            let mut at = begin;
            let mut history = Vec::new();
            for (index, (gap, metrics, twin)) in samples.into_iter().enumerate() {
                let mut sample = json!({"at": at.to_string(), "metrics": metrics});
                let mut baselines = Map::new();
                if index == 0 {
                    let mut stage = json!({"name": "s", "traffic": f64::from(traffic) * 0.3});
                    if enter {
                        stage["entered"] = json!("2026-03-01T10:01:00Z");
                    }
                    sample["stage"] = stage;
                    if let Some(was) = was {
                        baselines.insert("was".to_owned(), json!({"a": was}));
                    }
                }
                // A new version comes in the middle of some histories, and is named again now and then.
                if versions && (index == 3 || index == 5) {
                    sample["subject"] = json!({"service": "shop", "version": "2"});
                } else if versions && index == 0 {
                    sample["subject"] = json!({"service": "shop", "version": "1"});
                }
                if let Some(twin) = twin {
                    baselines.insert("twin".to_owned(), twin);
                }
                if !baselines.is_empty() {
                    sample["baselines"] = Json::Object(baselines);
                }
                history.push(sample);
                at = at
                    .checked_add(jiff::SignedDuration::from_secs(gap))
                    .expect("an instant");
            }
            history
        })
}

/// A history as JSON Lines.
pub(crate) fn lines(history: &[Json]) -> String {
    history.iter().map(|sample| format!("{sample}\n")).collect()
}
