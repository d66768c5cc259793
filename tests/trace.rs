//! The shipped policies stand for every row of the playbooks they were written from: each row has a target in its policy's
//! `trace.csv`, each target is there and speaks of the row, each rule stands for a row, and each word without a number is a
//! decision its owner is told of. `cargo test trace -- --nocapture` prints the count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo::policy::{After, Duty, Policy, Stage};

use crate::support;

/// The kinds of targets, in the order they are counted in.
const KINDS: [(&str, &str); 12] = [
    ("rule", "rules"),
    ("input", "inputs"),
    ("escalation", "escalation"),
    ("duty", "duties"),
    ("plan", "plans"),
    ("record", "records"),
    ("stage", "stages"),
    ("calendar", "calendars"),
    ("table", "tables"),
    ("param", "params"),
    ("role", "roles"),
    ("context", "context"),
];

/// A row of the catalogue, and whether it has a word in place of a number.
struct Row {
    id: String,
    vague: bool,
}

fn catalogue() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/catalogue.csv");
    let text = support::read(&path);
    let rows = text.lines().skip(1).map(|line| {
        let (id, vague) = line.split_once(',').expect("two columns");
        let (id, vague) = (id.to_owned(), vague == "yes");
        Row { id, vague }
    });
    rows.collect()
}

/// A policy with its trace: rows in the order written, each with its targets.
struct Traced {
    folder: PathBuf,
    policy: Policy,
    tables: BTreeSet<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Traced {
    fn name(&self) -> &str {
        &self.policy.name
    }
}

fn traced() -> Vec<Traced> {
    let folders = support::folders("policies");
    folders.into_iter().map(read).collect()
}

fn read(folder: PathBuf) -> Traced {
    let text = support::read(&folder.join("trace.csv"));
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(csv.headers().expect("names"), vec!["id", "target"]);
    let rows = csv.records().map(|row| {
        let row = row.expect("a row of the trace");
        let targets = match row[1].strip_prefix("context:") {
            Some(why) => {
                assert!(
                    why.split_whitespace().count() >= 3,
                    "{}: `context:` without a reason",
                    &row[0]
                );
                vec![row[1].to_owned()]
            }
            None => row[1].split_whitespace().map(str::to_owned).collect(),
        };
        (row[0].to_owned(), targets)
    });
    let rows = rows.collect();
    let (policy, tables) = support::shipped(&folder);
    Traced {
        folder,
        policy,
        tables,
        rows,
    }
}

#[test]
fn every_row_has_a_target() {
    let traced = traced();
    let known = catalogue();
    let known: Vec<&str> = known.iter().map(|row| row.id.as_str()).collect();
    let mut told: Vec<&str> = Vec::new();
    for one in &traced {
        let playbook = |id: &str| id.split('-').next().map(str::to_owned);
        let books: BTreeSet<_> = one.rows.iter().map(|(id, _)| playbook(id)).collect();
        assert_eq!(books.len(), 1, "{} is of one playbook", one.name());
        let before = told.len();
        told.extend(one.rows.iter().map(|(id, _)| id.as_str()));
        assert!(told[before..].is_sorted_by_key(|id| (id.len(), *id)));
    }
    told.sort_by_key(|id| known.iter().position(|known| known == id));
    assert_eq!(
        told, known,
        "the rows of the traces are not those of the catalogue"
    );
    println!("{}", count(&traced));
}

/// How many rows are of each kind, by the first target of each.
fn count(traced: &[Traced]) -> String {
    let rows = traced.iter().flat_map(|one| &one.rows);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, targets) in rows.clone() {
        let first = targets
            .first()
            .unwrap_or_else(|| panic!("{id} has no target"));
        let kind = first.split(':').next().expect("a kind");
        *counts.entry(kind).or_default() += 1;
    }
    let told = KINDS.iter().filter_map(|(kind, plural)| {
        // What gates nothing is always told: none is an answer too.
        let count = counts.get(kind).copied();
        let count = count.or((*kind == "context").then_some(0))?;
        Some(format!("{count} {plural}"))
    });
    let told: Vec<String> = told.collect();
    format!("{} rows: {}", rows.count(), told.join(", "))
}

