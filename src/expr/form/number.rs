//! Which of two numbers is never the greater one, whatever is measured. Says nothing where that depends on it.

use std::cmp::Ordering;

use super::{Form, Forms, Id};
use crate::expr::same;
use crate::expr::value::Value;

/// Windows that say the more the more often what they look at is true.
const COUNTS: [&str; 2] = ["look above Share", "look above Streak"];

/// How one number stands to another one, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rel {
    Less,
    AtMost,
    Same,
    AtLeast,
    More,
}

impl Rel {
    fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::Same => Self::Same,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
        }
    }

    /// Where it may be multiplied with nothing, or with nothing at all.
    fn weak(self) -> Self {
        match self {
            Self::Less => Self::AtMost,
            Self::More => Self::AtLeast,
            other => other,
        }
    }

    /// Of two sums, what is so of both their parts.
    fn and(self, other: Self) -> Option<Self> {
        use Rel::{AtLeast, AtMost, Less, More, Same};
        Some(match (self, other) {
            (Same, rel) | (rel, Same) => rel,
            (Less, Less | AtMost) | (AtMost, Less) => Less,
            (AtMost, AtMost) => AtMost,
            (More, More | AtLeast) | (AtLeast, More) => More,
            (AtLeast, AtLeast) => AtLeast,
            _ => return None,
        })
    }

    pub(super) fn is_at_most(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::Same)
    }
}

impl Forms {
    /// How one number stands to another one. `positive` takes every leaf for one that is never negative.
    pub(super) fn rel(&self, one: Id, other: Id, positive: bool) -> Option<Rel> {
        if one == other {
            return Some(Rel::Same);
        }
        self.pay()?;
        if let (Some(one), Some(other)) = (self.values.get(&one), self.values.get(&other)) {
            return Some(match same::order(one, other)?? {
                Ordering::Less => Rel::Less,
                Ordering::Equal => Rel::Same,
                Ordering::Greater => Rel::More,
            });
        }
        let rel = |one: Id, other: Id| self.rel(one, other, positive);
        match (self.get(one)?, self.get(other)?) {
            (Form::Of(name, a), Form::Of(same, b)) if name == same => {
                match (name.as_str(), a.as_slice(), b.as_slice()) {
                    // Sums are rounded: what is less may come out the same.
                    ("+", [a, c], [b, d]) => Some(rel(*a, *b)?.and(rel(*c, *d)?)?.weak()),
                    ("-", [a, c], [b, d]) => Some(rel(*a, *b)?.and(rel(*c, *d)?.turned())?.weak()),
                    ("*", [a, c], [b, d]) => {
                        let (left, right) = (rel(*a, *b)?, rel(*c, *d)?);
                        let above = [a, b, c, d].iter().all(|id| self.above(**id, positive));
                        let rel = left.and(right)?;
                        above.then(|| rel.weak())
                    }
                    ("/", [a, c], [b, d]) if a == b => {
                        let above = [a, c, d].iter().all(|id| self.above(**id, positive));
                        above.then(|| rel(*c, *d).map(|rel| rel.turned().weak()))?
                    }
                    ("/", [a, c], [b, d]) if c == d => {
                        self.above(*c, positive).then(|| rel(*a, *b))?
                    }
                    ("minus", [a], [b]) => Some(rel(*a, *b)?.turned()),
                    (name, [a], [b]) if name.starts_with("scale ") => rel(*a, *b),
                    (name, [a], [b]) if COUNTS.iter().any(|way| name.starts_with(way)) => {
                        self.counted(*a, *b)
                    }
                    _ => None,
                }
            }
            // A number and a multiple of it.
            (Form::Of(name, parts), _) if name == "*" => {
                self.multiple(parts, other, positive).map(Rel::weak)
            }
            (_, Form::Of(name, parts)) if name == "*" => {
                Some(self.multiple(parts, one, positive)?.turned().weak())
            }
            _ => None,
        }
    }

    /// How often something is so, held against how often something else is: where both are known at the same samples.
    fn counted(&self, one: Id, other: Id) -> Option<Rel> {
        let of = self.about(one)?;
        if self.about(other) != Some(of) {
            return None;
        }
        match (self.implies(one, other), self.implies(other, one)) {
            (true, true) => Some(Rel::Same),
            (true, false) => Some(Rel::AtMost),
            (false, true) => Some(Rel::AtLeast),
            (false, false) => None,
        }
    }

    /// One more question; nothing where there were too many.
    pub(super) fn pay(&self) -> Option<()> {
        self.fuel.set(self.fuel.get().checked_sub(1)?);
        Some(())
    }

    /// How a product stands to one of its factors.
    fn multiple(&self, parts: &[Id], of: Id, positive: bool) -> Option<Rel> {
        let (&[a, b], true) = (parts, self.above(of, positive)) else {
            return None;
        };
        let factor = match (a == of, b == of) {
            (true, _) => b,
            (_, true) => a,
            _ => return None,
        };
        Some(
            match same::order(self.values.get(&factor)?, &Value::Double(1.0))?? {
                Ordering::Less => Rel::Less,
                Ordering::Equal => Rel::Same,
                Ordering::Greater => Rel::More,
            },
        )
    }

    /// Whether a number is never negative.
    fn above(&self, id: Id, positive: bool) -> bool {
        if self.pay().is_none() {
            return false;
        }
        if let Some(value) = self.values.get(&id) {
            let zero = same::order(value, &Value::Int(0));
            return matches!(zero, Some(Some(Ordering::Greater | Ordering::Equal)));
        }
        match self.get(id) {
            Some(Form::Leaf(_)) => positive || !self.signed.contains(&id),
            Some(Form::Of(name, parts)) => {
                let first = || parts.first().is_some_and(|id| self.above(*id, positive));
                let all = || parts.iter().all(|id| self.above(*id, positive));
                match name.as_str() {
                    "+" | "*" | "/" => all(),
                    "index" => first(),
                    name if name.starts_with("look above ") => true,
                    name => {
                        let passes = ["look at ", "scale ", "field "];
                        passes.iter().any(|start| name.starts_with(start)) && first()
                    }
                }
            }
            _ => false,
        }
    }
}
