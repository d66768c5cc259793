//! What explaining one verdict may cost. The worst findings come first and are explained in full; where there are very
//! many, the rest is told without its values. It never changes what was decided.

use crate::evaluate::Outcome;
use crate::expr::Budget;
use crate::verdict::{Gap, Operand, Part, Status};

/// The steps that all explanations of one verdict may take.
const STEPS: u64 = 32_000_000;
/// The bytes that the values and gaps of all findings of one verdict may have.
const BYTES: usize = 4 << 20;

/// What is left of it.
pub(super) struct Allowance {
    steps: u64,
    bytes: usize,
    /// Whether the values of what is as it should be are told.
    holding: bool,
}

impl Allowance {
    /// For all findings of a verdict: with the values of what is as it should be, or without.
    pub(super) fn of(holding: bool) -> Self {
        Self {
            steps: STEPS,
            bytes: BYTES,
            holding,
        }
    }

    /// Whether what an outcome's condition was judged on is told.
    pub(super) fn tells(&self, outcome: &Outcome<'_>) -> bool {
        self.holding || !matches!(outcome.status, Status::Met | Status::Clear)
    }

    /// Whether another finding may be explained in full.
    pub(super) fn any(&self) -> bool {
        self.steps > 0 && self.bytes > 0
    }

    /// Counts steps that were taken.
    pub(super) fn took(&mut self, steps: u64) {
        self.steps = self.steps.saturating_sub(steps);
    }

    /// Evaluates something within a budget of its own, and counts its steps.
    pub(super) fn run<T>(&mut self, evaluate: impl FnOnce(&mut Budget) -> T) -> T {
        let mut budget = Budget::default();
        let result = evaluate(&mut budget);
        self.took(budget.spent());
        result
    }

    /// Counts what a finding tells.
    pub(super) fn told(&mut self, operands: &[Operand], gaps: &[Gap], parts: &[Part]) {
        let parts = parts.iter().map(|part| {
            let value = part.value.as_ref();
            let value = value.map_or(0, |value| value.to_string().len());
            part.expr.len().saturating_add(value)
        });
        let operands = operands.iter().map(|operand| {
            operand
                .expr
                .len()
                .saturating_add(operand.value.to_string().len())
        });
        let gaps = gaps
            .iter()
            .map(|gap| gap.expr.len().saturating_add(gap.reason.len()));
        let bytes = operands
            .chain(gaps)
            .chain(parts)
            .fold(0_usize, usize::saturating_add);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}
