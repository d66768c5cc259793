//! The reports of `gonogo test`: formats on standard output and in files, what is covered, what would be noticed, and the
//! least of both.

use serde_json::Value as Json;

use crate::suite_cli::{GOOD, place};
use crate::support::place::{Place, Run};

const FAILING: &str = "\
gonogo: 1
policy: policy.yaml
tests:
  - name: the limit itself
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.05}}
    expect: {verdict: go}
";

fn json(run: &Run) -> Json {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.transcript))
}

fn ends(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}", run.transcript);
}

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).expect("a report")
}

#[test]
fn a_report_in_a_file_is_what_would_be_printed() {
    let place = place().with("failing.test.yaml", FAILING);
    let run = place.run(
        "test --coverage --report text=out.txt --report json=out.json --report junit=out.xml --report lcov=out.info",
    );
    ends(&run, 1);
    for (file, call) in [
        ("out.txt", "test --coverage"),
        ("out.json", "test --coverage --format json"),
        ("out.xml", "test --format junit"),
        ("out.info", "test --format lcov"),
    ] {
        let printed = place.run(call);
        ends(&printed, 1);
        assert_eq!(printed.stdout, read(&place, file), "{file}");
    }
    assert!(read(&place, "out.xml").starts_with("<?xml"));
    assert!(read(&place, "out.info").starts_with("TN:\nSF:policy.yaml\n"));
}

#[test]
fn what_is_printed_for_programs_is_alone_on_standard_output() {
    let place = place().with("failing.test.yaml", FAILING);
    let report = json(&place.run("test --format json"));
    assert_eq!(
        (&report["passed"], &report["failed"]),
        (&2.into(), &1.into())
    );
    assert_eq!(report["suites"][0]["file"], "failing.test.yaml");
    assert_eq!(report["suites"][0]["tests"][0]["status"], "failed");
    assert!(report.get("coverage").is_none() && report.get("mutants").is_none());
    let run = place.run("test --coverage=json");
    ends(&run, 1);
    assert_eq!(json(&run)["totals"]["rules"]["of"], 2);
    // Who sees no report is told all the same what failed.
    assert!(
        run.stderr.contains("the limit itself"),
        "{}",
        run.transcript
    );
    assert_eq!(place.run("test -q --coverage=json").stderr, "");
    let run = place.run("test --coverage=lcov");
    assert_eq!(run.stdout, place.run("test --format lcov").stdout);
    let run = place.run("test good.test.yaml --format json --coverage --mutate");
    ends(&run, 0);
    let report = json(&run);
    assert_eq!(report["coverage"]["totals"]["rules"]["percent"], 100.0);
    assert!(report["mutants"]["killed"].is_u64() && report["mutants"]["survived"].is_array());
}

#[test]
fn a_report_that_cannot_be_written_is_told_and_the_others_stand() {
    let place = place();
    let run = place.run("test --report json=nowhere/out.json --report junit=out.xml");
    ends(&run, 4);
    assert!(run.stdout.contains("2 passed"), "{}", run.transcript);
    assert!(
        run.stderr
            .contains("cannot be written to `nowhere/out.json`"),
        "{}",
        run.transcript
    );
    assert!(read(&place, "out.xml").starts_with("<?xml"));
}

#[test]
fn quiet_is_the_counts_alone() {
    let place = place().with("failing.test.yaml", FAILING);
    let run = place.run("test -q");
    assert_eq!(run.stdout, "2 passed · 1 failed · 0 could not run\n");
    let run = place.run("test -q good.test.yaml --mutate");
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.transcript);
}

