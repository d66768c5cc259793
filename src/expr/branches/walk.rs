//! Goes down an expression that was evaluated, and asks of each part whether with another value the whole would be
//! something else. It never changes a value: a part is denied for a trial only.

use std::cmp::Ordering;

use super::{Sighted, Sighting, asks, children, op};
use crate::expr::budget::Budget;
use crate::expr::compiled::Compiled;
use crate::expr::eval::{Items, Run};
use crate::expr::pattern::Patterns;
use crate::expr::plan::{Folded, What};
use crate::expr::same;
use crate::expr::tree::{How, Id};
use crate::expr::types::Type;
use crate::expr::value::Value;

/// How far a number that was computed may lie beside a limit and still be at it, as a share of the limit: rounding is no
/// author's fault.
const ROUNDED: f64 = 1e-12;

/// What an evaluation shows.
pub(super) fn sightings(
    compiled: &Compiled,
    slots: &[Value],
    budget: &mut Budget,
) -> Vec<Sighting> {
    let mut seen = Vec::new();
    let mut walk = Walk::of(compiled, None, slots, budget, &mut seen);
    if walk.run.eval(compiled.root).is_ok() {
        walk.down(compiled.root, true);
    }
    seen
}

/// One expression on the way down.
struct Walk<'a> {
    compiled: &'a Compiled,
    named: Option<&'a str>,
    run: Run<'a>,
    seen: &'a mut Vec<Sighting>,
}

impl<'a> Walk<'a> {
    fn of(
        compiled: &'a Compiled,
        named: Option<&'a str>,
        slots: &'a [Value],
        budget: &'a mut Budget,
        seen: &'a mut Vec<Sighting>,
    ) -> Self {
        let run = Run {
            steps: &compiled.steps,
            slots,
            budget,
            strict: compiled.strict,
            locals: Vec::new(),
            recorder: None,
            patterns: Patterns::default(),
            denied: None,
        };
        Self {
            compiled,
            named,
            run,
            seen,
        }
    }

    /// A part that is true or false. `decides`: with the other value the whole would be something else.
    fn down(&mut self, id: Id, decides: bool) {
        let compiled = self.compiled;
        let Some(step) = compiled.steps.get(id) else {
            return;
        };
        // Named expressions that stand twice in one another would otherwise be gone through for ever.
        if self.run.budget.pay(1).is_err() {
            return;
        }
        match &step.what {
            What::And(left, right) => self.joined(id, [*left, *right], true, decides),
            What::Or(left, right) => self.joined(id, [*left, *right], false, decides),
            What::Not(of) => self.down(*of, decides),
            What::If { test, yes, no } => {
                let Some(truth) = self.truth(*test) else {
                    return;
                };
                let ways = (self.truth(*yes), self.truth(*no));
                let differ = matches!(ways, (Some(yes), Some(no)) if yes != no);
                self.down(*test, decides && differ);
                self.down(if truth { *yes } else { *no }, decides);
            }
            What::Let(named) => self.named(named, step.at.of(&compiled.text), decides),
            What::Fold(folded) if asks(folded) => {
                self.part(id, folded.of, decides);
                self.items(folded, decides);
            }
            What::Bind { index, value, body } => {
                self.part(id, *value, decides);
                if let Ok(value) = self.run.eval(*value) {
                    self.run.set(*index, value);
                    self.down(*body, decides);
                }
            }
            _ => {
                self.compared(id);
                for child in children(&step.what) {
                    self.part(id, child, decides);
                }
            }
        }
    }

    /// Both sides of `&&` or `||`: one decides where the other one leaves it open.
    fn joined(&mut self, id: Id, sides: [Id; 2], open: bool, decides: bool) {
        let own = self.run.steps.get(id).and_then(|step| op(&step.what));
        let truths = sides.map(|side| self.truth(side));
        let [left, right] = truths;
        for (side, own_truth, other) in [(sides[0], left, right), (sides[1], right, left)] {
            let Some(step) = self.compiled.steps.get(side) else {
                continue;
            };
            let decides = decides && other == Some(open);
            let is_operand = op(&step.what) != own && step.what.constant().is_none();
            if let (true, true, Some(truth)) = (decides, is_operand, own_truth) {
                self.saw(step.at.range(), Sighted::Decided(truth));
            }
            self.down(side, decides);
        }
    }

