//! Tests that would show what no test shows: asked for, never made up here.

use super::key::Key;
use super::seen::Seen;
use super::told::Uncovered;
use crate::suite::bound::Suite;
use crate::suite::suggest::{Sought, Tried, Wanted, suggest};

/// Finds a test for each of these that have none yet, to be pasted into this suite: one of their policy.
///
/// One test often shows several sides of a rule: those of one rule that follow each other are sought together, which takes
/// one search in vain for a rule and not for each side of it.
pub fn fixtures(uncovered: &mut [Uncovered], suite: &Suite) {
    for sides in uncovered.chunk_by_mut(Uncovered::about_the_same) {
        of_one(sides, suite);
    }
}

fn of_one(sides: &mut [Uncovered], suite: &Suite) {
    while let Some(first) = sides.iter().find(|one| one.fixture.is_none()) {
        let (stages, rule) = (first.stages.clone(), first.about.clone());
        let sought = Sought {
            stages: stages.iter().map(String::as_str).collect(),
            rule: &rule,
            hints: Vec::new(),
        };
        let mut wanted = Missing {
            sides,
            about: &rule,
            shown: Vec::new(),
        };
        let Some(found) = suggest(suite, &sought, &mut wanted) else {
            return;
        };
        let shown = wanted.shown;
        for (one, shown) in sides.iter_mut().zip(shown) {
            if shown {
                one.fixture = Some(found.line.clone());
            }
        }
    }
}

/// What is not seen yet.
struct Missing<'k> {
    sides: &'k [Uncovered],
    /// The rule they are about.
    about: &'k str,
    /// For each whether the test that was tried last shows it.
    shown: Vec<bool>,
}

impl Wanted for Missing<'_> {
    fn shows(&mut self, tried: &Tried<'_>) -> bool {
        let Ok(stage) = tried.fixture.stage(tried.policy) else {
            return false;
        };
        // What becomes of a rule depends on no other one: those of its id are judged alone.
        let only = stage.only(self.about);
        let stage = if only.rules.is_empty() { stage } else { &only };
        let (question, judgement) = tried.fixture.judge_in(tried.policy, stage);
        let missing = self.sides.iter().filter(|one| one.fixture.is_none());
        let keys: Vec<Key> = missing.flat_map(|one| &one.keys).cloned().collect();
        let seen = Seen::only(tried.policy, question, &judgement, &keys);
        let shows = |one: &Uncovered| one.fixture.is_none() && seen.count(&one.keys) > 0;
        let shown: Vec<bool> = self.sides.iter().map(shows).collect();
        let any = shown.contains(&true);
        if any {
            self.shown = shown;
        }
        any
    }
}
