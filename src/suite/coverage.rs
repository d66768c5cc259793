//! What tests cover of a policy: rules seen both to hold and not to, operands that decided both ways, limits and durations
//! with a fixture at and on each side of them. It looks at judgements, and judges nothing.

use crate::evaluate::{Judgement, Question};
use crate::policy::Policy;

/// What was seen of a policy.
#[derive(Clone, Debug, Default)]
pub struct Seen {}

impl Seen {
    /// Takes in what a judgement shows.
    pub fn take(&mut self, _policy: &Policy, _question: Question<'_>, _judgement: &Judgement<'_>) {}

    /// Adds what others saw: the order in which never matters.
    pub fn merge(&mut self, _other: Self) {}
}
