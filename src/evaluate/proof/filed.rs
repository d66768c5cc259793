//! Facts put where they are looked for: by the rule or the id they name, and by the item. Every fact stands in one place,
//! so that a rule never goes through those of another. Nothing is judged here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::snapshot::facts::{Evidence, Facts, Kind, Record, Statement};

/// Facts of one rule or id, by the item they are about, each list in the order of time.
pub type Keyed<T> = BTreeMap<Option<Arc<str>>, Vec<Arc<T>>>;

/// All facts of a history.
#[derive(Clone, Debug, Default)]
pub struct Filed {
    statements: BTreeMap<(Kind, Arc<str>), Keyed<Statement>>,
    evidence: BTreeMap<Arc<str>, Keyed<Evidence>>,
    records: Vec<Arc<Record>>,
}

impl Filed {
    /// These facts, which are in the order of time.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let mut filed = Self {
            records: facts.records.clone(),
            ..Self::default()
        };
        for statement in &facts.statements {
            let of = (statement.kind, Arc::clone(&statement.rule));
            let keyed = filed.statements.entry(of).or_default();
            let list = keyed.entry(statement.key.clone()).or_default();
            list.push(Arc::clone(statement));
        }
        for evidence in &facts.evidence {
            let keyed = filed.evidence.entry(Arc::clone(&evidence.id)).or_default();
            let list = keyed.entry(evidence.key.clone()).or_default();
            list.push(Arc::clone(evidence));
        }
        filed
    }

    /// What was said of a rule.
    #[must_use]
    pub fn statements(&self, kind: Kind, rule: &Arc<str>) -> Option<&Keyed<Statement>> {
        self.statements.get(&(kind, Arc::clone(rule)))
    }

    /// The commands that were run for an id.
    #[must_use]
    pub fn evidence(&self, id: &Arc<str>) -> Option<&Keyed<Evidence>> {
        self.evidence.get(id)
    }

    /// Earlier verdicts in the order of time.
    #[must_use]
    pub fn records(&self) -> &[Arc<Record>] {
        &self.records
    }

    /// The kinds and rules that something was said of.
    pub fn named(&self) -> impl Iterator<Item = (Kind, &Arc<str>, &Keyed<Statement>)> {
        self.statements
            .iter()
            .map(|((kind, rule), keyed)| (*kind, rule, keyed))
    }

    /// The ids that commands were run for.
    pub fn ids(&self) -> impl Iterator<Item = (&Arc<str>, &Keyed<Evidence>)> {
        self.evidence.iter()
    }
}
