//! What a policy says of people and of what follows a verdict: roles, stages that come first, escalation, the plan of a
//! rollback, duties. Output and order only: a rule never reads it.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::calendar::Lasting;
use crate::expr::Compiled;
use crate::source::Position;

use super::{Policy, Rule, Stage};

/// Who can attest, approve or be told.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: Arc<str>,
    /// How it is reached.
    pub contact: Option<Arc<str>>,
    /// Who has it; none: anybody may say so.
    pub people: Option<Vec<Arc<str>>>,
}

/// A stage, or one of several, that must have gone well first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Any one of these.
    pub stages: Vec<Arc<str>>,
}

/// Rows of `escalation`.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Its name; none for a plain list.
    pub name: Option<Arc<str>>,
    /// Which of the rows that are true speak.
    pub hit: Hit,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// Which rows of a matrix speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The first that is true.
    First,
    /// All that are.
    All,
    /// The only one; more than one is told as a mistake of the matrix.
    Unique,
}

/// A row of a matrix.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: Arc<str>,
    /// What must be true.
    pub expr: Arc<Compiled>,
    /// How long.
    pub hold: Option<SignedDuration>,
    /// The condition as a soft stop that only watches: so it is followed through the history. None: it reads what became
    /// of rules, and is asked once they are decided.
    pub rule: Option<Arc<Rule>>,
    /// How urgent it is: an index into the severities.
    pub severity: Option<usize>,
    /// What to do.
    pub action: Option<Arc<str>>,
    /// The time to do it, in place of the severity's.
    pub within: Option<Lasting>,
    /// Whom to tell, beside the severity's.
    pub notify: Vec<Arc<str>>,
    /// The rows of the playbook.
    pub cite: Vec<Arc<str>>,
    /// Where it stands.
    pub place: Position,
}

/// A row of `rollback_plan`.
#[derive(Clone, Debug)]
pub struct Plan {
    /// When it is this one; none: in any other case.
    pub expr: Option<Arc<Compiled>>,
    /// How to go back, such as `instant`.
    pub mode: Arc<str>,
    /// To what, such as `0%`.
    pub target: Arc<str>,
    /// The stage to start again with.
    pub reenter: Option<Arc<str>>,
    /// The time for it, counted from when the stop fired.
    pub within: Option<Lasting>,
    /// Rules that must hold for it to be possible.
    pub requires: Vec<Arc<str>>,
    /// The stage that says whether it is done.
    pub check: Option<Arc<str>>,
    /// What else is to be done.
    pub duties: Vec<Duty>,
    /// The rows of the playbook.
    pub cite: Vec<Arc<str>>,
    /// Where it stands.
    pub place: Position,
}

/// What is to be done after each verdict.
#[derive(Clone, Debug, Default)]
pub struct After {
    /// After a rollback.
    pub rollback: Vec<Duty>,
    /// After a no-go.
    pub no_go: Vec<Duty>,
    /// After a go.
    pub go: Vec<Duty>,
}

/// Something to be done.
#[derive(Clone, Debug)]
pub struct Duty {
    /// What.
    pub what: Arc<str>,
    /// By whom: a role, where the policy lists any.
    pub by: Option<Arc<str>>,
    /// How long there is for it.
    pub within: Option<Lasting>,
    /// When it is to be done; none: always.
    pub when: Option<Arc<Compiled>>,
    /// The rows of the playbook.
    pub cite: Vec<Arc<str>>,
}

impl Policy {
    /// Every condition of what can follow a verdict on a stage.
    pub fn following<'p>(&'p self, stage: &'p Stage) -> impl Iterator<Item = &'p Arc<Compiled>> {
        let rows = self.escalation.iter().flat_map(|matrix| &matrix.rows);
        let plans = || self.rollback_plan.iter();
        let duties = self.after.duties().chain(stage.after.duties());
        let duties = duties.chain(plans().flat_map(|plan| &plan.duties));
        rows.map(|row| &row.expr)
            .chain(plans().filter_map(|plan| plan.expr.as_ref()))
            .chain(duties.filter_map(|duty| duty.when.as_ref()))
    }
}

impl After {
    /// All duties.
    pub fn duties(&self) -> impl Iterator<Item = &Duty> {
        self.rollback.iter().chain(&self.no_go).chain(&self.go)
    }
}
