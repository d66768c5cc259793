//! The files `gonogo test` meets: links, folders with the names of suites, bytes that are no text, paths above. One bad
//! file stops no other.

use crate::suite_cli::place;
use crate::support::place::Run;

const SUITE: &str = "\
gonogo: 1
policy: ../policy.yaml
snapshots: {few: snapshots/few.jsonl, many: 'snapshots/many-*.jsonl', folder: snapshots}
tests:
  - {name: few, given: few, expect: {verdict: go}}
  - {name: many, given: many, expect: {verdict: rollback}}
  - {name: folder, given: folder, expect: {verdict: rollback}}
";

fn passes(run: &Run, passed: usize) {
    assert_eq!(run.code, 0, "{}", run.transcript);
    let line = format!("{passed} passed · 0 failed · 0 could not run");
    assert!(run.stdout.contains(&line), "{}", run.transcript);
}

fn sample(at: &str, rate: f64) -> String {
    format!("{{\"at\": \"2025-10-16T{at}:00Z\", \"metrics\": {{\"error_rate\": {rate}}}}}\n")
}

fn tree() -> crate::support::place::Place {
    place()
        .with("tests/deep.test.yaml", SUITE)
        .with("tests/snapshots/few.jsonl", sample("10:00", 0.004))
        .with("tests/snapshots/many-1.jsonl", sample("10:01", 0.004))
        .with("tests/snapshots/many-2.jsonl", sample("10:02", 0.06))
}

#[test]
fn paths_in_a_suite_are_from_its_folder_wherever_one_stands() {
    let tree = tree();
    passes(&tree.run("test tests"), 3);
    passes(&tree.run("test tests/deep.test.yaml"), 3);
    let absolute = tree.path().join("tests").display().to_string();
    passes(&tree.call(&["test", &absolute]), 3);
    tree.write("elsewhere/notes.txt", "");
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_gonogo"));
    program
        .args(["test", "../tests/deep.test.yaml"])
        .current_dir(tree.path().join("elsewhere"));
    assert!(program.output().expect("a run").status.success());
}

#[test]
fn names_are_told_as_the_user_gave_them_and_paths_without_detours() {
    let tree = tree();
    tree.write(
        "policy.yaml",
        "gonogo: 1\nname: canary\nrequire: []\nno: 1\n",
    );
    let run = tree.run("test tests");
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("[policy.yaml:4:1]"),
        "{}",
        run.transcript
    );
    let absolute = tree.path().join("tests").display().to_string();
    let run = tree.call(&["test", &absolute]);
    let policy = tree.path().join("policy.yaml").display().to_string();
    assert!(run.stderr.contains(&policy), "{}", run.transcript);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_suite_is_followed_and_one_to_a_folder_is_not() {
    use std::os::unix::fs::symlink;
    let tree = tree();
    let at = |name: &str| tree.path().join(name);
    // A loop of folders, a second name of a suite, a folder that is called as a suite is.
    symlink(at("tests"), at("tests/loop")).expect("a link");
    symlink(at("tests"), at("tests/again.test.yaml")).expect("a link");
    passes(&tree.run("test tests"), 3);
    symlink(at("tests/deep.test.yaml"), at("tests/same.test.yaml")).expect("a link");
    passes(&tree.run("test tests"), 3);
    // Suites behind a linked folder find their policy from where they lie.
    std::fs::create_dir(at("far")).expect("a folder");
    symlink(at("tests"), at("far/tests")).expect("a link");
    passes(&tree.run("test far/tests"), 3);
    // A link to itself is a suite that cannot be read, and the others run.
    symlink(at("tests/self.test.yaml"), at("tests/self.test.yaml")).expect("a link");
    let run = tree.run("test tests");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stdout.contains("3 passed"), "{}", run.transcript);
    assert!(run.stderr.contains("self.test.yaml"), "{}", run.transcript);
}

#[test]
fn a_folder_that_is_called_as_a_suite_is_is_searched() {
    let tree = tree();
    tree.write("odd.test.yaml/notes.txt", "");
    passes(&tree.run("test tests"), 3);
    let run = tree.run("test odd.test.yaml");
    assert_eq!(run.code, 5, "{}", run.transcript);
}

#[test]
fn what_is_no_text_or_no_suite_stops_no_other() {
    let tree = tree();
    tree.write("tests/bytes.test.yaml", b"gonogo: 1\npolicy: \xff\xfe\n");
    tree.write("tests/empty.test.yaml", "");
    tree.write("tests/list.test.yaml", "- 1\n");
    tree.write("tests/broken.test.yaml", "gonogo: [1\n");
    let run = tree.run("test tests");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stdout.contains("3 passed"), "{}", run.transcript);
    for name in ["bytes", "empty", "list", "broken"] {
        let file = format!("{name}.test.yaml");
        assert!(run.stderr.contains(&file), "{file}: {}", run.transcript);
    }
    assert!(run.stderr.contains("not-utf8"), "{}", run.transcript);
}

#[test]
fn a_file_that_a_suite_names_and_nobody_finds_is_told_where_it_is_named() {
    let tree = tree();
    tree.write(
        "tests/deep.test.yaml",
        SUITE.replace("few.jsonl", "fewer.jsonl"),
    );
    let run = tree.run("test tests");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(
        run.stderr
            .contains("there is no file `tests/snapshots/fewer.jsonl`"),
        "{}",
        run.transcript
    );
    assert!(
        run.stderr.contains("tests/deep.test.yaml:3:"),
        "{}",
        run.transcript
    );
}

#[test]
fn nothing_is_written_without_being_asked() {
    let tree = tree();
    let before = listing(tree.path());
    for call in [
        "test",
        "test --check",
        "test --list",
        "test -q",
        "test --coverage",
    ] {
        tree.run(call);
    }
    assert_eq!(listing(tree.path()), before);
}

/// Every file with its bytes.
fn listing(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(listing(&path));
        } else {
            found.push((
                path.display().to_string(),
                std::fs::read(&path).expect("a file"),
            ));
        }
    }
    found.sort();
    found
}
