//! What the readers of one history share: the layout, the names of the files, the facts and the problems met so far. It
//! never holds a sample.

use std::sync::Arc;

use crate::snapshot::Facts;
use crate::snapshot::facts::Gather;
use crate::snapshot::layout::Layout;
use crate::source::{Code, Problem, Problems};

/// What is known while a history is read.
#[derive(Debug)]
pub struct Reading<'l> {
    pub(super) layout: &'l Layout,
    files: Vec<Arc<str>>,
    pub(in crate::snapshot) problems: Problems,
    pub(super) facts: Gather,
    /// Whether facts are kept, and not only looked through for mistakes.
    pub(super) gathers: bool,
}

impl<'l> Reading<'l> {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            files: Vec::new(),
            problems: Problems::default(),
            facts: Gather::default(),
            gathers: true,
        }
    }

    /// Nothing is read yet beside these files.
    #[must_use]
    pub fn beside(layout: &'l Layout, files: &[Arc<str>]) -> Self {
        Self {
            files: files.to_vec(),
            ..Self::new(layout)
        }
    }

    /// The same files and facts and no problem: for a first look at what is read again later.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self {
            layout: self.layout,
            files: self.files.clone(),
            problems: Problems::default(),
            facts: self.facts.clone(),
            gathers: self.gathers,
        }
    }

    /// Takes over the facts of a first look.
    pub fn looked(&mut self, aside: Self) {
        self.facts = aside.facts;
    }

    /// Says whether the facts of what is read next are kept; what was said before.
    pub fn gather(&mut self, keep: bool) -> bool {
        std::mem::replace(&mut self.gathers, keep)
    }

    /// All facts that were read; none is kept from here on. Those that contradict each other are told of.
    pub fn facts(&mut self) -> Facts {
        self.gathers = false;
        let gather = std::mem::take(&mut self.facts);
        let files = &self.files;
        let (facts, problems) = gather.finish(|place| place.display(files));
        self.problems.extend(problems);
        let files = files.clone();
        Facts { files, ..facts }
    }

    /// The inputs and baselines that are read.
    #[must_use]
    pub fn layout(&self) -> &'l Layout {
        self.layout
    }

    /// The names of the files a [`Place`](crate::snapshot::Place) speaks of.
    #[must_use]
    pub fn files(&self) -> &[Arc<str>] {
        &self.files
    }

    /// The index of a file's name, which is added where it is new.
    pub fn file(&mut self, name: &Arc<str>) -> u32 {
        let index = self
            .files
            .iter()
            .rposition(|known| known == name)
            .unwrap_or_else(|| {
                self.files.push(Arc::clone(name));
                self.files.len().saturating_sub(1)
            });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Adds a problem.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// All that was wrong.
    #[must_use]
    pub fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems.finish();
        for problem in problems
            .iter_mut()
            .filter(|problem| problem.code == Code::Empty && problem.help.is_none())
        {
            if let Some(label) = problem.labels.first() {
                problem.message = format!("`{}` has nothing in it", label.source.name());
            }
            problem.help = Some(
                "write a snapshot: {\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {…}}".to_owned(),
            );
        }
        // What YAML did not follow is no value: nothing more is said of it.
        let place = |problem: &Problem| {
            problem
                .labels
                .first()
                .map(|label| (label.source.clone(), label.span))
        };
        let lost =
            |problem: &&Problem| matches!(problem.code, Code::YamlAlias | Code::UnquotedExpression);
        let places: Vec<_> = problems.iter().filter(lost).filter_map(place).collect();
        if !places.is_empty() {
            let told =
                |problem: &Problem| place(problem).is_some_and(|place| places.contains(&place));
            problems.retain(|problem| lost(&problem) || !told(problem));
        }
        problems
    }
}
