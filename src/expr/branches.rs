//! Where an expression can go one way or the other: the operands of its `&&` and `||`, and its comparisons with a limit;
//! and which way it went. It never decides: every value is that of the evaluation.
//!
//! What is built by `filter`, `map` and their like is a value and not looked into, nor is what a window looks back at.

mod walk;

use std::cmp::Ordering;
use std::ops::Range;

use super::budget::Budget;
use super::compiled::{Compiled, Side, side};
use super::plan::{Folded, Load, Step, What};
use super::tree::{Id, Op};
use super::value::{Key, Value};
use super::window::Method;

/// Where an expression can go one way or the other, in the order of its text. Those of named expressions are their own.
#[derive(Clone, Debug, Default)]
pub struct Branches {
    /// The bytes of the operands of `&&` and `||`: of `a && b && c` all three. One that is always the same is none.
    pub operands: Vec<Range<usize>>,
    /// The comparisons with a limit.
    pub limits: Vec<Edge>,
}

/// A comparison of what may change with a number, a length of time or an instant that is always the same.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The bytes of the whole.
    pub range: Range<usize>,
    /// The operator as if the limit stood behind it.
    pub op: Op,
    /// The limit in the unit of the comparison.
    pub limit: Value,
    /// The slot, if a plain input, a part of one or a window is compared.
    pub slot: Option<usize>,
    /// The slot of the input that it is a part of, whichever part: of a plain one itself.
    pub of: Option<usize>,
    /// The way into the slot's value.
    pub path: Vec<Key>,
    /// What the number is multiplied with before it is compared.
    pub factor: f64,
    /// Whether it is always a whole number.
    pub whole: bool,
    /// The least it can be whatever is measured, before it is multiplied; none: not known.
    pub least: Option<f64>,
    /// The greatest.
    pub greatest: Option<f64>,
}

/// Something an evaluation showed of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// The named expression it is in, as the text refers to it; none: the expression itself.
    pub named: Option<String>,
    /// The bytes of the operand or of the comparison.
    pub range: Range<usize>,
    /// What was seen.
    pub what: Sighted,
}

/// What was seen of an operand or a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sighted {
    /// The operand decided: it has this value, and with the other one the whole would be something else.
    Decided(bool),
    /// What is compared lies there, seen from the limit.
    Compared(Ordering),
}

impl Compiled {
    /// Where it can go one way or the other.
    #[must_use]
    pub fn branches(&self) -> Branches {
        let mut found = Branches::default();
        let mut open = vec![(self.root, None)];
        while let Some((id, joined)) = open.pop() {
            let Some(step) = self.steps.get(id) else {
                continue;
            };
            let own = op(&step.what);
            let is_operand = joined.is_some() && own != joined;
            if is_operand && step.what.constant().is_none() {
                found.operands.push(step.at.range());
            }
            found.limits.extend(self.edge(step));
            open.extend(children(&step.what).into_iter().map(|id| (id, own)));
        }
        // Outer ones before inner ones, as a trace has them.
        let outer = |range: &Range<usize>| (range.start, std::cmp::Reverse(range.end));
        found.operands.sort_by_key(outer);
        found.limits.sort_by_key(|edge| outer(&edge.range));
        found
    }

    /// What an evaluation on these values shows of it and of its named expressions; nothing where the whole is unknown.
    #[must_use]
    pub fn sightings(&self, slots: &[Value], budget: &mut Budget) -> Vec<Sighting> {
        walk::sightings(self, slots, budget)
    }

    /// A comparison with a limit.
    fn edge(&self, step: &Step) -> Option<Edge> {
        let What::Compare { op, left, right } = &step.what else {
            return None;
        };
        let (one, other) = (side(&self.steps, *left), side(&self.steps, *right));
        let (op, judged, limit, id) = match (&one.constant, &other.constant) {
            (None, Some(limit)) => (*op, &one, limit, *left),
            (Some(limit), None) => (op.turned(), &other, limit, *right),
            _ => return None,
        };
        let ordered = matches!(
            limit,
            Value::Double(_)
                | Value::Int(_)
                | Value::Uint(_)
                | Value::Duration(_)
                | Value::Timestamp(_)
        );
        let Side { slot, path, .. } = judged.clone();
        ordered.then(|| {
            let reach = self.reach(id);
            Edge {
                range: step.at.range(),
                op,
                limit: limit.clone(),
                slot,
                of: slot.or_else(|| self.whole_of(id)),
                path,
                factor: judged.factor,
                whole: reach.0,
                least: reach.1,
                greatest: reach.2,
            }
        })
    }

