//! What changed of what can be measured: how long it is good, what stands in for it, what it may be. Never the limits it
//! is held against.

mod readers;

use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::{Sides, shown};
use crate::expr::duration::format_duration;
use crate::policy::Policy;
use crate::snapshot::layout::{Baseline, Input};
use crate::snapshot::raw::origin::Origin;
use readers::Readers;

/// The inputs and the baselines of the two policies.
pub(super) fn inputs(sides: &Sides<'_>, difference: &mut Difference) {
    let (old, new) = (sides.old.layout.inputs(), sides.new.layout.inputs());
    let readers = Readers::of(sides);
    let mut changed: Vec<Item> = Vec::new();
    for was in old {
        let Some(is) = new.iter().find(|is| is.name == was.name) else {
            difference.add(Item::new("input", was.name.as_ref(), Change::Removed));
            continue;
        };
        let details = input(was, is, &readers);
        if details.is_empty() {
            continue;
        }
        let item = Item::new("input", was.name.as_ref(), Change::Changed).with(details);
        let item = readers.read(&was.name, item);
        // What changed in the same way is told in one line.
        let alike = |known: &&mut Item| {
            known.details == item.details
                && known.stages == item.stages
                && known.direction == item.direction
        };
        match changed.iter_mut().find(alike) {
            Some(known) => known.name = format!("{}, {}", known.name, item.name),
            None => changed.push(item),
        }
    }
    for is in new {
        if !old.iter().any(|was| was.name == is.name) {
            difference.add(Item::new("input", is.name.as_ref(), Change::Added));
        }
    }
    changed.into_iter().for_each(|item| difference.add(item));
    baselines(sides, &readers, difference);
    fresh(sides, &readers, difference);
}

fn input(old: &Input, new: &Input, readers: &Readers) -> Vec<Detail> {
    let mut found = Vec::new();
    let mut tell = |what, was, is, direction| {
        let detail = Detail::new(what, was, is, direction);
        let of_known = matches!(what, "max_age" | "default" | "range" | "values");
        found.push(match readers.doubt(&old.name) {
            Some(doubt) if of_known && direction == Direction::Changed => detail.note(doubt),
            _ => detail,
        });
    };
    let unit = |input: &Input| input.unit.as_ref().map(ToString::to_string);
    if old.ty != new.ty {
        let types = (Some(old.ty.to_string()), Some(new.ty.to_string()));
        tell("type", types.0, types.1, Direction::Changed);
    }
    if old.unit != new.unit {
        tell("unit", unit(old), unit(new), Direction::Changed);
    }
    let known = |more: bool| readers.known(&old.name, more);
    if old.max_age != new.max_age {
        let ages = [old, new].map(|input| Some(format_duration(input.max_age)));
        let [was, is] = ages;
        tell("max_age", was, is, known(new.max_age > old.max_age));
    }
    let default = |input: &Input| {
        let unit = unit(input);
        let default = input.default.as_ref();
        default.map(|value| shown(value, unit.as_deref()))
    };
    let same = match (&old.default, &new.default) {
        (Some(was), Some(is)) => was.equals(is) == Some(true),
        (was, is) => was.is_none() && is.is_none(),
    };
    if !same {
        let direction = match (&old.default, &new.default) {
            (None, _) => known(true),
            (_, None) => known(false),
            _ => Direction::Changed,
        };
        tell("default", default(old), default(new), direction);
    }
    let bits = |range: Option<(f64, f64)>| range.map(|(a, b)| (a.to_bits(), b.to_bits()));
    if bits(old.range) != bits(new.range) {
        let range = |input: &Input| {
            input
                .range
                .map(|(least, most)| format!("[{least}, {most}]"))
        };
        let inside = |inner: Option<(f64, f64)>, outer: Option<(f64, f64)>| match (inner, outer) {
            (_, None) => true,
            (None, _) => false,
            (Some((a, b)), Some((c, d))) => c <= a && b <= d,
        };
        let direction = match (inside(old.range, new.range), inside(new.range, old.range)) {
            (true, false) => known(true),
            (false, true) => known(false),
            _ => Direction::Changed,
        };
        tell("range", range(old), range(new), direction);
    }
    if old.values != new.values {
        let told = |input: &Input| input.values.as_ref().map(|values| values.join(", "));
        let has = |outer: &Input, inner: &Input| match (&outer.values, &inner.values) {
            (None, _) => true,
            (_, None) => false,
            (Some(all), Some(some)) => some.iter().all(|one| all.contains(one)),
        };
        let direction = match (has(new, old), has(old, new)) {
            (true, true) => Direction::Neutral,
            (true, false) => known(true),
            (false, true) => known(false),
            (false, false) => Direction::Changed,
        };
        tell("values", told(old), told(new), direction);
    }
    if old.from != new.from {
        let told = |from: &Origin| {
            let file = from.file.as_ref().map(|file| format!(" in {file}"));
            let file = file.unwrap_or_default();
            format!("{} {}{file}", from.way.word(), from.way.text())
        };
        let from = |input: &Input| input.from.as_ref().map(|from| told(from));
        tell("from", from(old), from(new), Direction::Changed);
    }
    found
}

fn baselines(sides: &Sides<'_>, readers: &Readers, difference: &mut Difference) {
    let (old, new) = (sides.old.layout.baselines(), sides.new.layout.baselines());
    let find = |all: &[Baseline], name: &str| {
        let mut all = all.iter();
        all.find(|one| one.name.as_ref() == name).cloned()
    };
    for was in old {
        match find(new, &was.name) {
            None => difference.add(Item::new("baseline", was.name.as_ref(), Change::Removed)),
            Some(is) if is.live != was.live => {
                let told = |live: bool| Some(live.to_string());
                // What ages is known less often.
                let direction = readers.known(&was.name, !is.live);
                let detail = Detail::new("live", told(was.live), told(is.live), direction);
                let item = Item::new("baseline", was.name.as_ref(), Change::Changed);
                difference.add(item.with(vec![detail]));
            }
            Some(_) => {}
        }
    }
    for is in new {
        if find(old, &is.name).is_none() {
            difference.add(Item::new("baseline", is.name.as_ref(), Change::Added));
        }
    }
}

/// How old the newest sample may be for defaults to stand in.
fn fresh(sides: &Sides<'_>, readers: &Readers, difference: &mut Difference) {
    let (was, is) = (sides.old.layout.fresh(), sides.new.layout.fresh());
    if was == is {
        return;
    }
    let defaults = |policy: &Policy| {
        let inputs = policy.layout.inputs().iter();
        let inputs = inputs.filter(|input| input.default.is_some());
        let names = inputs.map(|input| input.name.to_string());
        names.collect::<Vec<_>>()
    };
    let all = defaults(sides.old).into_iter().chain(defaults(sides.new));
    let all = all.map(|name| readers.known(&name, is > was));
    let direction = all.fold(Direction::Neutral, Direction::and);
    let (was, is) = (Some(format_duration(was)), Some(format_duration(is)));
    let detail = Detail::new("max_age", was, is, direction);
    difference.add(Item::new("data", "data", Change::Changed).with(vec![detail]));
}
