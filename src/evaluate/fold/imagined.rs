//! A fold that goes on with what nobody gave. What really became of a rule is never touched.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Fold;
use crate::evaluate::imagine::grown::Grown;
use crate::evaluate::imagine::{Imagined, Wish};
use crate::evaluate::moment::Moment;
use crate::evaluate::proof::needs::Past;
use crate::evaluate::proof::{Filed, Ground};
use crate::evaluate::track::Track;
use crate::expr::value::Value;
use crate::snapshot::layout::Context;
use crate::snapshot::{Facts, Observed, Place};

impl<'p> Fold<'p> {
    /// The instant of the verdict.
    pub(in crate::evaluate) fn now(&self) -> Timestamp {
        self.question.now
    }

    /// The newest sample before the verdict.
    pub(in crate::evaluate) fn newest(&self) -> Option<Timestamp> {
        let newest = self.surveyed.newest;
        newest.filter(|newest| *newest <= self.question.now)
    }

    /// The same from an instant on, where samples give something else; `says`: and all else of it is so, too.
    pub(in crate::evaluate) fn otherwise(&self, wish: &Wish, at: Timestamp, says: bool) -> Self {
        let mut fold = self.clone();
        fold.ours = true;
        let stage = if says {
            fold.begins_anew(wish, at)
        } else {
            None
        };
        fold.world.stays_good();
        fold.growing = if wish.grows {
            fold.growth(&wish.values)
        } else {
            Vec::new()
        };
        let gives = wish.gives(says);
        let again = if gives { fold.held() } else { Vec::new() };
        let moment = Moment::at(at);
        fold.goes_on(moment);
        fold.advance(moment, gives, |world| {
            if !again.is_empty() {
                world.metrics(Moment::NEVER);
            }
            let told = stage.iter().flatten();
            for (slot, value) in again.iter().chain(told).chain(&wish.values) {
                world.give(*slot, value.clone(), moment);
            }
            world.stays_good();
            world.stand_in(moment);
        });
        fold
    }

    /// From an instant on more is said and run, and the stage is entered again.
    pub(in crate::evaluate) fn says(&mut self, wish: &Wish, at: Timestamp) {
        let stage = self.begins_anew(wish, at);
        let moment = Moment::at(at);
        self.goes_on(moment);
        self.advance(moment, false, |world| {
            for (slot, value) in stage.iter().flatten() {
                world.give(*slot, value.clone(), moment);
            }
        });
    }

    /// Takes in what is said and run; and what is told of the stage where it is entered again.
    fn begins_anew(&mut self, wish: &Wish, at: Timestamp) -> Option<Vec<(usize, Value)>> {
        self.facts(wish);
        wish.enters?;
        for track in &mut self.tracks {
            track.enters_again(at);
        }
        Some(self.entry(at))
    }

    /// The stage entered at an instant, as a sample tells it.
    fn entry(&self, at: Timestamp) -> Vec<(usize, Value)> {
        let layout = &self.policy.layout;
        let name = Value::String(Arc::clone(&self.question.stage.name));
        let mut told = vec![
            (layout.context(Context::StageName), name),
            (
                layout.context(Context::StageEntered),
                Value::Timestamp(at.into()),
            ),
        ];
        let traffic = layout.context(Context::StageTraffic);
        if let known @ Value::Double(_) = self.world.value(traffic) {
            told.push((traffic, known.clone()));
        }
        told
    }

