//! Facts as they are read: each kept once, however often it is told. Two different ones of one key and instant are told of,
//! by both places. It never holds more than a limit of them, nor drops one in silence.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::canonical::{Fact, Id, content, id, key};
use super::{Decision, Evidence, Facts, Record, Statement};
use crate::snapshot::Place;
use crate::source::{Code, Problem};

/// The most facts of a history.
pub const MOST: usize = 100_000;

/// Facts in the making.
#[derive(Clone, Debug, Default)]
pub struct Gather {
    evidence: Kept<Evidence>,
    statements: Kept<Statement>,
    records: Kept<Record>,
    /// What each person decided at an instant, in whatever role.
    decisions: BTreeMap<Id, (Decision, Place)>,
    conflicts: BTreeMap<(Id, Id), Conflict>,
    /// The first place of those beyond the limit.
    more: Option<Place>,
}

/// The facts of a kind by what makes each the one it is.
type Kept<T> = BTreeMap<Id, (Id, Arc<T>)>;

/// Two facts that contradict each other.
#[derive(Clone, Debug)]
struct Conflict {
    what: String,
    /// What each of them says, and where.
    sides: [(Place, &'static str); 2],
}

impl Gather {
    /// Takes in evidence.
    pub fn evidence(&mut self, evidence: Evidence) {
        let room = self.room();
        let kept = keep(&mut self.evidence, Arc::new(evidence), room);
        self.note(kept);
    }

    /// Takes in what somebody says.
    pub fn statement(&mut self, statement: Statement) {
        let room = self.room();
        if let Some(at) = statement.at {
            let decides = id(|out| statement.decides(out));
            let (decision, place) = (statement.decision, statement.place);
            match self.decisions.get_mut(&decides) {
                Some(first) if first.0 == decision => first.1 = first.1.min(place),
                Some(first) => {
                    let word = |decision: Decision| decision.name(statement.kind);
                    let conflict = Conflict {
                        what: format!("{} at {at}", statement.name()),
                        sides: [(first.1, word(first.0)), (place, word(decision))],
                    };
                    let key = (decides, content(&statement));
                    return self.note(Outcome::Conflict(key, conflict));
                }
                None if room => {
                    self.decisions.insert(decides, (decision, place));
                }
                None => {}
            }
        }
        let kept = keep(&mut self.statements, Arc::new(statement), room);
        self.note(kept);
    }

    /// Takes in an earlier verdict.
    pub fn record(&mut self, record: Record) {
        let room = self.room();
        let kept = keep(&mut self.records, Arc::new(record), room);
        self.note(kept);
    }

    /// All that were taken in, and what is wrong with them; `show` writes a place.
    pub(in crate::snapshot) fn finish(
        self,
        show: impl Fn(Place) -> String,
    ) -> (Facts, Vec<Problem>) {
        let mut problems: Vec<Problem> = self
            .conflicts
            .into_values()
            .map(|conflict| {
                let mut sides = conflict.sides;
                sides.sort_unstable();
                let message = match sides.map(|(place, says)| (says, show(place))) {
                    [(first, here), (second, there)] if first == second => {
                        format!(
                            "{} is told in two ways: in {here} and in {there}",
                            conflict.what
                        )
                    }
                    [(first, here), (second, there)] => {
                        format!(
                            "{} is {first} in {here} and {second} in {there}",
                            conflict.what
                        )
                    }
                };
                Problem::new(Code::Conflict, message)
                    .help("the same one twice is fine; remove the wrong one, or correct its `at`")
            })
            .collect();
        problems.sort_by(|a, b| a.message.cmp(&b.message));
        if let Some(place) = self.more {
            let message = format!("more than 100,000 facts, with the one in {}", show(place));
            problems.push(
                Problem::new(Code::TooLarge, message)
                    .help("leave out evidence, statements and records that are too old to count"),
            );
        }
        let facts = Facts {
            evidence: sorted(self.evidence),
            statements: sorted(self.statements),
            records: sorted(self.records),
            files: Vec::new(),
        };
        (facts, problems)
    }

    /// Whether another one may be taken in.
    fn room(&self) -> bool {
        let kept = [
            self.evidence.len(),
            self.statements.len(),
            self.records.len(),
            self.conflicts.len(),
        ];
        kept.iter().sum::<usize>() < MOST
    }

    fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Kept => {}
            Outcome::Conflict(key, conflict) => {
                if self.room() || self.conflicts.contains_key(&key) {
                    self.conflicts.entry(key).or_insert(conflict);
                } else {
                    self.note(Outcome::NoRoom(conflict.sides[1].0));
                }
            }
            Outcome::NoRoom(place) => {
                self.more = Some(self.more.map_or(place, |more| more.min(place)));
            }
        }
    }
}

