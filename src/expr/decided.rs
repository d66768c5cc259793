//! Which parts of a condition made it what it is: along `&&`, `||`, `!`, `?:` and macros only what has the truth that
//! decided, down to comparisons and what is no further joined. It never says what should be changed.

use std::sync::Arc;

use super::budget::Budget;
use super::compiled::{Compiled, side};
use super::eval::{Items, Run};
use super::names::Names;
use super::pattern::Patterns;
use super::plan::{Folded, Step, What};
use super::trace::Operand;
use super::tree::{How, Id, Op};
use super::value::Value;

/// The most parts that are kept.
const MOST: usize = 64;
/// How many items of a macro are kept that decided together.
const ITEMS: usize = 3;

/// A part of a condition that decided.
#[derive(Clone, Debug)]
pub struct Decider {
    /// The part as written, with the items of macros it was evaluated for: `r["a"] < 3`.
    pub text: String,
    /// What it came to.
    pub value: bool,
    /// What it is.
    pub what: Deciding,
    /// The named expression it stands in, where the text is of one.
    pub named: Option<Arc<Compiled>>,
    /// Of an item that decided by itself: how many others of the same list or map did as well.
    pub others: usize,
}

/// What a part is that decided.
#[derive(Clone, Debug)]
pub enum Deciding {
    /// Two values compared.
    Comparison {
        /// The operator: one that compares, or `in`.
        op: Op,
        /// What stands before it.
        left: Box<Operand>,
        /// What stands behind it.
        right: Box<Operand>,
    },
    /// A number that is, or is not, within so much of another.
    Within {
        /// The number that is judged.
        judged: Box<Operand>,
        /// The least and the greatest that is within, in the unit of the comparison.
        bounds: (f64, f64),
    },
    /// An `exists_one` that more than one item passes.
    Count {
        /// How many pass.
        passed: usize,
        /// Of how many.
        of: usize,
    },
    /// Anything else that is true or false.
    Other,
}

impl Compiled {
    /// The parts that made it what it is, in the order of the text; of a macro whose items decided together those nearest
    /// to their limits. Nothing where it is unknown.
    #[must_use]
    pub fn deciders(&self, slots: &[Value], budget: &mut Budget) -> Vec<Decider> {
        let run = Run {
            steps: &self.steps,
            slots,
            budget,
            strict: self.strict,
            locals: Vec::new(),
            recorder: None,
            patterns: Patterns::default(),
            denied: None,
        };
        let mut walk = Walk {
            steps: &self.steps,
            text: &self.text,
            run,
            names: Names::default(),
        };
        walk.down(self.root)
            .map_or_else(Vec::new, |(_, deciders)| deciders)
    }
}

/// A truth and what made it so; nothing where it is unknown.
type Came = Option<(bool, Vec<Decider>)>;

struct Walk<'w> {
    steps: &'w [Step],
    text: &'w Arc<str>,
    run: Run<'w>,
    names: Names,
}

