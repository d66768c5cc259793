//! When a rule applies, and whether anything is required at all where it does not. Never what it asks for.

use super::{proved, with};
use crate::diff::difference::{Detail, Direction};
use crate::diff::side::{Side, Sides, joined, through};
use crate::expr::form::Order;
use crate::policy::{OnMissing, Rule, Stage};
use crate::verdict::Effect;

/// Whether some requirement applies to a stage whatever is measured: where none does, that alone is no-go.
#[derive(Clone, Copy, Debug)]
pub(in crate::diff) struct Applies {
    old: bool,
    new: bool,
}

/// Whether a rule is a requirement that counts.
fn requires(rule: &Rule) -> bool {
    rule.effect == Effect::Require && !rule.watch
}

impl Applies {
    /// Some requirement does, whatever changed.
    pub(in crate::diff) const SURELY: Self = Self {
        old: true,
        new: true,
    };

    /// To the stage as it was and as it is.
    pub(in crate::diff) fn of(old: &Stage, new: &Stage) -> Self {
        let always = |stage: &Stage| {
            let mut rules = stage.rules.iter();
            rules.any(|rule| requires(rule) && rule.when.is_empty())
        };
        Self {
            old: always(old),
            new: always(new),
        }
    }

    /// What it comes to where a requirement applies less often, or more often.
    fn with(self, detail: Detail, less: bool) -> Detail {
        let (sure, direction, note) = if less {
            let note = "where no requirement applies any more that is no-go";
            (self.new, Direction::Tightened, note)
        } else {
            let note = "where no requirement applied that was no-go";
            (self.old, Direction::Loosened, note)
        };
        if sure {
            return detail;
        }
        let detail = Detail {
            direction: detail.direction.and(direction),
            ..detail
        };
        let before = detail.note.clone();
        match before {
            Some(before) => detail.note(format!("{before}; {note}")),
            None => detail.note(note),
        }
    }

    /// The same of all that changed of a rule.
    pub(super) fn told(self, old: &Rule, new: &Rule, details: &mut Vec<Detail>) {
        let (was, is) = (requires(old), requires(new));
        let told = details.drain(..).map(|detail| {
            let less = match (detail.what.as_str(), detail.direction) {
                ("effect" | "watch", _) if was != is => Some(was),
                ("when", Direction::Loosened) if was && is => Some(true),
                ("when", Direction::Tightened) if was && is => Some(false),
                _ => None,
            };
            match less {
                Some(less) => self.with(detail, less),
                None => detail,
            }
        });
        *details = told.collect();
    }
}

/// A rule that came or is gone, whole.
pub(in crate::diff) fn whole(rule: &Rule, gone: bool, applies: Applies) -> Detail {
    let text = Some(proved(rule));
    let direction = match (rule.watch, gone) {
        // It never counted.
        (true, _) => Direction::Neutral,
        (false, true) => Direction::Loosened,
        (false, false) => Direction::Tightened,
    };
    let (old, new) = if gone { (text, None) } else { (None, text) };
    let detail = Detail::new(rule.effect.name(), old, new, direction);
    if requires(rule) {
        applies.with(detail, gone)
    } else {
        detail
    }
}

/// What changed of when a rule applies.
pub(super) fn when(sides: &mut Sides<'_>, old: &Rule, new: &Rule, found: &mut super::Aspects) {
    let (was, is) = (joined(&old.when), joined(&new.when));
    if was.is_none() && is.is_none() {
        return;
    }
    let before = sides.all(Side::Old, &old.when);
    let now = sides.all(Side::New, &new.when);
    let ordered = sides.order_of(before, now);
    if ordered.order == Order::Same {
        found.texts |= was != is;
        return;
    }
    let ignored = [old, new].map(|rule| rule.missing == OnMissing::Ignore) == [true, true];
    let (direction, note) = match (ordered.order, ordered.positive) {
        (_, true) | (Order::Apart | Order::Same, _) => (Direction::Changed, None),
        (Order::Both, _) => (Direction::Both, None),
        // Where nobody knows whether it applies that is no-go, whatever it would say.
        (Order::Narrower, _) if !ordered.known && !ignored => (
            Direction::Both,
            Some("it applies less often; where that is not known, it is no-go"),
        ),
        (Order::Wider, _) if !ordered.known && !ignored => (
            Direction::Both,
            Some("it applies more often; where that was not known, it was no-go"),
        ),
        (Order::Narrower, _) => (Direction::Loosened, Some("it applies less often")),
        (Order::Wider, _) => (Direction::Tightened, Some("it applies more often")),
    };
    let detail = Detail {
        note: note.map(ToOwned::to_owned),
        ..Detail::new("when", was, is, direction)
    };
    let through = through(&old.when, &new.when);
    found.details.push(with(detail, through));
}
