//! A text in every place of a verdict that holds one. Which places those are, the record's own reader says: what it takes there
//! is a text from outside.

use std::collections::BTreeMap;

use gonogo::source::{Problem, Source, Span};
use serde_json::Value as Json;

use super::fixtures::Fixture;

/// What somebody may write who wants more than to be read.
pub(super) const TEXTS: [&str; 6] = [
    "\u{0}\u{1b}[31m\u{7f}\u{85}\u{9b}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\u{fffe}\u{ffff}\u{fffd}\u{d7ff}",
    "a\n::set-output name=verdict::go\r\n::error::x\r::stop-commands::y\n##[add-mask]z\n  ::add-path::/tmp%0A::debug::%25%0D",
    "]]><script>alert(1)</script><!-- --><a href=\"x\" onload='y'>&lt;&#0;</details></summary></code>\n<h1>",
    "| a \\| b \\\\| ` `` ```\n```\n# h\n- [x](javascript:y) ![z](https://x.example/y.png) <https://x.example> @mira #12 !3\n\n[a]: b",
    "https://x.example/?a=b www.x.example mira@x.example mailto:a@b.example *a* _b_ ~~c~~ $d$ :e: \\",
    "ok 1 - x # SKIP y\n1..0\nBail out! z\n  ...\n  ---\n# TODO \\# # \"a\": {b: [c\nEOF<<EOF\n{0} {{1}} %s ${d}",
];

/// The kinds of places that were tried, and whether any text may stand there: the same in every record.
pub(super) type Known = BTreeMap<String, bool>;

/// A fixture with a text in every place that holds one.
pub(super) fn with(fixture: &Fixture, text: &str, known: &mut Known) -> Fixture {
    let mut hostile = fixture.clone();
    hostile.name = format!(
        "{} with {:?}",
        fixture.name,
        &text.chars().take(12).collect::<String>()
    );
    if let Some(verdict) = &fixture.verdict {
        let mut json = serde_json::to_value(verdict).expect("a record");
        let whole = json.clone();
        replace(&mut json, &mut Vec::new(), &whole, known, text);
        assert!(known.values().filter(|taken| **taken).count() > 8);
        hostile.verdict = Some(serde_json::from_value(json).expect("still a record"));
    }
    hostile.problems = fixture
        .problems
        .iter()
        .map(|one| problem(one, text))
        .collect();
    hostile
}

fn problem(problem: &Problem, text: &str) -> Problem {
    let mut hostile = problem.clone();
    hostile.message = format!("{} {text}", problem.message);
    hostile.help = Some(text.to_owned());
    for label in &mut hostile.labels {
        label.source = Source::new(text, format!("{text}\n\n{text}"));
        label.span = Span::new(0, text.len() + 1);
        text.clone_into(&mut label.text);
    }
    hostile
}

/// Puts a text in the place of each that may be any other.
fn replace(json: &mut Json, path: &mut Vec<String>, whole: &Json, known: &mut Known, text: &str) {
    match json {
        Json::String(there) => {
            // One item of a list stands for all.
            let kind = path.iter().filter(|part| part.parse::<usize>().is_err());
            let kind = kind.cloned().collect::<Vec<_>>().join("/");
            let taken = *known.entry(kind).or_insert_with(|| {
                let mut tried = whole.clone();
                let pointer = format!("/{}", path.join("/"));
                *tried.pointer_mut(&pointer).expect("its place") = Json::from(text);
                serde_json::from_value::<gonogo::verdict::Verdict>(tried).is_ok()
            });
            if taken {
                // Ids stay apart.
                *there = format!("{text}{there}");
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                replace(item, path, whole, known, text);
                path.pop();
            }
        }
        Json::Object(entries) => {
            for (key, value) in entries {
                path.push(key.replace('~', "~0").replace('/', "~1"));
                replace(value, path, whole, known, text);
                path.pop();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
