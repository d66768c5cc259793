//! Earlier verdicts on the same subject: what they say of a stage that must have gone well first, and the list that
//! expressions read. A rollback puts an end to every go before it.

use std::sync::Arc;

use jiff::Timestamp;

use super::fit::Why;
use super::proved::{Considered, Fact, Lacking, Proved};
use super::whom::{About, surely};
use super::{Filed, State};
use crate::evaluate::moment::Moment;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::policy::{Need, Policy};
use crate::snapshot::Subject;
use crate::snapshot::facts::{Answer, Record};
use crate::snapshot::layout::{Context, Derived, Layout};

/// What became of a need: whether it is met, since when that is so, and what it was judged on.
pub(in crate::evaluate) fn need(
    policy: &Policy,
    filed: &Filed,
    subject: &Subject,
    need: &Need,
    now: Timestamp,
) -> (State, Option<Timestamp>, Proved) {
    let layout = &policy.layout;
    let mut given: Vec<Considered> = Vec::new();
    let mut unsure = None;
    let mut rolled_back: Option<&Arc<Record>> = None;
    let mut newest: Vec<Option<&Arc<Record>>> = vec![None; need.stages.len()];
    for record in filed.records() {
        let stage = need.stages.iter().position(|stage| *stage == record.stage);
        let rollback = record.answer == Answer::Rollback;
        if stage.is_none() && !rollback {
            continue;
        }
        let why = against(policy, record, subject, now);
        if let Some(Why::Unsure(slot)) = why {
            unsure = unsure.or(Some(slot));
        }
        if why.is_none() {
            if rollback {
                rolled_back = Some(record);
            }
            if let Some(newest) = stage.and_then(|stage| newest.get_mut(stage)) {
                *newest = Some(worse(*newest, record));
            }
        }
        given.push(Considered {
            fact: Fact::Record(Arc::clone(record)),
            counts: why.is_none(),
            why,
        });
    }
    let end = rolled_back.and_then(|record| record.at);
    let says: Vec<(State, Option<Timestamp>)> = newest
        .iter()
        .map(|newest| match newest {
            None => (State::Pending, None),
            Some(record) if record.answer != Answer::Go => (State::Fails, record.at),
            Some(record) if end >= record.at => (State::Fails, end),
            Some(record) => (State::Holds, record.at),
        })
        .collect();
    let is = |state: State| move |says: &&(State, Option<Timestamp>)| says.0 == state;
    let met = says.iter().find(is(State::Holds));
    let (state, since) = if let Some(slot) = unnamed(layout, subject).or(unsure) {
        (State::Unknown(slot), None)
    } else if let Some((state, since)) = met {
        (*state, *since)
    } else if says.iter().all(|says| says.0 == State::Fails) {
        (State::Fails, says.iter().filter_map(|says| says.1).min())
    } else {
        (State::Pending, None)
    };
    tell(&mut given, &newest, end);
    let lacking = (state != State::Holds).then(|| Lacking {
        count: 1,
        ..Lacking::default()
    });
    let proved = Proved::of(given, lacking.into_iter().collect());
    (state, since, proved)
}

/// Of two records the newer, of one instant the one that is no go.
fn worse<'r>(held: Option<&'r Arc<Record>>, record: &'r Arc<Record>) -> &'r Arc<Record> {
    match held {
        Some(held) if held.at == record.at && held.answer > record.answer => held,
        _ => record,
    }
}

/// What each record that counts is to the result.
fn tell(given: &mut [Considered], newest: &[Option<&Arc<Record>>], end: Option<Timestamp>) {
    for one in given.iter_mut().filter(|one| one.counts) {
        let Fact::Record(record) = &one.fact else {
            continue;
        };
        if record.answer == Answer::Rollback && record.at == end {
            continue;
        }
        let decides = newest
            .iter()
            .flatten()
            .any(|newest| Arc::ptr_eq(newest, record));
        one.counts = decides;
        if !decides {
            one.why = Some(Why::Newer);
        } else if let Some(end) = end.filter(|end| Some(*end) >= record.at) {
            one.why = Some(Why::RolledBack(end));
        }
    }
}

