//! Facts: commands that were run, what people said, and earlier verdicts. They accumulate, each from its own instant on,
//! whenever it was told. Never whether one counts.

mod canonical;
mod gather;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Place, Subject};
use crate::expr::value::Value;
use crate::source::hidden::hides;
pub use gather::{Gather, MOST};

/// All facts of a history, none twice, in the order of their instants: undated ones first, and of those of one instant
/// the ones that speak against a go last. The order depends on no file, place or order of reading.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Commands that were run.
    pub evidence: Vec<Arc<Evidence>>,
    /// What people said.
    pub statements: Vec<Arc<Statement>>,
    /// Earlier verdicts.
    pub records: Vec<Arc<Record>>,
    /// The names of the files that their places speak of.
    pub files: Vec<Arc<str>>,
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
    /// When it began, where that is told.
    pub started: Option<Timestamp>,
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

impl Facts {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.evidence
            .len()
            .saturating_add(self.statements.len())
            .saturating_add(self.records.len())
    }

    /// The instant of the newest one that has one.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let evidence = self.evidence.last().and_then(|one| one.at);
        let statement = self.statements.last().and_then(|one| one.at);
        let record = self.records.last().and_then(|one| one.at);
        evidence.max(statement).max(record)
    }

    /// The instant of the oldest one that has one.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        let evidence = self.evidence.iter().find_map(|one| one.at);
        let statement = self.statements.iter().find_map(|one| one.at);
        let record = self.records.iter().find_map(|one| one.at);
        [evidence, statement, record].into_iter().flatten().min()
    }

    /// Writes what they say, a line for each: the same text for the same facts, wherever they were read.
    pub(super) fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        canonical::all(out, self)
    }
}

/// A person's name, so that it is the same however it is written: in lower case, one space between words and none around
/// them, without characters that nobody sees.
#[must_use]
pub fn folded(name: &str) -> String {
    let seen = |c: &char| c.is_whitespace() || !hides(*c);
    let seen: String = name.chars().filter(seen).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl Decision {
    /// The word, of a statement of this kind.
    #[must_use]
    pub fn name(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Given, Kind::Attestation) => "attested",
            (Self::Given, Kind::Approval) => "approved",
            (Self::Rejected, _) => "rejected",
            (Self::Withdrawn, _) => "withdrawn",
        }
    }
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
