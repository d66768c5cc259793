//! `docs/reports.md`: its examples are what comes of its policy and its snapshot. `GONOGO_BLESS=1` writes them.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use crate::support;
use crate::support::place::Place;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reports.md")
}

/// The text before, in and behind the first block of a language.
fn block<'p>(page: &'p str, language: &str) -> (&'p str, &'p str, &'p str) {
    let start = format!("```{language}\n");
    let (_, rest) = page.split_once(&start).expect(language);
    let end = rest.find("```").expect("its end");
    let before = page.len() - rest.len();
    (&page[..before], &rest[..end], &rest[end..])
}

/// Events with the keys that tell most.
fn brief(events: &str) -> String {
    let told = [
        "event",
        "verdict",
        "exit_code",
        "reason",
        "rule",
        "status",
        "counts",
        "message",
    ];
    let line = |line: &str| {
        let event: Map<String, Json> = serde_json::from_str(line).expect("an event");
        let kept = event
            .into_iter()
            .filter(|(key, value)| told.contains(&key.as_str()) && !value.is_null());
        format!("{}\n", Json::Object(kept.collect()))
    };
    events.lines().map(line).collect()
}

fn first(log: &str) -> String {
    let log: Json = serde_json::from_str(log).expect("SARIF");
    format!("{:#}\n", log["runs"][0]["results"][0])
}

#[test]
fn the_examples_are_what_comes_of_them() {
    let mut page = support::read(&path());
    let place = Place::empty()
        .with("policy.yaml", block(&page, "yaml").1)
        .with("snapshot.json", block(&page, "json").1);
    for (language, format) in [
        ("jsonl", "jsonl"),
        ("markdown", "markdown"),
        ("xml", "junit"),
        ("sarif", "sarif"),
        ("github", "github"),
        ("gitlab", "gitlab"),
        ("tap", "tap"),
    ] {
        let run = place.run(&format!(
            "eval -p policy.yaml -s snapshot.json --now latest --format {format}"
        ));
        assert_eq!(run.code, 10, "{}", run.transcript);
        let text = match format {
            "jsonl" => brief(&run.stdout),
            "sarif" => first(&run.stdout),
            _ => run.stdout,
        };
        let (before, written, behind) = block(&page, language);
        if std::env::var_os("GONOGO_BLESS").is_some() {
            page = format!("{before}{text}{behind}");
        } else {
            assert_eq!(written, text, "{format}: run `just bless`");
        }
    }
    if std::env::var_os("GONOGO_BLESS").is_some() {
        std::fs::write(path(), page).expect("the page is written");
    }
}

#[test]
fn every_format_has_its_row_and_the_commands_run() {
    let page = support::read(&path());
    for format in gonogo::report::Format::ALL {
        assert!(
            page.contains(&format!("\n| `{}` | ", format.name())),
            "{}",
            format.name()
        );
    }
    let place = Place::empty()
        .with("policy.yaml", block(&page, "yaml").1)
        .with("snapshot.json", block(&page, "json").1);
    let commands: Vec<&str> = page
        .lines()
        .filter_map(|line| {
            line.trim_start_matches("  run: ")
                .strip_prefix("gonogo eval ")
        })
        .filter_map(|line| line.split(" | ").next())
        .collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let run = place.run(&format!("eval {command}"));
        assert!([10, 11].contains(&run.code), "{}", run.transcript);
    }
}
