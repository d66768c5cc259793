//! A run to a status: the tables of `for`, of latches and of missing data. Looks at one rule and never at another.

use jiff::{SignedDuration, Timestamp};

use super::Doubt;
use super::checks::Checked;
use super::moment::Moment;
use super::proof::{DueAt, State};
use super::run::{Fired, Run, Truth};
use crate::expr::value::Value;
use crate::policy::{Hold, OnMissing, Rule};
use crate::verdict::{Cause, Decision, Effect, Status};

/// When an outcome became so.
#[derive(Clone, Debug, Default)]
pub struct Timing {
    /// Since when the condition has the value that is told.
    pub since: Option<Timestamp>,
    /// How long it held that value: up to now, or until the run ended that fired.
    pub held: Option<SignedDuration>,
    /// How long the condition of a requirement has been true that is late for that not being long enough.
    pub kept: Option<SignedDuration>,
    /// When a stop fired first.
    pub fired_at: Option<Timestamp>,
    /// When the newest run was over in which a latched stop fired.
    pub ended_at: Option<Timestamp>,
    /// Since when it is clear again, where it is clear now.
    pub cleared_at: Option<Timestamp>,
    /// Since when the condition of a latched stop is so again, where that run has not fired yet.
    pub again_since: Option<Timestamp>,
    /// The earliest instant at which a pending rule can be met.
    pub met_at: Option<Timestamp>,
    /// What a stop whose run is over was judged on when it fired, or a checkpoint when it was judged, by slot.
    pub fired_on: Vec<(usize, Value)>,
    /// What the last checkpoint that was met was judged on, by slot.
    pub met_on: Vec<(usize, Value)>,
    /// The checkpoint that decides.
    pub checkpoint: Option<Checkpoint>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// That has passed without its being met, or before it was.
    pub late: bool,
}

/// A checkpoint that decides what became of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// When it was, or is, due; none: all of them.
    pub due: Option<Timestamp>,
    /// The sample it was judged at.
    pub judged: Option<Timestamp>,
    /// How many were met.
    pub met: u64,
}

/// What became of a rule.
pub(super) struct Judged {
    pub(super) status: Status,
    pub(super) weight: Option<(Decision, Cause)>,
    pub(super) timing: Timing,
    pub(super) doubt: Option<Doubt>,
}

/// What became of a rule whose run is this one.
pub(super) fn judge(
    rule: &Rule,
    run: &Run,
    now: Moment,
    counts_from: Option<Timestamp>,
    entry_known: bool,
    state: State,
) -> Judged {
    if let Some(fired) = run.fired.as_ref().filter(|_| rule.latch) {
        return latched(rule, (run, fired), now, counts_from, state);
    }
    let mut timing = timing(run, counts_from, now);
    let (mut status, mut doubt) = match run.applies {
        Truth::False => (Status::Skipped, None),
        Truth::Unknown | Truth::Waiting => (Status::Unknown, Some(Doubt::When)),
        Truth::True => condition(rule, run, now, counts_from, entry_known),
    };
    if status == Status::Pending
        && run.value == Truth::True
        && (counts_from.is_some() || !matches!(rule.hold, Some(Hold::Bake(_))))
    {
        timing.met_at = rule.hold.as_ref().and_then(|hold| {
            let met_at = run.begun(counts_from)?.held(hold).instant();
            Some(met_at).filter(|met_at| *met_at < Timestamp::MAX)
        });
    }
    if status == Status::Fired || (status == Status::Unmet && rule.on_unmet) {
        timing.fired_at = match &run.fired {
            Some(fired) => Some(fired.at.instant()),
            None => timing.since,
        };
    }
    if status == Status::Unknown
        && rule.missing == OnMissing::Fire
        && rule.effect != Effect::Require
    {
        status = Status::Fired;
    }
    if status == Status::Skipped {
        doubt = None;
    }
    let closed = status == Status::Pending && state == State::Closed;
    Judged {
        status,
        weight: weight(rule, status)
            .map(|(decision, cause)| (decision, if closed { Cause::Closed } else { cause })),
        timing,
        doubt: doubt.map(|doubt| unknown(doubt, state)),
    }
}

