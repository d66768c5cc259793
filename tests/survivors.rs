//! The suites of the shipped policies notice what is changed in them: nine mutants of ten, and each of the others stands in
//! the policy's README with the reason why it survives. Takes minutes in a debug build, so it is run with the release
//! program: `GONOGO_PROGRAM=target/release/gonogo cargo test --test all -- --ignored survivors`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support;

/// A mutant as the README lists it: rule, what was, what became of it.
type Mutant = [String; 3];

#[test]
#[ignore = "takes minutes in a debug build"]
fn nine_of_ten_are_killed_and_the_others_stand_in_the_readme_with_a_reason() {
    let mut wrong = Vec::new();
    for folder in support::folders("policies") {
        let name = folder.file_name().expect("a name").to_string_lossy();
        let mutants = mutants(&folder);
        let percent = mutants["percent"].as_f64().expect("a percentage");
        if percent < 90.0 {
            wrong.push(format!("{name}: {percent} % are killed"));
        }
        let told = mutants["survived"].as_array().expect("survivors").iter();
        let told: BTreeSet<Mutant> = told.map(survivor).collect();
        let listed = listed(&support::read(&folder.join("README.md")));
        let line = |mutant: &Mutant| mutant.join(" | ");
        let missing = told
            .difference(&listed)
            .map(|mutant| format!("{name}: not listed: {}", line(mutant)));
        let stale = listed
            .difference(&told)
            .map(|mutant| format!("{name}: no survivor: {}", line(mutant)));
        wrong.extend(missing.chain(stale));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn mutants(folder: &Path) -> Value {
    let program = std::env::var_os("GONOGO_PROGRAM");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = program.map_or_else(
        || env!("CARGO_BIN_EXE_gonogo").into(),
        |path| root.join(path),
    );
    let output = Command::new(program)
        .args(["test", "--mutate", "--no-suggestions", "--format", "json"])
        .arg(folder)
        .output()
        .expect("the program runs");
    let told: Value = serde_json::from_slice(&output.stdout).expect("a report");
    told["mutants"].clone()
}

fn survivor(mutant: &Value) -> Mutant {
    ["rule", "was", "becomes"].map(|key| mutant[key].as_str().unwrap_or_default().to_owned())
}

/// The rows of the README's table of survivors; each has a reason.
fn listed(page: &str) -> BTreeSet<Mutant> {
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| rule | was | becomes |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let rows = rows.map(|row| {
        let row = row.replace("\\|", "\u{1}");
        let cells: Vec<String> = row
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().trim_matches('`').trim().replace('\u{1}', "|"))
            .collect();
        let [rule, was, becomes, reason] = cells.try_into().expect("four columns");
        assert!(
            reason.split_whitespace().count() >= 2,
            "{rule}: {was} survives without a reason"
        );
        [rule, was, becomes]
    });
    rows.collect()
}
