//! JSON, YAML and TOML: what stands at the path of each input.

use super::origin::Way;
use super::path::{Found, Path, place};
use super::taking::Taking;
use super::{Kind, Missed, Wanted};
use crate::source::problem::{any_error, nearest};
use crate::source::tree::{self, Node};
use crate::source::{Code, Problem, json, toml, yaml};

/// How many keys a missing one is compared with: enough for what people write.
const COMPARED: usize = 1_000;

/// Takes the values of inputs; those that are not there. Nothing where the document cannot be read.
pub(super) fn read(
    taking: &mut Taking<'_, '_>,
    kind: Kind,
    wanted: &[Wanted<'_>],
) -> Option<Vec<Missed>> {
    let root = root(taking, kind)?;
    let mut missed = Vec::new();
    for (input, origin) in wanted {
        let Way::Tree(path) = &origin.way else {
            continue;
        };
        match path.find(&root) {
            Found::At(node) => taking.put(*input, node, None),
            Found::Nowhere(node, step) => missed.push(Missed {
                input: *input,
                problem: nowhere(taking, *input, path, (node, step)),
            }),
        }
    }
    Some(missed)
}

/// The one value of a document.
fn root(taking: &mut Taking<'_, '_>, kind: Kind) -> Option<Node> {
    let source = taking.source;
    let (nodes, mut problems) = match kind {
        Kind::Yaml => yaml::parse(source),
        Kind::Toml => {
            let (node, problems) = toml::parse(source);
            (node.into_iter().collect(), problems)
        }
        _ => {
            let (node, problems) = json::parse(source);
            (node.into_iter().collect(), problems)
        }
    };
    for problem in problems
        .iter_mut()
        .filter(|problem| problem.code == Code::Empty)
    {
        problem.message = format!("`{}` has nothing in it", source.name());
        problem.help = Some("see whether what writes it has failed".to_owned());
    }
    if let Some(second) = nodes.get(1) {
        let message = format!("`{}` is more than one document", source.name());
        let problem = Problem::new(Code::WrongKind, message)
            .help("give each as a file of its own")
            .at(source, place(second), "a second one begins here");
        problems.push(problem);
    }
    let wrong = any_error(&problems);
    problems
        .into_iter()
        .for_each(|problem| taking.problem(problem));
    let root = nodes.into_iter().next().filter(|_| !wrong)?;
    if matches!(root.kind, tree::Kind::Scalar(_)) {
        let problem = Problem::new(
            Code::WrongKind,
            format!("`{}` is {}, not a map or a list", source.name(), root.describe()),
        )
        .help("give the document that the paths of `from` lead into; how it is written is told by its ending, or by --snapshot-format")
        .at(source, root.span, "all that is in it");
        taking.problem(problem);
        return None;
    }
    Some(root)
}

/// Why a path leads nowhere.
fn nowhere(
    taking: &Taking<'_, '_>,
    input: usize,
    path: &Path,
    (node, step): (&Node, usize),
) -> Problem {
    let name = taking.name(input);
    let message = format!("`{name}` has no value: `{}` leads nowhere", path.as_str());
    let before = path.before(step);
    let of = if before.is_empty() {
        "the document".to_owned()
    } else {
        format!("`{before}`")
    };
    let (label, help) = match (&node.kind, path.key(step)) {
        (tree::Kind::Map(entries), Some(key)) => {
            let first = entries.iter().take(COMPARED);
            let keys = || first.clone().map(|entry| entry.key.text.as_str());
            let help = match nearest(key, keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => listed(&of, keys()),
            };
            (format!("{of} has no `{key}`"), help)
        }
        (tree::Kind::List(items), None) => (
            format!("{of} has {}", count(items.len())),
            "items are counted from 0".to_owned(),
        ),
        (_, Some(key)) => (
            format!("{of} is {}, and has no `{key}`", node.describe()),
            "correct the path in the policy, or what writes the document".to_owned(),
        ),
        (_, None) => (
            format!("{of} is {}, not a list", node.describe()),
            "correct the path in the policy, or what writes the document".to_owned(),
        ),
    };
    Problem::new(Code::NoValue, message)
        .warning()
        .help(help)
        .at(taking.source, place(node), label)
}

fn count(items: usize) -> String {
    match items {
        0 => "no items".to_owned(),
        1 => "1 item".to_owned(),
        _ => format!("{items} items"),
    }
}

/// The first keys of a map.
fn listed<'k>(of: &str, keys: impl Iterator<Item = &'k str>) -> String {
    const MOST: usize = 8;
    let mut keys = keys.map(|key| crate::expr::shortened(key, 40));
    let first: Vec<String> = keys.by_ref().take(MOST).collect();
    if first.is_empty() {
        return "correct the path in the policy, or what writes the document".to_owned();
    }
    let more = if keys.next().is_some() { ", …" } else { "" };
    format!("{of} has {}{more}", first.join(", "))
}
