//! What every part of an expression was worth, for explanations.
//!
//! It never decides anything: the result of a trace is the result of the evaluation.

use std::ops::Range;
use std::sync::Arc;

use super::compiled::Side;
use super::fault::Fault;
use super::names::Names;
use super::plan::{Step, What};
use super::tree::{Id, Op};
use super::units::Unit;
use super::value::{Key, Value};

/// What one evaluation of an expression saw.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The value of the whole, or why it has none.
    pub result: Result<Value, Fault>,
    /// The parts that were evaluated, in the order of the text; a part inside a macro stands there once for each item
    /// that decided.
    pub parts: Vec<Traced>,
    /// The macros of which more items decided than are shown, by their bytes, and how many more.
    pub more: Vec<(Range<usize>, usize)>,
}

/// One part of an expression and its value.
#[derive(Clone, Debug)]
pub struct Traced {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Its value, or why it has none.
    pub value: Result<Value, Fault>,
    /// The unit of its value.
    pub unit: Option<Unit>,
    /// Whether it adds or subtracts, and nothing else.
    pub is_sum: bool,
    /// Inside macros: the key or index of the item of each it was evaluated for, the outermost first.
    pub items: Vec<Key>,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A declared input, or a part of one: the slot it is read from.
    Input {
        /// The index of the slot.
        slot: usize,
    },
    /// A variable of a macro.
    Item,
    /// A named expression.
    Let,
    /// Something that is the same at every evaluation.
    Constant,
    /// Two values compared.
    Comparison {
        /// The operator.
        op: Op,
        /// The left operand.
        left: Box<Operand>,
        /// The right operand.
        right: Box<Operand>,
    },
    /// `&&`, `||`, `!` or `?:`.
    Logical {
        /// What joins: `&&` or `||`.
        op: Option<Op>,
    },
    /// A function or macro.
    Call,
    /// Anything else: arithmetic, a list, a map.
    Other,
}

/// An operand of a comparison with its value as it was compared: in the unit of the comparison.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What it is.
    pub side: Side,
    /// Its value, or why it has none.
    pub value: Result<Value, Fault>,
    /// It as written, with the items of macros it was evaluated for.
    pub text: String,
}

/// Whether a step adds or subtracts, all the way down to what is read.
fn is_sum(steps: &[Step], id: Id) -> bool {
    let Some(What::Arith {
        op: Op::Add | Op::Subtract,
        left,
        right,
    }) = steps.get(id).map(|step| &step.what)
    else {
        return false;
    };
    let part = |id: Id| {
        let what = steps.get(id).map(|step| &step.what);
        !matches!(what, Some(What::Arith { .. })) || is_sum(steps, id)
    };
    part(*left) && part(*right)
}

/// The most parts that are written down: an item that decides inside an item that decides shows its own.
const PARTS: usize = 2_000;

/// Writes down the values of parts as they are evaluated.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) parts: Vec<Traced>,
    /// The macros of which more items decided than are shown.
    pub(crate) more: Vec<(Range<usize>, usize)>,
    /// The items that macros are at, the outermost first.
    pub(crate) items: Vec<Key>,
    /// What their variables stand for.
    pub(crate) names: Names,
    /// The text of the expression.
    pub(crate) text: Arc<str>,
    /// The last value of every step.
    values: Vec<Option<Result<Value, Fault>>>,
}

impl Recorder {
    /// One for an expression with this text.
    pub(crate) fn of(text: Arc<str>) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// Keeps the value of a step.
    pub(crate) fn record(&mut self, steps: &[Step], id: Id, value: &Result<Value, Fault>) {
        if self.values.len() <= id {
            self.values
                .resize(steps.len().max(id.saturating_add(1)), None);
        }
        if let Some(place) = self.values.get_mut(id) {
            *place = Some(value.clone());
        }
        let Some(step) = steps.get(id).filter(|_| self.parts.len() < PARTS) else {
            return;
        };
        let kind = match &step.what {
            // A converted operand is told by the comparison it stands in.
            What::Scale { .. } => return,
            What::Const(_) | What::Fail(_) => Kind::Constant,
            What::Slot { slot, .. } => Kind::Input { slot: *slot },
            What::Local { .. } => Kind::Item,
            What::Let(_) => Kind::Let,
            What::Field { .. }
            | What::Index { .. }
            | What::OptField { .. }
            | What::OptIndex { .. } => super::compiled::path(steps, id)
                .map_or(Kind::Other, |(slot, _)| Kind::Input { slot }),
            What::And(..) => Kind::Logical { op: Some(Op::And) },
            What::Or(..) => Kind::Logical { op: Some(Op::Or) },
            What::Not(_) | What::If { .. } | What::Else { .. } => Kind::Logical { op: None },
            What::Compare { op, left, right } => Kind::Comparison {
                op: *op,
                left: Box::new(self.operand(steps, *left)),
                right: Box::new(self.operand(steps, *right)),
            },
            What::In { item, of } => Kind::Comparison {
                op: Op::In,
                left: Box::new(self.operand(steps, *item)),
                right: Box::new(self.operand(steps, *of)),
            },
            What::Call { .. }
            | What::Matches { .. }
            | What::Search { .. }
            | What::Known(_)
            | What::Within { .. }
            | What::Fold(_)
            | What::Has { .. }
            | What::Bind { .. }
            | What::OptMap { .. } => Kind::Call,
            What::Minus(_)
            | What::Arith { .. }
            | What::List(_)
            | What::Map(_)
            | What::OptItem(_) => Kind::Other,
        };
        self.parts.push(Traced {
            range: step.at.range(),
            kind,
            value: value.clone(),
            unit: step.unit.clone(),
            is_sum: is_sum(steps, id),
            items: self.items.clone(),
        });
    }

    /// More items of a macro decided than are shown.
    pub(crate) fn rest(&mut self, step: &Step, more: usize) {
        // Of a macro in a macro the first one stands for all.
        if !self.more.iter().any(|(range, _)| *range == step.at.range()) {
            self.more.push((step.at.range(), more));
        }
    }

    /// An operand with the value it had.
    fn operand(&mut self, steps: &[Step], id: Id) -> Operand {
        let side = super::compiled::side(steps, id);
        let value = self
            .values
            .get_mut(id)
            .and_then(Option::take)
            .unwrap_or(Err(Fault {
                reason: super::Reason::Missing(super::value::Missing::Absent),
                start: u32::try_from(side.range.start).unwrap_or(0),
                end: u32::try_from(side.range.end).unwrap_or(0),
            }));
        let text = self.names.told(&self.text, steps, side.range.clone());
        Operand { side, value, text }
    }

    /// The parts in the order of the text, outer ones before inner ones.
    pub(crate) fn finish(mut self) -> Vec<Traced> {
        self.parts
            .sort_by_key(|part| (part.range.start, std::cmp::Reverse(part.range.end)));
        self.parts
    }
}
