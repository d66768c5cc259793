//! The rooms of the house: which may import from which, and how large a file may grow.

use std::path::{Path, PathBuf};

/// The rooms in layer order: each may import from itself and from those before it.
const ROOMS: [&str; 12] = [
    "source", "expr", "calendar", "snapshot", "verdict", "policy", "evaluate", "explain", "report",
    "suite", "diff", "schema",
];

/// The most lines of a file, tests not counted.
const LONGEST: usize = 500;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let name = |path: &Path| {
        path.strip_prefix(&root)
            .expect("below src")
            .display()
            .to_string()
    };
    files(&root)
        .into_iter()
        .map(|path| {
            (
                name(&path),
                std::fs::read_to_string(&path).expect("a source file"),
            )
        })
        .collect()
}

fn room(file: &str) -> Option<usize> {
    let first = file.split(['/', '.']).next()?;
    ROOMS.iter().position(|room| *room == first)
}

/// The code of a file without its comments.
fn code(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_file_has_a_room() {
    for (file, _) in sources() {
        let known = room(&file).is_some()
            || file == "lib.rs"
            || file == "main.rs"
            || file.starts_with("cli");
        assert!(known, "{file} stands in no room");
    }
}

#[test]
fn imports_go_up_the_list_only() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some(own) = room(&file) else { continue };
        for (index, name) in ROOMS.iter().enumerate().skip(own + 1) {
            if code(&text).contains(&format!("crate::{name}")) {
                wrong.push(format!(
                    "{file} ({}) imports from {name} ({index})",
                    ROOMS[own]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_never_names_the_command_line_and_the_second_engine_in_one_place_only() {
    for (file, text) in sources() {
        if room(&file).is_none() {
            continue;
        }
        let second = file.starts_with("expr/oracle");
        for word in ["clap::", "anstream::", "cel::", "chrono::"] {
            let allowed = second && matches!(word, "cel::" | "chrono::");
            let code = code(&text);
            // `cel::` is no path where letters stand before it.
            let named = code.match_indices(word).any(|(at, _)| {
                !code[..at].ends_with(|before: char| {
                    before.is_alphanumeric() || before == '_' || before == ':'
                })
            });
            assert!(allowed || !named, "{file} uses {word}");
        }
    }
}

#[test]
fn files_stay_small_and_say_what_they_are() {
    for (file, text) in sources() {
        let lines = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .lines()
            .count();
        assert!(lines <= LONGEST, "{file} has {lines} lines");
        assert!(
            text.starts_with("//! "),
            "{file} does not begin with what it is"
        );
    }
}

#[test]
fn json_is_written_in_one_place_and_standard_output_in_few() {
    // A line end, what lines are added to, what reports are sent to, and another program's output.
    let stdout = [
        "cli/printing.rs",
        "cli/append.rs",
        "cli/stream.rs",
        "cli/evidence/command.rs",
        "cli/test/watch.rs",
    ];
    let written = |code: &str, words: &[&str]| words.iter().any(|word| code.contains(word));
    for (file, text) in sources() {
        let code = code(text.split("#[cfg(test)]").next().unwrap_or_default());
        let json = ["serde_json::to_string", "serde_json::to_writer", ":#}\\n"];
        assert!(
            !written(&code, &json) || file == "source/visible.rs",
            "{file} writes JSON"
        );
        let out = ["stdout().lock()", " println!", " print!"];
        assert!(
            !written(&code, &out) || stdout.contains(&file.as_str()),
            "{file} writes to standard output"
        );
    }
}
