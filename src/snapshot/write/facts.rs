//! Facts as lines of JSON Lines that read back as the same ones, a line for each, with what it is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use super::{json, text};
use crate::expr::value::{Missing, Value};
use crate::snapshot::Subject;
use crate::snapshot::facts::{Evidence, Facts, Kind, Record, Statement};

/// A document of one fact.
#[derive(Default, Serialize)]
struct Line<'f> {
    /// What the document around the fact says of the subject.
    #[serde(skip_serializing_if = "About::is_empty")]
    subject: About<'f>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<[Ran<'f>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attestations: Option<[Said<'f>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approvals: Option<[Said<'f>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<[Decided<'f>; 1]>,
}

/// A subject, as far as it is known.
#[derive(Default, Serialize)]
struct About<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'f str>,
}

/// A command that was run.
#[derive(Serialize)]
struct Ran<'f> {
    id: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'f str>,
    status: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'f str>,
}

/// What somebody said.
#[derive(Serialize)]
struct Said<'f> {
    rule: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'f str>,
    by: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'f str, &'f str>,
    decision: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'f str>,
}

/// An earlier verdict.
#[derive(Serialize)]
struct Decided<'f> {
    stage: &'f str,
    verdict: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'f str>,
    /// Its own, even where nothing is known of it: it is about nothing else.
    subject: About<'f>,
}

/// Every fact as a line with its end, in the order of their instants, undated ones first.
#[must_use]
pub fn facts(facts: &Facts) -> Vec<(Option<Timestamp>, String)> {
    let evidence = facts.evidence.iter().map(|one| (one.at, ran(one)));
    let statements = facts.statements.iter().map(|one| (one.at, said(one)));
    let records = facts.records.iter().map(|one| (one.at, decided(one)));
    let mut lines: Vec<_> = evidence.chain(statements).chain(records).collect();
    lines.sort_by_key(|(at, _)| *at);
    lines
}

fn str(text: Option<&Arc<str>>) -> Option<&str> {
    text.map(AsRef::as_ref)
}

fn ran(fact: &Evidence) -> String {
    let [service, version, commit, _] = fact.about.fields();
    // The commit it names itself is not that of the document.
    let commit = commit.as_ref().filter(|_| fact.commit.is_none());
    text(&Line {
        subject: About::of([service.as_ref(), version.as_ref(), commit, None]),
        evidence: Some([Ran {
            id: &fact.id,
            key: str(fact.key.as_ref()),
            status: if fact.passed { "passed" } else { "failed" },
            exit_code: fact.exit_code,
            at: fact.at,
            started: fact.started,
            commit: str(fact.commit.as_ref()),
            environment: str(fact.environment.as_ref()),
            data: match &fact.data {
                Value::Unknown(Missing::Absent) => None,
                data => Some(json(data)),
            },
            url: str(fact.url.as_ref()),
        }]),
        ..Line::default()
    })
}

fn said(fact: &Statement) -> String {
    let [service, version, commit, _] = fact.about.fields();
    let said = [Said {
        rule: &fact.rule,
        key: str(fact.key.as_ref()),
        by: &fact.by,
        role: str(fact.role.as_ref()),
        at: fact.at,
        stage: str(fact.stage.as_ref()),
        commit: str(commit.as_ref()),
        expires: fact.expires,
        fields: {
            let fields = fact.fields.iter();
            fields.map(|(key, text)| (&**key, &**text)).collect()
        },
        decision: fact.decision.name(fact.kind),
        url: str(fact.url.as_ref()),
    }];
    let mut line = Line {
        subject: About::of([service.as_ref(), version.as_ref(), None, None]),
        ..Line::default()
    };
    match fact.kind {
        Kind::Attestation => line.attestations = Some(said),
        Kind::Approval => line.approvals = Some(said),
    }
    text(&line)
}

fn decided(fact: &Record) -> String {
    text(&Line {
        records: Some([Decided {
            stage: &fact.stage,
            verdict: fact.answer.name(),
            at: fact.at,
            policy: str(fact.policy.as_ref()),
            subject: About::whole(&fact.about),
        }]),
        ..Line::default()
    })
}

impl<'f> About<'f> {
    fn of([service, version, commit, environment]: [Option<&'f Arc<str>>; 4]) -> Self {
        Self {
            service: str(service),
            version: str(version),
            commit: str(commit),
            environment: str(environment),
        }
    }

    fn whole(subject: &'f Subject) -> Self {
        Self::of(subject.fields().each_ref().map(Option::as_ref))
    }

    fn is_empty(&self) -> bool {
        let known = [self.service, self.version, self.commit, self.environment];
        known.iter().all(Option::is_none)
    }
}
