//! Would any test notice? A policy changed by one step at a time, and the tests that judge what is changed run again. A
//! change is made in the policy as it was written and checked as ever, so that every mutant is a policy that an author
//! could have written; the tests are those of the suite, and never weakened.

mod alike;
mod alone;
mod change;
mod conditions;
mod proofs;
mod rules;
pub mod trial;
mod wanted;

use std::sync::Arc;

use crate::policy::Policy;
use crate::policy::check::{Checked, Settings, again, in_full};
use crate::policy::document::StageDocument;
use crate::source::{Source, Span};
use crate::suite::suggest::{Hint, Suggestion};
use crate::verdict::Place;
use change::Change;
pub use trial::{Trial, Unfit, prepare};

/// A policy with one step changed.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The stage in which it is written; none: in no stage.
    pub stage: Option<Arc<str>>,
    /// What is changed: the id of a rule or of a row, `let.NAME`, `params.NAME`, `stage.bake`.
    pub rule: Arc<str>,
    /// Where.
    pub place: Place,
    /// As it was.
    pub was: String,
    /// As it becomes.
    pub becomes: String,
    /// Whether no snapshot can tell it from the policy.
    pub equivalent: bool,
    /// Values that tell it from the policy.
    pub(crate) hints: Vec<Hint>,
    /// The stages in which it may be noticed; none: in all.
    pub(crate) stages: Option<Vec<Arc<str>>>,
    pub(crate) change: Change,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A test noticed it: `FILE > NAME`.
    Killed(String),
    /// None did.
    Survived,
    /// None could: it means the same.
    Equivalent,
    /// It is no policy, and counts for nothing.
    Refused,
}

/// A mutant that was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The mutant.
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
    /// A test that would notice it, where it survived and one was found.
    pub suggestion: Option<Suggestion>,
}

/// What became of all mutants of a policy.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The policy's name.
    pub policy: String,
    /// Each in the order of the policy.
    pub tried: Vec<Tried>,
}

/// How many mutants met which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Noticed by a test.
    pub killed: usize,
    /// Noticed by none.
    pub survived: usize,
    /// Never to be noticed.
    pub equivalent: usize,
}

impl Mutation {
    /// How many mutants met which end.
    #[must_use]
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for tried in &self.tried {
            let met = match tried.fate {
                Fate::Killed(_) => &mut count.killed,
                Fate::Survived => &mut count.survived,
                Fate::Equivalent => &mut count.equivalent,
                Fate::Refused => continue,
            };
            *met = met.saturating_add(1);
        }
        count
    }
}

impl Count {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            killed: self.killed.saturating_add(other.killed),
            survived: self.survived.saturating_add(other.survived),
            equivalent: self.equivalent.saturating_add(other.equivalent),
        }
    }

    /// The killed of a hundred that could be; nothing where there are none.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        let number =
            |count: usize| crate::expr::number::double(i64::try_from(count).unwrap_or(i64::MAX));
        let all = self.killed.saturating_add(self.survived);
        (all > 0).then(|| number(self.killed) * 100.0 / number(all))
    }
}

impl Mutant {
    /// Its line in reports, `policy.yaml:58:35  error-spike: error_rate >= q("5%")  →  error_rate > q("5%")`.
    #[must_use]
    pub fn line(&self) -> String {
        let Place { file, line, column } = &self.place;
        let Self {
            rule, was, becomes, ..
        } = self;
        format!("{file}:{line}:{column}  {rule}: {was}  →  {becomes}")
    }
}

/// All mutants of a policy, in the order of their places.
pub(crate) fn mutants(source: &Source, checked: &Checked) -> Vec<Mutant> {
    let mut list = List {
        source,
        checked,
        found: Vec::new(),
    };
    list.params();
    list.lets();
    list.rules();
    list.rows();
    let mut found = list.found;
    // What stands at one place keeps the order in which it was found.
    found.sort_by_key(|(span, _)| span.start);
    found.into_iter().map(|(_, mutant)| mutant).collect()
}

/// Every so manyth mutant of a policy, and the policy that it is; what is none is left out.
#[must_use]
pub fn mutated(source: &Source, every: usize) -> Vec<(Mutant, Policy)> {
    let settings = Settings::new();
    let (Some(checked), _) = in_full(source, &settings) else {
        return Vec::new();
    };
    let some = mutants(source, &checked).into_iter().step_by(every.max(1));
    let made = some.filter_map(|mutant| {
        let document = mutant.change.of(&checked.document);
        let policy = again(source, document, &settings)?;
        Some((mutant, policy))
    });
    made.collect()
}

/// The mutants found so far.
struct List<'c> {
    source: &'c Source,
    checked: &'c Checked,
    found: Vec<(Span, Mutant)>,
}

/// What is changed, and where it is noticed.
#[derive(Clone)]
struct Subject {
    stage: Option<Arc<str>>,
    rule: Arc<str>,
    stages: Option<Vec<Arc<str>>>,
}

impl Subject {
    /// Something that every stage may have a part in.
    fn anywhere(rule: impl Into<Arc<str>>) -> Self {
        Self {
            stage: None,
            rule: rule.into(),
            stages: None,
        }
    }
}

impl List<'_> {
    fn add(&mut self, of: &Subject, at: Span, (was, becomes): (String, String), change: Change) {
        let position = self.source.position(at.start);
        let mutant = Mutant {
            stage: of.stage.clone(),
            rule: Arc::clone(&of.rule),
            place: Place {
                file: self.source.name().to_string(),
                line: position.line,
                column: position.column,
            },
            was,
            becomes,
            equivalent: false,
            hints: Vec::new(),
            stages: of.stages.clone(),
            change,
        };
        self.found.push((at, mutant));
    }

    /// The stages as written.
    fn stages(&self) -> &[StageDocument] {
        self.checked.document.stages.as_deref().unwrap_or_default()
    }

    /// The names of a stage and of those that take over its rules.
    fn heirs(&self, stage: &StageDocument) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = vec![Arc::from(stage.name.as_str())];
        let mut next = 0;
        while let Some(name) = names.get(next).cloned() {
            next = next.saturating_add(1);
            for heir in self.stages() {
                let extends = heir
                    .extends
                    .as_ref()
                    .map(crate::policy::decode::Text::as_str);
                let known = names
                    .iter()
                    .any(|known| known.as_ref() == heir.name.as_str());
                if extends == Some(name.as_ref()) && !known {
                    names.push(Arc::from(heir.name.as_str()));
                }
            }
        }
        names
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
