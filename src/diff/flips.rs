//! Which verdicts differ between two policies, sample by sample, as runs of samples with the same two verdicts. Never
//! judges: it is given what was judged.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::difference::Direction;
use crate::evaluate::{Judgement, Outcome, Question};
use crate::explain::{Digested, explain_digested, finding, reason};
use crate::policy::Policy;
use crate::verdict::{Cause, Decision, Finding};

/// How many runs are told with what was measured; of those beyond, the rules and what became of them.
const EXPLAINED: usize = 100;

/// What two policies come to over recorded snapshots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Flips {
    /// The first sample.
    pub from: Option<Timestamp>,
    /// The last sample.
    pub to: Option<Timestamp>,
    /// How many samples there are.
    pub samples: u64,
    /// Samples at which both come to the same verdict.
    pub same: u64,
    /// Samples at which the new policy lets more pass.
    pub looser: u64,
    /// Samples at which it lets less pass.
    pub tighter: u64,
    /// Samples in a stage that only one of the two policies can judge.
    pub one_sided: u64,
    /// Samples that neither can judge.
    pub neither: u64,
    /// Samples later than the last verdict.
    pub later: u64,
    /// Where the verdicts differ, the worst first.
    pub runs: Vec<Run>,
    /// Why samples could not be judged, each once.
    pub notes: Vec<String>,
}

/// Samples in a row with the same two verdicts, which differ.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// The stage.
    pub stage: String,
    /// The first sample.
    pub from: Timestamp,
    /// The last one.
    pub to: Timestamp,
    /// How many there are; 0: the instant of the last verdict, after all samples.
    pub samples: u64,
    /// The verdict of the old policy; none: it cannot judge the stage.
    pub old: Option<Decision>,
    /// That of the new policy.
    pub new: Option<Decision>,
    /// Whether more passes.
    pub direction: Direction,
    /// The rules that make the difference.
    pub because: Vec<Because>,
}

/// A rule that makes a difference.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Because {
    /// Its id, with the item where it speaks for each.
    pub rule: String,
    /// What it is under the old policy; none: there is no such rule.
    pub old: Option<Told>,
    /// What it is under the new one.
    pub new: Option<Told>,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Told {
    /// Its status.
    pub status: String,
    /// What was measured, where that is told.
    pub reason: Option<String>,
}

/// What one policy says at an instant.
pub enum Says<'p> {
    /// A verdict.
    Judged(&'p Policy, Question<'p>, Box<Judgement<'p>>),
    /// Why there is none.
    Not(String),
}

/// The comparison on its way.
#[derive(Debug, Default)]
pub struct Watch {
    flips: Flips,
    open: Option<Run>,
    explained: usize,
}

impl Watch {
    /// Takes in what both policies say at the next sample.
    pub fn sample(&mut self, at: Timestamp, old: Says<'_>, new: Says<'_>) {
        let flips = &mut self.flips;
        flips.from = flips.from.or(Some(at));
        flips.to = Some(at);
        flips.samples = flips.samples.saturating_add(1);
        let (was, is) = (old.decision(), new.decision());
        let direction = direction(was, is);
        let count = match direction {
            None if was.is_none() => &mut flips.neither,
            None => &mut flips.same,
            Some(Direction::Loosened) => &mut flips.looser,
            Some(Direction::Tightened) => &mut flips.tighter,
            Some(_) => &mut flips.one_sided,
        };
        *count = count.saturating_add(1);
        for says in [&old, &new] {
            self.note(says);
        }
        let Some(direction) = direction else {
            return self.close();
        };
        let stage = old.stage().or(new.stage()).unwrap_or_default();
        let same = |run: &Run| (run.old, run.new, &run.stage) == (was, is, &stage);
        if !self.open.as_ref().is_some_and(same) {
            self.close();
            self.open = Some(Run {
                stage,
                from: at,
                to: at,
                samples: 0,
                old: was,
                new: is,
                direction,
                because: Vec::new(),
            });
        }
        self.goes_on(at, old, new);
    }

    /// Samples later than the last verdict.
    pub fn later(&mut self) {
        self.flips.later = self.flips.later.saturating_add(1);
    }

    /// Takes in what both say at an instant after all samples.
    pub fn end(&mut self, at: Timestamp, old: Says<'_>, new: Says<'_>) {
        self.close();
        let counts = self.flips.clone();
        self.sample(at, old, new);
        if let Some(run) = &mut self.open {
            run.samples = 0;
        }
        // It is no sample: only its verdict is told.
        let Flips { runs, notes, .. } = std::mem::take(&mut self.flips);
        self.flips = Flips {
            runs,
            notes,
            ..counts
        };
    }

    /// All that was found, the worst first.
    #[must_use]
    pub fn finish(mut self) -> Flips {
        self.close();
        self.flips.runs.sort_by_key(|run| (rank(run), run.from));
        self.flips
    }

    fn close(&mut self) {
        self.flips.runs.extend(self.open.take());
    }

    fn note(&mut self, says: &Says<'_>) {
        if let Says::Not(why) = says
            && !self.flips.notes.iter().any(|known| known == why)
        {
            self.flips.notes.push(why.clone());
        }
    }

