//! Every code has a folder of `tests/diagnostics` that raises it, with all its diagnostics as they are approved.
//!
//! What a folder may hold is told in `tests/support/raised.rs`. `expected.txt` has a line for each diagnostic:
//! `code | place | underlined text | message | help`, and further places behind that.
//!
//! `GONOGO_BLESS=1` writes what is expected anew: read it before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gonogo::source::Code;

use crate::support;
use crate::support::raised::{Lints, raised};

fn folders() -> Vec<PathBuf> {
    support::folders("tests/diagnostics")
}

fn name(folder: &Path) -> String {
    folder
        .file_name()
        .expect("a folder's name")
        .to_string_lossy()
        .into_owned()
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

#[test]
fn every_code_has_its_folder_and_every_folder_its_code() {
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .map(|code| code.name().to_owned())
        .collect();
    let folders: BTreeSet<String> = folders().iter().map(|folder| name(folder)).collect();
    assert_eq!(codes, folders);
}

#[test]
fn every_diagnostic_is_as_approved() {
    let bless = std::env::var_os("GONOGO_BLESS").is_some();
    let mut wrong = String::new();
    for folder in folders() {
        let name = name(&folder);
        let told = raised(&folder, Lints::for_code(&name));
        assert!(
            told.lines()
                .any(|line| line.split([' ', '|']).next() == Some(&name)),
            "{name} does not raise its own code:\n{told}"
        );
        let approved = folder.join("expected.txt");
        if bless {
            std::fs::write(&approved, &told).expect("writing what is expected");
        } else if read(&approved).as_deref() != Some(&told) {
            let _ = write!(
                wrong,
                "--- {name}\n{}+++\n{told}",
                read(&approved).unwrap_or_default()
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "not as approved (GONOGO_BLESS=1 writes it anew):\n{wrong}"
    );
}

#[test]
fn every_message_is_written_in_the_same_manner() {
    for folder in folders() {
        for line in raised(&folder, Lints::for_code(&name(&folder))).lines() {
            let columns: Vec<&str> = line.split(" | ").collect();
            let [_, _, _, message, help, ..] = columns.as_slice() else {
                panic!("{line}")
            };
            assert!(!message.is_empty(), "a message is missing: {line}");
            assert!(!help.is_empty(), "a help is missing: {line}");
            for text in [message, help] {
                assert!(!text.ends_with('.'), "a full stop: {line}");
                assert_eq!(
                    text.matches('`').count() % 2,
                    0,
                    "a backtick is not closed: {line}"
                );
                let words = text.split_whitespace().next().unwrap_or_default();
                let known = ["YAML", "JSON", "CEL"]
                    .iter()
                    .any(|word| words.starts_with(word));
                assert!(
                    known || !words.starts_with(char::is_uppercase),
                    "not lower case: {line}"
                );
                for word in [
                    "Some(", "None", "Err(", "String", "f64", "i64", "Vec<", "::",
                ] {
                    assert!(
                        !text.contains(word),
                        "`{word}` is a word of the program: {line}"
                    );
                }
            }
        }
    }
}