/// What becomes of a fact that is told.
enum Outcome {
    /// It is there.
    Kept,
    /// Another one is there in its place.
    Conflict((Id, Id), Conflict),
    /// There are too many.
    NoRoom(Place),
}

/// Keeps a fact, unless it is there already.
fn keep<T: Fact>(kept: &mut Kept<T>, fact: Arc<T>, room: bool) -> Outcome {
    let says = content(fact.as_ref());
    // What has no instant contradicts nothing.
    let key = fact.at().map_or(says, |_| key(fact.as_ref()));
    match kept.get_mut(&key) {
        None if room => {
            kept.insert(key, (says, fact));
            Outcome::Kept
        }
        None => Outcome::NoRoom(fact.place()),
        Some((said, first)) if *said == says => {
            if fact.place() < first.place() {
                *first = fact;
            }
            Outcome::Kept
        }
        Some((_, first)) => {
            let at = fact.at().map(|at| format!(" at {at}")).unwrap_or_default();
            let conflict = Conflict {
                what: format!("{}{at}", fact.name()),
                sides: [(first.place(), first.word()), (fact.place(), fact.word())],
            };
            Outcome::Conflict((key, says), conflict)
        }
    }
}

/// In the order of their instants.
fn sorted<T: Fact>(kept: Kept<T>) -> Vec<Arc<T>> {
    let mut facts: Vec<(Id, Arc<T>)> = kept.into_values().collect();
    facts.sort_by_cached_key(|(says, fact)| (fact.at(), fact.weight(), *says));
    facts.into_iter().map(|(_, fact)| fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Subject;
    use crate::snapshot::facts::Answer;

    fn record(number: usize, answer: Answer) -> Record {
        Record {
            policy: None,
            stage: Arc::from(format!("s{number}")),
            answer,
            at: Some(jiff::Timestamp::UNIX_EPOCH),
            about: Subject::default(),
            place: Place {
                line: u32::try_from(number).unwrap_or(u32::MAX),
                ..Place::default()
            },
        }
    }

    fn told(gather: Gather) -> (usize, Vec<String>) {
        let (facts, problems) = gather.finish(|place| place.line.to_string());
        let told = problems.iter();
        let told = told.map(|problem| format!("{}: {}", problem.code, problem.message));
        (facts.len(), told.collect())
    }

    #[test]
    fn the_most_are_kept_and_one_more_is_an_error() {
        let mut gather = Gather::default();
        (0..MOST).for_each(|number| gather.record(record(number, Answer::Go)));
        // One that is told again is not one more.
        gather.record(record(7, Answer::Go));
        assert_eq!(told(gather.clone()), (MOST, vec![]));
        // One that contradicts another is.
        let mut other = gather.clone();
        other.record(record(7, Answer::NoGo));
        assert_eq!(told(other).1.len(), 1);
        gather.record(record(MOST + 1, Answer::Go));
        gather.record(record(MOST, Answer::Go));
        let expected = format!("too-large: more than 100,000 facts, with the one in {MOST}");
        assert_eq!(told(gather), (MOST, vec![expected]));
    }

    #[test]
    fn a_contradiction_is_told_once_however_often_it_is_read() {
        let mut gather = Gather::default();
        for _ in 0..3 {
            gather.record(record(1, Answer::Go));
            gather.record(record(1, Answer::Rollback));
        }
        let expected = "conflicting-sample: the record of `s1` at 1970-01-01T00:00:00Z is go in 1 and rollback in 1";
        assert_eq!(told(gather), (1, vec![expected.to_owned()]));
    }
}
