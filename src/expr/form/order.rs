//! Which of two conditions is true wherever the other one is: true above unknown above false, whatever is measured. Sure
//! of what it says; where it cannot tell it says so.

use std::collections::BTreeMap;

use super::{Form, Forms, Id, Sort};

/// How a condition stands to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// They mean the same.
    Same,
    /// It is true only where the one before was.
    Narrower,
    /// It is true wherever the one before was.
    Wider,
    /// One part of it is narrower and another one wider.
    Both,
    /// Neither, or nobody can tell.
    Apart,
}

/// How two conditions stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) order: Order,
    /// Only as long as no input is negative.
    pub(crate) positive: bool,
    /// Wherever the wider one of them is true, it is known whether the narrower one is.
    pub(crate) known: bool,
}

/// Questions asked before.
type Asked = BTreeMap<(Id, Id), bool>;

/// The most pairs that are held against one another.
pub(super) const MOST: usize = 100_000;

impl Forms {
    /// How a condition stands to the one before it.
    pub(crate) fn order(&self, before: Id, now: Id) -> Ordered {
        let found = |positive| {
            self.fuel.set(MOST);
            let mut asked = Asked::new();
            let narrower = self.at_most(now, before, positive, &mut asked);
            let wider = self.at_most(before, now, positive, &mut asked);
            match (narrower, wider) {
                (true, true) => Order::Same,
                (true, false) => Order::Narrower,
                (false, true) => Order::Wider,
                (false, false) => Order::Apart,
            }
        };
        let (order, positive) = match found(false) {
            Order::Apart if self.mixed(before, now) => (Order::Both, false),
            Order::Apart => (found(true), true),
            order => (order, false),
        };
        let known = match order {
            Order::Same => true,
            Order::Narrower => self.known_where(now, before),
            Order::Wider => self.known_where(before, now),
            Order::Both | Order::Apart => false,
        };
        Ordered {
            order,
            positive,
            known,
        }
    }

    /// Whether two joined conditions ask the same quantities, one part for less and another one for more.
    fn mixed(&self, before: Id, now: Id) -> bool {
        let ((Some(Form::All(before)), Some(Form::All(now)))
        | (Some(Form::Any(before)), Some(Form::Any(now)))) = (self.get(before), self.get(now))
        else {
            return false;
        };
        let left = |some: &[Id], others: &[Id]| -> Vec<Id> {
            let own = some.iter().filter(|one| !others.contains(one));
            own.copied().collect()
        };
        let (before, now) = (left(before, now), left(now, before));
        let (mut narrower, mut wider) = (false, false);
        let paired = before.iter().all(|was| {
            let of = self.about(*was);
            let mut same = now
                .iter()
                .filter(|is| of.is_some() && self.about(**is) == of);
            let (Some(is), None) = (same.next(), same.next()) else {
                return false;
            };
            let found = (self.admits(*is, *was), self.admits(*was, *is));
            narrower |= found == (true, false);
            wider |= found == (false, true);
            found.0 != found.1
        });
        paired && before.len() == now.len() && narrower && wider
    }

    /// Whether a condition is true only where another one is.
    pub(super) fn implies(&self, one: Id, other: Id) -> bool {
        self.at_most(one, other, false, &mut Asked::new())
    }

    fn at_most(&self, one: Id, other: Id, positive: bool, asked: &mut Asked) -> bool {
        if one == other {
            return true;
        }
        if let Some(known) = asked.get(&(one, other)) {
            return *known;
        }
        if asked.len() >= MOST {
            return false;
        }
        let (Some(a), Some(b)) = (self.get(one), self.get(other)) else {
            return false;
        };
        let mut at_most = |one: Id, other: Id| self.at_most(one, other, positive, asked);
        let found = match (a, b) {
            (Form::Truth(false), _) | (_, Form::Truth(true)) => true,
            (Form::Any(parts), _) => parts.iter().all(|part| at_most(*part, other)),
            (_, Form::All(parts)) => parts.iter().all(|part| at_most(one, *part)),
            (Form::All(parts), Form::Any(others)) => {
                parts.iter().any(|part| at_most(*part, other))
                    || others.iter().any(|part| at_most(one, *part))
            }
            (Form::All(parts), _) => parts.iter().any(|part| at_most(*part, other)),
            (_, Form::Any(parts)) => parts.iter().any(|part| at_most(one, *part)),
            (Form::Of(name, a), Form::Of(same, b)) if name == same => {
                match (name.as_str(), a.as_slice(), b.as_slice()) {
                    ("if", [test, yes, no], [same, then, other]) => {
                        test == same && at_most(*yes, *then) && at_most(*no, *other)
                    }
                    (name, [of, test], [same, other])
                        if name.starts_with("all ") || name.starts_with("exists ") =>
                    {
                        of == same && at_most(*test, *other)
                    }
                    (name, [a, b, by], [c, d, more]) if name.starts_with("within ") => {
                        let rel = self.rel(*by, *more, positive);
                        (a, b) == (c, d) && rel.is_some_and(super::number::Rel::is_at_most)
                    }
                    _ => self.admits(one, other),
                }
            }
            (Form::Compare(..), Form::Compare(..)) => {
                self.admits(one, other) || self.compared(a, b, positive)
            }
            (Form::Not(a), Form::Not(b)) => at_most(*b, *a) || self.admits(one, other),
            _ => self.admits(one, other),
        };
        asked.insert((one, other), found);
        found
    }

    /// Whether all that one comparison with constants admits is admitted by the other.
    fn admits(&self, one: Id, other: Id) -> bool {
        match (self.set(one), self.set(other)) {
            (Some((of, admitted)), Some((same, more))) => of == same && admitted.is_in(&more),
            _ => false,
        }
    }

    /// The same of comparisons whose sides can be compared.
    fn compared(&self, one: &Form, other: &Form, positive: bool) -> bool {
        let (Form::Compare(sort, a, b), Form::Compare(wide, c, d)) = (one, other) else {
            return false;
        };
        if matches!(sort, Sort::Equal | Sort::Unequal)
            || matches!(wide, Sort::Equal | Sort::Unequal)
        {
            return false;
        }
        // `a < b` where `c < d`: what is to be less is less still, and what it is held against is more.
        let (Some(left), Some(right)) = (self.rel(*c, *a, positive), self.rel(*b, *d, positive))
        else {
            return false;
        };
        let strict = [left, right].contains(&super::number::Rel::Less);
        let sharper = *sort == Sort::AtMost && *wide == Sort::Less;
        left.is_at_most() && right.is_at_most() && (!sharper || strict)
    }
}
