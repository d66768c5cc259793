//! The one pass over a history: at every moment at which something changes, every condition is judged and its run
//! carried on. A value that goes stale between two samples is such a moment.

use jiff::Timestamp;

use super::moment::Moment;
use super::track::Track;
use super::{Outcome, Question, World};
use crate::policy::Policy;
use crate::snapshot::Sample;
use crate::snapshot::layout::Context;

/// What a fold ends with.
pub struct Folded<'p> {
    /// What became of each rule and item.
    pub outcomes: Vec<Outcome<'p>>,
    /// What is known at the end.
    pub world: World<'p>,
}

/// Folds the samples, none of them later than the instant asked about.
#[must_use]
pub fn fold<'p>(policy: &'p Policy, samples: &[&Sample], question: Question<'p>) -> Folded<'p> {
    let horizon = entry(policy, samples, question);
    let rules = question.stage.rules.iter();
    let mut fold = Fold {
        world: World::new(&policy.layout, question.asked),
        tracks: rules
            .map(|rule| Track::new(rule, &policy.layout, policy.item_slot, horizon))
            .collect(),
        moment: None,
    };
    for sample in samples {
        let at = Moment::at(sample.at);
        fold.expire_until(at);
        fold.advance(at, |world| world.observe(sample));
    }
    let now = Moment::at(question.now);
    fold.expire_until(now);
    fold.finish(now)
}

/// When the stage being judged was entered, as it is known at the end: what fired before is forgiven.
fn entry(policy: &Policy, samples: &[&Sample], question: Question<'_>) -> Option<Timestamp> {
    let mut world = World::new(&policy.layout, question.asked);
    let stage = policy.layout.context(Context::StageName);
    let traffic = policy.layout.context(Context::StageTraffic);
    for sample in samples {
        let told: Vec<_> = sample
            .values
            .iter()
            .filter(|value| (stage..=traffic).contains(&value.slot))
            .collect();
        if !told.is_empty() {
            let values = told.into_iter().cloned().collect();
            world.observe(&Sample {
                at: sample.at,
                values,
            });
        }
    }
    world.entered()
}

struct Fold<'p> {
    world: World<'p>,
    tracks: Vec<Track<'p>>,
    /// The moment the world stands at.
    moment: Option<Moment>,
}

impl<'p> Fold<'p> {
    fn expire_until(&mut self, end: Moment) {
        while let Some(expiry) = self.world.expiry().filter(|expiry| *expiry < end) {
            self.advance(expiry, |world| world.expire(expiry));
            // Whatever could not be let go of must not hold the fold.
            if self.world.expiry() == Some(expiry) {
                break;
            }
        }
    }

    /// Carries every run on to `moment`, at which the world changes.
    fn advance(&mut self, moment: Moment, change: impl FnOnce(&mut World<'p>)) {
        self.close(moment, false);
        change(&mut self.world);
        self.world.clock(moment.instant());
        for track in &mut self.tracks {
            track.judge(&mut self.world, moment);
        }
        self.moment = Some(moment);
    }

    /// Closes the stretch since the last moment.
    fn close(&mut self, end: Moment, inclusive: bool) {
        let Some(begin) = self.moment else { return };
        for track in &mut self.tracks {
            if track.reads_clock {
                track.between(&mut self.world, begin, end);
            }
            track.close(&self.world, end, inclusive);
        }
    }

    fn finish(mut self, now: Moment) -> Folded<'p> {
        // A sample may stand at this very instant; then there is nothing to be carried on.
        if self.moment != Some(now) {
            self.close(now, false);
        }
        self.world.clock(now.instant());
        let mut outcomes = Vec::new();
        for track in &mut self.tracks {
            track.judge(&mut self.world, now);
            track.close(&self.world, now, true);
            track.outcomes(&mut self.world, now, &mut outcomes);
        }
        Folded {
            outcomes,
            world: self.world,
        }
    }
}
