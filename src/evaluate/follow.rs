//! What follows from a decision: rows of escalation, the plan of a rollback, duties. It reads the decision and never
//! changes it.

use jiff::Timestamp;

use super::run::Truth;
use super::{Outcome, World};
use crate::policy::{Duty, Matrix, Plan, Policy, Row, Stage};
use crate::verdict::{Cause, Decision};

/// What follows from a decision.
#[derive(Clone, Debug, Default)]
pub struct Follows<'p> {
    /// The rows of matrices that speak, or that nobody can tell of.
    pub rows: Vec<Speaks<'p>>,
    /// Where a rollback goes.
    pub plan: Option<&'p Plan>,
    /// What is to be done, with the time it is counted from.
    pub duties: Vec<Owed<'p>>,
    /// What people must know of it: rows of a matrix that exclude each other, a plan nobody can decide.
    pub notices: Vec<String>,
}

/// A row that speaks.
#[derive(Clone, Debug)]
pub struct Speaks<'p> {
    /// The matrix it stands in.
    pub matrix: &'p Matrix,
    /// The row.
    pub row: &'p Row,
    /// Since when; none: not known.
    pub since: Option<Timestamp>,
    /// Nobody can tell whether it is true.
    pub undecided: bool,
}

/// A duty.
#[derive(Clone, Debug)]
pub struct Owed<'p> {
    /// What is to be done.
    pub duty: &'p Duty,
    /// What its time is counted from; none: not known.
    pub from: Option<Timestamp>,
    /// Nobody can tell whether it is to be done.
    pub undecided: bool,
}

/// What became of a condition of a row that was followed through the history.
#[expect(dead_code, reason = "no row is followed yet")]
pub(super) struct Followed<'p> {
    pub(super) row: &'p Row,
    pub(super) truth: Truth,
    pub(super) since: Option<Timestamp>,
}

/// What follows from a decision.
pub(super) fn follow<'p>(
    _policy: &'p Policy,
    _stage: &'p Stage,
    _world: &mut World<'p>,
    _decided: (Decision, &[Cause]),
    _outcomes: &[Outcome<'p>],
    _followed: &[Followed<'p>],
) -> Follows<'p> {
    Follows::default()
}
