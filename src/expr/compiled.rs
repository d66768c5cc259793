//! A checked expression and what can be asked of it.
//!
//! It never changes after it was made, and may be shared between threads.

use std::ops::Range;
use std::sync::Arc;

use super::budget::Budget;
use super::eval::Run;
use super::fast::{Fast, Limits};
use super::fault::{Fault, Reason, Tri};
use super::mistake::Mistake;
use super::pattern::Patterns;
use super::plan::{Step, What};
use super::same;
use super::scope::Scope;
use super::trace::{Recorder, Trace};
use super::tree::{Id, Op};
use super::types::Type;
use super::units::Unit;
use super::value::{Key, Value};
use super::window::Window;

/// What an expression must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// `true` or `false`: a condition.
    Bool,
    /// Anything.
    Any,
    /// A list or a map.
    Iterable,
}

/// A checked expression: it cannot raise a type or a name error on values that fit their declarations.
#[derive(Debug)]
pub struct Compiled {
    pub(super) text: Arc<str>,
    /// One step for each node of the tree, and conversions behind them.
    pub(super) steps: Vec<Step>,
    pub(super) root: Id,
    pub(super) ty: Type,
    pub(super) unit: Option<Unit>,
    /// INVARIANT: sorted, none twice.
    pub(super) slots: Vec<usize>,
    /// The same with what the windows look back at. INVARIANT: sorted, none twice.
    pub(super) reads: Vec<usize>,
    /// Its own and those of its named expressions. INVARIANT: sorted by slot, none twice.
    pub(super) windows: Vec<Arc<Window>>,
    pub(super) strict: bool,
    pub(super) fast: Option<Fast>,
    /// How many named expressions stand in one another here.
    pub(super) lets: u16,
    /// How many steps lie on the longest way down, those of named expressions included: never more than the stack holds.
    pub(super) height: u16,
}

/// Two values compared in an expression.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The bytes of the whole.
    pub range: Range<usize>,
    /// The operator: one that compares, or `in`.
    pub op: Op,
    /// What stands before it.
    pub left: Side,
    /// What stands behind it.
    pub right: Side,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its value in the unit of the comparison, if it is always the same.
    pub constant: Option<Value>,
    /// The slot, if it is a plain input or a part of one.
    pub slot: Option<usize>,
    /// The way into the slot's value.
    pub path: Vec<Key>,
    /// What the number is multiplied with before it is compared, to convert its unit.
    pub factor: f64,
    /// The unit in which it is compared.
    pub unit: Option<Unit>,
}

/// Checks an expression and plans its evaluation.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text; beyond a limit nothing else.
pub fn compile(text: &str, scope: &Scope, expect: Expect) -> Result<Compiled, Vec<Mistake>> {
    let read = super::parse::parse(text).map_err(|mistake| vec![*mistake])?;
    let root = read.root;
    let mut compiled = super::check::check(text, read, scope, expect)?;
    if compiled.ty == Type::Bool && compiled.strict {
        compiled.fast = super::fast::lower(&compiled.steps, root);
    }
    Ok(compiled)
}

impl Compiled {
    /// The text it was made from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The type of its value.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The unit of its value.
    #[must_use]
    pub fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    /// The slot it reads, if it does nothing else.
    #[must_use]
    pub fn plain(&self) -> Option<usize> {
        match self.steps.get(self.root)?.what {
            What::Slot { slot, .. } => Some(slot),
            _ => None,
        }
    }

    /// Whether it is true. A slot that is not there is unknown. Where the budget is spent, the result is unknown.
    #[must_use]
    pub fn test(&self, slots: &[Value], budget: &mut Budget) -> Tri {
        match &self.fast {
            Some(fast) => match fast.quick(slots) {
                Some(true) => Tri::True,
                Some(false) => Tri::False,
                None => fast.test(slots).into(),
            },
            None => self.test_slowly(slots, budget),
        }
    }

    /// Whether it is true, if it is one of the common conditions and all it needs is known; otherwise nothing.
    #[inline]
    pub(crate) fn quick(&self, slots: &[Value]) -> Option<bool> {
        self.fast.as_ref()?.quick(slots)
    }

    /// The limits it consists of, if it is nothing but numbers in slots against constants.
    pub(crate) fn limits(&self) -> Option<Limits> {
        self.fast.as_ref()?.limits()
    }

    /// The same by the plan alone.
    pub(crate) fn test_slowly(&self, slots: &[Value], budget: &mut Budget) -> Tri {
        match self.value(slots, budget) {
            Ok(Value::Bool(true)) => Tri::True,
            Ok(Value::Bool(false)) => Tri::False,
            Ok(_) => Tri::Unknown(self.whole(Reason::WrongType)),
            Err(fault) => Tri::Unknown(fault),
        }
    }

