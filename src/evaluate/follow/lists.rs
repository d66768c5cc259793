//! Which rules have become what, as conditions of a process see it: ids without items, none twice, in alphabetical order.
//! What only watches, or was set aside, is in none.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::{Outcome, Subject, World};
use crate::expr::value::Value;
use crate::snapshot::layout::Derived;
use crate::verdict::{Decision, Effect, Status};

/// The lists that conditions see.
pub(super) const LISTS: [Derived; 5] = [
    Derived::Fired,
    Derived::Unmet,
    Derived::Held,
    Derived::Unknown,
    Derived::Pending,
];

/// A rule, or an item of one, that is in lists.
pub(super) struct Member {
    pub(super) id: Arc<str>,
    /// Since when it has been so; none: not known.
    pub(super) since: Option<Timestamp>,
    lists: Vec<Derived>,
}

/// Which rules have become what.
pub(super) struct Lists(Vec<Member>);

impl Lists {
    pub(super) fn of(outcomes: &[Outcome<'_>]) -> Self {
        let member = |outcome: &Outcome<'_>| Member {
            id: id(&outcome.of),
            since: outcome.timing.fired_at.or(outcome.timing.since),
            lists: LISTS
                .into_iter()
                .filter(|list| is_in(*list, outcome))
                .collect(),
        };
        Self(outcomes.iter().map(member).collect())
    }

    /// The members of a list.
    pub(super) fn members(&self, list: Derived) -> impl Iterator<Item = &Member> {
        self.0
            .iter()
            .filter(move |member| member.lists.contains(&list))
    }

    /// Puts the verdict and all lists in sight.
    pub(super) fn show(&self, world: &mut World<'_>, decision: Decision) {
        let slot = world.layout().derived(Derived::Verdict);
        world.set(slot, Value::String(Arc::from(decision.name())));
        self.show_only(world, |_| true);
    }

    /// Puts in sight of all lists those members only.
    pub(super) fn show_only(&self, world: &mut World<'_>, shown: impl Fn(&Member) -> bool) {
        for list in LISTS {
            let members = self.members(list).filter(|member| shown(member));
            let mut ids: Vec<Arc<str>> = members.map(|member| Arc::clone(&member.id)).collect();
            ids.sort_unstable();
            ids.dedup();
            let values = ids.into_iter().map(Value::String).collect();
            world.set(world.layout().derived(list), Value::List(values));
        }
    }
}

fn is_in(list: Derived, outcome: &Outcome<'_>) -> bool {
    let rule = match &outcome.of {
        Subject::Rule(rule, _) => Some(rule),
        _ => None,
    };
    if rule.is_some_and(|rule| rule.watch) {
        return false;
    }
    let on_unmet = rule.is_some_and(|rule| rule.on_unmet);
    match (list, outcome.status) {
        (Derived::Fired, Status::Fired)
        | (Derived::Unmet, Status::Unmet)
        | (Derived::Unknown, Status::Unknown)
        | (Derived::Pending, Status::Pending) => true,
        (Derived::Fired, Status::Unmet) => on_unmet,
        (Derived::Held, Status::Fired) => rule.is_some_and(|rule| rule.effect == Effect::Hold),
        _ => false,
    }
}

/// The id of what an outcome is about.
fn id(of: &Subject<'_>) -> Arc<str> {
    match of {
        Subject::Rule(rule, _) => Arc::clone(&rule.id),
        Subject::Bake(_) => Arc::from("stage.bake"),
        Subject::Traffic(_) => Arc::from("stage.traffic"),
        Subject::Needs(_) => Arc::from("stage.needs"),
        Subject::Field(name, _) => Arc::from(format!("record.{name}")),
    }
}
