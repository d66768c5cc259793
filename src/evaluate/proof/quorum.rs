//! How many people are missing for a quorum. One person fills one role, so whoever has several goes where they are needed
//! most. Never who counts.

use std::collections::{BTreeMap, VecDeque};

/// People by the roles they can fill, as ascending indices into the roles that are asked for.
pub(super) type Gives = BTreeMap<Vec<usize>, u32>;

/// How many are missing for `each` of so many roles, where everybody goes where they are needed most.
pub(super) fn each(gives: &Gives, roles: usize, each: u32) -> Vec<u32> {
    let people: Vec<(&Vec<usize>, u32)> =
        gives.iter().map(|(roles, count)| (roles, *count)).collect();
    let mut filling = Filling {
        spare: people.iter().map(|(_, count)| *count).collect(),
        missing: vec![each; roles],
        fills: BTreeMap::new(),
        people: people
            .into_iter()
            .map(|(roles, _)| roles.as_slice())
            .collect(),
    };
    for role in 0..roles {
        while filling
            .missing
            .get(role)
            .is_some_and(|missing| *missing > 0)
        {
            if !filling.fill(role) {
                break;
            }
        }
    }
    filling.missing
}

/// How many of `count` are missing in all.
pub(super) fn any(gives: &Gives, count: u32) -> u32 {
    let have = gives
        .values()
        .fold(0_u32, |sum, count| sum.saturating_add(*count));
    count.saturating_sub(have)
}

/// Who fills which role for the time being.
struct Filling<'g> {
    /// The roles that each group of people can fill.
    people: Vec<&'g [usize]>,
    /// How many of each group fill none.
    spare: Vec<u32>,
    /// How many each role is short of.
    missing: Vec<u32>,
    /// How many of a group fill a role.
    fills: BTreeMap<(usize, usize), u32>,
}

impl Filling<'_> {
    /// Fills a role with some more people, if need be by others taking the places of those who can fill it.
    fn fill(&mut self, role: usize) -> bool {
        // The group that each role was reached from, and the role that each group was reached from.
        let mut group_from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut role_from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = VecDeque::from([role]);
        let mut found = None;
        'search: while let Some(at) = open.pop_front() {
            for (group, roles) in self.people.iter().enumerate() {
                if group_from.contains_key(&group) || roles.binary_search(&at).is_err() {
                    continue;
                }
                group_from.insert(group, at);
                if self.spare.get(group).is_some_and(|spare| *spare > 0) {
                    found = Some(group);
                    break 'search;
                }
                for other in roles.iter().filter(|other| **other != role) {
                    let filled = self
                        .fills
                        .get(&(group, *other))
                        .is_some_and(|count| *count > 0);
                    if filled && !role_from.contains_key(other) {
                        role_from.insert(*other, group);
                        open.push_back(*other);
                    }
                }
            }
        }
        let Some(last) = found else { return false };
        // The way back: each group goes to the role it was reached from, out of the one it filled.
        let mut moves: Vec<(usize, usize)> = Vec::new();
        let mut group = last;
        while let Some(to) = group_from.get(&group).copied() {
            moves.push((group, to));
            if to == role {
                break;
            }
            match role_from.get(&to) {
                Some(from) => group = *from,
                None => break,
            }
        }
        let mut many = self.spare.get(last).copied().unwrap_or(0);
        many = many.min(self.missing.get(role).copied().unwrap_or(0));
        for ((_, left), (group, _)) in moves.iter().zip(moves.iter().skip(1)) {
            many = many.min(self.fills.get(&(*group, *left)).copied().unwrap_or(0));
        }
        for ((_, left), (group, _)) in moves.iter().zip(moves.iter().skip(1)) {
            let filled = self.fills.entry((*group, *left)).or_default();
            *filled = filled.saturating_sub(many);
        }
        for (group, to) in &moves {
            let filled = self.fills.entry((*group, *to)).or_default();
            *filled = filled.saturating_add(many);
        }
        if let (Some(spare), Some(missing)) = (self.spare.get_mut(last), self.missing.get_mut(role))
        {
            *spare = spare.saturating_sub(many);
            *missing = missing.saturating_sub(many);
        }
        many > 0
    }
}
