//! Runs of a condition that last as long as a rule asks for, a little less and a little longer: series of samples, and
//! entries of the stage. It measures nothing.

use jiff::SignedDuration;

use super::candidates::{Candidate, Turn};
use super::change::{Change, give};
use super::flow::{Flow, number};
use super::ground::Ground;
use super::limits::spans;
use crate::expr::duration::format_duration;
use crate::expr::value::{Key, Value};
use crate::policy::{Hold, Rule};
use crate::snapshot::layout::Kind;

/// Into how many steps the time is divided, those that are tried first in front.
const STEPS: [i32; 10] = [4, 2, 6, 8, 12, 24, 48, 288, 1_440, 2_880];

/// What is tried of a rule's `for`.
pub(super) fn candidates(ground: &Ground<'_>, rule: &Rule, turns: &[Turn<'_>]) -> Vec<Candidate> {
    let Some(hold) = &rule.hold else {
        return Vec::new();
    };
    let span = hold.at_least();
    let mut found = Vec::new();
    for turn in turns.iter().take(4) {
        found.extend(series(ground, rule, turn, span));
    }
    if matches!(hold, Hold::Bake(_)) {
        let entered = spans(span).into_iter();
        let entered = entered.filter_map(|span| Change::entered(ground.now, span));
        found.extend(entered.map(|change| vec![change]));
    }
    found
}

/// An input that turns a condition so long before the verdict.
fn series(
    ground: &Ground<'_>,
    rule: &Rule,
    turn: &Turn<'_>,
    span: SignedDuration,
) -> Vec<Candidate> {
    let layout = &ground.policy.layout;
    let (Some(key), Some(yes), Some(no)) = (key(ground, turn), item(turn.yes), item(turn.no))
    else {
        return Vec::new();
    };
    let age = layout
        .max_age(turn.axis.slot)
        .unwrap_or(SignedDuration::MAX);
    let reach = ground.reach();
    let steps = STEPS.iter().find_map(|steps| {
        let every = span.checked_div(*steps)?;
        let whole = every.checked_mul(*steps) == Some(span) && every.is_positive();
        (whole && every <= age).then_some((*steps, every))
    });
    let Some((steps, every)) = steps else {
        return Vec::new();
    };
    let context: Option<Candidate> = turn
        .context
        .iter()
        .map(|(axis, value)| give(ground, &rule.id, &axis.at(value)))
        .collect();
    let Some(context) = context else {
        return Vec::new();
    };
    let one = |before: bool, samples: i32| {
        let mut items = vec![Flow::text(format!("{yes}*{samples}"))];
        if before {
            items.insert(0, Flow::text(format!("{no}*1")));
        }
        let all = samples.saturating_sub(i32::from(!before));
        // A series may not begin before there is anything.
        if every.checked_mul(all)? > reach {
            return None;
        }
        let mut words = vec![("every".to_owned(), Flow::plain(format_duration(every)))];
        words.push((key.clone(), Flow::List(items)));
        let held = every.checked_mul(samples.saturating_sub(1))?;
        let told = format!("{key} {} for {}", turn.yes_told(), format_duration(held));
        let mut changes = context.clone();
        changes.push(Change {
            way: vec!["series".to_owned()],
            value: Flow::Map(words),
            told,
        });
        Some(changes)
    };
    let exact = steps.saturating_add(1);
    let half = steps.saturating_div(2).saturating_add(1);
    let mut found = Vec::new();
    for before in [false, true] {
        for samples in [
            exact,
            steps,
            exact.saturating_add(1),
            half,
            steps.saturating_mul(2).saturating_add(1),
        ] {
            found.extend(one(before, samples.max(1)));
        }
    }
    found
}

impl Turn<'_> {
    fn yes_told(&self) -> String {
        Flow::value(self.yes).map_or_else(String::new, |value| value.to_string())
    }
}

/// What a series is about: a metric, a part of one, or a baseline's.
fn key(ground: &Ground<'_>, turn: &Turn<'_>) -> Option<String> {
    let layout = &ground.policy.layout;
    if !matches!(
        layout.kind(turn.axis.slot)?,
        Kind::Input(_) | Kind::Baseline(..)
    ) {
        return None;
    }
    let mut key = layout.name(turn.axis.slot);
    for part in &turn.axis.path {
        let Key::String(part) = part else { return None };
        if part.contains('.') {
            return None;
        }
        key.push('.');
        key.push_str(part);
    }
    Some(key)
}

/// A value as an item of a series.
fn item(value: &Value) -> Option<String> {
    Some(match value {
        Value::Unknown(_) => "_".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Double(value) => number(*value)?,
        Value::String(text) if !text.contains('"') => format!("\"{text}\""),
        _ => return None,
    })
}
