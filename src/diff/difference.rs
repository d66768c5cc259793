//! What changed, as plain data. Never how it is shown.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::policy::Policy;
use crate::source::Position;
use crate::verdict::Place;

/// Everything that changed from one policy to another.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// The version of this format: 1.
    pub gonogo: u8,
    /// The policy as it was.
    pub old: Named,
    /// The policy as it is.
    pub new: Named,
    /// Whether nothing changed that decides, follows a verdict or is shown.
    pub same: bool,
    /// How many changes there are of each direction, and how much stayed the same.
    pub counts: Counts,
    /// What changed, what can let more pass first.
    pub changes: Vec<Item>,
    /// What the snapshots show, where any were given.
    pub flips: Option<super::Flips>,
    /// Rules that are the same in a stage, and whether their texts alone changed.
    #[serde(skip)]
    alike: BTreeMap<String, bool>,
}

/// A policy by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its file as it was named.
    pub path: String,
    /// SHA-256 of the file and of those it names, `sha256:…`.
    pub digest: String,
}

/// How many changes there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// That let more pass.
    pub loosened: u64,
    /// That let more pass in one way and less in another.
    pub both: u64,
    /// Whose direction cannot be told.
    pub changed: u64,
    /// That let less pass.
    pub tightened: u64,
    /// That let neither more nor less pass.
    pub neutral: u64,
    /// Rules whose texts alone changed: title, cite, action, or another way to write the same condition.
    pub text_only: u64,
    /// Rules that are the same.
    pub unchanged: u64,
}

/// Whether a change lets more pass.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More passes than before.
    Loosened,
    /// More passes in one way, and less in another.
    Both,
    /// It cannot be told.
    Changed,
    /// Less passes than before.
    Tightened,
    /// Neither more nor less passes.
    Neutral,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is gone.
    Removed,
    /// It has another effect.
    Moved,
    /// It says something else.
    Changed,
    /// It is new.
    Added,
    /// It has another name.
    Renamed,
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// What it is: `rule`, `stage`, `input`, `param`, …
    pub about: String,
    /// Its name: of a rule its id.
    pub name: String,
    /// The name it had, where it has another one.
    pub was_name: Option<String>,
    /// The stages it is about, in order.
    pub stages: Vec<String>,
    /// What became of it.
    pub change: Change,
    /// Whether it lets more pass.
    pub direction: Direction,
    /// What of it changed.
    pub details: Vec<Detail>,
    /// Where it stands in the old policy.
    pub old: Option<Place>,
    /// Where it stands in the new one.
    pub new: Option<Place>,
}

/// A part of something that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Detail {
    /// Which part: `expr`, `for`, `max_age`, …
    pub what: String,
    /// As it was; none: it was not there.
    pub old: Option<String>,
    /// As it is; none: it is not there any more.
    pub new: Option<String>,
    /// Whether it lets more pass.
    pub direction: Direction,
    /// What it comes to, in a few words.
    pub note: Option<String>,
}

impl Difference {
    /// Nothing has been found yet.
    pub(super) fn of(old: &Policy, new: &Policy) -> Self {
        let named = |policy: &Policy| Named {
            name: policy.name.to_string(),
            path: policy.path.to_string(),
            digest: policy.digest.clone(),
        };
        Self {
            gonogo: 1,
            old: named(old),
            new: named(new),
            same: true,
            counts: Counts::default(),
            changes: Vec::new(),
            flips: None,
            alike: BTreeMap::new(),
        }
    }

    /// Whether anything lets more pass, or may.
    #[must_use]
    pub fn may_be_looser(&self) -> bool {
        let counts = &self.counts;
        counts.loosened > 0 || counts.both > 0 || counts.changed > 0
    }

    /// Adds a change; one that is the same in another stage is told once.
    pub(super) fn add(&mut self, item: Item) {
        let alike = |known: &&mut Item| {
            let one = (&known.about, &known.name, &known.was_name, known.change);
            let parts = (&known.details, &known.old, &known.new);
            one == (&item.about, &item.name, &item.was_name, item.change)
                && parts == (&item.details, &item.old, &item.new)
                && !item.stages.is_empty()
        };
        match self.changes.iter_mut().find(alike) {
            Some(known) => known.stages.extend(item.stages),
            None => self.changes.push(item),
        }
    }

