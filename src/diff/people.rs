//! What changed of who may attest, approve and be told. Never who did.

use super::aspects::stops;
use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::Sides;
use crate::policy::proof::Quorum;
use crate::policy::{Proof, Role, Rule};
use std::sync::Arc;

/// The roles of the two policies.
pub(super) fn roles(sides: &Sides<'_>, difference: &mut Difference) {
    let (old, new) = match (&sides.old.roles, &sides.new.roles) {
        (None, None) => return,
        (Some(old), Some(new)) => (old, new),
        (old, _) => {
            let listed =
                |listed: bool| Some(if listed { "listed" } else { "anybody's" }.to_owned());
            let was = old.is_some();
            let direction = asked(sides, None, was);
            let detail = Detail::new("roles", listed(was), listed(!was), direction);
            let item = Item::new("role", "roles", Change::Changed);
            return difference.add(item.with(vec![detail]));
        }
    };
    for was in old {
        let Some(is) = new.iter().find(|is| is.name == was.name) else {
            difference.add(Item::new("role", was.name.as_ref(), Change::Removed));
            continue;
        };
        let details = role(sides, was, is);
        if !details.is_empty() {
            let item = Item::new("role", was.name.as_ref(), Change::Changed);
            difference.add(item.with(details));
        }
    }
    for is in new {
        if !old.iter().any(|was| was.name == is.name) {
            difference.add(Item::new("role", is.name.as_ref(), Change::Added));
        }
    }
}

fn role(sides: &Sides<'_>, old: &Role, new: &Role) -> Vec<Detail> {
    let mut found = Vec::new();
    if old.contact != new.contact {
        let told = |role: &Role| role.contact.as_ref().map(ToString::to_string);
        found.push(Detail::new(
            "contact",
            told(old),
            told(new),
            Direction::Neutral,
        ));
    }
    let has = |outer: &Option<Vec<Arc<str>>>, inner: &Option<Vec<Arc<str>>>| match (outer, inner) {
        (None, _) => true,
        (_, None) => false,
        (Some(all), Some(some)) => some.iter().all(|one| all.contains(one)),
    };
    let direction = match (has(&new.people, &old.people), has(&old.people, &new.people)) {
        (true, true) => return found,
        (more, less) if more != less => asked(sides, Some(&new.name), more),
        _ => Direction::Both,
    };
    let told = |role: &Role| {
        Some(match &role.people {
            None => "anybody".to_owned(),
            Some(people) => people.join(", "),
        })
    };
    found.push(Detail::new("people", told(old), told(new), direction));
    found
}

/// Whether more passes where more people, or fewer, may speak for a role, or for any: for a requirement more, for a stop
/// less.
fn asked(sides: &Sides<'_>, role: Option<&str>, more: bool) -> Direction {
    let has = |roles: &[Arc<str>]| {
        let named = |role: &str| roles.iter().any(|one| one.as_ref() == role);
        roles.is_empty() || role.is_none_or(named)
    };
    let of = |rule: &Rule| match &rule.proof {
        Proof::Attest(attest) => has(attest.role.as_slice()),
        Proof::Approve(approve) => match &approve.quorum {
            Quorum::Each(roles, _) | Quorum::Any(roles, _) => has(roles),
        },
        _ => false,
    };
    let mut found = Direction::Neutral;
    for policy in [sides.old, sides.new] {
        for rule in policy.judged().flat_map(|stage| &stage.rules) {
            if of(rule) {
                let looser = more != stops(rule);
                found = found.and(match (&rule.proof, looser) {
                    // Who is not asked cannot say no either.
                    (Proof::Approve(_), _) => Direction::Both,
                    (_, true) => Direction::Loosened,
                    (_, false) => Direction::Tightened,
                });
            }
        }
    }
    found
}
