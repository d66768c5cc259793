//! What can be seen of a policy, as what it is counted under. Places among stages and rules are those of the written
//! policy, and so the same whatever its parameters are set to. Never how often.

use std::cmp::Ordering;
use std::ops::Range;

/// Something that can be seen of a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) of: Of,
    pub(super) what: What,
}

/// What of a policy it is seen of. Stages and rules by their index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    /// A rule.
    Rule { stage: usize, rule: usize },
    /// The least time of a stage.
    Bake { stage: usize },
    /// The traffic a stage may expose.
    Traffic { stage: usize },
    /// A stage that must have gone well first.
    Needs { stage: usize, need: usize },
    /// A field of the subject that an audit needs.
    Field { stage: usize, field: usize },
    /// A named expression, whoever refers to it.
    Named(String),
}

/// What is seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Whether it held.
    Held(bool),
    /// An operand decided, being this.
    Operand(Bytes, bool),
    /// What is compared lay there, seen from the limit.
    Limit(Bytes, Ordering),
    /// How long it held, seen from how long it must.
    Lasted(Ordering),
}

/// Bytes of an expression: of which one of the rule's, from where, up to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bytes {
    expression: usize,
    start: usize,
    end: usize,
}

impl Bytes {
    pub(super) fn new(expression: usize, range: &Range<usize>) -> Self {
        Self {
            expression,
            start: range.start,
            end: range.end,
        }
    }
}

/// The name of a named expression as it is declared: a reference says which baseline it is asked of.
pub(super) fn declared(reference: &str) -> String {
    let name = reference.rsplit('.').next().unwrap_or(reference);
    name.trim().to_owned()
}
