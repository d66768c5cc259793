//! What proves a rule where that is no condition: what is asked for, what was given, what is missing. Plain data.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What proves a rule, where that is no condition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Proof {
    /// What kind of proof.
    pub kind: ProofKind,
    /// What is asked for, in words: `2 people of role sre`, `evidence unit-tests of this commit`.
    pub asks: String,
    /// The id of the evidence that is asked for.
    pub evidence: Option<String>,
    /// The environment it must be of.
    pub environment: Option<String>,
    /// What a statement must fill in.
    pub fields: Vec<String>,
    /// What was given that is about this rule, newest first.
    pub given: Vec<Given>,
    /// Who or what is missing.
    pub missing: Vec<Lack>,
}

/// The kinds of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// A command that was run.
    Evidence,
    /// People who attested.
    Attest,
    /// People who approved.
    Approve,
    /// A calendar.
    During,
    /// Earlier verdicts.
    Needs,
    /// A field of the subject.
    Field,
}

/// Something that was given as proof.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Given {
    /// What it says: `passed`, `failed`, `attested`, `approved`, `rejected`, `withdrawn`, `go`, `no-go` or `rollback`; of a
    /// calendar `closed`.
    pub says: String,
    /// Who says so.
    pub by: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Up to when it counts, where that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whether it counts.
    pub counts: bool,
    /// Why not, or what else there is to say.
    pub why: Option<String>,
    /// Where to look it up.
    pub url: Option<String>,
    /// Where it was read, `file:line:column`.
    pub place: Option<String>,
}

/// Something that is missing for a proof.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Lack {
    /// What: `attestation`, `approval`, `evidence unit-tests`, `a go of staging`, `subject.deployer`.
    pub what: String,
    /// How many of it.
    pub count: u32,
    /// The role that can supply it.
    pub role: Option<String>,
    /// How that role is reached.
    pub contact: Option<String>,
    /// Who can, where the policy lists people and they have not yet.
    pub people: Vec<String>,
    /// They are too few, and nobody else is listed: the rest cannot be supplied as the policy is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_few: bool,
}

impl Lack {
    /// One of something, whoever can supply it.
    #[must_use]
    pub fn one(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            count: 1,
            role: None,
            contact: None,
            people: Vec::new(),
            too_few: false,
        }
    }

    /// What is lacking, in the number there is of it: `approval of sre`, `approvals of sre`.
    #[must_use]
    pub fn named(&self) -> String {
        match (self.count, self.what.split_once(' ')) {
            (0 | 1, _) => self.what.clone(),
            (_, Some((what, of))) => format!("{what}s {of}"),
            (_, None) => format!("{}s", self.what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lack;

    #[test]
    fn several_are_told_in_the_plural() {
        let lack = |what: &str, count: u32| Lack {
            count,
            ..Lack::one(what)
        };
        assert_eq!(
            lack("approval of dba or sre", 1).named(),
            "approval of dba or sre"
        );
        assert_eq!(
            lack("approval of dba or sre", 2).named(),
            "approvals of dba or sre"
        );
        assert_eq!(lack("attestation", 2).named(), "attestations");
    }
}
