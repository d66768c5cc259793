//! The two policies side by side, and their conditions in one form. Never says what a difference comes to.

use std::collections::BTreeMap;

use crate::explain::number::quantity;
use crate::expr::Compiled;
use crate::expr::form::{Forms, Id, Leaf, Order, Ordered};
use crate::expr::json::{json, shortened};
use crate::expr::mentions::Meant;
use crate::expr::value::Value;
use crate::policy::Policy;
use std::sync::Arc;

/// The most characters of a condition that are told.
const LONGEST: usize = 300;

/// The two policies, and what their conditions mean.
pub(super) struct Sides<'p> {
    pub(super) old: &'p Policy,
    pub(super) new: &'p Policy,
    forms: Forms,
}

/// Which of the two policies something is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

impl<'p> Sides<'p> {
    pub(super) fn new(old: &'p Policy, new: &'p Policy) -> Self {
        Self {
            old,
            new,
            forms: Forms::default(),
        }
    }

    pub(super) fn policy(&self, side: Side) -> &'p Policy {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// What an expression means.
    pub(super) fn form(&mut self, side: Side, of: &Compiled) -> Id {
        let policy = self.policy(side);
        self.forms.read(of, false, &|slot| leaf(policy, slot))
    }

    /// What all of some conditions together mean.
    pub(super) fn all(&mut self, side: Side, of: &[Arc<Compiled>]) -> Id {
        let parts: Vec<Id> = of.iter().map(|one| self.form(side, one)).collect();
        self.forms.all(parts)
    }

    /// How a condition of the new policy stands to one of the old policy.
    pub(super) fn order(&mut self, old: &Compiled, new: &Compiled) -> Ordered {
        let (old, new) = (self.form(Side::Old, old), self.form(Side::New, new));
        self.forms.order(old, new)
    }

    /// The same of what two forms mean.
    pub(super) fn order_of(&self, old: Id, new: Id) -> Ordered {
        self.forms.order(old, new)
    }

    /// Whether the new condition is the opposite of the old one.
    pub(super) fn opposite(&mut self, old: &Compiled, new: &Compiled) -> Order {
        let policy = self.old;
        let old = self.forms.read(old, true, &|slot| leaf(policy, slot));
        let new = self.form(Side::New, new);
        self.forms.order(old, new).order
    }

    /// Whether two expressions mean the same.
    pub(super) fn same(&mut self, old: &Compiled, new: &Compiled) -> bool {
        self.order(old, new).order == Order::Same
    }
}

/// What a slot is called in every policy: a number of another unit is something else.
fn leaf(policy: &Policy, slot: usize) -> Leaf {
    let layout = &policy.layout;
    if slot == policy.item_slot {
        return Leaf {
            name: "the item of for_each".to_owned(),
            signed: true,
        };
    }
    let input = layout.input_of(slot);
    let input = input.and_then(|input| layout.inputs().get(input));
    let unit = input.and_then(|input| input.unit.as_ref());
    let unit = unit.map(|unit| format!(" in {unit}")).unwrap_or_default();
    let range = input.and_then(|input| input.range);
    Leaf {
        name: format!("{}{unit}", layout.name(slot)),
        signed: range.is_none_or(|(least, _)| least < 0.0),
    }
}

/// A text on one line, cut where it is long.
pub(super) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    shortened(&words.join(" "), LONGEST)
}

/// Conditions that must all be true, as one.
pub(super) fn joined(conditions: &[Arc<Compiled>]) -> Option<String> {
    let texts: Vec<String> = conditions.iter().map(|one| line(one.text())).collect();
    match texts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(
            several
                .iter()
                .map(|one| format!("({one})"))
                .collect::<Vec<_>>()
                .join(" && "),
        ),
    }
}

/// What an expression refers to by name that stands for something else now: `params.limit: 1% → 2%`.
pub(super) fn through<'c>(
    old: impl IntoIterator<Item = &'c Arc<Compiled>>,
    new: impl IntoIterator<Item = &'c Arc<Compiled>>,
) -> Option<String> {
    let mentioned = |all: &mut dyn Iterator<Item = &'c Arc<Compiled>>| {
        let mut found = BTreeMap::new();
        all.for_each(|one| found.extend(one.mentions()));
        found
    };
    let (old, new) = (
        mentioned(&mut old.into_iter()),
        mentioned(&mut new.into_iter()),
    );
    let changed: Vec<String> = new
        .iter()
        .filter_map(|(name, now)| {
            let (was, now) = (meant(old.get(name)?), meant(now));
            (was != now).then(|| format!("`{name}` was `{was}`, is `{now}`"))
        })
        .collect();
    (!changed.is_empty()).then(|| changed.join("; "))
}

fn meant(of: &Meant) -> String {
    match of {
        Meant::Value(value, unit) => {
            let unit = unit.as_ref().map(ToString::to_string);
            shown(value, unit.as_deref())
        }
        Meant::Expression(text) => line(text),
    }
}

/// A value for people.
pub(super) fn shown(value: &Value, unit: Option<&str>) -> String {
    match value {
        Value::Double(number) => quantity(*number, unit),
        Value::Int(number) if unit.is_some() => quantity(crate::expr::double(*number), unit),
        Value::String(text) => shortened(text, LONGEST),
        other => shortened(&json(other).to_string(), LONGEST),
    }
}
