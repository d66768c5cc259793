//! The kinds of expectations, read and with their places. Never what came of a test.

use jiff::SignedDuration;

use super::ids::Id;
use super::value::written;
use crate::explain::reason::plain;
use crate::policy::decode::Text;
use crate::source::Span;
use crate::source::tree::Node;
use crate::verdict::{Cause, Decision, Status};

/// One key of `expect`.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The key.
    pub(super) key: &'static str,
    /// Where its value stands.
    pub(super) span: Span,
    /// What is expected.
    pub(super) what: Want,
}

/// What is expected.
#[derive(Clone, Debug)]
pub(super) enum Want {
    /// The decision.
    Verdict(Decision),
    /// All causes.
    Causes(Vec<Cause>),
    /// All rules of this status.
    Rules(Status, Vec<Id>),
    /// How long conditions have held; none: not at all.
    Held(Vec<(Id, Option<SignedDuration>)>),
    /// The exit code.
    ExitCode(u8),
    /// The stage that follows.
    Next(Option<Text>),
    /// The whole reason.
    Reason(Text),
    /// What warnings say, each a part of one; none: there is no warning.
    Warnings(Vec<Text>),
    /// Rows that speak.
    Escalation(Rows),
    /// What is to be done.
    Duties(Rows),
    /// Parts of the plan; none: there is no rollback.
    Rollback(Option<Vec<Part>>),
    /// All messages of each rule.
    Messages(Vec<(Id, Vec<Text>)>),
    /// Values of expressions: those of one rule, or that any rule shows.
    Values(Vec<Shown>),
    /// All that would change each rule.
    ToChange(Vec<(Id, Vec<Way>)>),
    /// The file with the whole explanation.
    Approved(String),
}

/// Rows of escalation, or duties.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// These and no other.
    All(Vec<Id>),
    /// Parts of some of them; none: it is not there.
    Some(Vec<(Id, Option<Vec<Part>>)>),
}

/// A part of a row or of a plan.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its key.
    pub(super) key: &'static str,
    /// Its value.
    pub(super) value: Node,
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The rule that shows it; none: any.
    pub(super) of: Option<Id>,
    /// The expression.
    pub(super) expr: Text,
    /// The value.
    pub(super) value: Node,
}

/// A change after which a rule is what it should be.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// The input.
    pub(super) input: String,
    /// How it must compare.
    pub(super) op: String,
    /// With what.
    pub(super) value: Node,
}

impl Want {
    /// Whether it takes an explained verdict to answer it.
    pub(super) fn needs_reasons(&self) -> bool {
        !matches!(
            self,
            Self::Verdict(_)
                | Self::Causes(_)
                | Self::Rules(..)
                | Self::Held(_)
                | Self::ExitCode(_)
                | Self::Next(_)
        )
    }
}

impl Way {
    /// It as a person writes it.
    pub(super) fn told(&self) -> String {
        let value = plain(&written(&self.value), None);
        format!("{} {} {value}", self.input, self.op)
    }
}
