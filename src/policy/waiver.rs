//! Waivers: what somebody answers for setting aside, until when. Never whether a rule needed one.

use std::sync::Arc;

use jiff::Timestamp;

use crate::snapshot::Subject;

/// A rule of a stage that is set aside for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: Arc<str>,
    /// The item of a rule that speaks for each; none: all of them.
    pub key: Option<Arc<str>>,
    /// The stage.
    pub stage: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
    /// Who asked for it, and answers for it.
    pub owner: Arc<str>,
    /// Who allowed it.
    pub approved_by: Arc<str>,
    /// From when on it does not count any more.
    pub expires: Timestamp,
    /// What it is for; empty: whatever is rolled out.
    pub subject: Subject,
    /// Where it stands, for people.
    pub place: Arc<str>,
}
