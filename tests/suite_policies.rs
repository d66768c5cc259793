//! The policies that ship pass their own suites, through the library as the program runs them and through the program.

use std::path::Path;
use std::process::Command;

use crate::support;

#[test]
fn every_shipped_policy_has_a_suite_that_it_passes_and_that_covers_it() {
    for folder in support::folders("policies") {
        let suites: Vec<_> = std::fs::read_dir(folder.join("tests"))
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.to_string_lossy().ends_with(".test.yaml"))
            .collect();
        assert!(!suites.is_empty(), "{} has no suite", folder.display());
    }
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["test", "policies", "--no-suggestions"])
        .args(["--min-coverage", "100", "--min-coverage", "boundaries=95"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the binary runs");
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        (output.status.code(), told(&output.stderr)),
        (Some(0), String::new()),
        "{}",
        told(&output.stdout)
    );
}