/// Why a record does not count.
fn against(policy: &Policy, record: &Record, subject: &Subject, now: Timestamp) -> Option<Why> {
    let Some(at) = record.at else {
        return Some(Why::Undated);
    };
    if let Some(named) = of_another(policy, record) {
        return Some(Why::Policy(Arc::clone(named)));
    }
    match surely(&record.about, subject) {
        About::Other => return Some(Why::Other(record.about.clone())),
        About::Unsure(part) if at <= now => {
            return Some(Why::Unsure(policy.layout.context(part)));
        }
        About::Unsure(_) | About::This => {}
    }
    (at > now).then_some(Why::Later)
}

/// The policy a record names, where it is another one.
fn of_another<'r>(policy: &Policy, record: &'r Record) -> Option<&'r Arc<str>> {
    record
        .policy
        .as_ref()
        .filter(|named| **named != policy.name)
}

/// The slot that would say whom earlier verdicts must be about, where nothing says it.
fn unnamed(layout: &Layout, subject: &Subject) -> Option<usize> {
    let named = subject.version().is_some() || subject.commit().is_some();
    (!named).then(|| layout.context(Context::SubjectCommit))
}

/// Earlier verdicts on the same subject as expressions read them, up to a moment.
#[derive(Clone, Debug)]
pub(in crate::evaluate) struct Past {
    slot: usize,
    /// In the order of time.
    records: Arc<[(Moment, Value)]>,
    /// From which moment on nobody knows which are about this subject, and why.
    unsure: Option<(Moment, Missing)>,
    next: usize,
    begun: bool,
}

impl Past {
    pub(in crate::evaluate) fn new(policy: &Policy, filed: &Filed, subject: &Subject) -> Self {
        let layout = &policy.layout;
        let mut records = Vec::new();
        let mut unsure = unnamed(layout, subject).map(|_| (Moment::BEFORE, Missing::Absent));
        for record in filed.records() {
            let Some(at) = record.at.map(Moment::at) else {
                continue;
            };
            if of_another(policy, record).is_some() {
                continue;
            }
            match surely(&record.about, subject) {
                About::This => records.push((at, value(record))),
                About::Unsure(_) => unsure = unsure.or(Some((at, Missing::Null))),
                About::Other => {}
            }
        }
        Self {
            slot: layout.derived(Derived::Records),
            records: Arc::from(records),
            unsure,
            next: 0,
            begun: false,
        }
    }

    /// Goes on to a moment: what the slot says now, where that is something new.
    pub(in crate::evaluate) fn step(&mut self, moment: Moment) -> Option<(usize, Value)> {
        let before = self.next;
        while self
            .records
            .get(self.next)
            .is_some_and(|(at, _)| *at <= moment)
        {
            self.next = self.next.saturating_add(1);
        }
        let doubt = self.unsure.take_if(|(from, _)| *from <= moment);
        if let Some((_, missing)) = doubt {
            // What was missed once is missed for good.
            self.records = Arc::from([]);
            self.next = 0;
            self.begun = true;
            return Some((self.slot, Value::Unknown(missing)));
        }
        if self.begun && self.next == before {
            return None;
        }
        self.begun = true;
        let known = self.records.get(..self.next).unwrap_or_default();
        let known: Vec<Value> = known.iter().map(|(_, value)| value.clone()).collect();
        Some((self.slot, Value::List(Arc::from(known))))
    }

    /// When it may say something else.
    pub(in crate::evaluate) fn wake(&self) -> Moment {
        let next = self.records.get(self.next);
        let next = next.map_or(Moment::NEVER, |(at, _)| *at);
        self.unsure.map_or(next, |(from, _)| from.min(next))
    }
}

/// A record as expressions read it.
fn value(record: &Record) -> Value {
    let text = |text: Option<&Arc<str>>| {
        text.map_or(super::super::ABSENT, |text| Value::String(Arc::clone(text)))
    };
    let [service, version, commit, _] = record.about.fields();
    let known = |index: usize, field: &Option<Arc<str>>| {
        text(field.as_ref().filter(|_| record.about.knows(index)))
    };
    let at = record
        .at
        .map_or(super::super::ABSENT, |at| Value::Timestamp(at.into()));
    let entries = [
        ("stage", text(Some(&record.stage))),
        ("verdict", Value::String(Arc::from(record.answer.name()))),
        ("at", at),
        ("service", known(0, service)),
        ("version", known(1, version)),
        ("commit", known(2, commit)),
    ];
    let entries = entries.map(|(key, value)| (Key::String(Arc::from(key)), value));
    Value::Map(Arc::new(Map::new(entries.into())))
}
