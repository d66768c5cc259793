//! Facts of a document: evidence, attestations, approvals and earlier verdicts, each mistake at its place. Never whether
//! one counts.

mod evidence;
mod item;
mod record;
mod statement;

use super::parts::Parts;
use crate::snapshot::Subject;
use crate::snapshot::facts::Kind as Statement;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem};
use item::Item;
pub use record::is_record;

/// The keys that give facts.
const FACTS: [&str; 4] = ["evidence", "attestations", "approvals", "records"];

/// The keys that facts of any kind have.
pub fn keys() -> impl Iterator<Item = &'static str> {
    let all = evidence::KEYS.iter().chain(&statement::KEYS);
    all.chain(&record::KEYS).copied()
}

/// Whether a document gives facts and nothing that needs an instant of its own.
pub(super) fn only(entries: &[Entry]) -> bool {
    let beside = |entry: &Entry| match entry.key.text.as_str() {
        "subject" => true,
        key => FACTS.contains(&key) || key.starts_with("x-"),
    };
    any(entries) && entries.iter().all(beside)
}

/// Whether a document gives facts.
pub(super) fn any(entries: &[Entry]) -> bool {
    let given = |entry: &Entry| FACTS.contains(&entry.key.text.as_str());
    entries.iter().any(given)
}

/// What a document states of its subject, which its facts are about.
pub(super) fn about(node: &Node, yaml: bool) -> Subject {
    Subject::stated(|field| {
        let node = node.get("subject")?.get(field)?;
        Some(item::text(node, yaml))
    })
}

impl Parts<'_, '_> {
    /// Reads the facts of one entry of a document.
    pub(super) fn facts(&mut self, entry: &Entry) {
        let list = match &entry.value.kind {
            Kind::List(items) => items.as_slice(),
            _ if entry.value.is_null() => &[],
            _ => return self.kind(&entry.value, &entry.key.text, "a list"),
        };
        list.iter()
            .for_each(|node| self.fact(&entry.key.text, node));
    }

    /// Reads one fact of a key.
    pub(super) fn fact(&mut self, key: &str, node: &Node) {
        let (what, read): (&str, fn(&mut Item<'_, '_, '_>)) = match key {
            "evidence" => ("evidence", |item| item.evidence()),
            "attestations" => ("an attestation", |item| {
                item.statement(Statement::Attestation);
            }),
            "approvals" => ("an approval", |item| item.statement(Statement::Approval)),
            _ => ("a record", |item| item.record()),
        };
        match &node.kind {
            Kind::Map(entries) => read(&mut Item::new(self, what, node, entries)),
            _ => self.not_a_fact(node, what),
        }
    }

    fn not_a_fact(&mut self, node: &Node, what: &str) {
        let message = format!("{what} is a map, not {}", node.describe());
        let help = match what {
            "evidence" => "write {\"id\": \"unit-tests\", \"status\": \"passed\", \"at\": \"…\"}",
            "a record" => "write {\"stage\": \"staging\", \"verdict\": \"go\", \"at\": \"…\"}",
            _ => "write {\"rule\": \"cab\", \"by\": \"ada\", \"at\": \"…\"}",
        };
        let problem = Problem::new(Code::WrongKind, message).help(help);
        let problem = problem.at(self.conversion.source, node.span, "expected a map");
        self.conversion.problems.push(problem);
    }

    /// Reads a whole document that is a verdict record.
    pub(super) fn verdict(&mut self, node: &Node, entries: &[Entry]) {
        Item::new(self, "a verdict record", node, entries).verdict();
    }
}
