//! What the worlds of the slow definitions share: instants, lines of a history, and how long and how a rule holds.

use serde_json::{Map, Value as Json, json};

/// Seconds since the beginning.
pub(crate) type Second = i64;

/// How long a rule must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Nothing,
    For(Second),
    Bake(Second),
}

/// An instant of a world.
pub(crate) fn instant(second: Second) -> jiff::Timestamp {
    let begin: jiff::Timestamp = "2026-03-01T10:00:00Z".parse().expect("an instant");
    begin
        .checked_add(jiff::SignedDuration::from_secs(second))
        .expect("an instant")
}

/// A sample of a history: the metrics that are given, and the stage where it is the first or tells its entry.
pub(crate) fn sample(
    at: Second,
    metrics: impl IntoIterator<Item = (&'static str, Option<Json>)>,
    first: bool,
    entered: Option<Second>,
) -> Json {
    let given = metrics.into_iter();
    let metrics: Map<String, Json> = given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    let mut sample = json!({"at": instant(at).to_string(), "metrics": metrics});
    if first {
        sample["stage"] = json!({"name": "s"});
    }
    if let Some(entered) = entered {
        sample["stage"] = json!({"name": "s", "entered": instant(entered).to_string()});
    }
    sample
}

/// The line of a stage, and those of a rule, that say how it holds.
pub(crate) fn written(effect: &str, hold: Hold, on_unmet: bool, latch: bool) -> (String, String) {
    let (bake, mut keys) = match hold {
        Hold::Nothing => (String::new(), String::new()),
        Hold::For(length) => (String::new(), format!("        for: {length}s\n")),
        Hold::Bake(length) => (
            format!("    bake: {length}s\n"),
            "        for: bake\n".to_owned(),
        ),
    };
    let on_unmet = on_unmet && effect == "require";
    if on_unmet {
        keys.push_str("        on_unmet: rollback\n");
    }
    if !latch && (effect == "rollback" || on_unmet) {
        keys.push_str("        latch: false\n");
    }
    (bake, keys)
}
