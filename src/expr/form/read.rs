//! From a checked expression to its form. Never compares two of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Form, Forms, Id, Sort};
use crate::expr::compiled::Compiled;
use crate::expr::plan::{Folded, Load, What};
use crate::expr::tree::{How, Op};
use crate::expr::value::Value;
use crate::expr::window::Method;

/// What a slot holds.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// What it is called in every policy.
    pub(crate) name: String,
    /// Whether it may be a negative number.
    pub(crate) signed: bool,
}

/// Reads expressions of one policy.
struct Reader<'r> {
    forms: &'r mut Forms,
    leaf: &'r dyn Fn(usize) -> Leaf,
    /// What was read before: named expressions may stand in one another any number of times.
    seen: BTreeMap<(usize, usize, bool), Id>,
}

impl Forms {
    /// The form of an expression, or of its opposite.
    pub(crate) fn read(
        &mut self,
        of: &Compiled,
        opposite: bool,
        leaf: &dyn Fn(usize) -> Leaf,
    ) -> Id {
        let mut reader = Reader {
            forms: self,
            leaf,
            seen: BTreeMap::new(),
        };
        reader.step(of, of.root, opposite)
    }
}

impl Reader<'_> {
    fn step(&mut self, of: &Compiled, id: usize, opposite: bool) -> Id {
        let key = (std::ptr::from_ref(of).addr(), id, opposite);
        if let Some(seen) = self.seen.get(&key) {
            return *seen;
        }
        let found = self.unseen(of, id, opposite);
        self.seen.insert(key, found);
        found
    }

    fn unseen(&mut self, of: &Compiled, id: usize, opposite: bool) -> Id {
        let Some(step) = of.steps.get(id) else {
            return self.forms.add(Form::Of("nothing".to_owned(), Vec::new()));
        };
        match &step.what {
            What::Const(Value::Bool(truth)) => self.forms.add(Form::Truth(*truth != opposite)),
            What::Let(named) => self.step(named, named.root, opposite),
            What::Not(inner) => self.step(of, *inner, !opposite),
            What::And(left, right) | What::Or(left, right) => {
                let parts = [*left, *right].map(|part| self.step(of, part, opposite));
                let all = matches!(step.what, What::And(..)) != opposite;
                self.forms.join(all, parts)
            }
            What::Compare { op, left, right } => self.compare(of, *op, (*left, *right), opposite),
            What::Fold(folded) if matches!(folded.how, How::All | How::Exists) => {
                self.fold(of, folded, opposite)
            }
            What::In { item, of: list } => {
                let (item, list) = (self.step(of, *item, false), self.step(of, *list, false));
                let apart = self.forms.one_of(item, list, opposite);
                apart.unwrap_or_else(|| self.plain(of, id, opposite))
            }
            _ => self.plain(of, id, opposite),
        }
    }

    /// What has no opposite of its own, or just the opposite of it.
    fn plain(&mut self, of: &Compiled, id: usize, opposite: bool) -> Id {
        let found = self.term(of, id);
        if opposite {
            self.forms.add(Form::Not(found))
        } else {
            found
        }
    }

    fn compare(&mut self, of: &Compiled, op: Op, sides: (usize, usize), opposite: bool) -> Id {
        let (left, right) = (self.step(of, sides.0, false), self.step(of, sides.1, false));
        let (sort, left, right) = match op {
            Op::Less => (Sort::Less, left, right),
            Op::LessEqual => (Sort::AtMost, left, right),
            Op::Greater => (Sort::Less, right, left),
            Op::GreaterEqual => (Sort::AtMost, right, left),
            // Which side is which says nothing.
            Op::NotEqual => (Sort::Unequal, left.min(right), left.max(right)),
            _ => (Sort::Equal, left.min(right), left.max(right)),
        };
        let (sort, left, right) = match (sort, opposite) {
            (sort, false) => (sort, left, right),
            (Sort::Less, true) => (Sort::AtMost, right, left),
            (Sort::AtMost, true) => (Sort::Less, right, left),
            (Sort::Equal, true) => (Sort::Unequal, left, right),
            (Sort::Unequal, true) => (Sort::Equal, left, right),
        };
        let whole = |id: usize| of.steps.get(id).is_some_and(|step| whole(&step.what));
        // One of the sides is a number, the other one is asked.
        let (sort, left, right) = if whole(sides.0) || whole(sides.1) {
            self.forms.whole(sort, left, right)
        } else {
            (sort, left, right)
        };
        self.forms.add(Form::Compare(sort, left, right))
    }

    fn fold(&mut self, of: &Compiled, folded: &Folded, opposite: bool) -> Id {
        let all = (folded.how == How::All) != opposite;
        let over = self.step(of, folded.of, false);
        let test = folded.test.map(|test| self.step(of, test, opposite));
        let (name, index, two) = (if all { "all" } else { "exists" }, folded.index, folded.two);
        let parts = std::iter::once(over).chain(test).collect();
        self.forms
            .add(Form::Of(format!("{name} {index} {two}"), parts))
    }

    /// What is done there, with what.
    fn term(&mut self, of: &Compiled, id: usize) -> Id {
        let Some(what) = of.steps.get(id).map(|step| &step.what) else {
            return self.forms.add(Form::Of("nothing".to_owned(), Vec::new()));
        };
        let (name, parts): (String, Vec<usize>) = match what {
            What::Const(value) => return self.forms.constant(value),
            What::Slot { slot, .. } => return self.slot(of, *slot),
            What::Let(_) | What::Not(_) | What::And(..) | What::Or(..) | What::Compare { .. } => {
                return self.step(of, id, false);
            }
            What::Fail(reason) => (format!("fail {reason:?}"), Vec::new()),
            What::Local { index, .. } => (format!("local {index}"), Vec::new()),
            What::Field { of, key, .. } => (format!("field {key}"), vec![*of]),
            What::Index {
                of: from, index, ..
            } => match of.steps.get(*index).and_then(|step| step.what.constant()) {
                Some(Value::String(key)) => (format!("field {key}"), vec![*from]),
                _ => ("index".to_owned(), vec![*from, *index]),
            },
            What::OptField { of, key, .. } => (format!("optional field {key}"), vec![*of]),
            What::OptIndex { of, index, .. } => ("optional index".to_owned(), vec![*of, *index]),
            What::OptItem(of) => ("optional item".to_owned(), vec![*of]),
            What::Else { of, other, value } => (format!("or {value}"), vec![*of, *other]),
            What::OptMap {
                index,
                of,
                body,
                flat,
            } => (format!("optional map {index} {flat}"), vec![*of, *body]),
            What::Has { of, key } => (format!("has {key}"), vec![*of]),
            What::Minus(of) => ("minus".to_owned(), vec![*of]),
            What::If { test, yes, no } => ("if".to_owned(), vec![*test, *yes, *no]),
            What::Arith { op, left, right } => (op.text().to_owned(), vec![*left, *right]),
            What::In { item, of } => ("in".to_owned(), vec![*item, *of]),
            What::Scale { of, factor } => (format!("scale {factor:?}"), vec![*of]),
            What::List(items) => ("list".to_owned(), items.clone()),
            What::Map(entries) => {
                let parts = entries.iter().flat_map(|(key, value)| [*key, *value]);
                ("map".to_owned(), parts.collect())
            }
            What::Call { function, args } => (format!("call {}", function.name), args.clone()),
            What::Matches { of: text, pattern } => {
                (format!("matches {}", pattern.text()), vec![*text])
            }
            What::Search { of, pattern } => ("matches".to_owned(), vec![*of, *pattern]),
            What::Known(of) => ("known".to_owned(), vec![*of]),
            What::Within {
                left,
                right,
                by,
                relative,
            } => (format!("within {relative}"), vec![*left, *right, *by]),
            What::Fold(folded) => {
                let Folded {
                    how,
                    index,
                    two,
                    absorb,
                    ..
                } = folded.as_ref();
                let given = (folded.test.is_some(), folded.make.is_some());
                let name = format!("{how:?} {index} {two} {absorb} {given:?}");
                let parts = std::iter::once(folded.of);
                (name, parts.chain(folded.test).chain(folded.make).collect())
            }
            What::Bind { index, value, body } => (format!("bind {index}"), vec![*value, *body]),
        };
        let parts = parts.into_iter().map(|part| self.step(of, part, false));
        let parts = parts.collect();
        self.forms.add(Form::Of(name, parts))
    }

    /// What a slot holds: of a window what it looks back at.
    fn slot(&mut self, of: &Compiled, slot: usize) -> Id {
        if let Some(window) = of.windows.iter().find(|window| window.slot == slot) {
            let window = Arc::clone(window);
            let inner = self.step(&window.of, window.of.root, false);
            let sign = match window.method {
                Method::Count
                | Method::Streak
                | Method::Edges
                | Method::Share
                | Method::Stddev
                | Method::Increase
                | Method::Rate => "look above",
                Method::Delta | Method::Slope | Method::Rising(_) | Method::Falling(_) => {
                    "look around"
                }
                _ => "look at",
            };
            let name = format!("{sign} {:?} {:?}", window.method, window.over);
            return self.forms.add(Form::Of(name, vec![inner]));
        }
        let leaf = (self.leaf)(slot);
        let id = self.forms.add(Form::Leaf(leaf.name));
        if leaf.signed {
            self.forms.signed.insert(id);
        }
        id
    }
}

/// Whether what is read is a whole number, or is none at all.
fn whole(what: &What) -> bool {
    match what {
        What::Slot { load, .. }
        | What::Local { load, .. }
        | What::Field { load, .. }
        | What::Index { load, .. } => *load == Load::Int,
        What::Let(named) => {
            let root = named.steps.get(named.root);
            root.is_some_and(|step| whole(&step.what))
        }
        _ => false,
    }
}
