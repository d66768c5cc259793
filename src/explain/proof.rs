//! What a proof asks for, what was given and what is missing, in the shape of the record. Never whether it holds.

mod line;
mod words;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::gaps;
use crate::evaluate::proof::{Named, Shut, Unclaimed};
use crate::evaluate::{Considered, Fact, Lacking, Outcome, Proved, World, text};
use crate::policy::proof::Environment;
use crate::policy::{Need, Policy, Proof, Rule};
use crate::snapshot::facts::{Evidence, Facts, Kind};
use crate::snapshot::layout::Context;
use crate::verdict::{Effect, Gap, Given, Lack, ProofKind, Status};
pub(super) use line::line;

/// The proof of a rule, where that is no condition.
pub(super) fn of_rule(
    policy: &Policy,
    rule: &Rule,
    outcome: &Outcome<'_>,
    world: &World<'_>,
    facts: &Facts,
) -> Option<crate::verdict::Proof> {
    let kind = match &rule.proof {
        Proof::Expr(_) => return None,
        Proof::Evidence(_) => ProofKind::Evidence,
        Proof::Attest(_) => ProofKind::Attest,
        Proof::Approve(_) => ProofKind::Approve,
        Proof::During(_) => ProofKind::During,
    };
    let what = match &rule.proof {
        Proof::Evidence(evidence) => format!("evidence {}", evidence.id),
        Proof::Attest(_) => "attestation".to_owned(),
        _ => "approval".to_owned(),
    };
    let proved = outcome.proved.as_ref();
    let (evidence, environment) = wanted(&rule.proof, world);
    Some(crate::verdict::Proof {
        kind,
        asks: words::asks(&rule.proof),
        evidence,
        environment,
        fields: fields(&rule.proof),
        given: proved
            .map(|proved| given(proved, max_age(&rule.proof), world, facts))
            .unwrap_or_default(),
        missing: proved
            .filter(|_| rule.effect == Effect::Require)
            .map(|proved| missing(policy, &what, proved))
            .unwrap_or_default(),
    })
}

/// The proof of a need.
pub(super) fn of_need(
    need: &Need,
    outcome: &Outcome<'_>,
    world: &World<'_>,
    facts: &Facts,
) -> crate::verdict::Proof {
    let asks = format!("a go of {}", stages(need));
    let proved = outcome.proved.as_ref();
    let lacks = outcome.status != Status::Met;
    crate::verdict::Proof {
        kind: ProofKind::Needs,
        evidence: None,
        environment: None,
        fields: Vec::new(),
        given: proved
            .map(|proved| given(proved, None, world, facts))
            .unwrap_or_default(),
        missing: lacks.then(|| Lack::one(&asks)).into_iter().collect(),
        asks,
    }
}

/// The proof of a field that an audit needs.
pub(super) fn of_field(name: &str, outcome: &Outcome<'_>) -> crate::verdict::Proof {
    let asks = format!("subject.{name}");
    let lacks = outcome.status == Status::Unmet;
    crate::verdict::Proof {
        kind: ProofKind::Field,
        evidence: None,
        environment: None,
        fields: Vec::new(),
        given: Vec::new(),
        missing: lacks.then(|| Lack::one(&asks)).into_iter().collect(),
        asks,
    }
}

/// The stages of a need: `staging`, `a or b`.
pub(super) fn stages(need: &Need) -> String {
    words::one_of(need.stages.iter().map(AsRef::as_ref))
}

/// Something that is not known, by slot.
pub(super) fn gap(world: &World<'_>, slot: usize) -> Gap {
    Gap {
        expr: world.layout().name(slot),
        reason: gaps::missing(world.value(slot)),
    }
}

/// The evidence a rule asks for, and where it must be of.
fn wanted(proof: &Proof, world: &World<'_>) -> (Option<String>, Option<String>) {
    let Proof::Evidence(evidence) = proof else {
        return (None, None);
    };
    let environment = match evidence.environment.as_ref() {
        Some(Environment::Named(name)) => Some(name.to_string()),
        Some(Environment::Same) => {
            text(world, Context::SubjectEnvironment).map(|name| name.to_string())
        }
        None => None,
    };
    (Some(evidence.id.to_string()), environment)
}

/// What a statement must fill in.
fn fields(proof: &Proof) -> Vec<String> {
    let asked = match proof {
        Proof::Attest(attest) => attest.asked.fields.as_slice(),
        Proof::Approve(approve) => approve.asked.fields.as_slice(),
        _ => &[],
    };
    asked.iter().map(|field| field.name.to_string()).collect()
}

/// Who or what is missing.
fn missing(policy: &Policy, what: &str, proved: &Proved) -> Vec<Lack> {
    let one = |lacking: &Lacking| {
        let only = match lacking.roles.as_slice() {
            [role] => Some(role),
            _ => None,
        };
        let several = lacking.roles.len() > 1;
        let listed = policy.roles.iter().flatten();
        let mut listed = listed.filter(|role| Some(&role.name) == only);
        Lack {
            what: if several {
                let roles = words::one_of(lacking.roles.iter().map(AsRef::as_ref));
                format!("{what} of {roles}")
            } else {
                what.to_owned()
            },
            count: lacking.count,
            role: only.map(ToString::to_string),
            contact: listed
                .next()
                .and_then(|role| role.contact.as_ref())
                .map(ToString::to_string),
            people: lacking.people.iter().map(ToString::to_string).collect(),
            too_few: is_listed(policy, &lacking.roles)
                && u32::try_from(lacking.people.len()).is_ok_and(|people| people < lacking.count),
        }
    };
    proved.lacking.iter().map(one).collect()
}

