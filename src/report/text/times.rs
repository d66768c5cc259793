//! When a finding became what it is, and how long it has been: in words for people. It never reads a clock.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::finding::measured;
use crate::explain::finding::BAKE;
use crate::explain::reason::{is_unknown, of, unit};
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
    if let Some(kept) = finding.kept {
        // Its condition is true, only not for long enough when it was due.
        return held_of(finding, Some(kept), now);
    }
    let (Some(held), Some(since)) = (finding.held, finding.since) else {
        return String::new();
    };
    let over = finding.is_over();
    let value = match finding.status {
        // One that latched when it was due stays unmet whatever its condition says.
        Status::Unmet if finding.late && finding.hold.is_some() && finding.latched => "not met",
        Status::Unmet | Status::Clear => "false",
        // It counts as fired because nobody knows (`missing: fire`).
        Status::Fired if is_unknown(finding) => "unknown",
        Status::Unknown => "unknown",
        _ => "true",
    };
    let from = clock(since, now);
    // One sample is no length of time.
    let mut text = match (held.as_secs(), over) {
        (0, false) => format!("{value} since {from}"),
        (0, true) => format!("was {value} at {from}"),
        (_, false) => format!("{value} {} since {from}", coarse(held)),
        (_, true) => format!("was {value} {} from {from}", coarse(held)),
    };
    if let Some(fired) = finding.fired_at.filter(|fired| *fired != since) {
        // It may have fired in a run before this one.
        let first = if fired < since { "first " } else { "" };
        let _ = write!(text, ", {first}fired {}", clock(fired, now));
    }
    if let Some(cleared) = finding.cleared_at {
        let _ = write!(text, ", clear since {}", clock(cleared, now));
    }
    if let Some(again) = finding.again_since {
        let _ = write!(text, ", {value} again since {}", clock(again, now));
    }
    text
}

/// How long a pending finding has held, of how long, and when it can be met.
pub(in crate::report) fn waiting(finding: &Finding, now: Timestamp) -> String {
    if let Some(one) = &finding.checkpoint {
        return checkpoint(finding, one, now);
    }
    let held = held_of(finding, finding.held, now);
    match &finding.margin {
        Some(margin) => format!("{}, {held}", measured(margin, unit(finding, &margin.input))),
        None => held,
    }
}

/// How long a condition has been true that must be so for longer, of how long, and when it can be met.
fn held_of(finding: &Finding, held: Option<SignedDuration>, now: Timestamp) -> String {
    let told = held.map_or_else(
        || "not yet".to_owned(),
        |held| format!("held {}", coarse(held)),
    );
    let Some(hold) = finding.hold_time() else {
        return told;
    };
    let hold = held.map_or_else(|| format!(" of {hold}"), |_| of(hold));
    let Some(met_at) = finding.met_at else {
        return match (finding.rule == BAKE, held) {
            // Business time in a calendar that does not open any more.
            (true, _) => format!("{told}{hold}, not over within ten years"),
            (false, Some(_)) => format!("{told}{hold}"),
            (false, None) => told,
        };
    };
    let since = held.and_then(|held| now.checked_sub(held).ok());
    let since = since.map_or_else(String::new, |since| format!(" since {}", clock(since, now)));
    let earliest = clock(met_at, now);
    format!("{told}{hold}{since}, earliest {earliest} if nothing changes")
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
