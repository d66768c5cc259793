//! What changed of the stages: which there are, what follows what, and what each asks for by itself. Never of a rule.

use std::sync::Arc;

use super::aspects::{lasting, stops};
use super::difference::{Change, Detail, Difference, Direction, Item};
use super::rules;
use super::side::Sides;
use crate::policy::{Hold, Need, Policy, Rule, Stage};

/// The stages of the two policies.
pub(super) fn stages(sides: &mut Sides<'_>, difference: &mut Difference) {
    let (old, new) = (sides.old, sides.new);
    let pairs = pairs(sides);
    for (index, was) in old.judged().enumerate() {
        if !pairs.iter().any(|(old, _)| *old == index) {
            let counted = rules_of(was);
            let item = Item::new("stage", was.name.as_ref(), Change::Removed)
                .with(vec![Detail::new(
                    "rules",
                    Some(counted),
                    None,
                    Direction::Loosened,
                )])
                .at(Some((old, was.place)), None);
            difference.add(item.direction(Direction::Loosened));
        }
    }
    for (index, is) in new.judged().enumerate() {
        let pair = pairs.iter().find(|(_, new)| *new == index);
        let was = pair.and_then(|(index, _)| old.judged().nth(*index));
        let Some(was) = was else {
            let counted = rules_of(is);
            let item = Item::new("stage", is.name.as_ref(), Change::Added)
                .with(vec![Detail::new(
                    "rules",
                    None,
                    Some(counted),
                    Direction::Tightened,
                )])
                .at(None, Some((new, is.place)));
            difference.add(item.direction(Direction::Tightened));
            continue;
        };
        stage(sides, was, is, difference);
        rules::rules(sides, was, is, difference);
    }
    order(sides, &pairs, difference);
}

fn rules_of(stage: &Stage) -> String {
    match stage.rules.len() {
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    }
}

/// The stages that are one and the same, by their indices: those of one name, and those whose name alone changed.
fn pairs(sides: &mut Sides<'_>) -> Vec<(usize, usize)> {
    let (old, new) = (sides.old, sides.new);
    let names = |policy: &Policy| -> Vec<Arc<str>> {
        policy
            .judged()
            .map(|stage| Arc::clone(&stage.name))
            .collect()
    };
    let (before, now) = (names(old), names(new));
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (index, name) in before.iter().enumerate() {
        let same = now.iter().position(|other| other == name);
        found.extend(same.map(|new| (index, new)));
    }
    for (index, was) in old.judged().enumerate() {
        if before.get(index).is_some_and(|name| now.contains(name)) {
            continue;
        }
        let free = |new: &usize, name: &Arc<str>| {
            !before.contains(name) && !found.iter().any(|(_, taken)| taken == new)
        };
        let alike = new
            .judged()
            .enumerate()
            .filter(|(new, is)| free(new, &is.name))
            .find(|(_, is)| rules::alike(sides, was, is));
        if let Some((new, _)) = alike {
            found.push((index, new));
        }
    }
    found
}

fn stage(sides: &Sides<'_>, old: &Stage, new: &Stage, difference: &mut Difference) {
    let places = (Some((sides.old, old.place)), Some((sides.new, new.place)));
    let name = new.name.as_ref();
    if old.name != new.name {
        let mut item = Item::new("stage", name, Change::Renamed).at(places.0, places.1);
        item.was_name = Some(old.name.to_string());
        difference.add(item);
    }
    let mut tell = |what: &str, detail: Detail| {
        let change = match (&detail.old, &detail.new) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        let item = Item::new("rule", what, change).stage(name);
        difference.add(item.with(vec![detail]).at(places.0, places.1));
    };
    if let Some(detail) = bake(old, new) {
        tell("stage.bake", detail);
    }
    if let Some(detail) = traffic(old.traffic, new.traffic) {
        tell("stage.traffic", detail);
    }
    if let Some(detail) = needs(&old.needs, &new.needs) {
        tell("stage.needs", detail);
    }
    for (field, _) in &old.fields {
        if !new.fields.iter().any(|(other, _)| other == field) {
            let asked = Some("asked for".to_owned());
            let detail = Detail::new("field", asked, None, Direction::Loosened);
            tell(&format!("record.{field}"), detail);
        }
    }
    for (field, _) in &new.fields {
        if !old.fields.iter().any(|(other, _)| other == field) {
            let asked = Some("asked for".to_owned());
            let detail = Detail::new("field", None, asked, Direction::Tightened);
            tell(&format!("record.{field}"), detail);
        }
    }
}

