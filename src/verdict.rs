//! What was decided: the verdict with every finding, as plain data in the shape of the record. Never decides.

pub mod differ;
pub mod exit;
pub mod log;
pub mod proof;
pub mod read;
mod reasons;
pub mod record;
pub mod statement;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::expr::duration::{format_duration, parse_duration};
pub use exit::ExitCode;
pub use proof::{Given, Lack, Proof, ProofKind};
pub use reasons::{Change, Compared, Contents, Gap, Hole, Margin, Operand, Part};
pub use record::{Engine, Escalation, Step, StepKind, ToGo, Verdict};

/// The three answers, worst last, so that the greatest of many wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The stage may be left for the next.
    Go,
    /// Stay: something is wrong, or not known yet.
    NoGo,
    /// Go back.
    Rollback,
}

/// Why it is not a go, worst first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A hard stop fired, or a requirement whose failure is one is unmet.
    Fired,
    /// A requirement is not met.
    Unmet,
    /// A soft stop fired: a person decides.
    Held,
    /// No requirement applies: nothing was promised.
    Empty,
    /// Something that counts could not be judged.
    Unknown,
    /// A requirement is not met yet: it has not held long enough, or something is not given.
    Pending,
    /// A calendar is closed.
    Closed,
}

/// What a rule does when it speaks up.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Must hold, or no-go.
    Require,
    /// Soft stop: no-go where it fires.
    Hold,
    /// Hard stop: rollback where it fires.
    Rollback,
}

/// What became of a rule.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// A requirement that holds.
    Met,
    /// A requirement that does not.
    Unmet,
    /// A stop that fired.
    Fired,
    /// A stop that did not.
    Clear,
    /// Nobody can tell.
    Unknown,
    /// Not yet: not true for long enough, not given, not due, or closed.
    Pending,
    /// Does not apply: its `when` is false.
    Skipped,
    /// Set aside by a waiver.
    Waived,
}

/// What became of one rule, or of one item of a rule that speaks for each.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the shape of the record, which scripts read"
)]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Finding {
    /// The id of the rule; `stage.bake`, `stage.needs`, `stage.traffic` and `record.FIELD` are built in.
    pub rule: String,
    /// The item of a `for_each`.
    pub key: Option<String>,
    /// What the rule is about, for people.
    pub title: Option<String>,
    /// The heading it stands under.
    pub group: Option<String>,
    /// Which list it stands in.
    pub effect: Effect,
    /// What became of it.
    pub status: Status,
    /// Whether this finding by itself forces the verdict.
    pub decisive: bool,
    /// Whether it stands against a go, decisive or not.
    pub counts: bool,
    /// Judged and reported, but never counted.
    pub watch: bool,
    /// A hard stop that stays fired until the stage is entered anew.
    pub latched: bool,
    /// The condition as written.
    pub expr: Option<String>,
    /// What must be true for it to apply, as written; that of its group comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What proves it, where that is no condition.
    pub proof: Option<Proof>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// Whether that has passed without its being met, or before it was.
    pub late: bool,
    /// What sets it aside.
    pub waiver: Option<Waived>,
    /// Why it does not apply: the `when` that is false, with its values.
    pub skipped: Option<String>,
    /// How long it must hold, as written.
    #[serde(rename = "for")]
    pub hold: Option<String>,
    /// How long the bake time is, where it must hold for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bake: Option<String>,
    /// Where the condition stands in the policy.
    pub at: Option<Region>,
    /// The operands that decided, with their values.
    pub values: Vec<Operand>,
    /// What every part of the condition was worth, in the order of its text; of a finding that counts.
    pub trace: Vec<Part>,
    /// What the windows of the condition looked back at.
    pub windows: Vec<Contents>,
    /// What was unknown, even where the result did not need it.
    pub unknown: Vec<Gap>,
    /// Inputs whose declared default stood in.
    pub assumed: Vec<String>,
    /// How far the deciding value is from its limit.
    pub margin: Option<Margin>,
    /// What decided where that is no comparison of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// How many other items of the same list or map decided as the one did that is told.
    #[serde(default, skip_serializing_if = "is_none")]
    pub others: u64,
    /// Since when the condition has the value it has; of a latched stop, when the newest run began in which it fired.
    pub since: Option<Timestamp>,
    /// How long that is; of a latched stop, how long that run lasted, or has lasted by now.
    #[serde(serialize_with = "duration", deserialize_with = "read_duration")]
    #[schemars(with = "Option<String>")]
    pub held: Option<SignedDuration>,
    /// How long the condition has been true of a requirement that is late for that not being long enough.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "duration",
        deserialize_with = "read_duration"
    )]
    #[schemars(with = "Option<String>")]
    pub kept: Option<SignedDuration>,
    /// When a stop fired first; of a latched one it may have been in a run before the one that is told.
    pub fired_at: Option<Timestamp>,
    /// When the newest run was over in which a latched stop fired: since then its condition was not, or is not, known to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Since when a latched stop is clear, where it is clear now; it stays fired until the stage is entered anew.
    pub cleared_at: Option<Timestamp>,
    /// Since when the condition of a latched stop is so again, where that is not yet long enough to fire once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_since: Option<Timestamp>,
    /// The earliest instant at which a pending rule can be met, if nothing changes.
    pub met_at: Option<Timestamp>,
    /// The instants after the entry at which it is judged, as written.
    pub checkpoints: Option<String>,
    /// The checkpoint that decides.
    pub checkpoint: Option<Checkpoint>,
    /// The rule's message, filled in.
    pub message: Option<String>,
    /// What would flip the rule: each of these by itself, with what must change along with it; each tried.
    pub to_change: Vec<Change>,
    /// The severity.
    pub severity: Option<String>,
    /// What to do where it fires or is unmet.
    pub action: Option<String>,
    /// Where the instructions are.
    pub runbook: Option<String>,
    /// The rows of the playbook it stands for.
    pub cite: Vec<String>,
    /// The controls it is evidence for.
    pub controls: Vec<String>,
}

