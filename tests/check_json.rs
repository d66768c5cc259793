//! `gonogo check --format json` has the shape that `docs/diagnostics/README.md` tells, and its places are those of the
//! file: lines and columns from 1, columns in characters, ends exclusive.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use gonogo::policy::check::Settings;
use gonogo::policy::lint::lint;
use gonogo::source::{Code, Label, Problem, Severity, text};
use serde_json::Value as Json;

use crate::support;

fn checked(folder: &Path) -> Json {
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["check", "policy.yaml", "--format", "json"])
        .current_dir(folder)
        .output()
        .expect("the program");
    assert_eq!(output.stderr, b"", "{}", folder.display());
    serde_json::from_slice(&output.stdout).expect("JSON and nothing else")
}

fn keys(value: &Json) -> BTreeSet<&str> {
    let map = value.as_object().expect("an object");
    map.keys().map(String::as_str).collect()
}

/// What stands in a text from one line and column up to, not including, another.
fn between(text: &str, label: &Json) -> String {
    let number = |key: &str| usize::try_from(label[key].as_u64().expect(key)).expect(key);
    let (line, end_line) = (number("line"), number("end_line"));
    let (column, end_column) = (number("column"), number("end_column"));
    assert!(line >= 1 && column >= 1, "{label}");
    assert!((line, column) <= (end_line, end_column), "{label}");
    let lines = text.split_inclusive('\n').enumerate();
    lines.fold(String::new(), |mut part, (index, text)| {
        let number = index + 1;
        let from = if number == line { column - 1 } else { 0 };
        let to = if number == end_line {
            end_column - 1
        } else {
            usize::MAX
        };
        if (line..=end_line).contains(&number) {
            part.extend(text.chars().take(to).skip(from));
        }
        part
    })
}

fn same_label(text: &str, told: &Json, label: &Label) {
    let wanted = ["file", "line", "column", "end_line", "end_column", "text"];
    assert_eq!(keys(told), BTreeSet::from(wanted));
    let of_policy = told["file"] == "policy.yaml";
    assert!(
        of_policy
            || label
                .source
                .name()
                .ends_with(told["file"].as_str().expect("a file"))
    );
    let text = if of_policy { text } else { label.source.text() };
    assert_eq!(told["text"], label.text.as_str());
    let underlined = &label.source.text()[label.span.start..label.span.end];
    assert_eq!(between(text, told), underlined, "{told}");
}

fn same_diagnostic(text: &str, told: &Json, problem: &Problem) {
    let wanted = ["code", "severity", "message", "help", "labels"];
    assert_eq!(keys(told), BTreeSet::from(wanted));
    assert_eq!(told["code"], problem.code.name());
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    assert_eq!(told["severity"], severity);
    assert_eq!(told["message"], problem.message.as_str());
    assert_eq!(told["help"].as_str(), problem.help.as_deref());
    let labels = told["labels"].as_array().expect("labels");
    assert_eq!(labels.len(), problem.labels.len());
    for (told, label) in labels.iter().zip(&problem.labels) {
        same_label(text, told, label);
    }
}

#[test]
fn every_diagnostic_of_a_policy_has_its_shape_and_its_places() {
    let mut related = 0;
    for folder in support::folders("tests/diagnostics") {
        let told = checked(&folder);
        assert_eq!(keys(&told), BTreeSet::from(["diagnostics"]));
        let told = told["diagnostics"].as_array().expect("diagnostics");
        let bytes = std::fs::read(folder.join("policy.yaml")).expect("a policy");
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let problems = match text("policy.yaml", bytes) {
            Ok(source) => {
                let source = support::with_files(source, &folder);
                lint(&source, &Settings::new(), &[]).1
            }
            Err(problem) => vec![problem],
        };
        assert_eq!(told.len(), problems.len(), "{}", folder.display());
        for (told, problem) in told.iter().zip(&problems) {
            same_diagnostic(&shown, told, problem);
            related += problem.labels.len().saturating_sub(1);
        }
    }
    assert!(related > 5, "hardly a related place: {related}");
}

#[test]
fn columns_count_characters() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
require:
  - {id: errors, title: \"Fehlerquote 🚦 für alle\", expr: error_rat < 0.01}
";
    std::fs::write(folder.path().join("policy.yaml"), policy).expect("a policy");
    let told = checked(folder.path());
    let label = &told["diagnostics"][0]["labels"][0];
    assert_eq!(told["diagnostics"][0]["code"], Code::UnknownInput.name());
    // 61 in bytes, 58 in UTF-16 units.
    let place = ["line", "column", "end_line", "end_column"].map(|key| label[key].as_u64());
    assert_eq!(place, [6, 57, 6, 66].map(Some));
}
