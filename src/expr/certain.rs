//! What a condition is whatever is measured: decided by its literals, by comparing a thing with itself, or by the
//! declared range of an input. It never guesses: what it does not follow is not certain, and a parameter is not, for
//! `--set` may change it.

use std::cmp::Ordering;
use std::ops::Range;

use super::compiled::{Compiled, side};
use super::plan::{Step, What};
use super::same;
use super::shape::shape;
use super::tree::{Id, Op};
use super::value::Value;

/// The least and the greatest number a slot can hold, where they are declared.
pub type Bounds<'b> = &'b dyn Fn(usize) -> Option<(f64, f64)>;

/// A condition, or a part of one, that is always the same; where a value is missing it may be unknown all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certain {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it always is.
    pub value: bool,
    /// The slots whose declared range decided it.
    pub bounded: Vec<usize>,
    /// Whether it is all of the condition, not a part of it.
    pub whole: bool,
}

impl Compiled {
    /// The condition if it is certain; otherwise the operands of its `&&`, `||` and `!` that are.
    #[must_use]
    pub fn certain(&self, bounds: Bounds<'_>) -> Vec<Certain> {
        let mut search = Search {
            bounds,
            left: PATIENCE,
        };
        let mut found = Vec::new();
        self.spine(self.root, true, &mut search, &mut found);
        found
    }

    fn spine(&self, id: Id, whole: bool, search: &mut Search<'_>, found: &mut Vec<Certain>) {
        let Some(step) = self.steps.get(id) else {
            return;
        };
        if let Some(mut answer) = self.always(id, search) {
            answer.bounded.sort_unstable();
            answer.bounded.dedup();
            found.push(Certain {
                range: step.at.range(),
                value: answer.value,
                bounded: answer.bounded,
                whole,
            });
            return;
        }
        match &step.what {
            What::And(left, right) | What::Or(left, right) => {
                self.spine(*left, false, search, found);
                self.spine(*right, false, search, found);
            }
            What::Not(of) => self.spine(*of, false, search, found),
            _ => {}
        }
    }

    fn always(&self, id: Id, search: &mut Search<'_>) -> Option<Answer> {
        search.left = search.left.checked_sub(1)?;
        let step = self.steps.get(id)?;
        match &step.what {
            What::Const(Value::Bool(value)) if !self.may_be_set(step) => Some(Answer::of(*value)),
            What::Let(named) => named.always(named.root, search),
            What::Not(of) => self.always(*of, search).map(|answer| Answer {
                value: !answer.value,
                ..answer
            }),
            What::And(left, right) => self.joined([*left, *right], false, search),
            What::Or(left, right) => self.joined([*left, *right], true, search),
            What::If { test, yes, no } => match self.always(*test, search) {
                Some(test) => {
                    let taken = if test.value { *yes } else { *no };
                    Some(test.with(self.always(taken, search)?))
                }
                None => {
                    let yes = self.always(*yes, search)?;
                    let no = self.always(*no, search)?;
                    (yes.value == no.value).then(|| yes.with(no))
                }
            },
            What::Compare { op, left, right } => self.compared(*op, [*left, *right], search),
            _ => None,
        }
    }

    /// `&&`, which one false decides, or `||`, which one true does.
    fn joined(
        &self,
        [left, right]: [Id; 2],
        decides: bool,
        search: &mut Search<'_>,
    ) -> Option<Answer> {
        let left = self.always(left, search);
        if left.as_ref().is_some_and(|left| left.value == decides) {
            return left;
        }
        let right = self.always(right, search)?;
        if right.value == decides {
            return Some(right);
        }
        Some(left?.with(right))
    }

    fn compared(&self, op: Op, [left, right]: [Id; 2], search: &Search<'_>) -> Option<Answer> {
        let (a, b) = (self.steps.get(left)?, self.steps.get(right)?);
        if alike(a.at.of(&self.text), b.at.of(&self.text)) {
            let value = matches!(op, Op::LessEqual | Op::GreaterEqual | Op::Equal);
            return Some(Answer::of(value));
        }
        if self.may_be_set(a) || self.may_be_set(b) {
            return None;
        }
        let (one, other) = (side(&self.steps, left), side(&self.steps, right));
        let (op, input, limit) = match (&one.constant, &other.constant) {
            (Some(one), Some(other)) => return ordered(op, one, other).map(Answer::of),
            (None, Some(limit)) => (op, &one, limit),
            (Some(limit), None) => (op.turned(), &other, limit),
            (None, None) => return None,
        };
        let slot = input.slot?;
        Some(Answer {
            value: within(op, (search.bounds)(slot)?, input.factor, number(limit)?)?,
            bounded: vec![slot],
        })
    }

    /// Whether a part names a parameter.
    fn may_be_set(&self, step: &Step) -> bool {
        step.at.of(&self.text).contains("params")
    }
}

/// How many steps are followed before nothing more is certain: named expressions that stand in one another twice each
/// would otherwise be followed for ever.
const PATIENCE: u32 = 10_000;

/// What decides, and how much further to look.
struct Search<'b> {
    bounds: Bounds<'b>,
    left: u32,
}

/// What a part always is, and the slots whose range decided it.
struct Answer {
    value: bool,
    bounded: Vec<usize>,
}

impl Answer {
    fn of(value: bool) -> Self {
        Self {
            value,
            bounded: Vec::new(),
        }
    }

    /// The other answer, which rests on this one as well.
    fn with(mut self, mut other: Self) -> Self {
        self.bounded.append(&mut other.bounded);
        Self {
            bounded: self.bounded,
            ..other
        }
    }
}

/// Whether two parts say the same in the same words.
fn alike(one: &str, other: &str) -> bool {
    // Most do not, and need not be taken apart to see it.
    let letters = |text: &str| -> Vec<u8> {
        let kept = text.bytes();
        kept.filter(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'(' | b')'))
            .collect()
    };
    letters(one) == letters(other) && shape(one).is_some_and(|one| Some(one) == shape(other))
}

/// Two constants compared.
fn ordered(op: Op, one: &Value, other: &Value) -> Option<bool> {
    match op {
        Op::Equal => one.equals(other),
        Op::NotEqual => one.equals(other).map(|equal| !equal),
        _ => {
            let order = same::order(one, other)??;
            Some(match op {
                Op::Less => order.is_lt(),
                Op::LessEqual => order.is_le(),
                Op::Greater => order.is_gt(),
                Op::GreaterEqual => order.is_ge(),
                _ => return None,
            })
        }
    }
}

/// A number between two ends compared with a limit. Multiplying rounds, but never turns an order round.
fn within(op: Op, (least, greatest): (f64, f64), factor: f64, limit: f64) -> Option<bool> {
    if factor <= 0.0 {
        return None;
    }
    let least = (least * factor).partial_cmp(&limit)?;
    let greatest = (greatest * factor).partial_cmp(&limit)?;
    let all = |fits: fn(Ordering) -> bool| match (fits(least), fits(greatest)) {
        (true, true) => Some(true),
        (false, false) => Some(false),
        _ => None,
    };
    match op {
        Op::Less => all(Ordering::is_lt),
        Op::LessEqual => all(Ordering::is_le),
        Op::Greater => all(Ordering::is_gt),
        Op::GreaterEqual => all(Ordering::is_ge),
        Op::Equal | Op::NotEqual => {
            (least.is_gt() || greatest.is_lt()).then_some(op == Op::NotEqual)
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::Int(number) => Some(super::number::double(*number)),
        _ => None,
    }
}
