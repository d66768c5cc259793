//! The scenarios in `docs/examples/` work line by line: the files of a page are written, its commands run by a shell in order,
//! and each prints exactly what the page shows. With `GONOGO_BLESS` the pages are rewritten, to be read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support;
use crate::support::console::{Step, run, steps};

/// How many of the first lines must tell all that matters.
const FIRST: usize = 5;

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 10, "{} scenarios", pages.len());
    pages
}

/// Writes what stands in blocks with the name of a file.
fn files(text: &str, folder: &Path) {
    for block in text.split("```").skip(1).step_by(2) {
        let (info, content) = block.split_once('\n').expect("an info string");
        if let Some((_, name)) = info.split_once(' ') {
            std::fs::write(folder.join(name), content).expect("a file");
        }
    }
}

/// A page with what its commands print put below them.
fn blessed(text: &str, printed: &[Vec<String>]) -> String {
    let mut out = String::new();
    let mut printed = printed.iter();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            let _ = writeln!(out, "{line}");
        } else if !inside {
            let _ = writeln!(out, "{line}");
        } else if line.starts_with("$ ") {
            let _ = writeln!(out, "{line}");
            for line in printed.next().expect("as many as commands") {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

/// What a command prints, line by line.
fn printed(step: &Step<'_>, last: &mut i32, folder: &Path) -> Vec<String> {
    if step.command == "echo $?" {
        return vec![last.to_string()];
    }
    let (printed, code) = run(step.command, folder);
    *last = code;
    printed
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[test]
fn every_scenario_prints_what_it_shows() {
    let bless = std::env::var_os("GONOGO_BLESS").is_some();
    for page in pages() {
        let text = support::read(&page);
        let scratch = tempfile::tempdir().expect("a folder");
        files(&text, scratch.path());
        let steps = steps(&text);
        assert!(!steps.is_empty(), "{} runs nothing", page.display());
        let mut last = 0;
        let all: Vec<Vec<String>> = steps
            .iter()
            .map(|step| printed(step, &mut last, scratch.path()))
            .collect();
        for (step, lines) in steps.iter().zip(&all) {
            // An exit code is never approved unread.
            if !bless || step.command == "echo $?" {
                assert_eq!(
                    step.printed,
                    *lines,
                    "{}: $ {}",
                    page.display(),
                    step.command
                );
            }
        }
        if bless {
            std::fs::write(&page, blessed(&text, &all)).expect("a page");
        }
    }
}

#[test]
fn every_verdict_of_a_scenario_is_followed_by_its_exit_code() {
    for page in pages() {
        let text = support::read(&page);
        let steps = steps(&text);
        for (index, step) in steps.iter().enumerate() {
            let next = steps.get(index + 1).map(|step| step.command);
            if step.command.starts_with("gonogo ") {
                assert_eq!(
                    next,
                    Some("echo $?"),
                    "{}: $ {}",
                    page.display(),
                    step.command
                );
            }
        }
    }
}

#[test]
fn the_first_lines_tell_what_value_limit_and_next_step() {
    let mut told = 0;
    for page in pages() {
        let text = support::read(&page);
        for step in steps(&text) {
            let stopped = step
                .printed
                .first()
                .is_some_and(|line| line.starts_with("NO-GO ") || line.starts_with("ROLLBACK "));
            if !stopped || step.command.contains("--quiet") {
                continue;
            }
            told += 1;
            let head: Vec<&str> = step.printed.iter().copied().take(FIRST).collect();
            let told = head.join("\n");
            let place = page.display();
            let because = head.iter().position(|line| line.starts_with("because "));
            let to_go = head.iter().position(|line| line.starts_with("to go "));
            let (because, to_go) = because
                .zip(to_go)
                .unwrap_or_else(|| panic!("{place}\n{told}"));
            assert!(because < to_go, "{place}\n{told}");
            assert!(head[to_go].len() > 12, "{place}\n{told}");
        }
    }
    assert!(told >= 8, "{told} verdicts that are no go");
}

#[test]
fn the_list_of_scenarios_is_complete() {
    let list =
        support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/README.md"));
    for page in pages() {
        let name = page
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = support::read(&page);
        let title = text
            .lines()
            .next()
            .expect("a title")
            .trim_start_matches("# ");
        let line = format!("[{title}]({name})");
        assert!(list.contains(&line), "the list lacks {line}");
    }
}
