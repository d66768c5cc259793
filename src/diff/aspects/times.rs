//! How long a rule must hold, when it is judged and when it is due: what changed of it. Never what it must hold for.

use super::{by, stops};
use crate::calendar::Lasting;
use crate::diff::difference::{Detail, Direction};
use crate::expr::duration::format_duration;
use crate::policy::checkpoints::{Checkpoints, Times};
use crate::policy::{Due, DueFrom, Hold, Rule};

/// What changed of the times of a rule that stays a requirement, or a stop.
pub(super) fn times(old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    if old.hold != new.hold
        && let Some(longer) = longer(old.hold.as_ref(), new.hold.as_ref())
    {
        let direction = longer.map_or(Direction::Changed, |longer| by(longer, stops(new)));
        into.push(Detail::new("for", hold(old), hold(new), direction));
    }
    if old.at != new.at {
        let told = |at: &Option<Checkpoints>| at.as_ref().map(ToString::to_string);
        let hard = old.on_unmet || new.on_unmet;
        let direction = checkpoints(old.at.as_ref(), new.at.as_ref(), hard);
        into.push(Detail::new("at", told(&old.at), told(&new.at), direction));
    }
    due(old, new, into);
}

/// What changed of when a rule is due.
pub(super) fn due(old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    if old.due == new.due {
        return;
    }
    // Where the time it counts from is not known neither is the rule, which is no-go whatever its condition says.
    let hard = old.on_unmet || new.on_unmet;
    let direction = match (old.due, new.due) {
        (Some(old), Some(new)) if old.from == new.from => match (hard, old.offset < new.offset) {
            // Before it is due it is no-go too: that is later for a hard stop alone.
            (false, _) => Direction::Neutral,
            (true, true) => Direction::Loosened,
            (true, false) => Direction::Tightened,
        },
        (Some(_), Some(_)) => Direction::Changed,
        (None, _) if !hard => Direction::Tightened,
        (_, None) if !hard => Direction::Loosened,
        _ => Direction::Both,
    };
    let (was, is) = (old.due.map(time), new.due.map(time));
    into.push(Detail::new("due", was, is, direction));
}

/// Whether a condition must hold longer: nothing where that is no change of the rule's own, and none inside where it cannot
/// be told.
#[expect(
    clippy::option_option,
    reason = "no change, and a change whose direction is not known, are two answers"
)]
fn longer(old: Option<&Hold>, new: Option<&Hold>) -> Option<Option<bool>> {
    Some(match (old, new) {
        (None, Some(_)) => Some(true),
        (Some(_), None) => Some(false),
        // The stage's bake time is told of the stage.
        (Some(Hold::Bake(_)), Some(Hold::Bake(_))) | (None, None) => return None,
        (Some(Hold::For(old)), Some(Hold::For(new))) => Some(old < new),
        // A run in the bake time begins no earlier than the stage was entered.
        (Some(Hold::For(old)), Some(Hold::Bake(Lasting::Wall(new)))) => {
            (old <= new).then_some(true)
        }
        (Some(Hold::Bake(Lasting::Wall(old))), Some(Hold::For(new))) => {
            (new <= old).then_some(false)
        }
        _ => None,
    })
}

/// `for` as it is told.
pub(super) fn hold(rule: &Rule) -> Option<String> {
    rule.hold.as_ref().map(|hold| match hold {
        Hold::For(length) => format_duration(*length),
        Hold::Bake(bake) => format!("bake ({bake})"),
    })
}

fn time(due: Due) -> String {
    let sign = if due.offset.is_negative() { "-" } else { "+" };
    let length = format_duration(due.offset.abs());
    match due.from {
        DueFrom::Planned => format!("T{sign}{length}"),
        DueFrom::Entered => format!("{sign}{length}"),
    }
}

/// `hard`: one that is false is a rollback, one without a sample in time is not.
fn checkpoints(old: Option<&Checkpoints>, new: Option<&Checkpoints>, hard: bool) -> Direction {
    let (Some(old), Some(new)) = (old, new) else {
        // One moment and some moments say different things.
        return Direction::Changed;
    };
    let within = match old.within.cmp(&new.within) {
        std::cmp::Ordering::Equal => Direction::Neutral,
        _ if hard => Direction::Both,
        std::cmp::Ordering::Less => Direction::Loosened,
        std::cmp::Ordering::Greater => Direction::Tightened,
    };
    let times = match (&old.times, &new.times) {
        (old, new) if old == new => Direction::Neutral,
        (Times::Listed(old), Times::Listed(new)) => {
            let lost = old.iter().any(|time| !new.contains(time));
            let won = new.iter().any(|time| !old.contains(time));
            match (lost, won) {
                (true, false) => Direction::Loosened,
                (false, true) => Direction::Tightened,
                _ => Direction::Both,
            }
        }
        (
            Times::Every { every, times },
            Times::Every {
                every: now,
                times: more,
            },
        ) if every == now => match (times, more) {
            (Some(old), Some(new)) if old > new => Direction::Loosened,
            (Some(_), Some(_)) => Direction::Tightened,
            // Without an end nothing is waited for that is not due yet.
            _ => Direction::Both,
        },
        _ => Direction::Changed,
    };
    within.and(times)
}

/// Which of two lengths of time is longer: nothing where they are counted in different ways.
pub(in crate::diff) fn lasting(old: &Lasting, new: &Lasting) -> Option<bool> {
    match (old, new) {
        (Lasting::Wall(old), Lasting::Wall(new)) => Some(old < new),
        (
            Lasting::Business {
                days,
                open,
                calendar,
            },
            Lasting::Business {
                days: now,
                open: then,
                calendar: same,
            },
        ) if calendar == same => {
            let (less, more) = (now <= days && then <= open, now >= days && then >= open);
            (less != more).then_some(more)
        }
        _ => None,
    }
}
