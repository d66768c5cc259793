//! What would make a verdict a go: steps that all together do, found by asking the evaluator again and again how it would
//! go on. Never tells a set that was not judged a go itself.

mod ask;
mod clock;
mod facts;
mod need;
mod partly;
mod relax;
mod seed;
mod step;
mod target;
mod together;
mod value;

use std::cell::Cell;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::allowance::Allowance;
use super::finding;
use crate::evaluate::imagine::{Course, Imagined, Wish};
use crate::evaluate::{Ahead, Looked, Outcome, Question, World};
use crate::policy::Policy;
use crate::snapshot::Facts;
use crate::verdict::{Cause, Decision, Finding, ToGo};
use ask::{Ask, Plan};
use need::Needs;

/// How often what still fails is asked for what it needs.
const ROUNDS: usize = 12;
/// How many other ways are tried where one leads nowhere.
const TRIES: usize = 8;
/// The most steps that are told, or looked for.
const STEPS: usize = 64;
/// The most findings against a go of which it is looked for.
const FINDINGS: usize = 200;
/// The most samples that are imagined in all.
pub(super) const SAMPLES: i64 = 20_000;

/// Where it is looked.
pub(super) struct Scene<'s, 'p> {
    pub(super) policy: &'s Policy,
    pub(super) question: Question<'s>,
    pub(super) ahead: &'s Ahead<'p>,
    /// What really is known.
    pub(super) world: &'s World<'p>,
    pub(super) facts: &'s Facts,
    /// How many samples may still be imagined.
    pub(super) samples: &'s Cell<i64>,
    /// The findings that are let be: it goes where nothing else stands against it.
    pub(super) open: Vec<String>,
}

impl<'p> Scene<'_, 'p> {
    /// The same where some findings are let be.
    fn but(&self, open: Vec<String>) -> Self {
        Self {
            open,
            facts: self.facts,
            ..*self
        }
    }

    /// What stands against a go, apart from what is let be.
    fn against(&self, outcomes: &[Outcome<'_>]) -> Vec<String> {
        let against = outcomes.iter().filter(|outcome| outcome.weight.is_some());
        let names = against.map(finding::name);
        names.filter(|name| !self.open.contains(name)).collect()
    }

    /// Whether nothing does.
    fn is_go(&self, imagined: &Imagined<'_>) -> bool {
        imagined.decision == Decision::Go
            || (!self.open.is_empty()
                && !imagined.causes.contains(&Cause::Empty)
                && self.against(&imagined.outcomes).is_empty())
    }

    /// How it goes on with a wish.
    fn course(&self, wish: &Wish) -> Option<Course<'p>> {
        let course = self.ahead.course(wish)?;
        self.took(course.samples());
        (self.samples.get() > 0).then_some(course)
    }

    /// What would become of every rule then.
    fn judged(&self, course: &mut Course<'p>, at: Timestamp) -> Option<Imagined<'p>> {
        let before = course.samples();
        let imagined = course.judged(at)?;
        self.took(course.samples().saturating_sub(before));
        (self.samples.get() > 0).then_some(imagined)
    }

    /// Whether it would be a go then, the last that is asked of this course.
    fn ends(&self, course: Course<'p>, at: Timestamp) -> Option<bool> {
        let before = course.samples();
        let (imagined, samples) = course.ends(at)?;
        self.took(samples.saturating_sub(before));
        (self.samples.get() > 0).then(|| self.is_go(&imagined))
    }

    fn took(&self, samples: i64) {
        // A judgement costs as much as a sample or two.
        let left = self.samples.get().saturating_sub(samples);
        self.samples.set(left.saturating_sub(2));
    }
}

/// A plan that goes, and when.
#[derive(Clone)]
struct Found {
    plan: Plan,
    at: Timestamp,
    /// For which findings there is a wait.
    waits: Vec<String>,
}

/// A plan that leads nowhere.
struct Stuck {
    /// A finding that may have another way; none: nothing helps.
    at: Option<String>,
    /// What stands against a go at its end.
    left: Vec<String>,
}

/// What would make it a go; nothing where nothing was found that does.
pub(super) fn to_go(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    causes: &[Cause],
) -> Option<ToGo> {
    let against = findings.iter().filter(|finding| finding.counts).count();
    if causes.contains(&Cause::Empty) || against > FINDINGS {
        return None;
    }
    match best(scene, outcomes, findings, &[]) {
        Ok(found) => Some(steps(scene, outcomes, findings, found)),
        Err(left) => {
            let (scene, found) = partly::partly(scene, outcomes, findings, left)?;
            Some(steps(&scene, outcomes, findings, found))
        }
    }
}

