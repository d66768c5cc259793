//! Tables by the program: every command reads the files of a policy, and a bad one is a clear error, never a verdict.

use std::process::Command;

use crate::support::place::{Place, Run};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
tables:
  limits: {file: limits.toml, type: 'map<string, {most: double}>', unit: ratio, range: [0, 1]}
require:
  - {id: errors, expr: 'error_rate < limits[\"canary\"].most'}
";
const LIMITS: &str = "[canary]\nmost = 0.01\n";
const SUITE: &str = "\
gonogo: 1
policy: policy.yaml
tests:
  - name: below, at and above
    given: [{at: 2026-03-02T10:00:00Z, metrics: {error_rate: 0.009}}]
    matrix: [{rate: 0.009, verdict: go}, {rate: 0.01, verdict: no-go}, {rate: 0.011, verdict: no-go}]
    patch: {metrics: {error_rate: '${rate}'}}
    expect: {verdict: '${verdict}'}
";

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("limits.toml", LIMITS)
        .with(
            "now.json",
            r#"{"at": "2026-03-02T10:00:00Z", "metrics": {"error_rate": 0.0095}}"#,
        )
}

fn eval(place: &Place) -> Run {
    place.run("eval -p policy.yaml -s now.json --now latest")
}

/// A policy that judges nothing: exit code 3, a diagnostic, no verdict.
fn refused(place: &Place, code: &str, says: &str) {
    let run = eval(place);
    assert_eq!(run.code, 3, "{}", run.transcript);
    assert_eq!(run.stdout, "", "{}", run.transcript);
    for part in [code, says, "named here"] {
        assert!(run.stderr.contains(part), "{part}\n{}", run.transcript);
    }
    let run = place.run("check policy.yaml");
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert!(run.stdout.contains(code), "{}", run.transcript);
}

#[test]
fn a_table_is_read_from_the_folder_of_the_policy_wherever_one_stands() {
    let place = Place::empty()
        .with(
            "gates/policy.yaml",
            POLICY.replace("limits.toml", "../shared/limits.toml"),
        )
        .with("shared/limits.toml", LIMITS)
        .with(
            "now.json",
            r#"{"at": "2026-03-02T10:00:00Z", "metrics": {"error_rate": 0.02}}"#,
        );
    for policy in ["gates", "gates/policy.yaml", "./gates/../gates"] {
        let run = place.run(&format!("eval -p {policy} -s now.json --now latest"));
        assert_eq!(run.code, 10, "{}", run.transcript);
        assert!(
            run.stdout.contains("error_rate = 2% ≥ 1%"),
            "{}",
            run.transcript
        );
    }
    place.write("shared/limits.toml", "[canary]\nmost = 2\n");
    let run = place.run("eval -p gates -s now.json --now latest");
    assert!(
        run.stderr.contains("[shared/limits.toml:2:8]"),
        "{}",
        run.transcript
    );
}

#[test]
fn bad_files_are_clear_errors_and_never_a_verdict() {
    let bad: [(&[u8], &str, &str); 9] = [
        (
            b"[canary]\nmost = '1%'\n",
            "bad-table",
            "is a text, not a number",
        ),
        (b"[canary]\nmots = 0.01\n", "bad-table", "has no `most`"),
        (
            b"[canary]\nmost = 0.01\nmost = 1\n",
            "duplicate-key",
            "`most` is given twice",
        ),
        (b"[canary\nmost = 0.01\n", "toml-syntax", "unclosed table"),
        (
            b"[canary]\nmost = nan\n",
            "bad-table",
            "is not a finite number",
        ),
        (
            b"[canary]\nmost = -inf\n",
            "bad-table",
            "is not a finite number",
        ),
        (b"[canary]\nmost = 2\n", "bad-table", "outside 0 to 1"),
        (b"", "empty", "`limits.toml` has nothing in it"),
        (
            b"[canary]\nmost = 0.01 # \xff\n",
            "not-utf8",
            "is not UTF-8 text",
        ),
    ];
    for (bytes, code, says) in bad {
        refused(&place().with("limits.toml", bytes), code, says);
    }
    let many = format!("many = [{}]\n{LIMITS}", "1,".repeat(400_000));
    refused(
        &place().with("limits.toml", many),
        "too-large",
        "more than 400000 values",
    );
}

#[test]
fn a_file_of_more_than_64_mib_is_not_read() {
    let place = place();
    let file = std::fs::File::create(place.path().join("limits.toml")).expect("a file");
    file.set_len((64 << 20) + 1).expect("a length");
    refused(&place, "too-large", "have more than 67108864 bytes");
}