    fn goes_on(&mut self, at: Timestamp, old: Says<'_>, new: Says<'_>) {
        let Some(run) = &mut self.open else { return };
        let begins = run.samples == 0;
        (run.to, run.samples) = (at, run.samples.saturating_add(1));
        let (was, is) = (old.deciding(), new.deciding());
        let news = differing(&was, &is)
            .into_iter()
            .filter(|name| !run.because.iter().any(|known| known.rule == *name));
        let news: Vec<String> = news.collect();
        if news.is_empty() {
            return;
        }
        let explains = self.explained < EXPLAINED;
        if begins && explains {
            self.explained = self.explained.saturating_add(1);
        }
        let (was, is) = (old.told(&news, explains), new.told(&news, explains));
        let because = news.into_iter().zip(was.into_iter().zip(is));
        run.because
            .extend(because.map(|(rule, (old, new))| Because { rule, old, new }));
    }
}

/// What decides a verdict: each with its name, and what it counts for.
type Deciding = Vec<(String, Option<(Decision, Cause)>)>;

/// The name under which a gate that asks for nothing is told.
const EMPTY: &str = "empty";

/// The names of what weighs something else under the other policy.
fn differing(old: &Deciding, new: &Deciding) -> Vec<String> {
    let weight = |all: &Deciding, name: &str| {
        let found = all.iter().find(|(known, _)| known == name);
        found.and_then(|(_, weight)| weight.map(|(decision, _)| decision))
    };
    let names = old.iter().chain(new).map(|(name, _)| name);
    let mut names: Vec<&String> = names
        .filter(|name| weight(old, name) != weight(new, name))
        .collect();
    names.sort();
    names.dedup();
    // What weighs most is told first.
    names.sort_by_key(|name| std::cmp::Reverse(weight(old, name).max(weight(new, name))));
    names.into_iter().cloned().collect()
}

impl Says<'_> {
    fn decision(&self) -> Option<Decision> {
        match self {
            Self::Judged(_, _, judgement) => Some(judgement.decision),
            Self::Not(_) => None,
        }
    }

    fn stage(&self) -> Option<String> {
        match self {
            Self::Judged(_, question, _) => Some(question.stage.name.to_string()),
            Self::Not(_) => None,
        }
    }

    fn deciding(&self) -> Deciding {
        let Self::Judged(_, _, judgement) = self else {
            return Vec::new();
        };
        let counts = |outcome: &&Outcome<'_>| outcome.weight.is_some();
        let outcomes = judgement.outcomes.iter().filter(counts);
        let named = outcomes.map(|outcome| (finding::name(outcome), outcome.weight));
        let empty = judgement.causes.contains(&Cause::Empty);
        let empty = empty.then(|| (EMPTY.to_owned(), Some((Decision::NoGo, Cause::Empty))));
        named.chain(empty).collect()
    }

    /// What became of some rules; with what was measured where it is to be explained.
    fn told(self, names: &[String], explained: bool) -> Vec<Option<Told>> {
        let Self::Judged(policy, question, mut judgement) = self else {
            return names.iter().map(|_| None).collect();
        };
        let empty = judgement.causes.contains(&Cause::Empty);
        let named = |outcome: &Outcome<'_>| names.contains(&finding::name(outcome));
        judgement.outcomes.retain(named);
        let plain: Vec<(String, &'static str)> = judgement
            .outcomes
            .iter()
            .map(|outcome| (finding::name(outcome), outcome.status.name()))
            .collect();
        let findings = if explained {
            explain_only(policy, question, *judgement)
        } else {
            Vec::new()
        };
        let told = |name: &String| {
            if name == EMPTY && empty {
                return Some(Told {
                    status: EMPTY.to_owned(),
                    reason: Some(reason::EMPTY.to_owned()),
                });
            }
            let (_, status) = plain.iter().find(|(known, _)| known == name)?;
            let found = findings.iter().find(|finding| finding.name() == *name);
            Some(Told {
                status: (*status).to_owned(),
                reason: found.map(reason::one),
            })
        };
        names.iter().map(told).collect()
    }
}

/// The findings of what is left of a judgement.
fn explain_only<'p>(
    policy: &'p Policy,
    question: Question<'p>,
    judgement: Judgement<'p>,
) -> Vec<Finding> {
    let digested = Digested {
        history: "",
        waivers: None,
    };
    explain_digested(policy, digested, question, judgement, &[]).findings
}

/// How strict a verdict is.
fn strictness(decision: Decision) -> u8 {
    match decision {
        Decision::Go => 0,
        Decision::NoGo => 1,
        Decision::Rollback => 2,
    }
}

/// Whether more passes under the new policy; nothing where the verdicts are the same.
fn direction(old: Option<Decision>, new: Option<Decision>) -> Option<Direction> {
    match (old, new) {
        (None, None) => None,
        (Some(old), Some(new)) => match strictness(new).cmp(&strictness(old)) {
            std::cmp::Ordering::Less => Some(Direction::Loosened),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Direction::Tightened),
        },
        _ => Some(Direction::Changed),
    }
}

/// What is told first: what was stopped hardest and passes most.
fn rank(run: &Run) -> u8 {
    use Decision::{Go, NoGo, Rollback};
    match (run.old, run.new) {
        (Some(Rollback), Some(Go)) => 0,
        (Some(Rollback), Some(_)) => 1,
        (Some(NoGo), Some(Go)) => 2,
        (None, _) | (_, None) => 3,
        (Some(Go), Some(Rollback)) => 4,
        (Some(_), Some(Rollback)) => 5,
        _ => 6,
    }
}

impl Flips {
    /// Whether any verdict differs.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Whether any verdict lets more pass, or only one of the policies gives one.
    #[must_use]
    pub fn any_looser(&self) -> bool {
        let tighter = |run: &Run| run.direction == Direction::Tightened;
        !self.runs.iter().all(tighter)
    }
}
