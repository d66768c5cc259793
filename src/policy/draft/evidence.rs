//! A command about to be run as evidence, held against the rules that ask for it. Never runs one, and never whether it
//! passed.

use jiff::Timestamp;
use serde::Serialize;

use super::{did_you_mean, item, readable, rules, taken};
use crate::policy::proof::{Environment, Evidence};
use crate::policy::{Policy, Proof, Rule};
use crate::source::visible::line;
use crate::source::{Code, Problem};

/// What a command is evidence of.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id, as the rules of the policy name it.
    pub id: String,
    /// The item, where the rule speaks for each.
    pub key: Option<String>,
    /// The commit it is run on.
    pub commit: String,
    /// Where it is run.
    pub environment: Option<String>,
    /// What else it says.
    pub data: serde_json::Map<String, serde_json::Value>,
    /// Where to look it up.
    pub url: Option<String>,
}

/// A command that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The command, as it was given.
    pub command: String,
    /// Its exit code; none: a signal ended it.
    pub exit_code: Option<i32>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub at: Timestamp,
    /// The digest of what it wrote.
    pub digest: String,
}

/// A record as a snapshot has it.
#[derive(Serialize)]
struct Written<'d> {
    id: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'d str>,
    status: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    at: Timestamp,
    commit: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'d str>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    data: &'d serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'d str>,
    command: &'d str,
    started: Timestamp,
    digest: &'d str,
}

#[derive(Serialize)]
struct Record<'d> {
    evidence: [Written<'d>; 1],
}

impl Ran {
    /// Whether it passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.exit_code == Some(0)
    }
}

impl Draft {
    /// All for which no rule would count it.
    #[must_use]
    pub fn wrong(&self, policy: &Policy) -> Vec<Problem> {
        let mut problems = Vec::new();
        let help = "give the commit that is rolled out, such as the output of `git rev-parse HEAD`";
        problems.extend(readable(&self.commit, "the commit", help));
        for (text, what) in [
            (&self.environment, "the environment"),
            (&self.key, "the item"),
        ] {
            let help = "write it, or leave it out";
            problems.extend(text.as_ref().and_then(|text| readable(text, what, help)));
        }
        let all = rules(policy, None, &mut problems);
        let mut asking = all
            .iter()
            .filter(|rule| asked(rule).is_some_and(|evidence| *evidence.id == *self.id))
            .peekable();
        if asking.peek().is_none() {
            let ids = || {
                let asked = all.iter().filter_map(|rule| asked(rule));
                asked.map(|evidence| evidence.id.as_ref())
            };
            let message = format!(
                "no rule of the policy `{}` asks for evidence `{}`",
                policy.name, self.id
            );
            let help = did_you_mean(&self.id, ids);
            problems.push(Problem::new(Code::UnknownRule, message).help(help));
        } else if let Err(wrong) = taken(asking.copied(), |rule| self.refused_by(rule)) {
            problems.extend(wrong);
        }
        problems
    }

    fn refused_by(&self, rule: &Rule) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(item(rule, self.key.as_deref()));
        let wanted = asked(rule).and_then(|evidence| evidence.environment.as_ref());
        let given = self.environment.as_deref();
        match (wanted, given) {
            (Some(Environment::Same), None) => {
                let message = format!(
                    "the rule `{}` wants evidence of the environment that is rolled out to",
                    rule.id
                );
                let help = "name it with --environment";
                problems.push(Problem::new(Code::BadValue, message).help(help));
            }
            (Some(Environment::Named(name)), given) if given != Some(name.as_ref()) => {
                let message = format!(
                    "the rule `{}` wants evidence of the environment `{name}`",
                    rule.id
                );
                let help = format!("run it there, and give --environment {name}");
                problems.push(Problem::new(Code::BadValue, message).help(help));
            }
            _ => {}
        }
        problems
    }

    /// The record of a command that was run as a line of a history, with a line end.
    #[must_use]
    pub fn line(&self, ran: &Ran) -> String {
        let record = Record {
            evidence: [Written {
                id: &self.id,
                key: self.key.as_deref(),
                status: if ran.passed() { "passed" } else { "failed" },
                exit_code: ran.exit_code,
                at: ran.at,
                commit: &self.commit,
                environment: self.environment.as_deref(),
                data: &self.data,
                url: self.url.as_deref(),
                command: &ran.command,
                started: ran.started,
                digest: &ran.digest,
            }],
        };
        line(&record) + "\n"
    }
}

fn asked(rule: &Rule) -> Option<&Evidence> {
    match &rule.proof {
        Proof::Evidence(evidence) => Some(evidence),
        _ => None,
    }
}
