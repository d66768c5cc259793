//! A fact as text: what makes it the one it is, and what it says. Never where it was read.

use std::fmt::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Answer, Decision, Evidence, Facts, Kind, Record, Statement, folded};
use crate::snapshot::canonical::{Hash, canonical};
use crate::snapshot::{Place, Subject};

/// A text that stands for another one, equal where those are.
pub(super) type Id = [u8; 32];

/// One of the three kinds of facts.
pub(super) trait Fact {
    /// What makes it the one it is.
    fn key(&self, out: &mut dyn Write) -> fmt::Result;
    /// What it says beyond that.
    fn says(&self, out: &mut dyn Write) -> fmt::Result;
    /// Its instant.
    fn at(&self) -> Option<Timestamp>;
    /// Where it was read.
    fn place(&self) -> Place;
    /// How much it speaks against a go.
    fn weight(&self) -> u8;
    /// What it says, in a word.
    fn word(&self) -> &'static str;
    /// What it is called.
    fn name(&self) -> String;
}

/// The text of a whole fact.
fn whole(out: &mut dyn Write, fact: &impl Fact) -> fmt::Result {
    fact.key(out)?;
    fact.says(out)
}

/// What stands for a fact's key.
pub(super) fn key(fact: &impl Fact) -> Id {
    id(|out| fact.key(out))
}

/// What stands for a whole fact.
pub(super) fn content(fact: &impl Fact) -> Id {
    id(|out| whole(out, fact))
}

/// What stands for a text.
pub(super) fn id(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> Id {
    let mut hash = Hash(Sha256::new());
    let _ = write(&mut hash);
    hash.0.finalize().into()
}

/// All facts, a line for each.
pub(super) fn all(out: &mut dyn Write, facts: &Facts) -> fmt::Result {
    lines(out, &facts.evidence)?;
    lines(out, &facts.statements)?;
    lines(out, &facts.records)
}

fn lines(out: &mut dyn Write, facts: &[Arc<impl Fact>]) -> fmt::Result {
    facts.iter().try_for_each(|fact| {
        whole(out, fact.as_ref())?;
        out.write_char('\n')
    })
}

/// A text, or a dash where there is none.
fn text(out: &mut dyn Write, text: Option<&Arc<str>>) -> fmt::Result {
    match text {
        Some(text) => write!(out, "\t{text:?}"),
        None => out.write_str("\t-"),
    }
}

fn instant(out: &mut dyn Write, at: Option<Timestamp>) -> fmt::Result {
    match at {
        Some(at) => write!(out, "\t{at}"),
        None => out.write_str("\t-"),
    }
}

fn subject(out: &mut dyn Write, subject: &Subject) -> fmt::Result {
    let fields = subject.fields();
    fields
        .iter()
        .try_for_each(|field| text(out, field.as_ref()))
}

impl Fact for Evidence {
    fn key(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "evidence\t{:?}", self.id)?;
        text(out, self.key.as_ref())?;
        text(out, self.commit.as_ref())?;
        subject(out, &self.about)?;
        text(out, self.environment.as_ref())?;
        instant(out, self.at)
    }

    fn says(&self, mut out: &mut dyn Write) -> fmt::Result {
        write!(out, "\t{}\t{:?}\t", self.passed, self.exit_code)?;
        canonical(&mut out, &self.data)?;
        text(out, self.url.as_ref())?;
        self.started
            .map_or(Ok(()), |started| instant(out, Some(started)))
    }

    fn at(&self) -> Option<Timestamp> {
        self.at
    }

    fn place(&self) -> Place {
        self.place
    }

    fn weight(&self) -> u8 {
        u8::from(!self.passed)
    }

    fn word(&self) -> &'static str {
        if self.passed { "passed" } else { "failed" }
    }

    fn name(&self) -> String {
        format!("evidence `{}`", self.id)
    }
}

impl Statement {
    /// What one person says once at an instant, in whatever role.
    pub(super) fn decides(&self, out: &mut dyn Write) -> fmt::Result {
        let kind = match self.kind {
            Kind::Attestation => "attestation",
            Kind::Approval => "approval",
        };
        write!(out, "{kind}\t{:?}", self.rule)?;
        text(out, self.key.as_ref())?;
        write!(out, "\t{:?}", folded(&self.by))?;
        text(out, self.stage.as_ref())?;
        subject(out, &self.about)?;
        instant(out, self.at)
    }
}

impl Fact for Statement {
    fn key(&self, out: &mut dyn Write) -> fmt::Result {
        self.decides(out)?;
        text(out, self.role.as_ref())
    }

    fn says(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "\t{}", self.word())?;
        instant(out, self.expires)?;
        write!(out, "\t{:?}", self.fields)?;
        text(out, self.url.as_ref())
    }

    fn at(&self) -> Option<Timestamp> {
        self.at
    }

    fn place(&self) -> Place {
        self.place
    }

    fn weight(&self) -> u8 {
        match self.decision {
            Decision::Given => 0,
            Decision::Withdrawn => 1,
            Decision::Rejected => 2,
        }
    }

    fn word(&self) -> &'static str {
        self.decision.name(self.kind)
    }

    fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Attestation => "attestation",
            Kind::Approval => "approval",
        };
        format!("the {kind} of `{}` by `{}`", self.rule, self.by.trim())
    }
}

impl Fact for Record {
    fn key(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "record\t{:?}", self.stage)?;
        text(out, self.policy.as_ref())?;
        subject(out, &self.about)?;
        instant(out, self.at)
    }

    fn says(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "\t{}", self.word())
    }

    fn at(&self) -> Option<Timestamp> {
        self.at
    }

    fn place(&self) -> Place {
        self.place
    }

    fn weight(&self) -> u8 {
        match self.answer {
            Answer::Go => 0,
            Answer::NoGo => 1,
            Answer::Rollback => 2,
        }
    }

    fn word(&self) -> &'static str {
        self.answer.name()
    }

    fn name(&self) -> String {
        format!("the record of `{}`", self.stage)
    }
}