#[test]
fn what_is_no_file_is_an_error() {
    let place = place();
    std::fs::remove_file(place.path().join("limits.toml")).expect("a file");
    refused(&place, "unreadable", "there is no file `limits.toml`");
    place.write("limits.toml/other.toml", LIMITS);
    refused(&place, "unreadable", "`limits.toml` is a folder");
    place.write(
        "policy.yaml",
        POLICY.replace("limits.toml", "now.json/limits.toml"),
    );
    refused(&place, "unreadable", "now.json/limits.toml");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_not_read() {
    let place = place();
    std::fs::remove_file(place.path().join("limits.toml")).expect("a file");
    let made = Command::new("mkfifo")
        .arg(place.path().join("limits.toml"))
        .status();
    assert!(made.expect("mkfifo").success());
    refused(&place, "unreadable", "is no file on a disk");
    std::fs::remove_file(place.path().join("limits.toml")).expect("a pipe");
    std::os::unix::fs::symlink("/dev/zero", place.path().join("limits.toml")).expect("a link");
    refused(&place, "unreadable", "is no file on a disk");
}

#[test]
fn a_path_of_one_machine_is_refused_and_not_read() {
    let place = place();
    let absolute = place.path().join("limits.toml").display().to_string();
    place.write("policy.yaml", POLICY.replace("limits.toml", &absolute));
    let run = eval(&place);
    assert_eq!(run.code, 3, "{}", run.transcript);
    assert!(
        run.stderr.contains("is the path of one machine alone"),
        "{}",
        run.transcript
    );
    // Out of every folder there is nothing.
    let above = "../".repeat(64) + "no-such-folder/limits.toml";
    place.write("policy.yaml", POLICY.replace("limits.toml", &above));
    refused(&place, "unreadable", "there is no file");
    // Another file of the machine is no table, and its lines are no verdict.
    let above = "../".repeat(64) + "etc/hostname";
    place.write("policy.yaml", POLICY.replace("limits.toml", &above));
    let run = eval(&place);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (3, ""),
        "{}",
        run.transcript
    );
}

#[test]
fn suites_coverage_and_mutation_take_the_table_as_it_is() {
    let place = place().with("canary.test.yaml", SUITE);
    let run = place.run("test --coverage --mutate --min-killed 100");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert!(
        run.stdout.contains("boundaries     1 of 1     100.0%"),
        "{}",
        run.transcript
    );
    assert!(run.stdout.contains("0 survived"), "{}", run.transcript);
    place.write("limits.toml", "[canary]\nmost = 0.02\n");
    let run = place.run("test");
    assert_eq!(run.code, 1, "{}", run.transcript);
    place.write("limits.toml", "[canary]\nmost = \n");
    let run = place.run("test");
    assert_eq!(run.code, 3, "{}", run.transcript);
    assert!(run.stderr.contains("toml-syntax"), "{}", run.transcript);
}

#[test]
fn policies_of_one_text_and_other_files_are_not_one_policy() {
    let place = Place::empty();
    for (folder, most) in [("eu", "0.01"), ("us", "0.02")] {
        place.write(&format!("{folder}/policy.yaml"), POLICY);
        place.write(
            &format!("{folder}/limits.toml"),
            format!("[canary]\nmost = {most}\n"),
        );
        let at = |rate: &str| {
            rate.replace("0.01", most)
                .replace("0.009", "0.0099")
                .replace("0.011", "0.021")
        };
        let suite = SUITE
            .replace("matrix: [{rate: 0.009, verdict: go}, {rate: 0.01, verdict: no-go}, {rate: 0.011, verdict: no-go}]",
                &format!("matrix: [{{rate: {}, verdict: go}}, {{rate: {most}, verdict: no-go}}]", at("0.009")));
        place.write(&format!("{folder}/canary.test.yaml"), suite);
    }
    let run = place.run("test --mutate");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(
        run.stdout.matches(" mutants killed").count(),
        2,
        "{}",
        run.transcript
    );
}

#[test]
fn every_command_that_reads_a_policy_reads_its_files() {
    let place = place();
    for arguments in [
        "check policy.yaml",
        "check -p policy.yaml -s now.json",
        "schema snapshot -p policy.yaml",
        "eval -p . -s now.json --now latest --cross-check",
        "checklist -p policy.yaml -s now.json --now latest",
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, 0, "{}", run.transcript);
    }
    place.write("limits.toml", "");
    for arguments in [
        "check -p policy.yaml -s now.json",
        "schema snapshot -p policy.yaml",
        "checklist -p policy.yaml -s now.json --now latest",
        "attest -p policy.yaml --rule errors --by ada --to -",
        "evidence -p policy.yaml --id unit-tests --commit 0f1e2d3 --to - -- true",
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, 3, "{}", run.transcript);
        assert!(
            run.stderr.contains("`limits.toml` has nothing in it"),
            "{}",
            run.transcript
        );
    }
}
