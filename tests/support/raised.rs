//! What is wrong with the texts of a folder: the library asked as the program asks it, or the program itself.
//!
//! A folder holds `policy.yaml` and, where the policy alone does not raise anything, one of: `set.txt` (parameters as
//! `--set` gives them), `baseline.txt` (names as `--baseline` gives them), `history.*` (snapshots), `snapshot.*` (a
//! snapshot held against the policy's schema), `scrape.prom` (an exposition), `raw.txt` (documents as `-s` gives them,
//! `NAME=FILE` on each line), `suite.test.yaml` (a suite, with the files it names), `waivers.yaml` (waivers, with the
//! history they are applied to), `log.jsonl` (a log of one line, to which another is to be added), the files of tables and of dates that the policy names, or `command` (arguments of the
//! program, for what only it can meet; `stdin`,
//! its last byte repeated `repeat` times, is given to it).

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::place;
use gonogo::evaluate::{Question, evaluate_waiving, stage};
use gonogo::explain::{limit, waivers};
use gonogo::policy::check::{Settings, check};
use gonogo::policy::lint::{level::LINTS, lint};
use gonogo::policy::{Policy, Waiver, waiver};
use gonogo::schema::fit::Fit;
use gonogo::snapshot::baseline::named as named_baseline;
use gonogo::snapshot::raw::{Document, Kind, Raws, prometheus};
use gonogo::snapshot::{Format, Reader};
use gonogo::source::problem::any_error;
use gonogo::source::{Problem, Severity, Source, text};
use gonogo::suite::bound::Unbound;
use gonogo::suite::run::run;
use gonogo::suite::{self, Files, Outcome};
use gonogo::verdict::log::link;
use serde_json::Value as Json;

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// Whether the policy of a folder is linted.
#[derive(Clone, Copy)]
pub(crate) enum Lints {
    Run,
    Off,
}

impl Lints {
    /// They are run where the code is one of them: a policy that shows it says itself that it warns of one that is
    /// off by default.
    pub(crate) fn for_code(code: &str) -> Self {
        if LINTS.iter().any(|(lint, _)| lint.name() == code) {
            Self::Run
        } else {
            Self::Off
        }
    }
}

/// All diagnostics of a folder, a line each: `code | place | underlined text | message | help`, and further places
/// behind that.
pub(crate) fn raised(folder: &Path, lints: Lints) -> String {
    if let Some(command) = read(&folder.join("command")) {
        return of_command(folder, &command);
    }
    let mut problems = Vec::new();
    let bytes = std::fs::read(folder.join("policy.yaml")).expect("a policy");
    match text("policy.yaml", bytes) {
        Err(problem) => problems.push(problem),
        Ok(source) => {
            let source = super::with_files(source, folder);
            let set = read(&folder.join("set.txt")).unwrap_or_default();
            let set = set.lines().filter_map(|line| line.split_once('='));
            let settings: Settings = set
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let (policy, found) = match lints {
                Lints::Run => lint(&source, &settings, &[]),
                Lints::Off => check(&source, &settings),
            };
            problems.extend(found);
            if let Some(policy) = policy {
                let named = read(&folder.join("baseline.txt")).unwrap_or_default();
                let named = named
                    .lines()
                    .map(|name| named_baseline(&policy.layout, name));
                problems.extend(named.filter_map(Result::err));
                let aside = read(&folder.join("waivers.yaml"));
                let aside = aside.map(|text| Source::new("waivers.yaml", text));
                let (waivers, found) = aside
                    .map(|source| waiver::read(&source, Format::Yaml, &policy))
                    .unwrap_or_default();
                problems.extend(found);
                problems.extend(of_snapshots(folder, &policy, &waivers));
                problems.extend(of_suite(folder, &source));
                problems.extend(of_documents(folder, &policy));
                let log = read(&folder.join("log.jsonl"));
                let log = log.map(|text| Source::new("log.jsonl", text));
                problems.extend(log.and_then(|source| link(&source).err()));
                let scrape = read(&folder.join("scrape.prom"));
                let scrape = scrape.map(|text| Source::new("scrape.prom", text));
                let scrape = scrape.map(|source| prometheus::read(&source).1.finish());
                problems.extend(scrape.unwrap_or_default());
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
fn of_snapshots(folder: &Path, policy: &Policy, aside: &[Waiver]) -> Vec<Problem> {
    let formats = [
        ("jsonl", Format::JsonLines),
        ("csv", Format::Csv),
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
                let judgement = evaluate_waiving(policy, &history, question, &[], aside);
                problems.extend(waivers::problems(&judgement.waivers));
                problems.extend(limit::problems(policy, &judgement));
            }
        }
    }
    problems
}

/// What is wrong with the documents of a folder that are in shapes of their own.
fn of_documents(folder: &Path, policy: &Policy) -> Vec<Problem> {
    let named = read(&folder.join("raw.txt")).unwrap_or_default();
    let (mut reader, mut raws) = (Reader::new(&policy.layout), Raws::default());
    for line in named.lines() {
        let (name, file) = line.split_once('=').expect("NAME=FILE");
        let text = read(&folder.join(file)).expect("a document that is named");
        let (_, ending) = file.rsplit_once('.').expect("an ending");
        let kind = Kind::of_ending(ending).expect("a kind");
        let source = &Source::new(file, text);
        let document = Document { name, source, kind };
        reader.raw(
            &mut raws,
            document,
            "2025-10-16T10:05:00Z".parse().expect("an instant"),
        );
    }
    reader.raws(raws);
    reader.finish().1
}

/// What is wrong with the suite of a folder, and with each of its tests. One that fails is wrong as well: an example holds.
fn of_suite(folder: &Path, policy: &Source) -> Vec<Problem> {
    let Some(text) = read(&folder.join("suite.test.yaml")) else {
        return Vec::new();
    };
    let (document, mut problems) = suite::read(&Source::new("suite.test.yaml", text), Format::Yaml);
    let Some(document) = document.filter(|_| !any_error(&problems)) else {
        return problems;
    };
    let mut files = Files::default();
    for named in document.named() {
        let text = read(&folder.join(&named.path)).expect("a file that the suite names");
        let source = Source::new(named.path.clone(), text);
        let format = Format::of(source.text());
        files.found.insert(named, Ok(vec![(source, format)]));
    }
    match suite::bind(&document, policy, files) {
        Err(Unbound::Policy(found) | Unbound::Suite(found)) => problems.extend(found),
        Ok(suite) => {
            for case in &suite.cases {
                let result = run(&suite, case, None);
                problems.extend(result.problems);
                let name = &result.name;
                assert!(
                    result.outcome != Outcome::Failed,
                    "`{name}` fails: {:?}",
                    result.differences
                );
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
    let mut input = read(&folder.join("stdin"))
        .unwrap_or_default()
        .trim_end_matches('\n')
        .to_owned();
    if let (Some(times), Some(last)) = (read(&folder.join("repeat")), input.chars().last()) {
        let times = times.trim().parse().expect("a number of times");
        input.extend(std::iter::repeat_n(last, times));
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    program
        .args(command.split_whitespace())
        .args(["--format", "json"])
        .current_dir(folder);
    let output = place::output(&mut program, &input);
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
