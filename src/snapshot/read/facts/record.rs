//! Earlier verdicts: those a snapshot lists, and the records that verdicts left. Never whether one was right.

use std::sync::Arc;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::item::{Item, text};
use crate::snapshot::Subject;
use crate::snapshot::facts::{Answer, Record};
use crate::snapshot::history::hex;
use crate::source::canonical::{canonical, value};
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem};

/// The keys of a record.
pub(super) const KEYS: [&str; 5] = ["stage", "verdict", "at", "policy", "subject"];

const ANSWERS: [(&str, Answer); 3] = [
    ("go", Answer::Go),
    ("no-go", Answer::NoGo),
    ("rollback", Answer::Rollback),
];

/// Whether a document is a verdict record: an earlier verdict, and no sample.
#[must_use]
pub fn is_record(node: &Node) -> bool {
    ["gonogo", "verdict", "findings", "digests"]
        .iter()
        .all(|key| node.get(key).is_some())
}

impl Item<'_, '_, '_> {
    /// One that a snapshot lists.
    pub(super) fn record(&mut self) {
        self.keys(&KEYS);
        let policy = self.text("policy");
        self.earlier("at", policy);
    }

    /// The document that a verdict left.
    pub(super) fn verdict(&mut self) {
        self.version();
        self.whole();
        let policy = self.get("policy").and_then(|policy| policy.get("name"));
        let policy = policy.and_then(|name| text(name, self.parts.conversion.yaml));
        self.earlier("now", policy.map(Arc::from));
    }

    /// Tells of a record that is not what was written. What is listed in a snapshot was never a record, and carries no
    /// digest; what looks like one does.
    fn whole(&mut self) {
        if !self.is_sound() {
            return;
        }
        let place = self.node.get("digests").and_then(|all| all.get("record"));
        let told = place.and_then(|node| text(node, false)).unwrap_or_default();
        let own = digest(self.node).unwrap_or_default();
        if told == own && !own.is_empty() {
            return;
        }
        let place = place.or_else(|| self.node.get("digests"));
        let span = place.map_or(self.node.span, |node| node.span);
        let problem = Problem::new(
            Code::RecordAltered,
            "the record is not what gonogo wrote: its digest is another one",
        );
        let help = "somebody has changed it since: take the record from where it was kept, or judge that stage again with `gonogo eval --record FILE`";
        self.tell(
            span,
            problem.help(help),
            format!("what it says has `{own}`"),
        );
    }

    fn earlier(&mut self, time: &str, policy: Option<Arc<str>>) {
        let stage = self.name(
            "stage",
            "name the stage that was judged: \"stage\": \"staging\"",
        );
        let help = "say what was decided: \"verdict\": \"go\", \"no-go\" or \"rollback\"";
        let answer = self.required("verdict", help);
        let answer = answer.and_then(|_| self.word("verdict", &ANSWERS));
        let about = self.subject();
        let at = self.at(time, || {
            format!("the record of `{}`", stage.as_deref().unwrap_or_default())
        });
        let Some((stage, answer)) = self.sound(stage.zip(answer)) else {
            return;
        };
        self.parts.gather(|gather, stated| {
            gather.record(Record {
                policy,
                stage,
                answer,
                at,
                about: about.unwrap_or_else(|| stated.clone()),
                place: self.place,
            });
        });
    }

    /// Whom it says it is about.
    fn subject(&mut self) -> Option<Subject> {
        let node = self.get("subject")?;
        if !matches!(node.kind, Kind::Map(_)) {
            self.wrong(node, "subject", "a map");
            return None;
        }
        let yaml = self.parts.conversion.yaml;
        let mut wrong = Vec::new();
        // A record of a verdict writes null where nothing was known.
        let subject = Subject::stated(|field| {
            let node = node.get(field).filter(|node| !node.is_null())?;
            let text = text(node, yaml);
            if text.is_none() {
                wrong.push((node, format!("subject.{field}")));
            }
            Some(text)
        });
        for (node, name) in wrong {
            self.wrong(node, &name, "a text");
        }
        Some(subject)
    }
}

/// The digest of what a record says: of all of it but of the digest itself.
fn digest(record: &Node) -> Option<String> {
    let mut record = value(record)?;
    *record.get_mut("digests")?.get_mut("record")? = Json::from("");
    let digest = Sha256::digest(canonical(&record).as_bytes());
    Some(format!("sha256:{}", hex(&digest)))
}
