//! Evidence: a command that was run. Never what it is evidence of.

use super::item::Item;
use crate::expr::value::{Missing, Value};
use crate::snapshot::facts::Evidence;
use crate::snapshot::read::plain::plain;
use crate::source::tree::Kind;

/// The keys of evidence.
pub(super) const KEYS: [&str; 13] = [
    "id",
    "key",
    "status",
    "exit_code",
    "at",
    "commit",
    "environment",
    "data",
    "url",
    "command",
    "started",
    "digest",
    "by",
];

impl Item<'_, '_, '_> {
    pub(super) fn evidence(&mut self) {
        self.keys(&KEYS);
        let id = self.name("id", "say what it is evidence of: \"id\": \"unit-tests\"");
        let help = "say how it went: \"status\": \"passed\", or \"failed\"";
        let status = self.required("status", help);
        let status =
            status.and_then(|_| self.word("status", &[("passed", true), ("failed", false)]));
        let exit_code = self.int("exit_code");
        let (key, commit) = (self.key("key"), self.text("commit"));
        let (environment, url) = (self.text("environment"), self.text("url"));
        for other in ["command", "digest", "by"] {
            self.text(other);
        }
        let started = self.instant("started");
        let data = self.get("data");
        if let Some(node) = data.filter(|node| !matches!(node.kind, Kind::Map(_))) {
            self.wrong(node, "data", "a map");
        }
        let at = self.at("at", || {
            format!("evidence `{}`", id.as_deref().unwrap_or_default())
        });
        let Some((id, status)) = self.sound(id.zip(status)) else {
            return;
        };
        self.parts.gather(|gather, about| {
            gather.evidence(Evidence {
                id,
                key,
                passed: status && exit_code.is_none_or(|code| code == 0),
                exit_code,
                at,
                started,
                about: about.at_commit(commit.as_ref()),
                commit,
                environment,
                data: data.map_or(Value::Unknown(Missing::Absent), plain),
                url,
                place: self.place,
            });
        });
    }
}
