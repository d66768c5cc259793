//! The one pass over a history: at every moment at which something changes, every condition it may matter to is judged and
//! its run carried on. A value that goes stale between two samples is such a moment, and a sample that leaves a window.
//!
//! What it holds is bounded by the rules and their windows, whatever the length of the history.

use std::sync::Arc;

mod imagined;
mod lanes;

use jiff::Timestamp;

use super::baseline::Summary;
use super::follow::{Followed, follow, tracked};
use super::imagine::Ahead;
use super::imagine::grown::Grown;
use super::look::{self, Look};
use super::looked::Looked;
use super::moment::Moment;
use super::proof::needs::Past;
use super::proof::unclaimed::unclaimed;
use super::proof::{Filed, Ground};
use super::track::{Event, Track};
use super::waive::{Waiving, waive};
use super::{Judgement, Notice, Outcome, Question, World, builtin, decide};
use crate::expr::value::Value;
use crate::policy::{Policy, Waiver};
use crate::snapshot::layout::{Context, Derived};
use crate::snapshot::{Observed, Sample, Subject, Surveyed};
use crate::verdict::{Cause, Decision};

/// A policy's stage on its way through a history.
#[derive(Clone, Debug)]
pub struct Fold<'p> {
    policy: &'p Policy,
    question: Question<'p>,
    surveyed: Surveyed,
    waivers: &'p [Waiver],
    ground: Ground<'p>,
    /// Earlier verdicts as expressions read them, where any does.
    past: Option<Past>,
    world: World<'p>,
    /// Those of the stage's rules, and behind them those of rows of escalation, which weigh nothing.
    tracks: Vec<Track<'p>>,
    looks: Vec<Look>,
    /// Who reads a slot: the same however it goes on.
    readers: Arc<[Readers]>,
    /// The slots of the layout that are read, apart from those about stage and subject.
    read: Vec<usize>,
    /// Whether anything reads the clock.
    timed: bool,
    /// Whom the samples are about at the moment.
    subject: Subject,
    /// Whether that is whom the verdict is about.
    ours: bool,
    entered: Option<Timestamp>,
    /// No window changes by itself before this.
    wake: Moment,
    /// The moment the world stands at.
    moment: Option<Moment>,
    /// What counts on by itself, where it is only imagined.
    growing: Vec<Grown>,
}

/// Who reads a slot, by index.
#[derive(Clone, Debug, Default)]
struct Readers {
    tracks: Vec<usize>,
    looks: Vec<usize>,
}

