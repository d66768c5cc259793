//! One change of what a test gives, in the words of a test: where it stands there, what it says, and how it is told in a
//! name. It never looks whether it does anything.

use jiff::{SignedDuration, Timestamp};

use super::Point;
use super::flow::Flow;
use super::ground::Ground;
use crate::expr::duration::format_duration;
use crate::expr::value::{Key, Value};
use crate::policy::Proof;
use crate::snapshot::layout::{Context, Derived, Kind};

/// The keys of a test in the order in which they are written.
const ORDER: [&str; 11] = [
    "name", "given", "baseline", "stage", "set", "patch", "series", "now", "shift", "waivers",
    "expect",
];

/// Something that is other than what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The keys from the test down.
    pub(super) way: Vec<String>,
    /// What stands there.
    pub(super) value: Flow,
    /// How a name tells it: `error_rate 0.05`.
    pub(super) told: String,
}

impl Change {
    pub(super) fn new(way: &[&str], value: Flow, told: impl Into<String>) -> Self {
        Self {
            way: way.iter().copied().map(str::to_owned).collect(),
            value,
            told: told.into(),
        }
    }

    /// That the stage was entered so long before the verdict.
    pub(super) fn entered(now: Timestamp, before: SignedDuration) -> Option<Self> {
        let at = now.checked_sub(before).ok()?;
        let told = format!("{} in the stage", format_duration(before));
        let way = ["patch", "stage", "entered"];
        Some(Self::new(&way, Flow::plain(at.to_string()), told))
    }
}

/// The change that gives an input, or what is known beside inputs, a value; none where no snapshot can.
pub(super) fn give(ground: &Ground<'_>, rule: &str, point: &Point) -> Option<Change> {
    let layout = &ground.policy.layout;
    let mut way: Vec<String> = vec!["patch".to_owned()];
    let mut add = |keys: &[&str]| way.extend(keys.iter().copied().map(str::to_owned));
    let mut value = None;
    match layout.kind(point.slot)? {
        Kind::Input(input) => {
            let input = layout.inputs().get(input)?;
            add(&["metrics", &input.name]);
        }
        Kind::Baseline(baseline, input) => {
            let (baseline, input) = (
                layout.baselines().get(baseline)?,
                layout.inputs().get(input)?,
            );
            add(&["baselines", &baseline.name, &input.name]);
        }
        Kind::Context(Context::StageElapsed) => {
            return match &point.value {
                Value::Duration(span) => Change::entered(ground.now, *span),
                Value::Unknown(_) => {
                    let way = ["patch", "stage", "entered"];
                    Some(Change::new(&way, Flow::null(), "no entry"))
                }
                _ => None,
            };
        }
        Kind::Context(Context::Now) => {
            let Value::Timestamp(at) = &point.value else {
                return None;
            };
            let at = at.timestamp()?.to_string();
            return Some(Change::new(&["now"], Flow::plain(&at), format!("now {at}")));
        }
        // The stage that is asked for is another question.
        Kind::Context(Context::StageName) => return None,
        Kind::Context(context) => {
            let (of, field) = context.name().split_once('.')?;
            add(&[of, field]);
            if context == Context::StageTraffic {
                value = Flow::value(&point.value);
            }
        }
        Kind::Field(index) => {
            let field = layout.fields().get(index)?;
            add(&["subject", field]);
        }
        Kind::Derived(Derived::Data) => {
            let (_, rule) = super::find(ground, rule)?;
            let Proof::Evidence(evidence) = &rule.proof else {
                return None;
            };
            add(&["evidence", &evidence.id, "data"]);
        }
        Kind::Derived(_) => return None,
    }
    let mut inner = &point.value;
    let whole;
    let mut keys = point.path.as_slice();
    // A part of a list cannot be patched by itself: the list is given anew.
    if let Some(at) = keys.iter().position(|key| matches!(key, Key::Int(_))) {
        let (before, after) = keys.split_at_checked(at)?;
        let held = part(ground.slots.get(point.slot)?, before)?;
        if let Value::List(_) = held {
            whole = super::axis::replaced(held, after, &point.value)?;
            (inner, keys) = (&whole, before);
        }
    }
    way.extend(keys.iter().map(ToString::to_string));
    let value = value.or_else(|| Flow::value(inner))?;
    let name = way.get(2..)?.join(".");
    let told = match &point.value {
        Value::Unknown(_) => format!("no {name}"),
        _ => format!("{name} {value}"),
    };
    Some(Change { way, value, told })
}

/// A part of a value.
pub(super) fn part<'v>(value: &'v Value, path: &[Key]) -> Option<&'v Value> {
    let Some((key, rest)) = path.split_first() else {
        return Some(value);
    };
    match (value, key) {
        (Value::Map(map), key) => part(map.get(key)?, rest),
        (Value::List(items), Key::Int(index)) => {
            part(items.get(usize::try_from(*index).ok()?)?, rest)
        }
        _ => None,
    }
}

/// A test with changes, its keys in order.
pub(super) fn changed(test: &Flow, changes: &[Change]) -> Flow {
    let mut test = test.clone();
    for change in changes {
        match change.way.first().map(String::as_str) {
            Some("now") => test.remove("shift"),
            Some("shift") => test.remove("now"),
            _ => {}
        }
        test.put(&change.way, change.value.clone());
    }
    ordered(test)
}

/// The keys of a test in the order in which they are written.
pub(super) fn ordered(test: Flow) -> Flow {
    let Flow::Map(mut entries) = test else {
        return test;
    };
    let place = |key: &str| ORDER.iter().position(|known| *known == key);
    entries.sort_by_key(|(key, _)| place(key).unwrap_or(ORDER.len()));
    Flow::Map(entries)
}