/// A plan that goes as steps, each value as far as it may go.
fn steps(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    mut found: Found,
) -> ToGo {
    // What windows look back at is told as it was found: how far it may go changes with every instant.
    let plain = relax::alone(scene, &found) || found.plan.looks_back();
    found = if plain {
        together::pinned(scene, outcomes, findings, found)
    } else {
        together::together(scene, outcomes, findings, found)
    };
    let mut found = earliest(scene, sooner(scene, found));
    if !plain && found.at > scene.ahead.done() {
        // What goes further may take longer.
        found = together::steady(scene, found);
    }
    found.plan.settle();
    let done = scene.ahead.done();
    ToGo {
        at: (found.at > done).then(|| told(found.at, done)),
        steps: step::steps(&found.plan, scene, done, told_wait(scene, &found)),
    }
}

/// A plan that goes, and nothing of which can be left out; where there is none, what stands against a go in spite of the
/// best that was tried.
fn best(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    pins: &[Ask],
) -> Result<Found, Vec<String>> {
    let mut left: Option<Vec<String>> = None;
    // What grows goes on as it does. Where that leads nowhere, nothing grows any more.
    for grows in [true, false] {
        let mut choice = BTreeMap::new();
        for _ in 0..TRIES {
            let mut plan = Plan::new(grows);
            plan.take(Needs {
                asks: pins.to_vec(),
                ..Needs::default()
            });
            let stuck = match attempt(scene, outcomes, findings, plan, &choice) {
                Ok(found) => return Ok(eased(scene, needed(scene, found, pins.len()))),
                Err(stuck) => stuck,
            };
            if left
                .as_ref()
                .is_none_or(|left| stuck.left.len() < left.len())
            {
                left = Some(stuck.left);
            }
            let Some(rule) = stuck.at else { break };
            let next: &mut usize = choice.entry(rule).or_default();
            *next = next.saturating_add(1);
        }
    }
    Err(left.unwrap_or_default())
}

/// Until when to wait once all is done, and for what.
fn told_wait(scene: &Scene<'_, '_>, found: &Found) -> Option<(Timestamp, Vec<String>)> {
    let at = told(found.at, scene.ahead.done());
    (found.at > found.plan.begins(scene)).then(|| (at, found.waits.clone()))
}

/// An instant as it is told. All is imagined to be done a nanosecond after the verdict: what is counted from there is told
/// as counted from the verdict.
fn told(at: Timestamp, done: Timestamp) -> Timestamp {
    let same = at.subsec_nanosecond() == done.subsec_nanosecond();
    at.checked_sub(SignedDuration::from_nanos(i64::from(same)))
        .unwrap_or(at)
}