/// Whether only listed people have one of these roles.
pub(super) fn is_listed(policy: &Policy, roles: &[Arc<str>]) -> bool {
    let listed = policy.roles.iter().flatten();
    let mut people = listed
        .filter(|role| roles.contains(&role.name))
        .map(|role| role.people.is_some())
        .peekable();
    people.peek().is_some() && people.all(|people| people)
}

/// Why a calendar is closed, as something that was given.
fn closed(shut: &Shut) -> Given {
    let never = shut
        .never
        .then(|| "does not open within ten years".to_owned());
    let reason = shut.reason.as_ref().map(ToString::to_string);
    Given {
        says: "closed".to_owned(),
        by: None,
        role: None,
        at: None,
        until: None,
        counts: true,
        why: join(reason, never),
        url: None,
        place: None,
    }
}

/// What was given, newest first.
fn given(
    proved: &Proved,
    max_age: Option<SignedDuration>,
    world: &World<'_>,
    facts: &Facts,
) -> Vec<Given> {
    let told = |one: &Considered| Given {
        until: until(one, max_age).filter(|_| one.counts),
        ..one_given(one, world, facts)
    };
    let mut given: Vec<Given> = proved.given.iter().map(told).collect();
    given.extend(proved.shut.as_ref().map(closed));
    if proved.more > 0
        && let Some(last) = given.last_mut()
    {
        let more = format!("and {} more, not told", proved.more);
        last.why = Some(match last.why.take() {
            Some(why) => format!("{why}; {more}"),
            None => more,
        });
    }
    given
}

/// How old what proves a rule may be.
fn max_age(proof: &Proof) -> Option<SignedDuration> {
    match proof {
        Proof::Evidence(evidence) => evidence.max_age,
        Proof::Attest(attest) => attest.asked.max_age,
        Proof::Approve(approve) => approve.asked.max_age,
        Proof::Expr(_) | Proof::During(_) => None,
    }
}

/// Up to when something that was given counts, where that ends.
fn until(one: &Considered, max_age: Option<SignedDuration>) -> Option<Timestamp> {
    let (at, expires) = match &one.fact {
        Fact::Evidence(evidence) => (evidence.at, None),
        Fact::Statement(said) => (said.at, said.expires),
        Fact::Record(_) => (None, None),
    };
    let old = at
        .zip(max_age)
        .and_then(|(at, age)| at.checked_add(age).ok());
    old.into_iter().chain(expires).min()
}

fn one_given(one: &Considered, world: &World<'_>, facts: &Facts) -> Given {
    let why = one.why.as_ref().map(|why| words::why(why, world));
    let blank = |says: &str, at: Option<Timestamp>, place: crate::snapshot::Place| Given {
        says: says.to_owned(),
        by: None,
        role: None,
        at,
        until: None,
        counts: one.counts,
        why: None,
        url: None,
        place: Some(place.display(&facts.files)),
    };
    match &one.fact {
        Fact::Evidence(evidence) => Given {
            url: evidence.url.as_ref().map(ToString::to_string),
            why: join(exit_code(evidence), why),
            ..blank(
                if evidence.passed { "passed" } else { "failed" },
                evidence.at,
                evidence.place,
            )
        },
        Fact::Statement(said) => Given {
            by: Some(said.by.to_string()),
            role: said.role.as_ref().map(ToString::to_string),
            url: said.url.as_ref().map(ToString::to_string),
            why,
            ..blank(said.decision.name(said.kind), said.at, said.place)
        },
        Fact::Record(record) => Given {
            why: join(Some(format!("stage {}", record.stage)), why),
            ..blank(record.answer.name(), record.at, record.place)
        },
    }
}

fn join(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}; {second}")),
        (first, second) => first.or(second),
    }
}

fn exit_code(evidence: &Evidence) -> Option<String> {
    let code = evidence.exit_code.filter(|code| *code != 0)?;
    Some(format!("exit code {code}"))
}

/// A fact that no rule asks for.
pub(super) fn unclaimed(unclaimed: &Unclaimed, facts: &Facts) -> String {
    let name = &unclaimed.name;
    let kind = |kind: &Kind| match kind {
        Kind::Attestation => "an attestation",
        Kind::Approval => "an approval",
    };
    let what = match &unclaimed.what {
        Named::Rule(of) => format!("{} names a rule there is not: `{name}`", kind(of)),
        Named::Other(of) => format!("{} names `{name}`, which is proved otherwise", kind(of)),
        Named::Evidence => format!("no rule asks for evidence `{name}`"),
        Named::NoItem => format!("a fact for `{name}` names no item, and the rule speaks for each"),
        Named::Item(item) => {
            format!("a fact for `{name}` names an item it does not speak for: `{item}`")
        }
    };
    let near = unclaimed.near.as_ref();
    let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    format!("{what}{near} ({})", unclaimed.place.display(&facts.files))
}
