//! A proof for people: what is asked, what was given and why it does not count, who can supply what is missing, by when.

use jiff::Timestamp;

use super::times::clock;
use super::{hung, indented, printable};
use crate::verdict::{Finding, Given, Lack, Proof, Status};

/// How much of what was given is shown of one finding.
const SHOWN: usize = 6;
/// How much of it is shown of one that needs no more than a line.
const IN_LINE: usize = 3;

/// Writes what is asked, what was given and what is missing.
pub(super) fn block(out: &mut String, finding: &Finding, proof: &Proof, now: Timestamp) {
    indented(out, &format!("asks for {}", printable(&proof.asks)));
    for one in proof.given.iter().take(SHOWN) {
        hung(out, &given(one, now));
    }
    let more = proof.given.len().saturating_sub(SHOWN);
    if more > 0 {
        indented(out, &format!("and {more} more"));
    }
    for lack in &proof.missing {
        hung(out, &missing(lack));
    }
    let opens = finding.met_at.filter(|_| finding.status == Status::Pending);
    if let Some(at) = opens {
        indented(out, &format!("opens {}", clock(at, now)));
    }
}

/// What proves a finding that needs no more than a line: who said so when, and up to when that is good.
pub(super) fn in_line(proof: &Proof, now: Timestamp) -> Vec<String> {
    let counts: Vec<&Given> = proof.given.iter().filter(|one| one.counts).collect();
    if counts.is_empty() {
        return vec![printable(&proof.asks)];
    }
    let told = counts.iter().take(IN_LINE).map(|one| given(one, now));
    let more = counts.len().saturating_sub(IN_LINE);
    let more = (more > 0).then(|| format!("and {more} more"));
    told.chain(more).collect()
}

/// When a finding is due, and whether it is late.
pub(super) fn due(out: &mut String, finding: &Finding, now: Timestamp) {
    let Some(due) = finding.due else { return };
    let late = if finding.late { ", late" } else { "" };
    let verb = if due > now { "due" } else { "was due" };
    indented(out, &format!("{verb} {}{late}", clock(due, now)));
}

/// What is met, but was not when it was due.
pub(super) fn late(finding: &Finding, now: Timestamp) -> Option<String> {
    let due = finding
        .due
        .filter(|_| finding.late && finding.status == Status::Met)?;
    let (name, due) = (finding.name(), clock(due, now));
    Some(format!("{name} was due {due}, and was not met then"))
}

pub(in crate::report) fn given(one: &Given, now: Timestamp) -> String {
    let who = one.by.as_ref().map(|by| {
        let role = one.role.as_ref();
        let role = role.map_or_else(String::new, |role| format!(" ({})", printable(role)));
        format!("{}{role} ", printable(by))
    });
    let at = one.at.map(|at| format!(" {}", clock(at, now)));
    let until = one
        .until
        .map(|at| format!(", good until {}", clock(at, now)));
    let why = one.why.as_ref().map(|why| printable(why));
    let why = match (one.counts, why) {
        (true, Some(why)) => format!(": {why}"),
        (true, None) => String::new(),
        (false, why) => {
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!(", does not count{why}")
        }
    };
    let place = one.place.as_ref().filter(|_| !one.counts);
    let place = place.map(|place| format!(" ({})", printable(place)));
    format!(
        "{}{}{}{}{why}{}",
        who.unwrap_or_default(),
        one.says,
        at.unwrap_or_default(),
        until.unwrap_or_default(),
        place.unwrap_or_default()
    )
}

pub(in crate::report) fn missing(lack: &Lack) -> String {
    let role = lack.role.as_ref().map(|role| {
        let contact = lack.contact.as_ref();
        let contact = contact.map_or_else(String::new, |way| format!(" ({})", printable(way)));
        format!(" of role {}{contact}", printable(role))
    });
    let people: Vec<String> = lack.people.iter().map(|one| printable(one)).collect();
    let people = match people.split_last() {
        None => String::new(),
        Some((only, [])) => format!(": {only}"),
        Some((last, rest)) => format!(": {} or {last}", rest.join(", ")),
    };
    let people = match (lack.too_few, people.is_empty()) {
        (true, true) => ": nobody who is listed can".to_owned(),
        (true, false) => format!("{people}, and nobody else who is listed"),
        (false, _) => people,
    };
    let what = printable(&lack.named());
    let count = match lack.count {
        1 => String::new(),
        count => format!("{count} "),
    };
    format!("missing: {count}{what}{}{people}", role.unwrap_or_default())
}