fn bake(old: &Stage, new: &Stage) -> Option<Detail> {
    if old.bake == new.bake {
        return None;
    }
    let direction = match (&old.bake, &new.bake) {
        (None, _) => Direction::Tightened,
        (_, None) => Direction::Loosened,
        (Some(old), Some(new)) => match lasting(old, new) {
            Some(true) => Direction::Tightened,
            Some(false) => Direction::Loosened,
            None => Direction::Changed,
        },
    };
    let told = |stage: &Stage| stage.bake.as_ref().map(ToString::to_string);
    // What must hold that long to stop stops later.
    let later = |rule: &Arc<Rule>| stops(rule) && matches!(rule.hold, Some(Hold::Bake(_)));
    let direction = match direction {
        Direction::Tightened | Direction::Loosened if new.rules.iter().any(later) => {
            Direction::Both
        }
        direction => direction,
    };
    let held: Vec<&str> = new
        .rules
        .iter()
        .filter(|rule| matches!(rule.hold, Some(Hold::Bake(_))))
        .map(|rule| rule.id.as_ref())
        .collect();
    let detail = Detail::new("bake", told(old), told(new), direction);
    Some(match held.as_slice() {
        [] => detail,
        held => detail.note(format!("also how long {} must hold", held.join(", "))),
    })
}

fn traffic(old: Option<f64>, new: Option<f64>) -> Option<Detail> {
    if old.map(f64::to_bits) == new.map(f64::to_bits) {
        return None;
    }
    let direction = match (old, new) {
        (None, _) => Direction::Tightened,
        (_, None) => Direction::Loosened,
        (Some(old), Some(new)) if new > old => Direction::Loosened,
        _ => Direction::Tightened,
    };
    let told = |share: Option<f64>| {
        share.map(|share| crate::explain::number::quantity(share, Some("ratio")))
    };
    Some(Detail::new("traffic", told(old), told(new), direction))
}

fn needs(old: &[Need], new: &[Need]) -> Option<Detail> {
    // Who asks for one of a few asks for one of those and more too.
    let covers = |all: &[Need], one: &Need| {
        let stricter = |other: &Need| other.stages.iter().all(|name| one.stages.contains(name));
        all.iter().any(stricter)
    };
    let tighter = old.iter().all(|need| covers(new, need));
    let looser = new.iter().all(|need| covers(old, need));
    let direction = match (tighter, looser) {
        (true, true) => return None,
        (true, false) => Direction::Tightened,
        (false, true) => Direction::Loosened,
        (false, false) => Direction::Both,
    };
    let told = |needs: &[Need]| {
        let one = |need: &Need| need.stages.join(" or ");
        let all: Vec<String> = needs.iter().map(one).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    Some(Detail::new("needs", told(old), told(new), direction))
}

/// The order of the stages, and what follows each of them.
fn order(sides: &Sides<'_>, pairs: &[(usize, usize)], difference: &mut Difference) {
    let (old, new) = (sides.old, sides.new);
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let moved = sorted.windows(2).any(|two| match two {
        [(_, one), (_, other)] => one > other,
        _ => false,
    });
    if moved {
        let names = |policy: &Policy| {
            let names: Vec<&str> = policy.judged().map(|stage| stage.name.as_ref()).collect();
            Some(names.join(", "))
        };
        let detail = Detail::new("order", names(old), names(new), Direction::Changed);
        difference.add(Item::new("stage", "stages", Change::Moved).with(vec![detail]));
    }
    for (was, is) in &sorted {
        let (Some(was), Some(is)) = (old.judged().nth(*was), new.judged().nth(*is)) else {
            continue;
        };
        let next = |policy: &Policy, stage: &Stage| {
            (!policy.is_check(stage))
                .then(|| policy.next(stage))
                .flatten()
                .map(|next| next.name.to_string())
        };
        let (before, now) = (next(old, was), next(new, is));
        // A stage that only has another name is no other stage.
        let renamed = sorted.iter().any(|(one, other)| {
            let one = old.judged().nth(*one).map(|stage| stage.name.to_string());
            let other = new.judged().nth(*other).map(|stage| stage.name.to_string());
            one == before && other == now
        });
        if before != now && !renamed {
            let detail = Detail::new("next", before, now, Direction::Changed);
            let item = Item::new("stage", is.name.as_ref(), Change::Changed);
            let places = (Some((old, was.place)), Some((new, is.place)));
            difference.add(item.with(vec![detail]).at(places.0, places.1));
        }
    }
}
