//! Mutants of policies: which there are, which tests notice them, and which nobody can.

use gonogo::snapshot::Format;
use gonogo::source::Source;
use gonogo::suite::mutate::trial::grouped;
use gonogo::suite::mutate::{Fate, Mutation, Trial, Tried, Unfit, prepare};
use gonogo::suite::report::mutants;
use gonogo::suite::{Files, Suite, bind, read};

/// A suite of these tests, one line each, of a policy with these lines.
fn suite(policy: &str, tests: &str) -> Suite {
    let text = format!("gonogo: 1\npolicy: policy.yaml\ntests:\n{tests}\n");
    let source = Source::new("suite.test.yaml", text);
    let (document, problems) = read(&source, Format::Yaml);
    assert!(problems.is_empty(), "{problems:?}");
    let policy = format!("gonogo: 1\nname: small\n{policy}\n");
    let policy = Source::new("policy.yaml", policy);
    let bound = bind(&document.expect("a suite"), &policy, Files::default());
    bound.unwrap_or_else(|unbound| panic!("{unbound:?}"))
}

/// One that says nothing of the verdict that could be wrong.
const IDLE: &str =
    "- {name: idle, given: {at: 2026-01-01T00:00:00Z, metrics: {}}, expect: {verdict: no-go}}";

fn trial(suite: &Suite) -> Trial<'_> {
    prepare(&[suite], &[]).unwrap_or_else(|unfit| panic!("{unfit}"))
}

/// The lines of all mutants, without the file, those that no snapshot can tell from the policy marked.
fn lines(policy: &str) -> Vec<String> {
    let suite = suite(policy, IDLE);
    let trial = trial(&suite);
    let mutants = trial.mutants.iter();
    let mutants = mutants.filter(|mutant| trial.try_mutant(mutant) != Fate::Refused);
    mutants
        .map(|mutant| {
            let mark = if mutant.equivalent {
                " (equivalent)"
            } else {
                ""
            };
            let line = mutant.line();
            let line = line.split_once("  ").map_or("", |(_, line)| line);
            format!("{line}{mark}")
        })
        .collect()
}

#[test]
fn show() {
    for policy in [
        "inputs: {error_rate: {type: double, unit: ratio, range: [0, 1]}}\nrollback:\n  - {id: spike, expr: error_rate >= q(\"5%\"), for: 2m}\nrequire:\n  - {id: low, expr: error_rate < 0.01}",
        "inputs: {n: {type: int}, open: {type: bool}, k: {type: int, range: [0, 100]}}\nparams: {most: {type: int, default: 3}}\nrequire:\n  - {id: few, expr: n <= 5 && open}\n  - {id: other, expr: '!open || k < 101'}\n  - {id: par, expr: n < params.most}",
        "inputs: {t: {type: \"map<string, int>\"}, s: {type: string, values: [a, b, c]}}\nrequire:\n  - {id: inc, expr: 't[\"P0\"] == 0 && t[\"P1\"] == 0'}\n  - {id: s, expr: 's in [\"a\", \"b\"]'}\n  - {id: el, expr: stage.elapsed > duration(\"3m\")}\n",
    ] {
        println!("{}", lines(policy).join("\n"));
        println!("--");
    }
}
