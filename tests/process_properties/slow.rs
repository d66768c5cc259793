//! What people said, counted the slow and obvious way: every statement is looked at, and every way to fill the roles tried.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::generate::{Policy, World, at, folded};

/// Why a statement does not count, or that nobody knows.
enum Counts {
    Yes,
    No,
}

fn instant(one: &Json, key: &str) -> Option<Timestamp> {
    one[key]
        .as_str()
        .map(|text| text.parse().expect("an instant"))
}

/// Whether a statement counts at a minute, apart from who may not make one.
fn counts(
    policy: &Policy,
    world: &World,
    one: &Json,
    now: i64,
    wanted: &[&str],
    approval: bool,
) -> Counts {
    let Some(made) = instant(one, "at") else {
        return Counts::No;
    };
    let over = instant(one, "expires").is_some_and(|expires| expires <= at(now));
    let old = policy.max_age.is_some_and(|age| {
        at(now)
            > made
                .checked_add(jiff::SignedDuration::from_mins(age))
                .expect("an instant")
    });
    let commit = one["commit"].as_str().is_none_or(|commit| commit == "abc");
    let stage = one["stage"].as_str();
    // What is taken back stays so, from before the entry too, and in no role.
    let withdrawn = one["decision"] == "withdrawn";
    let entered = policy.any_time
        || withdrawn
        || stage.is_some()
        || world.entered(now).is_none_or(|entered| made >= at(entered));
    if made > at(now)
        || over
        || old
        || !commit
        || stage.is_some_and(|stage| stage != "prod")
        || !entered
    {
        return Counts::No;
    }
    let takes_back = one["decision"] == "withdrawn" || one["decision"] == "rejected";
    let Some(role) = one["role"].as_str() else {
        // A role that is asked for must be named, by who rejects only where roles are listed.
        let named = wanted.is_empty() || withdrawn || (takes_back && !policy.listed);
        return if named { Counts::Yes } else { Counts::No };
    };
    let among = match role {
        _ if !policy.listed => true,
        "sre" => ["ada", "bob", "cleo"].contains(&folded(one).as_str()),
        role => role == "dev",
    };
    let asked = wanted.is_empty() || wanted.contains(&role) || (approval && takes_back);
    if among && asked {
        Counts::Yes
    } else {
        Counts::No
    }
}

/// Those that count, oldest first; of one instant what takes back comes last.
fn counting<'f>(
    policy: &Policy,
    world: &World,
    facts: &'f Json,
    list: &str,
    rule: &str,
    now: i64,
    wanted: &[&str],
) -> Vec<&'f Json> {
    let all = facts[list].as_array().expect("a list").iter();
    let mut found: Vec<&Json> = all
        .filter(|one| one["rule"] == rule)
        .filter(|one| {
            matches!(
                counts(policy, world, one, now, wanted, list == "approvals"),
                Counts::Yes
            )
        })
        .filter(|one| {
            !policy.not_by
                || world
                    .author
                    .is_none_or(|author| folded(one) != author.to_lowercase())
        })
        .collect();
    found.sort_by_key(|one| instant(one, "at"));
    found
}

/// Everybody who said something that counts.
fn people(said: &[&Json]) -> Vec<String> {
    let mut people: Vec<String> = said.iter().map(|one| folded(one)).collect();
    people.sort();
    people.dedup();
    people
}

/// What the rule `drill` must be.
pub(super) fn attest(policy: &Policy, world: &World, facts: &Json, now: i64) -> String {
    let wanted: Vec<&str> = policy.role.into_iter().collect();
    let said = counting(policy, world, facts, "attestations", "drill", now, &wanted);
    let stands = |who: &String| {
        let own = || said.iter().filter(|one| folded(one) == *who);
        own().any(|one| {
            // It stands where nothing newer of that person takes it back, in that role or in all.
            let newer = own().filter(|other| instant(other, "at") > instant(one, "at"));
            let mut newer = newer.filter(|other| other["decision"] == "withdrawn");
            one["decision"] == "attested"
                && !newer.any(|other| other["role"].is_null() || other["role"] == one["role"])
        })
    };
    let standing = people(&said).iter().filter(|who| stands(who)).count();
    if policy.not_by && world.author.is_none() && standing > 0 {
        return "unknown".to_owned();
    }
    if standing >= policy.count {
        "met"
    } else {
        "pending"
    }
    .to_owned()
}

/// What the rule `cab` must be.
pub(super) fn approve(policy: &Policy, world: &World, facts: &Json, now: i64) -> String {
    let said = counting(policy, world, facts, "approvals", "cab", now, &policy.roles);
    let mut rejected = false;
    let mut can: Vec<Vec<&str>> = Vec::new();
    for who in people(&said) {
        let own: Vec<&&Json> = said.iter().filter(|one| folded(one) == who).collect();
        let newest = own.last().expect("something");
        rejected |= newest["decision"] == "rejected";
        if newest["decision"] == "approved" {
            let since = own
                .iter()
                .rev()
                .take_while(|one| one["decision"] == "approved");
            can.push(since.filter_map(|one| one["role"].as_str()).collect());
        }
    }
    if policy.not_by && world.author.is_none() && (rejected || !can.is_empty()) {
        return "unknown".to_owned();
    }
    if rejected {
        return "unmet".to_owned();
    }
    let enough = match policy.each {
        Some(each) => {
            let places: Vec<&str> = policy
                .roles
                .iter()
                .flat_map(|role| vec![*role; each])
                .collect();
            fills(&places, &mut can)
        }
        None => can.len() >= policy.any,
    };
    if enough { "met" } else { "pending" }.to_owned()
}

/// Whether these places can be filled with these people, each in one place: everybody is tried in the first.
fn fills(places: &[&str], can: &mut Vec<Vec<&str>>) -> bool {
    let Some((place, rest)) = places.split_first() else {
        return true;
    };
    (0..can.len()).any(|who| {
        if !can[who].contains(place) {
            return false;
        }
        let one = can.remove(who);
        let filled = fills(rest, can);
        can.insert(who, one);
        filled
    })
}
