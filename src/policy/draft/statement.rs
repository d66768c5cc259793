//! What somebody says of a rule, held against what the rule asks of whoever says it. Never whether it will be enough.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{did_you_mean, item, readable, rules, taken};
use crate::policy::proof::{Asked, Quorum};
use crate::policy::{Policy, Proof, Rule};
use crate::snapshot::facts::{Decision, Kind, folded};
use crate::source::hidden::blank;
use crate::source::visible::line;
use crate::source::{Code, Problem};

/// What somebody says of a rule.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The rule.
    pub rule: String,
    /// The item, where the rule speaks for each.
    pub key: Option<String>,
    /// Who.
    pub by: String,
    /// In which role.
    pub role: Option<String>,
    /// For which stage alone.
    pub stage: Option<String>,
    /// Of which commit.
    pub commit: Option<String>,
    /// What is filled in.
    pub fields: Vec<(String, String)>,
    /// When.
    pub at: Timestamp,
    /// From when on it does not count any more.
    pub expires: Option<Timestamp>,
    /// Yes, no, or nothing any more; none: yes.
    pub decision: Option<Decision>,
    /// Where to look it up.
    pub url: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
}

/// A statement as a snapshot has it.
#[derive(Serialize)]
struct Written<'d> {
    rule: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'d str>,
    by: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'d str>,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'d str, &'d str>,
    decision: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'d str>,
}

#[derive(Serialize)]
struct Attestations<'d> {
    attestations: [Written<'d>; 1],
}

#[derive(Serialize)]
struct Approvals<'d> {
    approvals: [Written<'d>; 1],
}

impl Draft {
    /// The statement as a line of a history, with a line end, and the word for what it says.
    ///
    /// # Errors
    /// All for which no rule would count it.
    pub fn line(
        &self,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<(String, &'static str), Vec<Problem>> {
        let mut problems = Vec::new();
        let help = "name the person, as the roles of the policy do";
        problems.extend(readable(&self.by, "the name of who says it", help));
        for (text, what) in [
            (&self.role, "the role"),
            (&self.commit, "the commit"),
            (&self.key, "the item"),
        ] {
            let help = "write it, or leave it out";
            problems.extend(text.as_ref().and_then(|text| readable(text, what, help)));
        }
        self.times(now, &mut problems);
        for (index, (name, _)) in self.fields.iter().enumerate() {
            if self
                .fields
                .iter()
                .take(index)
                .any(|(other, _)| other == name)
            {
                let message = format!("the field `{name}` is filled in twice");
                problems.push(Problem::new(Code::DuplicateKey, message).help("give it once"));
            }
        }
        let all = rules(policy, self.stage.as_deref(), &mut problems);
        let named: Vec<&Arc<Rule>> = all
            .iter()
            .filter(|rule| *rule.id == *self.rule)
            .copied()
            .collect();
        if named.is_empty() {
            if !all.is_empty() {
                problems.push(self.no_rule(policy, &all));
            }
            return Err(problems);
        }
        match taken(named.into_iter(), |rule| self.wrong(policy, rule)) {
            Err(wrong) => problems.extend(wrong),
            Ok(rule) => {
                if let (Some(kind), true) = (kind(rule), problems.is_empty()) {
                    return Ok(self.written(kind));
                }
            }
        }
        Err(problems)
    }

    fn written(&self, kind: Kind) -> (String, &'static str) {
        let word = word(kind, self.decision.unwrap_or(Decision::Given));
        let fields = self.fields.iter();
        let written = Written {
            rule: &self.rule,
            key: self.key.as_deref(),
            by: self.by.trim(),
            role: self.role.as_deref(),
            at: self.at,
            stage: self.stage.as_deref(),
            commit: self.commit.as_deref(),
            expires: self.expires,
            fields: fields
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            decision: word,
            url: self.url.as_deref(),
            note: self.note.as_deref(),
        };
        let line = match kind {
            Kind::Attestation => line(&Attestations {
                attestations: [written],
            }),
            Kind::Approval => line(&Approvals {
                approvals: [written],
            }),
        };
        (line + "\n", word)
    }

    fn times(&self, now: Timestamp, problems: &mut Vec<Problem>) {
        if self.at > now {
            let message = format!("it is dated {}, which is yet to come", self.at);
            let help = "leave out --at, or give the time it was said";
            problems.push(Problem::new(Code::BadValue, message).help(help));
        }
        if let Some(expires) = self.expires
            && expires <= self.at.max(now)
        {
            let message = format!("it would expire at {expires}, which is over");
            let help = "give a later instant, or a length of time such as `30d`";
            problems.push(Problem::new(Code::BadValue, message).help(help));
        }
    }

    fn no_rule(&self, policy: &Policy, all: &[&Arc<Rule>]) -> Problem {
        let message = match &self.stage {
            Some(stage) => format!("the stage `{stage}` has no rule `{}`", self.rule),
            None => format!("the policy `{}` has no rule `{}`", policy.name, self.rule),
        };
        let people = || {
            let said = all.iter().filter(|rule| kind(rule).is_some());
            said.map(|rule| rule.id.as_ref())
        };
        Problem::new(Code::UnknownRule, message).help(did_you_mean(&self.rule, people))
    }

    /// All for which a rule would not count it.
    fn wrong(&self, policy: &Policy, rule: &Rule) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(item(rule, self.key.as_deref()));
        let decision = self.decision.unwrap_or(Decision::Given);
        match &rule.proof {
            Proof::Attest(attest) => {
                if decision == Decision::Rejected {
                    let message =
                        format!("the rule `{}` is attested, which nobody rejects", rule.id);
                    let help = "leave the statement out, or withdraw it with --decision withdrawn";
                    problems.push(Problem::new(Code::BadValue, message).help(help));
                }
                let roles = attest.role.as_slice();
                self.role(policy, rule, roles, &mut problems);
                self.fields(rule, &attest.asked, decision, &mut problems);
            }
            Proof::Approve(approve) => {
                let (Quorum::Each(roles, _) | Quorum::Any(roles, _)) = &approve.quorum;
                self.role(policy, rule, roles, &mut problems);
                self.fields(rule, &approve.asked, decision, &mut problems);
            }
            other => problems.push(no_people(rule, other)),
        }
        problems
    }