    /// Its value, or why there is none.
    ///
    /// # Errors
    /// The first reason in the order of evaluation, with its place in the text.
    pub fn value(&self, slots: &[Value], budget: &mut Budget) -> Result<Value, Fault> {
        self.run(slots, budget, None)
    }

    /// Its value with the value of every part, within a budget of its own.
    #[must_use]
    pub fn trace(&self, slots: &[Value]) -> Trace {
        self.traced(slots, &mut Budget::default())
    }

    /// The same within a budget that is given.
    #[must_use]
    pub fn traced(&self, slots: &[Value], budget: &mut Budget) -> Trace {
        let mut recorder = Recorder::of(Arc::clone(&self.text));
        let result = self.run(slots, budget, Some(&mut recorder));
        Trace {
            result,
            more: std::mem::take(&mut recorder.more),
            parts: recorder.finish(),
        }
    }

    /// Evaluates the plan.
    pub(super) fn run(
        &self,
        slots: &[Value],
        budget: &mut Budget,
        recorder: Option<&mut Recorder>,
    ) -> Result<Value, Fault> {
        let strict = self.strict;
        Run {
            steps: &self.steps,
            slots,
            budget,
            strict,
            locals: Vec::new(),
            recorder,
            patterns: Patterns::default(),
            denied: None,
        }
        .eval(self.root)
    }

    /// A fault of the whole.
    fn whole(&self, reason: Reason) -> Fault {
        Fault {
            reason,
            start: 0,
            end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
        }
    }

    /// Every comparison in the text, in its order.
    #[must_use]
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut found: Vec<Comparison> = self
            .steps
            .iter()
            .filter_map(|step| {
                let (op, left, right) = match &step.what {
                    What::Compare { op, left, right } => (*op, *left, *right),
                    What::In { item, of } => (Op::In, *item, *of),
                    _ => return None,
                };
                let (left, right) = (side(&self.steps, left), side(&self.steps, right));
                Some(Comparison {
                    range: step.at.range(),
                    op,
                    left,
                    right,
                })
            })
            .collect();
        found.sort_by_key(|comparison| (comparison.range.start, comparison.range.end));
        found
    }

    /// The condition, if it is one comparison and nothing else.
    #[must_use]
    pub fn comparison(&self) -> Option<Comparison> {
        let step = self.steps.get(self.root)?;
        let What::Compare { op, left, right } = &step.what else {
            return None;
        };
        Some(Comparison {
            range: step.at.range(),
            op: *op,
            left: side(&self.steps, *left),
            right: side(&self.steps, *right),
        })
    }

    /// The texts that `&&`, or `||`, joins to the condition; the whole alone if it does not.
    #[must_use]
    pub fn operands(&self, joined: Op) -> Vec<&str> {
        let mut open = vec![self.root];
        let mut found = Vec::new();
        while let Some(step) = open.pop().and_then(|id| self.steps.get(id)) {
            match (&step.what, joined) {
                (What::And(left, right), Op::And) | (What::Or(left, right), Op::Or) => {
                    open.extend([*right, *left]);
                }
                _ => found.push(step.at.of(&self.text)),
            }
        }
        found
    }
}

/// The slot and the way into it, if a step reads an input or a part of one that is always the same.
pub(super) fn path(steps: &[Step], id: Id) -> Option<(usize, Vec<Key>)> {
    match &steps.get(id)?.what {
        What::Slot { slot, .. } => Some((*slot, Vec::new())),
        What::Field { of, key, .. } | What::OptField { of, key, .. } => {
            let (slot, mut keys) = path(steps, *of)?;
            keys.push(Key::String(key.clone()));
            Some((slot, keys))
        }
        What::Index { of, index, .. } | What::OptIndex { of, index, .. } => {
            let (slot, mut keys) = path(steps, *of)?;
            keys.push(same::lookup(steps.get(*index)?.what.constant()?)?);
            Some((slot, keys))
        }
        _ => None,
    }
}

/// A side of a comparison.
pub(super) fn side(steps: &[Step], id: Id) -> Side {
    let mut factor = 1.0;
    let mut inner = id;
    if let Some(What::Scale { of, factor: by }) = steps.get(id).map(|step| &step.what) {
        (inner, factor) = (*of, *by);
    }
    let step = steps.get(id);
    let place = path(steps, inner);
    Side {
        range: step.map_or(0..0, |step| step.at.range()),
        constant: step.and_then(|step| step.what.constant()).cloned(),
        slot: place.as_ref().map(|(slot, _)| *slot),
        path: place.map(|(_, keys)| keys).unwrap_or_default(),
        factor,
        unit: step.and_then(|step| step.unit.clone()),
    }
}
