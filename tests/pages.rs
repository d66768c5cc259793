//! Every code has a page in `docs/diagnostics`, and what the pages show as wrong and right is run.
//!
//! A page is a title (the code in backticks), a paragraph that says what is wrong, and the sections `Why it matters`,
//! `Wrong` and `Right`. The fences of the last two are files of a folder as `tests/support/raised.rs` reads it: under
//! `Wrong` they raise the code and nothing else, under `Right` nothing at all. The info string of a fence is its
//! language, and its name where it is not the policy:
//!
//! | fence | file |
//! |---|---|
//! | `yaml` | `policy.yaml` |
//! | `jsonl history`, `json snapshot` … | `history.jsonl`, `snapshot.json` … |
//! | `text set` | `set.txt`: parameters as `--set` gives them |
//! | `text baseline` | `baseline.txt`: names as `--baseline` gives them |
//! | `text raw` | `raw.txt`: documents as `-s NAME=FILE` gives them |
//! | `yaml suite.test.yaml` | a suite, which is run |
//! | `json runs/today.json` | the file of that name |
//! | `console` | a line `$ gonogo …`: the program is run in the folder, for what only it can meet |
//!
//! Further words say what a page cannot show: `latin1` writes the file in that encoding, in a file that is `long` the
//! character `…` stands for five million letters, and in one of `many` a line of it for 1,010 times the line above.
//!
//! `docs/diagnostics/README.md` lists the pages; `GONOGO_BLESS=1` writes the list anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gonogo::source::Code;

use crate::support;
use crate::support::raised::{Lints, raised};

const SECTIONS: [&str; 3] = ["Why it matters", "Wrong", "Right"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics")
}

fn page(code: Code) -> String {
    support::read(&root().join(format!("{code}.md")))
}

/// A fence: its info string, and its text.
struct Fence {
    info: String,
    text: String,
}

/// A part of a page under one heading; the first has the title as its heading.
struct Section {
    heading: String,
    prose: String,
    fences: Vec<Fence>,
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let heading = line.strip_prefix("# ").or(line.strip_prefix("## "));
        if let (Some(heading), false) = (heading, inside) {
            let (prose, fences) = (String::new(), Vec::new());
            sections.push(Section {
                heading: heading.to_owned(),
                prose,
                fences,
            });
            continue;
        }
        let section = sections.last_mut().expect("a title on the first line");
        if let Some(info) = line.strip_prefix("```") {
            if !inside {
                let (info, text) = (info.to_owned(), String::new());
                section.fences.push(Fence { info, text });
            }
            inside = !inside;
        } else if inside {
            let fence = section.fences.last_mut().expect("an open fence");
            let _ = writeln!(fence.text, "{line}");
        } else {
            let _ = writeln!(section.prose, "{line}");
        }
    }
    assert!(!inside, "a fence is not closed");
    sections
}

/// Writes a fence as the file it stands for.
fn lay(folder: &Path, fence: &Fence) {
    let mut words = fence.info.split(' ');
    let language = words.next().unwrap_or_default();
    let words: Vec<&str> = words.collect();
    let named = words
        .iter()
        .copied()
        .find(|word| !matches!(*word, "latin1" | "long" | "many"));
    let name = match (language, named) {
        ("yaml", None) => "policy.yaml".to_owned(),
        ("console", None) => "command".to_owned(),
        ("text", Some("set")) => "set.txt".to_owned(),
        ("text", Some("baseline")) => "baseline.txt".to_owned(),
        ("text", Some("raw")) => "raw.txt".to_owned(),
        (_, Some(name @ ("history" | "snapshot"))) => format!("{name}.{language}"),
        (_, Some(name)) if name.contains('.') => name.to_owned(),
        _ => panic!("`{}` names no file", fence.info),
    };
    let mut text = match name.as_str() {
        "command" => command(&fence.text).to_owned(),
        _ => fence.text.clone(),
    };
    if words.contains(&"long") {
        assert!(text.contains('…'), "nothing is left out");
        text = text.replace('…', &"x".repeat(5_000_000));
    }
    if words.contains(&"many") {
        let (above, below) = text.split_once("…\n").expect("a line that is left out");
        let above = above.trim_end_matches(' ');
        let line = above.trim_end().rsplit('\n').next().expect("a line above");
        text = format!("{above}{}{below}", format!("{line}\n").repeat(1_010));
    }
    let bytes = if words.contains(&"latin1") {
        let latin1 = |c: char| u8::try_from(u32::from(c)).expect("a character of Latin-1");
        text.chars().map(latin1).collect()
    } else {
        text.into_bytes()
    };
    let path = folder.join(name);
    assert!(!path.exists(), "two fences are {}", path.display());
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// The arguments of the one command of a console.
fn command(text: &str) -> &str {
    let command = text.trim_end().strip_prefix("$ gonogo ");
    let command = command.expect("a command of gonogo");
    assert!(!command.contains('\n'), "one command: {command}");
    command
}

/// What the examples of a section raise: a line for each diagnostic.
fn run(section: &Section, lints: Lints) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for fence in &section.fences {
        lay(folder.path(), fence);
    }
    raised(folder.path(), lints)
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    let entries = fs::read_dir(root()).expect("the folder of the pages");
    let mut pages: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    assert!(pages.remove("README.md"), "there is no index");
    println!("{} diagnostics, {} pages", codes.len(), pages.len());
    assert_eq!(codes, pages);
}

