//! What changed of when something is open. Never what waits for it.

use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::{Side, Sides, joined};
use crate::calendar::cover::covered;
use crate::calendar::{Calendar, Period};
use crate::expr::form::Order;
use crate::policy::proof::During;
use crate::policy::{Policy, Proof};
use std::sync::Arc;

/// The calendars of the two policies.
pub(super) fn calendars(sides: &Sides<'_>, difference: &mut Difference) {
    let find = |policy: &'_ Policy, name: &str| {
        let mut all = policy.calendars.iter();
        all.find(|calendar| calendar.name.as_ref() == name).cloned()
    };
    for was in &sides.old.calendars {
        let details = match find(sides.new, &was.name) {
            Some(is) if *was == is => continue,
            // The same time, written in another way.
            Some(is) if open(was, &is).is_empty() => continue,
            Some(is) => Some(open(was, &is)),
            None => None,
        };
        let change = if details.is_some() {
            Change::Changed
        } else {
            Change::Removed
        };
        let item = Item::new("calendar", was.name.as_ref(), change);
        difference.add(asked(
            sides,
            &was.name,
            item.with(details.unwrap_or_default()),
        ));
    }
    for is in &sides.new.calendars {
        if find(sides.old, &is.name).is_none() {
            difference.add(Item::new("calendar", is.name.as_ref(), Change::Added));
        }
    }
}

/// The stages that wait for a calendar; where none does, it decides nothing.
fn asked(sides: &Sides<'_>, name: &str, mut item: Item) -> Item {
    let waits = |policy: &Policy| {
        let of = |rule: &Arc<crate::policy::Rule>| match &rule.proof {
            Proof::During(during) => during.calendar.name.as_ref() == name,
            _ => false,
        };
        let stages = policy.judged().filter(|stage| stage.rules.iter().any(of));
        stages
            .map(|stage| super::told(&stage.name))
            .collect::<Vec<_>>()
    };
    item.stages = waits(sides.new);
    if item.stages.is_empty() && waits(sides.old).is_empty() {
        // Business time that is counted in it is told where it is asked for.
        item.direction = Direction::Neutral;
    }
    item
}

/// Whether a calendar is open less: nothing where it is the same, and none inside where it cannot be told.
#[expect(
    clippy::option_option,
    reason = "no change, and a change whose direction is not known, are two answers"
)]
pub(super) fn narrower(sides: &mut Sides<'_>, old: &During, new: &During) -> Option<Option<bool>> {
    let details = open(&old.calendar, &new.calendar);
    let closed = closed(sides, old, new);
    let all = details.iter().chain(&closed);
    let direction = all.fold(Direction::Neutral, |all, one| all.and(one.direction));
    match direction {
        Direction::Neutral => None,
        Direction::Tightened => Some(Some(true)),
        Direction::Loosened => Some(Some(false)),
        _ => Some(None),
    }
}

/// What changed of the conditions that close it.
pub(super) fn closed(sides: &mut Sides<'_>, old: &During, new: &During) -> Option<Detail> {
    let conditions = |during: &During| -> Vec<_> {
        let closed = during.closed.iter();
        closed.map(|closed| Arc::clone(&closed.condition)).collect()
    };
    let (was, is) = (conditions(old), conditions(new));
    let mut forms = |side, all: &[Arc<_>]| {
        let mut forms: Vec<_> = all.iter().map(|one| sides.form(side, one)).collect();
        forms.sort_unstable();
        forms.dedup();
        forms
    };
    let (before, now) = (forms(Side::Old, &was), forms(Side::New, &is));
    let covers = |all: &[usize], one: usize| {
        all.iter().any(|other| {
            let order = sides.order_of(one, *other).order;
            matches!(order, Order::Same | Order::Wider)
        })
    };
    let more = before.iter().all(|one| covers(&now, *one));
    let less = now.iter().all(|one| covers(&before, *one));
    let direction = match (more, less) {
        (true, true) => return None,
        (true, false) => Direction::Tightened,
        (false, true) => Direction::Loosened,
        (false, false) => Direction::Changed,
    };
    Some(Detail::new(
        "deny when",
        joined(&was),
        joined(&is),
        direction,
    ))
}

/// What changed of when a calendar is open by the clock.
fn open(old: &Calendar, new: &Calendar) -> Vec<Detail> {
    let mut found = Vec::new();
    if old.zone != new.zone {
        let name = |calendar: &Calendar| calendar.zone.iana_name().map(ToOwned::to_owned);
        let detail = Detail::new("timezone", name(old), name(new), Direction::Changed);
        found.push(detail);
    }
    let denied = |calendar: &Calendar| -> Vec<Period> {
        let denied = calendar.deny.iter();
        denied.map(|denied| denied.period.clone()).collect()
    };
    found.extend(periods(
        "allow",
        &old.allow,
        &new.allow,
        Direction::Loosened,
    ));
    let (was, is) = (denied(old), denied(new));
    found.extend(periods("deny", &was, &is, Direction::Tightened));
    found
}

/// What changed of periods of which more come to `more`.
fn periods(what: &str, old: &[Period], new: &[Period], more: Direction) -> Option<Detail> {
    let less = match more {
        Direction::Loosened => Direction::Tightened,
        _ => Direction::Loosened,
    };
    let direction = match (covered(old, new), covered(new, old)) {
        (true, true) => return None,
        (true, false) => more,
        (false, true) => less,
        (false, false) => Direction::Changed,
    };
    let told = |all: &[Period]| {
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        (!all.is_empty()).then(|| all.join("; "))
    };
    Some(Detail::new(what, told(old), told(new), direction))
}