fn attempt(
    scene: &Scene<'_, '_>,
    outcomes: &[Outcome<'_>],
    findings: &[Finding],
    mut plan: Plan,
    choice: &BTreeMap<String, usize>,
) -> Result<Found, Stuck> {
    let done = scene.ahead.done();
    let mut world = scene.world.clone();
    let needs = need::all(scene, outcomes, findings, &mut world, choice, done);
    let mut waits = needs.waits.clone();
    let mut stuck = Stuck {
        at: needs.stuck.clone(),
        left: scene.against(outcomes),
    };
    let mut clears = needs.clears;
    let grew = plan.take(needs);
    if !grew && plan.is_empty() && waits.is_empty() {
        return Err(stuck);
    }
    let mut at = done;
    let mut course: Option<Course<'_>> = None;
    for _ in 0..ROUNDS {
        if plan.len() > STEPS {
            break;
        }
        if course.is_none() {
            let wish = match plan.wish(scene) {
                Ok(wish) => wish,
                Err(rule) => {
                    stuck.left = vec![rule];
                    return Err(stuck);
                }
            };
            course = scene.course(&wish);
        }
        let imagined = course.as_mut().and_then(|course| scene.judged(course, at));
        let Some(mut imagined) = imagined else {
            break;
        };
        if scene.is_go(&imagined) {
            return Ok(Found { plan, at, waits });
        }
        stuck.left = scene.against(&imagined.outcomes);
        if imagined.causes.contains(&Cause::Empty) {
            return Err(stuck);
        }
        let needs = again(scene, &mut imagined, choice, at);
        let later = needs.later;
        stuck.at = needs.stuck.clone().or(stuck.at);
        clears = clears.max(needs.clears);
        for name in &needs.waits {
            if !waits.contains(name) {
                waits.push(name.clone());
            }
        }
        if plan.take(needs) || plan.put_off(clears) {
            at = plan.begins(scene);
            course = None;
        } else if let Some(later) = later.filter(|later| *later > at) {
            at = later;
        } else if plan.nudge() {
            at = plan.begins(scene);
            course = None;
        } else {
            return Err(stuck);
        }
    }
    stuck.at = None;
    Err(stuck)
}

/// What still stands against a go needs.
fn again(
    scene: &Scene<'_, '_>,
    imagined: &mut Imagined<'_>,
    choice: &BTreeMap<String, usize>,
    at: Timestamp,
) -> Needs {
    let mut allowance = Allowance::of(false);
    let nothing = Looked::nothing(at);
    let question = Question {
        now: at,
        ..scene.question
    };
    let against: Vec<Outcome<'_>> = imagined
        .outcomes
        .iter()
        .filter(|outcome| outcome.weight.is_some())
        .cloned()
        .collect();
    let findings: Vec<Finding> = against
        .iter()
        .map(|outcome| {
            finding::finding(
                scene.policy,
                question,
                outcome,
                imagined.decision,
                &mut imagined.world,
                (scene.facts, &nothing),
                &mut allowance,
            )
        })
        .collect();
    need::all(scene, &against, &findings, &mut imagined.world, choice, at)
}

/// Whether a plan is a go at an instant.
fn goes(scene: &Scene<'_, '_>, plan: &Plan, at: Timestamp) -> bool {
    let Ok(wish) = plan.wish(scene) else {
        return false;
    };
    let course = scene.course(&wish);
    course.and_then(|course| scene.ends(course, at)) == Some(true)
}

/// The same plan without what is not needed: what was needed beside something else may not be without it. The first of it
/// may be there for good.
fn needed(scene: &Scene<'_, '_>, mut found: Found, pins: usize) -> Found {
    let (mut index, mut tried) = (pins, pins);
    while tried < found.plan.len() {
        let less = found.plan.without(index);
        // That something stays as it is is imagined in any case.
        if !found.plan.stays(index) && goes(scene, &less, found.at) {
            found.plan = less;
            tried = pins;
        } else {
            index = index.saturating_add(1);
            tried = tried.saturating_add(1);
        }
        if index >= found.plan.len() {
            index = pins;
        }
    }
    found
}

/// The same plan, the limits themselves included again where they do.
fn eased(scene: &Scene<'_, '_>, mut found: Found) -> Found {
    if !found.plan.nudged {
        return found;
    }
    for index in 0..found.plan.len() {
        if let Some(eased) = found.plan.eased(index)
            && goes(scene, &eased, found.at)
        {
            found.plan = eased;
        }
    }
    found
}

/// The same with the stage entered again at the earliest instant, to the second, where that is later than at once.
fn sooner(scene: &Scene<'_, '_>, mut found: Found) -> Found {
    let done = scene.ahead.done();
    let Some(enters) = found.plan.enters() else {
        return found;
    };
    let after = found.at.duration_since(enters);
    let at = |seconds: i64| {
        let enters = done.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        let plan = found.plan.entered(enters);
        let at = enters.checked_add(after).ok()?;
        goes(scene, &plan, at).then_some((plan, at))
    };
    let mut high = enters.duration_since(done).as_secs();
    let mut best = at(0);
    if best.is_none() {
        let mut low = 0;
        while high.saturating_sub(low) > 1 {
            let middle = low.saturating_add(high.saturating_sub(low) / 2);
            match at(middle) {
                Some(sooner) => (high, best) = (middle, Some(sooner)),
                None => low = middle,
            }
        }
    }
    if let Some((plan, at)) = best {
        (found.plan, found.at) = (plan, at);
    }
    found
}

/// The same at the earliest instant, to the second, where the one that was found may be too late.
fn earliest(scene: &Scene<'_, '_>, mut found: Found) -> Found {
    let done = found.plan.begins(scene);
    if !found.plan.rough || found.at <= done {
        return found;
    }
    if goes(scene, &found.plan, done) {
        found.at = done;
        return found;
    }
    let whole = found.at.duration_since(done).as_secs();
    let (mut low, mut high) = (0, whole);
    while high.saturating_sub(low) > 1 {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        let at = done.checked_add(SignedDuration::from_secs(middle));
        if at.is_ok_and(|at| goes(scene, &found.plan, at)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let at = done.checked_add(SignedDuration::from_secs(high));
    if let Ok(at) = at
        && at < found.at
        && goes(scene, &found.plan, at)
    {
        found.at = at;
    }
    found
}