#[test]
fn every_target_is_there_and_speaks_of_its_row() {
    let mut wrong = Vec::new();
    for one in traced() {
        for (row, targets) in &one.rows {
            for target in targets {
                if let Err(why) = holds(&one, row, target) {
                    wrong.push(format!("{}: {row} {target}: {why}", one.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn holds(one: &Traced, row: &str, target: &str) -> Result<(), String> {
    let policy = &one.policy;
    let (kind, name) = target.split_once(':').ok_or("no kind")?;
    let there = |found: bool| found.then_some(()).ok_or_else(|| "not there".to_owned());
    let named = |mut names: &mut dyn Iterator<Item = &Arc<str>>| {
        there(Iterator::any(&mut names, |known| **known == *name))
    };
    match kind {
        "context" => Ok(()),
        "rule" => {
            let (stage, id) = name.split_once('/').ok_or("write rule:STAGE/ID")?;
            let stage = policy.stage(stage).ok_or("no such stage")?;
            let rules: Vec<_> = stage.rules.iter().filter(|rule| *rule.id == *id).collect();
            there(!rules.is_empty())?;
            cites(row, rules.iter().flat_map(|rule| &rule.cite))
        }
        "input" => there(input(policy, name)),
        "escalation" => escalation(policy, row, name),
        "duty" => {
            let duty = duty(policy, name).ok_or("no such duty")?;
            cites(row, &duty.cite)
        }
        "plan" => {
            let index: usize = name.parse().map_err(|_| "write plan:NUMBER")?;
            let plan = policy.rollback_plan.get(index.wrapping_sub(1));
            cites(row, &plan.ok_or("no such row")?.cite)
        }
        "record" => named(
            &mut policy
                .stages
                .iter()
                .flat_map(|stage| stage.fields.iter().map(|(name, _)| name)),
        ),
        "stage" => there(policy.stage(name).is_some()),
        "calendar" => named(&mut policy.calendars.iter().map(|calendar| &calendar.name)),
        "table" => there(one.tables.contains(name)),
        "param" => named(&mut policy.params.keys().chain(&policy.unset)),
        "role" => named(&mut policy.roles.iter().flatten().map(|role| &role.name)),
        _ => Err("no such kind of target".to_owned()),
    }
}

fn cites<'c>(row: &str, cite: impl IntoIterator<Item = &'c Arc<str>>) -> Result<(), String> {
    let cited = cite.into_iter().any(|cited| **cited == *row);
    cited
        .then_some(())
        .ok_or_else(|| "does not cite the row".to_owned())
}

fn input(policy: &Policy, name: &str) -> bool {
    let (baseline, input) = match name.split_once('.') {
        Some((baseline, input)) => (Some(baseline), input),
        None => (None, name),
    };
    let declared = policy
        .layout
        .inputs()
        .iter()
        .any(|known| *known.name == *input);
    let baseline = baseline.is_none_or(|name| {
        let mut baselines = policy.layout.baselines().iter();
        baselines.any(|known| *known.name == *name)
    });
    declared && baseline
}

fn escalation(policy: &Policy, row: &str, name: &str) -> Result<(), String> {
    if policy
        .severities
        .iter()
        .any(|severity| *severity.id == *name)
    {
        return Ok(());
    }
    let (matrix, id) = match name.split_once('/') {
        Some((matrix, id)) => (Some(matrix), id),
        None => (None, name),
    };
    let matrices = policy.escalation.iter();
    let mut rows = matrices
        .filter(|known| known.name.as_deref() == matrix)
        .flat_map(|matrix| &matrix.rows);
    let found = rows.find(|row| *row.id == *id).ok_or("not there")?;
    cites(row, &found.cite)
}

/// `VERDICT/N`, `STAGE/VERDICT/N` or `plan/ROW/N`, counted from 1.
fn duty<'p>(policy: &'p Policy, name: &str) -> Option<&'p Duty> {
    let parts: Vec<&str> = name.split('/').collect();
    let nth = |list: &'p [Duty], n: &str| list.get(n.parse::<usize>().ok()?.checked_sub(1)?);
    let after = |after: &'p After, verdict: &str, n: &str| match verdict {
        "rollback" => nth(&after.rollback, n),
        "no-go" => nth(&after.no_go, n),
        "go" => nth(&after.go, n),
        _ => None,
    };
    match *parts {
        [verdict, n] => after(&policy.after, verdict, n),
        ["plan", row, n] => {
            let plan = policy
                .rollback_plan
                .get(row.parse::<usize>().ok()?.checked_sub(1)?)?;
            nth(&plan.duties, n)
        }
        [stage, verdict, n] => after(&policy.stage(stage)?.after, verdict, n),
        _ => None,
    }
}

#[test]
fn every_rule_stands_for_a_row_that_is_traced_to_it() {
    let mut wrong = Vec::new();
    for one in traced() {
        let targets: BTreeSet<(String, String)> = one
            .rows
            .iter()
            .flat_map(|(row, targets)| targets.iter().map(move |target| (row, target)))
            .filter_map(|(row, target)| {
                let (_, id) = target.strip_prefix("rule:")?.split_once('/')?;
                Some((row.clone(), id.to_owned()))
            })
            .collect();
        for stage in &one.policy.stages {
            wrong.extend(untraced(stage, &targets, one.name()));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn untraced(stage: &Stage, targets: &BTreeSet<(String, String)>, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for rule in &stage.rules {
        if rule.cite.is_empty() {
            wrong.push(format!("{name}: {} cites no row", rule.id));
        }
        for cited in &rule.cite {
            if !targets.contains(&(cited.to_string(), rule.id.to_string())) {
                wrong.push(format!(
                    "{name}: {} cites {cited}, which is not traced to it",
                    rule.id
                ));
            }
        }
    }
    wrong
}

#[test]
fn every_word_without_a_number_is_told_to_the_owner() {
    let vague: Vec<String> = catalogue()
        .into_iter()
        .filter(|row| row.vague)
        .map(|row| row.id)
        .collect();
    assert_eq!(vague.len(), 22);
    for one in traced() {
        let readme = support::read(&one.folder.join("README.md"));
        let words: BTreeSet<&str> = readme
            .split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-')
            .collect();
        for (row, _) in one.rows.iter().filter(|(row, _)| vague.contains(row)) {
            assert!(
                words.contains(row.as_str()),
                "{}: the README does not say what {row} means here",
                one.name()
            );
        }
    }
}
