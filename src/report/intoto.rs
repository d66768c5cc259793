//! A verdict as an in-toto Statement v1, to be signed by whoever has a key: what it is about, and the record as its
//! predicate. Never signs.

use serde::Serialize;

use super::Told;
use crate::source::visible::pretty;
use crate::verdict::Verdict;
use crate::verdict::read::{PREDICATE, STATEMENT};
use crate::verdict::statement::{Resource, subject};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'v> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource>,
    predicate_type: &'static str,
    predicate: &'v Verdict,
}

/// The statement of a verdict; nothing where there is none.
#[must_use]
pub fn intoto(told: &Told<'_>) -> String {
    told.verdict.map(statement).unwrap_or_default()
}

/// The statement as indented JSON, with a line end.
#[must_use]
pub fn statement(verdict: &Verdict) -> String {
    pretty(&Statement {
        kind: STATEMENT,
        subject: subject(verdict),
        predicate_type: PREDICATE,
        predicate: verdict,
    })
}
