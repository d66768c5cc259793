//! What is the matter with a finding that is proved by anything else than a condition, in one line.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::words::{NEWER, joined};
use crate::explain::reason::{decided, over};
use crate::snapshot::facts::folded;
use crate::verdict::{Finding, Given, Proof, ProofKind, Status};

/// The line; nothing where something else says it better.
pub(in crate::explain) fn line(finding: &Finding) -> Option<String> {
    let proof = finding.proof.as_ref()?;
    if finding.status == Status::Unknown {
        return None;
    }
    let due = finding
        .due
        .map_or_else(String::new, |due| match finding.status {
            Status::Unmet if finding.late => format!(", was due {due}"),
            Status::Pending | Status::Unmet => format!(", due {due}"),
            _ => String::new(),
        });
    if finding.is_over() {
        let fired = finding.fired_at;
        let fired = fired.map_or_else(String::new, |at| format!("fired at {at}"));
        return Some(format!("{fired}{}", over(finding)));
    }
    let text = match proof.kind {
        ProofKind::During => closed(proof, finding),
        ProofKind::Field => format!("{} is not given", proof.asks),
        ProofKind::Needs => need(proof),
        ProofKind::Evidence => ran(proof, finding),
        ProofKind::Attest | ProofKind::Approve => said(proof),
    };
    Some(format!("{text}{due}"))
}

fn closed(proof: &Proof, finding: &Finding) -> String {
    let Some(shut) = proof.given.iter().find(|one| one.says == "closed") else {
        return proof.asks.clone();
    };
    let why = shut.why.as_ref().map(|why| format!(": {why}"));
    let value = decided(finding).map(|value| format!(" ({value})"));
    let opens = finding.met_at.map(|at| format!(", opens {at}"));
    format!(
        "closed{}{}{}",
        why.unwrap_or_default(),
        value.unwrap_or_default(),
        opens.unwrap_or_default()
    )
}

fn need(proof: &Proof) -> String {
    let counts = || proof.given.iter().filter(|one| one.counts);
    let ended = |one: &&Given| one.why.as_ref().is_some_and(|why| why.contains("; "));
    let Some(one) = counts().find(ended).or_else(|| counts().next()) else {
        return format!("{} is missing", proof.asks);
    };
    let why = one.why.as_deref().unwrap_or_default();
    let (stage, after) = match why.split_once("; ") {
        Some((stage, after)) => (stage, format!(", {after}")),
        None => (why, String::new()),
    };
    format!("{stage} was {}{}{after}", one.says, at(one))
}

fn ran(proof: &Proof, finding: &Finding) -> String {
    let name = proof.asks.strip_prefix("evidence ").unwrap_or(&proof.asks);
    let name = name.split([' ', ',']).next().unwrap_or(name);
    match (
        proof.given.iter().find(|one| one.counts),
        proof.given.first(),
    ) {
        (Some(one), _) => {
            // What is asked of its data says more by its value.
            let value = decided(finding).or_else(|| one.why.clone());
            let why = value.map(|why| format!(" ({why})"));
            format!("{name} {}{}{}", one.says, at(one), why.unwrap_or_default())
        }
        (None, Some(one)) => {
            let why = one.why.as_deref().unwrap_or_default();
            format!(
                "{} is missing; the one{} does not count: {why}",
                proof.asks,
                at(one)
            )
        }
        (None, None) => format!("{} is missing", proof.asks),
    }
}

fn said(proof: &Proof) -> String {
    let counts = || proof.given.iter().filter(|one| one.counts);
    if let Some(one) = counts().find(|one| one.says == "rejected") {
        return format!("rejected by {}{}", who(one), at(one));
    }
    let verb = match proof.kind {
        ProofKind::Attest => "attested",
        _ => "approved",
    };
    let mut people = BTreeSet::new();
    let stand: Vec<String> = counts()
        .filter(|one| one.says == verb && people.insert(folded(who(one))))
        .map(|one| format!("{}{}", who(one), at(one)))
        .collect();
    let by = joined(stand.iter().map(String::as_str), "and");
    let missing: Vec<String> = proof
        .missing
        .iter()
        .map(|lack| {
            let role = lack.role.as_ref().map(|role| format!(" of role {role}"));
            format!(
                "{} {}{}",
                lack.count,
                lack.named(),
                role.unwrap_or_default()
            )
        })
        .collect();
    let missing = joined(missing.iter().map(String::as_str), "and");
    let mut text = match (stand.is_empty(), missing.is_empty()) {
        (true, true) => format!("{verb} by nobody"),
        (true, false) => format!("{missing} missing"),
        (false, true) => format!("{verb} by {by}"),
        (false, false) => format!("{missing} missing, {verb} by {by}"),
    };
    let newer = |one: &&Given| one.why.as_deref() == Some(NEWER);
    let not = proof.given.iter().find(|one| !one.counts && !newer(one));
    if let Some((one, why)) = not.and_then(|one| Some((one, one.why.as_ref()?)))
        && !missing.is_empty()
    {
        let _ = write!(
            text,
            "; that of {}{} does not count: {why}",
            who(one),
            at(one)
        );
    }
    text
}

fn who(one: &Given) -> &str {
    one.by.as_deref().unwrap_or("?")
}

fn at(one: &Given) -> String {
    one.at.map_or_else(String::new, |at| format!(" at {at}"))
}