/// The same for a rule that has a time to be met by: what is still to come when that is over is not met.
pub(super) fn due(rule: &Rule, run: &Run, judged: Judged, due: DueAt, now: Moment) -> Judged {
    let DueAt::At(at) = due else { return judged };
    let mut judged = judged;
    judged.timing.due = Some(at);
    if Moment::at(at) > now || judged.status == Status::Skipped {
        return judged;
    }
    let closed = judged
        .weight
        .is_some_and(|(_, cause)| cause == Cause::Closed);
    if judged.status == Status::Pending && !closed {
        judged.status = Status::Unmet;
        judged.weight = weight(rule, Status::Unmet);
        // One that latches is not met any more.
        if rule.on_unmet && rule.latch {
            judged.timing.met_at = None;
        }
        judged.timing.fired_at = rule.on_unmet.then_some(at);
        let is_true = run.value == Truth::True && rule.hold.is_some();
        judged.timing.kept = judged.timing.held.filter(|_| is_true);
        // It is not met since it is due, whatever its condition says and since when.
        let since = judged.timing.since.map_or(at, |since| since.max(at));
        judged.timing.since = Some(since);
        judged.timing.held = Some(now.instant().duration_since(since));
    }
    judged.timing.late = match judged.status {
        Status::Unmet => true,
        Status::Met => {
            let begun = run.begun(None);
            let held = |since: Moment| rule.hold.as_ref().map_or(since, |hold| since.held(hold));
            begun.is_some_and(|since| held(since) > Moment::at(at))
        }
        _ => false,
    };
    judged
}

/// What is not known, where the proof says so.
fn unknown(doubt: Doubt, state: State) -> Doubt {
    match (doubt, state) {
        (Doubt::Condition, State::Unknown(slot)) => Doubt::Slot(slot),
        (doubt, _) => doubt,
    }
}

/// What became of a requirement that is judged at checkpoints; `checked` is nothing where the entry is not known.
pub(super) fn checkpoints(rule: &Rule, run: &Run, checked: Option<Checked>, met: u64) -> Judged {
    let mut timing = Timing::default();
    let told = |due: Option<Timestamp>, judged| Some(Checkpoint { due, judged, met });
    let (status, doubt) = match (run.applies, checked) {
        (Truth::False, _) => (Status::Skipped, None),
        (Truth::Unknown | Truth::Waiting, _) => (Status::Unknown, Some(Doubt::When)),
        (Truth::True, None) => (Status::Unknown, Some(Doubt::Entry)),
        (Truth::True, Some(Checked::Met)) => {
            timing.checkpoint = told(None, None);
            (Status::Met, None)
        }
        (Truth::True, Some(Checked::Pending { due, last })) => {
            timing.met_at = last.or(Some(due));
            timing.checkpoint = told(Some(due), None);
            (Status::Pending, None)
        }
        (Truth::True, Some(Checked::Unmet(check))) => {
            timing.since = check.judged;
            timing.fired_at = check.judged.filter(|_| rule.on_unmet);
            timing.checkpoint = told(Some(check.due), check.judged);
            timing.fired_on = check.values;
            (Status::Unmet, None)
        }
        (Truth::True, Some(Checked::Unknown(check))) => {
            timing.since = check.judged;
            timing.checkpoint = told(Some(check.due), check.judged);
            timing.fired_on = check.values;
            (Status::Unknown, Some(Doubt::Checkpoint))
        }
    };
    Judged {
        status,
        weight: weight(rule, status),
        timing,
        doubt,
    }
}

/// What became of a rule that speaks for each of nothing.
pub(super) fn no_items(rule: &Rule, applies: Truth) -> Judged {
    if applies == Truth::False {
        return Judged {
            status: Status::Skipped,
            weight: None,
            timing: Timing::default(),
            doubt: None,
        };
    }
    let fire = rule.missing == OnMissing::Fire && rule.effect != Effect::Require;
    let status = if fire { Status::Fired } else { Status::Unknown };
    Judged {
        status,
        weight: weight(rule, status),
        timing: Timing::default(),
        doubt: Some(Doubt::Items),
    }
}

