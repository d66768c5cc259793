//! The hooks of pre-commit: they are declared as it asks, and run over changed files as it would run them.

use std::path::Path;

use gonogo::source::tree::Node;
use regex::Regex;

use super::{document, get, items, text, world};
use crate::support::place::{Place, Run};

/// All files below a folder, as git names them.
fn files(folder: &Path, root: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, root, found);
        } else {
            let name = path.strip_prefix(root).expect("below");
            found.push(name.display().to_string());
        }
    }
    found.sort();
}

/// Runs a hook over what changed; nothing where it has nothing to do.
fn run(hook: &Node, place: &Place, changed: &[String]) -> Option<Run> {
    let pattern = Regex::new(&text(get(hook, "files"))).expect("a pattern");
    let matching: Vec<&str> = changed
        .iter()
        .map(String::as_str)
        .filter(|file| pattern.is_match(file))
        .collect();
    if matching.is_empty() {
        return None;
    }
    let entry = text(get(hook, "entry"));
    let mut words = entry.split(' ');
    assert_eq!(words.next(), Some("gonogo"));
    let mut arguments: Vec<&str> = words.collect();
    let named = hook.get("pass_filenames").map(text);
    match named.as_deref() {
        None => arguments.extend(matching),
        Some("false") => {}
        Some(other) => panic!("{other}"),
    }
    Some(place.call(&arguments))
}

fn hook<'n>(hooks: &'n Node, id: &str) -> &'n Node {
    let hooks = items(hooks);
    let found = hooks.iter().find(|hook| text(get(hook, "id")) == id);
    found.unwrap_or_else(|| panic!("no hook `{id}`"))
}

#[test]
fn they_are_declared_as_pre_commit_asks() {
    let hooks = document(".pre-commit-hooks.yaml");
    let ids: Vec<String> = items(&hooks)
        .iter()
        .map(|hook| text(get(hook, "id")))
        .collect();
    assert_eq!(
        ids,
        [
            "gonogo-check",
            "gonogo-test",
            "gonogo-check-system",
            "gonogo-test-system"
        ]
    );
    for id in &ids[..2] {
        let (built, system) = (hook(&hooks, id), hook(&hooks, &format!("{id}-system")));
        assert_eq!(
            (text(get(built, "language")), text(get(system, "language"))),
            ("rust".into(), "system".into())
        );
        for key in ["entry", "files", "name"] {
            assert_eq!(text(get(built, key)), text(get(system, key)), "{id}: {key}");
        }
    }
    let config = document("docs/ci/pre-commit-config.yaml");
    for repository in items(get(&config, "repos")) {
        for used in items(get(repository, "hooks")) {
            hook(&hooks, &text(get(used, "id")));
        }
        assert_eq!(
            text(get(repository, "rev")),
            format!("v{}", env!("CARGO_PKG_VERSION"))
        );
    }
}

#[test]
fn they_run_over_what_changed() {
    let hooks = document(".pre-commit-hooks.yaml");
    let (check, test) = (hook(&hooks, "gonogo-check"), hook(&hooks, "gonogo-test"));
    let place = world().with("src/main.rs", "").with("other.yaml", "a: 1\n");
    let mut all = Vec::new();
    files(place.path(), place.path(), &mut all);
    let passed = |run: Option<Run>| run.map(|run| (run.code, run.transcript));
    for hook in [check, test] {
        let (code, told) = passed(run(hook, &place, &all)).expect("something to do");
        assert_eq!(code, 0, "{told}");
        for other in [
            "src/main.rs",
            "other.yaml",
            "policy.yaml.orig",
            "my-policy.yamlet",
        ] {
            assert!(run(hook, &place, &[other.to_owned()]).is_none(), "{other}");
        }
    }
    // Of a suite only its tests are run, and a history is part of one.
    for changed in [
        "policies/checkout/tests/policy.test.yaml",
        "policies/checkout/snapshots/healthy.jsonl",
    ] {
        assert!(run(check, &place, &[changed.to_owned()]).is_none());
        assert_eq!(
            run(test, &place, &[changed.to_owned()]).map(|run| run.code),
            Some(0)
        );
    }
    let policy = "policies/checkout/policy.yaml".to_owned();
    let text = crate::support::read(&place.path().join(&policy));
    // A typo, a lint, and a limit that only a test knows.
    for (from, to, checked, tested) in [
        ("expr: error_rate >=", "expr: eror_rate >=", 1, 3),
        (
            "  requests: {",
            "  unused: {type: int}\n  requests: {",
            1,
            0,
        ),
        ("q(\"5%\")", "q(\"6%\")", 0, 1),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        place.write(&policy, changed);
        let of = |hook| run(hook, &place, std::slice::from_ref(&policy)).map(|run| run.code);
        assert_eq!((of(check), of(test)), (Some(checked), Some(tested)), "{to}");
    }
    // Two policies are two arguments.
    place.write(&policy, &text);
    place.write("policies/other/policy.yaml", &text);
    let both = [policy, "policies/other/policy.yaml".to_owned()];
    let run = run(check, &place, &both).expect("a run");
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.transcript);
}
