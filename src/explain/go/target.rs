//! Which value a change speaks of: the slot, and the way into it. Never what it should be.

use std::sync::Arc;

use jiff::SignedDuration;

use super::super::values::told;
use crate::evaluate::World;
use crate::expr::value::{Key, Value};
use crate::expr::window::{Method, Over};
use crate::expr::{Unit, Window};
use crate::policy::{Policy, Rule};
use crate::snapshot::layout::{Context, Kind};

/// A value that samples can give.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// As it is written.
    pub(super) text: String,
    pub(super) slot: usize,
    pub(super) path: Vec<Key>,
    pub(super) unit: Option<String>,
    /// How long it must be so, where a window looks back at it.
    pub(super) over: Option<Over>,
}

/// What the text of a change speaks of, where samples can give it.
pub(super) fn target(
    policy: &Policy,
    rule: &Rule,
    text: &str,
    world: &World<'_>,
) -> Option<Target> {
    let mut inputs = rule.expressions().flat_map(|expr| expr.inputs());
    let input = inputs.find(|input| told(&input.text) == text);
    let (slot, path, unit) = match input {
        Some(input) => (input.slot, input.path, input.unit),
        None => match named(policy, text) {
            Some(slot) => (slot, Vec::new(), None),
            None => indexed(policy, rule, text, world)?,
        },
    };
    let layout = &policy.layout;
    if let Some(window) = policy.windows.iter().find(|window| window.slot == slot) {
        return behind(policy, window);
    }
    let can = match layout.kind(slot)? {
        Kind::Input(_) => true,
        Kind::Context(context) => context == Context::StageTraffic,
        Kind::Baseline(..) | Kind::Derived(_) | Kind::Field(_) => false,
    };
    let declared = layout.input_of(slot);
    let declared = declared.and_then(|index| layout.inputs().get(index)?.unit.as_ref());
    let unit = unit.as_ref().or(declared);
    can.then(|| Target {
        text: text.to_owned(),
        slot,
        path,
        unit: unit.map(|unit| unit.name().to_owned()),
        over: None,
    })
}

fn named(policy: &Policy, text: &str) -> Option<usize> {
    let layout = &policy.layout;
    let window = policy.windows.iter();
    let window = window.filter(|window| told(&window.text) == text);
    (0..layout.inputs().len())
        .find(|slot| layout.name(*slot) == text)
        .or_else(|| window.map(|window| window.slot).next())
}

/// `errors[f].count`, `l[1]`: the input, and the way into it. An index that is no literal is one that has a value now, such as
/// the item `f`.
fn indexed(
    policy: &Policy,
    rule: &Rule,
    text: &str,
    world: &World<'_>,
) -> Option<(usize, Vec<Key>, Option<Unit>)> {
    let begins = |at: &usize| matches!(text.as_bytes().get(*at), Some(b'[' | b'.'));
    let (slot, mut rest) = (1..text.len()).filter(begins).find_map(|at| {
        let (of, rest) = text.split_at_checked(at)?;
        Some((named(policy, of)?, rest))
    })?;
    let mut path = Vec::new();
    while !rest.is_empty() {
        let (key, after) = match rest.strip_prefix('[') {
            Some(inner) => {
                let end = closing(inner)?;
                let (index, after) = inner.split_at_checked(end)?;
                (
                    literal(index).or_else(|| now(rule, index, world))?,
                    after.get(1..)?,
                )
            }
            None => {
                let name = rest.strip_prefix('.')?;
                let name = name.strip_prefix('?').unwrap_or(name);
                let end = name.find(['[', '.']).unwrap_or(name.len());
                let (name, after) = name.split_at_checked(end)?;
                (Key::String(Arc::from(name)), after)
            }
        };
        path.push(key);
        rest = after;
    }
    Some((slot, path, None))
}

