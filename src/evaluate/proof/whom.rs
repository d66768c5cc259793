//! Whether a fact is about what is rolled out. Where somebody says that nobody knows a part of the subject, a fact that
//! names this part may be about it or not: nobody knows, and what rests on it is unknown.

use crate::snapshot::Subject;
use crate::snapshot::layout::Context;

/// Whether a fact is about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// It is.
    This,
    /// It is about another one.
    Other,
    /// It names a part of the subject that is told to be unknown: this one.
    Unsure(Context),
}

const PARTS: [Context; 3] = [
    Context::SubjectService,
    Context::SubjectVersion,
    Context::SubjectCommit,
];

/// Whether what is said of `named` is said of `subject`.
pub(super) fn about(named: &Subject, subject: &Subject) -> About {
    let mut unsure = None;
    let parts = named.fields().iter().zip(subject.fields());
    for (index, ((fact, own), part)) in parts.zip(PARTS).enumerate() {
        if fact.is_none() || own.is_none() {
            continue;
        }
        if !subject.knows(index) || !named.knows(index) {
            unsure = unsure.or(Some(part));
        } else if fact != own {
            return About::Other;
        }
    }
    unsure.map_or(About::This, About::Unsure)
}

/// Whether what is said of `named` is surely said of `subject`: both know the version, or both know the commit.
pub(super) fn surely(named: &Subject, subject: &Subject) -> About {
    match about(named, subject) {
        About::This if !named.surely_same_as(subject) => About::Other,
        other => other,
    }
}
