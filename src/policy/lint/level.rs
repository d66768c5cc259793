//! Which lints there are, and how each is taken: by default, by the policy, by the command line. Never lints.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::policy::document::PolicyDocument;
use crate::source::Code;

/// How a lint is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is told.
    Warn,
    /// It is an error of `check`.
    Deny,
}

/// Every lint with its default level. Those allowed by default are the pedantic ones: often right, often not wanted.
pub const LINTS: [(Code, Level); 16] = [
    (Code::UnusedInput, Level::Warn),
    (Code::UnusedBaseline, Level::Warn),
    (Code::UnusedParam, Level::Warn),
    (Code::UnusedTable, Level::Warn),
    (Code::UnusedLet, Level::Warn),
    (Code::UnusedRole, Level::Allow),
    (Code::UnusedSeverity, Level::Allow),
    (Code::UnusedCalendar, Level::Warn),
    (Code::FloatEquality, Level::Warn),
    (Code::DoubtfulUnit, Level::Warn),
    (Code::IgnoredMissing, Level::Warn),
    (Code::LooserOverride, Level::Warn),
    (Code::ConstantCondition, Level::Warn),
    (Code::DuplicateCondition, Level::Warn),
    (Code::ShadowedOverride, Level::Warn),
    (Code::ShortFor, Level::Allow),
];

/// The groups: a name for several lints, and the default level that makes one of them.
const GROUPS: [(&str, Level); 2] = [("all", Level::Warn), ("pedantic", Level::Allow)];

/// How each lint is taken in the end.
pub type Levels = BTreeMap<Code, Level>;

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// The lints a name stands for: one, those of a group, or none. `all` are those that are told by default.
#[must_use]
pub fn lints(name: &str) -> Vec<Code> {
    let group = GROUPS.iter().find(|(group, _)| *group == name);
    LINTS
        .iter()
        .filter(|(code, level)| group.map_or(code.name() == name, |(_, of)| of == level))
        .map(|(code, _)| *code)
        .collect()
}

/// Every name that stands for lints, groups last.
pub fn names() -> impl Iterator<Item = &'static str> {
    LINTS
        .iter()
        .map(|(code, _)| code.name())
        .chain(GROUPS.iter().map(|(name, _)| *name))
}

/// The defaults, what the policy says over them, and what the flags say over that; of two flags the later one. In the
/// policy a lint's own name is stronger than its group's.
#[must_use]
pub fn levels(document: &PolicyDocument, flags: &[(Code, Level)]) -> Levels {
    let mut levels: Levels = LINTS.into_iter().collect();
    let (groups, single): (Vec<_>, Vec<_>) = document
        .lints
        .iter()
        .filter_map(|(name, level)| Some((name.as_str(), Level::parse(level.as_str())?)))
        .partition(|(name, _)| GROUPS.iter().any(|(group, _)| group == name));
    let written = groups
        .into_iter()
        .chain(single)
        .flat_map(|(name, level)| lints(name).into_iter().map(move |code| (code, level)));
    levels.extend(written);
    levels.extend(flags.iter().copied());
    levels
}

/// `lint` in the schema: the level of each lint by name.
pub struct LevelsShape;

impl JsonSchema for LevelsShape {
    fn schema_name() -> Cow<'static, str> {
        "lint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let levels = Level::ALL.map(Level::name);
        let level = |about: String| serde_json::json!({"type": "string", "enum": levels, "description": about});
        let lints = LINTS.iter().map(|(code, default)| {
            let about = format!("{}. Default: {}.", sentence(code.meaning()), default.name());
            (code.name().to_owned(), level(about))
        });
        let groups = GROUPS.iter().map(|(name, default)| {
            let about = format!("Every lint whose default is {}.", default.name());
            ((*name).to_owned(), level(about))
        });
        let properties: serde_json::Map<_, _> = lints.chain(groups).collect();
        json_schema!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "patternProperties": {"^x-": true},
        })
    }
}

/// A phrase with a capital, as the other descriptions of the schema begin.
fn sentence(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