impl<'p> Fold<'p> {
    /// Before the first sample. `surveyed` is what a first look over the same samples found.
    #[must_use]
    pub fn new(
        policy: &'p Policy,
        surveyed: Surveyed,
        question: Question<'p>,
        baselines: &[Summary],
    ) -> Self {
        let mut world = World::new(policy, question.asked);
        let (horizon, earliest) = entry(policy, &surveyed, question);
        let ground = Ground {
            policy,
            stage: &question.stage.name,
            subject: Arc::new(surveyed.subject.clone()),
            filed: Arc::new(Filed::of(&surveyed.facts)),
        };
        let tracks: Vec<Track<'p>> = question
            .stage
            .rules
            .iter()
            .chain(tracked(policy).filter_map(|row| row.rule.as_ref()))
            .map(|rule| Track::new(rule, policy, horizon, earliest, baselines, &ground))
            .collect();
        let mut is_read = vec![false; policy.slots()];
        let rules = &question.stage.rules;
        let exprs = rules.iter().flat_map(|rule| rule.mentioned());
        let exprs = exprs.chain(policy.following(question.stage));
        let exprs = exprs.flat_map(|expr| expr.reads().iter().copied());
        let proofs = tracks.iter().flat_map(Track::reads);
        let fields = question.stage.fields.iter().map(|(_, slot)| *slot);
        for slot in exprs.chain(proofs).chain(fields) {
            if let Some(read) = is_read.get_mut(slot) {
                *read = true;
            }
        }
        let reads = |slot: usize| is_read.get(slot).copied().unwrap_or(false);
        world.only(reads);
        let fixed = |slot: usize| baselines.iter().any(|baseline| baseline.gives(slot));
        let (windows, _) = look::windows(policy, |slot| reads(slot) && !fixed(slot));
        let looks: Vec<Look> = windows
            .iter()
            .map(|window| Look::new(window, &policy.layout, earliest))
            .collect();
        for (slot, value) in baselines.iter().flat_map(Summary::values) {
            world.set(*slot, value.clone());
        }
        let mut readers = vec![Readers::default(); policy.slots()];
        for (index, track) in tracks.iter().enumerate() {
            for slot in track.reads() {
                if let Some(readers) = readers.get_mut(slot) {
                    readers.tracks.push(index);
                }
            }
        }
        for (index, look) in looks.iter().enumerate() {
            for slot in look.reads() {
                if let Some(readers) = readers.get_mut(*slot) {
                    readers.looks.push(index);
                }
            }
        }
        let (layout, subject) = (&policy.layout, &surveyed.subject);
        let past = reads(layout.derived(Derived::Records))
            .then(|| Past::new(policy, &ground.filed, subject));
        let clock = [Context::Now, Context::StageElapsed];
        let is_input = |slot: &usize| policy.layout.input_of(*slot).is_some();
        Self {
            timed: clock
                .iter()
                .any(|clock| reads(policy.layout.context(*clock))),
            read: (0..policy.layout.len())
                .filter(|slot| reads(*slot))
                .filter(is_input)
                .collect(),
            policy,
            question,
            surveyed,
            waivers: &[],
            ground,
            past,
            world,
            tracks,
            looks,
            readers: readers.into(),
            subject: Subject::default(),
            ours: true,
            entered: None,
            wake: Moment::NEVER,
            moment: None,
            growing: Vec::new(),
        }
    }

    /// The same with what is set aside.
    #[must_use]
    pub fn waiving(mut self, waivers: &'p [Waiver]) -> Self {
        self.waivers = waivers;
        self
    }

    /// The slots that are read, apart from those about stage and subject: nothing else need be given to [`Fold::row`].
    #[must_use]
    pub fn read(&self) -> &[usize] {
        &self.read
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.world.slots().len()
    }

    /// Whether it matters which samples have metrics at all.
    #[must_use]
    pub fn needs_metrics(&self) -> bool {
        self.world.has_defaults()
    }

    /// Takes in the next sample. Those after the verdict and those of another subject are not used.
    pub fn take(&mut self, sample: &Sample) {
        if self.begins(sample.at, &sample.values) {
            self.advance(Moment::at(sample.at), true, |world| world.observe(sample));
        }
    }

    /// The same, value by value: what is told of stage and subject, whether any metric is given, and what is given to the
    /// slots that are [`Fold::read`].
    pub fn row(
        &mut self,
        at: Timestamp,
        told: &[Observed],
        metrics: bool,
        mut give: impl FnMut(usize) -> Option<Value>,
    ) {
        if !self.begins(at, told) {
            return;
        }
        let read = std::mem::take(&mut self.read);
        let at = Moment::at(at);
        self.advance(at, true, |world| {
            if metrics {
                world.metrics(at);
            }
            for observed in told {
                world.give(observed.slot, observed.value.clone(), at);
            }
            for slot in &read {
                if let Some(value) = give(*slot) {
                    world.give(*slot, value, at);
                }
            }
            world.stand_in(at);
        });
        self.read = read;
    }

    /// Goes on to a sample, if it is one to be used.
    fn begins(&mut self, at: Timestamp, told: &[Observed]) -> bool {
        if at > self.question.now {
            return false;
        }
        if !told.is_empty() {
            self.subject.tell(&self.policy.layout, told.iter());
            self.ours = self.subject.same_as(&self.surveyed.subject);
        }
        if self.ours {
            self.goes_on(Moment::at(at));
        }
        self.ours
    }

