//! A patch of facts: those it names as they would have been written, with its changes, read again. What they are about
//! stays what it was. Never whether one counts.

use std::sync::Arc;

use super::read;
use super::told::{Told, entry};
use crate::snapshot::cursor::Cursor;
use crate::snapshot::facts::{Gather, Kind as Spoken, Statement, folded};
use crate::snapshot::read::Reading;
use crate::snapshot::{Facts, History, Subject};
use crate::source::Source;
use crate::source::tree::{Entry, Kind, Node};

/// Facts of one key of a snapshot while they are patched.
struct Patched<'f, T> {
    given: Vec<Item<'f, T>>,
    /// New ones, as they are written.
    added: Vec<Node>,
}

/// One that was given.
struct Item<'f, T> {
    fact: &'f Arc<T>,
    /// As it would have been written, once something changes it.
    changed: Option<Node>,
    gone: bool,
}

impl Reading<'_> {
    /// The facts of a history with what a patch says of them; none: it says nothing.
    pub fn patched_facts(
        &mut self,
        source: &Source,
        node: &Node,
        history: &History,
    ) -> Option<Facts> {
        let Kind::Map(entries) = &node.kind else {
            return None;
        };
        let of = |key: &str| entries.iter().find(|entry| entry.key.text == key);
        let given = history.facts();
        let (evidence, records) = (of("evidence"), of("records"));
        let (attested, approved) = (of("attestations"), of("approvals"));
        let said = attested.or(approved);
        evidence.or(records).or(said)?;
        // Only what is patched is gathered anew.
        self.facts = Gather::default();
        // What is added is about what the history is about.
        let about = if history.is_empty() {
            read::about(node, true)
        } else {
            history.survey(self.layout, None).subject
        };
        if let Some(entry) = evidence {
            self.section(source, entry, &given.evidence, |_| true, &about);
        }
        if said.is_some() {
            for (kind, entry) in [
                (Spoken::Attestation, attested),
                (Spoken::Approval, approved),
            ] {
                let own = |fact: &Statement| fact.kind == kind;
                match entry {
                    Some(entry) => self.section(source, entry, &given.statements, own, &about),
                    None => given
                        .statements
                        .iter()
                        .filter(|fact| own(fact))
                        .for_each(|fact| self.facts.statement(fact.as_ref().clone())),
                }
            }
        }
        if let Some(entry) = records {
            self.section(source, entry, &given.records, |_| true, &about);
        }
        let changed = self.facts();
        Some(Facts {
            evidence: evidence.map_or_else(|| given.evidence.clone(), |_| changed.evidence),
            statements: said.map_or_else(|| given.statements.clone(), |_| changed.statements),
            records: records.map_or_else(|| given.records.clone(), |_| changed.records),
            files: changed.files,
        })
    }

    /// Patches the facts of one key.
    fn section<T: Told>(
        &mut self,
        source: &Source,
        of: &Entry,
        given: &[Arc<T>],
        own: impl Fn(&T) -> bool,
        about: &Subject,
    ) {
        let key = of.key.text.as_str();
        let items = given.iter().filter(|fact| own(fact));
        let items = items.map(|fact| Item {
            fact,
            changed: None,
            gone: false,
        });
        let mut patched = Patched {
            given: items.collect(),
            added: Vec::new(),
        };
        let mut strange = None;
        match &of.value.kind {
            Kind::List(items) => items.iter().for_each(|item| patched.item(item)),
            Kind::Map(entries) => entries.iter().for_each(|entry| patched.named(entry)),
            Kind::Scalar(_) if of.value.is_null() => {
                patched.given.iter_mut().for_each(|item| item.gone = true);
            }
            Kind::Scalar(_) => strange = Some(&of.value),
        }
        let mut cursor = Cursor::beginning_at(source, of.value.span.start);
        for item in patched
            .given
            .iter()
            .filter(|item| !item.gone && item.changed.is_none())
        {
            item.fact.keep(&mut self.facts);
        }
        self.changing(source, &mut cursor, |parts| {
            if let Some(node) = strange {
                parts.kind(node, key, "a map of changes, or a list");
            }
            for item in patched.given.iter().filter(|item| !item.gone) {
                if let Some(node) = &item.changed {
                    parts.about = item.fact.about(node);
                    parts.fact(key, node);
                }
            }
            for node in &patched.added {
                parts.about = about.clone();
                parts.fact(key, node);
            }
        });
    }
}

impl<T: Told> Patched<'_, T> {
    /// What is said of those of a name.
    fn named(&mut self, entry: &Entry) {
        let name = entry.key.text.as_str();
        if entry.value.is_null() {
            let of = self
                .given
                .iter_mut()
                .filter(|item| item.fact.named() == name);
            return of.for_each(|item| item.gone = true);
        }
        self.change(name, &entry.value, Some(entry));
    }

    /// One of a list: the name stands in it.
    fn item(&mut self, node: &Node) {
        let name = node.get(T::NAME).and_then(Node::scalar);
        match name {
            Some(name) => self.change(&name.text, node, None),
            // Whoever reads it says what is missing.
            None => self.added.push(node.clone()),
        }
    }

    fn change(&mut self, name: &str, node: &Node, of: Option<&Entry>) {
        let mut known = false;
        let by = node
            .get("by")
            .and_then(Node::scalar)
            .map(|by| folded(&by.text));
        let of_it = self.given.iter_mut().filter(|item| {
            let said = item.fact.by().map(folded);
            let same = by.is_none() || said.is_none() || said == by;
            item.fact.named() == name && same && !item.gone
        });
        for item in of_it {
            known = true;
            let written = item
                .changed
                .take()
                .unwrap_or_else(|| item.fact.written(node.span));
            item.changed = Some(merged(&written, node));
        }
        if !known {
            let mut node = node.clone();
            if let (Kind::Map(entries), Some(of)) = (&mut node.kind, of)
                && !entries.iter().any(|entry| entry.key.text == T::NAME)
            {
                let mut named = entry(T::NAME, &of.key.text, of.key_span);
                named.value.span = of.key_span;
                entries.push(named);
            }
            self.added.push(node);
        }
    }
}

/// A node with a patch: null takes away, maps are merged, anything else stands in its place.
fn merged(known: &Node, patch: &Node) -> Node {
    let Kind::Map(changes) = &patch.kind else {
        return patch.clone();
    };
    let mut entries = match &known.kind {
        Kind::Map(entries) => entries.clone(),
        Kind::Scalar(_) | Kind::List(_) => Vec::new(),
    };
    let nothing = Node {
        span: patch.span,
        kind: Kind::List(Vec::new()),
    };
    for change in changes {
        let at = entries
            .iter()
            .position(|entry| entry.key.text == change.key.text);
        if change.value.is_null() {
            at.map(|at| entries.remove(at));
            continue;
        }
        let own = at.and_then(|at| entries.get_mut(at));
        match own {
            Some(own) => own.value = merged(&own.value, &change.value),
            None => entries.push(Entry {
                value: merged(&nothing, &change.value),
                ..change.clone()
            }),
        }
    }
    Node {
        span: patch.span,
        kind: Kind::Map(entries),
    }
}
