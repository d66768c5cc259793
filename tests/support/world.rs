//! What the worlds of the slow definitions share: instants, lines of a history, and how long and how a rule holds.

use serde_json::{Map, Value as Json, json};

/// The distance of the points of a grid.
pub(crate) const STEP: Second = 5;

/// Seconds since the beginning.
pub(crate) type Second = i64;

/// How long a rule must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Nothing,
    For(Second),
    Bake(Second),
}

impl Hold {
    /// The table of `for` at an instant, without latches: what comes of a condition that has such truths at the points
    /// of the grid, in a stage that was entered then.
    pub(crate) fn status(
        self,
        effect: &str,
        at: Second,
        entered: Option<Second>,
        truth: impl Fn(Second) -> Option<bool>,
    ) -> &'static str {
        let require = effect == "require";
        match truth(at) {
            None => return "unknown",
            Some(false) => return if require { "unmet" } else { "clear" },
            Some(true) => {}
        }
        let holds = if require { "met" } else { "fired" };
        let partly = if require { "pending" } else { "unknown" };
        let (length, from) = match self {
            Self::Nothing => return holds,
            Self::For(length) => (length, None),
            Self::Bake(length) => match entered {
                // A run that starts no earlier than the entry: what nobody knows the beginning of is not one.
                None => return partly,
                Some(entered) => (length, Some(entered)),
            },
        };
        // Before the entry the run had surely not begun.
        let before = |instant: Second| from.is_some_and(|entered| instant < entered);
        let instants = (0..=length / STEP).map(|step| at - step * STEP);
        let all: Vec<Option<bool>> = instants
            .map(|instant| {
                if before(instant) {
                    Some(false)
                } else {
                    truth(instant)
                }
            })
            .collect();
        if all.iter().all(|one| *one == Some(true)) {
            holds
        } else if all.contains(&Some(false)) {
            "pending"
        } else {
            partly
        }
    }
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
