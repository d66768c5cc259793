//! What people said of one rule or item, as time goes on: who stands for it at a moment. Each statement is taken in once and
//! let go once, so that many of them cost no more than their number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::State;
use super::around::Around;
use super::fit::{Asking, Fit};
use super::quorum::{self, Gives};
use crate::evaluate::moment::Moment;
use crate::policy::Proof;
use crate::policy::proof::Quorum;
use crate::snapshot::facts::{Decision, Kind, Statement, folded};

/// What people said, up to a moment.
#[derive(Clone, Debug)]
pub(super) struct People<'p> {
    pub(super) asking: Asking<'p>,
    /// What was said, in the order of time; of one instant, what decides last.
    pub(super) said: Arc<[Arc<Statement>]>,
    around: Around,
    /// The first that is still to come.
    next: usize,
    by: BTreeMap<Arc<str>, Person>,
    /// When something that was said does not count any more.
    ends: BTreeSet<(Moment, Arc<str>)>,
    /// Up to when nobody knows whether something counts, and what is not known.
    unsure: Option<(Moment, usize)>,
    tally: Tally,
}

/// A person, and what they said that counts, or may again once what is newer does not.
#[derive(Clone, Debug, Default)]
struct Person {
    said: Vec<usize>,
    stands: Stands,
}

/// What somebody says in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Stands {
    #[default]
    Nowhere,
    /// For it, in these of the roles that are asked for.
    Gives(Vec<usize>),
    Rejects,
}

/// How many stand where.
#[derive(Clone, Debug, Default)]
struct Tally {
    gives: Gives,
    rejects: u32,
}

impl<'p> People<'p> {
    pub(super) fn new(asking: Asking<'p>, said: &[Arc<Statement>]) -> Self {
        let mut said: Vec<Arc<Statement>> = said
            .iter()
            .filter(|one| one.at.is_some())
            .cloned()
            .collect();
        said.sort_by_key(|one| (one.at, asking.rank(one.decision)));
        Self {
            asking,
            said: Arc::from(said),
            around: Around::default(),
            next: 0,
            by: BTreeMap::new(),
            ends: BTreeSet::new(),
            unsure: None,
            tally: Tally::default(),
        }
    }

    /// Goes on to a moment. Where what it rests on is another, everything is looked at again.
    pub(super) fn step(&mut self, around: &Around, moment: Moment) {
        if *around != self.around {
            self.around = around.clone();
            self.next = 0;
            self.by.clear();
            self.ends.clear();
            self.unsure = None;
            self.tally = Tally::default();
        }
        let mut touched: BTreeSet<Arc<str>> = BTreeSet::new();
        let said = Arc::clone(&self.said);
        while let Some(one) = said.get(self.next) {
            if one.at.is_none_or(|at| Moment::at(at) > moment) {
                break;
            }
            let end = self.asking.end(one);
            match self.asking.fit(one, &self.around) {
                Fit::No(_) => {}
                _ if end <= moment => {}
                Fit::Unsure(slot) => {
                    self.unsure = self.unsure.max(Some((end, slot)));
                    self.ends.insert((end, Arc::from("")));
                }
                Fit::Yes => {
                    let who: Arc<str> = Arc::from(folded(&one.by));
                    if end < Moment::NEVER {
                        self.ends.insert((end, Arc::clone(&who)));
                    }
                    let person = self.by.entry(Arc::clone(&who)).or_default();
                    let asking = &self.asking;
                    person
                        .said
                        .retain(|old| said.get(*old).is_some_and(|old| !hides(asking, one, old)));
                    person.said.push(self.next);
                    touched.insert(who);
                }
            }
            self.next = self.next.saturating_add(1);
        }
        while let Some((end, who)) = self.ends.first() {
            if *end > moment {
                break;
            }
            touched.insert(Arc::clone(who));
            self.ends.pop_first();
        }
        self.unsure = self.unsure.filter(|(end, _)| *end > moment);
        for who in touched {
            self.stand(&who, moment);
        }
    }

    /// Where a person stands now.
    fn stand(&mut self, who: &Arc<str>, moment: Moment) {
        let Some(person) = self.by.get_mut(who) else {
            return;
        };
        let (said, asking) = (&self.said, &self.asking);
        person
            .said
            .retain(|one| said.get(*one).is_some_and(|one| asking.end(one) > moment));
        let newest = person.said.iter().rev().filter_map(|one| said.get(*one));
        let stands = match asking.kind {
            Kind::Attestation => attests(newest),
            Kind::Approval => approves(asking, newest),
        };
        if stands != person.stands {
            self.tally.take(&person.stands);
            self.tally.add(&stands);
            person.stands = stands;
        }
    }

    /// When it may say something else by itself.
    pub(super) fn wake(&self) -> Moment {
        let next = self.said.get(self.next).and_then(|one| one.at);
        let end = self.ends.first().map_or(Moment::NEVER, |(end, _)| *end);
        next.map_or(Moment::NEVER, Moment::at).min(end)
    }

