//! When a finding became what it is, and how long it has been: in words for people. It never reads a clock.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::finding::measured;
use crate::explain::finding::BAKE;
use crate::explain::reason::unit;
use crate::expr::duration::format_duration;
use crate::verdict::{Checkpoint, Finding, Status};

/// The checkpoint that decided, and how many were met.
fn checkpoint(finding: &Finding, one: &Checkpoint, now: Timestamp) -> String {
    let count = |met: u64| format!("{met} checkpoint{} met", if met == 1 { "" } else { "s" });
    let judged = one.judged.map(|at| format!(", judged {}", clock(at, now)));
    match (one.due, finding.status) {
        (Some(due), Status::Pending) => {
            format!("{}, next {}", count(one.met), clock(due, now))
        }
        (Some(due), _) => format!(
            "at the checkpoint {}{}",
            clock(due, now),
            judged.unwrap_or_default()
        ),
        (None, _) => count(one.met),
    }
}

/// How long the condition has had its value, and since when.
pub(in crate::report) fn times(finding: &Finding, now: Timestamp) -> String {
    if let Some(one) = &finding.checkpoint {
        return checkpoint(finding, one, now);
    }
    if finding.proof.is_some() && finding.fired_at.is_none() {
        // When it was given says it better.
        return String::new();
    }
    let held = finding.held.map(coarse);
    let since = finding.since.map(|since| clock(since, now));
    let over = finding.cleared_at.is_some() || (finding.latched && !finding.unknown.is_empty());
    let value = match finding.status {
        // Its condition may be true, only not for long enough.
        Status::Unmet if finding.late && finding.hold.is_some() && over => "was not met",
        Status::Unmet if finding.late && finding.hold.is_some() => "not met",
        Status::Unmet if over => "was false",
        Status::Unmet | Status::Clear => "false",
        Status::Fired if over => "was true",
        // It counts as fired because nobody knows (`missing: fire`).
        Status::Fired if !finding.unknown.is_empty() && finding.margin.is_none() => "unknown",
        Status::Unknown => "unknown",
        _ => "true",
    };
    let mut text = match (held, since) {
        // One sample is no length of time.
        (Some(_), Some(since)) if finding.held.is_some_and(|held| held.as_secs() == 0) => {
            format!("{value} since {since}")
        }
        (Some(held), Some(since)) => format!("{value} {held} since {since}"),
        _ => return String::new(),
    };
    if let Some(fired) = finding
        .fired_at
        .filter(|fired| Some(*fired) != finding.since)
    {
        let _ = write!(text, ", fired {}", clock(fired, now));
    }
    if let Some(cleared) = finding.cleared_at {
        let _ = write!(text, ", clear since {}", clock(cleared, now));
    }
    text
}

/// How long a pending finding has held, of how long, and when it can be met.
pub(in crate::report) fn waiting(finding: &Finding, now: Timestamp) -> String {
    if let Some(one) = &finding.checkpoint {
        return checkpoint(finding, one, now);
    }
    let mut held = finding.held.map_or_else(
        || "not yet".to_owned(),
        |held| format!("held {}", coarse(held)),
    );
    if let Some(margin) = &finding.margin {
        held = format!("{}, {held}", measured(margin, unit(finding, &margin.input)));
    }
    let bake = finding.hold.clone().filter(|_| finding.rule == BAKE);
    let whole = match (finding.since, finding.met_at, bake) {
        // Business time in a calendar that does not open any more.
        (_, None, Some(bake)) => return format!("{held} of {bake}, not over within ten years"),
        (_, None, None) | (None, Some(_), None) => return held,
        // The stage is entered only later.
        (None, Some(_), Some(bake)) => bake,
        (Some(since), Some(met_at), bake) => {
            let whole = bake.unwrap_or_else(|| coarse(met_at.duration_since(since)));
            format!("{whole} since {}", clock(since, now))
        }
    };
    let earliest = finding.met_at.map(|met_at| clock(met_at, now));
    let earliest = earliest.map(|at| format!(", earliest {at} if nothing changes"));
    format!("{held} of {whole}{}", earliest.unwrap_or_default())
}

/// A length of time to the second, for people.
pub(super) fn coarse(duration: SignedDuration) -> String {
    format_duration(SignedDuration::from_secs(duration.as_secs()))
}

/// The time of day where it is the day of the verdict, else the whole instant.
pub(in crate::report) fn clock(at: Timestamp, now: Timestamp) -> String {
    let (text, today) = (at.to_string(), now.to_string());
    match (text.split_once('T'), today.split_once('T')) {
        (Some((day, time)), Some((same, _))) if day == same => time.to_owned(),
        _ => text,
    }
}