#[test]
fn too_little_covered_is_a_finding() {
    let place = place();
    // Both rules were seen both ways; no limit was met.
    for call in [
        "test --min-coverage 100",
        "test --min-coverage rules=100% --min-coverage boundaries=0",
    ] {
        let run = place.run(call);
        ends(&run, 0);
        assert!(run.stdout.contains("2 of 2"), "{}", run.transcript);
    }
    let run = place.run("test --min-coverage boundaries=0.1 --min-coverage 100");
    ends(&run, 1);
    let told = "boundaries of `policy.yaml`: 0 of 2 are covered, 0%, less than 0.1%";
    assert!(run.stderr.contains(told), "{}", run.transcript);
    assert!(!run.stdout.contains("branches"), "{}", run.transcript);
    // Suites of one policy add up.
    let of = "gonogo: 1\npolicy: policy.yaml\ntests:\n";
    let limit = |rate: &str, verdict: &str| {
        format!(
            "  - {{name: at {rate}, given: {{at: 2025-10-16T10:05:00Z, metrics: {{error_rate: {rate}}}}}, \
             expect: {{verdict: {verdict}}}}}\n"
        )
    };
    place.write(
        "limits.test.yaml",
        format!(
            "{of}{}{}",
            limit("0.05", "rollback"),
            limit("0.01", "no-go")
        ),
    );
    let run = place.run("test --min-coverage boundaries=100");
    ends(&run, 0);
    let run = place.run("test limits.test.yaml --min-coverage boundaries=100");
    ends(&run, 1);
}

#[test]
fn what_no_test_shows_comes_with_a_test_that_does() {
    let place = place();
    let run = place.run("test --coverage");
    ends(&run, 0);
    pasted(&place, &run);
    ends(&place.run("test --min-coverage boundaries=100"), 0);
}

#[test]
fn every_survivor_is_killed_by_what_is_suggested() {
    let place = place();
    let run = place.run("test --mutate");
    ends(&run, 0);
    assert!(run.stdout.contains("survived"), "{}", run.transcript);
    let run = place.run("test --mutate --min-killed 100");
    ends(&run, 1);
    assert!(
        run.stderr.contains("are killed, less than 100%"),
        "{}",
        run.transcript
    );
    pasted(&place, &run);
    let run = place.run("test --mutate --min-killed 100");
    ends(&run, 0);
    assert!(!run.stdout.contains("survived  "), "{}", run.transcript);
}

/// Adds every suggested test to the suite.
fn pasted(place: &Place, run: &Run) {
    let lines = run.stdout.lines().map(str::trim);
    let mut suite = GOOD.to_owned();
    let mut seen = std::collections::BTreeSet::new();
    for line in lines.filter(|line| line.starts_with("- {")) {
        // One test may show several things.
        if seen.insert(line) {
            suite.push_str("  ");
            suite.push_str(line);
            suite.push('\n');
        }
    }
    assert!(!seen.is_empty(), "{}", run.transcript);
    place.write("good.test.yaml", suite);
}

#[test]
fn one_rule_can_be_changed_and_one_that_no_policy_has_cannot() {
    let place = place();
    let run = place.run("test --mutate=error-spike");
    ends(&run, 0);
    assert!(run.stdout.contains("error-spike: "), "{}", run.transcript);
    assert!(!run.stdout.contains("errors: "), "{}", run.transcript);
    let run = place.run("test --mutate=error-spik");
    ends(&run, 2);
    assert!(
        run.stderr.contains("did you mean `error-spike`?"),
        "{}",
        run.transcript
    );
    // What one of two policies has is enough.
    place.write(
        "other.yaml",
        crate::suite_cli::POLICY
            .replace("error-spike", "spike")
            .replace("canary", "other"),
    );
    place.write("other.test.yaml", GOOD.replace("policy.yaml", "other.yaml"));
    let run = place.run("test --mutate=error-spike");
    ends(&run, 0);
    assert!(!run.stdout.contains("other:"), "{}", run.transcript);
}

#[test]
fn nothing_is_changed_while_a_test_fails() {
    let place = place().with("failing.test.yaml", FAILING);
    let run = place.run("test --mutate");
    ends(&run, 1);
    let told = "no mutant is tried while a test fails: failing.test.yaml > the limit itself";
    assert!(run.stderr.contains(told), "{}", run.transcript);
}

#[test]
fn coverage_and_mutants_are_the_same_whatever_the_number_of_threads() {
    let place = place();
    for call in [
        "test --coverage",
        "test --mutate",
        "test --format json --coverage --mutate",
    ] {
        let one = place.run(&format!("{call} -j 1"));
        let many = place.run(&format!("{call} -j 7"));
        assert_eq!((one.code, &one.stdout), (many.code, &many.stdout), "{call}");
    }
}
