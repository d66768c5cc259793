//! The reports of coverage: for people, for scripts, and in lcov's format, which is read back.

use std::collections::BTreeMap;

use super::{Kind, Watched};
use gonogo::suite::report::coverage::{Covered, text};
use gonogo::suite::report::lcov::lcov;
use serde_json::json;

const POLICY: &str = "inputs: {a: {type: double}, ok: {type: bool}}
require:
  - {id: errors, expr: a < 5.0 && ok}
rollback:
  - {id: spike, expr: a > 9.0, for: 1m}
";

fn watched() -> Watched {
    let mut watched = Watched::new(POLICY);
    watched.see(&[(0, json!({"a": 1.0, "ok": true}))]);
    watched.see(&[(0, json!({"a": 6.0, "ok": true}))]);
    watched
}

#[test]
fn people_read_totals_and_each_thing_that_is_missing_with_its_place() {
    let coverage = watched().all();
    let mut uncovered = coverage.uncovered();
    uncovered[0].fixture = Some("- {name: x}".to_owned());
    assert_eq!(
        text(std::slice::from_ref(&coverage), &uncovered, &Kind::ALL),
        "\
coverage of seen  policy.yaml
  rules          1 of 2      50.0%
  branches       1 of 2      50.0%
  boundaries     0 of 3       0.0%
  policy.yaml:5:24  errors (default): `ok` never decides as false
    - {name: x}
  policy.yaml:5:24  errors (default): `a < 5.0` has no test at its limit
  policy.yaml:7:23  spike (default): never seen fired
  policy.yaml:7:23  spike (default): `a > 9.0` has no test at its limit
  policy.yaml:7:23  spike (default): `a > 9.0` has no test above its limit
  policy.yaml:7:23  spike (default): `for 1m` has no test that lasts shorter
  policy.yaml:7:23  spike (default): `for 1m` has no test that lasts exactly so long
  policy.yaml:7:23  spike (default): `for 1m` has no test that lasts longer
"
    );
    let rules = text(&[coverage], &uncovered, &[Kind::Rules]);
    assert_eq!(rules.lines().count(), 3, "{rules}");
}

#[test]
fn scripts_read_the_same() {
    let coverage = watched().all();
    let uncovered = coverage.uncovered();
    let covered = serde_json::to_value(Covered::of(&[coverage], uncovered)).expect("JSON");
    assert_eq!(
        covered["totals"]["rules"],
        json!({"covered": 1, "of": 2, "percent": 50.0})
    );
    assert_eq!(covered["rules"][0]["rule"], "errors");
    assert_eq!(
        covered["rules"][0]["points"][0],
        json!({"kind": "rules", "what": "errors", "covered": true,
               "sides": [{"side": "met", "seen": 1}, {"side": "not met", "seen": 1}]})
    );
    assert_eq!(
        covered["uncovered"][1],
        json!({"policy": "seen", "rule": "errors", "stages": ["default"], "kind": "boundaries", "what": "a < 5.0",
               "missing": "at", "at": {"file": "policy.yaml", "line": 5, "column": 24}})
    );
}

/// A record of a tracefile, read as lcov reads it: what stands behind a key, in order.
fn read(record: &str) -> BTreeMap<&str, Vec<Vec<&str>>> {
    let mut found: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in record.lines() {
        let (key, rest) = line.split_once(':').expect("KEY:VALUES");
        let values = rest.split(',').collect();
        found.entry(key).or_default().push(values);
    }
    found
}

#[test]
fn lcov_reads_functions_branches_and_lines_that_add_up() {
    let coverage = watched().all();
    let report = lcov(&[coverage]);
    let record = report.strip_suffix("end_of_record\n").expect("one record");
    assert!(record.starts_with("TN:\nSF:policy.yaml\n"), "{record}");
    let read = read(record);
    assert_eq!(read["FN"], [["5", "errors"], ["7", "spike"]]);
    assert_eq!(read["FNDA"], [["1", "errors"], ["0", "spike"]]);
    let number = |key: &str| -> usize { read[key][0][0].parse().expect("a number") };
    assert_eq!((number("FNF"), number("FNH")), (2, 1));
    let branches = &read["BRDA"];
    let hit = |taken: &str| taken != "-" && taken != "0";
    assert_eq!(number("BRF"), branches.len());
    assert_eq!(
        number("BRH"),
        branches.iter().filter(|branch| hit(branch[3])).count()
    );
    // errors: both ways; `a < 5.0`, `ok`; below, at, above.
    let taken: Vec<&str> = branches
        .iter()
        .filter(|branch| branch[0] == "5")
        .map(|branch| branch[3])
        .collect();
    assert_eq!(taken, ["1", "1", "1", "1", "1", "0", "1", "0", "1"]);
    assert_eq!(read["DA"], [["5", "2"], ["7", "2"]]);
    assert_eq!((number("LF"), number("LH")), (2, 2));
}

#[test]
fn what_was_never_judged_is_told_as_such() {
    let coverage = Watched::new(POLICY).all();
    let report = lcov(&[coverage]);
    let taken = report.lines().filter(|line| line.starts_with("BRDA"));
    assert!(taken.clone().count() > 0);
    taken.for_each(|line| assert!(line.ends_with(",-"), "{line}"));
    assert!(report.contains("DA:5,0\nDA:7,0\nLF:2\nLH:0\n"), "{report}");
}
