//! Facts: commands that were run, what people said, and earlier verdicts. They accumulate, each from its own instant on,
//! whenever it was told. Never whether one counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Place, Subject};
use crate::expr::value::Value;

/// All facts of a history, in the order of their instants, undated ones first, none twice.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Commands that were run.
    pub evidence: Vec<Arc<Evidence>>,
    /// What people said.
    pub statements: Vec<Arc<Statement>>,
    /// Earlier verdicts.
    pub records: Vec<Arc<Record>>,
}

/// A command that was run.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What it is evidence of.
    pub id: Arc<str>,
    /// The item it is about, for rules that speak for each.
    pub key: Option<Arc<str>>,
    /// Whether it says `passed`, and an exit code of 0 where it gives one.
    pub passed: bool,
    /// Its exit code.
    pub exit_code: Option<i64>,
    /// When it ended; none: undated, and so never counted.
    pub at: Option<Timestamp>,
    /// What it was run for: the commit it names, and what the document around it says of the subject.
    pub about: Subject,
    /// Whether the record itself names a commit.
    pub commit: Option<Arc<str>>,
    /// Where it was run.
    pub environment: Option<Arc<str>>,
    /// What else it says.
    pub data: Value,
    /// Where to look it up.
    pub url: Option<Arc<str>>,
    /// Where it was read.
    pub place: Place,
}

/// What somebody said of a rule.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Whether it attests or decides.
    pub kind: Kind,
    /// The rule.
    pub rule: Arc<str>,
    /// The item it is about, for rules that speak for each.
    pub key: Option<Arc<str>>,
    /// Who.
    pub by: Arc<str>,
    /// In which role.
    pub role: Option<Arc<str>>,
    /// When; none: undated, and so never counted.
    pub at: Option<Timestamp>,
    /// For which stage alone.
    pub stage: Option<Arc<str>>,
    /// What it was said of: the commit it names, and what the document around it says of the subject.
    pub about: Subject,
    /// From when on it does not count any more.
    pub expires: Option<Timestamp>,
    /// What was filled in, empty values left out.
    pub fields: BTreeMap<Arc<str>, Arc<str>>,
    /// Yes, no, or nothing any more.
    pub decision: Decision,
    /// Where to look it up.
    pub url: Option<Arc<str>>,
    /// Where it was read.
    pub place: Place,
}

/// The two kinds of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One of `attestations`.
    Attestation,
    /// One of `approvals`.
    Approval,
}

/// What a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Attested, or approved.
    Given,
    /// Rejected: approvals only.
    Rejected,
    /// What was said before is taken back.
    Withdrawn,
}

/// An earlier verdict.
#[derive(Clone, Debug)]
pub struct Record {
    /// The policy it is of, where it says so.
    pub policy: Option<Arc<str>>,
    /// The stage.
    pub stage: Arc<str>,
    /// What was decided.
    pub answer: Answer,
    /// When; none: undated, and so never counted.
    pub at: Option<Timestamp>,
    /// What it was about.
    pub about: Subject,
    /// Where it was read.
    pub place: Place,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// `go`.
    Go,
    /// `no-go`.
    NoGo,
    /// `rollback`.
    Rollback,
}

impl Answer {
    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::NoGo => "no-go",
            Self::Rollback => "rollback",
        }
    }
}