    fn role(&self, policy: &Policy, rule: &Rule, asked: &[Arc<str>], problems: &mut Vec<Problem>) {
        let names = || asked.iter().map(AsRef::as_ref);
        let list = || names().collect::<Vec<_>>().join(", ");
        let Some(role) = &self.role else {
            if !asked.is_empty() {
                let message = format!("the rule `{}` counts people by their role", rule.id);
                let help = format!("give --role: {}", list());
                problems.push(Problem::new(Code::BadValue, message).help(help));
            }
            return;
        };
        let listed = policy.roles.as_ref().map(|roles| {
            let found = roles.iter().find(|one| one.name.as_ref() == role);
            (roles, found)
        });
        if let Some((roles, None)) = listed {
            let known = || roles.iter().map(|role| role.name.as_ref());
            let message = format!("the policy lists no role `{role}`");
            problems.push(Problem::new(Code::UnknownRole, message).help(did_you_mean(role, known)));
            return;
        }
        if !asked.is_empty() && !names().any(|name| name == role) {
            let message = format!("the rule `{}` does not ask for the role `{role}`", rule.id);
            let help = format!("it asks for {}", list());
            problems.push(Problem::new(Code::BadValue, message).help(help));
        }
        let people = listed.and_then(|(_, role)| role?.people.as_ref());
        if let Some(people) = people
            && !people.iter().any(|name| folded(name) == folded(&self.by))
        {
            let message = format!("`{}` is not among the people of the role `{role}`", self.by);
            let known = || people.iter().map(AsRef::as_ref);
            problems
                .push(Problem::new(Code::BadValue, message).help(did_you_mean(&self.by, known)));
        }
    }

    fn fields(&self, rule: &Rule, asked: &Asked, decision: Decision, problems: &mut Vec<Problem>) {
        if decision == Decision::Withdrawn {
            return;
        }
        for field in &asked.fields {
            let given = self
                .fields
                .iter()
                .find(|(name, _)| *name == *field.name)
                .map(|(_, value)| value.as_str())
                .filter(|value| !blank(value));
            let values = || field.values.iter().flatten().map(AsRef::as_ref);
            let Some(value) = given else {
                let name = &field.name;
                let message = format!("the rule `{}` wants the field `{name}` filled in", rule.id);
                let help = match field.values {
                    Some(_) => format!(
                        "give --field {name}=…: {}",
                        values().collect::<Vec<_>>().join(", ")
                    ),
                    None => format!("give --field {name}=…"),
                };
                problems.push(Problem::new(Code::MissingKey, message).help(help));
                continue;
            };
            if field.values.is_some() && !values().any(|known| known == value) {
                let message = format!("the field `{}` cannot be `{value}`", field.name);
                let help = did_you_mean(value, values);
                problems.push(Problem::new(Code::BadValue, message).help(help));
            }
        }
    }
}

/// Which kind of statement proves a rule, if any does.
fn kind(rule: &Rule) -> Option<Kind> {
    match rule.proof {
        Proof::Attest(_) => Some(Kind::Attestation),
        Proof::Approve(_) => Some(Kind::Approval),
        Proof::Expr(_) | Proof::Evidence(_) | Proof::During(_) => None,
    }
}

/// A rule that no statement proves.
fn no_people(rule: &Rule, proof: &Proof) -> Problem {
    let id = &rule.id;
    let (message, help) = match proof {
        Proof::Evidence(evidence) => (
            format!("the rule `{id}` is proved by a command, not by what people say"),
            format!(
                "run it: `gonogo evidence --id {} … -- COMMAND`",
                evidence.id
            ),
        ),
        Proof::During(during) => (
            format!("the rule `{id}` waits for a calendar, not for what people say"),
            format!("wait for `{}` to open", during.calendar.name),
        ),
        _ => (
            format!("the rule `{id}` is a condition, not what people say"),
            "give the snapshot it reads to `gonogo eval`".to_owned(),
        ),
    };
    Problem::new(Code::BadValue, message).help(help)
}

/// The word of a snapshot for what is said.
fn word(kind: Kind, decision: Decision) -> &'static str {
    match (decision, kind) {
        (Decision::Given, Kind::Attestation) => "attested",
        (Decision::Given, Kind::Approval) => "approved",
        (Decision::Rejected, _) => "rejected",
        (Decision::Withdrawn, _) => "withdrawn",
    }
}
