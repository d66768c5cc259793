//! What is covered of a policy, as plain data: what reports and scripts read. Never counts a verdict.

use schemars::JsonSchema;
use serde::Serialize;

use super::key::Key;
use crate::verdict::Place;

/// What tests cover of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// The name of the policy.
    pub policy: String,
    /// Its file, as it was named.
    pub path: String,
    /// How much of it is covered.
    pub totals: Totals,
    /// Its rules, by stage, and its named expressions.
    pub parts: Vec<Part>,
}

/// A rule, what a stage asks for by itself, or a named expression.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// Its id: `error-spike`, `stage.bake`, or the name of the expression.
    pub rule: String,
    /// Whether it is a named expression.
    pub named: bool,
    /// The stages it is part of.
    pub stages: Vec<String>,
    /// Where it stands.
    pub at: Place,
    /// What can be seen of it.
    pub points: Vec<Point>,
    /// The rule whose fixtures show it.
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) about: String,
}

/// Something that has several sides, all of which must be seen.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// What it counts under.
    pub kind: Kind,
    /// The rule, the operand, the comparison or the time, as it is written.
    pub what: String,
    /// Whether all of its sides were seen.
    pub covered: bool,
    /// Its sides.
    pub sides: Vec<Side>,
}

/// One side of a point.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// Its name: `met`, `not met`; `true`, `false`; `below`, `at`, `above`; `shorter`, `exactly`, `longer`.
    pub side: String,
    /// In how many verdicts it was seen.
    pub seen: u64,
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) keys: Vec<Key>,
}

/// What a point counts under.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A rule was seen both to hold and not to.
    Rules,
    /// An operand of `&&` or `||` decided both ways.
    Branches,
    /// There was a fixture at a limit, or a length of time, and on each side of it.
    Boundaries,
}

/// How much is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Totals {
    /// Of the rules.
    pub rules: Total,
    /// Of the operands.
    pub branches: Total,
    /// Of the limits and lengths of time.
    pub boundaries: Total,
}

/// How many points of a kind are covered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Total {
    /// So many are.
    pub covered: u64,
    /// Of so many.
    pub of: u64,
    /// The share in percent with one decimal, never rounded up; of nothing all is covered.
    pub percent: f64,
}

/// A side of a point that no test shows.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Uncovered {
    /// The name of the policy.
    pub policy: String,
    /// The rule or the named expression.
    pub rule: String,
    /// The stages it is part of.
    pub stages: Vec<String>,
    /// Where it stands.
    pub at: Place,
    /// What it counts under.
    pub kind: Kind,
    /// The rule, the operand, the comparison or the time, as it is written.
    pub what: String,
    /// The side that is missing.
    pub missing: String,
    /// A test that shows it, as one line of YAML to be pasted under `tests`, where one was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixture: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) about: String,
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) keys: Vec<Key>,
}

impl Uncovered {
    /// Whether both are about one rule, or one named expression.
    #[must_use]
    pub fn about_the_same(&self, other: &Self) -> bool {
        (&self.about, &self.stages) == (&other.about, &other.stages)
    }
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Rules, Self::Branches, Self::Boundaries];

    /// The word that reports print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Branches => "branches",
            Self::Boundaries => "boundaries",
        }
    }
}

impl Totals {
    /// Of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Total {
        match kind {
            Kind::Rules => self.rules,
            Kind::Branches => self.branches,
            Kind::Boundaries => self.boundaries,
        }
    }

    /// Of all points of some parts.
    pub(super) fn count<'p, P>(parts: &P) -> Self
    where
        P: Iterator<Item = &'p Part> + Clone,
    {
        let total = |kind: Kind| {
            let points = parts.clone().flat_map(|part| &part.points);
            let (mut covered, mut of) = (0_u64, 0_u64);
            for point in points.filter(|point| point.kind == kind) {
                of = of.saturating_add(1);
                covered = covered.saturating_add(u64::from(point.covered));
            }
            Total::new(covered, of)
        };
        Self {
            rules: total(Kind::Rules),
            branches: total(Kind::Branches),
            boundaries: total(Kind::Boundaries),
        }
    }

    /// Those of several policies together.
    #[must_use]
    pub fn of_all(coverages: &[Coverage]) -> Self {
        Self::count(&coverages.iter().flat_map(|coverage| &coverage.parts))
    }
}

impl Total {
    /// So many covered of so many.
    #[must_use]
    pub fn new(covered: u64, of: u64) -> Self {
        let tenths = covered.saturating_mul(1_000).checked_div(of);
        let tenths = u32::try_from(tenths.unwrap_or(1_000)).unwrap_or(1_000);
        Self {
            covered,
            of,
            percent: f64::from(tenths) / 10.0,
        }
    }
}

impl Default for Total {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl Side {
    pub(super) fn new(side: &str, seen: u64, keys: Vec<Key>) -> Self {
        Self {
            side: side.to_owned(),
            seen,
            keys,
        }
    }
}

impl Coverage {
    /// What no test shows, in the order of the policy: a line for each side.
    #[must_use]
    pub fn uncovered(&self) -> Vec<Uncovered> {
        let mut found = Vec::new();
        for part in &self.parts {
            for point in &part.points {
                let missing = point.sides.iter().filter(|side| side.seen == 0);
                found.extend(missing.map(|side| Uncovered {
                    policy: self.policy.clone(),
                    rule: part.rule.clone(),
                    stages: part.stages.clone(),
                    at: part.at.clone(),
                    kind: point.kind,
                    what: point.what.clone(),
                    missing: side.side.clone(),
                    fixture: None,
                    about: part.about.clone(),
                    keys: side.keys.clone(),
                }));
            }
        }
        found
    }
}
