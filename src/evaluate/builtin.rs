//! What every stage asks for by itself: its least time, and no more traffic than it may expose.

use jiff::Timestamp;

use super::{Doubt, Outcome, Question, Subject, Timing, World};
use crate::expr::value::Value;
use crate::snapshot::layout::Context;
use crate::verdict::{Cause, Decision, Status};

/// Adds the findings `stage.bake` and `stage.traffic`, where the stage declares them.
pub fn outcomes<'p>(question: Question<'p>, world: &World<'p>, into: &mut Vec<Outcome<'p>>) {
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
                let timing = Timing {
                    since: Some(entered),
                    held: Some(
                        question
                            .now
                            .duration_since(entered)
                            .max(jiff::SignedDuration::ZERO),
                    ),
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
    }
}
