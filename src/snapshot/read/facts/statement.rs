//! What somebody says of a rule: attestations and approvals. Never whether they may.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::item::Item;
use crate::snapshot::facts::{Decision, Kind, Statement};
use crate::source::hidden::blank;
use crate::source::tree::Kind as Shape;

/// The keys of a statement.
pub(super) const KEYS: [&str; 12] = [
    "rule", "key", "by", "role", "at", "stage", "commit", "expires", "fields", "decision", "url",
    "note",
];

const ATTESTED: [(&str, Decision); 2] = [
    ("attested", Decision::Given),
    ("withdrawn", Decision::Withdrawn),
];

const DECIDED: [(&str, Decision); 3] = [
    ("approved", Decision::Given),
    ("rejected", Decision::Rejected),
    ("withdrawn", Decision::Withdrawn),
];

impl Item<'_, '_, '_> {
    pub(super) fn statement(&mut self, kind: Kind) {
        self.keys(&KEYS);
        let rule = self.name(
            "rule",
            "name the rule it is about: \"rule\": \"rollback-drill\"",
        );
        let by = self.name("by", "name the person: \"by\": \"ada\"");
        let decision = match kind {
            Kind::Attestation if self.get("decision").is_none() => Some(Decision::Given),
            Kind::Attestation => self.word("decision", &ATTESTED),
            Kind::Approval => {
                let help = "write \"decision\": \"approved\", \"rejected\" or \"withdrawn\"";
                let written = self.required("decision", help);
                written.and_then(|_| self.word("decision", &DECIDED))
            }
        };
        let (key, role) = (self.key("key"), self.text("role"));
        let (stage, commit) = (self.text("stage"), self.text("commit"));
        let url = self.text("url");
        self.text("note");
        let expires = self.instant("expires");
        let fields = self.fields();
        let at = self.at("at", || {
            let what = match kind {
                Kind::Attestation => "attestation",
                Kind::Approval => "approval",
            };
            let text =
                |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().trim().to_owned();
            format!("the {what} of `{}` by `{}`", text(&rule), text(&by))
        });
        let Some(((rule, by), decision)) = self.sound(rule.zip(by).zip(decision)) else {
            return;
        };
        self.parts.gather(|gather, about| {
            gather.statement(Statement {
                kind,
                rule,
                key,
                by,
                role,
                at,
                stage,
                about: about.at_commit(commit.as_ref()),
                expires,
                fields,
                decision,
                url,
                place: self.place,
            });
        });
    }

    /// What was filled in.
    fn fields(&mut self) -> BTreeMap<Arc<str>, Arc<str>> {
        let mut fields = BTreeMap::new();
        let Some(node) = self.get("fields") else {
            return fields;
        };
        let Shape::Map(entries) = &node.kind else {
            self.wrong(node, "fields", "a map");
            return fields;
        };
        for entry in entries {
            let key = entry.key.text.as_str();
            match entry.value.scalar() {
                Some(_) if entry.value.is_null() => {}
                Some(scalar) if blank(&scalar.text) => {}
                Some(scalar) => {
                    fields.insert(Arc::from(key), Arc::from(scalar.text.as_str()));
                }
                None => self.wrong(&entry.value, &format!("fields.{key}"), "a single value"),
            }
        }
        fields
    }
}
