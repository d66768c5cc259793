//! What is asked for on the way to a go, and all of it as something that can be imagined. Never whether it helps.

use std::sync::Arc;

use jiff::Timestamp;

use super::Scene;
use super::need::Needs;
use super::target::Target;
use super::value;
use crate::evaluate::imagine::Wish;
use crate::expr::value::Value;
use crate::snapshot::facts::{Evidence, Record, Statement};
use crate::verdict::Lack;

/// One thing that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// The findings it is for.
    pub(super) rules: Vec<String>,
    pub(super) of: Of,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Of {
    /// A value within a limit.
    Value(Wanted),
    /// People.
    Said {
        statements: Vec<Arc<Statement>>,
        lack: Lack,
        takes_back: bool,
    },
    /// A command.
    Ran {
        evidence: Arc<Evidence>,
        lack: Lack,
        what: String,
    },
    /// Another stage.
    Went { record: Arc<Record>, lack: Lack },
    /// Something that must be told of the stage or the subject.
    Told {
        slot: usize,
        value: Value,
        lack: Lack,
    },
    /// The stage entered.
    Enter {
        /// Nobody told when it was.
        untold: bool,
    },
}

/// A value that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) target: Target,
    /// How it must compare.
    pub(super) op: String,
    pub(super) limit: serde_json::Value,
    /// What the whole input would be, where it is not known.
    pub(super) seed: Option<Value>,
    /// It stays what it is, and counts no further.
    pub(super) keep: bool,
}

/// All that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    asks: Vec<Ask>,
    grows: bool,
    /// The stage is entered again only then: what fires now must be clear before.
    enters: Option<Timestamp>,
    /// Limits themselves are not enough: a little further.
    nudged: bool,
    /// An instant was tried at which it surely is so, not the first one.
    pub(super) rough: bool,
}

impl Plan {
    pub(super) fn new(grows: bool) -> Self {
        Self {
            asks: Vec::new(),
            grows,
            enters: None,
            nudged: false,
            rough: false,
        }
    }

    pub(super) fn asks(&self) -> &[Ask] {
        &self.asks
    }

    pub(super) fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.asks.len()
    }

    /// The same without one ask. What bounds a value from one side goes together: the tighter bound hides the others.
    pub(super) fn without(&self, index: usize) -> Self {
        let mut less = self.clone();
        let gone = self.asks.get(index).map(|ask| &ask.of);
        let goes = |at: usize, of: &Of| match (gone, of) {
            (Some(Of::Value(gone)), Of::Value(other)) => beside(gone, other),
            _ => at == index,
        };
        let mut at = 0_usize;
        less.asks.retain(|ask| {
            let stays = !goes(at, &ask.of);
            at = at.saturating_add(1);
            stays
        });
        less
    }

    /// When the last of it is done.
    pub(super) fn begins(&self, scene: &Scene<'_, '_>) -> Timestamp {
        let done = scene.ahead.done();
        self.enters.filter(|_| self.is_entered()).unwrap_or(done)
    }

    /// When the stage is to be entered, where that is later.
    pub(super) fn enters(&self) -> Option<Timestamp> {
        self.enters.filter(|_| self.is_entered())
    }

    fn is_entered(&self) -> bool {
        let enters = |ask: &Ask| matches!(ask.of, Of::Enter { untold: false });
        self.asks.iter().any(enters)
    }

    /// Puts the entry off, once; whether that is something new.
    pub(super) fn put_off(&mut self, until: Option<Timestamp>) -> bool {
        let new = self.enters.is_none() && self.is_entered() && until.is_some();
        if new {
            self.enters = until;
        }
        new
    }

    /// Values a little beyond their limits, once.
    pub(super) fn nudge(&mut self) -> bool {
        let any = self
            .asks
            .iter()
            .any(|ask| matches!(&ask.of, Of::Value(wanted) if wanted.limit.is_f64()));
        !std::mem::replace(&mut self.nudged, true) && any
    }

    /// Takes in what is needed; whether any of it is new.
    pub(super) fn take(&mut self, needs: Needs) -> bool {
        let mut new = false;
        self.rough |= needs.rough;
        for ask in needs.asks {
            match self.asks.iter_mut().find(|have| same(&have.of, &ask.of)) {
                Some(have) => {
                    for rule in ask.rules {
                        if !have.rules.contains(&rule) {
                            have.rules.push(rule);
                        }
                    }
                }
                None => {
                    self.asks.push(ask);
                    new = true;
                }
            }
        }
        new
    }

    /// All of it as something that can be imagined; where there is no such value, the finding that asks for it last.
    pub(super) fn wish(&self, scene: &Scene<'_, '_>) -> Result<Wish, String> {
        let mut wish = Wish {
            grows: self.grows,
            ..Wish::default()
        };
        let begins = self.begins(scene);
        let values = self.asks.iter().filter_map(|ask| match &ask.of {
            Of::Value(wanted) => Some((wanted, ask)),
            _ => None,
        });
        let values: Vec<(&Wanted, &Ask)> = values.collect();
        wish.values = value::values(scene, &values, self.nudged)?;
        for ask in &self.asks {
            match &ask.of {
                Of::Value(_) => {}
                Of::Said { statements, .. } => {
                    wish.statements.extend(statements.iter().map(|one| {
                        Arc::new(Statement {
                            at: Some(begins),
                            ..Statement::clone(one)
                        })
                    }));
                }
                Of::Ran { evidence, .. } => wish.evidence.push(Arc::new(Evidence {
                    at: Some(begins),
                    ..Evidence::clone(evidence)
                })),
                Of::Went { record, .. } => wish.records.push(Arc::new(Record {
                    at: Some(begins),
                    ..Record::clone(record)
                })),
                Of::Told { slot, value, .. } => wish.values.push((*slot, value.clone())),
                Of::Enter { .. } => wish.enters = Some(begins),
            }
        }
        Ok(wish)
    }
}

/// Whether two bound the same value from the same side.
pub(super) fn beside(a: &Wanted, b: &Wanted) -> bool {
    let side = |op: &str| op.chars().next();
    let here = |target: &Target| (target.slot, target.path.clone());
    here(&a.target) == here(&b.target) && side(&a.op) == side(&b.op) && {
        let bounds = matches!(side(&a.op), Some('<' | '>'));
        bounds || a.limit == b.limit
    }
}

/// Whether two ask for the same.
fn same(a: &Of, b: &Of) -> bool {
    match (a, b) {
        (Of::Value(a), Of::Value(b)) => {
            a.target.slot == b.target.slot
                && a.target.path == b.target.path
                && a.op == b.op
                && a.limit == b.limit
        }
        (
            Of::Said {
                statements: a,
                takes_back: back,
                ..
            },
            Of::Said {
                statements: b,
                takes_back,
                ..
            },
        ) => {
            let of = |all: &[Arc<Statement>]| {
                let all = all.iter();
                all.map(|one| (one.rule.clone(), one.key.clone(), one.role.clone()))
                    .collect::<Vec<_>>()
            };
            back == takes_back && of(a) == of(b)
        }
        (Of::Ran { evidence: a, .. }, Of::Ran { evidence: b, .. }) => {
            a.id == b.id && a.key == b.key && a.passed == b.passed && a.environment == b.environment
        }
        (Of::Went { record: a, .. }, Of::Went { record: b, .. }) => a.stage == b.stage,
        (Of::Told { slot: a, .. }, Of::Told { slot: b, .. }) => a == b,
        (Of::Enter { .. }, Of::Enter { .. }) => true,
        _ => false,
    }
}
