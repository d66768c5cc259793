//! `gonogo test --watch`: again at every change of a file that is concerned. Nothing here waits for a time to pass: lines
//! are read until the next run shows.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::suite_cli::{POLICY, place};
use crate::support::place::Place;

struct Watching {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    /// The counts of the next run.
    fn next(&mut self) -> String {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).expect("a line");
            assert!(read > 0, "it ended");
            if line.contains(" passed · ") && line.contains(" could not run") {
                return line.trim().to_owned();
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Begins to watch a folder.
fn watch(place: &Place) -> Watching {
    let mut process = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["test", "--watch", "-q"])
        .current_dir(place.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let lines = BufReader::new(process.stdout.take().expect("a pipe"));
    Watching { process, lines }
}

#[test]
fn a_change_of_a_file_of_a_policy_is_a_new_run() {
    let place = place();
    let policy = POLICY.replace("q(\"5%\")", "limits.spike").replace(
        "require:",
        "tables:\n  limits: {file: ../limits.toml, type: 'map<string, double>', unit: ratio}\nrequire:",
    );
    place.write("gates/policy.yaml", &policy);
    let suite = std::fs::read_to_string(place.path().join("good.test.yaml")).expect("a suite");
    std::fs::remove_file(place.path().join("good.test.yaml")).expect("a suite");
    place.write(
        "good.test.yaml",
        suite.replace("policy.yaml", "gates/policy.yaml"),
    );
    place.write("limits.toml", "spike = 0.05\n");
    let mut watching = watch(&place);
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
    place.write("limits.toml", "spike = 0.5\n");
    assert_eq!(watching.next(), "1 passed · 1 failed · 0 could not run");
    std::fs::remove_file(place.path().join("limits.toml")).expect("a file");
    assert_eq!(
        watching.next(),
        "0 passed · 0 failed · 0 could not run · 1 suite could not run"
    );
    place.write("limits.toml", "spike = 0.05\n");
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
}

#[test]
fn a_change_of_a_policy_a_suite_or_a_new_file_is_a_new_run() {
    let place = place();
    let mut watching = watch(&place);
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
    // The policy: 6 % is no longer a rollback.
    place.write("policy.yaml", POLICY.replace("q(\"5%\")", "q(\"50%\")"));
    assert_eq!(watching.next(), "1 passed · 1 failed · 0 could not run");
    place.write("policy.yaml", POLICY);
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
    // A suite that was not there.
    let suite = std::fs::read(place.path().join("good.test.yaml")).expect("a suite");
    place.write("new.test.yaml", &suite);
    assert_eq!(watching.next(), "4 passed · 0 failed · 0 could not run");
    // One that is gone, and the policy with it for a while.
    std::fs::remove_file(place.path().join("new.test.yaml")).expect("a file");
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
    std::fs::remove_file(place.path().join("policy.yaml")).expect("a file");
    assert_eq!(
        watching.next(),
        "0 passed · 0 failed · 0 could not run · 1 suite could not run"
    );
    place.write("policy.yaml", POLICY);
    assert_eq!(watching.next(), "2 passed · 0 failed · 0 could not run");
}
