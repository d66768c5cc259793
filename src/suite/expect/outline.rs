//! What a judgement says of each rule without being explained: cheap enough to be asked a thousand times a second. Never
//! decides.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::evaluate::{Judgement, Outcome, Question, Subject};
use crate::explain;
use crate::policy::Policy;
use crate::verdict::{Cause, Decision, ExitCode, Status};

/// What a judgement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The decision.
    pub decision: Decision,
    /// All that stands against a go, worst first.
    pub causes: Vec<Cause>,
    /// The exit code of the process.
    pub exit_code: u8,
    /// The stage that follows.
    pub next: Option<String>,
    /// What became of each rule and item, in no particular order.
    pub members: Vec<Member>,
}

/// What became of one rule, or of one item of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id of the rule.
    pub rule: Arc<str>,
    /// The item.
    pub key: Option<String>,
    /// What became of it.
    pub status: Status,
    /// It is only watched.
    pub watch: bool,
    /// Its failure is a hard stop.
    pub on_unmet: bool,
    /// How long its condition has the value it has.
    pub held: Option<SignedDuration>,
}

impl Outline {
    /// The outline of a judgement.
    #[must_use]
    pub fn of(policy: &Policy, question: Question<'_>, judgement: &Judgement<'_>) -> Self {
        let (decision, causes) = (judgement.decision, judgement.causes.clone());
        let code = ExitCode::of(decision, &causes, judgement.limit_exceeded());
        Self {
            decision,
            exit_code: code.code(),
            next: explain::next(policy, question, decision, &judgement.follows),
            members: judgement.outcomes.iter().map(member).collect(),
            causes,
        }
    }
}

fn member(outcome: &Outcome<'_>) -> Member {
    let rule = match &outcome.of {
        Subject::Rule(rule, _) => Some(rule),
        _ => None,
    };
    let (id, key) = explain::named(outcome);
    Member {
        rule: id,
        key,
        status: outcome.status,
        watch: rule.is_some_and(|rule| rule.watch),
        on_unmet: rule.is_some_and(|rule| rule.on_unmet),
        held: outcome.timing.held,
    }
}

impl Member {
    /// Whether it stands in the list of a status: a requirement whose failure is a hard stop is fired, and unmet too.
    #[must_use]
    pub fn is(&self, status: Status) -> bool {
        self.status == status
            || (status == Status::Fired && self.status == Status::Unmet && self.on_unmet)
    }

    /// The id, with the item where there is one.
    #[must_use]
    pub fn name(&self) -> String {
        self.key.as_ref().map_or_else(
            || self.rule.to_string(),
            |key| format!("{}[{key}]", self.rule),
        )
    }
}
