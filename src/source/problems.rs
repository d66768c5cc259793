//! Problems as they are collected: so many that a person reads them, the rest counted. It never drops one in silence.

use std::collections::BTreeMap;

use super::problem::{Code, Problem, Severity};

/// After so many errors, and so many warnings, the rest is counted: nobody reads on, and a hostile text must not fill the
/// memory.
pub const MAX_PROBLEMS: usize = 1_000;
/// The most bytes of text that problems hold on to: each holds the text it stands in.
const HELD: usize = 80 << 20;

/// The problems of what is being read.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    errors: Count,
    warnings: Count,
    counted: Count,
    /// The bytes of the texts that the list holds on to.
    held: usize,
    /// Those that are told once, by message: where in the list, and how often.
    once: BTreeMap<String, (usize, usize)>,
}

/// How many there are of a severity, and how many more were not kept.
#[derive(Debug, Default)]
struct Count {
    kept: usize,
    more: usize,
}

impl Problems {
    /// Adds a problem, or counts it where there are too many. Whether it was kept.
    pub fn push(&mut self, problem: Problem) -> bool {
        let held = self.held.saturating_add(self.weight(&problem));
        let count = match (problem.code, problem.severity) {
            // What was counted in a part of the whole is told beside what the whole counts.
            (Code::TooManyProblems, _) => &mut self.counted,
            (_, Severity::Error) => &mut self.errors,
            (_, Severity::Warning) => &mut self.warnings,
        };
        if count.kept >= MAX_PROBLEMS || held > HELD {
            count.more = count.more.saturating_add(1);
            return false;
        }
        count.kept = count.kept.saturating_add(1);
        self.held = held;
        self.list.push(problem);
        true
    }

    /// Adds a problem that a history may repeat in each sample: told once, at its first place, with how often.
    pub fn push_once(&mut self, problem: Problem) {
        if let Some((index, times)) = self.once.get_mut(&problem.message) {
            *times = times.saturating_add(1);
            if let Some(known) = self.list.get_mut(*index)
                && place(&problem) < place(known)
            {
                *known = problem;
            }
            return;
        }
        let (message, index) = (problem.message.clone(), self.list.len());
        if self.push(problem) {
            self.once.insert(message, (index, 1));
        }
    }

    /// Whether a problem of this message has been told of a text of this name.
    #[must_use]
    pub fn told(&self, message: &str, name: &str) -> bool {
        let known = self.once.get(message);
        let label = known
            .and_then(|(index, _)| self.list.get(*index))
            .and_then(|problem| problem.labels.first());
        label.is_some_and(|label| label.source.name().as_ref() == name)
    }

    /// Counts a problem that has been told, once more.
    pub fn again(&mut self, message: &str) {
        if let Some((_, times)) = self.once.get_mut(message) {
            *times = times.saturating_add(1);
        }
    }

    /// Adds several.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.push(problem);
        }
    }

    /// Whether no further error is kept: of the rest the number is enough.
    #[must_use]
    pub fn full(&self) -> bool {
        self.errors.kept >= MAX_PROBLEMS
    }

    /// Counts errors of which nothing else is told.
    pub fn count(&mut self, more: usize) {
        self.errors.more = self.errors.more.saturating_add(more);
    }

    /// Those that were kept so far.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// All that were kept, and a problem for those that were not.
    #[must_use]
    pub fn finish(mut self) -> Vec<Problem> {
        for (index, times) in self.once.into_values() {
            if let Some(problem) = self.list.get_mut(index).filter(|_| times > 1) {
                problem.message = format!("{}, given {times} times", problem.message);
            }
        }
        let errors = self.errors.more.saturating_add(self.counted.more);
        if let Some(problem) = more(errors, "error") {
            self.list.push(problem);
        }
        if let Some(problem) = more(self.warnings.more, "warning") {
            self.list.push(problem.warning());
        }
        self.list
    }

    /// The bytes of the text it holds on to, unless the problem before does.
    fn weight(&self, problem: &Problem) -> usize {
        let text = |problem: &Problem| problem.labels.first().map(|label| label.source.clone());
        match (text(problem), self.list.last().and_then(text)) {
            (Some(source), Some(last)) if source.is(&last) => 0,
            (Some(source), _) => source.text().len(),
            (None, _) => 0,
        }
    }
}

/// What is said of those that are not listed.
fn more(count: usize, what: &str) -> Option<Problem> {
    let what = match count {
        0 => return None,
        1 => format!("{what} is"),
        _ => format!("{what}s are"),
    };
    let message = format!("{count} more {what} not listed");
    Some(
        Problem::new(Code::TooManyProblems, message)
            .help("mend those that are listed, and read it again"),
    )
}

/// A place that sorts by file, then line, then column.
fn place(problem: &Problem) -> Option<(&str, u32, usize)> {
    let label = problem.labels.first()?;
    Some((
        label.source.name().as_ref(),
        label.source.first_line(),
        label.span.start,
    ))
}