    /// A rule decides the same in a stage; perhaps its texts changed.
    pub(super) fn same(&mut self, rule: &str, texts: bool) {
        let known = self.alike.entry(rule.to_owned()).or_default();
        *known |= texts;
    }

    /// What can let more pass first; counts it all.
    pub(super) fn sort(&mut self) {
        let rank = |item: &Item| match item.about.as_str() {
            "stage" => 0,
            "rule" => 1,
            _ => 2,
        };
        self.changes
            .sort_by_key(|item| (item.direction, rank(item), item.change));
        let counts = &mut self.counts;
        for item in &self.changes {
            let count = match item.direction {
                Direction::Loosened => &mut counts.loosened,
                Direction::Both => &mut counts.both,
                Direction::Changed => &mut counts.changed,
                Direction::Tightened => &mut counts.tightened,
                Direction::Neutral => &mut counts.neutral,
            };
            *count = count.saturating_add(1);
        }
        let changed = |rule: &String| {
            let mut all = self.changes.iter();
            all.any(|item| item.about == "rule" && item.name == *rule)
        };
        for (_, texts) in self.alike.iter().filter(|(rule, _)| !changed(rule)) {
            let count = if *texts {
                &mut counts.text_only
            } else {
                &mut counts.unchanged
            };
            *count = count.saturating_add(1);
        }
        self.same = self.changes.is_empty() && counts.text_only == 0;
    }
}

impl Direction {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loosened => "loosened",
            Self::Both => "both",
            Self::Changed => "changed",
            Self::Tightened => "tightened",
            Self::Neutral => "neutral",
        }
    }

    /// What two changes of one thing come to.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        use Direction::{Both, Changed, Loosened, Neutral, Tightened};
        match (self, other) {
            (Neutral, direction) | (direction, Neutral) => direction,
            (one, other) if one == other => one,
            (Both, _) | (_, Both) | (Loosened, Tightened) | (Tightened, Loosened) => Both,
            (Changed | Loosened | Tightened, Changed) | (Changed, Loosened | Tightened) => Changed,
            (Loosened, Loosened) | (Tightened, Tightened) => self,
        }
    }
}

impl Change {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Renamed => "renamed",
        }
    }
}

impl Detail {
    /// A part that changed.
    pub(super) fn new(
        what: &str,
        old: Option<String>,
        new: Option<String>,
        direction: Direction,
    ) -> Self {
        Self {
            what: what.to_owned(),
            old,
            new,
            direction,
            note: None,
        }
    }

    /// The same, and what it comes to.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl Item {
    /// Something that changed.
    pub(super) fn new(about: &str, name: impl Into<String>, change: Change) -> Self {
        Self {
            about: about.to_owned(),
            name: name.into(),
            was_name: None,
            stages: Vec::new(),
            change,
            direction: Direction::Neutral,
            details: Vec::new(),
            old: None,
            new: None,
        }
    }

    /// The same with what of it changed.
    pub(super) fn with(mut self, details: Vec<Detail>) -> Self {
        let direction = details.iter().map(|detail| detail.direction);
        self.direction = direction.fold(self.direction, Direction::and);
        self.details = details;
        self
    }

    /// The same, of this direction.
    pub(super) fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// The same in a stage.
    pub(super) fn stage(mut self, stage: &str) -> Self {
        self.stages.push(stage.to_owned());
        self
    }

    /// The same with its places.
    pub(super) fn at(
        mut self,
        old: Option<(&Policy, Position)>,
        new: Option<(&Policy, Position)>,
    ) -> Self {
        let place = |(policy, at): (&Policy, Position)| Place {
            file: policy.path.to_string(),
            line: at.line,
            column: at.column,
        };
        (self.old, self.new) = (old.map(place), new.map(place));
        self
    }
}
