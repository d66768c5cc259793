//! The pages of `docs` against what they speak of.

use std::path::Path;

use crate::support;

/// The names in the tables of functions, as the source has them: `"name" run {`.
fn functions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/expr/functions");
    let entries = std::fs::read_dir(&folder).expect("the functions");
    let mut names = Vec::new();
    for entry in entries {
        let text = support::read(&entry.expect("a file").path());
        let tables = text.split("\ntable! {").skip(1);
        for line in tables.flat_map(|table| table.split("\n}").next().unwrap_or_default().lines()) {
            let name = line
                .trim()
                .strip_prefix('"')
                .and_then(|rest| rest.split_once('"'));
            names.extend(name.map(|(name, _)| name.to_owned()));
        }
    }
    names.sort();
    names
}

#[test]
fn every_function_is_on_the_page_of_expressions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = support::read(&root.join("docs/expressions.md"));
    let names = functions();
    assert!(names.len() > 60, "hardly a function: {names:?}");
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_window_is_on_the_page_of_expressions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = support::read(&root.join("docs/expressions.md"));
    let source = support::read(&root.join("src/expr/check/windows.rs"));
    let list = source
        .split_once("WINDOWS: &[&str] = &[")
        .expect("the methods")
        .1;
    let list = list.split_once(']').expect("the end of the methods").0;
    let names: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(names.len(), 19, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}(")), "{name}");
    }
}
