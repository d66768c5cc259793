//! What tests cover, for people and for scripts: totals first, then each thing no test shows, in one line with its place
//! and a test that would show it, once. Never counts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::suite::coverage::{Coverage, Kind, Part, Totals, Uncovered};

/// What tests cover of one or more policies, as scripts read it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Covered {
    /// How much of all policies together.
    pub totals: Totals,
    /// Their rules, what stages ask for by themselves, and named expressions, each with what can be seen of it.
    pub rules: Vec<Part>,
    /// What no test shows.
    pub uncovered: Vec<Uncovered>,
}

impl Covered {
    /// Of these policies; what is not covered is given, for it may have fixtures by now.
    #[must_use]
    pub fn of(coverages: &[Coverage], uncovered: Vec<Uncovered>) -> Self {
        let parts = coverages.iter().flat_map(|coverage| &coverage.parts);
        Self {
            totals: Totals::of_all(coverages),
            rules: parts.cloned().collect(),
            uncovered,
        }
    }
}

/// The report for people: of each policy a table, and what no test shows of these kinds.
#[must_use]
pub fn text(coverages: &[Coverage], uncovered: &[Uncovered], kinds: &[Kind]) -> String {
    let mut out = String::new();
    for coverage in coverages {
        let _ = writeln!(out, "coverage of {}  {}", coverage.policy, coverage.path);
        for kind in kinds {
            let total = coverage.totals.of(*kind);
            let _ = writeln!(
                out,
                "  {:<10}  {:>4} of {:<4}  {:>5.1}%",
                kind.name(),
                total.covered,
                total.of,
                total.percent
            );
        }
        let missing = uncovered.iter();
        let missing =
            missing.filter(|one| one.at.file == coverage.path && one.policy == coverage.policy);
        let mut told_before = BTreeSet::new();
        for one in missing.filter(|one| kinds.contains(&one.kind)) {
            let at = &one.at;
            let _ = writeln!(
                out,
                "  {}:{}:{}  {}: {}",
                at.file,
                at.line,
                at.column,
                named(one),
                told(one)
            );
            // One test may show several things: it is written with the first.
            match &one.fixture {
                Some(fixture) if told_before.insert(fixture) => {
                    let _ = writeln!(out, "    {fixture}");
                }
                Some(_) => out.push_str("    a test above shows it\n"),
                None => {}
            }
        }
    }
    out
}

/// The rule with its stages, where it has one of its own name in others.
fn named(one: &Uncovered) -> String {
    match one.stages.as_slice() {
        [] => one.rule.clone(),
        stages => format!("{} ({})", one.rule, stages.join(", ")),
    }
}

/// What is missing, in words.
fn told(one: &Uncovered) -> String {
    let what = &one.what;
    match (one.kind, one.missing.as_str()) {
        (Kind::Rules, side) => format!("never seen {side}"),
        (Kind::Branches, side) => format!("`{what}` never decides as {side}"),
        (Kind::Boundaries, "at") => format!("`{what}` has no test at its limit"),
        (Kind::Boundaries, side @ ("below" | "above")) => {
            format!("`{what}` has no test {side} its limit")
        }
        (Kind::Boundaries, "exactly") => format!("`{what}` has no test that lasts exactly so long"),
        (Kind::Boundaries, side) => format!("`{what}` has no test that lasts {side}"),
    }
}