/// The waiver that sets a finding aside.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Waived {
    /// What it would be without.
    pub instead_of: Status,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who allowed it.
    pub approved_by: String,
    /// From when on it does not count any more.
    pub expires: Timestamp,
}

/// A checkpoint that decides what became of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Checkpoint {
    /// When it was, or is, due; none where all of them are met.
    pub due: Option<Timestamp>,
    /// The sample it was judged at; none: there was, or is, no sample yet.
    pub judged: Option<Timestamp>,
    /// How many checkpoints were met.
    pub met: u64,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Place {
    /// The file as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Region {
    /// The file as it was named.
    pub file: String,
    /// The line it begins in, from 1.
    pub line: u32,
    /// The column of its first character, from 1.
    pub column: u32,
    /// The line of its last character.
    pub end_line: u32,
    /// The column behind its last character.
    pub end_column: u32,
}

impl Decision {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::NoGo => "no-go",
            Self::Rollback => "rollback",
        }
    }
}

impl Cause {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Unmet => "unmet",
            Self::Held => "held",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Closed => "closed",
        }
    }
}

impl Effect {
    /// The key of the policy that lists such rules.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Hold => "hold",
            Self::Rollback => "rollback",
        }
    }
}

impl Status {
    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Fired => "fired",
            Self::Clear => "clear",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Skipped => "skipped",
            Self::Waived => "waived",
        }
    }
}

impl Finding {
    /// The id, with the item where there is one: `error-rate[csv]`.
    #[must_use]
    pub fn name(&self) -> String {
        self.key
            .as_ref()
            .map_or_else(|| self.rule.clone(), |key| format!("{}[{key}]", self.rule))
    }

    /// How long it must hold, as a length of time.
    #[must_use]
    pub fn hold_time(&self) -> Option<&str> {
        self.bake.as_deref().or(self.hold.as_deref())
    }

    /// Whether it asks for a rollback: a hard stop that fired, or a requirement whose failure is one.
    #[must_use]
    pub fn asks_back(&self) -> bool {
        !self.watch
            && match self.status {
                Status::Fired => self.effect == Effect::Rollback,
                // Of a requirement only one with `on_unmet: rollback` is told to have fired.
                Status::Unmet => self.fired_at.is_some(),
                _ => false,
            }
    }

    /// The status it is counted and listed by: what is unmet and asks for a rollback is among the fired.
    #[must_use]
    pub fn listed(&self) -> Status {
        if self.asks_back() {
            Status::Fired
        } else {
            self.status
        }
    }

    /// Its status in words; of one that is listed by another both.
    #[must_use]
    pub fn told(&self) -> String {
        let (own, listed) = (self.status.name(), self.listed().name());
        if own == listed {
            own.to_owned()
        } else {
            format!("{own} ({listed})")
        }
    }

    /// Whether it is a stop that stays fired although what made it fire is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.latched && (self.ended_at.is_some() || self.cleared_at.is_some())
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_none(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn duration<S: Serializer>(
    value: &Option<SignedDuration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.serialize_some(&format_duration(*value)),
        None => serializer.serialize_none(),
    }
}

fn read_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let wrong = || serde::de::Error::custom(format!("`{text}` is no length of time"));
    parse_duration(&text).map(Some).map_err(|_| wrong())
}
