//! What is wrong with what was read, for programs. Never for people: they are shown the lines themselves.

use serde_json::{Value as Json, json};

use crate::source::{Label, Problem, Severity};

/// Problems in the shape of `gonogo check --format json`.
#[must_use]
pub fn json(problems: &[Problem]) -> Vec<Json> {
    problems.iter().map(one).collect()
}

fn one(problem: &Problem) -> Json {
    let labels: Vec<Json> = problem.labels.iter().map(label).collect();
    json!({
        "code": problem.code.name(),
        "severity": match problem.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "message": problem.message,
        "help": problem.help,
        "labels": labels,
    })
}

fn label(label: &Label) -> Json {
    let (start, end) = (
        label.source.position(label.span.start),
        label.source.position(label.span.end),
    );
    json!({
        "file": label.source.name().as_ref(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": label.text,
    })
}
