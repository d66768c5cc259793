//! Texts, and lists of them, at which a test comes out as it must. There is no next text: those that the condition names are
//! tried, and a few that stand for all others.

use std::sync::Arc;

use super::edge::{Edge, Range};
use crate::expr::value::Value;

/// Texts nobody thought of: short and long ones, early and late in their order.
const OTHERS: [&str; 7] = [
    "other",
    "a",
    "Z",
    "0",
    "~",
    "",
    "a text that is longer than most that anybody would give",
];
/// The most items of a list that are looked at.
const ITEMS: usize = 16;

pub(super) fn words(
    range: &Range,
    limits: &[Value],
    fits: &mut dyn FnMut(&Value) -> bool,
) -> Vec<Edge> {
    let mut texts: Vec<Arc<str>> = match &range.words {
        Some(words) => words.to_vec(),
        None => strings(limits),
    };
    let now = match &range.now {
        Some(Value::String(now)) => Some(Arc::clone(now)),
        _ => None,
    };
    texts.retain(|text| Some(text) != now.as_ref());
    texts.sort();
    texts.dedup();
    let mut others: Vec<Arc<str>> = Vec::new();
    if range.words.is_none() {
        let longest = texts.iter().chain(&now).map(|text| text.len()).max();
        let longer = "~".repeat(longest.unwrap_or(0).saturating_add(1).min(1_000));
        others.extend(OTHERS.map(Arc::from));
        others.push(Arc::from(longer));
        others.retain(|text| Some(text) != now.as_ref() && !texts.contains(text));
    }
    let mut tried = |texts: &[Arc<str>]| -> (Vec<Arc<str>>, Vec<Arc<str>>) {
        let texts = texts.iter().cloned();
        texts.partition(|text| fits(&Value::String(Arc::clone(text))))
    };
    let (named, not_named) = tried(&texts);
    let (other, not_other) = tried(&others);
    let any = other.first().or(named.last()).cloned();
    let free = not_other.is_empty() && texts.len().saturating_add(others.len()) > 1;
    if let (true, Some(any)) = (free, any) {
        let but = match (not_named.as_slice(), now) {
            ([], Some(now)) => Some(Value::String(now)),
            ([], None) => Some(Value::Null),
            // What is given already is not it.
            ([one], None) if range.words.is_none() || named.len() > 1 => {
                Some(Value::String(Arc::clone(one)))
            }
            _ => None,
        };
        if let Some(limit) = but {
            return vec![Edge {
                limit,
                ..Edge::any(Value::String(any))
            }];
        }
    }
    if let Some(edge) = ordered((&named, &not_named), (&other, &not_other)) {
        return vec![edge];
    }
    named
        .into_iter()
        .map(Value::String)
        .map(Edge::equal)
        .collect()
}

/// All texts before or behind one that the condition names, where it is just those that do.
fn ordered(
    (named, not_named): (&[Arc<str>], &[Arc<str>]),
    (other, not_other): (&[Arc<str>], &[Arc<str>]),
) -> Option<Edge> {
    let nearest = other.first()?;
    let does: Vec<&Arc<str>> = named.iter().chain(other).collect();
    let not: Vec<&Arc<str>> = not_named.iter().chain(not_other).collect();
    if not_other.is_empty() {
        return None;
    }
    let edge = |op: &'static str, limit: &Arc<str>| Edge {
        op,
        limit: Value::String(Arc::clone(limit)),
        ..Edge::any(Value::String(Arc::clone(nearest)))
    };
    let mut ends = named
        .iter()
        .map(|text| (text, "<=", ">="))
        .chain(not_named.iter().map(|text| (text, "<", ">")));
    ends.find_map(|(text, below, above)| {
        let included = below.len() > 1;
        let before = |one: &Arc<str>| one < text || included && one == text;
        let behind = |one: &Arc<str>| one > text || included && one == text;
        if does.iter().all(|one| before(one)) && !not.iter().any(|one| before(one)) {
            return Some(edge(below, text));
        }
        let all = does.iter().all(|one| behind(one)) && !not.iter().any(|one| behind(one));
        all.then(|| edge(above, text))
    })
}

/// The list with the fewest texts added or left out that does, and the empty one if that does too.
pub(super) fn lists(
    range: &Range,
    limits: &[Value],
    fits: &mut dyn FnMut(&Value) -> bool,
) -> Vec<Edge> {
    let Some(Value::List(held)) = &range.now else {
        return Vec::new();
    };
    let held: Vec<Arc<str>> = strings(held);
    let mut named: Vec<Arc<str>> = match &range.words {
        Some(words) => words.to_vec(),
        None => strings(limits),
    };
    named.sort();
    named.dedup();
    named.truncate(ITEMS);
    let missing: Vec<Arc<str>> = named
        .iter()
        .filter(|text| !held.contains(text))
        .cloned()
        .collect();
    let with = |more: &[Arc<str>]| -> Vec<Arc<str>> { held.iter().chain(more).cloned().collect() };
    let only = |kept: &dyn Fn(&Arc<str>) -> bool| -> Vec<Arc<str>> {
        held.iter().filter(|text| kept(text)).cloned().collect()
    };
    let mut lists: Vec<Vec<Arc<str>>> = Vec::new();
    lists.extend(missing.iter().map(|one| with(std::slice::from_ref(one))));
    lists.extend(held.iter().take(ITEMS).map(|one| only(&|text| text != one)));
    // One for another.
    let swaps = held.iter().take(ITEMS).flat_map(|gone| {
        let swap = |one: &Arc<str>| {
            let mut list = only(&|text| text != gone);
            list.push(Arc::clone(one));
            list
        };
        missing.iter().map(swap).collect::<Vec<_>>()
    });
    lists.extend(swaps);
    lists.extend([
        only(&|text| !named.contains(text)),
        only(&|text| named.contains(text)),
        with(&missing),
    ]);
    lists.extend(missing.iter().map(|one| vec![Arc::clone(one)]));
    lists.push(Vec::new());
    let mut lists = lists.into_iter().filter(|list| {
        let value = list.iter().cloned().map(Value::String).collect::<Vec<_>>();
        list.len() <= ITEMS && *list != held && fits(&Value::List(value.into()))
    });
    // An empty one does for whatever else is asked of what is in it.
    let found = lists.next();
    let empty = found.as_ref().filter(|found| !found.is_empty());
    let empty = empty.and_then(|_| lists.find(Vec::is_empty));
    let texts = |list: Vec<Arc<str>>| list.into_iter().map(Value::String).collect::<Vec<_>>();
    found
        .into_iter()
        .chain(empty)
        .map(|list| Edge::equal(Value::List(texts(list).into())))
        .collect()
}

fn strings(values: &[Value]) -> Vec<Arc<str>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(Arc::clone(text)),
        _ => None,
    };
    values.iter().filter_map(text).collect()
}