fn latched(
    rule: &Rule,
    (run, fired): (&Run, &Fired),
    now: Moment,
    counts_from: Option<Timestamp>,
    state: State,
) -> Judged {
    let (status, on) = match rule.effect {
        Effect::Require => (Status::Unmet, Truth::False),
        Effect::Hold | Effect::Rollback => (Status::Fired, Truth::True),
    };
    // Told is the newest run in which it fired; when it fired first stands beside it.
    let since = fired.since.instant();
    let end = fired.ended.unwrap_or(now);
    // One that is so again, and not yet for long enough, has not fired again.
    let again = fired.ended.is_some() && run.value == on && run.applies == Truth::True;
    let fired_on = if fired.ended.is_some() {
        fired.values.clone()
    } else {
        Vec::new()
    };
    // It goes on although its condition is true: that has not been so for long enough in time.
    let overdue = fired.ended.is_none() && run.value == Truth::True && on == Truth::False;
    let timing = Timing {
        since: Some(since),
        kept: kept(run, counts_from, now).filter(|_| overdue),
        ended_at: fired.ended.map(Moment::instant),
        held: Some(end.instant().duration_since(since)),
        fired_at: Some(fired.at.instant()),
        cleared_at: fired.cleared.map(Moment::instant),
        again_since: run
            .since
            .max(run.applies_since)
            .filter(|_| again)
            .map(Moment::instant),
        met_at: None,
        fired_on,
        ..Timing::default()
    };
    let doubt = (run.value == Truth::Unknown).then_some(unknown(Doubt::Condition, state));
    Judged {
        status,
        weight: weight(rule, status),
        timing,
        doubt,
    }
}

/// How long the run has counted by now.
fn kept(run: &Run, counts_from: Option<Timestamp>, now: Moment) -> Option<SignedDuration> {
    let begun = run.begun(counts_from)?.instant();
    Some(
        now.instant()
            .duration_since(begun)
            .max(SignedDuration::ZERO),
    )
}

fn timing(run: &Run, counts_from: Option<Timestamp>, now: Moment) -> Timing {
    let since = match run.value {
        Truth::True => run.begun(counts_from),
        Truth::False | Truth::Waiting | Truth::Unknown => run.since,
    };
    // What is not so yet has not held.
    let held = since.filter(|_| run.value != Truth::Waiting);
    Timing {
        since: since.map(Moment::instant),
        held: held.map(|since| {
            now.instant()
                .duration_since(since.instant())
                .max(SignedDuration::ZERO)
        }),
        ..Timing::default()
    }
}

/// The table of `for`: what a condition says that is true, false or unknown now.
fn condition(
    rule: &Rule,
    run: &Run,
    now: Moment,
    counts_from: Option<Timestamp>,
    entry_known: bool,
) -> (Status, Option<Doubt>) {
    let require = rule.effect == Effect::Require;
    match run.value {
        Truth::Unknown => return (Status::Unknown, Some(Doubt::Condition)),
        Truth::False => {
            return (
                if require {
                    Status::Unmet
                } else {
                    Status::Clear
                },
                None,
            );
        }
        Truth::Waiting => return (Status::Pending, None),
        Truth::True => {}
    }
    let holds = if require { Status::Met } else { Status::Fired };
    let Some(hold) = &rule.hold else {
        return (holds, None);
    };
    if matches!(hold, Hold::Bake(_)) && !entry_known {
        // Nobody knows from where on its time counts.
        return if require {
            (Status::Pending, None)
        } else {
            (Status::Unknown, Some(Doubt::Entry))
        };
    }
    let done = |begun: Moment| begun.held(hold) <= now;
    if run.begun(counts_from).is_some_and(done) {
        return (holds, None);
    }
    // Within the time to be covered it was false where what begins with the end of a false stretch is not done yet.
    let surely_false = run.false_until.is_some_and(|end| !done(end))
        // Before the entry nothing counts: there the run had surely not begun.
        || counts_from.is_some_and(|entry| !done(Moment::at(entry)));
    if surely_false || require {
        return (Status::Pending, None);
    }
    (Status::Unknown, Some(Doubt::Throughout))
}

/// The table of effects: what a status counts for.
fn weight(rule: &Rule, status: Status) -> Option<(Decision, Cause)> {
    if rule.watch {
        return None;
    }
    match (rule.effect, status) {
        (Effect::Require, Status::Unmet) if rule.on_unmet => {
            Some((Decision::Rollback, Cause::Fired))
        }
        (Effect::Require, Status::Unmet) => Some((Decision::NoGo, Cause::Unmet)),
        (Effect::Require, Status::Pending) => Some((Decision::NoGo, Cause::Pending)),
        (Effect::Hold, Status::Fired) => Some((Decision::NoGo, Cause::Held)),
        (Effect::Rollback, Status::Fired) => Some((Decision::Rollback, Cause::Fired)),
        (Effect::Hold | Effect::Rollback, Status::Unknown) if rule.missing == OnMissing::Ignore => {
            None
        }
        (_, Status::Unknown) => Some((Decision::NoGo, Cause::Unknown)),
        _ => None,
    }
}
