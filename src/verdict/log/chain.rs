//! A log read through, one line at a time: what was changed, taken out, put in or put elsewhere. Keeps no line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Fault, Line, Link};
use crate::source::canonical::canonical;
use crate::verdict::Decision;
use crate::verdict::record::{PolicyName, Subject, digest};

/// After so many findings the rest is counted.
const MOST: usize = 1_000;

/// Something wrong in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

/// What a line tells of its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its number.
    pub seq: u64,
    /// The decision.
    pub verdict: Decision,
    /// The policy.
    pub policy: String,
    /// The stage that was judged.
    pub stage: String,
    /// What is rolled out.
    pub subject: Subject,
    /// The instant it is about.
    pub now: Timestamp,
}

/// Where the head is that was kept elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// It is the last line.
    Last,
    /// Lines were added behind it.
    Inside,
    /// No line has it.
    Nowhere,
}

/// What came of reading a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Whether nothing is wrong.
    pub whole: bool,
    /// How many lines there are.
    pub lines: u64,
    /// What is wrong, in the order of the lines.
    pub findings: Vec<Found>,
    /// How many more findings there are.
    pub more: u64,
    /// The first record.
    pub first: Option<Told>,
    /// The last record.
    pub last: Option<Told>,
    /// The digest of the last line.
    pub head: Option<String>,
    /// Where the head is that was kept elsewhere, if one is given.
    pub kept: Option<Kept>,
    /// The number of the line that has it.
    pub kept_seq: Option<u64>,
}

/// A log that is being read.
#[derive(Debug)]
pub struct Chain {
    audit: Audit,
    /// The line before; none: it was no line of a log, or there is none.
    before: Option<Link>,
    /// The number that the next line must have; none: nobody knows.
    expected: Option<u64>,
    wanted: Option<String>,
}

impl Chain {
    /// A log of which nothing is read yet, and the digest of a line of it that was kept elsewhere.
    #[must_use]
    pub fn new(wanted: Option<String>) -> Self {
        Self {
            audit: Audit {
                whole: false,
                lines: 0,
                findings: Vec::new(),
                more: 0,
                first: None,
                last: None,
                head: None,
                kept: None,
                kept_seq: None,
            },
            before: None,
            expected: Some(1),
            wanted,
        }
    }

    /// The next line, with its line end.
    pub fn take(&mut self, text: &str) {
        let Some(line) = text.strip_suffix('\n') else {
            return self
                .broken("it does not end: only a part of it was written, or its end is cut off");
        };
        self.audit.lines = self.audit.lines.saturating_add(1);
        match Line::read(line) {
            Ok(line) => self.line(&line),
            Err(Fault::Version(version)) => {
                self.skip(&format!(
                    "it is of version {version} of logs; this program reads version 1"
                ));
            }
            Err(_) => self.skip("it is no line of a log, or its beginning or end was changed"),
        }
    }

    /// A line that is none: without an end, too long, or no text.
    pub fn broken(&mut self, why: &str) {
        self.audit.lines = self.audit.lines.saturating_add(1);
        self.skip(why);
    }

    fn skip(&mut self, why: &str) {
        self.found(why.to_owned());
        self.before = None;
        self.expected = self.expected.and_then(|seq| seq.checked_add(1));
        self.audit.head = None;
        self.audit.last = None;
    }

    fn line(&mut self, line: &Line<'_>) {
        let mut wrong = Vec::new();
        if let Err(Fault::Altered(own)) = line.whole() {
            wrong.push(format!(
                "it was changed: it ends with the digest {}, and what it says has {own}",
                line.digest
            ));
        }
        wrong.extend(self.place(line));
        let told = record(line);
        // What was changed may be no record any more: that is told already.
        if let (Err(why), true) = (&told, wrong.is_empty()) {
            wrong.push((*why).to_owned());
        }
        if !wrong.is_empty() {
            self.found(wrong.join("; "));
        }
        let told = told.ok();
        if self.audit.lines == 1 {
            self.audit.first.clone_from(&told);
        }
        self.audit.last = told;
        self.audit.head = Some(line.digest.to_owned());
        if self.wanted.as_deref() == Some(line.digest) {
            self.audit.kept_seq = Some(line.seq);
        }
        self.expected = line.seq.checked_add(1);
        self.before = Some(line.link());
    }

    /// Whether a line stands where it was written.
    fn place(&self, line: &Line<'_>) -> Option<String> {
        let first = self.audit.lines == 1;
        let seq = line.seq;
        if let Some(expected) = self.expected.filter(|expected| *expected != seq) {
            let here = format!("it has the number {seq} where {expected} is expected");
            return Some(match seq.checked_sub(expected) {
                Some(1) => format!("{here}: a line before it is missing"),
                Some(missing) => {
                    format!("{here}: {missing} lines before it are missing, or it stands elsewhere")
                }
                None => format!("{here}: it stands elsewhere, or twice"),
            });
        }
        match (&self.before, line.previous) {
            (None, Some(_)) if first => {
                Some("it names a line before it, and is the first".to_owned())
            }
            // The line before is none; that is told there.
            (None, _) => None,
            (Some(before), Some(previous)) if before.digest == previous => None,
            (Some(before), Some(previous)) => Some(format!(
                "it follows a line with the digest {previous}, and the one before it has {}: that one was changed or put in, or this one was",
                before.digest
            )),
            (Some(_), None) => Some("it names no line before it, and is not the first".to_owned()),
        }
    }

    fn found(&mut self, what: String) {
        if self.audit.findings.len() < MOST {
            let line = self.audit.lines;
            self.audit.findings.push(Found { line, what });
        } else {
            self.audit.more = self.audit.more.saturating_add(1);
        }
    }

    /// What came of it.
    #[must_use]
    pub fn finish(self) -> Audit {
        let mut audit = self.audit;
        if let Some(wanted) = &self.wanted {
            audit.kept = Some(match audit.kept_seq {
                None => Kept::Nowhere,
                Some(_) if audit.head.as_ref() == Some(wanted) => Kept::Last,
                Some(_) => Kept::Inside,
            });
        }
        audit.whole = audit.findings.is_empty() && audit.kept != Some(Kept::Nowhere);
        audit
    }
}

/// What is told of a record.
#[derive(Deserialize)]
struct Brief {
    verdict: Decision,
    policy: PolicyName,
    stage: String,
    subject: Subject,
    now: Timestamp,
}

/// What the record of a line says, or what is wrong with it.
fn record(line: &Line<'_>) -> Result<Told, &'static str> {
    let record = sealed(line.record)
        .ok_or("its record is not what gonogo wrote: the digest of the record is another one")?;
    let brief: Brief = serde_json::from_value(record).map_err(|_| "its record cannot be read")?;
    Ok(Told {
        seq: line.seq,
        verdict: brief.verdict,
        policy: brief.policy.name,
        stage: brief.stage,
        subject: brief.subject,
        now: brief.now,
    })
}

/// A record with its own digest, which is that of itself without it.
fn sealed(record: &str) -> Option<Json> {
    let whole: Json = serde_json::from_str(record).ok()?;
    let mut bare = whole.clone();
    let own = bare.get_mut("digests")?.get_mut("record")?;
    let told = std::mem::replace(own, Json::from(""));
    (told.as_str()? == digest(canonical(&bare).as_bytes())).then_some(whole)
}
