//! Whether it is known what a condition says, wherever another one is true. Sure of what it says; where it cannot tell it
//! says no.

use std::collections::BTreeSet;

use super::order::MOST;
use super::{Form, Forms, Id};

/// What is always known while a stage is judged.
const ALWAYS: [&str; 2] = ["now", "stage.name"];

impl Forms {
    /// Whether wherever the other one is true, it is known whether this one is.
    pub(super) fn known_where(&self, one: Id, other: Id) -> bool {
        self.fuel.set(MOST);
        self.known(one, other)
    }

    fn known(&self, one: Id, other: Id) -> bool {
        if one == other || self.always(one) {
            return true;
        }
        if self.pay().is_none() {
            return false;
        }
        match (self.get(one), self.get(other)) {
            (Some(Form::All(parts) | Form::Any(parts)), _) => {
                parts.iter().all(|part| self.known(*part, other))
            }
            (_, Some(Form::Any(parts))) => parts.iter().all(|part| self.known(one, *part)),
            (_, Some(Form::All(parts))) => parts.iter().any(|part| self.known(one, *part)),
            (Some(Form::Not(inner)), _) if self.known(*inner, other) => true,
            (Some(Form::Compare(..)), Some(Form::Compare(..))) => {
                let (mut asked, mut there) = (BTreeSet::new(), BTreeSet::new());
                self.operands(one, &mut asked) && self.operands(other, &mut there) && {
                    asked.is_subset(&there)
                }
            }
            _ => self
                .about(one)
                .is_some_and(|of| self.about(other) == Some(of)),
        }
    }

    /// Whether something is known whatever is measured.
    fn always(&self, id: Id) -> bool {
        if self.pay().is_none() {
            return false;
        }
        match self.get(id) {
            Some(Form::Truth(_) | Form::Const(_)) => true,
            Some(Form::Leaf(name)) => ALWAYS.contains(&name.as_str()),
            Some(Form::All(parts) | Form::Any(parts)) => parts.iter().all(|id| self.always(*id)),
            Some(Form::Not(inner)) => self.always(*inner),
            Some(Form::Compare(_, left, right)) => self.always(*left) && self.always(*right),
            Some(Form::Of(name, _)) => name == "known",
            None => false,
        }
    }

    /// What a comparison reads through plain arithmetic: where it says anything, each of these is known. Gives whether that
    /// is all of it.
    fn operands(&self, id: Id, into: &mut BTreeSet<Id>) -> bool {
        if self.pay().is_none() {
            return false;
        }
        match self.get(id) {
            Some(Form::Const(_) | Form::Truth(_)) => true,
            Some(Form::Compare(_, left, right)) => {
                self.operands(*left, into) && self.operands(*right, into)
            }
            Some(Form::Of(name, parts))
                if ["+", "-", "*", "minus"].contains(&name.as_str())
                    || name.starts_with("scale ") =>
            {
                parts.iter().all(|part| self.operands(*part, into))
            }
            Some(_) => {
                into.insert(id);
                true
            }
            None => false,
        }
    }
}