    /// What became of every rule at an instant, not before the last sample that was taken in. The fold can go on
    /// afterwards.
    #[must_use]
    pub fn judgement(&self, now: Timestamp) -> Judgement<'p> {
        let mut fold = self.clone();
        fold.question.now = now;
        fold.finish()
    }

    /// The same at a sample, once it was taken in. It costs less: what windows have kept is left where it is.
    #[must_use]
    pub fn at_sample(&mut self, at: Timestamp) -> Judgement<'p> {
        if self.moment != Some(Moment::at(at)) {
            return self.judgement(at);
        }
        // Where no time passes no window is asked, and nobody is told of a change.
        let looks = std::mem::take(&mut self.looks);
        let judgement = self.judgement(at);
        self.looks = looks;
        judgement
    }

    /// What became of every rule at the instant asked about.
    #[must_use]
    pub fn finish(mut self) -> Judgement<'p> {
        let now = Moment::at(self.question.now);
        self.begins_with_facts(now);
        let outcomes = self.settled();
        let (_, rows) = self
            .tracks
            .split_at_checked(self.question.stage.rules.len())
            .unwrap_or((&self.tracks, &[]));
        let followed = Followed::of(rows, &mut self.world, now);
        self.concluded(outcomes, &followed)
    }

    /// Goes on to the instant asked about: what became of every rule of the stage there.
    fn settled(&mut self) -> Vec<Outcome<'p>> {
        let now = Moment::at(self.question.now);
        self.goes_on(now);
        if self.moment != Some(now) {
            self.advance(now, false, |_| {});
        }
        self.world.clock(now.instant());
        let event = Event {
            moment: now,
            touched: &[],
            given: false,
        };
        for track in &mut self.tracks {
            if !track.is_judged(now) {
                track.judge(self.policy, &mut self.world, event);
            }
            track.close(&self.world, now, true);
        }
        let mut outcomes = Vec::new();
        for track in self.tracks.iter().take(self.question.stage.rules.len()) {
            track.outcomes(&mut self.world, now, &mut outcomes);
        }
        outcomes
    }

    /// What all rules come to, with what the stage asks for by itself, and what is set aside.
    fn decided(&self, outcomes: &mut Vec<Outcome<'p>>) -> (Waiving<'p>, Decision, Vec<Cause>) {
        builtin::outcomes(self.question, &self.ground, &self.world, outcomes);
        let subject = &self.surveyed.subject;
        let is_stage = |name: &str| {
            self.policy
                .judged()
                .any(|stage| stage.name.as_ref() == name)
        };
        let waivers = waive(self.waivers, self.question, subject, outcomes, is_stage);
        let (decision, causes) = decide::decide(outcomes);
        (waivers, decision, causes)
    }

    fn concluded(mut self, mut outcomes: Vec<Outcome<'p>>, followed: &Followed) -> Judgement<'p> {
        let (waivers, decision, causes) = self.decided(&mut outcomes);
        let follows = follow(
            self.policy,
            self.question,
            &mut self.world,
            decision,
            &outcomes,
            followed,
        );
        let notices = std::mem::take(&mut self.surveyed.notices).into_iter();
        let mut notices: Vec<Notice> = notices.map(Notice::NotUsed).collect();
        let filed = &self.ground.filed;
        let left = unclaimed(self.policy, self.question.stage, filed, &outcomes);
        notices.extend(left.into_iter().map(Notice::Unclaimed));
        if let (Some(first), Some(entered)) = (self.surveyed.first, self.world.entered())
            && first > entered
        {
            notices.push(Notice::BeginsLate { first, entered });
        }
        let ahead = (decision != Decision::Go).then(|| Ahead::of(self.clone()));
        Judgement {
            decision,
            causes,
            outcomes,
            waivers,
            follows,
            looked: Looked {
                looks: self.looks,
                tracks: self.tracks,
                now: Moment::at(self.question.now),
                entered: self.world.entered().map(Moment::at),
            },
            world: self.world,
            notices,
            facts: self.surveyed.facts,
            ahead,
        }
    }

    /// Where there is no sample at all, what is known begins with the first fact.
    fn begins_with_facts(&mut self, now: Moment) {
        if self.moment.is_some() || self.surveyed.first.is_some() {
            return;
        }
        let first = self.surveyed.facts.oldest().map(Moment::at);
        if let Some(first) = first.filter(|first| *first < now) {
            self.advance(first, false, |_| {});
        }
    }

    /// Passes every moment before `end` at which something changes by itself.
    fn goes_on(&mut self, end: Moment) {
        loop {
            let expiry = self.world.expiry(end);
            let wake = expiry.map_or(self.wake, |expiry| expiry.min(self.wake));
            if wake >= end {
                return;
            }
            self.advance(wake, false, |world| world.expire(wake));
        }
    }

    /// Carries every run on to `moment`, at which the world changes.
    fn advance(&mut self, moment: Moment, given: bool, change: impl FnOnce(&mut World<'p>)) {
        self.close(moment);
        change(&mut self.world);
        let mut touched = self.world.touched();
        if let Some((slot, value)) = self.past.as_mut().and_then(|past| past.step(moment)) {
            self.world.set(slot, value);
            touched.changes(slot);
        }
        if self.entered != self.world.entered() {
            self.entered = self.world.entered();
            for track in &mut self.tracks {
                track.entered(self.entered);
            }
        }
        if self.timed {
            self.world.clock(moment.instant());
        }
        for slot in &touched.all {
            let Some(readers) = self.readers.get(*slot) else {
                continue;
            };
            for index in &readers.looks {
                if let Some(look) = self.looks.get_mut(*index) {
                    look.touch(*slot, given);
                }
            }
            for index in &readers.tracks {
                if let Some(track) = self.tracks.get_mut(*index) {
                    track.dirty |= track.samples();
                }
            }
        }
        for slot in &touched.changed {
            let readers = self.readers.get(*slot);
            for index in readers.into_iter().flat_map(|readers| &readers.tracks) {
                if let Some(track) = self.tracks.get_mut(*index) {
                    track.dirty = true;
                }
            }
        }
        self.wake = self.past.as_ref().map_or(Moment::NEVER, Past::wake);
        for look in &mut self.looks {
            if look.step(&self.world, moment) {
                self.world.set(look.slot(), look.value().clone());
                for index in self
                    .readers
                    .get(look.slot())
                    .into_iter()
                    .flat_map(|readers| &readers.tracks)
                {
                    if let Some(track) = self.tracks.get_mut(*index) {
                        track.dirty = true;
                    }
                }
            }
            self.wake = self.wake.min(look.wake());
        }
        let event = Event {
            moment,
            touched: &touched.all,
            given,
        };
        for track in &mut self.tracks {
            let asked = track.dirty || track.reads_clock || track.wake() <= moment;
            if asked && moment > track.done {
                track.judge(self.policy, &mut self.world, event);
            }
            self.wake = self.wake.min(track.wake());
        }
        self.world.untouched(touched);
        self.moment = Some(moment);
    }

    /// Closes the stretch since the last moment.
    fn close(&mut self, end: Moment) {
        let Some(begin) = self.moment else { return };
        for track in &mut self.tracks {
            if track.reads_clock {
                track.between(&mut self.world, begin, end);
            }
            if track.can_fire {
                track.close(&self.world, end, false);
            }
        }
    }
}

/// When the stage being judged was entered, as it is known at the end: what fired before is forgiven. And the earliest entry
/// that was ever told.
fn entry(
    policy: &Policy,
    surveyed: &Surveyed,
    question: Question<'_>,
) -> (Option<Timestamp>, Option<Moment>) {
    let mut world = World::new(policy, question.asked);
    let mut earliest: Option<Timestamp> = None;
    for (at, values) in &surveyed.told {
        world.observe(&Sample {
            at: *at,
            values: values.clone(),
        });
        if let Some(entered) = world.entered() {
            earliest = Some(earliest.map_or(entered, |earliest| earliest.min(entered)));
        }
    }
    (world.entered(), earliest.map(Moment::at))
}
