//! Waivers: what somebody answers for setting aside, until when. Never whether a rule needed one.

mod check;
pub mod document;

use std::sync::Arc;

use jiff::Timestamp;

use super::Policy;
use crate::snapshot::{Format, Subject};
use crate::source::tree::Node;
use crate::source::{Label, Problem, Source};
pub use document::WaiversShape;

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
    /// Where it stands: its rule.
    pub place: Label,
}

/// Reads waivers, in JSON or YAML, and holds them against a policy: all that is wrong with them, and those that are right.
/// One for a rule or a stage that there is not is right, and told: the policy may have changed since.
#[must_use]
pub fn read(source: &Source, format: Format, policy: &Policy) -> (Vec<Waiver>, Vec<Problem>) {
    let (documents, problems) = document::read(source, format);
    check::check(source, documents, policy, problems)
}

/// The same of waivers that stand in a document in YAML that is something else as a whole.
#[must_use]
pub fn read_node(source: &Source, node: &Node, policy: &Policy) -> (Vec<Waiver>, Vec<Problem>) {
    let (documents, problems) = document::read_node(source, node);
    check::check(source, documents, policy, problems)
}

impl Waiver {
    /// The rule, with its item where it names one.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.key {
            Some(key) => format!("{}[{key}]", self.rule),
            None => self.rule.to_string(),
        }
    }
}
