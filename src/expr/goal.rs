//! What must be so for a condition to be true, or false: the tests its `&&`, `||`, `!`, `?:`, `all` and `exists` join, each
//! with the places whose values it rests on. It never says which values those should have.

mod place;

use std::cmp::Ordering;
use std::sync::Arc;

use super::budget::Budget;
use super::compiled::Compiled;
use super::eval::{Items, Run};
use super::pattern::Patterns;
use super::plan::{Folded, What};
use super::tree::{How, Id, Op};
use super::value::{Key, Missing, Value};
pub use place::{Place, Sort};

/// The most tests of one condition.
const TESTS: usize = 200;
/// The most items of one macro that are looked at one by one.
const ITEMS: usize = 64;

/// What must be so.
#[derive(Clone, Debug)]
pub enum Goal {
    /// This test must come out so.
    Test(Test),
    /// All of these.
    All(Vec<Goal>),
    /// One of these.
    Any(Vec<Goal>),
}

/// A part of a condition that is not joined of others.
#[derive(Clone, Debug)]
pub struct Test {
    /// How it must come out.
    pub wanted: bool,
    /// What it rests on, in the order of the text, each once.
    pub places: Vec<Place>,
    /// The constants and the compared values in it: where it may change.
    pub limits: Vec<Value>,
    /// The named expression it is in; none: the condition itself.
    named: Option<Arc<Compiled>>,
    id: Id,
    locals: Vec<Local>,
}

/// What a variable of a macro stands for.
#[derive(Clone, Debug)]
enum Local {
    /// An item, wherever that is kept.
    Place(Place),
    /// A key.
    Key(Key),
}

impl Goal {
    /// The tests every one of which must come out as it must.
    #[must_use]
    pub fn required(&self) -> Vec<&Test> {
        match self {
            Self::Test(test) => vec![test],
            Self::All(parts) => parts.iter().flat_map(Self::required).collect(),
            Self::Any(_) => Vec::new(),
        }
    }

    /// All its tests, in the order of the text.
    #[must_use]
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Test(test) => vec![test],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::tests).collect(),
        }
    }
}

impl Compiled {
    /// What must be so for it to be true, or else false, as the items of its macros are now.
    #[must_use]
    pub fn goal(&self, wanted: bool, slots: &[Value], budget: &mut Budget) -> Goal {
        let mut builder = Builder {
            slots,
            budget,
            left: TESTS,
        };
        let inside = Inside {
            compiled: self,
            named: None,
            locals: &[],
        };
        builder.goal(inside, self.root, wanted)
    }

    /// How a test of its goal comes out; nothing where that is unknown.
    #[must_use]
    pub fn outcome(&self, test: &Test, slots: &[Value], budget: &mut Budget) -> Option<bool> {
        let inside = Inside {
            compiled: test.named.as_deref().unwrap_or(self),
            named: test.named.as_ref(),
            locals: &test.locals,
        };
        match inside.run(slots, budget).eval(test.id) {
            Ok(Value::Bool(value)) => Some(value),
            _ => None,
        }
    }
}

impl Compiled {
    /// How both sides of a test compare that is an `==` or `!=`.
    #[must_use]
    pub fn order_of(&self, test: &Test, slots: &[Value], budget: &mut Budget) -> Option<Ordering> {
        let inside = Inside {
            compiled: test.named.as_deref().unwrap_or(self),
            named: test.named.as_ref(),
            locals: &test.locals,
        };
        let What::Compare {
            op: Op::Equal | Op::NotEqual,
            left,
            right,
        } = &inside.compiled.steps.get(test.id)?.what
        else {
            return None;
        };
        let left = inside.run(slots, budget).eval(*left).ok()?;
        let right = inside.run(slots, budget).eval(*right).ok()?;
        left.order(&right)
    }
}

/// An expression on the way down: the condition or a named one, and what the variables of its macros stand for.
#[derive(Clone, Copy)]
struct Inside<'i> {
    compiled: &'i Compiled,
    named: Option<&'i Arc<Compiled>>,
    locals: &'i [Local],
}

