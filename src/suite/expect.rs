//! What a test expects, held against what came of it. Never judges.

use serde_json::{Value as Json, json};

use super::bound::{Case, Suite};
use super::result::Difference;
use crate::source::tree::{Kind, Node};
use crate::source::{Problem, Span};
use crate::verdict::{Place, Verdict};

/// What is wrong with the expectations of a test, whatever comes of it: unknown keys and rules, nothing expected.
#[must_use]
pub fn problems(_suite: &Suite, _case: &Case) -> Vec<Problem> {
    Vec::new()
}

/// What is other than expected.
#[must_use]
pub fn compare(suite: &Suite, case: &Case, verdict: &Verdict) -> Vec<Difference> {
    let Some(Node {
        kind: Kind::Map(entries),
        ..
    }) = &case.test.expect
    else {
        return Vec::new();
    };
    let mut differences = Vec::new();
    for entry in entries {
        if entry.key.text == "verdict"
            && let Some(expected) = entry.value.scalar()
            && expected.text != verdict.verdict.name()
        {
            differences.push(Difference {
                key: entry.key.text.clone(),
                expected: Json::from(expected.text.clone()),
                actual: json!(verdict.verdict),
                at: place(suite, entry.value.span),
                rules: Vec::new(),
            });
        }
    }
    differences
}

/// A place in the suite.
#[must_use]
pub fn place(suite: &Suite, span: Span) -> Place {
    let position = suite.source.position(span.start);
    Place {
        file: suite.file.to_string(),
        line: position.line,
        column: position.column,
    }
}
