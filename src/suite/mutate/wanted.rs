//! What is wanted of a fixture that is to show a mutant: another verdict, another cause, or a rule in another list. Never
//! how such a fixture is found.

use std::collections::BTreeMap;

use super::alone::became;
use super::trial::notices;
use crate::evaluate::{Judgement, Subject};
use crate::policy::Policy;
use crate::policy::check::{Settings, again};
use crate::policy::document::PolicyDocument;
use crate::source::Source;
use crate::suite::expect::Expected;
use crate::suite::suggest::{Tried, Wanted};
use crate::verdict::{Cause, Decision, Status};

/// A changed policy that is to be told from the one as it is.
pub(super) struct Differs<'m> {
    source: &'m Source,
    document: PolicyDocument,
    /// The rule that alone is other in it, where it is one.
    one: Option<&'m str>,
    /// The changed policy, by the parameters that a test sets.
    policies: BTreeMap<Settings, Option<Policy>>,
}

impl<'m> Differs<'m> {
    pub(super) fn new(source: &'m Source, document: PolicyDocument, one: Option<&'m str>) -> Self {
        Self {
            source,
            document,
            one,
            policies: BTreeMap::new(),
        }
    }

    fn changed(&mut self, tried: &Tried<'_>) -> Option<&Policy> {
        let set = tried.case.test.set.iter();
        let settings: Settings = set
            .map(|(name, (value, _))| (name.clone(), value.clone()))
            .collect();
        let (source, document) = (self.source, &self.document);
        let policy = self.policies.entry(settings);
        let policy =
            policy.or_insert_with_key(|settings| again(source, document.clone(), settings));
        policy.as_ref()
    }
}

impl Wanted for Differs<'_> {
    fn shows(&mut self, tried: &Tried<'_>) -> bool {
        let one = self.one;
        let Some(changed) = self.changed(tried) else {
            return false;
        };
        let becomes = |policy: &Policy, rule: &str| became(tried.fixture, policy, rule);
        if one.is_some_and(|rule| becomes(tried.policy, rule) == becomes(changed, rule)) {
            return false;
        }
        let as_it_is = tried.fixture.judge(tried.policy);
        let as_it_becomes = tried.fixture.judge(changed);
        match (as_it_is, as_it_becomes) {
            (Ok((_, one)), Ok((_, other))) => told(&one) != told(&other),
            _ => false,
        }
    }

    fn notices(&mut self, tried: &Tried<'_>) -> bool {
        let Ok(expected) = Expected::read(tried.suite, tried.case) else {
            return false;
        };
        self.changed(tried)
            .is_some_and(|changed| notices(tried.suite, &expected, tried.fixture, changed))
    }
}

/// A rule with its item, what became of it, and what it counts for.
type Became = (String, Status, Option<(Decision, Cause)>);

/// What a test can expect of a judgement: the decision, its causes, each rule with its item and what it counts for, the
/// rows that speak.
#[derive(PartialEq)]
struct Told {
    decision: Decision,
    causes: Vec<Cause>,
    rules: Vec<Became>,
    rows: Vec<(String, bool)>,
    plan: Option<(String, String)>,
}

fn told(judgement: &Judgement<'_>) -> Told {
    let outcomes = judgement.outcomes.iter();
    let mut rules: Vec<_> = outcomes
        .map(|outcome| {
            let name = match &outcome.of {
                Subject::Rule(rule, None) => rule.id.to_string(),
                Subject::Rule(rule, Some((key, _))) => format!("{}[{key}]", rule.id),
                Subject::Bake(_) => "stage.bake".to_owned(),
                Subject::Traffic(_) => "stage.traffic".to_owned(),
                Subject::Needs(need) => format!("stage.needs {need:?}"),
                Subject::Field(name, _) => format!("record.{name}"),
            };
            (name, outcome.status, outcome.weight)
        })
        .collect();
    rules.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let rows = judgement.follows.rows.iter();
    let plan = judgement.follows.plan;
    Told {
        decision: judgement.decision,
        causes: judgement.causes.clone(),
        rules,
        rows: rows
            .map(|speaks| (speaks.row.id.to_string(), speaks.undecided))
            .collect(),
        plan: plan.map(|plan| (plan.mode.to_string(), plan.target.to_string())),
    }
}
