//! A record that was computed again: what differs, for people and for programs. Never says which of the two is right.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value as Json;

use super::clip;
use super::text::printable;
use crate::expr::shortened;
use crate::source::visible::pretty;
use crate::verdict::differ::{Difference, differences};
use crate::verdict::{Engine, Verdict};

/// How much of a value is shown.
const SHOWN: usize = 100;

/// What came of computing a record again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replayed {
    /// Whether every field that counts is the same.
    pub same: bool,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What the record was computed by.
    pub engine: Engines,
    /// Whom and what it is about.
    #[serde(skip)]
    head: String,
}

/// The program that computed a record, and the one that computed it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Engines {
    /// The one of the record.
    pub recorded: Engine,
    /// This one.
    pub now: Engine,
}

impl Replayed {
    /// A record beside what comes of it now.
    #[must_use]
    pub fn of(recorded: &Verdict, now: &Verdict) -> Self {
        let differences = differences(recorded, now);
        let named: Vec<String> = recorded.subject.named().map(clip::name).collect();
        let mut head = format!(
            "{} @ {}",
            clip::name(&recorded.policy.name),
            clip::name(&recorded.stage)
        );
        for part in [named.join(" "), recorded.now.to_string()] {
            if !part.is_empty() {
                head.push_str("   ");
                head.push_str(&part);
            }
        }
        let _ = write!(head, "   {}", recorded.verdict.name());
        Self {
            same: differences.is_empty(),
            differences,
            engine: Engines {
                recorded: recorded.engine.clone(),
                now: now.engine.clone(),
            },
            head,
        }
    }

    /// For programs: indented JSON with a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        pretty(self)
    }

    /// For people: what was another one to begin with, then field by field.
    #[must_use]
    pub fn to_text(&self) -> String {
        let word = if self.same { "SAME" } else { "DIFFERENT" };
        let mut out = format!("{word:<10}{}\n", self.head);
        let Engines { recorded, now } = &self.engine;
        if recorded != now {
            let _ = writeln!(
                out,
                "note      recorded by {} {}, computed again by {} {}",
                clip::name(&recorded.name),
                clip::name(&recorded.version),
                now.name,
                now.version
            );
        }
        if self.same {
            out.push_str("          names of files are not compared\n");
            return out;
        }
        for difference in &self.differences {
            if let Some(what) = another(difference) {
                let _ = writeln!(out, "          {what}");
            }
        }
        out.push('\n');
        for difference in &self.differences {
            let path = printable(&shortened(&difference.path, 200));
            let sides = [&difference.recorded, &difference.now].map(Option::as_ref);
            let [one, other] = match sides.map(shown) {
                // What nobody sees makes the difference.
                [one, other] if one == other => sides.map(escaped),
                shown => shown,
            };
            let line = format!("{path}: {one} → {other}");
            let _ = if line.chars().count() <= super::text::WIDTH {
                writeln!(out, "{line}")
            } else {
                writeln!(out, "{path}:\n  recorded  {one}\n  now       {other}")
            };
        }
        let count = self.differences.len();
        let what = if count == 1 {
            "difference"
        } else {
            "differences"
        };
        let _ = writeln!(out, "\n{count} {what}; names of files are not compared");
        out
    }
}

/// What a difference of a digest means.
fn another(difference: &Difference) -> Option<&'static str> {
    let given = |value: &Option<Json>| value.as_ref().is_some_and(|value| !value.is_null());
    Some(match difference.path.as_str() {
        "digests.policy" => "the policy, or a file it names, is another one",
        "digests.history" => "the snapshots say something else",
        "digests.waivers" if !given(&difference.now) => {
            "it was computed with waivers, and none are given"
        }
        "digests.waivers" if !given(&difference.recorded) => {
            "it was computed without waivers, and some are given"
        }
        "digests.waivers" => "the waivers are other ones",
        _ => return None,
    })
}

/// A value in a line, with a sign for each character that nobody sees.
fn escaped(value: Option<&Json>) -> String {
    let text = match value {
        None => return shown(None),
        Some(Json::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    shortened(&text.escape_debug().to_string(), SHOWN)
}

/// A value in a line.
fn shown(value: Option<&Json>) -> String {
    match value {
        None => "(not there)".to_owned(),
        Some(Json::String(text)) => printable(&shortened(text, SHOWN)),
        Some(value) => printable(&shortened(&value.to_string(), SHOWN)),
    }
}
