//! Every row of the five playbooks that speaks of people, commands, dates, escalation or what follows a verdict: `rows.csv`
//! says where it is in the policies. They are right, and decide as the rows say on facts that meet them and that just miss.

mod commands;
mod complete;
mod dates;
mod follows;
mod people;
mod places;
mod scene;
mod trail;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support;
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::policy::lint::lint;
use gonogo::source::Source;

/// The playbooks, and how many of their rows are of such a class.
const PLAYBOOKS: [(&str, usize); 5] = [("S0", 28), ("S1", 37), ("S2", 125), ("S3", 88), ("S4", 39)];

/// The classes: manual attestation, approval, named owner, freshness or T minus, calendar, command evidence, escalation,
/// response time, rollback decision or mode, after a rollback, audit, bypass, conditional, prerequisite.
const CLASSES: [&str; 14] = [
    "MA", "AP", "OWN", "FR", "CAL", "CC", "ESC", "RT", "RD", "PRV", "AUD", "BY", "CHK", "PR",
];

/// A line of `rows.csv`.
struct Row {
    id: String,
    classes: Vec<String>,
    /// Where it is.
    targets: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/process_rows")
}

/// The text of a playbook's policy.
pub(crate) fn text(playbook: &str) -> String {
    support::read(&folder().join(format!("{playbook}.yaml")))
}

/// The policy of a playbook.
pub(crate) fn policy(playbook: &str) -> Policy {
    support::policy(&text(playbook), &Settings::new())
}

fn rows() -> Vec<Row> {
    let text = support::read(&folder().join("rows.csv"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,classes,where"));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split(',').collect();
    let [id, classes, targets] = cells.as_slice() else {
        panic!("{line}");
    };
    let words = |text: &str| text.split(' ').map(str::to_owned).collect();
    Row {
        id: (*id).to_owned(),
        classes: words(classes),
        targets: words(targets),
    }
}

#[test]
fn every_row_is_listed_once_and_none_is_left_out() {
    let rows = rows();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!((rows.len(), ids.len()), (317, 317));
    for (playbook, count) in PLAYBOOKS {
        let prefix = format!("{playbook}-");
        let found = ids.iter().filter(|id| id.starts_with(&prefix)).count();
        assert_eq!(found, count, "{playbook}");
    }
    for row in &rows {
        let mut classes = row.classes.iter();
        let process = classes.any(|class| CLASSES.contains(&class.as_str()));
        assert!(process, "{}: {:?}", row.id, row.classes);
        assert!(!row.targets.is_empty(), "{}", row.id);
    }
    for class in CLASSES {
        let of = |row: &&Row| row.classes.iter().any(|own| own == class);
        assert!(rows.iter().any(|row| of(&row)), "{class}");
    }
}

#[test]
fn every_row_is_where_it_is_said_to_be_and_every_citation_is_listed() {
    let rows = rows();
    for (playbook, _) in PLAYBOOKS {
        let places = places::of(&policy(playbook), &text(playbook));
        let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.id.starts_with(playbook)) {
            for target in &row.targets {
                let cited = places.get(target);
                let cited = cited.unwrap_or_else(|| panic!("{}: no {target}", row.id));
                // What stands in `record` is a bare name, which cannot cite.
                let silent = target.starts_with("record:");
                assert!(
                    silent || cited.contains(&row.id),
                    "{target} does not cite {}",
                    row.id
                );
                listed.entry(target).or_default().insert(&row.id);
            }
        }
        for (target, cited) in &places {
            let listed = listed.get(target.as_str()).cloned().unwrap_or_default();
            for id in cited {
                let there = listed.contains(id.as_str());
                assert!(there, "{target} cites {id}, and rows.csv does not say so");
            }
        }
    }
}

#[test]
fn there_is_nothing_to_say_about_the_policies() {
    for (playbook, _) in PLAYBOOKS {
        let source = Source::new(format!("{playbook}.yaml"), text(playbook));
        let (_, problems) = lint(&source, &Settings::new(), &[]);
        let told = support::told(&problems);
        assert!(problems.is_empty(), "{playbook}: {told}");
    }
}

#[test]
fn every_rule_has_a_title() {
    for (playbook, _) in PLAYBOOKS {
        for rule in policy(playbook)
            .stages
            .iter()
            .flat_map(|stage| &stage.rules)
        {
            assert!(rule.title.is_some(), "{playbook}: {}", rule.id);
        }
    }
}

/// Three rows of each class at least are judged: the tests begin each with its id.
#[test]
fn rows_of_every_class_are_judged() {
    let mut judged = BTreeSet::new();
    for file in ["commands", "dates", "follows", "people", "trail"] {
        let text = support::read(&folder().join(format!("{file}.rs")));
        let scenes = text.split("row(\"").skip(1);
        judged.extend(scenes.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
    }
    let rows = rows();
    for class in CLASSES {
        let of = |row: &&Row| row.classes.iter().any(|own| own == class);
        let count = rows
            .iter()
            .filter(of)
            .filter(|row| judged.contains(&row.id))
            .count();
        assert!(count >= 3, "{class}: {count} rows are judged");
    }
}