impl<'i> Inside<'i> {
    /// An evaluation of a part of it.
    fn run(self, slots: &'i [Value], budget: &'i mut Budget) -> Run<'i> {
        let value = |local: &Local| match local {
            Local::Place(place) => place.value(slots).cloned(),
            Local::Key(key) => Some(key.clone().into()),
        };
        let locals = self.locals.iter();
        Run {
            steps: &self.compiled.steps,
            slots,
            budget,
            strict: self.compiled.strict,
            locals: locals
                .map(|local| value(local).unwrap_or(Value::Unknown(Missing::Absent)))
                .collect(),
            recorder: None,
            patterns: Patterns::default(),
            denied: None,
        }
    }
}

struct Builder<'b> {
    slots: &'b [Value],
    budget: &'b mut Budget,
    left: usize,
}

impl Builder<'_> {
    fn goal(&mut self, inside: Inside<'_>, id: Id, wanted: bool) -> Goal {
        let Some(step) = inside.compiled.steps.get(id) else {
            return Goal::Any(Vec::new());
        };
        if self.left == 0 || self.budget.pay(1).is_err() {
            return Goal::Any(Vec::new());
        }
        match &step.what {
            What::And(left, right) | What::Or(left, right) => {
                let parts = self.joined(inside, [*left, *right], wanted);
                if matches!(step.what, What::And(..)) == wanted {
                    Goal::All(parts)
                } else {
                    Goal::Any(parts)
                }
            }
            What::Not(of) => self.goal(inside, *of, !wanted),
            What::If { test, yes, no } => {
                let then = vec![
                    self.goal(inside, *test, true),
                    self.goal(inside, *yes, wanted),
                ];
                let or = vec![
                    self.goal(inside, *test, false),
                    self.goal(inside, *no, wanted),
                ];
                Goal::Any(vec![Goal::All(then), Goal::All(or)])
            }
            What::Let(named) => {
                let inside = Inside {
                    compiled: named,
                    named: Some(named),
                    locals: &[],
                };
                self.goal(inside, named.root, wanted)
            }
            What::Fold(folded) if matches!(folded.how, How::All | How::Exists) => self
                .items(inside, (id, folded), wanted)
                .unwrap_or_else(|| self.test(inside, id, wanted)),
            _ => self.test(inside, id, wanted),
        }
    }

    fn joined(&mut self, inside: Inside<'_>, sides: [Id; 2], wanted: bool) -> Vec<Goal> {
        sides.map(|side| self.goal(inside, side, wanted)).into()
    }

    /// Each item of `all` or `exists`; nothing where it is not known where the items are kept.
    fn items(
        &mut self,
        inside: Inside<'_>,
        (id, folded): (Id, &Folded),
        wanted: bool,
    ) -> Option<Goal> {
        let body = folded.test?;
        let of = self.place(inside, folded.of)?;
        let items = Items::of(of.value(self.slots)?.clone())?;
        if items.len() > ITEMS {
            return None;
        }
        let mut parts = Vec::new();
        for index in 0..items.len() {
            let key = items.key(index);
            let item = || Local::Place(of.part(&key, self.slots));
            // What stands before it are variables of macros around it.
            let mut locals: Vec<Local> = inside.locals.to_vec();
            locals.resize(folded.index, Local::Key(Key::Bool(false)));
            match (&items, folded.two) {
                (_, true) => locals.extend([Local::Key(key.clone()), item()]),
                (Items::List(_), false) => locals.push(item()),
                (Items::Map(_), false) => locals.push(Local::Key(key)),
            }
            let inside = Inside {
                locals: &locals,
                ..inside
            };
            parts.push(self.goal(inside, body, wanted));
        }
        let mut goal = if (folded.how == How::All) == wanted {
            Goal::All(parts)
        } else {
            Goal::Any(parts)
        };
        if of.value(self.slots).is_some_and(place::is_texts) {
            goal = Goal::Any(vec![goal, self.test(inside, id, wanted)]);
        }
        Some(goal)
    }

    fn test(&mut self, inside: Inside<'_>, id: Id, wanted: bool) -> Goal {
        self.left = self.left.saturating_sub(1);
        let mut test = Test {
            wanted,
            places: Vec::new(),
            limits: Vec::new(),
            named: inside.named.map(Arc::clone),
            id,
            locals: inside.locals.to_vec(),
        };
        self.gather(inside, id, &mut test);
        self.around(&mut test);
        Goal::Test(test)
    }
}