impl Walk<'_> {
    fn down(&mut self, id: Id) -> Came {
        let step = self.steps.get(id)?;
        self.run.budget.pay(1).ok()?;
        match &step.what {
            What::And(left, right) => self.joined([*left, *right], false),
            What::Or(left, right) => self.joined([*left, *right], true),
            What::Not(of) => self.down(*of).map(|(value, by)| (!value, by)),
            What::If { test, yes, no } => self.choice(*test, *yes, *no),
            What::Fold(folded) if matches!(folded.how, How::All | How::Exists | How::ExistsOne) => {
                self.items(id, step, folded)
            }
            What::Bind { index, value, body } => {
                let bound = self.run.eval(*value).ok()?;
                self.run.set(*index, bound);
                let name = self.written(*value);
                let entered = self.names.entered();
                self.names.bind(*index, &name);
                let came = self.down(*body);
                self.names.leave(entered);
                came
            }
            What::Const(Value::Bool(value)) => Some((*value, Vec::new())),
            What::Let(named) => self.named(named),
            _ => self.leaf(id, step),
        }
    }

    /// What made a named expression what it is.
    fn named(&mut self, named: &Arc<Compiled>) -> Came {
        let mut walk = Walk {
            steps: &named.steps,
            text: &named.text,
            run: Run {
                steps: &named.steps,
                slots: self.run.slots,
                budget: &mut *self.run.budget,
                strict: named.strict,
                locals: Vec::new(),
                recorder: None,
                patterns: Patterns::default(),
                denied: None,
            },
            names: Names::default(),
        };
        let (value, mut by) = walk.down(named.root)?;
        for decider in &mut by {
            decider.named.get_or_insert_with(|| Arc::clone(named));
        }
        Some((value, by))
    }

    /// Both sides of `&&` or `||`: one that has the deciding truth alone, else both.
    fn joined(&mut self, sides: [Id; 2], decisive: bool) -> Came {
        let [left, right] = sides.map(|side| self.down(side));
        match (left, right) {
            (Some((one, mut by)), Some((other, more))) if one == other => {
                by.extend(more);
                by.truncate(MOST);
                Some((one, by))
            }
            (Some(one), _) if one.0 == decisive => Some(one),
            (_, Some(other)) if other.0 == decisive => Some(other),
            _ => None,
        }
    }

    /// The branch that was taken; the test where the branch is always the same.
    fn choice(&mut self, test: Id, yes: Id, no: Id) -> Came {
        let Some((truth, tested)) = self.down(test) else {
            let (one, mut by) = self.down(yes)?;
            let (other, more) = self.down(no)?;
            by.extend(more);
            by.truncate(MOST);
            return (one == other).then_some((one, by));
        };
        let branch = if truth { yes } else { no };
        let (value, by) = self.down(branch)?;
        let constant = self.steps.get(branch)?.what.constant().is_some();
        Some((value, if constant { tested } else { by }))
    }

    fn items(&mut self, id: Id, step: &Step, folded: &Folded) -> Came {
        let Ok(Value::Bool(whole)) = self.run.eval(id) else {
            return None;
        };
        let items = self.run.eval(folded.of).ok().and_then(Items::of)?;
        let test = folded.test?;
        let is_list = matches!(items, Items::List(_));
        // One item decides by itself, or all the others do together.
        let (alone, wanted) = match folded.how {
            How::All => (!whole, whole),
            _ => (whole, whole),
        };
        let mut kept: Vec<(f64, Vec<Decider>)> = Vec::new();
        let mut passed = 0_usize;
        let mut count = 0_usize;
        // What says nothing of the item is said once, however many items it is said of.
        let mut one: Option<String> = None;
        let mut differ = false;
        for index in 0..items.len() {
            items.enter(&mut self.run, folded, index);
            let key = items.key(index);
            let entered = self.names.entered();
            self.names
                .enter((self.text, self.steps), folded, &key, is_list);
            let came = self.down(test);
            self.names.leave(entered);
            let Some((truth, by)) = came else { continue };
            passed = passed.saturating_add(usize::from(truth));
            if truth != wanted {
                continue;
            }
            count = count.saturating_add(1);
            let text = by.first().map(|decider| decider.text.as_str());
            differ |= one.as_deref().is_some_and(|one: &str| Some(one) != text);
            one = one.or_else(|| text.map(str::to_owned));
            let distances = by.iter().filter_map(Decider::distance);
            let nearest = distances.reduce(f64::min);
            // Of those that each decided the worst comes first; of those that did together the nearest to its limit.
            let distance = if alone {
                -nearest.unwrap_or(0.0)
            } else {
                nearest.unwrap_or(f64::INFINITY)
            };
            let place = kept.partition_point(|(other, _)| *other <= distance);
            if place < ITEMS {
                kept.insert(place, (distance, by));
                kept.truncate(ITEMS);
            }
        }
        if folded.how == How::ExistsOne && passed > 1 {
            let many = Deciding::Count {
                passed,
                of: items.len(),
            };
            return Some((whole, vec![self.decider(step, whole, many)]));
        }
        let mut by: Vec<Decider> = kept.into_iter().flat_map(|(_, by)| by).collect();
        by.truncate(MOST);
        if let Some(first) = by.first_mut().filter(|_| alone && differ) {
            first.others = count.saturating_sub(1);
        }
        if by.is_empty() {
            by.push(self.decider(step, whole, Deciding::Other));
        }
        Some((whole, by))
    }

    /// A part that is not joined of others.
    fn leaf(&mut self, id: Id, step: &Step) -> Came {
        let Ok(Value::Bool(value)) = self.run.eval(id) else {
            return None;
        };
        let what = match &step.what {
            What::Compare { op, left, right } => self.compared(*op, *left, *right),
            What::In { item, of } => self.compared(Op::In, *item, *of),
            What::Within {
                left,
                right,
                by,
                relative,
            } => self.within([*left, *right, *by], *relative),
            _ => Deciding::Other,
        };
        Some((value, vec![self.decider(step, value, what)]))
    }

    fn compared(&mut self, op: Op, left: Id, right: Id) -> Deciding {
        let [left, right] = [left, right].map(|id| {
            Box::new(Operand {
                side: side(self.steps, id),
                value: self.run.eval(id),
                text: self.written(id),
            })
        });
        Deciding::Comparison { op, left, right }
    }

    /// Within how much of what the left one is asked to be, where that is no constant.
    fn within(&mut self, [left, right, by]: [Id; 3], relative: bool) -> Deciding {
        let judged = Operand {
            side: side(self.steps, left),
            value: self.run.eval(left),
            text: self.written(left),
        };
        let mut number = |id: Id| number(self.run.eval(id).ok().as_ref()?);
        let (Some(of), Some(by)) = (number(right), number(by)) else {
            return Deciding::Other;
        };
        if judged.side.constant.is_some() {
            return Deciding::Other;
        }
        let by = if relative { by * of.abs() } else { by };
        Deciding::Within {
            judged: Box::new(judged),
            bounds: (of - by, of + by),
        }
    }

    fn decider(&self, step: &Step, value: bool, what: Deciding) -> Decider {
        Decider {
            text: self.names.told(self.text, self.steps, step.at.range()),
            value,
            what,
            named: None,
            others: 0,
        }
    }

    fn written(&self, id: Id) -> String {
        let range = self.steps.get(id).map_or(0..0, |step| step.at.range());
        self.names.told(self.text, self.steps, range)
    }
}

impl Decider {
    /// How far two numbers that were compared lie apart, as a share of the greater one.
    fn distance(&self) -> Option<f64> {
        let Deciding::Comparison { left, right, .. } = &self.what else {
            return None;
        };
        let number = |operand: &Operand| number(operand.value.as_ref().ok()?);
        let (left, right) = (number(left)?, number(right)?);
        let apart = (left - right).abs();
        if apart == 0.0 {
            return Some(0.0);
        }
        Some(apart / left.abs().max(right.abs()))
    }
}

/// A number as a double.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::Int(number) => Some(super::number::double(*number)),
        Value::Uint(number) => Some(super::number::double_of_uint(*number)),
        _ => None,
    }
}
