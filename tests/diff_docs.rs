//! `docs/diff.md`: its two policies and its history give what it shows.

use std::path::Path;

use crate::support;
use crate::support::place::Place;

/// The nth block of a language.
fn block(language: &str, index: usize) -> String {
    let page = support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diff.md"));
    let start = format!("```{language}\n");
    let part = page.split(&start).nth(index + 1).expect(language);
    part.split("```").next().expect("its end").to_owned()
}

#[test]
fn the_example_is_what_comes_of_its_files() {
    let place = Place::empty()
        .with("old.yaml", block("yaml", 0))
        .with("policy.yaml", block("yaml", 1))
        .with("history.jsonl", block("json", 0));
    let command = block("console", 0);
    let arguments = command.trim().strip_prefix("$ gonogo ").expect("a command");
    let run = place.run(arguments);
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert_eq!(run.stdout, block("text", 0), "{}", run.transcript);
    assert_eq!(run.stderr, "");
}
