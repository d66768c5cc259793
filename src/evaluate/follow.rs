//! What follows from a decision: rows of escalation, the plan of a rollback, duties. It reads the decision and never
//! changes it.

mod lists;
mod plan;
mod rows;
mod since;

use jiff::Timestamp;

use super::moment::Moment;
use super::track::Track;
use super::{Outcome, Question, World};
use crate::expr::{Budget, Compiled, Tri};
use crate::policy::{After, Duty, Matrix, Plan, Policy, Row};
use crate::verdict::{Decision, Status};
use lists::Lists;

/// What follows from a decision.
#[derive(Clone, Debug, Default)]
pub struct Follows<'p> {
    /// The rows of matrices that speak, or that nobody can tell of.
    pub rows: Vec<Speaks<'p>>,
    /// Where a rollback goes.
    pub plan: Option<&'p Plan>,
    /// The stage to start again with, where this one says that a rollback is done.
    pub reenter: Option<&'p str>,
    /// What is to be done.
    pub duties: Vec<Owed<'p>>,
    /// What the times of the plan and of duties are counted from; none: not known.
    pub from: Option<Timestamp>,
    /// What people must know of it.
    pub unsure: Vec<Unsure<'p>>,
}

/// A row that speaks.
#[derive(Clone, Debug)]
pub struct Speaks<'p> {
    /// The matrix it stands in.
    pub matrix: &'p Matrix,
    /// The row.
    pub row: &'p Row,
    /// Since when it does; none: not known.
    pub since: Option<Timestamp>,
    /// Nobody can tell whether it is true.
    pub undecided: bool,
}

/// A duty.
#[derive(Clone, Debug)]
pub struct Owed<'p> {
    /// What is to be done.
    pub duty: &'p Duty,
    /// Nobody can tell whether it is to be done.
    pub undecided: bool,
}

/// Something that could not be followed as it is written.
#[derive(Clone, Debug)]
pub enum Unsure<'p> {
    /// Several rows are true where only one may be.
    Several(&'p Matrix, Vec<&'p Row>),
    /// Nobody can tell whether a row of the plan applies: the next one that does was taken.
    PassedOver(&'p Plan),
    /// Which stage to start again with depends on why the rollback was, which this stage does not know.
    Reenter(&'p Plan),
}

/// Rows over inputs on their way through a history. They are judged as rules are, and weigh nothing.
pub(super) fn tracked(policy: &Policy) -> impl Iterator<Item = &Row> {
    let rows = policy.escalation.iter().flat_map(|matrix| &matrix.rows);
    rows.filter(|row| row.rule.is_some())
}

/// What became of a row.
#[derive(Clone, Copy)]
struct Said {
    /// Whether it is true; none: nobody can tell.
    truth: Option<bool>,
    since: Option<Timestamp>,
}

/// What became of the conditions of rows that were followed through the history, in the order of [`tracked`].
pub(super) struct Followed(Vec<Said>);

impl Followed {
    /// What they say at the end.
    pub(super) fn of(tracks: &[Track<'_>], world: &mut World<'_>, now: Moment) -> Self {
        let mut outcomes = Vec::new();
        for track in tracks {
            track.outcomes(world, now, &mut outcomes);
        }
        let said = outcomes.iter().map(|outcome| Said {
            truth: match outcome.status {
                Status::Fired => Some(true),
                Status::Unknown => None,
                _ => Some(false),
            },
            since: outcome.timing.fired_at.or(outcome.timing.since),
        });
        Self(said.collect())
    }
}

/// What follows from a decision.
pub(super) fn follow<'p>(
    policy: &'p Policy,
    question: Question<'p>,
    world: &mut World<'p>,
    decision: Decision,
    outcomes: &[Outcome<'p>],
    followed: &Followed,
) -> Follows<'p> {
    let stage = question.stage;
    if policy.following(stage).next().is_none()
        && policy.rollback_plan.is_empty()
        && policy
            .after
            .duties()
            .chain(stage.after.duties())
            .next()
            .is_none()
    {
        return Follows::default();
    }
    let lists = Lists::of(outcomes);
    let from = since::decided(decision, outcomes, world);
    lists.show(world, decision);
    let mut follows = Follows {
        from,
        ..Follows::default()
    };
    let asking = rows::Asking {
        now: question.now,
        lists: &lists,
        from,
    };
    rows::speak(policy, world, &asking, followed, &mut follows);
    match decision {
        Decision::Rollback => plan::plan(policy, world, &mut follows),
        Decision::Go if policy.is_check(stage) => {
            plan::reenter(policy, stage, world, &mut follows);
        }
        Decision::Go | Decision::NoGo => {}
    }
    let planned = follows.plan.map(|plan| plan.duties.as_slice());
    let lists = [of(&policy.after, decision), of(&stage.after, decision)];
    for duty in lists.into_iter().chain(planned).flatten() {
        let applies = duty
            .when
            .as_ref()
            .map_or(Some(true), |when| test(when, world));
        if applies != Some(false) {
            let undecided = applies.is_none();
            follows.duties.push(Owed { duty, undecided });
        }
    }
    follows
}

/// The duties after a decision.
fn of(after: &After, decision: Decision) -> &[Duty] {
    match decision {
        Decision::Go => &after.go,
        Decision::NoGo => &after.no_go,
        Decision::Rollback => &after.rollback,
    }
}

/// Whether a condition is true now; none where nobody can tell, as beyond a run-time limit.
fn test(expr: &Compiled, world: &World<'_>) -> Option<bool> {
    match expr.test(world.slots(), &mut Budget::default()) {
        Tri::True => Some(true),
        Tri::False => Some(false),
        Tri::Unknown(_) => None,
    }
}