    /// What they say together.
    pub(super) fn state(&self, proof: &Proof) -> State {
        let anybody = self.tally.rejects > 0 || !self.tally.gives.is_empty();
        if let Some(slot) = self.around.unknown_bar().filter(|_| anybody) {
            return State::Unknown(slot);
        }
        if let Some((_, slot)) = self.unsure {
            return State::Unknown(slot);
        }
        if self.tally.rejects > 0 {
            return State::Fails;
        }
        if self.missing(proof).iter().all(|missing| *missing == 0) {
            State::Holds
        } else {
            State::Pending
        }
    }

    /// How many are missing: for each of the roles of an approval by role, else in all.
    pub(super) fn missing(&self, proof: &Proof) -> Vec<u32> {
        let gives = &self.tally.gives;
        match proof {
            Proof::Attest(attest) => vec![quorum::any(gives, attest.count)],
            Proof::Approve(approve) => match &approve.quorum {
                Quorum::Each(roles, each) => quorum::each(gives, roles.len(), *each),
                Quorum::Any(_, count) => vec![quorum::any(gives, *count)],
            },
            Proof::Expr(_) | Proof::Evidence(_) | Proof::During(_) => Vec::new(),
        }
    }

    /// Whether somebody stands for it.
    pub(super) fn gives(&self, who: &str) -> bool {
        let person = self.by.get(who);
        person.is_some_and(|person| matches!(person.stands, Stands::Gives(_)))
    }

    /// The newest statement of a person that makes this one of theirs say nothing.
    pub(super) fn over(&self, who: &str, one: &Statement) -> Option<&Arc<Statement>> {
        let person = self.by.get(who)?;
        let said = person
            .said
            .iter()
            .rev()
            .filter_map(|index| self.said.get(*index));
        let all = |newer: &&Arc<Statement>| {
            self.asking.kind == Kind::Approval || newer.role.is_none() || newer.role == one.role
        };
        said.filter(|newer| newer.at >= one.at).find(all)
    }

    /// The statements that decide, by index.
    pub(super) fn decide(&self) -> BTreeSet<usize> {
        let mut decide = BTreeSet::new();
        for person in self.by.values() {
            let mut roles: BTreeSet<Option<&Arc<str>>> = BTreeSet::new();
            for index in person.said.iter().rev() {
                let Some(one) = self.said.get(*index) else {
                    continue;
                };
                match (self.asking.kind, one.decision) {
                    (_, Decision::Given) => {
                        if roles.insert(one.role.as_ref()) {
                            decide.insert(*index);
                        }
                    }
                    (Kind::Attestation, _) => {
                        if roles.insert(one.role.as_ref()) {
                            decide.insert(*index);
                        }
                        if one.role.is_none() {
                            break;
                        }
                    }
                    (Kind::Approval, _) => {
                        if roles.is_empty() {
                            decide.insert(*index);
                        }
                        break;
                    }
                }
            }
        }
        decide
    }
}

impl Tally {
    fn add(&mut self, stands: &Stands) {
        match stands {
            Stands::Nowhere => {}
            Stands::Rejects => self.rejects = self.rejects.saturating_add(1),
            Stands::Gives(roles) => {
                let count = self.gives.entry(roles.clone()).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    fn take(&mut self, stands: &Stands) {
        match stands {
            Stands::Nowhere => {}
            Stands::Rejects => self.rejects = self.rejects.saturating_sub(1),
            Stands::Gives(roles) => {
                if let Some(count) = self.gives.get_mut(roles) {
                    *count = count.saturating_sub(1);
                }
                self.gives.retain(|_, count| *count > 0);
            }
        }
    }
}

/// Where somebody stands who attested: in each role what is newest decides.
fn attests<'s>(newest: impl Iterator<Item = &'s Arc<Statement>>) -> Stands {
    let mut roles: BTreeSet<Option<&Arc<str>>> = BTreeSet::new();
    for one in newest {
        let new = roles.insert(one.role.as_ref());
        match one.decision {
            Decision::Given if new => return Stands::Gives(Vec::new()),
            Decision::Given => {}
            // Who names no role takes everything back.
            _ if one.role.is_none() => break,
            _ => {}
        }
    }
    Stands::Nowhere
}

/// Where somebody stands who decided: what is newest decides, and approvals since the last other decision add up.
fn approves<'s>(asking: &Asking<'_>, newest: impl Iterator<Item = &'s Arc<Statement>>) -> Stands {
    let mut roles: Option<BTreeSet<usize>> = None;
    for one in newest {
        match (one.decision, &mut roles) {
            (Decision::Given, _) => {
                let roles = roles.get_or_insert_default();
                roles.extend(asking.index(one.role.as_ref()));
            }
            (Decision::Rejected, None) => return Stands::Rejects,
            _ => break,
        }
    }
    roles.map_or(Stands::Nowhere, |roles| {
        Stands::Gives(roles.into_iter().collect())
    })
}

/// Whether as long as an old statement counts a newer one of the same person makes it say nothing.
fn hides(asking: &Asking<'_>, new: &Statement, old: &Statement) -> bool {
    if asking.end(old) > asking.end(new) {
        return false;
    }
    let same = new.role == old.role;
    match (asking.kind, new.decision, old.decision) {
        (Kind::Attestation, Decision::Given, _)
        | (Kind::Approval, Decision::Given, Decision::Given) => same,
        (Kind::Attestation, _, _) => same || new.role.is_none(),
        (Kind::Approval, Decision::Given, _) => false,
        (Kind::Approval, _, _) => true,
    }
}
