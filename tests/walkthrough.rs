//! The walk-through of each shipped policy works line by line: every command of its README is run by a shell, one block after
//! another in one scratch copy of the policies, and prints what the README shows.

use std::path::Path;
use std::process::Command;

use crate::support;

/// A line of the README that stands for any number of lines.
const REST: &str = "…";

/// A command, and the lines below it.
struct Step<'t> {
    command: &'t str,
    printed: Vec<&'t str>,
}

fn steps(text: &str) -> Vec<Step<'_>> {
    let blocks = text.split("```").skip(1).step_by(2);
    let mut steps: Vec<Step<'_>> = Vec::new();
    for block in blocks.filter_map(|block| block.strip_prefix("console\n")) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step {
                    command,
                    printed: Vec::new(),
                }),
                (None, Some(step)) => step.printed.push(line.trim_end()),
                (None, None) => panic!("`{line}` stands before any command"),
            }
        }
    }
    steps
}

/// Whether lines are what is shown, where [`REST`] is any number of them.
fn shows(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&REST, rest)) => (0..=printed.len()).any(|skip| shows(rest, &printed[skip..])),
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| first == line && shows(rest, others)),
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// What a command prints on both its outputs, and its exit code.
fn run(command: &str, root: &Path) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_gonogo"));
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let before = program.parent().expect("a folder").to_owned();
    let path = std::env::join_paths(std::iter::once(before).chain(std::env::split_paths(&folders)));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(root)
        .env("PATH", path.expect("a path"))
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .expect("a shell runs");
    let printed = String::from_utf8(output.stdout).expect("text");
    (printed, output.status.code().expect("an exit code"))
}

#[test]
fn every_command_of_a_policy_s_page_prints_what_it_says() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for folder in support::folders("policies") {
        let scratch = tempfile::tempdir().expect("a folder");
        copy(&policies, &scratch.path().join("policies"));
        let page = support::read(&folder.join("README.md"));
        let steps = steps(&page);
        assert!(steps.len() >= 3, "{} has no walk-through", folder.display());
        let mut last = 0;
        for step in steps {
            let told = format!("{}: $ {}", folder.display(), step.command);
            if step.command == "echo $?" {
                assert_eq!(step.printed, [last.to_string()], "{told}");
                continue;
            }
            let (printed, code) = run(step.command, scratch.path());
            last = code;
            let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
            if step.printed.is_empty() {
                assert!([0, 10, 11, 20].contains(&code), "{told}: {code}\n{printed}");
            } else {
                assert!(
                    shows(&step.printed, &lines),
                    "{told}\nprints\n{printed}\nand not\n{}",
                    step.printed.join("\n")
                );
            }
        }
    }
}

#[test]
fn a_rest_is_any_number_of_lines() {
    assert!(shows(&["a", REST, "d"], &["a", "b", "c", "d"]));
    assert!(shows(&["a", REST, "d"], &["a", "d"]));
    assert!(shows(&[REST], &[]));
    assert!(!shows(&["a", REST, "d"], &["a", "b"]));
    assert!(!shows(&["a"], &["a", "b"]));
    assert!(!shows(&[], &["a"]));
}
