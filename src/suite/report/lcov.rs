//! What tests cover in lcov's format (`geninfo`'s manual): a rule is a function, hit where it was seen both to hold and not
//! to; each side of a rule, operand, limit and time is a branch. Never rounds: counts are verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::suite::coverage::{Coverage, Kind, Part, Point};

/// The tracefile: a record for each policy.
#[must_use]
pub fn lcov(coverages: &[Coverage]) -> String {
    let mut out = String::new();
    for coverage in coverages {
        let _ = writeln!(out, "TN:");
        let _ = writeln!(out, "SF:{}", line(&coverage.path));
        functions(&mut out, coverage);
        branches(&mut out, coverage);
        lines(&mut out, coverage);
        out.push_str("end_of_record\n");
    }
    out
}

fn functions(out: &mut String, coverage: &Coverage) {
    let rules = |point: &&Point| point.kind == Kind::Rules;
    let mut found: Vec<(String, u32, u64)> = Vec::new();
    let mut taken = BTreeSet::new();
    for part in &coverage.parts {
        let Some(point) = part.points.iter().find(rules) else {
            continue;
        };
        let seen = point.sides.iter().map(|side| side.seen).min().unwrap_or(0);
        // No two functions of a file may have one name.
        let mut name = part.rule.clone();
        if !taken.insert(name.clone()) {
            name = format!("{}@{}", part.rule, part.stages.join("+"));
            taken.insert(name.clone());
        }
        found.push((name, part.at.line, seen));
    }
    for (name, at, _) in &found {
        let _ = writeln!(out, "FN:{at},{}", line(name));
    }
    for (name, _, seen) in &found {
        let _ = writeln!(out, "FNDA:{seen},{}", line(name));
    }
    let hit = found.iter().filter(|(.., seen)| *seen > 0).count();
    let _ = writeln!(out, "FNF:{}\nFNH:{hit}", found.len());
}

fn branches(out: &mut String, coverage: &Coverage) {
    let mut blocks: BTreeMap<u32, Vec<(&Part, &Point)>> = BTreeMap::new();
    for part in &coverage.parts {
        let points = part.points.iter().map(|point| (part, point));
        blocks.entry(part.at.line).or_default().extend(points);
    }
    let (mut found, mut hit) = (0_u64, 0_u64);
    for (at, points) in &blocks {
        for (block, (part, point)) in points.iter().enumerate() {
            let ran = judged(part) > 0;
            for (branch, side) in point.sides.iter().enumerate() {
                found = found.saturating_add(1);
                hit = hit.saturating_add(u64::from(side.seen > 0));
                let seen = if ran {
                    side.seen.to_string()
                } else {
                    "-".to_owned()
                };
                let _ = writeln!(out, "BRDA:{at},{block},{branch},{seen}");
            }
        }
    }
    let _ = writeln!(out, "BRF:{found}\nBRH:{hit}");
}

fn lines(out: &mut String, coverage: &Coverage) {
    let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
    for part in &coverage.parts {
        let line = lines.entry(part.at.line).or_default();
        *line = (*line).max(judged(part));
    }
    for (at, seen) in &lines {
        let _ = writeln!(out, "DA:{at},{seen}");
    }
    let hit = lines.values().filter(|seen| **seen > 0).count();
    let _ = writeln!(out, "LF:{}\nLH:{hit}", lines.len());
}

/// In how many verdicts a part was judged, as far as its points tell.
fn judged(part: &Part) -> u64 {
    let point = |point: &Point| {
        let sides = point.sides.iter().map(|side| side.seen);
        sides.fold(0_u64, u64::saturating_add)
    };
    part.points.iter().map(point).max().unwrap_or(0)
}

/// A text in one line.
fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
