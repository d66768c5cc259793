//! Approved explanations: compared always, written only when asked, only where a test names them, and only where nothing
//! else is wrong.

use std::fs;

use crate::suite_cli::place;
use crate::support::place::Place;

const SUITE: &str = "\
gonogo: 1
policy: ../policy.yaml
tests:
  - name: many errors
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.06}}
    expect: {verdict: rollback, approved: approved/many.txt}
";

/// Another test of the suite, of the same file or another one.
fn second(name: &str, rate: &str, expect: &str) -> String {
    format!(
        "  - name: {name}\n    given: {{at: 2025-10-16T10:05:00Z, metrics: {{error_rate: {rate}}}}}\n    \
         expect: {{{expect}}}\n"
    )
}

fn with(suite: &str) -> Place {
    place().with("tests/spike.test.yaml", suite)
}

fn text(place: &Place) -> Option<String> {
    fs::read_to_string(place.path().join("tests/approved/many.txt")).ok()
}

#[test]
fn what_is_approved_is_written_when_asked_and_compared_ever_after() {
    let place = with(SUITE);
    for call in ["test tests", "test --check tests"] {
        let run = place.run(call);
        assert_eq!(run.code, 1, "{}", run.transcript);
        assert!(run.stdout.contains("approved"), "{}", run.transcript);
        assert_eq!(text(&place), None);
    }
    let run = place.run("test --update tests");
    assert_eq!(run.code, 0, "{}", run.transcript);
    let told = "written: `tests/approved/many.txt`\n";
    assert!(run.stderr.ends_with(told), "{}", run.transcript);
    assert!(
        run.stderr.contains("+ROLLBACK  canary"),
        "{}",
        run.transcript
    );
    assert!(
        run.stdout.contains("1 passed · 0 failed"),
        "{}",
        run.transcript
    );
    let first = text(&place).expect("a file");
    assert!(first.starts_with("ROLLBACK  canary"), "{first}");
    assert!(first.contains("../policy.yaml:8:"), "{first}");
    // It is approved, from wherever the program is started.
    assert_eq!(place.run("test tests").code, 0);
    let absolute = place.path().join("tests").display().to_string();
    let run = place.call(&["test", &absolute]);
    assert_eq!(run.code, 0, "{}", run.transcript);
    let mut inside = std::process::Command::new(env!("CARGO_BIN_EXE_gonogo"));
    inside.arg("test").current_dir(place.path().join("tests"));
    assert!(inside.output().expect("a run").status.success());
    // Another policy is another explanation.
    let policy = crate::suite_cli::POLICY.replace("q(\"5%\")", "q(\"4%\")");
    place.write("policy.yaml", policy);
    let run = place.run("test tests");
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert_eq!(text(&place).as_ref(), Some(&first));
    let run = place.run("test tests --update");
    assert_eq!(run.code, 0, "{}", run.transcript);
    for line in [
        "-          error_rate >= q(\"5%\")",
        "+          error_rate >= q(\"4%\")",
    ] {
        assert!(run.stderr.contains(line), "{line}: {}", run.transcript);
    }
    assert_ne!(text(&place), Some(first));
}

#[test]
fn a_file_that_is_right_is_not_touched() {
    let place = with(SUITE);
    assert_eq!(place.run("test --update").code, 0);
    let path = place.path().join("tests/approved/many.txt");
    // The line ends of another system are no difference.
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace('\n', "\r\n")).expect("a file");
    let written = || {
        fs::metadata(&path)
            .and_then(|is| is.modified())
            .expect("a time")
    };
    let before = (written(), fs::read(&path).expect("a file"));
    let run = place.run("test --update");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, ""),
        "{}",
        run.transcript
    );
    assert_eq!((written(), fs::read(&path).expect("a file")), before);
}

#[test]
fn nothing_is_approved_where_something_else_is_wrong() {
    let place = with(&SUITE.replace("verdict: rollback", "verdict: go"));
    let run = place.run("test --update");
    assert_eq!(run.code, 1, "{}", run.transcript);
    let told = "not written: `tests/approved/many.txt`, for something else is wrong with \
                `tests/spike.test.yaml > many errors` too";
    assert!(run.stderr.contains(told), "{}", run.transcript);
    assert_eq!(text(&place), None);
    // Other tests are written all the same.
    let few = second("few errors", "0.004", "approved: few.txt");
    place.write(
        "tests/few.test.yaml",
        format!("gonogo: 1\npolicy: ../policy.yaml\ntests:\n{few}"),
    );
    let run = place.run("test --update");
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert!(place.path().join("tests/few.txt").is_file());
}

#[test]
fn one_file_cannot_say_two_things() {
    let place = with(SUITE);
    assert_eq!(place.run("test --update").code, 0);
    let first = text(&place);
    // The first test passes; what the second one wants would break it. By another name of the file, too.
    for path in ["approved/many.txt", "../tests/approved/many.txt"] {
        let few = second("few errors", "0.004", &format!("approved: {path}"));
        place.write("tests/spike.test.yaml", format!("{SUITE}{few}"));
        let run = place.run("test --update");
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(
            run.stderr.contains("do not have the same explanation"),
            "{}",
            run.transcript
        );
        assert!(run.stderr.contains("name-clash"), "{}", run.transcript);
        assert_eq!(text(&place), first);
    }
    // Two tests that say the same may share it.
    let same = second("as many errors", "0.06", "approved: approved/many.txt");
    place.write("tests/spike.test.yaml", format!("{SUITE}{same}"));
    fs::remove_file(place.path().join("tests/approved/many.txt")).expect("a file");
    let run = place.run("test --update");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(
        run.stderr.matches("written: ").count(),
        1,
        "{}",
        run.transcript
    );
    assert_eq!(text(&place), first);
}

#[test]
fn nothing_that_is_read_is_written_over() {
    for path in [
        "../policy.yaml",
        "spike.test.yaml",
        "../tests/./spike.test.yaml",
    ] {
        let suite = SUITE.replace("approved/many.txt", path);
        let place = with(&suite);
        let run = place.run("test --update");
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(
            run.stderr.contains("is read as something else"),
            "{}",
            run.transcript
        );
        let kept = fs::read_to_string(place.path().join("policy.yaml")).expect("a policy");
        assert_eq!(kept, crate::suite_cli::POLICY);
        let kept = fs::read_to_string(place.path().join("tests/spike.test.yaml")).expect("a suite");
        assert_eq!(kept, suite);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let place = with(&SUITE.replace("approved/many.txt", "spike.test.yaml/many.txt"));
    let run = place.run("test --update");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(
        run.stderr
            .contains("cannot be written to `tests/spike.test.yaml/many.txt`"),
        "{}",
        run.transcript
    );
    assert!(
        run.stdout.contains("0 passed · 1 failed"),
        "{}",
        run.transcript
    );
    // A folder where the file is to be.
    let place = with(SUITE).with("tests/approved/many.txt/inside", "");
    let run = place.run("test --update");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stderr.contains("is a folder"), "{}", run.transcript);
}
