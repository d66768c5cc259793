//! The walk-through of each shipped policy works line by line: every command of its README is run by a shell, one block after
//! another in one scratch copy of the policies, and prints what the README shows.

use std::path::Path;

use crate::support;
use crate::support::console::{run, steps};

/// A line of the README that stands for any number of lines.
const REST: &str = "…";

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
