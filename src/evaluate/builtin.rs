//! What every stage asks for by itself: its least time, no more traffic than it may expose, stages that went well first,
//! and what an audit must find of the subject.

use jiff::Timestamp;

use super::proof::{Ground, State, needs};
use super::{Doubt, Outcome, Question, Subject, Timing, World};
use crate::expr::value::Value;
use crate::snapshot::layout::Context;
use crate::source::hidden::blank;
use crate::verdict::{Cause, Decision, Status};

/// Adds the findings `stage.bake`, `stage.traffic`, `stage.needs` and `record.…`, where the stage declares them.
pub(super) fn outcomes<'p>(
    question: Question<'p>,
    ground: &Ground<'p>,
    world: &World<'p>,
    into: &mut Vec<Outcome<'p>>,
) {
    into.extend(question.stage.needs.iter().map(|need| {
        let (policy, filed) = (ground.policy, &ground.filed);
        let (state, since, proved) =
            needs::need(policy, filed, &ground.subject, need, question.now);
        let (status, doubt) = match state {
            State::Holds => (Status::Met, None),
            State::Fails => (Status::Unmet, None),
            State::Unknown(slot) => (Status::Unknown, Some(Doubt::Slot(slot))),
            State::Pending | State::Closed | State::Unclear => (Status::Pending, None),
        };
        let timing = Timing {
            since,
            ..Timing::default()
        };
        Outcome {
            proved: Some(proved),
            ..outcome(Subject::Needs(need), status, timing, doubt)
        }
    }));
    into.extend(question.stage.fields.iter().map(|(name, slot)| {
        let status = if is_given(world.value(*slot)) {
            Status::Met
        } else {
            Status::Unmet
        };
        let of = Subject::Field(name, *slot);
        outcome(of, status, Timing::default(), None)
    }));
    if let Some(bake) = &question.stage.bake {
        let of = Subject::Bake(bake);
        into.push(match world.entered() {
            None => outcome(of, Status::Unknown, Timing::default(), Some(Doubt::Entry)),
            Some(entered) => {
                let done = bake.after(entered);
                // The end of time is never.
                let ends = done < Timestamp::MAX;
                let status = if ends && done <= question.now {
                    Status::Met
                } else {
                    Status::Pending
                };
                // An entry that is still to come began nothing yet.
                let since = Some(entered).filter(|entered| *entered <= question.now);
                let timing = Timing {
                    since,
                    held: since.map(|since| question.now.duration_since(since)),
                    met_at: (ends && status == Status::Pending).then_some(done),
                    ..Timing::default()
                };
                outcome(of, status, timing, None)
            }
        });
    }
    if let Some(traffic) = question.stage.traffic {
        let (status, doubt) = match world.context(Context::StageTraffic) {
            Value::Double(exposed) if *exposed <= traffic => (Status::Met, None),
            Value::Double(_) => (Status::Unmet, None),
            _ => (Status::Unknown, Some(Doubt::Condition)),
        };
        into.push(outcome(
            Subject::Traffic(traffic),
            status,
            Timing::default(),
            doubt,
        ));
    }
}

fn outcome(of: Subject<'_>, status: Status, timing: Timing, doubt: Option<Doubt>) -> Outcome<'_> {
    let weight = match status {
        Status::Unmet => Some((Decision::NoGo, Cause::Unmet)),
        Status::Unknown => Some((Decision::NoGo, Cause::Unknown)),
        Status::Pending => Some((Decision::NoGo, Cause::Pending)),
        _ => None,
    };
    Outcome {
        of,
        status,
        weight,
        timing,
        doubt,
        windows: Vec::new(),
        waived: None,
        proved: None,
    }
}

/// Whether a value says anything: it is there, and no empty text, list or map.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Unknown(_) | Value::Null => false,
        Value::String(text) => !blank(text),
        Value::List(items) => !items.is_empty(),
        Value::Map(map) => !map.is_empty(),
        _ => true,
    }
}