#[test]
fn every_page_has_its_form() {
    for code in Code::ALL {
        let text = page(*code);
        let sections = sections(&text);
        let headings: Vec<&str> = sections
            .iter()
            .map(|section| section.heading.as_str())
            .collect();
        let [title, parts @ ..] = headings.as_slice() else {
            panic!("{code}: no title")
        };
        assert_eq!(*title, format!("`{code}`"));
        assert_eq!(parts, SECTIONS, "{code}: its sections");
        for section in &sections[..2] {
            let prose = !section.prose.trim().is_empty();
            assert!(
                prose && section.fences.is_empty(),
                "{code}: `{}`",
                section.heading
            );
        }
        for line in text.lines() {
            // A digest cannot be broken.
            let short = line.chars().count() <= 120 || line.contains("sha256:");
            assert!(short, "{code}: a long line: {line}");
        }
    }
}

#[test]
fn what_is_shown_as_wrong_is_wrong_and_what_is_shown_as_right_is_right() {
    let mut faults = String::new();
    for code in Code::ALL {
        let text = page(*code);
        let sections = sections(&text);
        let section = |heading: &str| {
            let found = sections.iter().find(|section| section.heading == heading);
            found.unwrap_or_else(|| panic!("{code} has no `{heading}`"))
        };
        let told = run(section("Wrong"), Lints::for_code(code.name()));
        let own = |line: &str| line.split([' ', '|']).next() == Some(code.name());
        // What counts others never stands alone.
        let alone = *code == Code::TooManyProblems || told.lines().all(own);
        if !alone || !told.lines().any(own) {
            let _ = writeln!(faults, "{code}: what is wrong raises\n{told}");
        }
        let told = run(section("Right"), Lints::Run);
        if !told.is_empty() {
            let _ = writeln!(faults, "{code}: what is right raises\n{told}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn no_two_pages_say_the_same_sentence() {
    let mut said: BTreeMap<String, Code> = BTreeMap::new();
    for code in Code::ALL {
        for section in sections(&page(*code)) {
            let prose = section
                .prose
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let sentences = prose
                .split_inclusive(['.', '?'])
                .map(str::trim)
                .filter(|sentence| sentence.contains(' '));
            for sentence in sentences {
                let before = said.insert(sentence.to_owned(), *code);
                let elsewhere = before.filter(|before| before != code);
                assert_eq!(elsewhere, None, "{code} says again: {sentence}");
            }
        }
    }
}

#[test]
fn the_index_lists_every_page_in_order() {
    let path = root().join("README.md");
    let text = support::read(&path);
    let (head, table) = text.split_once("|---|---|\n").expect("a table");
    let listed = table
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('|'));
    let end: usize = listed.map(str::len).sum();
    let rows: String = Code::ALL
        .iter()
        .map(|code| format!("| [`{code}`]({code}.md) | {} |\n", code.meaning()))
        .collect();
    if std::env::var_os("GONOGO_BLESS").is_some() {
        let text = format!("{head}|---|---|\n{rows}{}", &table[end..]);
        fs::write(path, text).expect("writing the index");
    } else {
        assert_eq!(&table[..end], rows, "GONOGO_BLESS=1 writes it anew");
    }
}

#[test]
fn the_program_prints_the_page_of_a_code() {
    for code in Code::ALL {
        let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
            .args(["explain", code.name()])
            .output()
            .expect("the program");
        assert_eq!(output.status.code(), Some(0), "{code}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), page(*code));
    }
}
