//! Every row of the five playbooks that says something over time, as a rule of one line: `rows.csv` says which. The
//! policies are right, and the rules decide as the rows say, one sample before a limit, at it, and one after.

mod s0;
mod s1;
mod s2;
mod s3;
mod s4;
pub(crate) mod scenario;
pub(crate) mod series;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support;
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::policy::lint::lint;
use gonogo::source::Source;

/// The playbooks, and how many of their rows say something over time.
const PLAYBOOKS: [(&str, usize); 5] = [("S0", 7), ("S1", 11), ("S2", 22), ("S3", 46), ("S4", 36)];

/// The kinds of such rows: sustained, consecutive window, checkpoint, trend, against a baseline, rate or count in a
/// window, band of a matrix, distribution.
const KINDS: [&str; 8] = ["SF", "CW", "CP", "TR", "BR", "RW", "MX", "DI"];

/// A line of `rows.csv`.
struct Row {
    id: String,
    kinds: Vec<String>,
    /// The ids of rules, or why there is none.
    place: String,
}

/// The text of a playbook's policy.
pub(crate) fn text(playbook: &str) -> String {
    support::read(&folder().join(format!("{playbook}.yaml")))
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows")
}

fn rows() -> Vec<Row> {
    let text = support::read(&folder().join("rows.csv"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,kinds,where"));
    lines
        .map(|line| {
            let [id, kinds, place] = line
                .splitn(3, ',')
                .collect::<Vec<_>>()
                .try_into()
                .unwrap_or_else(|_| panic!("{line}"));
            Row {
                id: id.to_owned(),
                kinds: kinds.split(' ').map(str::to_owned).collect(),
                place: place.to_owned(),
            }
        })
        .collect()
}

fn policy(playbook: &str) -> Policy {
    let source = Source::new(format!("{playbook}.yaml"), text(playbook));
    let (policy, problems) = lint(&source, &Settings::new(), &[]);
    assert!(
        problems.is_empty(),
        "{playbook}: {}",
        support::told(&problems)
    );
    policy.unwrap_or_else(|| panic!("{playbook} is wrong"))
}

/// The rows that each rule of a policy cites, by its id.
fn cited(policy: &Policy) -> BTreeMap<String, BTreeSet<String>> {
    let mut cited: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in policy.stages.iter().flat_map(|stage| &stage.rules) {
        let rows = cited.entry(rule.id.to_string()).or_default();
        rows.extend(rule.cite.iter().map(ToString::to_string));
    }
    cited
}

#[test]
fn every_row_is_listed_once_and_few_are_no_rules() {
    let rows = rows();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!((rows.len(), ids.len()), (122, 122));
    for (playbook, count) in PLAYBOOKS {
        let prefix = format!("{playbook}-");
        let found = ids.iter().filter(|id| id.starts_with(&prefix)).count();
        assert_eq!(found, count, "{playbook}");
    }
    for row in &rows {
        let known = |kind: &String| KINDS.contains(&kind.as_str());
        assert!(row.kinds.iter().all(known), "{}: {:?}", row.id, row.kinds);
    }
    let without = rows.iter().filter(|row| row.place.starts_with("context: "));
    let without: Vec<&str> = without.map(|row| row.id.as_str()).collect();
    assert_eq!(without, ["S2-108", "S3-104", "S3-193"]);
}

#[test]
fn every_row_is_a_rule_that_cites_it_and_every_rule_cites_a_row() {
    let rows = rows();
    for (playbook, _) in PLAYBOOKS {
        let cited = cited(&policy(playbook));
        let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let own = rows.iter().filter(|row| row.id.starts_with(playbook));
        for row in own.filter(|row| !row.place.starts_with("context: ")) {
            for rule in row.place.split(' ') {
                let rows = listed.entry(rule.to_owned()).or_default();
                rows.insert(row.id.clone());
            }
        }
        assert_eq!(cited, listed, "{playbook}");
    }
}

#[test]
fn every_rule_is_one_line_with_a_title() {
    for (playbook, _) in PLAYBOOKS {
        let policy = policy(playbook);
        let text = text(playbook);
        for rule in policy.stages.iter().flat_map(|stage| &stage.rules) {
            let start = format!("- {{id: {},", rule.id);
            let mut lines = text.lines().filter(|line| line.contains(&start));
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("{playbook}: {}", rule.id));
            assert!(lines.next().is_none(), "{playbook}: {} twice", rule.id);
            assert!(rule.title.is_some(), "{playbook}: {line}");
            let bare = line
                .split_once("}  ")
                .map_or(line.trim_end_matches('}'), |(rule, _)| rule);
            assert!(bare.ends_with(|c: char| c.is_ascii_digit() || c == ']'));
        }
    }
}
