//! Tests that would show what no test shows: asked for, never made up here.

use super::key::Key;
use super::seen::Seen;
use super::told::Uncovered;
use crate::suite::bound::Suite;
use crate::suite::suggest::{Sought, Tried, Wanted, suggest};

/// Finds a test for each of these that have none yet, to be pasted into this suite: one of their policy.
pub fn fixtures(uncovered: &mut [Uncovered], suite: &Suite) {
    for one in uncovered.iter_mut().filter(|one| one.fixture.is_none()) {
        let sought = Sought {
            stages: one.stages.iter().map(String::as_str).collect(),
            rule: &one.about,
            hints: Vec::new(),
        };
        let mut wanted = Missing { keys: &one.keys };
        one.fixture = suggest(suite, &sought, &mut wanted).map(|found| found.line);
    }
}

/// What is not seen yet.
struct Missing<'k> {
    keys: &'k [Key],
}

impl Wanted for Missing<'_> {
    fn shows(&mut self, tried: &Tried<'_>) -> bool {
        let Ok((question, judgement)) = tried.fixture.judge(tried.policy) else {
            return false;
        };
        let mut seen = Seen::default();
        seen.take(tried.policy, question, &judgement);
        seen.count(self.keys) > 0
    }
}