    /// The slot that a step is a part of, whatever the key or index.
    fn whole_of(&self, id: Id) -> Option<usize> {
        match &self.steps.get(id)?.what {
            What::Slot { slot, .. } => Some(*slot),
            What::Scale { of, .. } | What::Field { of, .. } | What::Index { of, .. } => {
                self.whole_of(*of)
            }
            What::Let(named) => named.whole_of(named.root),
            _ => None,
        }
    }

    /// Whether a step is always a whole number, the least and the greatest it can be.
    fn reach(&self, id: Id) -> (bool, Option<f64>, Option<f64>) {
        let whole = |load: Load| load == Load::Int;
        match self.steps.get(id).map(|step| &step.what) {
            Some(What::Scale { of, .. }) => self.reach(*of),
            Some(What::Let(named)) => named.reach(named.root),
            Some(What::Slot { slot, load }) => {
                let window = self.windows.iter().find(|window| window.slot == *slot);
                match window.map(|window| window.method) {
                    Some(Method::Count | Method::Streak | Method::Edges) => (true, Some(0.0), None),
                    Some(Method::Share) => (false, Some(0.0), Some(1.0)),
                    Some(Method::Stddev | Method::Increase | Method::Rate) => {
                        (whole(*load), Some(0.0), None)
                    }
                    _ => (whole(*load), None, None),
                }
            }
            Some(
                What::Local { load, .. }
                | What::Field { load, .. }
                | What::Index { load, .. }
                | What::OptField { load, .. }
                | What::OptIndex { load, .. },
            ) => (whole(*load), None, None),
            Some(What::Call { function, .. }) if function.name == "size" => (true, Some(0.0), None),
            _ => (false, None, None),
        }
    }
}

/// `&&` or `||`.
fn op(what: &What) -> Option<Op> {
    match what {
        What::And(..) => Some(Op::And),
        What::Or(..) => Some(Op::Or),
        _ => None,
    }
}

/// Whether the tests of a macro are looked into.
fn asks(folded: &Folded) -> bool {
    use super::tree::How;
    matches!(folded.how, How::All | How::Exists | How::ExistsOne)
}

/// The parts of a step that are looked into.
pub(super) fn children(what: &What) -> Vec<Id> {
    match what {
        What::Fail(_) | What::Const(_) | What::Slot { .. } | What::Local { .. } | What::Let(_) => {
            Vec::new()
        }
        What::Field { of, .. }
        | What::OptField { of, .. }
        | What::Has { of, .. }
        | What::OptMap { of, .. }
        | What::Matches { of, .. }
        | What::Scale { of, .. }
        | What::OptItem(of)
        | What::Not(of)
        | What::Minus(of)
        | What::Known(of) => vec![*of],
        What::Index { of, index, .. } | What::OptIndex { of, index, .. } => vec![*of, *index],
        What::Else { of, other, .. } => vec![*of, *other],
        What::Search { of, pattern } => vec![*of, *pattern],
        What::In { item, of } => vec![*item, *of],
        What::And(left, right)
        | What::Or(left, right)
        | What::Arith { left, right, .. }
        | What::Compare { left, right, .. } => vec![*left, *right],
        What::If { test, yes, no } => vec![*test, *yes, *no],
        What::Within {
            left, right, by, ..
        } => vec![*left, *right, *by],
        What::List(items) => items.clone(),
        What::Map(entries) => entries
            .iter()
            .flat_map(|(key, value)| [*key, *value])
            .collect(),
        What::Call { args, .. } => args.clone(),
        What::Fold(folded) => {
            let test = folded.test.filter(|_| asks(folded));
            std::iter::once(folded.of).chain(test).collect()
        }
        What::Bind { value, body, .. } => vec![*value, *body],
    }
}
