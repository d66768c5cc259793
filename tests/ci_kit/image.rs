//! The image's recipe: what it copies is all that the binary is built of.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::at;
use crate::support::read;

/// What is copied out of the repository.
fn copied() -> Vec<String> {
    let recipe = read(&at("Dockerfile"));
    let lines = recipe.lines().filter_map(|line| line.strip_prefix("COPY "));
    let lines = lines.filter(|line| !line.starts_with("--from"));
    let names = lines.flat_map(|line| {
        let mut words: Vec<&str> = line.split(' ').collect();
        words.pop();
        words.into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    names.collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let path = entry.expect("an entry").path();
            copy(&path, &to.join(path.file_name().expect("a name")));
        }
    } else {
        std::fs::copy(from, to).expect("a copy");
    }
}

#[test]
fn every_text_that_the_binary_has_in_it_is_copied() {
    let copied = copied();
    assert!(copied.contains(&"src".to_owned()), "{copied:?}");
    let mut found = Vec::new();
    sources(&at("src"), &mut found);
    let mut seen = 0;
    for file in found {
        let text = read(&file);
        for macro_name in [
            "include_str!(\"",
            "include_str!(concat!(\"",
            "include_bytes!(\"",
        ] {
            for named in text.split(macro_name).skip(1) {
                let named = named.split('"').next().expect("a name");
                let path = file.parent().expect("a folder").join(named);
                let path = path
                    .canonicalize()
                    .unwrap_or_else(|_| panic!("{}: {named}", file.display()));
                let root = at(".").canonicalize().expect("the repository");
                let below = path.strip_prefix(root).expect("in the repository");
                let there = copied.iter().any(|copied| below.starts_with(copied));
                assert!(there, "{} is not copied", below.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 8, "{seen}");
    // And what is not ignored is what is copied.
    let ignored = read(&at(".dockerignore"));
    let mut kept: Vec<&str> = ignored
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    let mut copied: Vec<&str> = copied.iter().map(String::as_str).collect();
    kept.sort_unstable();
    copied.sort_unstable();
    assert_eq!(kept, copied);
}

#[test]
fn cargo_takes_what_is_copied_for_a_package() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in copied() {
        copy(&at(&name), &folder.path().join(&name));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--offline",
            "--locked",
            "--no-deps",
            "--format-version",
            "1",
        ])
        .current_dir(folder.path())
        .output()
        .expect("cargo");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn it_runs_as_nobody_and_has_nothing_but_the_binary() {
    let recipe = read(&at("Dockerfile"));
    let (_, image) = recipe
        .split_once("\nFROM scratch\n")
        .expect("an empty image");
    for line in [
        "USER 65532:65532",
        "ENTRYPOINT [\"/gonogo\"]",
        "WORKDIR /work",
    ] {
        assert!(image.lines().any(|own| own == line), "{line}");
    }
    // Without arguments the program ends with a code of its own: no default may turn that into a success.
    assert!(!image.contains("CMD"), "{image}");
    assert!(!image.contains("RUN"), "{image}");
}
