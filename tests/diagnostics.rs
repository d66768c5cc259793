//! Every code has a folder of `tests/diagnostics` that raises it, with all its diagnostics as they are approved.
//!
//! A folder holds `policy.yaml` and, where the policy alone does not raise the code, one of: `set.txt` (parameters as
//! `--set` gives them), `history.*` (snapshots), `snapshot.*` (a snapshot held against the policy's schema), or
//! `command` (arguments of the program, for what only it can meet; `stdin`, its last byte repeated `repeat` times, is
//! given to it). `expected.txt` has a line for each diagnostic:
//! `code | place | underlined text | message | help`, and further places behind that.
//!
//! `GONOGO_BLESS=1` writes what is expected anew: read it before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gonogo::evaluate::{Question, evaluate, stage};
use gonogo::explain::limit;
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::schema::fit::Fit;
use gonogo::snapshot::{Format, Reader};
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem, Severity, Source, text};
use serde_json::Value as Json;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = std::fs::read_dir(&root).expect("the folder of the diagnostics");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
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
        let told = diagnostics(&folder);
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
        for line in diagnostics(&folder).lines() {
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

/// All diagnostics of a folder, a line each.
fn diagnostics(folder: &Path) -> String {
    if let Some(command) = read(&folder.join("command")) {
        return of_command(folder, &command);
    }
    let mut problems = Vec::new();
    let bytes = std::fs::read(folder.join("policy.yaml")).expect("a policy");
    match text("policy.yaml", bytes) {
        Err(problem) => problems.push(problem),
        Ok(source) => {
            let set = read(&folder.join("set.txt")).unwrap_or_default();
            let set = set.lines().filter_map(|line| line.split_once('='));
            let settings: Settings = set
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let (policy, found) = check(&source, &settings);
            problems.extend(found);
            if let Some(policy) = policy {
                problems.extend(of_snapshots(folder, &policy));
            }
        }
    }
    // Of very many the first and the last tell enough.
    let shown = |index: usize| index < 2 || index + 1 == problems.len() || problems.len() < 100;
    let lines = problems.iter().enumerate();
    lines
        .filter(|(index, _)| shown(*index))
        .map(|(_, problem)| line(problem))
        .collect()
}

/// What is wrong with the snapshots of a folder, and with the stage they ask for.
fn of_snapshots(folder: &Path, policy: &Policy) -> Vec<Problem> {
    let formats = [
        ("jsonl", Format::JsonLines),
        ("json", Format::Json),
        ("yaml", Format::Yaml),
    ];
    let file = |stem: &str| {
        formats.iter().find_map(|(ending, format)| {
            let name = format!("{stem}.{ending}");
            let text = read(&folder.join(&name))?;
            Some((Source::new(name, text), *format))
        })
    };
    if let Some((source, format)) = file("snapshot") {
        return Fit::new(policy)
            .expect("a schema")
            .violations(&source, format);
    }
    let Some((source, format)) = file("history") else {
        return Vec::new();
    };
    let mut reader = Reader::new(&policy.layout);
    reader.document(&source, format);
    let (history, mut problems) = reader.finish();
    if let (Some(now), false) = (history.newest(), any_error(&problems)) {
        match stage(policy, &history, None, now) {
            Err(problem) => problems.push(problem),
            Ok(stage) => {
                let asked = None;
                let question = Question { stage, asked, now };
                let judgement = evaluate(policy, &history, question);
                problems.extend(limit::problems(policy, &judgement));
            }
        }
    }
    problems
}

fn line(problem: &Problem) -> String {
    let warning = if problem.severity == Severity::Warning {
        " (warning)"
    } else {
        ""
    };
    let mut labels = problem.labels.iter();
    let (place, underlined) = labels.next().map_or((None, None), |label| {
        let underlined = label.source.text().get(label.span.start..label.span.end);
        (problem.place(), underlined)
    });
    let mut line = format!(
        "{}{warning} | {} | {} | {} | {}",
        problem.code,
        place.unwrap_or_else(|| "-".to_owned()),
        underlined.map_or_else(|| "-".to_owned(), one_line),
        problem.message,
        problem.help.as_deref().unwrap_or_default(),
    );
    for label in labels {
        let position = label.source.position(label.span.start);
        let underlined = label
            .source
            .text()
            .get(label.span.start..label.span.end)
            .unwrap_or_default();
        let (name, text) = (label.source.name(), &label.text);
        let _ = write!(
            line,
            " | {text}: {name}:{}:{} {}",
            position.line,
            position.column,
            one_line(underlined)
        );
    }
    line.push('\n');
    line
}

/// A text on one line; what is long has its middle left out.
fn one_line(text: &str) -> String {
    let text = text.replace('\n', "\\n").replace('\t', "\\t");
    if text.is_empty() {
        "(nothing)".to_owned()
    } else {
        text
    }
}

/// What the program itself says, asked for JSON.
fn of_command(folder: &Path, command: &str) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(command.split_whitespace())
        .args(["--format", "json"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut input = read(&folder.join("stdin"))
        .unwrap_or_default()
        .trim_end_matches('\n')
        .to_owned();
    if let (Some(times), Some(last)) = (read(&folder.join("repeat")), input.chars().last()) {
        let times = times.trim().parse().expect("a number of times");
        input.extend(std::iter::repeat_n(last, times));
    }
    // A program that has read enough closes the pipe.
    let _ = process
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    let output = process.wait_with_output().expect("an output");
    assert_eq!(output.stderr, b"", "{command}");
    let told: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let problems = told["diagnostics"].as_array().expect("diagnostics");
    let part = |problem: &Json, key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    problems
        .iter()
        .map(|problem| {
            let (code, message, help) = (
                part(problem, "code"),
                part(problem, "message"),
                part(problem, "help"),
            );
            assert_eq!(
                problem["labels"],
                Json::Array(Vec::new()),
                "a place: no need of the program"
            );
            format!("{code} | - | - | {message} | {help}\n")
        })
        .collect()
}
