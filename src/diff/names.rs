//! What a policy is called, and the parameters it is judged with. Never what conditions make of them.

use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::{Sides, shown};
use crate::policy::Policy;
use crate::snapshot::layout::{Derived, Kind};

/// The name and the parameters of the two policies.
pub(super) fn policy(sides: &Sides<'_>, difference: &mut Difference) {
    let (old, new) = (sides.old, sides.new);
    if old.name != new.name {
        let names = (Some(old.name.to_string()), Some(new.name.to_string()));
        let detail = if remembers(old) || remembers(new) {
            Detail::new("name", names.0, names.1, Direction::Changed)
                .note("earlier verdicts of the one name do not count for the other")
        } else {
            Detail::new("name", names.0, names.1, Direction::Neutral)
        };
        let item = Item::new("policy", new.name.as_ref(), Change::Renamed);
        difference.add(item.with(vec![detail]));
    }
    let value =
        |policy: &Policy, name: &str| policy.params.get(name).map(|value| shown(value, None));
    let known = |policy: &Policy, name: &str| {
        policy.params.contains_key(name) || policy.unset.iter().any(|unset| unset.as_ref() == name)
    };
    let names = [old, new]
        .into_iter()
        .flat_map(|policy| policy.params.keys().chain(&policy.unset));
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    for name in names {
        let (was, is) = (value(old, name), value(new, name));
        let change = match (known(old, name), known(new, name)) {
            (true, false) => Change::Removed,
            (false, true) => Change::Added,
            _ if was == is => continue,
            _ => Change::Changed,
        };
        // What it changes is told of the rules that read it.
        let detail = Detail::new("value", was, is, Direction::Neutral);
        difference.add(Item::new("param", name.as_ref(), change).with(vec![detail]));
    }
}

/// Whether a policy asks for earlier verdicts, which are those of its name.
fn remembers(policy: &Policy) -> bool {
    policy.judged().any(|stage| {
        let rules = || stage.rules.iter();
        let mut slots = rules().flat_map(|rule| rule.expressions().flat_map(|expr| expr.reads()));
        let records =
            |slot: &usize| policy.layout.kind(*slot) == Some(Kind::Derived(Derived::Records));
        !stage.needs.is_empty() || slots.any(records)
    })
}