    /// Each item of `all`, `exists` or `exists_one`: it decides where the others leave it open.
    fn items(&mut self, folded: &Folded, decides: bool) {
        let (Some(test), Some(items)) = (
            folded.test,
            self.run.eval(folded.of).ok().and_then(Items::of),
        ) else {
            return;
        };
        let mut truths = Vec::with_capacity(items.len());
        for index in 0..items.len() {
            items.enter(&mut self.run, folded, index);
            truths.push(self.truth(test));
        }
        let count = |wanted: Option<bool>| truths.iter().filter(|truth| **truth == wanted).count();
        let (yes, no, unknown) = (count(Some(true)), count(Some(false)), count(None));
        for (index, truth) in truths.iter().enumerate() {
            let own = |wanted: Option<bool>| usize::from(*truth == wanted);
            let others = |wanted, all: usize| all.saturating_sub(own(wanted));
            let unknown = others(None, unknown);
            let open = match folded.how {
                How::All => others(Some(false), no) == 0,
                How::Exists => others(Some(true), yes) == 0,
                _ => others(Some(true), yes) <= 1,
            };
            items.enter(&mut self.run, folded, index);
            self.down(test, decides && open && unknown == 0);
        }
    }

    /// A part of something that is neither `&&` nor `||`: it decides where `whole` is another one without it.
    fn part(&mut self, whole: Id, id: Id, decides: bool) {
        let compiled = self.compiled;
        let Some(step) = compiled.steps.get(id) else {
            return;
        };
        match &step.what {
            What::And(..) | What::Or(..) | What::Not(_) => self.trial(whole, id, decides),
            What::Fold(folded) if asks(folded) => self.trial(whole, id, decides),
            What::Let(named) if *named.ty() == Type::Bool => self.trial(whole, id, decides),
            // What is no condition is looked at for itself.
            What::Let(named) => self.named(named, step.at.of(&compiled.text), true),
            What::If { test, yes, no } => {
                self.trial(whole, *test, decides);
                if let Some(truth) = self.truth(*test) {
                    self.part(whole, if truth { *yes } else { *no }, decides);
                }
            }
            What::Bind { index, value, body } => {
                self.part(whole, *value, decides);
                if let Ok(value) = self.run.eval(*value) {
                    self.run.set(*index, value);
                    self.part(whole, *body, decides);
                }
            }
            _ => {
                self.compared(id);
                for child in children(&step.what) {
                    self.part(whole, child, decides);
                }
            }
        }
    }

    /// Goes down a part that is true or false, after a trial without it.
    fn trial(&mut self, whole: Id, id: Id, decides: bool) {
        let decides = decides && {
            let is = self.run.eval(whole);
            self.run.denied = Some(id);
            let would = self.run.eval(whole);
            self.run.denied = None;
            matches!((is, would), (Ok(is), Ok(would)) if is.equals(&would) == Some(false))
        };
        self.down(id, decides);
    }

    /// A named expression, in its own text.
    fn named(&mut self, named: &Compiled, name: &str, decides: bool) {
        let slots = self.run.slots;
        let mut walk = Walk::of(named, Some(name), slots, self.run.budget, self.seen);
        if named.ty == Type::Bool {
            walk.down(named.root, decides);
        } else {
            walk.part(named.root, named.root, true);
        }
    }

    /// Where what is compared with a limit lies.
    fn compared(&mut self, id: Id) {
        let compiled = self.compiled;
        let Some(step) = compiled.steps.get(id) else {
            return;
        };
        let Some(edge) = compiled.edge(step) else {
            return;
        };
        let What::Compare { left, right, .. } = &step.what else {
            return;
        };
        let constant = |id: Id| {
            let side = compiled.steps.get(id);
            side.is_some_and(|side| side.what.constant().is_some())
        };
        let judged = if constant(*left) { *right } else { *left };
        let Ok(value) = self.run.eval(judged) else {
            return;
        };
        let plain = edge.slot.is_some()
            && compiled
                .windows
                .iter()
                .all(|window| Some(window.slot) != edge.slot)
            && edge.factor.to_bits() == 1.0_f64.to_bits();
        if let Some(order) = order(&value, &edge.limit, plain) {
            self.saw(edge.range, Sighted::Compared(order));
        }
    }

    fn truth(&mut self, id: Id) -> Option<bool> {
        match self.run.eval(id) {
            Ok(Value::Bool(value)) => Some(value),
            _ => None,
        }
    }

    fn saw(&mut self, range: std::ops::Range<usize>, what: Sighted) {
        let sighting = Sighting {
            named: self.named.map(ToOwned::to_owned),
            range,
            what,
        };
        if !self.seen.contains(&sighting) {
            self.seen.push(sighting);
        }
    }
}

/// Where a value lies, seen from a limit. What was given is compared to the bit.
fn order(value: &Value, limit: &Value, given: bool) -> Option<Ordering> {
    if let (Value::Double(value), Value::Double(limit), false) = (value, limit, given)
        && (value - limit).abs() <= limit.abs() * ROUNDED
    {
        return Some(Ordering::Equal);
    }
    same::order(value, limit)?
}