/// Where an index ends: at the first bracket that is no part of a text.
fn closing(index: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    index.char_indices().find_map(|(at, letter)| {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

fn literal(index: &str) -> Option<Key> {
    let index = index.trim();
    if let Ok(number) = index.parse() {
        return Some(Key::Int(number));
    }
    let text: String = serde_json::from_str(index).ok()?;
    Some(Key::String(Arc::from(text)))
}

/// What an index is now.
fn now(rule: &Rule, index: &str, world: &World<'_>) -> Option<Key> {
    let value = rule.expressions().find_map(|expr| {
        let parts = expr.trace(world.slots()).parts;
        let part = parts
            .into_iter()
            .find(|part| expr.text().get(part.range.clone()) == Some(index))?;
        part.value.ok()
    });
    match value? {
        Value::String(text) => Some(Key::String(text)),
        Value::Int(number) => Some(Key::Int(number)),
        _ => None,
    }
}

/// The one input that a window looks back at, where a good value of it makes the window good.
fn behind(policy: &Policy, window: &Window) -> Option<Target> {
    let like = matches!(
        window.method,
        Method::Avg
            | Method::Min
            | Method::Max
            | Method::Quantile(_)
            | Method::First
            | Method::Ago
            | Method::Sum
    );
    let inputs = window.of.inputs();
    let [input] = inputs.as_slice() else {
        return None;
    };
    let whole = input.text.trim() == window.of.text().trim();
    let is_input = matches!(policy.layout.kind(input.slot), Some(Kind::Input(_)));
    (like && whole && is_input).then(|| Target {
        text: told(&input.text),
        slot: input.slot,
        path: input.path.clone(),
        unit: input.unit.as_ref().map(|unit| unit.name().to_owned()),
        over: Some(window.over),
    })
}

/// How far a rule looks back, at most; nothing where it does not.
pub(super) fn back(rule: &Rule) -> Option<SignedDuration> {
    let windows = rule.expressions().flat_map(|expr| expr.windows());
    let lengths = windows.filter_map(|window| match window.over {
        Over::Last(length) => Some(length),
        Over::Stage | Over::Samples => None,
    });
    lengths.max()
}

/// The slots of which a rule asks how much they grew.
pub(super) fn growing(rule: &Rule) -> Vec<usize> {
    read_by(rule, |method| {
        matches!(method, Method::Delta | Method::Increase | Method::Rate)
    })
}

/// The slots of which a rule asks how they have moved.
pub(super) fn trending(rule: &Rule) -> Vec<usize> {
    read_by(rule, |method| {
        matches!(
            method,
            Method::Slope | Method::Rising(_) | Method::Falling(_)
        )
    })
}

/// The slots that a rule looks back at by some methods.
fn read_by(rule: &Rule, is: impl Fn(Method) -> bool) -> Vec<usize> {
    let windows = rule.expressions().flat_map(|expr| expr.windows());
    let mut slots: Vec<usize> = windows
        .filter(|window| is(window.method))
        .flat_map(|window| window.of.reads().iter().copied())
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// Whether a rule looks back over the stage.
pub(super) fn over_stage(rule: &Rule) -> bool {
    looks_over(rule, Over::Stage)
}

/// Whether a rule counts samples.
pub(super) fn over_samples(rule: &Rule) -> bool {
    looks_over(rule, Over::Samples)
}

fn looks_over(rule: &Rule, over: Over) -> bool {
    let mut windows = rule.expressions().flat_map(|expr| expr.windows());
    windows.any(|window| window.over == over)
}

/// The part of a value that a path leads to.
pub(super) fn part<'v>(value: &'v Value, path: &[Key]) -> Option<&'v Value> {
    let mut value = value;
    for key in path {
        value = match (value, key) {
            (Value::Map(map), key) => map.get(key)?,
            (Value::List(items), Key::Int(index)) => items.get(usize::try_from(*index).ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// What really is known of a target.
pub(super) fn known<'w>(world: &'w World<'_>, target: &Target) -> Option<&'w Value> {
    let value = part(world.value(target.slot), &target.path)?;
    (!matches!(value, Value::Unknown(_))).then_some(value)
}
