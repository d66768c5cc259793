//! The CI kit: what is to be copied into pipelines is parsed, and its commands are run in a folder that `init` has written.

mod action;
mod argo;
mod hooks;
mod image;
mod snippets;

use std::path::{Path, PathBuf};
use std::process::Command;

use gonogo::source::tree::{Kind, Node};
use gonogo::source::{Source, yaml};

use crate::support::place::{Place, output};
use crate::support::{read, told};

/// A path in the repository.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The documents of a file of YAML.
fn documents(path: &str) -> Vec<Node> {
    let (nodes, problems) = yaml::parse(&Source::new(path, read(&at(path))));
    assert!(problems.is_empty(), "{path}: {}", told(&problems));
    nodes
}

/// A file of YAML with one document.
fn document(path: &str) -> Node {
    let nodes = documents(path);
    assert_eq!(nodes.len(), 1, "{path}");
    nodes.into_iter().next().expect("a document")
}

/// What stands at a path of keys.
fn get<'n>(node: &'n Node, path: &str) -> &'n Node {
    path.split('/').fold(node, |node, key| {
        node.get(key)
            .unwrap_or_else(|| panic!("no `{key}` of {path}"))
    })
}

fn text(node: &Node) -> String {
    node.scalar().expect("a scalar").text.clone()
}

/// The entries of a map; of nothing none.
fn entries(node: &Node) -> Vec<(String, &Node)> {
    match &node.kind {
        Kind::Map(entries) => {
            let entries = entries.iter();
            entries
                .map(|entry| (entry.key.text.clone(), &entry.value))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn items(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List(items) => items.iter().collect(),
        _ => panic!("expected a list"),
    }
}

fn texts(node: &Node) -> Vec<String> {
    items(node).into_iter().map(text).collect()
}

/// A folder with a policy in `policies/checkout`, and the program on the path.
fn world() -> Place {
    let place = Place::empty();
    let run = place.run("init policies/checkout --ci none");
    assert_eq!(run.code, 0, "{}", run.transcript);
    place
}

/// What a script did.
struct Done {
    code: i32,
    told: String,
}

/// Runs a script of bash as GitHub does, with variables.
fn bash(script: &str, folder: &Path, variables: &[(String, String)]) -> Done {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), script).expect("a script");
    let program = Path::new(env!("CARGO_BIN_EXE_gonogo"));
    let own = program.parent().expect("a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path)));
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-eo", "pipefail"])
        .arg(file.path())
        .current_dir(folder)
        .env("PATH", path.expect("a path"))
        .env_remove("GITHUB_OUTPUT")
        .env_remove("GITHUB_STEP_SUMMARY")
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let output = output(&mut command, "");
    let mut told = String::from_utf8_lossy(&output.stdout).into_owned();
    told.push_str(&String::from_utf8_lossy(&output.stderr));
    Done {
        code: output.status.code().expect("an exit code"),
        told,
    }
}

/// What is done to a place.
type Change = fn(&Place);

/// The healthy history of a place, with its last three minutes in an error rate of six per cent.
fn spike(place: &Place) {
    edit(place, |lines| {
        for line in lines.iter_mut().rev().take(3) {
            *line = line.replace("\"error_rate\": 0.004", "\"error_rate\": 0.06");
        }
    });
}

/// The healthy history of a place, of which nine minutes are left.
fn short(place: &Place) {
    edit(place, |lines| {
        lines.drain(1..7);
    });
}

fn edit(place: &Place, change: impl FnOnce(&mut Vec<String>)) {
    let path = "policies/checkout/snapshots/healthy.jsonl";
    let history = read(&place.path().join(path));
    let mut lines: Vec<String> = history.lines().map(str::to_owned).collect();
    change(&mut lines);
    let changed = lines.join("\n") + "\n";
    assert_ne!(history, changed);
    place.write(path, changed);
}
