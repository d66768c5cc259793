//! The windows as they are when a verdict is given, so that whoever explains it can ask what they looked back at. Costs nothing
//! until somebody does, and never changes what was decided.

use std::sync::Arc;

use jiff::Timestamp;

use super::Contents;
use super::look::Look;
use super::moment::Moment;
use super::track::Track;
use crate::expr::value::Key;
use crate::policy::Rule;

/// The windows at the instant of a verdict.
#[derive(Debug)]
pub struct Looked<'p> {
    pub(super) looks: Vec<Look>,
    pub(super) tracks: Vec<Track<'p>>,
    pub(super) now: Moment,
    pub(super) entered: Option<Moment>,
}

impl Looked<'_> {
    /// None, where nobody asks what they looked back at.
    #[must_use]
    pub fn nothing(now: Timestamp) -> Self {
        Self {
            looks: Vec::new(),
            tracks: Vec::new(),
            now: Moment::at(now),
            entered: None,
        }
    }

    /// What the window of a slot looked back at, for a rule and one of its items; nothing where its history is not at hand.
    #[must_use]
    pub fn contents(&self, slot: usize, rule: &Arc<Rule>, key: Option<&Key>) -> Option<Contents> {
        let own = self.looks.iter().find(|look| look.slot() == slot);
        let look = own.or_else(|| {
            let mut tracks = self.tracks.iter();
            let track = tracks.find(|track| track.is_of(rule))?;
            track.looks(key?)?.iter().find(|look| look.slot() == slot)
        })?;
        look.contents(self.now, self.entered)
    }
}