    /// Takes in facts, and what is told of the subject.
    fn facts(&mut self, wish: &Wish) {
        let none =
            wish.evidence.is_empty() && wish.statements.is_empty() && wish.records.is_empty();
        let before = self.surveyed.subject.clone();
        let told: Vec<Observed> = wish
            .values
            .iter()
            .map(|(slot, value)| Observed {
                slot: *slot,
                value: value.clone(),
                place: Place::default(),
            })
            .collect();
        self.subject.tell(&self.policy.layout, told.iter());
        let subject = &mut self.surveyed.subject;
        subject.tell(&self.policy.layout, told.iter());
        if none && *subject == before {
            return;
        }
        let mut facts = Facts::clone(&self.surveyed.facts);
        facts.evidence.extend(wish.evidence.iter().cloned());
        facts.evidence.sort_by_key(|one| one.at);
        facts.statements.extend(wish.statements.iter().cloned());
        facts.statements.sort_by_key(|one| one.at);
        facts.records.extend(wish.records.iter().cloned());
        facts.records.sort_by_key(|one| one.at);
        self.ground = Ground {
            subject: Arc::new(self.surveyed.subject.clone()),
            filed: Arc::new(Filed::of(&facts)),
            ..self.ground.clone()
        };
        self.surveyed.facts = Arc::new(facts);
        if self.past.is_some() {
            self.past = Some(Past::new(
                self.policy,
                &self.ground.filed,
                &self.surveyed.subject,
            ));
        }
        for track in &mut self.tracks {
            track.grounds(&self.ground, &wish.evidence);
        }
    }

    /// What samples give that is known: it is given again.
    fn held(&self) -> Vec<(usize, Value)> {
        let known = |slot: &usize| {
            let value = self.world.value(*slot);
            let ages = self.policy.layout.max_age(*slot).is_some();
            (ages && !matches!(value, Value::Unknown(_)) && !self.world.assumed(*slot))
                .then(|| (*slot, value.clone()))
        };
        self.read.iter().filter_map(known).collect()
    }

    /// All that is held is given again, and what grows has grown since it began.
    pub(in crate::evaluate) fn again(&mut self, at: Timestamp, begun: Timestamp) {
        let moment = Moment::at(at);
        let mut again = self.held();
        for grown in &self.growing {
            grown.puts(&mut again, at.duration_since(begun));
        }
        self.goes_on(moment);
        self.advance(moment, true, |world| {
            for (slot, value) in &again {
                world.give(*slot, value.clone(), moment);
            }
            world.stays_good();
        });
    }

    /// What counters count, as the windows that ask for it say, but those that are given another value.
    fn growth(&self, given: &[(usize, Value)]) -> Vec<Grown> {
        let since = self.world.entered();
        let since = since.map(|entered| self.question.now.duration_since(entered));
        let mut all: Vec<Grown> = Vec::new();
        let own = self.looks.iter().map(|look| (look, None));
        let items = self.tracks.iter().flat_map(Track::looked);
        for (look, key) in own.chain(items) {
            for grown in Grown::of(look, key, &self.world, since) {
                let given = given.iter().any(|(slot, _)| *slot == grown.slot);
                if !given && !all.iter().any(|other| other.is_of(&grown)) {
                    all.push(grown);
                }
            }
        }
        all
    }

    /// How long the values that are read stay good, at the least.
    pub(in crate::evaluate) fn good(&self) -> Option<SignedDuration> {
        let ages = self.read.iter();
        let ages = ages.filter_map(|slot| self.policy.layout.max_age(*slot));
        let within = self.question.stage.rules.iter();
        let within = within.filter_map(|rule| rule.at.as_ref().map(|at| at.within));
        ages.chain(within).min()
    }

    /// How far apart samples are, where it matters when there are any: as far as they were, and never so far that anything
    /// is too old between them.
    pub(in crate::evaluate) fn every(&self) -> Option<SignedDuration> {
        let matters = !self.looks.is_empty() || self.tracks.iter().any(Track::asks_for_samples);
        let good = self.good().unwrap_or(SignedDuration::from_mins(5));
        let every = self.surveyed.every.unwrap_or(good).min(good);
        let least = SignedDuration::from_millis(1);
        matters.then_some(every.max(least))
    }

    /// What would become of every rule at an instant.
    pub(in crate::evaluate) fn imagined(mut self, at: Timestamp) -> Imagined<'p> {
        self.question.now = at;
        let mut outcomes = self.settled();
        let (_, decision, causes) = self.decided(&mut outcomes);
        Imagined {
            decision,
            causes,
            outcomes,
            world: self.world,
        }
    }
}
