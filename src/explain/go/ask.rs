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
    /// A value that stays as it is, as all values are taken to: told where waiting is of no use otherwise.
    Stays { slot: usize, text: String },
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
    /// Limits themselves were not enough.
    pub(super) nudged: bool,
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

    /// How many values are asked for.
    pub(super) fn targets(&self) -> usize {
        let mut targets = Vec::new();
        for ask in &self.asks {
            if let Of::Value(wanted) = &ask.of
                && !targets.contains(&(wanted.target.slot, &wanted.target.path))
            {
                targets.push((wanted.target.slot, &wanted.target.path));
            }
        }
        targets.len()
    }

    /// Whether a window looks back at a value that is asked for.
    pub(super) fn looks_back(&self) -> bool {
        let over = |ask: &Ask| matches!(&ask.of, Of::Value(wanted) if wanted.target.over.is_some());
        self.asks.iter().any(over)
    }

    /// Whether an ask is for something to stay as it is, and nothing else is asked of it.
    pub(super) fn stays(&self, index: usize) -> bool {
        let Some(Of::Stays { slot, .. }) = self.asks.get(index).map(|ask| &ask.of) else {
            return false;
        };
        let moves = |ask: &Ask| matches!(&ask.of, Of::Value(wanted) if wanted.target.slot == *slot);
        !self.asks.iter().any(moves)
    }

    /// The same without one ask. What bounds a value goes together: the tighter bound hides the others, and what lies between
    /// two is not there for one of them alone.
    pub(super) fn without(&self, index: usize) -> Self {
        let mut less = self.clone();
        let gone = self.asks.get(index).map(|ask| &ask.of);
        if let Some(Of::Value(gone)) = gone
            && gone.seed.is_some()
        {
            // What else asks for a value of which nothing is known begins there as well.
            for ask in &mut less.asks {
                if let Of::Value(other) = &mut ask.of
                    && other.target.slot == gone.target.slot
                {
                    other.seed = other.seed.take().or_else(|| gone.seed.clone());
                }
            }
        }
        let goes = |at: usize, of: &Of| match (gone, of) {
            (Some(Of::Value(gone)), Of::Value(other)) => is_one(gone, other),
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

    /// Puts others where the first of some is, and leaves those out.
    pub(super) fn replace(&mut self, gone: &dyn Fn(&Ask) -> bool, others: Vec<Ask>) {
        let Some(index) = self.asks.iter().position(gone) else {
            return;
        };
        self.asks.retain(|ask| !gone(ask));
        let index = index.min(self.asks.len());
        self.asks.splice(index..index, others);
    }

    /// One more limit.
    pub(super) fn push(&mut self, ask: Ask) {
        self.asks.push(ask);
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

    /// The same with the stage entered again at another instant.
    pub(super) fn entered(&self, at: Timestamp) -> Self {
        Self {
            enters: Some(at),
            ..self.clone()
        }
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

    /// Limits themselves are not enough: what is beyond them; whether that is something new.
    pub(super) fn nudge(&mut self) -> bool {
        let mut any = false;
        for ask in &mut self.asks {
            let Of::Value(wanted) = &mut ask.of else {
                continue;
            };
            if wanted.limit.is_f64() && matches!(wanted.op.as_str(), "<=" | ">=") {
                wanted.op.pop();
                any = true;
            }
        }
        self.nudged |= any;
        any
    }

    /// The same with what one ask asks for: the limit itself included again; nothing where it asks for no less.
    pub(super) fn eased(&self, index: usize) -> Option<Self> {
        let mut eased = self.clone();
        let ask = eased.asks.get_mut(index)?;
        let Of::Value(wanted) = &mut ask.of else {
            return None;
        };
        (wanted.limit.is_f64() && matches!(wanted.op.as_str(), "<" | ">"))
            .then(|| wanted.op.push('='))?;
        Some(eased)
    }

    /// Up to a limit and not at it is told as what lies before it.
    pub(super) fn settle(&mut self) {
        let mut index = 0_usize;
        while let Some(ask) = self.asks.get(index).cloned() {
            let bound = self.asks.iter_mut().find_map(|other| {
                let rules = &mut other.rules;
                match (&ask.of, &mut other.of) {
                    (Of::Value(not), Of::Value(bound)) if leaves_out(not, bound) => {
                        Some((rules, bound))
                    }
                    _ => None,
                }
            });
            let Some((rules, bound)) = bound else {
                index = index.saturating_add(1);
                continue;
            };
            if bound.op.len() > 1 {
                bound.op.pop();
            }
            for rule in &ask.rules {
                if !rules.contains(rule) {
                    rules.push(rule.clone());
                }
            }
            self.asks.remove(index);
        }
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
        wish.values = value::values(scene, &values)?;
        for ask in &self.asks {
            match &ask.of {
                Of::Value(_) | Of::Stays { .. } => {}
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

/// Whether two are told as one: bounds of one value, whichever side they are on.
pub(super) fn is_one(a: &Wanted, b: &Wanted) -> bool {
    let bound = |wanted: &Wanted| wanted.op.starts_with(['<', '>']) && !wanted.keep;
    let here = |wanted: &Wanted| (wanted.target.slot, wanted.target.path.clone());
    beside(a, b) || bound(a) && bound(b) && here(a) == here(b)
}

/// Whether one leaves out just the limit of a bound.
fn leaves_out(not: &Wanted, bound: &Wanted) -> bool {
    let here = not.target.slot == bound.target.slot && not.target.path == bound.target.path;
    here && not.op == "!=" && not.limit == bound.limit && bound.op.starts_with(['<', '>'])
}

/// Whether two ask for the same.
fn same(a: &Of, b: &Of) -> bool {
    match (a, b) {
        (Of::Value(a), Of::Value(b)) => {
            a.target.slot == b.target.slot
                && a.target.path == b.target.path
                // What is asked for strictly is asked for all the more.
                && (a.op == b.op || b.op.strip_suffix('=') == Some(a.op.as_str()))
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
            // Who is missing can be somebody else the next time; who takes something back cannot.
            let of = |all: &[Arc<Statement>]| {
                let all = all.iter();
                all.map(|one| {
                    let by = takes_back.then(|| one.by.clone());
                    (one.rule.clone(), one.key.clone(), one.role.clone(), by)
                })
                .collect::<Vec<_>>()
            };
            back == takes_back && of(a) == of(b)
        }
        (Of::Ran { evidence: a, .. }, Of::Ran { evidence: b, .. }) => {
            a.id == b.id && a.key == b.key && a.passed == b.passed && a.environment == b.environment
        }
        (Of::Went { record: a, .. }, Of::Went { record: b, .. }) => a.stage == b.stage,
        (Of::Told { slot: a, .. }, Of::Told { slot: b, .. })
        | (Of::Stays { slot: a, .. }, Of::Stays { slot: b, .. }) => a == b,
        (Of::Enter { .. }, Of::Enter { .. }) => true,
        _ => false,
    }
}
