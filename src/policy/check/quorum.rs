//! Whether there are enough people for what is asked of them, as far as a policy lists who has which role. Never who
//! said anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::Role;
use crate::snapshot::facts::folded;

/// All people that have any of these roles; nothing where one of them is anybody's, or none is named.
pub(super) fn everybody(roles: Option<&[Role]>, names: &[&str]) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for name in names {
        all.extend(people(roles, name)?);
    }
    (!names.is_empty()).then_some(all)
}

/// The role for which nobody is left where each needs so many people and one person fills one role; nothing where all
/// can be filled.
pub(super) fn fills<'n>(roles: Option<&[Role]>, names: &[&'n str], each: u32) -> Option<&'n str> {
    let listed: Vec<(&str, Vec<String>)> = names
        .iter()
        .filter_map(|name| Some((*name, people(roles, name)?.into_iter().collect())))
        .collect();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for (role, (name, people)) in listed.iter().enumerate() {
        // More than there are cannot be found: no need to look for each.
        let wanted = usize::try_from(each).unwrap_or(usize::MAX);
        if wanted > people.len() {
            return Some(name);
        }
        for _ in 0..wanted {
            if !found(&listed, &mut taken, role) {
                return Some(name);
            }
        }
    }
    None
}

/// Finds one more person for a role, where others have to change theirs for it.
fn found<'p>(
    listed: &'p [(&str, Vec<String>)],
    taken: &mut BTreeMap<&'p str, usize>,
    role: usize,
) -> bool {
    // By whom each role was reached: the person who would leave it, and the role that person would fill.
    let mut reached: BTreeMap<usize, Option<(&str, usize)>> = BTreeMap::from([(role, None)]);
    let mut next = vec![role];
    while let Some(current) = next.pop() {
        let people = listed.get(current).map_or(&[][..], |(_, people)| people);
        for person in people {
            let Some(holds) = taken.get(person.as_str()).copied() else {
                let (mut person, mut fills) = (person.as_str(), current);
                loop {
                    taken.insert(person, fills);
                    match reached.get(&fills).copied().flatten() {
                        Some((freed, before)) => (person, fills) = (freed, before),
                        None => return true,
                    }
                }
            };
            reached.entry(holds).or_insert_with(|| {
                next.push(holds);
                Some((person, current))
            });
        }
    }
    false
}

/// Who has a role, by the names people are compared by; nothing where that is not listed.
fn people(roles: Option<&[Role]>, name: &str) -> Option<BTreeSet<String>> {
    let role = roles?.iter().find(|role| role.name.as_ref() == name)?;
    let people = role.people.as_ref()?.iter();
    Some(people.map(|person| folded(person)).collect())
}
