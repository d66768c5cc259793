//! Where a row can be in a policy, `rule:canary/errors`, and the rows that are cited there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gonogo::policy::{Duty, Policy};
use gonogo::source::tree::{Kind, Node};
use gonogo::source::{Source, yaml};

type Places = BTreeMap<String, BTreeSet<String>>;

/// All places. What a checked policy keeps is taken from it; names without a citation of their own are read in its text.
pub(super) fn of(policy: &Policy, text: &str) -> Places {
    let mut places = Places::new();
    let (nodes, problems) = yaml::parse(&Source::new("policy.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    let root = nodes.first().expect("a policy");
    declared(&mut places, root);
    stages(&mut places, policy, root);
    follow(&mut places, policy);
    places
}

fn put(places: &mut Places, place: String, cited: impl IntoIterator<Item = String>) {
    places.entry(place).or_default().extend(cited);
}

fn owned(cited: &[Arc<str>]) -> impl Iterator<Item = String> {
    cited.iter().map(ToString::to_string)
}

/// Parameters, roles, calendars and severities.
fn declared(places: &mut Places, root: &Node) {
    for (list, kind) in [
        ("params", "param"),
        ("roles", "role"),
        ("calendars", "calendar"),
    ] {
        for (name, node) in entries(root.get(list)) {
            put(places, format!("{kind}:{name}"), cited(node));
        }
    }
    for node in items(root.get("severities")) {
        put(
            places,
            format!("severity:{}", word(node, "id")),
            cited(node),
        );
    }
}

/// Rules by the stage they are written in, groups, and what a stage says of itself.
fn stages(places: &mut Places, policy: &Policy, root: &Node) {
    for node in items(root.get("stages")) {
        let name = word(node, "name");
        let stage = policy.stage(&name).expect("the stage");
        if !stage.needs.is_empty() {
            put(places, format!("needs:{name}"), cited(node));
        }
        if stage.bake.is_some() {
            put(places, format!("bake:{name}"), cited(node));
        }
        for (field, _) in &stage.fields {
            put(places, format!("record:{field}"), None);
        }
        for list in ["require", "hold", "rollback"] {
            for item in items(node.get(list)) {
                match item.get("rules") {
                    None => rule(places, policy, &name, item),
                    Some(rules) => {
                        let title = word(item, "group").replace(' ', "-");
                        put(places, format!("group:{name}/{title}"), cited(item));
                        for item in items(Some(rules)) {
                            rule(places, policy, &name, item);
                        }
                    }
                }
            }
        }
    }
}

/// A rule as the checked policy has it: what it cites there is what it says here.
fn rule(places: &mut Places, policy: &Policy, stage: &str, node: &Node) {
    let id = word(node, "id");
    let mut rules = policy.stage(stage).expect("the stage").rules.iter();
    let rule = rules.find(|rule| *rule.id == *id);
    let rule = rule.unwrap_or_else(|| panic!("{stage} has no {id}"));
    let kept: Vec<String> = owned(&rule.cite).collect();
    assert_eq!(kept, cited(node), "{stage}/{id}");
    put(places, format!("rule:{stage}/{id}"), kept);
}

/// Rows of matrices, plans and duties.
fn follow(places: &mut Places, policy: &Policy) {
    for matrix in &policy.escalation {
        let prefix = matrix.name.as_ref().map(|name| format!("{name}/"));
        let prefix = prefix.unwrap_or_default();
        for row in &matrix.rows {
            put(
                places,
                format!("escalation:{prefix}{}", row.id),
                owned(&row.cite),
            );
        }
    }
    for plan in &policy.rollback_plan {
        put(places, format!("plan:{}", plan.mode), owned(&plan.cite));
    }
    let after = &policy.after;
    for (verdict, duties) in [
        ("rollback", &after.rollback),
        ("no-go", &after.no_go),
        ("go", &after.go),
    ] {
        let cited = |duty: &Duty| owned(&duty.cite).collect::<Vec<_>>();
        put(
            places,
            format!("duty:{verdict}"),
            duties.iter().flat_map(cited),
        );
    }
}

fn entries(node: Option<&Node>) -> Vec<(String, &Node)> {
    let Some(Kind::Map(entries)) = node.map(|node| &node.kind) else {
        return Vec::new();
    };
    let named = entries.iter();
    named
        .map(|entry| (entry.key.text.clone(), &entry.value))
        .collect()
}

fn items(node: Option<&Node>) -> Vec<&Node> {
    match node.map(|node| &node.kind) {
        Some(Kind::List(items)) => items.iter().collect(),
        Some(Kind::Map(_)) => node.into_iter().collect(),
        _ => Vec::new(),
    }
}

fn word(node: &Node, key: &str) -> String {
    let scalar = node.get(key).and_then(Node::scalar);
    scalar.unwrap_or_else(|| panic!("no {key}")).text.clone()
}

/// What stands in `cite`, one or a list.
fn cited(node: &Node) -> Vec<String> {
    let cite = node.get("cite");
    let listed: Vec<&Node> = match cite.map(|node| &node.kind) {
        Some(Kind::Scalar(_)) => cite.into_iter().collect(),
        _ => items(cite),
    };
    let texts = listed.into_iter().filter_map(Node::scalar);
    texts.map(|scalar| scalar.text.clone()).collect()
}
